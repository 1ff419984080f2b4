"""Files and pipes."""

from __future__ import annotations

import json

import pytest

from troth.scrub import BadLine, lines


def test_json_lines_become_spans_and_text() -> None:
    (line,) = lines(['{"text": "skriv til ola@x.no", "lang": "no"}\n'])

    assert json.loads(line) == {"spans": [[10, 18, "EMAIL"]], "text": "skriv til [EMAIL_1]"}


def test_plain_text_is_read_whole() -> None:
    assert list(lines(["write to\n", "ola@x.no\n"])) == ["write to", "[EMAIL_1]"]


@pytest.mark.parametrize("bad", ["not json", '{"text": 3}', "[1]"])
def test_a_line_that_cannot_be_read_stops_the_file(bad: str) -> None:
    with pytest.raises(BadLine, match="line 2"):
        list(lines(['{"text": "a"}', bad]))
