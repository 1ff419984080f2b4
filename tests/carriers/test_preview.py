"""Preview: this machine knocks at public addresses only, takes little, and waits for nobody."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from troth.carriers import preview
from troth.carriers.preview import LONGEST, fetch_page, public_address

PUBLIC = "93.184.216.34"
Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def site(answer: Answer) -> Iterator[tuple[int, list[dict[str, str]]]]:
    """Serve one answer; give the port and the headers of what was asked."""
    asked: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append({**dict(self.headers), "path": self.path})
            answer(self)

        def log_message(self, *said: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port, asked
    finally:
        server.shutdown()
        server.server_close()


def says(text: str, kind: str = "text/html") -> Answer:
    def answer(to: BaseHTTPRequestHandler) -> None:
        to.send_response(200)
        to.send_header("Content-Type", kind)
        to.end_headers()
        to.wfile.write(text.encode())

    return answer


def moves(where: str) -> Answer:
    def answer(to: BaseHTTPRequestHandler) -> None:
        to.send_response(302)
        to.send_header("Location", where)
        to.end_headers()

    return answer


def fetched(
    port: int, url: str = "http://news.example/a?b=1", address: str = PUBLIC
) -> tuple[str, list[str]]:
    """Fetch a page whose name has this address; the local server answers for every public one."""
    dialled: list[str] = []

    def connect(to: str, _: int, patience: float) -> socket.socket:
        dialled.append(to)
        return socket.create_connection(("127.0.0.1", port), patience)

    names = {"news.example": address, "inside.example": "10.0.0.8"}
    text = fetch_page(url, look=lambda host: [names[host]] if host in names else [host], connect=connect)
    return text, dialled


def test_a_page_is_fetched_at_the_address_that_was_looked_at_and_nothing_of_the_asker_goes_along() -> None:
    with site(says("<title>News</title>")) as (port, asked):
        text, dialled = fetched(port)

    assert text == "<title>News</title>"
    assert dialled == [PUBLIC]
    assert asked[0]["path"] == "/a?b=1"
    assert not {"Cookie", "Referer", "Authorization"} & set(asked[0])


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "::1",
        "fe80::1",
        "::ffff:10.0.0.1",
        "0.0.0.0",
    ],
)
def test_no_private_address_is_knocked_at(address: str) -> None:
    with site(says("<title>secret</title>")) as (port, asked):
        text, dialled = fetched(port, address=address)

    assert (text, dialled, asked) == ("", [], [])
    assert not public_address(address)


@pytest.mark.parametrize(
    "where",
    ["http://inside.example/", "http://127.0.0.1/", "file:///etc/passwd", "http://news.example:8080/"],
)
def test_a_redirect_is_looked_at_anew(where: str) -> None:
    with site(moves(where)) as (port, _asked):
        text, dialled = fetched(port)

    assert text == ""
    assert dialled == [PUBLIC]


def test_a_page_that_leads_in_circles_is_given_up() -> None:
    with site(moves("http://news.example/again")) as (port, asked):
        text, _ = fetched(port)

    assert text == ""
    assert len(asked) == preview.HOPS + 1


def test_only_so_much_of_a_page_is_taken_and_no_other_kind_of_file() -> None:
    with site(says("x" * (LONGEST + 50_000))) as (port, _):
        long, _ = fetched(port)
    with site(says("PK", "application/zip")) as (port, _):
        other, _ = fetched(port)

    assert len(long) == LONGEST
    assert other == ""


def test_a_page_that_drips_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "PATIENCE", 0.5)

    def drip(to: BaseHTTPRequestHandler) -> None:
        to.send_response(200)
        to.send_header("Content-Type", "text/html")
        to.end_headers()
        for _ in range(40):
            to.wfile.write(b"x")
            to.wfile.flush()
            time.sleep(0.1)

    began = time.monotonic()
    with site(drip) as (port, _):
        text, _ = fetched(port)

    assert time.monotonic() - began < 6
    assert set(text) <= {"x"}


def test_a_name_with_one_private_address_among_public_ones_is_left_alone() -> None:
    def never(*_: object) -> socket.socket:
        raise AssertionError("knocked")

    assert fetch_page("http://two.example/", look=lambda h: [PUBLIC, "10.0.0.1"], connect=never) == ""
