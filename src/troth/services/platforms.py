"""Platforms: the places outside to which people may pass a post on, as ``parties.toml`` names them.

    [[platform]]
    name = "linkedin"
    title = "LinkedIn"
    terms = "https://…"                                  # what its users accept
    policy = "https://…"                                 # what it does with data
    intent = "https://…/share?url={link}&text={text}"    # its own page for writing a post
    # or: interface = "mastodon" and server = "https://…", where we post in the name of who connected

An intent needs no account here and no token: the person's browser opens the platform's page, and the post is
written there.  One rule: *no platform without a link to its terms and to its policy*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from troth.policy.model import Policy, Recipient
from troth.services.instances import Unfit

INTERFACES = ("mastodon",)
NEEDS = {"terms", "policy"}  # by which the class of platforms is known


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform; ``party`` is the class of the document that it is of."""

    name: str
    title: str
    party: str
    terms: str = ""
    policy: str = ""
    intent: str = ""
    interface: str = ""
    server: str = ""

    def opened_with(self, text: str, link: str) -> str:
        """Return the address of the platform's own page with what is to be posted filled in.

        >>> there = Platform("x", "X", "platform", intent="https://x.example/i?t={text}&u={link}")
        >>> there.opened_with("a b", "")
        'https://x.example/i?t=a%20b&u='
        """
        return self.intent.replace("{text}", quote(text, safe="")).replace("{link}", quote(link, safe=""))

    @property
    def lacks(self) -> str:
        """Name what it lacks, '' when a post may be passed on to it."""
        secure = {name: urlsplit(getattr(self, name)).scheme == "https" for name in ("terms", "policy")}
        missing = next((name for name, there in secure.items() if not there), "")
        way = urlsplit(self.intent).scheme == "https" or (self.interface in INTERFACES and self.server)
        return missing or ("" if way else "intent")


def class_of(policy: Policy) -> str:
    """Return the document's class of platforms, '' when it knows none."""
    return next((r.name for r in policy.of(Recipient) if r.each and set(r.needs) >= NEEDS), "")


def platforms(
    policy: Policy, parties: Mapping[str, Mapping[str, Mapping[str, object]]]
) -> tuple[Platform, ...]:
    """Return the platforms that the folder names, in its order."""
    party = class_of(policy)
    kinds = ("terms", "policy", "intent", "interface", "server")
    return tuple(
        Platform(name, str(told.get("title", name)), party, **{k: str(told.get(k, "")) for k in kinds})
        for name, told in (parties.get(party, {}) if party else {}).items()
    )


def insist(known: tuple[Platform, ...], names: tuple[str, ...]) -> None:
    """Raise ``Unfit`` for a platform that the folder does not name, or names without what it needs."""
    by_name = {p.name: p for p in known}
    for name in names:
        if name not in by_name:
            raise Unfit(f"there is no platform '{name}'")
        if lacks := by_name[name].lacks:
            raise Unfit(f"the platform '{name}' has no {lacks}; nobody can be shown what applies there")
