"""The ledger adds up, whatever was written, and a coupon's check finds a slip of the finger."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from troth.services.coupons import ENTROPY, SIGNS, code, proper
from troth.services.ledger import Line, balance, lots, open_now, over

START = datetime(2025, 3, 1, tzinfo=UTC)


@given(st.lists(st.tuples(st.sampled_from(["earned", "redeemed"]), st.integers(1, 60)), max_size=12))
def test_what_is_left_of_everything_is_the_balance_while_no_more_is_used_than_there_is(
    acts: list[tuple[str, int]],
) -> None:
    history: list[Line] = []
    for n, (turn, amount) in enumerate(acts):
        signed = amount if turn == "earned" else -min(amount, balance(history))
        if signed:
            at = START + timedelta(hours=n)
            history.append(Line(f"E{n}", signed, at, turn, expires=date(2025, 4, 1 + n)))

    assert sum(lots(history).values()) == balance(history)
    assert all(left >= 0 for left in lots(history).values())


def test_what_ends_first_is_used_first_and_what_has_ended_is_over() -> None:
    late = Line("late", 50, START, expires=date(2025, 5, 1))
    soon = Line("soon", 10, START, expires=date(2025, 3, 10))
    used = Line("used", -15, START, "redeemed")

    assert lots([late, soon, used]) == {"late": 45, "soon": 0}
    assert [line.entitlement for line, _ in open_now([late, soon], date(2025, 3, 10))] == ["soon", "late"]
    assert [(line.entitlement, n) for line, n in over([late, soon], date(2025, 3, 11))] == [("soon", 10)]


def test_a_use_of_a_coupon_that_is_taken_back_gives_the_coupon_back() -> None:
    coupon = Line("c", 1, START, coupon="X")
    used = Line("u", -1, START, "redeemed", about="c")
    back = Line("b", 1, START, "reversed", about="u")

    assert lots([coupon, used])["c"] == 0
    assert lots([coupon, used, back])["c"] == 1


@given(st.binary(min_size=ENTROPY, max_size=ENTROPY), st.integers(0, 15), st.sampled_from(SIGNS))
def test_one_wrong_sign_is_no_code(randomness: bytes, at: int, sign: str) -> None:
    printed = code(randomness)
    signs = printed.replace("-", "")
    typed = signs[:at] + sign + signs[at + 1 :]

    assert proper(printed.lower()) == printed
    assert proper(typed) == (printed if typed == signs else "")
