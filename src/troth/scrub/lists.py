"""Lists: the first names, last names, places and everyday words that come with the room.

Read once at import from the package's own data; each file's header says where its words come from.
"""

from __future__ import annotations

from importlib.resources import files

_DATA = files("troth.scrub") / "data"


def _words(name: str) -> tuple[str, ...]:
    rows = (_DATA / name).read_text("utf-8").splitlines()
    return tuple(dict.fromkeys(w for row in rows if row[:1] != "#" for w in row.split()))


FIRST = _words("first.txt")
LAST = _words("last.txt")
PLACES = frozenset(_words("places.txt"))
COMMON = frozenset(_words("common.txt"))

FIRST_PART, LAST_PART, PLACE, EVERYDAY = 1, 2, 4, 8
BITS: dict[str, int] = {}
for _list, _bit in ((FIRST, FIRST_PART), (LAST, LAST_PART), (PLACES, PLACE), (COMMON, EVERYDAY)):
    for _word in _list:
        for _part in _word.split("-"):
            BITS[_part] = BITS.get(_part, 0) | _bit
# The same of the world, which no hand wrote: weaker, as half of them are somebody's word for something else.
WIDE = {"first": 128, "last": 256, "place": 512}
LISTED = FIRST_PART | LAST_PART | PLACE | sum(WIDE.values())
for _part in (_DATA / "wide.txt").read_text("utf-8").split("[")[1:]:
    _kinds, _, _rest = _part.partition("]")
    BITS |= dict.fromkeys(_rest.split(), sum(WIDE[kind] for kind in _kinds.split()))

# How usual a word is, 1 to 4, in the language where it is met most; a word that is not here is rare.
USUAL: dict[str, int] = {}
for _part in (_DATA / "usual.txt").read_text("utf-8").split("[")[1:]:
    USUAL |= dict.fromkeys(_part[2:].split(), int(_part[0]))

# How surnames end that nobody could list: Nordic patronymics and farm names, Finnish, Slavic, German.
ENDINGS = (
    "sen sson sdottir sdóttir dotter stad rud land heim vik haug bakken moen gård gaard "
    "strøm ström berg borg lund "
    "gren qvist kvist holm dahl nen lainen läinen mäki niemi järvi lahti ski ska wicz vich "
    "ov ova ev eva enko chuk ić ović ević oğlu dóttir "
    "mann meier meyer mayer bauer hofer huber stein thal feld escu oğlu oglu ian yan idis poulos akis"
).split()
_ENDINGS = tuple(sorted(ENDINGS))
SURNAME = ("sson", "ström", "strøm", "qvist", "gaard", "wicz", "ović")
# How nouns end that are written with a capital in German or at the head of a Nordic sentence.
NOUNS = (
    "nummer",
    "zeichen",
    "ung",
    "ungen",
    "heit",
    "keit",
    "schaft",
    "tion",
    "tionen",
    "tät",
    "schein",
    "karte",
    "stelle",
    "nummeret",
    "ningen",
    "sjon",
    "sjonen",
    "heten",
    "eringen",
    "lighed",
    "tunnus",
    "numero",
    "gerät",
    "vertrag",
    "geschäft",
    "pflicht",
    "steuer",
)
CASES = (
    "s",
    "n",
    "in",
    "en",
    "an",
    "ia",
    "aa",
    "ää",
    "lle",
    "lla",
    "llä",
    "lta",
    "ltä",
    "ssa",
    "ssä",
    "sta",
    "stä",
    "iin",
    "ille",
    "illa",
    "ilta",
    "ista",
    "issa",
    "ta",
    "tä",
    "na",
    "nä",
    "ksi",
    "kin",
    "a",
    "ä",
    "ns",
    "es",
)


BARE = str.maketrans("éèêáàâíìîóòôúùûñç", "eeeaaaiiiooouuunc")


def bits(word: str, capital: bool = True) -> int:
    """Return which lists a lower-case word is in, its genitive or case ending taken off if need be."""
    found = BITS.get(word)
    if found is not None:
        return found
    size = len(word)
    if not capital:
        if word[-1] == "s" and BITS.get(word[:-1], 0) & 7:
            return (BITS[word[:-1]] & LISTED) | 16
        return 32 if size > 6 and word.endswith(SURNAME) else 0
    if not word.isascii() and (found := BITS.get(word.translate(BARE))):
        return found
    if size > 3 and word[-1] in "sneaäi":
        for ending in CASES:
            if size - len(ending) > 2 and word.endswith(ending) and (found := BITS.get(word[: -len(ending)])):
                return (found & LISTED) | 16
    if size > 5 and word.endswith(_ENDINGS):
        return 32
    return EVERYDAY if size > 7 and word.endswith(NOUNS) else 0
