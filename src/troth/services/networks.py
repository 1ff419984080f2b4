"""Networks: which country and which carrier an address belongs to, by a table of the company's own folder.

``networks.csv`` holds lines of ``network, country, carrier`` (``203.0.113.0/24, NO, Telekom X``), as the
freely licensed tables of address registries can be cut to.  Nothing is asked of anybody outside, and a table
that names a city is read to its country, or to its first-level region
(``GB-SCT``), alone.  Without a table nothing is known.
"""

from __future__ import annotations

import ipaddress
import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

Row = tuple[int, int, int, str, str]  # version, first and last address, country or region, carrier
REGION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")  # ISO 3166-2, first level: a country's part, and no city


@dataclass(frozen=True, slots=True)
class Networks:
    """A table of networks, sorted; ``of`` looks an address up."""

    rows: tuple[Row, ...] = ()

    def of(self, address: str) -> tuple[str, str]:
        """Return country (ISO 3166-1) and carrier of an address, '' for what the table does not know.

        >>> table, _ = read_networks(["203.0.113.0/24, no, Telekom X"])
        >>> table.of("203.0.113.24"), table.of("198.51.100.1"), table.of("unknown")
        (('NO', 'Telekom X'), ('', ''), ('', ''))
        """
        region, carrier = self._row(address)
        return region[:2], carrier

    def region(self, address: str) -> str:
        """Return the region of an address (ISO 3166-2), its country where the table knows no more.

        >>> table, _ = read_networks(["192.0.2.0/24, GB-SCT", "203.0.113.0/24, NO"])
        >>> table.region("192.0.2.57"), table.of("192.0.2.57")[0], table.region("203.0.113.1")
        ('GB-SCT', 'GB', 'NO')
        """
        return self._row(address)[0]

    def _row(self, address: str) -> tuple[str, str]:
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return "", ""
        number = int(found)
        at = bisect_right(self.rows, (found.version, number, 1 << 129, "", "")) - 1
        if at < 0:
            return "", ""
        version, first, last, country, carrier = self.rows[at]
        return (country, carrier) if version == found.version and first <= number <= last else ("", "")


UNKNOWN = Networks()  # no table: nothing is known of any address


def read_networks(lines: Iterable[str]) -> tuple[Networks, tuple[int, ...]]:
    """Read a table; return it with the numbers of the lines that are none (an empty one and ``#`` are).

    >>> read_networks(["# network, country, carrier", "here, NO, X", "10.0.0.0/8, NOR, X"])[1]
    (2, 3)
    """
    rows: list[Row] = []
    wrong: list[int] = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        network, country, carrier = ([p.strip().strip('"') for p in line.split(",", 2)] + ["", ""])[:3]
        try:
            found = ipaddress.ip_network(network, strict=False)
        except ValueError:
            wrong.append(number)
            continue
        place = country.upper()
        if place and not (REGION.fullmatch(place) or (len(place) == 2 and place.isalpha())):
            wrong.append(number)
            continue
        first = int(found.network_address)
        rows.append((found.version, first, int(found.broadcast_address), place, carrier[:80]))
    return Networks(tuple(sorted(rows))), tuple(wrong)
