"""Door: the gate, one verb a method; each verb's doing stands in a module of its own.

Every verb is asked by keyword, is safe from several threads at once, and raises ``Refused`` for a no that a
rule gives.  Its one rule: *nobody reaches a person's data on another way*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from troth.gate import (
    access,
    adopt,
    ask,
    cases,
    closing,
    collect,
    consent,
    converse,
    converse_link,
    converse_mask,
    correct,
    count,
    derive,
    disclose,
    erase,
    events,
    identify,
    instruct,
    lift,
    observe,
    oppose,
    overview,
    pair,
    permissions,
    prove,
    read,
    receive,
    refuse,
    sweep,
    tie,
    told,
    totals,
)
from troth.gate import fetch as fetching
from troth.gate import ticket as tickets
from troth.gate import wording as words
from troth.gate.house import Parties, furnish, no_connector, no_subject, nobody_speaks
from troth.gate.values import (
    Access,
    Asked,
    Cleared,
    Delivery,
    Entry,
    Held,
    Inquiry,
    Instruction,
    Overview,
    Receipt,
)
from troth.kernel import Kernel
from troth.kernel.count import Meaning, nothing
from troth.policy.model import Policy
from troth.scrub import Vault
from troth.store import Store
from troth.terms import Decision, Form, Request


class Gate:
    """The one door to people's data.  What each verb promises stands at the function it calls."""

    def __init__(
        self,
        *,
        policy: Policy,
        kernel: Kernel,
        store: Store,
        clock: Callable[[], datetime],
        parties: Parties | None = None,
        post: Callable[[Delivery], None] | None = None,
        meanings: tuple[Meaning, ...] = (),
        delicate: Callable[[str], bool] = nothing,
        fetch: Callable[[Inquiry], Mapping[str, object]] = no_connector,
        speak: Callable[[converse.Prompt], Iterator[str]] = nobody_speaks,
        subjects: Callable[[str], tuple[str, ...]] = no_subject,
    ) -> None:
        house = furnish(policy, kernel, store, clock, parties or {}, post, meanings, delicate)
        self._house = replace(
            house, fetch=fetch, follow=converse_link.follow, speak=speak, subjects=subjects
        )
        instruct.recall(self._house)

    def adopt(self) -> None:
        adopt.adopt(self._house)

    # -- persons -----------------------------------------------------------------------------------

    def new_person(self, *, area: str = "") -> int:
        return identify.new_person(self._house, area=area)

    def exists(self, *, person: int) -> bool:
        return identify.exists(self._house, person=person)

    def tag(self, *, person: int) -> str:
        """Return a pseudonym for staff views, the same each time; '' for somebody who was erased."""
        return self._house.store.tag(person=person) if self.exists(person=person) else ""

    def ticket(self, *, person: int, deed: str) -> str:
        return tickets.ticket(self._house, person=person, deed=deed)

    def holder(self, *, ticket: str, deed: str) -> int | None:
        return tickets.holder(self._house, ticket=ticket, deed=deed)

    def tagged(self, *, tag: str) -> int | None:
        """Return the person of a tag; None for one who was erased, as for one who never was."""
        return identify.tagged(self._house, tag=tag)

    def identify(self, *, person: int, kind: str, value: str, verified: bool = False) -> None:
        identify.identify(self._house, person=person, kind=kind, value=value, verified=verified)

    def find(self, *, kind: str, value: str) -> int | None:
        return identify.find(self._house, kind=kind, value=value)

    def proved(self, *, person: int, kind: str) -> bool:
        return identify.proved(self._house, person=person, kind=kind)

    def holds(self, *, person: int) -> frozenset[str]:
        return identify.holds(self._house, person=person)

    def enter(self, *, person: int) -> bool:
        return identify.enter(self._house, person=person)

    def silenced(self, *, kind: str, value: str) -> bool:
        return identify.silenced(self._house, kind=kind, value=value)

    def forget_contact(self, *, person: int, kind: str, value: str) -> None:
        identify.forget_contact(self._house, person=person, kind=kind, value=value)

    # -- data --------------------------------------------------------------------------------------

    def may(self, *, person: int | None, request: Request) -> Decision:
        return read.may(self._house, person=person, request=request)

    def refused(self, *, decision: Decision, by: str) -> None:
        refuse.refused(self._house, decision=decision, by=by)

    def collect(
        self,
        *,
        person: int,
        data: str,
        body: Mapping[str, object],
        purpose: str,
        source: str,
        member: str = "",
        area: str = "",
    ) -> int:
        return collect.collect(
            self._house,
            person=person,
            data=data,
            body=body,
            purpose=purpose,
            source=source,
            member=member,
            area=area,
        )

    def receive(
        self,
        *,
        person: int,
        data: str,
        body: Mapping[str, object],
        purpose: str,
        member: str,
        party: str,
        confirmed: str = "",
        said: str = "",
    ) -> int:
        return receive.receive(
            self._house,
            person=person,
            data=data,
            body=body,
            purpose=purpose,
            member=member,
            party=party,
            confirmed=confirmed,
            said=said,
        )

    def fetch(
        self,
        *,
        person: int,
        data: str,
        purpose: str,
        party: str,
        member: str,
        fields: Sequence[str] = (),
    ) -> int:
        return fetching.fetch(
            self._house,
            person=person,
            data=data,
            purpose=purpose,
            party=party,
            member=member,
            fields=fields,
        )

    def reference(self, *, person: int, party: str, member: str) -> str:
        return fetching.reference(self._house, person=person, party=party, member=member)

    def untold(self, *, person: int) -> tuple[told.Untold, ...]:
        return told.untold(self._house, person=person)

    def told(self, *, person: int, rids: Sequence[int], channel: str = "page") -> None:
        told.told(self._house, person=person, rids=tuple(rids), channel=channel)

    def waiting(self, *, before: datetime) -> Iterator[int]:
        return told.waiting(self._house, before=before)

    def read(
        self, *, person: int, data: str, purpose: str, field: str = "", member: str = ""
    ) -> tuple[Held, ...]:
        return read.read(self._house, person=person, data=data, purpose=purpose, field=field, member=member)

    def show(
        self,
        *,
        person: int,
        data: str,
        purpose: str,
        role: str,
        reason: str = "",
        staff: str = "",
        field: str = "",
        member: str = "",
    ) -> tuple[Held, ...]:
        return read.show(
            self._house,
            person=person,
            data=data,
            purpose=purpose,
            role=role,
            reason=reason,
            staff=staff,
            field=field,
            member=member,
        )

    def people_for(
        self,
        *,
        data: str,
        purpose: str,
        form: Form = Form.IDENTIFIED,
        field: str = "",
        member: str = "",
    ) -> Iterator[tuple[str, Held]]:
        return read.people_for(self._house, data=data, purpose=purpose, form=form, field=field, member=member)

    def totals(
        self, *, data: str, field: str, purpose: str, party: str = "", member: str = ""
    ) -> tuple[tuple[str, int], ...]:
        return totals.totals(self._house, data=data, field=field, purpose=purpose, party=party, member=member)

    def tally(
        self,
        *,
        data: str,
        field: str,
        among: Sequence[str],
        where: Mapping[str, str],
        purpose: str,
        party: str,
        member: str = "",
    ) -> tuple[int | None, tuple[tuple[str, int], ...]]:
        return totals.tally(
            self._house,
            data=data,
            field=field,
            among=among,
            where=where,
            purpose=purpose,
            party=party,
            member=member,
        )

    def disclose(
        self,
        *,
        person: int,
        data: Sequence[str],
        party: str,
        purpose: str,
        member: str = "",
        form: Form = Form.IDENTIFIED,
        extra: Mapping[str, object] | None = None,
        records: Sequence[int] = (),
    ) -> Delivery:
        return disclose.disclose(
            self._house,
            person=person,
            data=data,
            party=party,
            purpose=purpose,
            member=member,
            form=form,
            extra=extra,
            records=records,
        )

    def tie(self, *, person: int, data: str, value: str) -> None:
        tie.tie(self._house, person=person, data=data, value=value)

    def untie(self, *, person: int, data: str, value: str) -> None:
        tie.untie(self._house, person=person, data=data, value=value)

    def bearers(self, *, data: str, value: str) -> tuple[int, ...]:
        return tie.bearers(self._house, data=data, value=value)

    def pair(
        self,
        *,
        person: int,
        other: int,
        data: str,
        purpose: str,
        source: str = "device",
        bodies: tuple[Mapping[str, object], Mapping[str, object]] = ({}, {}),
    ) -> str:
        return pair.pair(
            self._house,
            person=person,
            other=other,
            data=data,
            purpose=purpose,
            source=source,
            bodies=bodies,
        )

    def pairs(self, *, person: int, data: str, purpose: str) -> tuple[tuple[Held, int], ...]:
        return pair.pairs(self._house, person=person, data=data, purpose=purpose)

    def amend(self, *, person: int, data: str, number: str, body: Mapping[str, object]) -> None:
        pair.amend(self._house, person=person, data=data, number=number, body=body)

    def part(self, *, person: int, data: str, number: str) -> None:
        pair.part(self._house, person=person, data=data, number=number)

    def observe(self, *, person: int, data: str, purpose: str, body: Mapping[str, object]) -> int:
        return observe.observe(self._house, person=person, data=data, purpose=purpose, body=body)

    def worded(
        self,
        *,
        person: int,
        message: str,
        wording: str,
        purpose: str,
        member: str = "",
        question: str = "",
        answer: str = "",
    ) -> None:
        return words.worded(
            self._house,
            person=person,
            message=message,
            wording=wording,
            purpose=purpose,
            member=member,
            question=question,
            answer=answer,
        )

    def wordings(self, *, person: int) -> tuple[words.Worded, ...]:
        return words.wordings(self._house, person=person)

    def permission(self, *, by: str, about: str, role: str, given: bool) -> None:
        permissions.permission(self._house, by=by, about=about, role=role, given=given)

    def permissions(self, *, role: str, staff: str, reason: str = "") -> tuple[Held, ...]:
        return permissions.changes(self._house, role=role, staff=staff, reason=reason)

    def derive(self, *, person: int, data: str, purpose: str) -> int:
        return derive.derive(self._house, person=person, data=data, purpose=purpose)

    def correct(self, *, person: int, rid: int, body: Mapping[str, object]) -> None:
        person, rid = converse_link.whose(self._house, person, rid)
        correct.correct(self._house, person=person, rid=rid, body=body)

    def remove(self, *, person: int, rid: int) -> None:
        person, rid = converse_link.whose(self._house, person, rid)
        correct.remove(self._house, person=person, rid=rid)

    def converse(self, *, ask: converse.Ask, vault: Vault) -> converse.Turn:
        return converse.converse(self._house, ask=ask, vault=vault)

    def masked(self, *, data: str, text: str, vault: Vault) -> converse_mask.Masked:
        return converse_mask.mask(self._house, data, text, vault)

    def forget_talk(self, *, person: int, data: str, number: str = "") -> int:
        return converse.forget_talk(self._house, person=person, data=data, number=number)

    # -- what the person decides -------------------------------------------------------------------

    def consent(
        self,
        *,
        person: int,
        name: str,
        given: bool,
        text: str = "",
        language: str = "",
        channel: str = "",
        member: str = "",
    ) -> None:
        consent.consent(
            self._house,
            person=person,
            name=name,
            given=given,
            text=text,
            language=language,
            channel=channel,
            member=member,
        )

    def declare_age(self, *, person: int, years: int) -> Receipt | None:
        return consent.declare_age(self._house, person=person, years=years)

    def accept_notice(self, *, person: int, version: str = "") -> None:
        consent.accept_notice(self._house, person=person, version=version)

    def object(self, *, person: int, purpose: str, given: bool = True, channel: str = "") -> Asked | None:
        return oppose.object_to(self._house, person=person, purpose=purpose, given=given, channel=channel)

    def decide_objection(self, *, person: int, purpose: str, upheld: bool, reason: str, by: str) -> None:
        oppose.decide_objection(
            self._house, person=person, purpose=purpose, upheld=upheld, reason=reason, by=by
        )

    def instruct(self, *, party: str, member: str, purposes: Sequence[str], by: str) -> Instruction:
        return instruct.instruct(self._house, party=party, member=member, purposes=purposes, by=by)

    def instructed(self, *, party: str, member: str) -> Instruction | None:
        """Return the last version of what a party has signed, None when it signed nothing."""
        return self._house.instructed.get((party, member))

    def standing(self) -> frozenset[str]:
        return instruct.standing(self._house)

    def restrict(self, *, person: int, data: str = "*", on: bool = True) -> None:
        oppose.restrict(self._house, person=person, data=data, on=on)

    def ask(self, *, person: int, right: str, channel: str = "") -> Asked:
        return ask.ask(self._house, person=person, right=right, channel=channel)

    def answer(self, *, person: int, number: str, outcome: str, text: str = "") -> Asked:
        return ask.answer(
            self._house, person=person, number=number, outcome=outcome, text=text, then=cases.answered
        )

    def question(self, *, person: int, text: str, address: str, channel: str = "") -> Asked:
        return cases.question(self._house, person=person, text=text, address=address, channel=channel)

    def extend(self, *, person: int, number: str, reason: str) -> Asked:
        return ask.extend(self._house, person=person, number=number, reason=reason)

    def link(self, *, person: int, number: str) -> str:
        return prove.link(self._house, person=person, number=number)

    def linked(self, *, token: str) -> tuple[int, Asked] | None:
        return prove.linked(self._house, token=token)

    def confirm(self, *, token: str) -> tuple[int, Asked]:
        return prove.confirm(self._house, token=token)

    def announce_lifting(self, *, person: int, data: str, reason: str, by: str) -> None:
        lift.announce_lifting(self._house, person=person, data=data, reason=reason, by=by)

    def lift(self, *, person: int, data: str, by: str) -> None:
        lift.lift(self._house, person=person, data=data, by=by)

    # -- what happens ------------------------------------------------------------------------------

    def event(self, *, person: int, name: str, member: str = "", at: datetime | None = None) -> None:
        events.event(self._house, person=person, name=name, member=member, at=at)

    def raise_fact(
        self, *, person: int, name: str, member: str = "", by: str = "", approved_by: str = ""
    ) -> None:
        events.raise_fact(
            self._house, person=person, name=name, member=member, by=by, approved_by=approved_by
        )

    def lower_fact(self, *, person: int, name: str, member: str = "", by: str = "") -> None:
        events.lower_fact(self._house, person=person, name=name, member=member, by=by)

    def hold(self, *, person: int, fact: str, reason: str, by: str, approved_by: str = "") -> None:
        events.hold(self._house, person=person, fact=fact, reason=reason, by=by, approved_by=approved_by)

    def release(self, *, person: int, fact: str, by: str, reason: str = "") -> None:
        events.release(self._house, person=person, fact=fact, by=by, reason=reason)

    def close_account(self, *, person: int) -> None:
        closing.close_account(self._house, person=person)

    def closed(self, *, person: int) -> datetime | None:
        return closing.closed(self._house, person=person)

    # -- going, and showing ------------------------------------------------------------------------

    def erase(self, *, person: int) -> Receipt:
        return erase.erase(self._house, person=person)

    def sweep(self, *, now: datetime | None = None) -> Cleared:
        return sweep.sweep(self._house, now=now)

    def retime(self) -> int:
        return sweep.retime(self._house)

    def access(self, *, person: int) -> Access:
        return access.access(self._house, person=person)

    def export(self, *, person: int) -> dict[str, Any]:
        return access.export(self._house, person=person)

    def overview(self) -> Overview:
        return overview.overview(self._house)

    def forecast(self) -> tuple[tuple[datetime, str, int], ...]:
        return overview.forecast(self._house)

    def entries(self, *, start: int = 0) -> Iterator[Entry]:
        return overview.entries(self._house, start=start)

    def count(self, *, counter: str, dims: Mapping[str, str]) -> None:
        count.count(self._house, counter=counter, dims=dims)

    def counts(self, *, counter: str) -> tuple[tuple[dict[str, str], int], ...]:
        return count.counts(self._house, counter=counter)

    # -- evidence ----------------------------------------------------------------------------------

    def checkpoint(self) -> str:
        """Return the last signed head of the evidence."""
        return self._house.store.checkpoint()

    def proof(self, *, leaf: int) -> Mapping[str, Any]:
        """Return what ``verify_evidence.py`` needs about one entry."""
        return self._house.store.receipt(leaf=leaf)

    def consistency(self, *, first: int) -> Mapping[str, Any]:
        """Return what shows that the evidence of ``first`` entries is the beginning of today's."""
        return self._house.store.consistency(first=first)

    def verify(self) -> list[str]:
        """Recompute the evidence; return what is wrong, nothing when it holds."""
        return self._house.store.verify()

    @property
    def public_key(self) -> str:
        """The key, in hex, with which outsiders check heads."""
        return self._house.store.public_key
