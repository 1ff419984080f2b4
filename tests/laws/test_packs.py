"""The law packs are documents in the same language: they parse, hold together, and name their articles."""

from __future__ import annotations

import pytest
from tests.policy.club import Change, policy

from troth.document import read
from troth.kernel import compile, prove
from troth.laws import packs
from troth.policy import check, errors, parse
from troth.policy.check_disclosures import BARS, DISCLOSURES
from troth.policy.model import Data, Ground, Keep, Purpose, Required, Right

RIGHTS = {"access", "correct", "erase", "restrict", "carry", "object", "withdraw", "complain", "review"}


@pytest.mark.parametrize("name", sorted(packs()))
def test_a_law_pack_is_a_document_without_a_fault(name: str) -> None:
    text = packs()[name]

    found = check(parse(text, f"{name}.md"), read(text, f"{name}.md"))

    assert errors(found) == ()


@pytest.mark.parametrize("name", ["gdpr", "uk-gdpr"])
def test_every_right_of_the_person_has_its_article(name: str) -> None:
    rights = {r.name: r for r in parse(packs()[name], f"{name}.md").of(Right)}

    assert set(rights) == RIGHTS
    assert all(r.article.startswith("Art. ") for r in rights.values())
    assert {str(r.within) for r in rights.values() if r.name != "complain"} == {"1 month"}


@pytest.mark.parametrize("name", ["gdpr", "uk-gdpr"])
def test_the_gate_finds_a_category_for_each_kind_of_record_it_writes(name: str) -> None:
    policy = parse(packs()[name], f"{name}.md")
    records = {d.records: d.name for d in policy.of(Data) if d.records}
    kept = {d for k in policy.of(Keep) for d in k.data}

    assert set(records) == {"consents", "requests", "events", "silence", "trail", "register"}
    assert set(records.values()) == kept


@pytest.mark.parametrize("name", sorted(packs()))
def test_a_law_gives_its_own_purposes_their_ground_by_name(name: str) -> None:
    policy = parse(packs()[name], f"{name}.md")
    grounds = [g for p in policy.of(Purpose) for b in p.bases for g in b.grounds]

    assert grounds
    assert all(g == Ground("legal obligation", g.name) and g.name.startswith(policy.title) for g in grounds)


def test_every_disclosure_that_a_pack_requires_has_its_check_and_its_article() -> None:
    required = [r for name in packs() for r in parse(packs()[name], f"{name}.md").of(Required)]

    assert {r.what for r in required} == {*DISCLOSURES, *BARS}
    assert all(r.article for r in required)


@pytest.mark.parametrize("name", ["gdpr", "uk-gdpr"])
def test_a_machine_that_decides_for_an_interest_is_found_out_by_the_proof(name: str) -> None:
    def claims(*changes: Change) -> dict[str, bool]:
        club = policy(("under gdpr, accounting-no", f"under {name}"), *changes)
        return {p.claim.text: bool(p.holds) for p in prove(compile(club))}

    safety = (
        'purpose safety "Keep the site working and safe"',
        'purpose safety "Keep" decides automatically',
    )

    assert claims()["never decide automatically any on legitimate interest"] is True
    assert claims(safety)["never decide automatically any on legitimate interest"] is False
