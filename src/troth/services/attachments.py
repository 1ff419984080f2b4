"""Attachments: of which kind a file is, told by its own first bytes, and where the document lets it be kept.

A file's name says nothing: a picture is one that begins as one.  What runs by itself, what is empty and what
is too large is not taken.  Kinds are the words of the document's own category (``kind choice log-file,
picture``) beside a field of type ``file`` and the key of the case it belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass

from troth.policy.model import Area, Data, Policy, Purpose
from troth.services.packages import entries

LARGEST = 2 * 1024 * 1024  # bytes of one file
MOST = 20  # files of one case
TEXT, PNG, JPEG, ZIP = "text/plain; charset=utf-8", "image/png", "image/jpeg", "application/zip"
RUNS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
TABLES = (".csv", ".tsv", ".json", ".jsonl")


@dataclass(frozen=True, slots=True)
class Home:
    """Where a kind of file is kept: the category, its fields, and the purpose of a case.

    ``behalf`` is the field that names for whom it is held, '' where it is held for nobody else.
    """

    data: str
    file: str
    kind: str
    case: str
    purpose: str
    behalf: str = ""


def kind_of(name: str, content: bytes) -> tuple[str, str]:
    """Return kind and media type of a file, ('', why) for one that is not taken.

    >>> kind_of("app.log", b"12:00 started"), kind_of("screen.png", b"\\x89PNG\\r\\n\\x1a\\n...")[0]
    (('log-file', 'text/plain; charset=utf-8'), 'picture')
    >>> kind_of("holiday.png", b"MZ\\x90")
    ('', 'what runs by itself is not taken')
    """
    if not content or len(content) > LARGEST:
        return "", f"a file has between 1 byte and {LARGEST // 1024 // 1024} MiB"
    if content.startswith(RUNS):
        return "", "what runs by itself is not taken"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "picture", PNG
    if content.startswith(b"\xff\xd8\xff"):
        return "picture", JPEG
    if content.startswith(b"PK\x03\x04"):
        try:
            entries(content)
        except ValueError as wrong:
            return "", str(wrong)
        return "package", ZIP
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return "", "a file is a text, a picture (PNG or JPEG) or a package (ZIP)"
    if "\x00" in text:
        return "", "a file is a text, a picture (PNG or JPEG) or a package (ZIP)"
    return ("sample" if name.lower().endswith(TABLES) else "log-file"), TEXT


def homes(policy: Policy) -> dict[str, Home]:
    """Return, for each kind of file, where the document keeps it; empty where it keeps none."""
    found: dict[str, Home] = {}
    for datum in policy.of(Data):
        file = next((f.name for f in datum.fields if f.type == "file"), "")
        kind = next((f for f in datum.fields if f.type == "choice"), None)
        case = next((f.name for f in datum.fields if f.type == "key"), "")
        party = next((a.party for a in policy.of(Area) if a.name == datum.area and a.role == "processor"), "")
        behalf = party if any(f.name == party for f in datum.fields) else ""
        purpose = _collecting(policy, datum.name)
        if file and kind and case and purpose:
            found |= {k: Home(datum.name, file, kind.name, case, purpose, behalf) for k in kind.choices}
    return found


def safe_name(name: str) -> str:
    """Return a file's name without a path and without what could be read as a command or a header.

    >>> safe_name("C:\\\\logs\\\\app v2.log"), safe_name('a"\\r\\nX: y')
    ('app v2.log', 'a___X: y')
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1].strip()
    return "".join(c if c.isprintable() and c not in '"<>' else "_" for c in last)[:120] or "file"


def _collecting(policy: Policy, data: str) -> str:
    uses = ((p.name, u) for p in policy.of(Purpose) for b in p.bases for u in b.uses)
    return next((name for name, use in uses if use.data == data and not use.reads), "")
