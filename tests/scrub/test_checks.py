"""Check digits, compared with python-stdnum on drawn numbers."""

from __future__ import annotations

import random
from collections.abc import Callable
from importlib import import_module

import pytest

from troth.scrub import checks

# We also take numbers given out for a time, and any century: a form that checks only the digits does so too.
WIDER = ("no.fodselsnummer", "fi.hetu")


def _digits(count: int) -> Callable[[random.Random], str]:
    return lambda rng: "".join(rng.choice("0123456789") for _ in range(count))


def _dated(shape: str, rest: int, letters: str = "") -> Callable[[random.Random], str]:
    def make(rng: random.Random) -> str:
        dd, mm, yy = rng.randrange(1, 29), rng.randrange(1, 13), rng.randrange(30, 99)
        return (
            shape.format(dd=f"{dd:02}", mm=f"{mm:02}", yy=f"{yy:02}")
            + _digits(rest)(rng)
            + (rng.choice(letters) if letters else "")
        )

    return make


CASES: list[tuple[str, Callable[[str], bool], Callable[[random.Random], str]]] = [
    ("luhn", checks.luhn, _digits(16)),
    ("no.fodselsnummer", checks.norwegian, _dated("{dd}{mm}{yy}", 5)),
    ("se.personnummer", checks.swedish, _dated("{yy}{mm}{dd}", 4)),
    ("fi.hetu", checks.finnish, _dated("{dd}{mm}{yy}-", 3, checks.HETU)),
    ("de.idnr", checks.steuer_id, _digits(11)),
    ("gb.nhs", checks.nhs, _digits(10)),
    ("nl.bsn", checks.bsn, _digits(9)),
    ("pl.pesel", checks.pesel, _dated("{yy}{mm}{dd}", 5)),
    ("es.dni", checks.spanish, lambda rng: _digits(8)(rng) + rng.choice(checks.DNI)),
    ("no.orgnr", checks.norwegian_company, lambda rng: rng.choice("89") + _digits(8)(rng)),
    ("no.kontonr", checks.norwegian_account, _digits(11)),
    ("dk.cvr", checks.danish_company, lambda rng: rng.choice("123456789") + _digits(7)(rng)),
    ("fi.ytunnus", checks.finnish_company, _digits(8)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "ours", "make"), CASES, ids=[c[0] for c in CASES])
def test_ours_agrees_with_python_stdnum(
    name: str, ours: Callable[[str], bool], make: Callable[[random.Random], str]
) -> None:
    theirs = import_module(f"stdnum.{name}")
    rng = random.Random(name)
    drawn = [make(rng) for _ in range(4_000)]

    assert [n for n in drawn if theirs.is_valid(n) and not ours(n)] == []
    if name not in WIDER:
        assert [n for n in drawn if ours(n) and not theirs.is_valid(n)] == []


@pytest.mark.parametrize(
    ("check", "right"),
    [
        (checks.norwegian, "01010750160"),
        (checks.swedish, "8112189876"),
        (checks.finnish, "131052-308T"),
        (checks.pesel, "44051401359"),
        (checks.spanish, "12345678Z"),
        (checks.spanish, "X1234567L"),
        (checks.italian, "RSSMRA85T10A562S"),
        (checks.nir, "255081416802538"),
        (checks.nhs, "9434765919"),
        (checks.bsn, "111222333"),
        (checks.steuer_id, "36574261809"),
        (checks.iban, "DE89370400440532013000"),
        (checks.card, "4111111111111111"),
        (checks.nino, "AB123456C"),
        (checks.norwegian_account, "86011117947"),
        (checks.norwegian_company, "923609016"),
    ],
)
def test_a_published_example_is_right_and_its_neighbour_wrong(
    check: Callable[[str], bool], right: str
) -> None:
    last = right[-1]
    other = ("E" if last != "E" else "F") if last.isalpha() else str((int(last) + 1) % 10)

    assert check(right)
    assert not check(right[:-1] + other)
