"""The house under test: the first company's own folder, opened on a temporary store at a turnable clock."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from troth import runtime

FOLDER = Path(__file__).parents[2] / "companies" / "smoc"
STAFF = "staff-1234"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # of the second factor
DRAFT = """---
title: A winter with us
draft: true
---
Not yet.

## hello
Do you take something warm?
ask taste.drink choice for learn
- coffee: Coffee
- tea: Tea

## bye
Thank you.
end
"""


@dataclass
class House:
    """An open company and its clock; ``turn`` moves it."""

    folder: Path
    now: datetime = datetime(2026, 11, 24, 10, tzinfo=UTC)
    company: Any = field(default=None)

    def __post_init__(self) -> None:
        self.company = runtime.open(
            self.folder / "smoc",
            store=str(self.folder / "smoc.db"),
            clock=lambda: self.now,
            root_key=b"k" * 32,
        )

    def turn(self, **by: float) -> None:
        self.now += timedelta(**by)


def build(folder: Path | None = None, site: str = "") -> House:
    """Copy the company, add a draft and a staff key, and open it."""
    folder = folder or Path(tempfile.mkdtemp(prefix="troth-web-"))
    shutil.copytree(FOLDER, folder / "smoc")
    (folder / "smoc" / "flows" / "winter.md").write_text(DRAFT)
    digest = sha256(STAFF.encode()).hexdigest()
    (folder / "smoc" / "staff.toml").write_text(
        f'[[key]]\nname = "Siri"\nkind = "staff"\nroles = ["steward", "support"]\ndigest = "{digest}"\n'
        f'second = "{SECRET}"\n'
    )
    if site:
        toml = folder / "smoc" / "site.toml"
        toml.write_text(toml.read_text() + site)
    return House(folder)
