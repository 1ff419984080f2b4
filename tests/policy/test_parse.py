"""A document is read whole, or everything that is wrong with it is said at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from troth.laws import packs
from troth.policy import DocumentBroken, Policy, parse
from troth.policy.grammar import grammar
from troth.policy.model import (
    Area,
    Claim,
    Consent,
    Controller,
    Cookie,
    Data,
    Door,
    Event,
    Fact,
    Ground,
    Keep,
    OptOut,
    Purpose,
    Recipient,
    Span,
    Tell,
)
from troth.policy.parse import HEADERS, SHAPES
from troth.terms import Form

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests/document"


def rules(text: str, laws: Mapping[str, str] | None = None) -> Policy:
    return parse(f"# Club\n\n```troth\n{text}\n```\n", "policy.md", packs=laws)


def faults(text: str) -> str:
    with pytest.raises(DocumentBroken) as broken:
        rules(text)
    return str(broken.value)


@pytest.mark.parametrize("shape", [*HEADERS, *SHAPES], ids=lambda shape: shape.words)
def test_every_statements_example_parses(shape: object) -> None:
    policy = rules(shape.example, {"gdpr": ""})  # type: ignore[attr-defined]

    assert policy.statements or shape in HEADERS


def test_the_grammar_page_is_what_the_tables_say() -> None:
    assert (ROOT / "docs/grammar.md").read_text("utf-8") == grammar()


@pytest.mark.parametrize("path", sorted((CASES / "bad").glob("*.md")), ids=lambda path: path.stem)
def test_a_bad_document_says_all_that_is_wrong(path: Path) -> None:
    """The expected text stands beside the document, in a file of its name that ends in ``.txt``."""
    with pytest.raises(DocumentBroken) as broken:
        parse(path.read_bytes(), path.name, packs=packs())

    assert f"{broken.value}\n" == path.with_suffix(".txt").read_text("utf-8")


@pytest.mark.parametrize("path", sorted((CASES / "good").glob("*.md")), ids=lambda path: path.stem)
def test_a_good_document_parses(path: Path) -> None:
    assert parse(path.read_bytes(), path.name, packs=packs()).statements


def test_the_companys_document_parses_whole() -> None:
    text = (ROOT / "companies/smoc/policy.md").read_text("utf-8")
    policy = parse(text, "policy.md", packs=packs())
    counts = Counter(type(s).__name__ for s in policy.statements)
    lines = [line.split() for line in text.splitlines() if line and not line[0].isspace()]
    begun = Counter(words[0] for words in lines if len(words) > 1)

    assert [pack.title for pack in policy.packs] == [
        parse(packs()[n], n).title for n in ("gdpr", "accounting-no")
    ]
    assert (policy.version, policy.since, policy.zone) == ("1", date(2024, 1, 1), "Europe/Oslo")
    for word, kind in [
        ("purpose", Purpose),
        ("data", Data),
        ("consent", Consent),
        ("keep", Keep),
        ("fact", Fact),
    ]:
        assert counts[kind.__name__] == begun[word], word
    assert counts["Area"] == 4
    assert counts["Claim"] == begun["never"]


def test_bytes_that_are_no_utf_8_are_one_problem() -> None:
    with pytest.raises(DocumentBroken, match=r"policy.md:1:1  the file is not UTF-8"):
        parse(b"caf\xe9", "policy.md")


def test_two_faults_are_shown_at_once_in_the_order_of_their_lines() -> None:
    assert faults("consent news\nkep visit 30 days") == (
        'policy.md:4:13  a text in quotes ("…") is missing here\n'
        "policy.md:5:1  'kep' begins no statement\n  did you mean 'keep'?"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "share a with b for c as anonymus",
            "policy.md:4:25  'anonymus' is no form\n  did you mean 'anonymous'?",
        ),
        ("keep a 30 dais after b", "'dais' is no unit of time\n  did you mean 'days'?"),
        ("keep a three days after b", "'three' is not understood here"),
        (
            "data a from person\n  x emial",
            "policy.md:5:5  'emial' is no type of field\n  did you mean 'email'?",
        ),
        ("data a as nonsense", "'nonsense' is neither a form nor a DPV term"),
        ('consent a "May we?', "policy.md:4:11  text without an end"),
        ("version 1 since 2024-13-01", "'2024-13-01' is no date; write YYYY-MM-DD"),
        ('consent a "?" age 13 age 14', "'age' settles what this statement has settled"),
        ("share a for b", "policy.md:4:14  'with NAME, …' is missing in this statement"),
        ("purpose a\n  uses b", "policy.md:5:3  'uses' has no ground\n  begin with: on GROUND"),
        ("purpose a\n  on contract", "this ground carries no data"),
        (
            "purpose a\n  on consnet b\n  uses c",
            "'consnet' is not understood here\n  did you mean 'consent'?",
        ),
        ("reads b", "'reads' begins no statement"),
        ("joint flow", "'joint' begins no statement\n  did you mean 'joint controller'?"),
        ("keep a 1 day after b unless c and d", "'unless' takes alternatives"),
        ("under gpdr", "no law pack 'gpdr'"),
        ("label:", "a label stands here without a rule"),
        ('data a "A"\ndata a "B"', "policy.md:5:1  data 'a' is declared twice, first on line 4"),
        ("keep a 5 years 3 days after b", "a length of years and days is not understood"),
        ("data a\n  x number 1..z", "'1..z' is no range"),
        ("financial-year ends 30 Juni", "'Juni' is no month\n  did you mean 'June'?"),
        (
            "purpose a\n  on contract f\n  on consent c when g\n  uses d",
            "policy.md:6:3  grounds that stand for one another have one condition",
        ),
        ("counter hits", "'of NAME, …' is missing in this statement"),
        ("never shar a", "'shar' is not understood here\n  did you mean 'share'?"),
    ],
)
def test_a_fault_says_what_where_and_what_to_do(text: str, said: str) -> None:
    assert said in faults(text)


def test_a_law_unknown_to_the_packs_is_a_problem_with_the_nearest_name() -> None:
    with pytest.raises(DocumentBroken, match="did you mean 'gdpr'"):
        rules("under gpdr", {"gdpr": ""})


def test_a_fault_in_a_law_pack_names_the_pack() -> None:
    with pytest.raises(DocumentBroken, match=r"gdpr.md:2:1  'kep' begins no statement"):
        rules("under gdpr", {"gdpr": "```troth\nkep a\n```\n"})


def test_a_rule_knows_its_clause_its_place_and_the_sentence_that_made_it() -> None:
    text = (
        "# Club\n## 4.1 News\nWe write. We keep the log [30 days](keep:visit).\n\nMore.\n\n"
        "```troth\nlog: keep visit 30 days after end-of-visit\n```\n"
    )
    (keep,) = parse(text, "policy.md").of(Keep)

    assert str(keep.clause) == "§4.1 (line 8)"
    assert (keep.clause.title, keep.clause.path) == ("News", "policy.md")
    assert keep.clause.sentence == "We keep the log 30 days."
    assert str(keep.place) == "policy.md:8:6"
    assert keep.label == "log"


def test_a_ground_owns_the_lines_up_to_the_next_and_grounds_in_a_row_are_alternatives() -> None:
    policy = rules(
        "purpose a profiling, direct marketing\n  on contract f when g\n  on consent c when g\n"
        "  uses d, e.x\n"
        "  on instruction\n  reads d as pseudonymous unless h, under 18\n  objection weighed within 1 month"
    )
    (purpose,) = policy.of(Purpose)
    first, second = purpose.bases

    assert [(g.kind, g.name) for g in first.grounds] == [("contract", "f"), ("consent", "c")]
    assert first.guard.when == (("g",),)
    assert [(u.data, u.field, u.reads) for u in first.uses] == [("d", "", False), ("e", "x", False)]
    assert second.grounds == (Ground("instruction"),)
    assert (second.uses[0].form, second.uses[0].guard.unless) == (Form.PSEUDONYMOUS, ("h",))
    assert second.uses[0].guard.under_age == 18
    assert purpose.marks == {"profiling", "direct marketing"}
    assert (purpose.objection, purpose.objection_within) == ("weighed", Span(1, "month"))


def test_a_purpose_may_stand_on_one_line() -> None:
    (purpose,) = rules("purpose a direct marketing on consent c uses d reads e").of(Purpose)

    assert [u.reads for u in purpose.bases[0].uses] == [False, True]


def test_when_takes_commas_as_and_and_or_between_groups() -> None:
    (door,) = rules("share a with b for c when x, y or z unless v or w from age 16 in NO").of(Door)

    assert door.guard.when == (("x", "y"), ("z",))
    assert door.guard.unless == ("v", "w")
    assert (door.guard.from_age, door.guard.place) == (16, "NO")


def test_several_parties_make_several_doors_each_with_its_duty_to_tell() -> None:
    policy = rules("share a with b, c for d\n  tell person by email 30 days before")

    assert [d.party for d in policy.of(Door)] == ["b", "c"]
    assert [t.about for t in policy.of(Tell)] == ["share b", "share c"]
    assert policy.of(Tell)[0].within == Span(30, "day")
    assert policy.of(Tell)[0].before


def test_what_data_derive_from_is_told_from_where_they_come_from() -> None:
    policy = rules("data a from person, b, shop\ndata b from device")

    assert policy.of(Data)[0].sources == ("person", "shop")
    assert policy.of(Data)[0].inputs == ("b",)


def test_claims_keep_their_selectors() -> None:
    claims = rules(
        "never share with b except as totals of 10\nnever use any but a, b for direct marketing under 18\n"
        "never collect any from anyone but person, device\n"
        "never use any on legitimate interest except d for p\n"
        "never decide automatically\nalways show a to r for p while f"
    ).of(Claim)

    assert (claims[0].data, claims[0].except_form, claims[0].except_at_least) == (
        ("any",),
        Form.ANONYMOUS,
        10,
    )
    assert (claims[1].data, claims[1].purposes) == (("any but a, b",), ("direct marketing",))
    assert claims[1].guard.under_age == 18
    assert claims[2].sources_but == ("person", "device")
    assert claims[3].purposes == ("on legitimate interest",)
    assert (claims[3].except_data, claims[3].except_purposes) == (("d",), ("p",))
    assert (claims[4].verb, claims[4].data) == ("decide", ())
    assert (claims[5].kind, claims[5].while_fact, claims[5].parties) == ("always", "f", ("r",))
    assert claims[0].text == "never share any with b except as totals of 10"


def test_periods_are_read_with_their_events_and_bounds() -> None:
    keeps = rules(
        "keep a 5 years after end of financial-year of settled because books\n"
        "keep b while active, then 30 days, then anonymise\n"
        "keep c.x 3 years 6 months after e, at latest 4 years after f\n"
        "keep d without end"
    ).of(Keep)

    assert (keeps[0].span, keeps[0].end_of, keeps[0].after) == (Span(5, "year"), "financial-year", "settled")
    assert (keeps[1].while_fact, keeps[1].then_span, keeps[1].outcome) == (
        "active",
        Span(30, "day"),
        "anonymise",
    )
    assert (keeps[2].span, keeps[2].at_latest) == (Span(42, "month"), Span(4, "year"))
    assert keeps[2].at_latest_after == "f"
    assert keeps[3].without_end


def test_events_and_facts_are_read_with_their_moments() -> None:
    policy = rules(
        "event over is out or 30 minutes without request or 1 day after start\n  restarts at again\n"
        "  paused from a to b\n  at most 13 years in all\nevent out, request\n"
        "fact deal of company from signed or start until f ends for 2 years "
        "approved by boss, other names party"
    )
    over = policy.of(Event)[0]
    (deal,) = policy.of(Fact)

    assert [m[0] for m in over.alternatives] == ["is", "without", "after"]
    assert (over.restarts_at, over.paused, over.at_most) == (("again",), (("a", "b"),), Span(13, "year"))
    assert [e.name for e in policy.of(Event)] == ["over", "out", "request"]
    assert (deal.of, deal.starts, deal.ends) == ("company", ("signed", "start"), (("is", None, "f ends"),))
    assert (deal.lasts, deal.approved_by, deal.by_other, deal.names) == (
        Span(2, "year"),
        "boss",
        True,
        ("party",),
    )


def test_open_classes_areas_and_doors_to_object_are_read() -> None:
    policy = rules(
        'recipient shop "A shop" joint controller in EEA each needs country, contract\n'
        'area talk "Talks" processor for shop apart by shop stay in NO requests to clerk\n'
        'consent news "May {shop} write?" per shop, purpose of both confirmed\n'
        'opt out of p by link "Stop", signal Sec-GPC, email stop@club.example, subject "No" within 1 day\n'
        "cookie c in talk for p necessary lasts session same for everyone\n  host a.example, b.example"
    )
    (shop,), (talk,) = policy.of(Recipient), policy.of(Area)
    (news,), (door,) = policy.of(Consent), policy.of(OptOut)

    assert (shop.role, shop.each, shop.needs) == ("joint controller", True, ("country", "contract"))
    assert (talk.role, talk.party, talk.apart, talk.apart_by) == ("processor", "shop", False, "shop")
    assert (news.per, news.per_member, news.of_both) == (("shop", "purpose"), True, True)
    assert door.ways == (
        ("link", "Stop"),
        ("signal", "Sec-GPC"),
        ("email", "stop@club.example"),
        ("subject", "No"),
    )
    assert (policy.of(Cookie)[0].lasts, policy.of(Cookie)[0].hosts) == ("session", ("a.example", "b.example"))


def test_a_setting_is_named_where_its_value_will_stand() -> None:
    (controller,) = rules('controller "Club" in NO added\n  contact setting privacy-mail').of(Controller)

    assert controller.contact == "setting privacy-mail"
    assert controller.added


def test_a_block_that_was_never_closed_is_told_once_with_the_line_where_it_begins() -> None:
    with pytest.raises(DocumentBroken) as broken:
        parse("## 1 Who\n```troth\nlanguage en\n\n## 2 What\nProse.\n\n```troth\nstore in NO\n```\n", "p.md")

    assert str(broken.value) == (
        "p.md:8:1  a block begins here inside the rules of line 3, which were never closed\n"
        "  write ``` on a line of its own where those rules end"
    )


def test_a_line_that_lost_its_indent_is_told_where_it_belongs() -> None:
    with pytest.raises(DocumentBroken, match="it belongs to 'purpose': write it below that, two spaces in"):
        rules("purpose a\n  on contract\nuses d")
