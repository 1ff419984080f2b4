"""Cues: the words beside a number that say what it is, in the languages we read.

A number's own arithmetic is the better witness; a cue decides where that is silent, and NOT says that
the number
counts things and names nobody.  Compounds and inflections are met by their beginning or their end.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from troth.scrub.reading import Reading

NOT = "NOT"
AHEAD, BEHIND = 60, 24  # how many characters off a word may stand and still speak of a find
WEAKLY = "~"
NUMBERLESS = frozenset(("DOB", "AGE", "ADDRESS"))  # said of days and streets, which have rules of their own

_EXACT = {
    "ID": "id",  # of whom or what it does not say: only check digits can tell
    "PHONE": "tel tlf tlfnr telefon phone mobile mobil cell puh puhelin gsm handy fax faks ring call "
    "text sms whatsapp "
    "signal nummer nr number ringa soita ruf anruf numero dial reach ext mob kontakt handynr fon rufen ringe",
    "CARD": "card cards kort visa mastercard amex maestro kortti karte kreditkarte debit credit "
    "kortet kortnr cc",
    "NATIONAL_ID": "ssn nin nino nhs cpr pesel bsn nif nie dni nir hetu sotu ssid steuerid idnr fnr pnr "
    "svnr cf tin itin "
    "snn personnr sosial id-nummer national sin idnummer steuer codice fiscale sofinummer",
    "BANK_ACCOUNT": "account acct konto kontonr kto kontoen bank bankgiro plusgiro clearing tili tilin "
    "tilille blz sort "
    "routing swift bg pg kontot",
    "ORG_ID": "orgnr org orgno cvr vat mva hrb hra ust company organisation tunnus kundenr kundnr "
    "customer client member",
    "PASSPORT": "passport pass passi passet passnr passeport reisepass",
    "DRIVER_LICENSE": "licence license dl førerkort körkort kørekort ajokortti führerschein ajokortin driver "
    "driving",
    "DOB": "dob born birth birthday birthdate født fødd född fødselsdag syntynyt synt syntymäaika "
    "geb geboren geburtstag "
    "geburtsdatum f bursdag birthdays syntymäpäivä syntynyttä",
    "AGE": "age aged alder ålder ikä alter",
    "PLATE": "plate plates reg registration regnr skilt skiltet reg.nr rekisterinumero rekkari "
    "kennzeichen nummernschild "
    "bilnummer nummerplade numberplate autokennzeichen kfz vrm tag rekisteri rego",
    "SECRET": "pin password passord passwort lösenord salasana kode kod code otp cvv cvc cvv2 puk "
    "passcode koodi pwd pw",
    "DEVICE_ID": "imei serial mac device udid idfa gaid serienummer vin esn imsi iccid seriennummer "
    "sarjanumero chassis "
    "aaid uuid advertising fingerprint",
    "USERNAME": "username user login brukernavn användarnamn käyttäjätunnus käyttäjänimi benutzername "
    "handle nick "
    "nickname nutzername brugernavn userid gamertag snapchat snap insta instagram telegram "
    "discord twitter skype tiktok "
    "github reddit steam xbox twitch psn",
    "ADDRESS": "address adresse adress osoite anschrift wohnhaft bor bosatt lives living wohne wohnt "
    "asun asuu "
    "postadresse hjemmeadresse live postnummer postcode zip plz bo osoitteeni adressen anschrift postinumero",
    "IP": "ip ipv4 ipv6",
    NOT: "order ordre ordren bestilling beställning tilaus bestellung bestellnummer tracking "
    "sporing sporingsnummer "
    "version versjon versio sku isbn issn ean invoice faktura lasku rechnung rechnungsnummer "
    "kid ocr viite ticket case "
    "sak saksnr ärende parcel pakke paket model modell malli article artikkel artikel part "
    "item product produkt tuote "
    "build commit issue page side sida sivu seite error feil fel virhe fehler port count "
    "total sum beløp belopp pris "
    "price preis hinta kr nok sek dkk eur usd gbp chapter section paragraph line linje rad "
    "room rom rum zimmer batch lot "
    "transaction transaksjon quantity qty antall antal anzahl amount betrag isbn-13 release "
    "revision rev doi flight "
    "vedtak firmware quote offer tilbud tarjous angebot voucher coupon score points poeng "
    "poäng population visitors "
    "views followers steps år year vuosi jahr kilometer meter grams bestellnr ordrenr "
    "ordernummer tilausnumero "
    "sendungsnummer reference referanse referens referenz",
}
_STEMS = {
    "PHONE": "telef mobilnum mobiltele puhelin puhnum handynum rufnumm phonenum cellphon landlin "
    "kännyk kännyn hjemmetelef "
    "festnetz mobilen telnr",
    "CARD": "kortil kortti kortin kredittk kreditk bankkort luottokort maksukort kortnum korttinum "
    "creditcard debitcard "
    "betalkort betalingskort "
    "pankkikort kartennum cardnum",
    "NATIONAL_ID": "fødselsnum personnum personalid personaln henkilötun sosiaalitur socialsec socialnum "
    "sozialvers "
    "steueride steuernum steuer-id cpr-num identitetsn personalausw identifika fødseln d-nummer samordningsn "
    "nationalid kansalais identifikas insurance ausweisn security",
    "BANK_ACCOUNT": "kontonum kontoin bankkont tilinum pankkitil bankverb bankleitz accountn lønnskont "
    "lönekont",
    "ORG_ID": "organisasjonsn organisationsn kundenum kundnum asiakasnum y-tunnus handelsreg medlemsn "
    "mitgliedsn "
    "jäsennum umsatzsteu customern ust-id cvr-num abonnementsn virksomhetsn mitarbeitern ansattn employeen",
    "PASSPORT": "passnum pasnum pasnr passinum reisepass passport passets passin",
    "DRIVER_LICENSE": "førerkort körkort kørekort ajokort führersch fahrerlaub driverslic",
    "DOB": "fødselsdat födelsedat syntymä geburtsd geburtst fødselsda födelsed birthda",
    "PLATE": "registrerings registreringsn rekisterin rekisteritun kennzeich nummerskilt nummerplad "
    "registreringss "
    "licenseplat bilskilt registrier",
    "SECRET": "passord passwor lösenord salasan adgangskod pinkod pin-kod zugangsd tunnusluk "
    "engangskod verifi",
    "DEVICE_ID": "serienum seriennum sarjanum enhetsid geräte-i geräten laite-id enhets-i understellsn "
    "chassin",
    "USERNAME": "brukernavn användarna käyttäjätu käyttäjäni benutzern nutzernam brugernavn usernam",
    "ADDRESS": "adresse osoite hjemmeadr bostadsadr anschrif wohnadress hemadress kotiosoi addresse "
    "postadr lieferadr",
    NOT: "ordrenum ordernum bestillingsn beställningsn tilausnum bestellnum sporingsn fakturanum "
    "rechnungsn laskun "
    "viitenum artikkeln artikeln produktn produktnum saksnum ärendenum invoicen sendungsn "
    "kollin trackingn referansen "
    "referensn referenzn versjonsn versionsn seriesn vareenum varenum tuotenum modelln",
}
EXACT = {word: label for label, words in _EXACT.items() for word in words.split()}
STEMS = {stem: label for label, stems in _STEMS.items() for stem in stems.split()}
LONGEST = max(map(len, STEMS))
HEADS = frozenset(stem[:4] for stem in STEMS)
WEAK = frozenset("nummer nr number numero id tunnus code kode kod koodi call text ring reach kontakt".split())
FILLERS = frozenset("number nummer nr no numero id code".split())


STOP = re.compile(r"[.!?]\s")
ABBREVIATED = re.compile(r"(?<!\w)(?:no|nr|num|tel|tlf|puh|st|reg|org|pers)\. [^.!?]*$|^\. ?:", re.IGNORECASE)


def cue(word: str) -> str:
    """Return the label a word points to, or nothing.

    >>> cue("telefonnummeret"), cue("kontonummer"), cue("ordrenummeret"), cue("table")
    ('PHONE', 'BANK_ACCOUNT', 'NOT', '')
    """
    if found := EXACT.get(word):
        return found
    if word[:4] in HEADS:
        for size in range(min(len(word), LONGEST), 4, -1):
            if found := STEMS.get(word[:size]):
                return found
    return "PHONE" if word.endswith(("telefon", "telefonen", "mobil", "phone", "puhelin")) else ""


def cues(reading: Reading, start: int, end: int) -> dict[str, int]:
    """Return the labels that the words around a find point to, each with its distance: 0 is the nearest."""
    return joined(ahead(reading, start), behind(reading, end))


def joined(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """Return the cues of both sides together.

    A weak one (a mere "number") counts where there is no other, or only such as speak of no number at all.
    """
    found = after | before
    strong = {label: rank for label, rank in found.items() if label[0] != WEAKLY}
    if len(strong) == len(found) or not strong.keys() <= NUMBERLESS:
        return strong
    if not strong:
        return {nearest(found)[1:]: 6}
    return {label.removeprefix(WEAKLY): rank for label, rank in found.items()}


def said(reading: Reading) -> dict[int, str]:
    """Return the places of the words of a text that point to a label, in order, with what they point to."""
    if reading.cued is None:
        reading.cued = {}
        for i, form in enumerate(reading.forms):
            if label := cue(form):
                reading.cued[i] = WEAKLY + label if form in WEAK else label
        reading.cue_places = list(reading.cued)
    return reading.cued


def _near(reading: Reading, low: int, high: int) -> bool:
    """Say whether one of the words from ``low`` to before ``high`` points to a label."""
    at = bisect_left(reading.cue_places, low)
    return at < len(reading.cue_places) and reading.cue_places[at] < high


def ahead(reading: Reading, start: int) -> dict[str, int]:
    """Return the labels that the words before a find point to."""
    labels = said(reading)
    first = bisect_left(reading.starts, start)
    if not _near(reading, first - 7, first):
        return {}
    found: dict[str, int] = {}
    text, right = reading.text, start
    lines, stopped = 0, False
    for rank, i in enumerate(reading.before(start, 7, AHEAD)):
        low, high = reading.words[i]
        gap, right = text[high:right], low
        if gap != " ":
            lines += gap.count("\n")
            stopped = stopped or STOP.search(gap) is not None
        if lines > (rank < 3) or (stopped and not ABBREVIATED.search(text[low:start])):
            break
        if i in labels:
            found.setdefault(labels[i], rank)
    return found


def behind(reading: Reading, end: int) -> dict[str, int]:
    """Return the labels that the words after a find point to, three places further off than those before."""
    labels = said(reading)
    first = bisect_left(reading.starts, end)
    if not _near(reading, first, first + 4):
        return {}
    found: dict[str, int] = {}
    for rank, i in enumerate(reading.after(end, 4, BEHIND)):
        between = reading.text[end : reading.words[i][0]]
        if "\n" in between or ". " in between or "," in between:
            break
        if i in labels and labels[i][0] != WEAKLY:
            found.setdefault(labels[i], rank + 3)
    return found


def nearest(found: dict[str, int]) -> str:
    """Return the label of the nearest cue, or nothing."""
    return min(found, key=found.__getitem__) if found else ""
