"""A document is read into sections, prose and rule blocks, and every node knows its line."""

from __future__ import annotations

import pytest

from troth.document import WrongEncoding, phrases, read
from troth.terms import TrothError

TEXT = """# The club

Welcome.

## 4.1 News and offers
We write [twice](label:news).

```troth
keep visit 30 days
```

```python
not = "a rule"
```

## What else
"""


def test_a_section_is_called_by_its_number_and_else_by_its_words() -> None:
    found = [(s.ref, s.title, s.line, s.level) for s in read(TEXT, "p.md").sections]

    assert found == [
        ("the-club", "The club", 1, 1),
        ("4.1", "News and offers", 5, 2),
        ("what-else", "What else", 16, 2),
    ]


def test_a_block_of_rules_knows_the_line_of_its_first_rule() -> None:
    section = read(TEXT, "p.md").section("4.1")

    assert section is not None
    assert [(b.text, b.line) for b in section.blocks] == [("keep visit 30 days\n", 9)]
    assert TEXT.splitlines()[8] == "keep visit 30 days"


def test_a_block_in_another_language_is_prose() -> None:
    section = read(TEXT, "p.md").section("4.1")

    assert section is not None
    assert [p.line for p in section.prose] == [6, 12]


def test_html_stays_text() -> None:
    assert read("<script>alert(1)</script>\n", "p.md").sections[0].prose[0].text.startswith("<script>")


def test_two_sections_of_one_number_are_told_apart() -> None:
    assert [s.ref for s in read("## 1 A\n## 1 B\n", "p.md").sections] == ["1", "1:2"]


def test_wrong_bytes_are_refused_with_their_offset() -> None:
    with pytest.raises(WrongEncoding, match="not UTF-8 at byte 4") as caught:
        read(b"abcd\xff", "p.md")

    assert isinstance(caught.value, TrothError)
    assert caught.value.offset == 4


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    assert read(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode(), "p.md") == read(TEXT, "p.md")


def test_a_bound_phrase_knows_its_line_and_column() -> None:
    section = read(TEXT, "p.md").section("4.1")

    assert section is not None
    assert [(p.text, p.kind, p.name, p.line, p.column) for p in phrases(section.prose[0])] == [
        ("twice", "label", "news", 6, 10)
    ]
