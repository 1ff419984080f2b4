"""Letters as they come over the wire: who wrote, what it says, and whether a machine wrote it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troth.policy.model import OptOut, Policy
from troth.services.incoming import NoLetter, folded, opting_out, read_letter, wanted_subject

BOX = "stop@club.example"
DOOR = OptOut(purposes=("news",), ways=(("email", BOX), ("subject", "Stop it all")))


def raw(
    subject: str = "Stop it all", body: str = "", *, sender: str = "a@b.example", more: str = ""
) -> bytes:
    return f"From: {sender}\nSubject: {subject}\n{more}\n{body}\n".encode()


@pytest.mark.parametrize(
    ("subject", "opens"),
    [
        ("Stop it all", True),
        ("  STOP\tit   all ", True),
        ("=?utf-8?q?Stop_it?= =?utf-8?q?_all?=", True),
        ("Re: Stop it all", False),
        ("Stop it all.", False),
        ("Stop", False),
    ],
)
def test_the_exact_subject_opens_the_door_however_it_is_written(subject: str, opens: bool) -> None:
    policy, letter = Policy((DOOR,)), read_letter(raw(subject), mailbox=BOX)

    assert bool(opting_out(policy, letter)) is opens


def test_another_mailbox_has_no_such_door() -> None:
    policy = Policy((DOOR,))

    assert opting_out(policy, read_letter(raw(), mailbox="other@club.example")) == ()
    assert (wanted_subject(policy, BOX), wanted_subject(policy, "other@club.example")) == ("Stop it all", "")


@pytest.mark.parametrize("sender", ["", "nobody", "a@b.example, c@d.example", "<>", "a@b"])
def test_a_letter_of_no_one_address_is_none(sender: str) -> None:
    with pytest.raises(NoLetter):
        read_letter(raw(sender=sender), mailbox=BOX)


def test_what_is_shown_to_a_reader_is_read_and_scripts_and_attachments_are_not() -> None:
    page = (
        'Content-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/html\n\n'
        "<style>p{}</style><p>Hello<br>you</p><script>steal()</script>\n--x\n"
        "Content-Type: application/pdf\nContent-Disposition: attachment\n\nsecret\n--x--\n"
    )
    letter = read_letter(b"From: a@b.example\nSubject: Hi\n" + page.encode(), mailbox=BOX)

    assert letter.text.split() == ["Hello", "you"]


@pytest.mark.parametrize(
    "header", ["Auto-Submitted: auto-replied", "Precedence: bulk", "List-Id: <x.example>", "Return-Path: <>"]
)
def test_a_machine_is_known_by_its_headers(header: str) -> None:
    assert read_letter(raw(more=header + "\n"), mailbox=BOX).automatic
    assert read_letter(raw(), mailbox=BOX, returns="").automatic
    assert not read_letter(raw(more="Auto-Submitted: no\n"), mailbox=BOX).automatic


def test_a_message_of_very_many_parts_is_refused() -> None:
    parts = "".join(f"--x\nContent-Type: text/plain\n\n{n}\n" for n in range(80))
    head = b'From: a@b.example\nContent-Type: multipart/mixed; boundary="x"\n\n'
    with pytest.raises(NoLetter):
        read_letter(head + parts.encode() + b"--x--\n", mailbox=BOX)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(noise: bytes) -> None:
    for message in (noise, b"From: a@b.example\nSubject: " + noise, raw() + noise):
        try:
            letter = read_letter(message, mailbox=BOX)
        except NoLetter:
            continue

        assert "\x00" not in letter.text
        assert folded(letter.subject) == folded(folded(letter.subject))
