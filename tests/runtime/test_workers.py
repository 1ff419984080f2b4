"""Two processes that serve one company on a server: what one does, the other knows at its next question."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import postgresql
import pytest

import troth
from troth.cli import main
from troth.runtime import Company

MAIL = "kari@example.no"
ROOT = bytes(range(32))


@pytest.fixture
def workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Company, Company]]:
    """The company opened twice: each with its own connections, memory and locks, as two processes have."""
    monkeypatch.chdir(tmp_path)
    main(["init", "club", "--title", "The Club"])
    address = postgresql.shared().founded()
    one, other = (troth.open("club", store=address, root_key=ROOT) for _ in range(2))
    yield one, other
    for company in (one, other):
        company.close()


def joins(company: Company) -> int:
    person = company.gate.new_person()
    told: Any = {"person": person, "data": "contact", "purpose": "membership"}
    company.gate.collect(**told, body={"email": MAIL}, source="person")
    company.gate.identify(person=person, kind="email", value=MAIL)
    return person


def mails(company: Company, person: int) -> list[Any]:
    return [h.body["email"] for h in company.gate.read(person=person, data="contact", purpose="membership")]


def test_what_one_worker_takes_in_corrects_and_erases_the_other_knows(
    workers: tuple[Company, Company],
) -> None:
    one, other = workers
    person = joins(one)

    assert other.gate.find(kind="email", value=MAIL) == person
    assert mails(other, person) == [MAIL]

    (held,) = other.gate.read(person=person, data="contact", purpose="membership")
    other.gate.correct(person=person, rid=held.rid, body={"email": "ny@example.no"})

    assert mails(one, person) == ["ny@example.no"]

    one.gate.erase(person=person)

    assert not other.gate.exists(person=person)
    assert other.gate.find(kind="email", value=MAIL) is None
    assert other.gate.verify() == []


def test_both_write_at_once_about_many_and_about_one(workers: tuple[Company, Company]) -> None:
    shared = joins(workers[0])
    failed: list[BaseException] = []

    def work(company: Company) -> None:
        try:
            for _ in range(6):
                person = company.gate.new_person()
                told: Any = {"data": "contact", "purpose": "membership", "source": "person"}
                company.gate.collect(person=person, body={"email": "a@example.no"}, **told)
                mails(company, shared)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(w,)) for w in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert failed == []
    kinds = [entry.kind for entry in workers[1].gate.entries()]

    assert kinds.count("collected") >= 13
    assert workers[0].gate.verify() == []
    assert workers[0].gate.checkpoint() == workers[1].gate.checkpoint()
