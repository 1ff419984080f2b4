"""The shop's folder speaks of every promise in its catalogue, and what it serves can be read."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from troth.cli import main
from troth.services import read_flow
from troth.services.orders import read_orders

HERE = Path(__file__).parent
COMPANY = HERE.parents[1] / "companies" / "smarti"


def test_every_promise_of_the_catalogue_is_cited_and_nothing_else() -> None:
    with (HERE / "catalogue" / "smarti.toml").open("rb") as file:
        promised = {c["id"] for c in tomllib.load(file)["clause"]}

    cited = set(re.findall(r"smarti-\d+\.\d+", (COMPANY / "policy.md").read_text("utf-8")))

    assert cited == promised


def test_the_folder_has_nothing_to_mend_and_its_examples_are_decided_as_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = main(["check", str(COMPANY)])

    assert (code, "0 to mend" in capsys.readouterr().out) == (0, True)


def test_every_promise_over_all_situations_holds(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["prove", str(COMPANY)])
    told = capsys.readouterr().out.splitlines()

    assert code == 0
    assert len(told) > 20
    assert {line.rpartition(": ")[2] for line in told} == {"holds"}


def test_the_folder_holds_no_python() -> None:
    kinds = {p.suffix for p in COMPANY.rglob("*") if p.is_file()}

    assert kinds <= {".md", ".toml", ".lock"}


def test_the_way_in_reads_without_a_problem_in_both_languages() -> None:
    flow, problems = read_flow((COMPANY / "flows" / "register.md").read_text("utf-8"), "flows/register.md")

    assert problems == ()
    assert not flow.draft
    assert flow.event == "registered"
    assert flow.spoken("nb").title == "Åpne en konto"


def test_what_is_sold_has_a_name_in_norwegian_and_a_price() -> None:
    with (COMPANY / "orders.toml").open("rb") as file:
        orders, problems = read_orders(tomllib.load(file), "orders.toml")

    assert problems == ()
    assert {p.spoken("nb") for p in orders.products} == {
        "SMARTi-sentral",
        "Dørlås",
        "Vindussensor",
        "Strømmåler",
    }


@pytest.mark.clause("smarti-6.1")
def test_the_credit_stands_with_its_link_and_no_rule_hangs_on_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (COMPANY / "policy.md").read_text("utf-8")
    line = next(x for x in text.splitlines() if "gdprcontrol.no" in x)
    main(["prove", str(COMPANY)])
    before = capsys.readouterr().out
    home = tmp_path / "smarti"
    home.mkdir()
    (home / "policy.md").write_text(text.replace(line, ""), "utf-8")
    (home / "site.toml").write_bytes((COMPANY / "site.toml").read_bytes())
    main(["prove", str(home)])

    assert "](https://gdprcontrol.no)" in line
    assert text.rstrip().endswith(line)
    assert capsys.readouterr().out == before
