"""The client that loads a server counts what was answered, and what was not as it should be."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bench.web import Ask, Load, _line, loaded


async def told(answers: Sequence[bytes], requests: int) -> Load:
    """Load a server that gives these answers in turns."""
    given = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal given
        while await reader.readline():
            while (await reader.readline()).strip():
                pass
            writer.write(answers[given % len(answers)])
            given += 1
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = int(server.sockets[0].getsockname()[1])
    async with server:
        return await loaded(port, Ask("page", "/").raw(""), requests=requests, clients=2)


def answer(status: int, body: bytes) -> bytes:
    return f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def test_every_answer_is_measured_and_a_wrong_one_counted() -> None:
    load = asyncio.run(told([answer(200, b"abc"), answer(500, b"no")], 40))

    assert (load.size, load.wrong) == (3, 20)
    assert load.rate > 0
    assert 0 < load.median <= load.late


def test_a_line_gives_the_middle_of_the_rounds_and_no_figure_for_what_failed() -> None:
    rounds = [[Load(rate, 2.0, 9.0, 1000, 0), Load(100.0, 1.0, 2.0, 1000, 0)] for rate in (10.0, 50.0, 90.0)]
    broken = [[Load(10.0, 2.0, 9.0, 1000, 3), Load(100.0, 1.0, 2.0, 1000, 0)]]

    assert _line(Ask("page", "/"), rounds) == "| page | 1,000 | 50 | 2.0 | 9.0 | 100 | 1.0 | 0.50 |"
    assert _line(Ask("page", "/"), broken) == "| page | 3 answers were not 200 |"


def test_a_request_with_a_body_is_a_post_of_json() -> None:
    raw = Ask("decide", "/x", b"{}").raw("/club")

    assert raw.startswith(b"POST /club/x HTTP/1.1\r\n")
    assert raw.endswith(b"Content-Length: 2\r\n\r\n{}")
