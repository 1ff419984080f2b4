"""Web: the served pages and the API under load, beside a bare Starlette that sends the same bytes.

``python -m bench.web COMPANY [--requests N] [--rounds N]``.  Each server is a process of its own; this one is
the client, with as many kept connections as asked for, each from an address of its own (the API counts calls
by address).  The two take turns, so that a busy machine is as slow for both; read the ratio.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

OURS, BARE, TOP = 8771, 8772, 200  # ports; how many addresses of this machine the client has
DECIDE = b'{"action":"use","data":"contact","purpose":"news","given":{"age":34}}'


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: what it is called, its method, path below the company, body."""

    name: str
    path: str
    body: bytes = b""

    def raw(self, base: str) -> bytes:
        method = "POST" if self.body else "GET"
        head = f"{method} {base}{self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n"
        kind = f"Content-Type: application/json\r\nContent-Length: {len(self.body)}\r\n" if self.body else ""
        return f"{head}{kind}\r\n".encode() + self.body


ASKS = (
    Ask("first page", "/"),
    Ask("the notice", "/privacy"),
    Ask("a conversation's first page", "/f/summer"),
    Ask("sign-in page", "/signin"),
    Ask("a published file", "/published/notice.json"),
    Ask("API: list of conversations", "/api/v1/flows"),
    Ask("API: a decision", "/api/v1/decide", DECIDE),
)


@dataclass(frozen=True, slots=True)
class Load:
    """What came of one round: requests a second, and how long each took, in milliseconds."""

    rate: float
    median: float
    late: float  # the 99th percentile
    size: int
    wrong: int


async def loaded(port: int, request: bytes, *, requests: int, clients: int) -> Load:
    """Send a request so many times over so many connections and measure each answer."""
    took: list[float] = []
    sizes: list[int] = []
    wrong = 0

    async def client(n: int) -> None:
        nonlocal wrong
        where = (f"127.0.0.{2 + n % TOP}", 0)
        reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=where)
        for _ in range(requests // clients):
            began = time.perf_counter()
            writer.write(request)
            status, size = await _answer(reader)
            took.append((time.perf_counter() - began) * 1000)
            sizes.append(size)
            wrong += status != 200
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(client(n) for n in range(clients)))
    rate = len(took) / (time.perf_counter() - began)
    late = statistics.quantiles(took, n=100)[98]
    return Load(rate, statistics.median(took), late, max(sizes), wrong)


async def _answer(reader: asyncio.StreamReader) -> tuple[int, int]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status = int(head.split(" ", 2)[1])
    length = next(int(line[15:]) for line in head.splitlines() if line.startswith("content-length:"))
    await reader.readexactly(length)
    return status, length


def bare() -> None:
    """Serve on ``BARE`` what ours would send, out of a dictionary, until ended; asked for by the client."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    told: dict[str, tuple[bytes, str]] = {}

    async def page(request: Request) -> Response:
        body, kind = told.get(request.url.path, (b"", "text/plain"))
        await request.body()
        return Response(body, media_type=kind)

    async def learn(request: Request) -> Response:
        told[request.headers["x-path"]] = (await request.body(), request.headers["x-kind"])
        return Response()

    routes = [Route("/learn", learn, methods=["POST"]), Route("/{rest:path}", page, methods=["GET", "POST"])]
    uvicorn.run(Starlette(routes=routes), host="127.0.0.1", port=BARE, log_level="warning")


@contextmanager
def served(words: Sequence[str], port: int) -> Iterator[None]:
    """Run a server and end it; wait until it answers."""
    with subprocess.Popen([sys.executable, *words], stdout=subprocess.DEVNULL, env=os.environ) as process:
        try:
            for _ in range(300):
                if process.poll() is not None:
                    raise RuntimeError(f"{words} ended with {process.returncode}")
                try:
                    urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
                except OSError as away:
                    if hasattr(away, "code"):
                        break  # it answered, with a no
                    time.sleep(0.2)
                else:
                    break
            yield
        finally:
            process.terminate()
            process.wait(30)


def taught(base: str, ask: Ask) -> None:
    """Let the bare application answer as ours did."""
    import httpx2

    method = "POST" if ask.body else "GET"
    headers = {"Content-Type": "application/json"} if ask.body else {}
    answer = httpx2.request(
        method, f"http://127.0.0.1:{OURS}{base}{ask.path}", content=ask.body, headers=headers
    )
    told = {"X-Path": base + ask.path, "X-Kind": answer.headers["content-type"]}
    httpx2.post(f"http://127.0.0.1:{BARE}/learn", content=answer.content, headers=told)


def table(
    company: Path, *, requests: int, times: int, clients: int, asks: Sequence[Ask] = ASKS
) -> Iterator[str]:
    """Serve both and yield the lines of the table, one a request, each the median of the rounds."""
    base = f"/{company.name}"
    heads = (
        "request",
        "bytes",
        "ours, a second",
        "median ms",
        "99 % ms",
        "bare, a second",
        "median ms",
        "ratio",
    )
    yield f"| {' | '.join(heads)} |"
    yield "|---|---|---|---|---|---|---|---|"
    with tempfile.TemporaryDirectory(prefix="troth-bench-") as place:
        ours = ["-m", "troth", "serve", str(company), "--store", f"{place}/p.db", "--port", str(OURS)]
        with served(ours, OURS), served(["-m", "bench.web", "--bare"], BARE):
            for ask in asks:
                taught(base, ask)
                rounds = [
                    [
                        asyncio.run(loaded(p, ask.raw(base), requests=requests, clients=clients))
                        for p in (OURS, BARE)
                    ]
                    for _ in range(times)
                ]
                yield _line(ask, rounds)


def _line(ask: Ask, rounds: Sequence[Sequence[Load]]) -> str:
    mine, other = ([r[n] for r in rounds] for n in (0, 1))
    if wrong := sum(one.wrong for r in rounds for one in r):
        return f"| {ask.name} | {wrong} answers were not 200 |"

    def mid(of: Sequence[Load], what: str) -> float:
        return statistics.median(float(getattr(one, what)) for one in of)

    ratio = statistics.median(m.rate / o.rate for m, o in zip(mine, other, strict=True))
    return (
        f"| {ask.name} | {mine[0].size:,} | {mid(mine, 'rate'):,.0f} | {mid(mine, 'median'):.1f} "
        f"| {mid(mine, 'late'):.1f} | {mid(other, 'rate'):,.0f} | {mid(other, 'median'):.1f} | {ratio:.2f} |"
    )


def main() -> int:
    asked = argparse.ArgumentParser(prog="./run bench web", description=__doc__)
    asked.add_argument("company", nargs="?", type=Path, default=Path("companies/smoc"))
    asked.add_argument("--requests", type=int, default=400, help="in a round, of each kind")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--clients", type=int, default=8, help="connections at once")
    asked.add_argument("--bare", action="store_true", help=argparse.SUPPRESS)
    said = asked.parse_args()
    if said.bare:
        bare()
        return 0
    for line in table(said.company, requests=said.requests, times=said.rounds, clients=said.clients):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
