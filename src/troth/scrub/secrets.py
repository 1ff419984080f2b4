"""Secrets: passwords, keys and tokens, by their makers' prefixes or by the words that give them away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from troth.scrub.lists import BITS
from troth.scrub.reading import Reading
from troth.scrub.span import Span

KEY = re.compile(
    r"(?<![\w-])(?:sk-(?:proj-|ant-|or-)?[A-Za-z0-9_-]{16,200}|(?:sk|pk|rk|whsec)_(?:live|"
    r"test)?_?[A-Za-z0-9]{12,200}"
    r"|(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,20}|gh[pousr]_[A-Za-z0-9]{20,255}|"
    r"github_pat_\w{20,255}|glpat-[\w-]{16,64}"
    r"|xox[abeoprs]-[A-Za-z0-9-]{10,250}|AIza[\w-]{30,40}|ya29\.[\w-]{20,500}|SG\.[\w-]{16,64}\.[\w-]{16,64}"
    r"|eyJ[\w-]{8,4000}\.eyJ[\w-]{4,4000}\.[\w-]{4,1000}|hf_[A-Za-z0-9]{20,60}|"
    r"npm_[A-Za-z0-9]{30,40}|pypi-[\w-]{20,300}"
    r"|dop_v1_[a-f0-9]{40,70}|shp(?:at|ss|ca)_[a-fA-F0-9]{32}|AGE-SECRET-KEY-1[A-Z0-9]{50,60}|"
    r"(?:r8|gsk|pat|tok|key)_[A-Za-z0-9]{20,80})(?![\w-])"
)
BEGIN = "-----BEGIN "
END = re.compile(r"-----END [A-Z ]{0,40}PRIVATE KEY-----")
IN_URL = re.compile(r"(?<=://)[^\s/:@]{1,64}:[^\s/@]{1,128}(?=@)")
WORDS = (
    r"passwords?|passwd|pass ?phrase|pwd|passcode|passord(?:et)?|lösenord(?:et)?|"
    r"salasana\w{0,5}|passwor[td]|kennwort|adgangskode[nr]?|kodeord(?:et)?|"
    r"api[ _-]?(?:key|token|secret|nøkkel|nyckel|avain|schlüssel)\w{0,3}|secret(?:[ _-]?key)?|"
    r"access[ _-]?(?:key|token)|(?:auth|bearer|session|refresh)[ _-]?token|"
    r"client[ _-]?secret|private[ _-]?key|pin(?:[ -]?(?:code|kode|koden|kod|koodi|nummer))?|"
    r"puk|otp|cvv2?|cvc2?|one[- ]time code|verification code|"
    r"engangskode[nr]?|engångskod(?:en)?|verifiseringskode[nr]?|tunnusluku\w{0,3}|"
    r"bestätigungscode|sikkerhetskode[nr]?|säkerhetskod(?:en)?|sicherheitscode|security code|"
    r"seed phrase|recovery (?:key|code)|wifi[- ]?(?:key|code|kode|passord)|token|aws_secret_access_key"
)
SAID = re.compile(
    rf"(?<![A-Za-z])(?:{WORDS})(?:[ ](?:mitt|mit|min|mein))?(?:[\"']?[ ]?(?::|=|:=|=>)[ "
    rf"]{{0,2}}|[ ](?:is|was|er|är|on|oli|"
    rf"ist|war|var|lautet|blir|to|til|till)(?:[ ]now|[ ]nå|[ ]nu|[ ]nyt|[ ]jetzt)?:?[ ]"
    rf"|[ ]-[ ]|[ ](?=[\"'`«“])|[ ](?=[^\s]{{0,60}}\d))[\"'`«“]?([^\s\"'`»”<>]{{3,200}})",
    re.IGNORECASE,
)
BEARER = re.compile(r"(?i:\bbearer |\bbasic )([A-Za-z0-9._~+/=-]{16,2000})")
PHRASE = re.compile(r"(?i:\b(?:seed|recovery) phrase)(?: is|:)? ?[\"'“]?((?:[a-z]{3,8} ){11,23}[a-z]{3,8})")
DULL = frozenset(
    "the a an my your not wrong incorrect reset changed forgotten required expired field "
    "manager and or please is was "
    "feil glemt ikke fel glömt inte falsch vergessen nicht väärä unohtunut ei er det den et "
    "en ist das hemmelig for "
    "correct invalid protected policy same that this too very very-strong strong weak long "
    "short login wrong. mitt min mein "
    "valid null none true false to be used again hidden stored encrypted here below above "
    "sent blir endret".split()
)


LONG = re.compile(r"[\w-]{14}")
BEARING = frozenset(("bearer", "basic"))
SAYING = frozenset(
    "pwd pin pinkode pinkoden pinkoodi pincode puk otp cvv cvc key token secret code kod "
    "kode api apikey wifi aws_secret_access_key".split()
)
ABOUT = frozenset(
    "pass löse sala kenn adga kode secr clie enga engå veri tunn best sikk säke sich toke "
    "pin- api- apin apia apis".split()
)


def secrets(reading: Reading) -> Iterator[Span]:
    """Yield passwords, keys and tokens."""
    text = reading.text
    for match in KEY.finditer(text) if LONG.search(text) else ():
        yield Span(match.start(), match.end(), "SECRET", 0.995, "a maker's prefix")
    if BEGIN in text:
        yield from _blocks(text)
    if "://" in text:
        for match in IN_URL.finditer(text):
            yield Span(match.start(), match.end(), "SECRET", 0.97, "in a URL")
    for match in BEARER.finditer(text) if reading.says(BEARING) else ():
        yield Span(match.start(1), match.end(1), "SECRET", 0.98, "bearer")
    for match in SAID.finditer(text) if reading.says(SAYING, ABOUT) else ():
        if (value := _value(match)) and len(value) >= 3:
            yield Span(match.start(1), match.start(1) + len(value), "SECRET", 0.97, "cue")
    for match in PHRASE.finditer(text) if "phrase" in reading.known else ():
        yield Span(match.start(1), match.end(1), "SECRET", 0.97, "cue")


def _blocks(text: str) -> Iterator[Span]:
    """Yield key blocks; one that never ends reaches to the end of the text."""
    at = text.find(BEGIN)
    while at >= 0:
        if "PRIVATE KEY-----" not in text[at : at + 70]:
            at = text.find(BEGIN, at + 1)
            continue
        closed = END.search(text, at)
        end = closed.end() if closed else len(text)
        yield Span(at, end, "SECRET", 1.0, "key block")
        at = text.find(BEGIN, end)


def _value(match: re.Match[str]) -> str:
    """Return what a sentence calls a password, or nothing where it only speaks about one."""
    value = match[1].rstrip(".,;:)!?")
    if match[1].endswith("!") and any(c.isdigit() for c in value) and len(match[1]) > len(value):
        value = match[1]
    assigned = bool(re.search(r"[:=]", match[0][: match.start(1) - match.start()]))
    if value.lower() in DULL or len(set(value)) < 2:
        return ""
    if not (value.isalpha() and (value.islower() or value.istitle())):
        return value
    if assigned or len(value) > 11:
        return value if len(value) > 3 else ""
    last = (
        match.string[match.end(1) : match.end(1) + 1].strip() == "" and match[1] != value
    )  # it ends the sentence
    return (
        value
        if len(value) > 3 and value.lower() not in BITS and (last or match.end(1) == len(match.string))
        else ""
    )
