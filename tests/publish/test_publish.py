"""Publish: the page, the record, the vocabulary and the receipts say the same, and say all of it."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from troth.document import read
from troth.laws import packs
from troth.policy import model as m
from troth.policy import parse
from troth.publish import facts, gpc, notices, publish, receipt, sentences
from troth.publish.tongues import TONGUES
from troth.publish.words import Words
from troth.terms import Clause, Form

ROOT = Path(__file__).parents[2]
GAP = re.compile(r"\{\w+\}")
HOW = Clause("2.1", 12, "How long")
WHY = Clause("1", 3, "Why")
PROSE = """# The club and your data

Hello.

## 1 Why

We run the club <script>alert(1)</script> and [write](javascript:alert(1)).

## 2.1 How long

We keep the log [30 days](keep:visit), and you may read [the law](https://law.example).
"""
POLICY = m.Policy(
    (
        m.Controller(name="Club <AS>", country="NO", contact="setting mail", clause=WHY),
        m.Area(name="talks", role="processor", party="brand"),
        m.Data(name="visit", text="Technical log", sources=("device",), dpv="pd:Device", clause=WHY),
        m.Data(name="taste", text="What you like", sources=("person",), area="talks", special=True),
        m.Purpose(
            name="safety",
            text="Keep it safe",
            clause=WHY,
            bases=(
                m.Basis((m.Ground("legitimate interest", "a safe site"),), (m.Use("visit"),)),
                m.Basis((m.Ground("legal obligation", "Security Act"),), (m.Use("visit"),)),
            ),
        ),
        m.Purpose(
            name="offers",
            text="Find offers",
            marks=frozenset({"direct marketing"}),
            bases=(m.Basis((m.Ground("consent", "tasting"),), (m.Use("taste"),)),),
            clause=WHY,
        ),
        m.Consent(name="tasting", question="May we?", age=16, clause=WHY),
        m.Recipient(name="brand", text="Brands", role="controller", each=True, clause=WHY),
        m.Door(
            verb="share",
            data=("taste",),
            party="brand",
            purposes=("offers",),
            form=Form.ANONYMOUS,
            guard=m.Guard(when=(("market-own",),), unless=("under 18",)),
            added=True,
            clause=WHY,
        ),
        m.Keep(data=("visit",), span=m.Span(30, "day"), after="visit-end", clause=HOW),
        m.Keep(data=("taste",), while_fact="active", then_span=m.Span(1, "month"), clause=HOW),
        m.Cookie(name="film", text="Plays a film", consent="tasting", lasts="6 months", named=("_f",)),
        m.OptOut(purposes=("safety",), ways=(("signal", "Sec-GPC"), ("page", "")), says="It stops."),
        m.Whereabouts(verb="store in", places=("NO", "IE")),
        m.Claim(kind="never", verb="share", data=("any",), parties=("brand",), except_form=Form.ANONYMOUS),
    ),
    title="The club and your data",
    version="3",
    since=date(2026, 1, 2),
)
SITE = {"settings": {"mail": "privacy@club.example"}}
PARTIES = {"brand": {"acme": {"title": "Acme <b>", "country": "NO"}, "zeta": {"country": "SE"}}}
DOCUMENT = read(PROSE, "policy.md")


class Page(HTMLParser):
    """The text, the ids and the links of a page; a script element fails."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.ids += [value or "" for key, value in attrs if key == "id"]
        self.links += [value or "" for key, value in attrs if key == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(publish(POLICY, DOCUMENT, SITE, PARTIES)["notice.html"])


def test_every_section_carries_the_anchor_of_its_clause(page: Page) -> None:
    assert {WHY.anchor, HOW.anchor} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_every_link_inside_the_notice_leads_somewhere(page: Page) -> None:
    inside = {link[1:] for link in page.links if link.startswith("#")}

    assert inside
    assert inside <= set(page.ids)


def test_a_bound_phrase_leads_to_the_sentence_of_its_rule(page: Page) -> None:
    assert "#rule-keep-visit" in page.links


def test_neither_prose_nor_a_label_can_bring_a_script_into_the_notice(page: Page) -> None:
    assert "script" not in page.tags
    assert "b" not in page.tags
    assert "<script>alert(1)</script>" in page.text
    assert not [link for link in page.links if link.startswith("javascript")]


def test_the_members_of_an_open_class_are_named(page: Page) -> None:
    assert "Acme <b> (NO)" in page.text
    assert "zeta (SE)" in page.text


def test_what_was_added_is_marked(page: Page) -> None:
    assert "°" in page.text


def test_the_contact_comes_from_the_settings(page: Page) -> None:
    assert "privacy@club.example" in page.text


def test_the_objection_stands_in_a_box_of_its_own_before_the_rest(page: Page) -> None:
    body = publish(POLICY, DOCUMENT, SITE, PARTIES)["notice.html"]

    assert body.index('id="objection"') < body.index(f'id="{WHY.anchor}"')
    assert "It stops." in page.text
    assert "Find offers" in body[body.index('id="objection"') : body.index("</aside>")]


def test_each_table_stands_closed_after_the_prose_and_every_cell_names_its_column() -> None:
    body = publish(POLICY, DOCUMENT, SITE, PARTIES)["notice.html"]
    tables = body[body.index('<section class="tables">') :]

    assert body.index(f'id="{HOW.anchor}"') < body.index('id="tables"')
    assert tables.count('<details class="table">') == tables.count('<div id="table-') > 4
    assert "<details open" not in body
    assert '<td role="cell" data-head="Kept">' in tables


def test_the_version_and_the_languages_are_said_once_and_only_by_the_page() -> None:
    body = publish(POLICY, DOCUMENT, SITE, PARTIES)["notice.html"]
    piece = notices(POLICY, DOCUMENT, SITE, PARTIES)["en"]

    assert body.count("Version 3") == body.count("Languages") == 1
    assert "Version 3" not in piece


def test_every_promise_is_said_in_norwegian_but_for_the_documents_own_labels() -> None:
    claim = m.Claim(
        kind="never",
        verb="use",
        data=("any but taste",),
        purposes=("on vital interest",),
        sources_but=("person",),
        except_data=("visit",),
        after_objection=True,
    )

    assert sentences(claim, Words(POLICY, "nb")) == (
        "Aldri: bruke annet enn What you like fra andre enn deg til noe på en livsviktig interesse "
        "etter en protest unntatt Technical log til noe formål.",
    )


def test_what_the_page_tells_in_tables_the_file_tells_too(page: Page) -> None:
    told = json.loads(publish(POLICY, DOCUMENT, SITE, PARTIES)["notice.json"])
    periods = [k["period"] for k in told["retention"]]

    assert periods == ["30 days after visit end", "while “active”, then 1 month more, kept but not used"]
    assert all(period in page.text for period in periods)


def test_no_condition_of_a_rule_is_left_out_of_its_sentence() -> None:
    door = POLICY.of(m.Door)[0]

    assert sentences(door, Words(POLICY)) == (
        "What you like may go to Brands, for “Find offers” (as numbers about groups, never a person), "
        "when “market own”, unless under 18.",
    )


def test_each_row_of_the_record_has_exactly_one_basis() -> None:
    texts = publish(POLICY, DOCUMENT, SITE, PARTIES)
    rows = list(csv.DictReader(io.StringIO(texts["record.csv"])))

    assert [(r["purpose"], r["basis"]) for r in rows] == [
        ("Keep it safe", "legitimate interest"),
        ("Keep it safe", "legal obligation"),
        ("Find offers", "consent"),
    ]
    assert rows == json.loads(texts["record.json"])
    assert rows[2]["role"] == "processor"
    assert rows[2]["on_behalf_of"] == "brand"
    assert rows[2]["special"] == "taste"
    assert rows[2]["recipients"] == "Brands: Acme <b> (NO), zeta (SE)"
    assert rows[0]["stored_in"] == "NO, IE"


def test_the_vocabulary_names_only_what_it_defines() -> None:
    graph = json.loads(publish(POLICY, DOCUMENT, SITE, PARTIES)["policy.jsonld"])["@graph"]
    defined = {node["@id"] for node in graph}
    process = next(node for node in graph if node["@id"] == "#process-offers-consent-tasting")

    assert process["dpv:hasPersonalData"] == [{"@id": "#data-taste"}]
    assert process["dpv:hasLegalBasis"]["@type"] == "eu-gdpr:A6-1-a"
    assert {
        one["@id"]
        for node in graph
        for key in ("dpv:hasPersonalData", "dpv:hasRecipient", "dpv:hasDataController")
        for one in node.get(key, ())
    } <= defined


def test_the_signal_file_says_whether_the_signal_is_honoured() -> None:
    assert gpc(POLICY) == {"gpc": True, "lastUpdate": "2026-01-02"}
    assert gpc(m.Policy())["gpc"] is False


def test_a_translation_carries_the_same_rules_under_the_same_anchors() -> None:
    prose = read(PROSE.replace("## 1 Why", "## 1 Hvorfor"), "policy.nb.md")
    found = notices(POLICY, DOCUMENT, SITE, PARTIES, translations={"nb": prose})
    pages = {language: Page(str(body)) for language, body in found.items()}

    assert set(pages) == {"en", "nb"}
    assert pages["nb"].ids == pages["en"].ids
    assert "30 dager" in pages["nb"].text
    assert "1 Hvorfor" in pages["nb"].text


@dataclass(frozen=True)
class Said:
    name: str
    given: bool
    at: datetime
    kind: str = "consent"
    text: str = "May we?"
    version: str = "3"
    language: str = "en"


def test_a_receipt_tells_yes_no_and_withdrawal_with_the_words_that_were_shown() -> None:
    now = datetime(2026, 11, 24, 10, tzinfo=UTC)
    acts = [Said("tasting", False, now), Said("tasting", True, now), Said("tasting", False, now)]
    told = facts(POLICY, SITE, PARTIES)
    made = receipt(told, [*acts, Said("x", True, now, kind="age")], person="p-1", at=now)

    assert [e["event_state"] for e in made["event"]] == [
        "consent refused",
        "consent given",
        "consent withdrawn",
    ]
    assert {e["wording"] for e in made["event"]} == {"May we?"}
    assert made["pii_processing"]["purposes"][0]["pii_information"] == ["What you like"]
    assert made["record_metadata"]["record_id"].startswith("urn:sha256:")
    assert made == receipt(told, acts, person="p-1", at=now)


@pytest.mark.parametrize(
    "folder", sorted((ROOT / "companies").glob("*/policy.md")), ids=lambda p: p.parent.name
)
def test_a_companys_own_notice_carries_every_clause_and_no_dead_link_in_every_language(folder: Path) -> None:
    policy = parse(folder.read_bytes(), str(folder), packs=packs())
    prose = {
        file.name.split(".")[1]: read(file.read_bytes(), str(file))
        for file in folder.parent.glob("policy.*.md")
    }
    found = notices(policy, read(folder.read_bytes(), str(folder)), translations=prose)
    pages = {language: Page(str(body)) for language, body in found.items()}

    for page in pages.values():
        inside = {link[1:] for link in page.links if link.startswith("#")}
        assert inside <= set(page.ids)
        assert len(page.ids) == len(set(page.ids))
        assert {s.clause.anchor for s in policy.statements} <= set(page.ids)
    assert len({tuple(sorted(page.ids)) for page in pages.values()}) == 1


def test_the_phrases_of_every_language_are_the_same_ones() -> None:
    assert len({frozenset(phrases) for phrases in TONGUES.values()}) == 1
    for key, phrase in TONGUES["en"].items():
        assert [set(GAP.findall(of[key])) for of in TONGUES.values()] == [set(GAP.findall(phrase))] * len(
            TONGUES
        )
