"""Options: what many commands take, said once; and how a company is opened for one command."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeAlias

from cyclopts import Parameter

from troth.runtime import Company, Settings, read_settings
from troth.runtime import open as open_company
from troth.terms import TrothError

Folder: TypeAlias = Annotated[Path, Parameter(help="the company's folder, with its policy.md")]
Json: TypeAlias = Annotated[bool, Parameter(name="--json", negative="", help="write JSON")]
Store: TypeAlias = Annotated[
    str, Parameter(help="where people's records lie: a file, a folder of files, or postgresql://SERVER/NAME")
]
SettingsFile: TypeAlias = Annotated[str, Parameter(name="--settings", help="a TOML file (docs/settings.md)")]
Who: TypeAlias = Annotated[
    str, Parameter(help="the person, by a contact they gave: email:kari@example.no, or by number")
]
Make: TypeAlias = Annotated[Callable[..., Any], Parameter(parse=False)]


@Parameter(name="*")
@dataclass(frozen=True)
class Where:
    """What a command on a store takes: where it lies, by which settings, and how the answer is written."""

    store: Store = ""
    settings: SettingsFile = ""
    json: Json = False

    @property
    def told(self) -> Settings:
        """The settings of the file that is named, and of the environment."""
        return read_settings(self.settings or None)


HERE = Where()


class NobodyThere(TrothError):
    """The person that a command speaks of is not known."""

    def __init__(self) -> None:
        super().__init__("nobody is known by that; name a contact as email:ADDRESS, or a person's number")


@contextmanager
def opened(folder: Path, store: str, settings: str) -> Iterator[Company]:
    """Open a company for one command, and close it after."""
    company = open_company(folder, store=store, settings=read_settings(settings or None))
    try:
        yield company
    finally:
        company.close()


def person_of(company: Company, who: str) -> int:
    """Return the number of the person meant; raise ``NobodyThere``."""
    kind, colon, value = who.partition(":")
    if not colon and who.isdecimal():
        person = int(who) if company.gate.exists(person=int(who)) else None
    else:
        person = company.gate.find(kind=kind, value=value) if colon else None
    if person is None:
        raise NobodyThere
    return person
