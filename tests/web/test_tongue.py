"""Tongue: no sentence of the pages is left in English for a Norwegian reader."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from troth.web.me.rights import WORDS
from troth.web.problems import PLAIN
from troth.web.tongue import words

WEB = Path(__file__).parents[2] / "src" / "troth" / "web"
SAID = re.compile(r"""_\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""")


def sentences() -> set[str]:
    found = {a or b for p in (WEB / "templates").rglob("*.html") for a, b in SAID.findall(p.read_text())}
    return found | set(WORDS.values()) | {text for pair in PLAIN.values() for text in pair}


def test_every_sentence_of_the_pages_has_its_norwegian() -> None:
    assert sorted(sentences() - set(words("nb"))) == []


def test_what_is_filled_in_has_the_same_blanks_in_both_languages() -> None:
    odd = [
        en for en, nb in words("nb").items() if set(re.findall(r"{\w+}", en)) != set(re.findall(r"{\w+}", nb))
    ]

    assert odd == []


def test_the_browsers_language_chooses_and_the_link_overrules(web: Any) -> None:
    norsk = {"accept-language": "nn-NO,nb;q=0.8,en;q=0.5"}
    by_browser = web.get("/smoc/signin", headers=norsk)
    by_link = web.get("/smoc/signin?lang=en", headers=norsk)
    flow = web.get("/smoc/f/summer", headers=norsk)

    assert '<html lang="nb">' in by_browser.text
    assert "Vi sender en kode" in by_browser.text
    assert "We send a code" in by_link.text
    assert "En sommer med Bryggen Kaffe" in flow.text
