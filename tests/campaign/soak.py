"""Soak: one served company for many minutes, with its memory and its open files measured and drawn.

The server is a process of its own; clients talk, sign in, read, ask for erasure, all the while.  A curve that
goes on rising after the first third is a leak; both are drawn with their last slope.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

PAGES = ("/", "/privacy", "/f/summer", "/signin", "/api/v1/openapi.json", "/published/notice.json")
WIDTH, HEIGHT, LEFT = 720, 200, 60
PAUSE = 0.1  # seconds between two visits: hours of use, and no contest of speed


@dataclass(slots=True)
class Soaked:
    """One measurement a line: seconds, resident bytes, open handles, requests so far."""

    seen: list[tuple[float, int, int, int]] = field(default_factory=list)
    broken: int = 0

    def slope(self, which: int) -> float:
        """Return by how much a value rose in an hour over the last two thirds, by least squares."""
        late = self.seen[len(self.seen) // 3 :]
        if len(late) < 2:
            return 0.0
        times, values = [s[0] for s in late], [float(s[which]) for s in late]
        mean_t, mean_v = sum(times) / len(times), sum(values) / len(values)
        spread = sum((t - mean_t) ** 2 for t in times)
        return 3600 * sum((t - mean_t) * (v - mean_v) for t, v in zip(times, values, strict=True)) / spread


def soak(company: Path, folder: Path, *, minutes: float, seed: int, port: int = 8765) -> Soaked:
    """Serve a company and use it for so long; return what was measured once a second or so."""
    told, rng = Soaked(), random.Random(seed)
    with _served(company, folder / "people.db", port) as process:
        base, began, sent, last = f"http://127.0.0.1:{port}/{company.name}", time.monotonic(), 0, -1.0
        while (now := time.monotonic() - began) < minutes * 60:
            with httpx2.Client(timeout=30) as browser:
                for status in _visit(browser, base, rng):
                    sent += 1
                    told.broken += status >= 500
            if now - last >= min(5.0, minutes * 3):
                told.seen.append((now, _resident(process.pid), _handles(process.pid), sent))
                last = now
            time.sleep(PAUSE)
    return told


def _visit(browser: httpx2.Client, base: str, rng: random.Random) -> Iterator[int]:
    """Walk a little, as a visitor or a program would; yield what was answered."""
    for path in rng.sample(PAGES, 3):
        yield browser.get(base + path).status_code
    yield browser.post(f"{base}/f/summer/start", headers={"Origin": base.rpartition("/")[0]}).status_code
    said = {"email": f"soak{rng.randrange(500)}@example.no"}
    yield browser.post(f"{base}/api/v1/session", json=said).status_code
    asked = {"action": "use", "data": "contact", "purpose": "news", "given": {"age": 34}}
    yield browser.post(f"{base}/api/v1/decide", json=asked).status_code


@contextmanager
def _served(company: Path, store: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    words = [sys.executable, "-m", "troth", "serve", str(company), "--store", str(store), "--port", str(port)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, env=os.environ) as process:
        try:
            _wait(f"http://127.0.0.1:{port}/{company.name}/", process)
            yield process
        finally:
            process.terminate()
            process.wait(30)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            httpx2.get(address, timeout=5)
        except httpx2.TransportError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the server did not come up within a minute")


def _resident(pid: int) -> int:
    fields = Path(f"/proc/{pid}/statm").read_text().split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")


def _handles(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def drawn(told: Soaked) -> str:
    """Return both curves as one SVG."""
    memory = [(s[0], s[1] / 2**20) for s in told.seen]
    handles = [(s[0], float(s[2])) for s in told.seen]
    parts = [
        _curve(memory, 0, "resident memory, MiB", told.slope(1) / 2**20),
        _curve(handles, HEIGHT + 40, "open files and sockets", told.slope(2)),
    ]
    size = f'viewBox="0 0 {WIDTH} {2 * HEIGHT + 80}"'
    style = (
        "<style>text{font:12px sans-serif;fill:#555}path{fill:none;stroke:#2a6f97;stroke-width:1.5}</style>"
    )
    back = '<rect width="100%" height="100%" fill="#fff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">{style}{back}{"".join(parts)}</svg>\n'


def _curve(points: list[tuple[float, float]], top: int, title: str, slope: float) -> str:
    most = max((v for _, v in points), default=1.0) * 1.1 or 1.0
    end = max((t for t, _ in points), default=1.0) or 1.0
    at = [(LEFT + t / end * (WIDTH - LEFT - 10), top + 20 + HEIGHT * (1 - v / most)) for t, v in points]
    line = " L".join(f"{x:.1f} {y:.1f}" for x, y in at)
    floor = top + 20 + HEIGHT
    return (
        f'<text x="{LEFT}" y="{top + 14}">{title} ({slope:+.1f} an hour in the last two thirds)</text>'
        f'<text x="4" y="{top + 30}">{most:.0f}</text><text x="4" y="{floor}">0</text>'
        f'<path d="M{LEFT} {top + 20} V{floor} H{WIDTH - 10}" style="stroke:#bbb"/>'
        f'<text x="{WIDTH - 90}" y="{floor + 14}">{end / 60:.0f} minutes</text>'
        + (f'<path d="M{line}"/>' if at else "")
    )
