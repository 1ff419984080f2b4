"""Campaigns: long runs that hold a promise over years and crowds; ``./run campaign calendar`` is one."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.campaign.decade import decade


def main() -> int:
    """Run what is asked for; 0 when nothing was wrong."""
    asked = argparse.ArgumentParser(prog="./run campaign")
    asked.add_argument("name", choices=["calendar"])
    asked.add_argument("--people", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--place", default=None, help="the folder in which the store is made")
    said = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="troth-campaign-", dir=said.place) as place:
        told = decade(said.people, Path(place), seed=said.seed)
    print(
        f"{told.people} people, {told.acts} acts, {told.records} records, {told.nights} nights, "
        f"{told.looks} looks in {told.seconds:.0f} s: {len(told.wrong)} wrong"
    )
    print("\n".join(told.wrong))
    return int(bool(told.wrong))


if __name__ == "__main__":
    sys.exit(main())
