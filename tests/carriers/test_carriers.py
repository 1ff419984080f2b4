"""Carriers: nothing leaves without a permit, over real servers on this machine."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.message import Message as Parsed
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from troth.carriers import Mail, Mailbox, NotDelivered, NotSent, Outbox, Smtp, Webhook
from troth.carriers.party import payload, signature
from troth.kernel import compile
from troth.policy import model as m
from troth.terms import Action, Allowed, Permit, Request, State

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


def permit() -> Permit:
    """Let a kernel make a permit: nobody else can."""
    policy = m.Policy(
        (
            m.Data(name="contact", sources=("person",)),
            m.Purpose(
                name="news", bases=(m.Basis((m.Ground("legal obligation", "x"),), (m.Use("contact"),)),)
            ),
        )
    )
    decision = compile(policy).decide(Request(Action.USE, "contact", "news"), State(), NOW)
    assert isinstance(decision, Allowed)
    return decision.permit


MAIL = Mail(permit(), "kari@example.no", "Hei på deg", "Grüße fra klubben", NOW, "club@example.no")


class Inbox(Message):
    def __init__(self) -> None:
        super().__init__()
        self.got: list[Parsed] = []

    def handle_message(self, message: Parsed) -> None:
        self.got.append(message)


@pytest.fixture
def server() -> Iterator[tuple[Inbox, int]]:
    inbox = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield inbox, port
    controller.stop()


def test_a_message_arrives_at_a_real_server_with_its_way_out(server: tuple[Inbox, int]) -> None:
    inbox, port = server
    out = "https://club.example/stop/1"
    Smtp("127.0.0.1", port)(replace(MAIL, unsubscribe=out, list_id="news.club"))

    [got] = inbox.got
    assert got["To"] == "kari@example.no"
    assert got["List-Unsubscribe"] == f"<{out}>"
    assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert got["List-Id"] == "<news.club>"
    assert cast("bytes", got.get_payload(decode=True)).decode().strip() == "Grüße fra klubben"


def test_a_way_out_that_is_no_web_page_promises_no_single_click() -> None:
    names = [name for name, _ in replace(MAIL, unsubscribe="mailto:stop@club.example").headers()]

    assert names == ["List-Unsubscribe"]


def test_a_server_that_is_away_is_said_without_the_address() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NotSent) as told:
        Smtp("127.0.0.1", port, timeout=1)(MAIL)

    assert "kari" not in str(told.value)


def test_nothing_is_sent_without_a_permit() -> None:
    outbox = Outbox()
    with pytest.raises(NotSent):
        outbox(replace(MAIL, permit=cast("Permit", None)))

    assert outbox.mails() == ()


@pytest.mark.parametrize("name", ["to", "subject", "unsubscribe"])
def test_a_line_break_in_a_header_is_refused(name: str) -> None:
    with pytest.raises(NotSent):
        Outbox()(replace(MAIL, **cast("Any", {name: "a\r\nBcc: all@example.no"})))


def test_an_outbox_forgets_an_erased_address_and_its_oldest_messages() -> None:
    outbox = Outbox(kept=2)
    for to in ("old@example.no", "kari@example.no", "ola@example.no"):
        outbox(replace(MAIL, to=to))

    assert outbox.erase("KARI@example.no") == 1
    assert [mail.to for mail in outbox.mails()] == ["ola@example.no"]


def test_a_message_that_did_not_go_is_not_in_the_outbox() -> None:
    def away(mail: Mail) -> None:
        raise NotSent("away")

    outbox = Outbox(carrier=away)
    with pytest.raises(NotSent):
        outbox(MAIL)

    assert outbox.mails() == ()


def test_a_message_shows_nothing_personal_of_itself() -> None:
    assert "kari" not in repr(MAIL)
    assert "Hei" not in repr(MAIL)


@dataclass(frozen=True)
class Parcel:
    permit: Permit | None
    party: str = "roaster"
    member: str = ""
    body: Mapping[str, object] = field(default_factory=lambda: {"email": "kari@example.no"})
    kind: str = "share"


def test_a_partner_reads_its_own_deliveries_only() -> None:
    box = Mailbox()
    box(Parcel(permit(), "operator", "a"))
    box(Parcel(permit(), "operator", "b"))

    assert [d.member for d in box.of("operator", "a")] == ["a"]
    assert box.of("operator") == ()
    assert box.erase("kari@example.no") == 2
    assert box.of("operator", "a") == ()


def test_a_delivery_without_a_permit_goes_nowhere() -> None:
    with pytest.raises(NotDelivered):
        Mailbox()(Parcel(None))


def test_word_of_an_erasure_is_owed_and_names_data_only() -> None:
    box = Mailbox()
    word = Parcel(None, body={"data": "contact"}, kind="erasure")
    box(word)

    assert box.of("roaster") == (word,)
    assert json.loads(payload(word))["clauses"] == []


@pytest.fixture
def partner() -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]], list[int]]]:
    got: list[tuple[dict[str, str], bytes]] = []
    answers: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(answers.pop() if answers else 204)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}/in", got, answers
        listening.shutdown()
        thread.join()


Partner = tuple[str, list[tuple[dict[str, str], bytes]], list[int]]


def test_a_webhook_is_signed_so_that_the_partner_can_check_it(partner: Partner) -> None:
    url, got, _ = partner
    Webhook(url, b"secret", lambda: NOW)(Parcel(permit()))

    [(headers, body)] = got
    number, moment = headers["webhook-id"], int(headers["webhook-timestamp"])
    assert headers["webhook-signature"] == signature(b"secret", number, moment, body)
    assert json.loads(body)["data"] == {"email": "kari@example.no"}
    assert json.loads(body)["purpose"] == "news"
    assert body == payload(Parcel(permit()))


@pytest.mark.parametrize("status", [302, 500])
def test_a_partner_that_does_not_take_it_is_an_error_and_no_redirect_is_followed(
    partner: Partner, status: int
) -> None:
    url, got, answers = partner
    answers.append(status)
    with pytest.raises(NotDelivered) as told:
        Webhook(url, b"secret", lambda: NOW)(Parcel(permit()))

    assert len(got) == 1
    assert "kari" not in str(told.value)


def test_personal_data_do_not_go_over_plain_http_to_another_machine() -> None:
    with pytest.raises(NotDelivered):
        Webhook("http://partner.example/in", b"secret", lambda: NOW)(Parcel(permit()))
