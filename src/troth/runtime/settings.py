"""Settings: one table of name, default and help, read once from a TOML file and the environment.

No other module reads the environment.  The environment (``TROTH_STORE``) wins over the file.  A secret is
never shown: ``repr`` leaves it out.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from troth.policy.problems import near
from troth.terms import TrothError

PREFIX = "TROTH_"
TABLE: tuple[tuple[str, str, str], ...] = (
    (
        "store",
        "",
        "where people's records lie: a file (or sqlite:///FILE), a folder that holds one file a company,"
        " or postgresql://SERVER/NAME; an address with a password in it is a secret",
    ),
    ("key_store", "", "with PostgreSQL: another server's address for keys and evidence; a secret likewise"),
    (
        "store_place",
        "",
        "the country in which the store lies, as IE; refused where some data may not stay there",
    ),
    ("copies_place", "", "the country in which its copies lie; empty: where the store does"),
    ("mail_place", "", "the country in which the mail server lies"),
    ("root_key_file", "", "the file with the 32-byte root key; empty: made beside the store, mode 0600"),
    ("passphrase", "", "makes the root key from a passphrase instead of a file; a secret"),
    ("host", "127.0.0.1", "the address to listen on"),
    ("port", "8000", "the port to listen on"),
    ("base_url", "", "how people reach this server, for links in mails: https://club.example"),
    (
        "stays",
        "process",
        "where it is known who is signed in: process, in its memory; or store, so that several processes"
        " may serve the same companies behind a balancer",
    ),
    ("smtp_host", "", "the mail server; empty: messages stay in the outbox, where staff read them"),
    ("smtp_port", "587", "the mail server's port"),
    ("smtp_tls", "starttls", "how to speak to it: starttls, tls, or plain for a server on this machine"),
    ("smtp_user", "", "the name to sign in with at the mail server"),
    ("smtp_password", "", "the password to sign in with at the mail server; a secret"),
    (
        "mail",
        "",
        "where letters come in by SMTP: HOST:PORT; empty: they come by a provider's webhook, or not",
    ),
    (
        "identity_keys",
        "",
        "secrets of the services in `[identity]` of `site.toml`: `NAME=SECRET, NAME=SECRET`; a secret",
    ),
    ("model_keys", "", "keys of models that `site.toml` names: `NAME=KEY, NAME=KEY`; a secret"),
)
_NUMBERS = frozenset({"port", "smtp_port"})


class WrongSetting(TrothError):
    """A setting nobody knows, or one with a value that cannot be."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"setting '{name}': {reason}; docs/settings.md lists them all")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run; see ``TABLE`` for what each means."""

    store: str = field(default="", repr=False)
    key_store: str = field(default="", repr=False)
    store_place: str = ""
    copies_place: str = ""
    mail_place: str = ""
    root_key_file: str = ""
    passphrase: str = field(default="", repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = ""
    stays: str = "process"
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_tls: str = "starttls"
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    mail: str = ""
    identity_keys: str = field(default="", repr=False)
    model_keys: str = field(default="", repr=False)


def read_settings(path: str | Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings of a TOML file, if one is named, and of the environment.

    >>> read_settings(environ={"TROTH_PORT": "9000"}).port
    9000
    >>> read_settings(environ={"TROTH_PROT": "9000"})
    Traceback (most recent call last):
    troth.runtime.settings.WrongSetting: setting 'prot': is not known, did you mean 'port'?; ...
    """
    said = _of_file(Path(path)) if path else {}
    found = os.environ if environ is None else environ
    said |= {k.removeprefix(PREFIX).lower(): v for k, v in found.items() if k.startswith(PREFIX)}
    for own in ("venv", "test_store"):  # the launcher's and the tests' own, no settings
        said.pop(own, None)
    known = {f.name for f in fields(Settings)}
    for name in said:
        if name not in known:
            raise WrongSetting(name, f"is not known{', ' + hint if (hint := near(name, known)) else ''}")
    return Settings(**{name: _value(name, value) for name, value in said.items()})


def settings_page() -> str:
    """Return the page that lists every setting, made from ``TABLE``."""
    rows = [
        f"| `{name}` | `{PREFIX}{name.upper()}` | {default or '-'} | {told} |"
        for name, default, told in TABLE
    ]
    head = (
        "# Settings\n\n"
        "A setting stands in a TOML file (`--settings FILE`) or in the environment; the environment wins.\n"
        "What a company says of itself stands in its folder and is no setting. This page is made by\n"
        "`troth.runtime.settings_page`; a test compares it.\n\n"
        "| in the file | in the environment | default | meaning |\n|---|---|---|---|\n"
    )
    return head + "\n".join(rows) + "\n"


def _of_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise WrongSetting(str(path), f"cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongSetting(str(path), f"is no TOML ({error})") from None


def _value(name: str, value: object) -> Any:
    if name in _NUMBERS:
        if not str(value).isdecimal() or not 0 < int(str(value)) < 65536:
            raise WrongSetting(name, "is not a port number")
        return int(str(value))
    if name == "mail" and value:
        _host_and_port(str(value))
    if name == "stays" and value not in ("process", "store"):
        raise WrongSetting(name, "is process or store")
    if name == "smtp_tls" and value not in ("starttls", "tls", "plain"):
        raise WrongSetting(name, "is starttls, tls or plain")
    return str(value)


def _host_and_port(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise WrongSetting("mail", "is written HOST:PORT, such as 0.0.0.0:25")
    return host.strip("[]"), int(port)


def mail_door(told: Settings) -> tuple[str, int] | None:
    """Return host and port on which letters come in; None where none do.

    >>> mail_door(Settings(mail="0.0.0.0:25")), mail_door(Settings())
    (('0.0.0.0', 25), None)
    """
    return _host_and_port(told.mail) if told.mail else None
