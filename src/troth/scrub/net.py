"""Net: what identifies a person or a machine on a network.

E-mail (also written to be read by people only), URLs that carry an identifier, IP and MAC addresses,
user names.
A bare link to a page says nothing of anyone and is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from troth.scrub.cues import cues, nearest
from troth.scrub.lists import BITS
from troth.scrub.reading import Reading
from troth.scrub.span import Span

EMAIL = re.compile(
    r"(?<![\w.+@/-])[^\W_][\w.+'’%\u2600-\u27bf\U0001f000-\U0001faff-]{0,63}@(?:[^\W_](?:[\w-]{0,62}[^\W_])?\.){1,6}[^\W\d_]{2,24}(?![\w@])",
    re.UNICODE,
)
IN_QUOTES = re.compile(r"\"[\w .+-]{1,60}\"@(?:[\w-]{1,63}\.){1,5}[a-zA-Z]{2,24}")
AT = (
    r"(?:[ ]?@[ ]?|[ ]?[\[({<][ ]?(?:at|@|ät|æt|krøllalfa|snabel-?a|alfakrøll|kissa|"
    r"miukumauku|a)[ ]?[\])}>][ ]?"
)
AT += r"|[ ](?:at|ät|krøllalfa|snabel-?a|alfakrøll|miuku(?:mauku)?|klammeraffe)[ ]|[ ]?_at_[ ]?|[ ]AT[ ]"
AT += r"|[ ]?[*|~\"'-]{1,2}(?:at|ät|æt)[*|~\"'-]{1,2}[ ]?)"
DOT = (
    r"(?:\.|[ ]?[\[({<][ ]?(?:dot|punkt|punktum|piste|prikk|\.)[ ]?[\])}>][ ]?|[ ](?:dot|"
    r"punkt|punktum|piste|prick)[ ]|[ ]\.[ ]|_dot_"
    r"|[ ]?[*|~\"'-]{1,2}(?:dot|punkt|piste|punktum)[*|~\"'-]{1,2}[ ]?)"
)
TOP = (
    r"(?:com|org|net|no|se|fi|dk|de|uk|io|eu|info|edu|gov|biz|me|co|nu|is|nl|fr|es|it|pl|at|"
    r"ch|be|us|ca|app|dev|test|example)"
)
LINE = (
    r"(?:[ ](?:underscore|dash|hyphen|understrek|bindestrek|understreck|bindestreck|"
    r"unterstrich|minus|alaviiva)[ ])"
)
LOCAL = rf"[^\W_][\w+-]{{0,40}}(?:(?:{DOT}|{LINE})[\w+-]{{1,40}}){{0,4}}"
DISGUISED = re.compile(
    rf"(?<![\w@.]){LOCAL}{AT}[^\W_][\w-]{{1,40}}(?:{DOT}[\w-]{{2,30}}){{0,3}}{DOT}{TOP}(?![\w@])",
    re.IGNORECASE,
)
ATS = frozenset("at ät æt krøllalfa snabela snabel alfakrøll kissa miuku miukumauku klammeraffe".split())
BRACKETS = frozenset("[({<_")
SPACED = re.compile(r"(?<!\w)(?:[a-z0-9._-] ){2,30}@(?: [a-z0-9.-]){4,40}(?!\w)", re.IGNORECASE)

URL = re.compile(
    r"(?<![\w@])(?:(?:h(?:tt|xx)ps?|ftps?|wss?|postgres(?:ql)?|mysql|mongodb(?:\+srv)?|redis|amqps?|"
    r"ssh|sftp|smtps?|git)(?::|\[:\])//|www\.)[^\s<>\"'`{}|\\^]{3,2000}|"
    r"(?<![\w@./-])(?:[\w-]{1,60}\.){1,4}[a-z]{2,10}/[^\s<>\"'`{}|\\^]{1,2000}",
    re.IGNORECASE,
)
BARE = re.compile(r"[A-Za-z]")
PERSONAL_HOST = re.compile(
    r"(?:facebook|instagram|twitter|linkedin|tiktok|github|gitlab|snapchat|reddit|youtube|"
    r"pinterest|vk|flickr|soundcloud"
    r"|medium|strava|xing|calendly|paypal|t|x|telegram|threads|bsky|twitch|steamcommunity|fb|"
    r"wa|venmo)\.(?:com|me|net|app|tv|gg)/"
    r"(?!(?:help|about|login|signup|search|hashtag|explore|watch|jobs|legal|privacy|features|"
    r"pricing|docs|blog|marketplace)\b)[\w@.%/-]{2}",
    re.IGNORECASE,
)
PERSONAL_PATH = re.compile(
    r"/(?:u|user|users|profile|profiles|profil|people|person|in|member|members|account|"
    r"accounts|konto|bruker|customer|"
    r"customers|kunde|patient|patients|invite|reset|unsubscribe|~|@|channel|"
    r"client)[/=]?[\w@.%~-]{2,}|/[@~]\w",
    re.IGNORECASE,
)
PERSONAL_QUERY = re.compile(
    r"[?&#;](?:[\w-]*(?:user|uid|mail|name|token|session|sid|key|auth|phone|tel|ssn|customer|"
    r"kunde|account|id|code|sig|"
    r"email|member|client|ref|invite|pw|pass)[\w-]*)=[^&#\s]{2,}",
    re.IGNORECASE,
)
IDENTIFIER = re.compile(r"[/=][^/?&=]*(?:\d{5,}|[0-9a-f]{12,}|[A-Za-z0-9_-]{22,})|//[^/\s]*@", re.IGNORECASE)
LONG = re.compile(r"[A-Za-z0-9_]{20,}")

IP4 = re.compile(
    r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\[?\.\]?| \. )){3}(?:25[0-5]|2[0-4]\d|"
    r"1?\d?\d)(?:/\d{1,2})?(?![\w]|\.\d)"
)
IP6 = re.compile(
    r"(?<![\w:.])(?=[0-9a-f]{0,4}:)(?:[0-9a-f]{0,4}:){2,7}(?:[0-9a-f]{1,4}|"
    r"(?:\d{1,3}\.){3}\d{1,3})?(?:%\w{1,12})?(?:/\d{1,3})?(?![\w:])",
    re.IGNORECASE,
)
MAC = re.compile(
    r"(?<![\w:-])(?:[0-9a-f]{2}([:-]))(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?![\w:-])|"
    r"(?<![\w.])(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}(?![\w.])",
    re.IGNORECASE,
)
UUID = re.compile(
    r"(?<![\w-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])", re.IGNORECASE
)
DOTTED = re.compile(r"\d(?:\[?\.\]?| \. )\d")
HEXED = re.compile(r"[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}\.")
VERSION = frozenset(
    "version versjon versio v ver release firmware build section kapittel chapter § driver".split()
)

HANDLE = re.compile(
    r"(?<![\w@/.])@[A-Za-z0-9_](?:[A-Za-z0-9_.]{0,30}[A-Za-z0-9_])?(?![\w@])|"
    r"(?<!\w)/?u/[A-Za-z0-9_-]{3,30}(?!\w)"
)
TAGGED = re.compile(r"(?<!\w)[A-Za-z][\w.]{1,30}#\d{4}(?!\w)")
USER_IS = re.compile(
    r"(?<![\w@])(?:user ?name|user ?id|login(?: name)?|brukernavn(?:et)?|användarnamn(?:et)?|"
    r"käyttäjä(?:tunnu|nim)\w{0,8}|benutzername|nutzername|"
    r"brugernavn(?:et)?|handle|nick(?:name)?|gamertag|screen ?name|discord|snap(?:chat)?|"
    r"insta(?:gram)?|telegram|tiktok|"
    r"skype|steam|psn|xbox|reddit|github|twitter|logged in as|innlogget som|inloggad som|"
    r"logget ind som|angemeldet als|"
    r"kirjautunut|user|bruker|användare|bruger|benutzer|käyttäjä)"
    r"(?:[ ]?(?:name|id|navn|handle|account|konto|kontoen|tili|användare|user|tag|nick))?"
    r"(?:[ ](?:mitt|mit|min|mein))?(?:(?:[ ]?[:=][ ]?|[ ](?:is|er|är|on|ist|lautet|heter|"
    r"hedder|heißt)[ ]?:?[ ]?|[ ](?=[\"'`«»“]))|[ ](?=[\w.]{0,30}[\d_]))"
    r"[\"'`«“]?(@?[\w](?:[\w.+-]{1,38}[\w]))",
    re.IGNORECASE,
)
PLAIN_WORD = re.compile(r"[^\W\d_]+")
NEVER = frozenset(
    "the a an is was not and or in my your account name password er og ikke på med som det "
    "den ist und nicht der die das "
    "är och inte på on ja ei se that this ok required optional null none true false missing "
    "wrong for to feil fel falsch "
    "already wird med har has can will then og passord passwort lösenord et en ein eine also "
    "invalid unknown error".split()
)


def mails(reading: Reading) -> Iterator[Span]:
    """Yield e-mail addresses, plain or disguised."""
    text = reading.text
    worded = reading.says(ATS)
    if "@" not in text and not worded and "_at_" not in reading.lower and "(a)" not in reading.lower:
        return
    if "@" in text:
        for match in EMAIL.finditer(text):
            yield Span(match.start(), match.end(), "EMAIL", 0.99, "shape")
        for shape in (IN_QUOTES, SPACED):
            for match in shape.finditer(text):
                yield Span(match.start(), match.end(), "EMAIL", 0.9, "disguised")
    for match in DISGUISED.finditer(text):
        loose = (
            match[0].count(" ")
            and "@" not in match[0]
            and not re.search(r"[\[({<_*|~]| (?:dot|punkt|punktum|piste|prick) ", match[0], re.I)
        )
        if (
            not loose
            or nearest(cues(reading, *match.span()))
            or "mail" in reading.lower[max(0, match.start() - 40) : match.start()]
        ):
            start = match.start() + _filler(match[0])
            yield Span(start, match.end(), "EMAIL", 0.93, "disguised")


def _filler(raw: str) -> int:
    """Return how many characters of a disguised address are words of the sentence around it."""
    low = raw.lower()
    for word in ("is ", "er ", "on ", "är ", "ist ", "to ", "mail ", "email "):
        if low.startswith(word):
            return len(word)
    return 0


def links(reading: Reading) -> Iterator[Span]:
    """Yield URLs that carry an identifier."""
    text = reading.text
    if "/" not in text and "www." not in reading.lower:
        return
    for match in URL.finditer(text):
        raw = match[0].rstrip(".,;:!?)]»”’…")
        raw = raw if raw.count("(") <= raw.count(")") or not match[0].startswith(raw + ")") else raw + ")"
        found = any(p.search(raw) for p in (PERSONAL_HOST, PERSONAL_PATH, PERSONAL_QUERY, IDENTIFIER))
        if found or any(_mixed(token) for token in LONG.findall(raw)):
            yield Span(match.start(), match.start() + len(raw), "URL", 0.995, "identifier in the address")


def _mixed(token: str) -> bool:
    """Say whether a run of characters has both letters and digits, as keys have and words have not."""
    return not token.isalpha() and not token.isdigit() and any(c.isdigit() for c in token)


def machines(reading: Reading) -> Iterator[Span]:
    """Yield IP and MAC addresses and device ids."""
    text = reading.text
    if text.count(".") >= 3 and DOTTED.search(text):
        for match in IP4.finditer(text):
            before = [reading.forms[i] for i in reading.before(match.start(), 2, 12)]
            if VERSION.isdisjoint(before) and text[match.start() - 1 : match.start()] not in ("v", "V"):
                yield Span(match.start(), match.end(), "IP", 0.985, "shape")
    if "::" in text or text.count(":") >= 7:
        for match in IP6.finditer(text):
            raw = match[0]
            parts = raw.split(":")
            whole = raw.count("::") == 1 or len(parts) == 8
            if (
                whole
                and len(raw) > 4
                and raw.count("::") <= 1
                and (any(len(p) > 2 for p in parts) or raw.count(":") > 5)
            ):
                yield Span(match.start(), match.end(), "IP", 0.94, "shape (6)")
    if text.count(":") >= 5 or text.count("-") >= 4 or HEXED.search(text):
        for match in MAC.finditer(text):
            yield Span(match.start(), match.end(), "DEVICE_ID", 0.97, "shape (MAC)")
        for match in UUID.finditer(text) if text.count("-") > 3 else ():
            said = nearest(cues(reading, *match.span()))
            if said in ("DEVICE_ID", "USERNAME", "ORG_ID", "SECRET"):
                yield Span(match.start(), match.end(), said, 0.9, "cue")


LOGIN = re.compile(
    r"\b(?:log[ -]?in|sign[ -]?in|innlogging|inloggning|anmeldung|login-forsøk)(?: "
    r"attempts?)? (?:for|by|av|från|fra|von|für|som) "
    r"(?:user |bruker |användare |bruger |benutzer )?([\w.-]{3,40}\w)",
    re.IGNORECASE,
)


def users(reading: Reading) -> Iterator[Span]:
    """Yield handles and user names."""
    text = reading.text
    if "@" in text or "u/" in text:
        for match in HANDLE.finditer(text):
            yield Span(match.start(), match.end(), "USERNAME", 0.9, "handle")
    if "#" in text:
        for match in TAGGED.finditer(text):
            yield Span(match.start(), match.end(), "USERNAME", 0.85, "handle")
    if reading.says(LOGINS):
        for match in LOGIN.finditer(text):
            if match[1].lower() not in NEVER and match[1].lower() not in BITS and not match[1].istitle():
                yield Span(match.start(1), match.end(1), "USERNAME", 0.85, "cue")
    if reading.says(USERS, USING):
        for match in USER_IS.finditer(text):
            name = match[1]
            if name.lower() in NEVER or (
                PLAIN_WORD.fullmatch(name) and name[:1].isupper() and " is " in match[0]
            ):
                continue
            yield Span(match.start(1), match.end(1), "USERNAME", 0.88, "cue")


LOGINS = frozenset("login log sign signin innlogging inloggning anmeldung".split())
USERS = frozenset(
    "user login handle nick gamertag discord telegram tiktok skype steam psn xbox reddit "
    "github twitter logged innlogget "
    "inloggad logget angemeldet kirjautunut bruker användare bruger benutzer käyttäjä screen".split()
)
USING = frozenset("user brug bruk anvä käyt benu nutz nick snap inst".split())
