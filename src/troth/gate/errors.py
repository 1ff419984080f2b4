"""Errors: what the door says no to for another reason than a rule; never a personal value in them."""

from __future__ import annotations

from datetime import datetime, timedelta

from troth.terms import Clause, TrothError


class GateError(TrothError):
    """The door could not do it, and nothing of it was done."""


class Nobody(GateError):
    """No such person is known here, or they were erased."""

    def __init__(self) -> None:
        super().__init__("nobody of this number is known here; the person may have been erased")


class Unknown(GateError):
    """The document declares nothing of this kind and name."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"the document declares no {kind} '{name}'; declare it there or use a declared one")


class Unlisted(Unknown):
    """Nobody of this name stands in the class that the document opens; ``clause`` is where it does."""

    def __init__(self, kind: str, name: str, clause: Clause) -> None:
        self.clause = clause
        super().__init__(kind, name)


class BadBody(GateError):
    """What was handed in does not fit the category as the document declares it; ``field`` names the part."""

    def __init__(self, data: str, field: str, why: str) -> None:
        self.data, self.field, self.why = data, field, why
        super().__init__(f"{data}.{field}: {why}" if field else f"{data}: {why}")


class NotYours(GateError):
    """The record did not come from the person, so the person does not rewrite it; they may dispute it."""

    def __init__(self, data: str, source: str) -> None:
        super().__init__(f"'{data}' came from {source or 'us'}, not from you; ask us to look at it instead")


class Stays(GateError):
    """A law or a hold keeps what was to go."""

    def __init__(self, data: str, clause: Clause, until: datetime | None, waits: str, article: str) -> None:
        self.clause, self.until = clause, until
        when = f"until {(until - timedelta(microseconds=1)).date()}" if until else f"until {waits}"
        super().__init__(f"'{data}' stays by {clause} and {article} {when}; it is kept and not used")


class ClockLeapt(GateError):
    """The clock says a moment so far after the last sweep that it may be wrong."""

    def __init__(self, last: datetime, now: datetime) -> None:
        super().__init__(
            f"the clock says {now.date()} and the last sweep was on {last.date()}: nothing was swept; set"
            " the clock right, or, if it is, say so once: troth sweep --trust-clock"
        )


class NoRecord(GateError):
    """The person has no such record, or it is gone."""

    def __init__(self, rid: int | str) -> None:
        super().__init__(f"there is no record {rid} any more")


class OutOfReach(GateError):
    """An objection that reaches nothing: the purpose rests on a contract or a duty of law (GDPR Art. 21)."""

    def __init__(self, purpose: str, clause: Clause, ground: str, until: datetime | None) -> None:
        self.clause = clause
        last = f"; what it keeps goes after {(until - timedelta(microseconds=1)).date()}" if until else ""
        super().__init__(
            f"'{purpose}' rests on {ground} ({clause}), which an objection does not reach{last}; you may "
            "see, correct, restrict, take along and erase your data, and complain"
        )
