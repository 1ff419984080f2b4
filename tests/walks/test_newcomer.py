"""Newcomer: the demo as somebody meets it first, from the printed address to the receipt.

Each walk opens a demo of its own on the companies' own folders, and knows what its terminal printed alone.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from live import browser

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
ADDRESS = "newcomer@example.no"
ASKED = re.compile(r"\d{1,2} [A-Z][a-z]+ 20\d\d")


@contextmanager
def demo(folder: Path) -> Iterator[Callable[[], str]]:
    """Run the demo with an empty home; give what its terminal shows so far."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = folder / "terminal.txt"
    with told.open("w") as terminal:
        running = subprocess.Popen(
            [sys.executable, "-m", "troth", "demo", "--port", str(port)],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT / "src")},
            stdout=terminal,
            stderr=subprocess.STDOUT,
        )
        try:
            until(lambda: "Sign-in codes are printed" in told.read_text(), running)
            until(lambda: listens(port), running)
            yield told.read_text
        finally:
            running.terminate()
            running.wait(20)


def until(holds: Callable[[], bool], running: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 120
    while not holds():
        assert running.poll() is None, "the demo ended before it could be opened"
        assert time.monotonic() < end, "the demo did not open"
        time.sleep(0.1)


def listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def addresses(terminal: str) -> list[str]:
    return re.findall(r"http://\S+", terminal)


def staff(terminal: str, company: str, role: str) -> str:
    """Return the code printed for a role of a company."""
    part = terminal[terminal.index(f"/{company}/") :]
    return str(re.findall(rf"staff {role}: code (\w+)", part)[0])


def talk(page: Any, base: str) -> None:
    page.goto(f"{base}/f/summer")
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="Tea", exact=True).click()
    page.get_by_role("button", name="Down to the sea").click()
    page.get_by_role("button", name="Skip this one").click()
    page.get_by_label("Your answer").fill(ADDRESS)
    page.get_by_role("button", name="Send").click()
    page.get_by_text("One coffee, hot or iced").wait_for()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("I am 18 or older").check()
    page.get_by_role("button", name="Yes").click()
    page.get_by_text("This conversation has ended.").wait_for()


def sign_in(page: Any, base: str, terminal: Callable[[], str]) -> None:
    """Sign in by the code that the terminal printed, in a browser that knows nothing of the talk."""
    page.context.clear_cookies()
    page.goto(f"{base}/me")
    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Your code").wait_for()
    mail = terminal().rpartition(f"mail to {ADDRESS}")[2]
    page.get_by_label("Your code").fill(re.findall(r"\b\d{6}\b", mail)[0])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Your privacy centre").wait_for()


def copy(page: Any) -> dict[str, str]:
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download everything").click()
    packed = zipfile.ZipFile(io.BytesIO(Path(coming.value.path()).read_bytes()))
    return {name: packed.read(name).decode() for name in packed.namelist()}


def choose(page: Any, base: str) -> list[str]:
    """Take a yes back, object twice, correct, pause and go on; give what each page said."""
    said = []

    def press(path: str, name: str) -> None:
        page.goto(f"{base}/me{path}")
        page.get_by_role("button", name=name).first.click()
        said.append(page.locator("main").inner_text())

    press("/choices", "Take back: May Bryggen Kaffe send you offers?")
    press("/choices", "Stop profiling me")
    press("/choices", "Object: Show pages that work")
    page.goto(f"{base}/me")
    trip = page.locator(".item").filter(has=page.locator("[name=field-travel]")).first
    trip.locator("summary", has_text="Source").click()
    trip.get_by_label("Travel").select_option("cities")
    trip.get_by_role("button", name="Save").click()
    said.append(page.locator("main").inner_text())
    press("/rights", "Pause all use")
    press("/rights", "Lift the pause")
    return said


def leave(page: Any, base: str, folder: Path) -> Path:
    """Delete everything; give the receipt that was downloaded."""
    page.goto(f"{base}/me/rights")
    page.get_by_label("I am sure").check()
    page.get_by_role("button", name="Delete everything").click()
    page.get_by_role("heading", name="Your data are deleted").wait_for()
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download the receipt").click()
    kept = folder / "receipt.json"
    coming.value.save_as(kept)
    return kept


def alone(receipt: Path) -> str:
    """Check a receipt by the one file, in an interpreter without a package beside it."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", ROOT / "verify_evidence.py", receipt],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_a_newcomer_comes_from_the_printed_address_to_a_receipt_that_holds(tmp_path: Path) -> None:
    with demo(tmp_path) as terminal, browser() as opened:
        base = next(a for a in addresses(terminal()) if a.endswith("/smoc/")).rstrip("/")
        answers = {a: urllib.request.urlopen(a).status for a in addresses(terminal())}
        page = opened.new_page(locale="en-GB")
        page.goto(base.removesuffix("/smoc"))
        fronts = page.get_by_role("link").all_inner_texts()
        talk(page, base)
        sign_in(page, base, terminal)
        led = re.findall(r"\S*/smoc/(?:confirm/|me)\S*", terminal().rpartition("printed here")[2])
        held = page.locator(".item").all_inner_texts()
        files = copy(page)
        said = choose(page, base)
        receipt = leave(page, base, tmp_path)
        judged = alone(receipt)
        page.goto(f"{base}/verify")
        page.get_by_label("Paste the receipt file").fill(receipt.read_text())
        page.get_by_role("button", name="Check", exact=True).click()
        verdict = page.get_by_role("status").inner_text()
        page.goto(f"{base}/me")
        gone = page.get_by_role("heading", name="Sign in").is_visible()

    assert set(answers.values()) == {200}
    assert any("SMOC.AI" in front for front in fronts)
    assert len(led) > 1
    assert all(link.startswith(base) for link in led)
    assert held
    assert [item for item in held if not re.search(r"§\d|Art\. \d", item)] == []
    assert all(ASKED.search(item) or "when" in item for item in held)
    assert ADDRESS in (cells := {row["value"] for row in csv.DictReader(io.StringIO(files["data.csv"]))})
    assert all(json.loads(cell) for cell in cells if cell.startswith(("[", "{")))
    assert json.loads(files["data.json"])
    assert ADDRESS in files["data.html"]
    assert "Taken back." in said[0]
    assert "Profiling is stopped." in said[1]
    assert "Lift my objection" in said[2]
    assert "cities" in said[3]
    assert ("Lift the pause" in said[4], "Pause all use" in said[5]) == (True, True)
    assert judged.startswith("verified:")
    assert "about the holder of this receipt" in verdict
    assert ADDRESS not in receipt.read_text()
    assert gone


def test_staff_enter_by_the_printed_code_and_see_people_by_tag_alone(tmp_path: Path) -> None:
    with demo(tmp_path) as terminal, browser() as opened:
        base = next(a for a in addresses(terminal()) if a.endswith("/smoc/")).rstrip("/")
        page = opened.new_page(locale="en-GB")
        page.goto(f"{base}/console/")
        page.get_by_label("Staff code").fill(staff(terminal(), "smoc", "steward"))
        page.get_by_role("button", name="Enter").click()
        page.get_by_role("link", name="People").first.click()
        people = page.locator("main").inner_text()
        page.goto(f"{base}/console/forecast")
        curve = page.locator("main svg").count()
        rows = page.locator("main table tbody tr").count()

    assert re.search(r"\b[0-9a-f]{6,}\b", people)
    assert "kari@example.no" not in people
    assert curve > 0
    assert rows > 0
