"""Load: a company's folder as a checked policy, without opening any store.

``load`` never stops at the first fault; what it found stands in ``problems``.  ``troth check`` shows it,
``runtime.open`` refuses to go on with an error among it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from troth.kernel import Kernel, Proof, compile, prove
from troth.laws import packs
from troth.policy import DocumentBroken, Policy, parse
from troth.policy.check import check
from troth.policy.check_staff import check_staff
from troth.policy.examples import judge_all, read_examples
from troth.publish import notices, publish
from troth.runtime import agents
from troth.runtime.editions import Edition, read_editions, reweighed
from troth.runtime.folder import Folder, read_folder
from troth.runtime.terms import Terms, read_terms
from troth.services import (
    Coverage,
    Flow,
    check_fields,
    check_flow,
    check_meanings,
    check_message,
    check_offers,
    check_subjects,
)
from troth.services.ads import check_unit, units
from troth.services.content import check_content
from troth.services.contests import check_contests
from troth.services.houseads import check_house_ads
from troth.services.orders import check_orders
from troth.services.partners import check_links
from troth.services.purchases import check_purchases
from troth.services.slots import check_slots
from troth.services.social import check_social
from troth.services.trackers import check_trackers
from troth.terms import Problem


@dataclass(frozen=True)
class Loaded:
    """A company as far as its folder goes.

    ``problems``: of the document and all that is served under it; ``proofs``: each promise, held or not;
    ``unserved``: what keeps a flow (or ``agents/NAME``, ``ads/NAME``) from being served, by its name.
    """

    folder: Folder
    policy: Policy
    kernel: Kernel
    problems: tuple[Problem, ...]
    proofs: tuple[Proof, ...]
    flows: Mapping[str, Flow]
    unserved: Mapping[str, tuple[Problem, ...]]
    editions: tuple[Edition, ...] = ()
    terms: Terms | None = None

    @property
    def edition(self) -> Edition:
        """The version that is served."""
        return Edition(self.policy, self.folder.document)

    @cached_property
    def published(self) -> Mapping[str, str]:
        """Every text that a company publishes, by file name."""
        here = self.folder
        return publish(self.policy, here.document, here.site, here.parties, translations=here.translations)

    @cached_property
    def notices(self) -> Mapping[str, str]:
        """The notice by language, as safe HTML."""
        here = self.folder
        return notices(self.policy, here.document, here.site, here.parties, translations=here.translations)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What keeps the document from being served; a flow with a fault is left out by itself."""
        flows = {p for found in self.unserved.values() for p in found}
        return tuple(p for p in self.problems if p.level == "error" and p not in flows)


def load(path: str | Path) -> Loaded:
    """Read, check and prove a company's folder; raise ``DocumentBroken`` when its rules cannot be read."""
    folder = read_folder(path)
    policy = parse(folder.text, folder.document.path, packs=packs())
    kernel = compile(policy, folder.parties)
    proofs = prove(kernel)
    editions, unread = read_editions(folder.path, packs())
    terms, lost = read_terms(folder.path, folder.text)
    unserved = {name: tuple(_unserved(policy, *read)) for name, read in folder.flows.items()}
    unserved |= agents.unserved(folder.agents, policy, folder.site)
    unserved |= {
        f"ads/{unit.name}": check_unit(
            unit,
            folder.site,
            {n: f for n, (f, _) in folder.flows.items()},
            policy,
            str(folder.path / "site.toml"),
        )
        for unit in units(folder.site).values()
    }
    found = [
        *folder.problems,
        *unread,
        *reweighed(editions, Edition(policy, folder.document)),
        *lost,
        *check(
            policy,
            folder.document,
            translations=tuple(folder.translations.values()),
            lock=folder.lock,
            parties=folder.parties,
            site=folder.site,
        ),
        *(problem for proof in proofs if (problem := broken(proof))),
        *_examples(folder, kernel),
        *_content(policy, folder),
        *(problem for problems in unserved.values() for problem in problems),
    ]
    return Loaded(
        folder=folder,
        policy=policy,
        kernel=kernel,
        problems=tuple(sorted(dict.fromkeys(found), key=lambda p: p.place)),
        proofs=proofs,
        flows={name: flow for name, (flow, _) in folder.flows.items()},
        unserved={name: problems for name, problems in unserved.items() if problems},
        editions=editions,
        terms=terms,
    )


def insist(loaded: Loaded) -> Loaded:
    """Return what was loaded, or raise ``DocumentBroken`` with every error in it."""
    if loaded.errors:
        raise DocumentBroken(loaded.errors)
    return loaded


def broken(proof: Proof) -> Problem | None:
    """Return a promise that does not hold as a problem; a claim about time is the clock's, and none."""
    if proof.holds is not False:
        return None
    said = str(proof).partition("\n")[0]
    return Problem(proof.claim.place, said, proof.witness)


def _unserved(policy: Policy, flow: Flow, problems: tuple[Problem, ...]) -> Iterator[Problem]:
    yield from problems
    if not problems:
        coverage = Coverage(policy)
        yield from check_flow(flow, coverage)
        yield from check_subjects(flow, coverage)
        yield from check_meanings(flow, coverage)


def _content(policy: Policy, folder: Folder) -> Iterator[Problem]:
    """Yield what keeps offers, messages, the company's own pages and their tools from being served."""
    coverage = Coverage(policy)
    yield from check_fields(policy)
    yield from check_offers(folder.offers, coverage, str(folder.path / "offers.toml"))
    yield from check_social(folder.site, str(folder.path / "site.toml"))
    yield from check_slots(folder.site, str(folder.path / "site.toml"))
    yield from check_contests(folder.site, policy, str(folder.path / "site.toml"))
    yield from check_purchases(folder.site, policy, str(folder.path / "site.toml"))
    yield from check_content(folder.site, coverage, str(folder.path / "site.toml"))
    yield from check_house_ads(folder.site, policy, str(folder.path / "site.toml"))
    yield from check_orders(folder.orders, coverage, str(folder.path / "orders.toml"))
    for message, problems in folder.messages.values():
        yield from problems or check_message(message, coverage)
    yield from check_trackers(policy, folder.site)
    yield from check_links(folder.site, str(folder.path / "site.toml"))
    yield from check_staff(policy, {key.name: key.roles for key in folder.staff if key.kind == "staff"})
    for _, wrong in folder.pages.values():
        yield from wrong


def _examples(folder: Folder, kernel: Kernel) -> Iterator[Problem]:
    examples, problems = read_examples(folder.examples, str(folder.path / "examples.md"))
    yield from problems
    yield from judge_all(examples, kernel.decide)
