"""Socket: fifty megabytes really sent to a real port, and what the next visitor finds."""

from __future__ import annotations

import socket
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
import shots

SIZE = 50 * 2**20
PIECE = b"x" * 2**16


def told() -> Iterator[bytes]:
    """Yield a body whose size is told before it comes."""
    yield b"Content-Length: %d\r\n\r\nanswer=" % (SIZE + len("answer="))
    yield from (PIECE for _ in range(SIZE // len(PIECE)))


def untold() -> Iterator[bytes]:
    """Yield a body in chunks, whose size nobody knows before its end."""
    yield b"Transfer-Encoding: chunked\r\n\r\n"
    yield from (b"%x\r\n%s\r\n" % (len(PIECE), PIECE) for _ in range(SIZE // len(PIECE)))
    yield b"0\r\n\r\n"


def sent(base: str, body: Iterator[bytes]) -> tuple[bytes, int]:
    """Send a request until the server hangs up or all is sent; give its answer and the bytes that went."""
    at = urlsplit(base)
    assert at.hostname
    assert at.port
    went = 0
    with socket.create_connection((at.hostname, at.port), timeout=20) as line:
        line.sendall(
            b"POST %s/f/summer/step HTTP/1.1\r\nHost: %s\r\n" % (at.path.encode(), at.netloc.encode())
        )
        line.sendall(b"Content-Type: application/x-www-form-urlencoded\r\n")
        with suppress(ConnectionError):
            for piece in body:
                line.sendall(piece)
                went += len(piece)
        with suppress(ConnectionError):
            return line.recv(2**16), went
    return b"", went


@pytest.mark.parametrize("body", [told, untold])
def test_fifty_megabytes_over_a_real_socket_are_refused_and_the_next_visitor_is_served(body: object) -> None:
    assert callable(body)
    with shots.house() as (_, base):
        answer, _went = sent(base, body())
        after = urllib.request.urlopen(f"{base}/f/summer").status

    assert answer.split(b"\r\n")[0].startswith(b"HTTP/1.1 413")
    assert b"a request may be at most" in answer
    assert after == 200
