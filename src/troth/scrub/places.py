"""Places: where somebody lives, down to the door, and points on the map.

A street is known by its ending (Nordic, German, Finnish), its last word (English) or its first
(Romance), and needs a
house number; postcode, town and flat are taken along.  The name of a town alone is ``names``' concern.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from troth.scrub.reading import Reading
from troth.scrub.span import POINT, Span

L = r"[^\W\d_]"
UP = r"[A-ZÆØÅÄÖÜÉ]"
JOINED = (
    "veien|vegen|veg|vei|gata|gaten|gate|bakken|bakke|svingen|stien|sti|stubben|tunet|åsen|lia|haugen|kroken|"
    "vollen|faret|veita|smauet|løypa|jordet|høgda|sletta|løkka|allé|alleen|alléen|plassen|"
    "plass|torget|torg|terrasse|brygge|kaien|strandveien|ringen|grenda|toppen|"
    "gatan|vägen|väg|gränd|gränden|stigen|backen|plan|platsen|parken|kajen|allén|leden|"
    "slingan|stråket|esplanaden|liden|hamnen|"
    "katu|kadun|tie|kuja|polku|tori|rinne|kaari|raitti|ranta|mäki|väylä|penger|bulevardi|"
    "puistikko|portti|taival|laita|niementie|"
    "straße|strasse|str|weg|platz|allee|gasse|damm|ufer|ring|chaussee|wall|graben|markt|hof|pfad|stieg|zeile|"
    "vej|vejen|gade|gaden|stræde|plads|pladsen|boulevard|vænget|parken|toften|gården|bakken|"
    "alle|have|skrænten|engen|marken"
)
SURE = (
    "veien|vegen|gata|gaten|gatan|vägen|gränd|stigen|katu|kuja|polku|straße|strasse|gasse|"
    "allee|chaussee|vej|vejen|gade|stræde|bulevardi|kaari|tie|weg|platz|"
    "faret|svingen|bakken|allé|alléen|gate|vei|veg|raitti|rinne|damm|ufer|torget|torg"
)
APART = (
    "gate|gata|gaten|vei|vegen|veien|veg|plass|allé|torg|terrasse|brygge|gatan|väg|vägen|"
    "gränd|torget|plan|backe|allé|katu|tie|kuja|tori|esplanadi|bulevardi|puistikko|"
    "straße|strasse|str\\.|weg|platz|allee|ring|damm|ufer|gade|vej|plads|allé|boulevard|stræde|gasse"
)
NUMBER = r"\d{1,4}(?:[ ]?[A-Za-z](?!\w))?(?:[ ]?[-–/][ ]?\d{1,4}(?:[ ]?[A-Za-z](?!\w))?)?(?![\w%]|[.,:]\d)"
FLAT = (
    r"(?:,?[ ]{1,2}(?:[A-Z](?:[ ]\d{1,4})?(?!\w)|(?:leil(?:ighet)?|h0|lgh|lägenhet|as|apt|"
    r"asunto|whg|wohnung|leilighet|oppgang|port|uppg|rappu|krs|etg|etasje|vån|våning|tr|Stock|"
    r"Etage|OG|EG|th|tv|mf|st|sal)\.?(?:[ ]?[A-Z]?\d{1,4}[A-Z]?)?(?!\w)"
    r"|\d{1,2}\.[ ]?(?:th|tv|mf|sal|etg|etasje|OG|Stock|krs|tr|vån)\.?(?:[ ]?(?:th|tv|"
    r"mf)\.?)?(?!\w)|[HULK]0\d{3}(?!\w)|(?<=[A-Za-z] )\d{1,3}(?![\w.:]|,\d)))?"
)
TOWN = rf"{UP}{L}+(?:[ -](?:i|am|an|der|im|på|upon|on|of|la|le|ved|bei|ob|{UP}{L}*)){{0,3}}"
POSTCODE = r"(?:(?:N|NO|S|SE|D|DE|DK|FI|FIN|A|CH)[ -])?(?:\d{3}[ ]\d{2}|\d{4,5})"
LOW_TAIL = re.compile(rf",?[ ]{POSTCODE}[ ]{{1,2}}{L}{{2,25}}(?:[ ][a-zøvkcns](?!\w))?")
CITY = (
    rf"(?:[ ]?(?:,|\n|·|\||[ ]-)?[ \t]*\n?[ \t]*{POSTCODE}[ ]{{1,2}}{TOWN}|,[ "
    rf"]{TOWN}(?![\w]*[:])(?=[ ]?(?:[.,;\n)!?]|$)))?"
)
LAND = (
    r"(?:,?[ \n]{1,2}(?:Norge|Norway|Noreg|Sverige|Sweden|Suomi|Finland|Danmark|Denmark|"
    r"Deutschland|Germany|Österreich|Austria|Schweiz))?(?!\w)"
)

STREET = re.compile(
    rf"(?<![\w-])(?:{UP}{L}*[ -]){{0,2}}({L}{{2,30}}?(?i:{JOINED})|{UP}{L}{{1,20}}str\.)[ "
    rf"]{{1,2}}(?:nr\.?[ ])?{NUMBER}{FLAT}{CITY}{LAND}"
)
STREET_APART = re.compile(
    rf"(?<![\w-])(?:(?:{UP}{L}*[.]?|von|der|den|af|van|de|i|und|og|och|St\.)[ "
    rf"-]){{1,4}}(?:{APART}|{APART.title()})[ ]{{1,2}}{NUMBER}{FLAT}{CITY}{LAND}"
)
PREPOSED = re.compile(
    rf"(?<![\w-])(?:(?:Am|Im|An der|An den|Auf der|Auf dem|Zum|Zur|In der|In den|Unter den|"
    rf"Alte|Alter|Neue|Hinter|Hinter der|Vor dem|Beim) {UP}{L}{{2,25}}(?:[ -]{UP}{L}{{2,25}})?"
    rf"|(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Pp]lace|[Cc]alle|[Aa]venida|[Pp]laza|[Pp]aseo|[Vv]ia|"
    rf"[Vv]iale|[Pp]iazza|[Cc]orso|ul\.|ulica|al\.|Rua) (?:de la |de los |de |du |des |della |"
    rf"dei |del |d'|św\. |da |do )?{UP}{L}{{1,25}}(?: {UP}{L}{{1,25}}){{0,2}}),? "
    rf"(?:n[º°r]\.? ?)?{NUMBER}{FLAT}{CITY}{LAND}"
)
FRENCH = re.compile(
    rf"(?<!\w)\d{{1,4}}(?: ?(?:bis|ter))?,? (?:rue|avenue|boulevard|place|chemin|impasse|allée|"
    rf"quai)(?: (?:de la|de|du|des|d'))? ?{UP}{L}{{1,25}}(?:[ -]{UP}?{L}{{1,25}}){{0,3}}{CITY}"
)
ROADS = (
    "Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Square|"
    "Sq|Terrace|Way|Close|Crescent|Cres|Gardens|Grove|Row|Hill|Mews|Parkway|Pkwy|Circle|Cir|"
    "Trail|Highway|Hwy|Walk|Park|Rise|Green|Quay|Wharf|Yard|View|Vale|Alley|Parade|Loop|Path|"
    "Plaza|Turnpike|Run|Ridge|Heights|Meadow|Meadows|Point|Gate"
)
UNIT = r"(?:,?[ ]{1,2}(?:Apt|Apartment|Unit|Suite|Ste|Flat|Floor|Fl|Room|Rm|#)\.?[ ]?#?[ ]?\w{1,6})?"
UK = r"[A-Za-z]{1,2}\d[A-Za-z\d]?[ ]?\d[A-Za-z]{2}"
REST = (
    rf"(?:(?:,[ ]?|[ ]?\n[ ]?|[ ])(?:{UP}{L}+[ -]?){{1,3}},?[ ](?:[A-Z]{{2}}[ "
    rf",]{{1,2}})?(?:\d{{5}}(?:-\d{{4}})?|{UK})(?!\w)|(?:,[ ]?|\n)(?:{UP}{L}+[ ]?){{1,3}},[ "
    rf"](?:[A-Z]{{2}}|{UP}{L}+)(?!\w)"
    rf"|,[ ](?:in )?{UP}{L}+(?:[ ]{UP}{L}+)?(?=[ ]?(?:[.,;\n)!?]|$))|,?[ ]{UK}(?!\w))?(?:,?[ "
    rf"](?:USA|UK|United Kingdom|England|Ireland|Scotland|Wales|Canada))?"
)
ENGLISH = re.compile(
    rf"(?<![\w.,/-])(?:(?:Flat|Apt|Unit|Apartment)[ ]\w{{1,4}},[ "
    rf"])?\d{{1,5}}[A-Za-z]?(?:[-/]\d{{1,4}})?,?[ ](?:[NSEW]\.?[ ]|North |South |East |West "
    rf")?(?:(?:{UP}[\w'’.]*|\d{{1,3}}(?:st|nd|rd|th)|of|the|and|de)[ "
    rf"-]){{1,4}}(?:{ROADS})\b\.?(?:[ ](?:N|S|E|W|NE|NW|SE|SW|North|South|East|"
    rf"West)\b)?{UNIT}{REST}"
)
HYPHENED = re.compile(
    rf"(?<![\w-])(?:{L}{{2,20}}-){{1,4}}(?i:straße|strasse|weg|platz|allee|gate|gata|vei|gatan|"
    rf"väg|ring|ufer|damm)[ ]{NUMBER}{FLAT}{CITY}"
)
LOW_REST = rf"(?:,[ ][a-z]+(?:[ ][a-z]+)?(?:,[ ][a-z]{{2}})?[ ](?:{UK}|\d{{5}})(?!\w))?"
ENGLISH_LOW = re.compile(
    rf"(?<![\w.,/-])\d{{1,5}}[a-z]?,?[ ](?:[a-z'’]+[ ]){{1,2}}(street|road|avenue|lane|drive|"
    rf"boulevard|crescent|close|terrace|gardens|grove|st|rd|ave|ln|"
    rf"blvd)\b(?!\w){UNIT}{LOW_REST}",
    re.IGNORECASE,
)
BOX = re.compile(
    r"(?<!\w)(?:P\.?[ ]?O\.?[ ]?Box|Postboks|Postbox|Postfach|Boks|Box|PL|Pb\.?)[ ](?:nr\.?[ "
    r"])?\d{1,6}(?:[ ]\w{1,10})?" + rf"(?:,?[ \n]{{1,2}}{POSTCODE}[ ]{TOWN})?(?!\w)"
)
POST_TOWN = re.compile(rf"(?<![\w.,/+-])(?:[A-Z]{{1,2}}-)?(?:\d{{3}} \d\d|\d{{4,5}}) {TOWN}")
POSTCODE_UK = re.compile(
    r"(?<!\w)(?:[A-Z]{1,2}\d[A-Z\d]?[ ]\d[A-Z]{2}|[a-z]{1,2}\d[a-z\d]?[ ]\d[abd-hjlnp-uw-z]{2})(?!\w)"
)
COORDS = re.compile(
    r"(?<![\w.])[-+]?(?:[1-8]?\d|90)\.\d{3,9}°?[ ]?[NS]?(?:[,;/ ]|,? ?(?:lon|lng|long|"
    r"longitude|lengdegrad)[:= ])[ ]?[-+]?(?:1[0-7]\d|\d?\d|"
    r"180)\.\d{3,9}°?[ ]?[EWØÖ]?(?![\w.])"
    r"|\d{1,2}[°º] ?\d{1,2}['′’] ?(?:\d{1,2}(?:[.,]\d+)?(?:[\"″”]|"
    r"''))? ?[NS],? ?\d{1,3}[°º] ?\d{1,2}['′’] ?(?:\d{1,2}(?:[.,]\d+)?(?:[\"″”]|''))? ?[EWØÖ]"
)
LIVES = re.compile(
    r"(?:\b(?:live|lives|living|address|adresse\w*|adress\w*|osoit\w+|anschrift|bor|bodde|"
    r"flytta\w*|wohn\w+|asu\w+|home|hjem\w*|hem|deliver\w*|lever\w*|send\w*|skick\w*|zip|"
    r"postnr|post\w*|plz))\b",
    re.I,
)
NO_STREET = re.compile(
    r"(?:oktober|september|desember|dezember|side|kapittel|platz|plass|plan|markt|ring|hof|"
    r"wall|park|alle|have|marken|engen|st|tie)$",
    re.I,
)
COMMON = frozenset(
    "weg vei gate gata gaten platz plass plan ring markt hof alle allee have marken engen "
    "wall tie katu tori ranta mäki underveis underveg gang heimweg rundweg spielplatz "
    "arbeitsplatz parkplatz marktplatz "
    "arbeidsplass sitteplass førsteplass plassen plasser arbetsplats spielplan lehrplan "
    "stundenplan fahrplan businessplan timeplan dagplan handlingsplan studieplan läroplan "
    "erfaring vurdering lösning montering melding "
    "during spring string bring spiring hungring leie bakken parken toppen sesongen mittwoch "
    "tre syv siste hoppen kveite utvei omvei snarvei mellomtiden lastsom frühling handling "
    "betyg ulaste sette ankara kohta "
    "fotballbane planen opplevelsen åsen rangering ranking scoring monitoring during "
    "engineering offering".split()
)


HOUSE = re.compile(r"(?<=[^\W\d_])\.? {1,2}(?:nr\.? )?\d")
JOINED_ENDS = tuple(JOINED.split("|"))
SURE_ENDS = tuple(SURE.split("|"))
APART_WORDS = frozenset(w.replace("\\.", "") for w in APART.split("|")) | {"straße", "strasse", "str", "damm"}
WITHIN = frozenset("von der den af van de i und og och st".split())
BEFORE_NAME = frozenset(
    "am im an auf zum zur in unter alte alter neue hinter vor beim rue avenue boulevard "
    "place calle avenida plaza paseo via viale "
    "piazza corso ul ulica al rua chemin impasse allée quai".split()
)
ROAD_WORDS = frozenset(w.lower() for w in ROADS.split("|"))
PLAIN_ROADS = frozenset("street road avenue lane".split())
BOXES = frozenset("box postboks postbox postfach boks pl pb".split())


def places(reading: Reading) -> Iterator[Span]:
    """Yield addresses and coordinates."""
    text = reading.text
    yield from _streets(reading)
    if reading.says(BEFORE_NAME):
        yield from _all(PREPOSED, text, 0.9)
        yield from _all(FRENCH, text, 0.9)
    if reading.says(ROAD_WORDS):
        yield from _all(ENGLISH, text, 0.92)
        for match in ENGLISH_LOW.finditer(text):
            if match[1].lower() in PLAIN_ROADS or _told(reading, match.start(), 40):
                yield _span(match, 0.75, "street and number")
    for match in BOX.finditer(text) if reading.says(BOXES) else ():
        if match[0][:2] not in ("PL", "Bo", "Pb") or len(match[0]) > 8 or _told(reading, match.start(), 40):
            yield _span(match, 0.88, "box")
    for match in POSTCODE_UK.finditer(text):
        yield _span(match, 0.72, "postcode")
    for match in POST_TOWN.finditer(text) if reading.digits > 3 else ():
        if _told(reading, match.start(), 30):
            yield _span(match, 0.72, "postcode and town")
    if reading.digits > 5 and (text.count(".") > 1 or "°" in text or "º" in text):
        for match in COORDS.finditer(text):
            yield Span(match.start(), match.end(), "LOCATION", 0.95, POINT)


def _told(reading: Reading, start: int, reach: int) -> bool:
    """Say whether the words before a find speak of living somewhere."""
    return bool(LIVES.search(reading.text, max(0, start - reach), start))


def _all(shape: re.Pattern[str], text: str, score: float) -> Iterator[Span]:
    for match in shape.finditer(text):
        yield _span(match, score, "street and number")


def _streets(reading: Reading) -> Iterator[Span]:
    """Yield streets known by their ending: only where a word stands before a number are they looked for."""
    text, reached = reading.text, 0
    for house in HOUSE.finditer(text):
        ahead = reading.before(house.start() + 1, 5, 2)
        if not ahead or house.start() < reached:
            continue
        i = ahead[0]
        start, end = reading.words[i]
        word = reading.forms[i]
        shapes: list[tuple[re.Pattern[str], int]] = []
        if text[start - 1 : start] == "-" and word in APART_WORDS:
            shapes.append((HYPHENED, _back(reading, i, "-")))
        if word in APART_WORDS or text[end : end + 1] == ".":
            shapes += [(STREET_APART, at) for at in _starts(reading, i)]
        if (
            word.endswith(JOINED_ENDS)
            and len(word) > 4
            and word not in COMMON
            and (text[start].isupper() or _low(word))
        ):
            shapes += (
                [(STREET, at) for at in [*_starts(reading, i), start]]
                if text[start].isupper()
                else [(STREET, start)]
            )
        for shape, at in shapes:
            if match := shape.match(text, at):
                span = _span(match, 0.92 if text[at].isupper() else 0.85, "street and number")
                town = LOW_TAIL.match(text, span.end) if text[at].islower() else None
                yield Span(span.start, town.end() if town else span.end, "ADDRESS", span.score, span.reason)
                reached = match.end()
                break


def _low(word: str) -> bool:
    return len(word) > 6 and word.endswith(SURE_ENDS)


def _back(reading: Reading, i: int, joint: str) -> int:
    """Return where the chain of words joined by ``joint`` begins that ends with a word."""
    while i and reading.text[reading.words[i - 1][1] : reading.words[i][0]] == joint:
        i -= 1
    return reading.words[i][0]


def _starts(reading: Reading, i: int) -> list[int]:
    """Return where a street of several words may begin, the furthest first: capitals and particles on
    the way."""
    found: list[int] = []
    for k in range(i - 1, max(-1, i - 4), -1):
        a, b = reading.words[k]
        if reading.text[b : reading.words[k + 1][0]] not in (" ", "-", ". ") or reading.forms[k] in LEADS:
            break
        if reading.text[a].isupper():
            found.insert(0, a)
        elif reading.forms[k] not in WITHIN:
            break
    return found


LEADS = frozenset(
    "i på in at til to fra from the jeg ich adresse adress osoite adressen address bor wohne "
    "asun my min meine mein hjem hem og und och ja ved".split()
)


ABBREVIATED = re.compile(
    r"\b(?:st|rd|ave|ln|dr|blvd|ct|pl|sq|apt|cres|hwy|str|th|tv|mf|N|S|E|W)\.$", re.IGNORECASE
)


def _span(match: re.Match[str], score: float, reason: str) -> Span:
    raw = match[0].rstrip(" ,\n")
    if raw.endswith(".") and not ABBREVIATED.search(raw):
        raw = raw[:-1]
    return Span(match.start(), match.start() + len(raw), "ADDRESS", score, reason)
