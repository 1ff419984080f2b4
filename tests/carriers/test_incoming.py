"""Whether a mail is its sender's own, and a listener that takes nothing it should not."""

from __future__ import annotations

import smtplib
from collections.abc import Callable

import dkim
import pytest
from letterbox import key, sent

from troth.carriers import Incoming, NotTaken, Verdict, authentic, listening

FROM = "kari@mail.club.example"


def dns(**names: str) -> Callable[[str], str]:
    """Answer for the names given, underscores standing for dots."""
    table = {"s1._domainkey.club.example": f"v=DKIM1; k=rsa; p={key()[1]}", **names}
    return lambda name: table.get(name.rstrip("."), "")


def signed(raw: bytes, domain: str) -> bytes:
    return (
        bytes(dkim.sign(raw, b"s1", domain.encode(), key()[0], include_headers=[b"from", b"subject"])) + raw
    )


@pytest.mark.parametrize(
    ("record", "signer", "verdict"),
    [
        ("v=DMARC1; p=reject", "club.example", Verdict("pass")),
        ("v=DMARC1; p=reject; adkim=s", "club.example", Verdict("fail", True)),
        ("v=DMARC1; p=quarantine", "", Verdict("fail", True)),
        ("v=DMARC1; p=none", "", Verdict("fail")),
        ("", "club.example", Verdict("pass")),
        ("", "", Verdict("none")),
    ],
)
def test_alignment_is_as_the_senders_domain_publishes_it(record: str, signer: str, verdict: Verdict) -> None:
    raw = sent(FROM, "a@b.example", "Hello")
    look = dns(**{"_dmarc.mail.club.example": record})

    assert authentic(signed(raw, signer) if signer else raw, "mail.club.example", look) == verdict


def test_a_signature_of_another_domain_or_over_other_words_proves_nothing() -> None:
    raw = sent(FROM, "a@b.example", "Hello")
    look = dns(
        **{
            "_dmarc.club.example": "v=DMARC1; p=reject",
            "s1._domainkey.other.example": f"v=DKIM1; k=rsa; p={key()[1]}",
        }
    )
    foreign = authentic(signed(raw, "other.example"), "mail.club.example", look)
    changed = authentic(
        signed(raw, "club.example").replace(b"Subject: Hello", b"Subject: Hollo"), "mail.club.example", look
    )

    assert foreign == Verdict("fail", True)
    assert changed == Verdict("fail", True)


def test_the_second_of_two_signatures_counts_as_well() -> None:
    raw = sent(FROM, "a@b.example", "Hello")
    look = dns(**{"_dmarc.club.example": "v=DMARC1; p=reject"})
    both = signed(signed(raw, "club.example"), "unknown.example")

    assert authentic(both, "mail.club.example", look) == Verdict("pass")


def test_a_letter_reaches_its_mailbox_and_no_other_and_an_error_lets_the_sender_try_again() -> None:
    taken: list[Incoming] = []

    def refuse(one: Incoming) -> None:
        raise NotTaken("not today", "550 5.7.1")

    def fail(one: Incoming) -> None:
        raise NotTaken("later", "451 4.3.0")

    boxes = {"A@club.example": taken.append, "no@club.example": refuse, "bad@club.example": fail}
    said: dict[str, int] = {}
    with listening("127.0.0.1", 0, boxes, largest=1000) as port:
        for box in ("a@club.example", "no@club.example", "bad@club.example", "x@club.example"):
            with smtplib.SMTP("127.0.0.1", port, timeout=5) as server:
                try:
                    server.sendmail(FROM, [box], sent(FROM, box, "Hello"))
                    said[box] = 250
                except smtplib.SMTPRecipientsRefused as no:
                    said[box] = next(iter(no.recipients.values()))[0]
                except smtplib.SMTPResponseException as no:
                    said[box] = no.smtp_code

    assert list(said.values()) == [250, 550, 451, 550]
    assert [(one.mailbox, one.returns) for one in taken] == [("a@club.example", FROM)]
