"""Sweeping: while companies are served, what is due goes by itself, and what was planned is sent in time.

A record whose day has come is refused by the gate at once; the sweep takes its bytes away.  One that fails is
tried again at the next turn, and said: a fault in one company keeps no other from being swept.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from troth.runtime.breaching import tell_held
from troth.runtime.campaigns import send_due
from troth.runtime.company import Company
from troth.runtime.dunning import dun
from troth.runtime.granting import tell_granted
from troth.runtime.reminding import remind
from troth.runtime.renewing import renew
from troth.runtime.rooms import prove_again
from troth.runtime.settling import Round, settle_due
from troth.terms import TrothError

EVERY = 600.0  # seconds between two sweeps


@contextmanager
def sweeping(
    companies: Sequence[Company], *, every: float = EVERY, tell: Callable[[str], None] = print
) -> Iterator[None]:
    """Sweep the companies now and every so many seconds, until the block ends."""
    over, rounds = threading.Event(), {company.name: Round() for company in companies}

    def turn() -> None:
        while True:
            for company in companies:
                _sweep(company, rounds[company.name], tell)
            if over.wait(every):
                return

    thread = threading.Thread(target=turn, name="sweeping", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _sweep(company: Company, last: Round, tell: Callable[[str], None]) -> None:
    try:
        remind(company)
        renew(company)
        dun(company)
        tell_held(company)
        tell_granted(company)
        company.gate.sweep_on()
        settle_due(company, last)
        company.gate.draw_due()
        prove_again(company)
        send_due(company)
    except TrothError as error:
        tell(f"{company.name}: not swept: {error}")
