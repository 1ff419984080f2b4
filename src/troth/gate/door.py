"""Door: the gate, one verb a line; each verb's doing, and what it promises, stands in a module of its own.

Every verb is asked by keyword, is safe from several threads at once, and raises ``Refused`` for a no that a
rule gives.  Its one rule: *nobody reaches a person's data on another way*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from troth.gate import access as access_
from troth.gate import adopt as adopt_
from troth.gate import ageing as ageing_
from troth.gate import ask as ask_
from troth.gate import (
    attach,
    behalf,
    cases,
    closing,
    converse_link,
    converse_mask,
    entrust,
    events,
    oppose,
    prove,
    refuse,
    sides,
    wording,
)
from troth.gate import bounce as bounce_
from troth.gate import breach as breach_
from troth.gate import bringing as bringing_
from troth.gate import browsers as browsers_
from troth.gate import bulk as bulk_
from troth.gate import collect as collect_
from troth.gate import consent as consent_
from troth.gate import contest as contest_
from troth.gate import contracted as contracted_
from troth.gate import converse as converse_
from troth.gate import correct as correct_
from troth.gate import count as count_
from troth.gate import derive as derive_
from troth.gate import disclose as disclose_
from troth.gate import draw as draw_
from troth.gate import entitle as entitle_
from troth.gate import erase as erase_
from troth.gate import fetch as fetch_
from troth.gate import figures as figures_
from troth.gate import forget as forget_
from troth.gate import grant as grant_
from troth.gate import groups as groups_
from troth.gate import handing as handing_
from troth.gate import identify as identify_
from troth.gate import insight as insight_
from troth.gate import instruct as instruct_
from troth.gate import join as join_
from troth.gate import joint as joint_
from troth.gate import lift as lift_
from troth.gate import logbook as logbook_
from troth.gate import looks as looks_
from troth.gate import match as match_
from troth.gate import minors as minors_
from troth.gate import missed as missed_
from troth.gate import needs as needs_
from troth.gate import observe as observe_
from troth.gate import overview as overview_
from troth.gate import owed as owed_
from troth.gate import pair as pair_
from troth.gate import password as password_
from troth.gate import pay as pay_
from troth.gate import permissions as permissions_
from troth.gate import purse as purse_
from troth.gate import read as read_
from troth.gate import reading as reading_
from troth.gate import recall as recall_
from troth.gate import receive as receive_
from troth.gate import refresh as refresh_
from troth.gate import report as report_
from troth.gate import retain as retain_
from troth.gate import review as review_
from troth.gate import room as room_
from troth.gate import shelve as shelve_
from troth.gate import silence as silence_
from troth.gate import sources as sources_
from troth.gate import staffed as staffed_
from troth.gate import strike as strike_
from troth.gate import sweep as sweep_
from troth.gate import ticket as ticket_
from troth.gate import tie as tie_
from troth.gate import told as told_
from troth.gate import totals as totals_
from troth.gate import training as training_
from troth.gate import transact as transact_
from troth.gate import trend as trend_
from troth.gate import upload as upload_
from troth.gate import verify as verify_
from troth.gate import withheld as withheld_
from troth.gate.house import (
    Entries,
    House,
    Parties,
    furnish,
    no_connector,
    no_subject,
    nobody_charges,
    nobody_speaks,
)
from troth.gate.values import Asked, Charge, Delivery, Inquiry, Instruction, Receipt
from troth.kernel import Kernel
from troth.kernel.count import Meaning, nothing
from troth.policy.model import Policy
from troth.scrub import Vault
from troth.scrub.residual import NOTHING, Published
from troth.store import Store

P = ParamSpec("P")
R = TypeVar("R")


def _verb(deed: Callable[Concatenate[House, P], R]) -> Callable[Concatenate[Gate, P], R]:
    """Make a deed a verb of the gate: the gate's own house goes first, the rest as it is asked."""

    @wraps(deed)
    def through(gate: Gate, /, *args: P.args, **asked: P.kwargs) -> R:
        return deed(gate._house, *args, **asked)

    return through


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
        speak: Callable[[converse_.Prompt], Iterator[str]] = nobody_speaks,
        subjects: Callable[[str], tuple[str, ...]] = no_subject,
        published: Published = NOTHING,
        charge: Callable[[Charge], Mapping[str, object]] = nobody_charges,
        same: frozenset[str] = frozenset(),
        staff: Entries | None = None,
    ) -> None:
        house = furnish(policy, kernel, store, clock, parties or {}, post, meanings, delicate)
        house = replace(house, fetch=fetch, follow=converse_link.follow, speak=speak, charge=charge)
        self._house = replace(
            house, subjects=subjects, published=published, same=same, staff=dict(staff or {})
        )
        instruct_.recall(self._house)

    adopt = _verb(adopt_.adopt)

    # -- persons -----------------------------------------------------------------------------------

    new_person = _verb(identify_.new_person)
    exists = _verb(identify_.exists)

    def tag(self, *, person: int) -> str:
        """Return a pseudonym for staff views, the same each time; '' for somebody who was erased."""
        return self._house.store.tag(person=person) if self.exists(person=person) else ""

    ticket = _verb(ticket_.ticket)
    holder = _verb(ticket_.holder)
    tagged = _verb(identify_.tagged)
    identify = _verb(identify_.identify)
    find = _verb(identify_.find)
    proved = _verb(identify_.proved)
    await_proof = _verb(identify_.await_proof)
    awaited = _verb(identify_.awaited)
    holds = _verb(identify_.holds)
    enter = _verb(identify_.enter)
    silence = _verb(silence_.silence)
    silenced = _verb(silence_.silenced)
    lift_silence = _verb(silence_.lift_silence)
    forget_contact = _verb(identify_.forget_contact)
    bounced = _verb(bounce_.bounced)
    takes_mail = _verb(bounce_.takes_mail)
    knows = _verb(password_.knows)
    has_password = _verb(password_.has_password)
    change_password = _verb(password_.change_password)
    give_password = _verb(password_.give_password)
    is_given = _verb(password_.is_given)
    seen_from = _verb(browsers_.seen_from)
    stay = _verb(browsers_.stay)
    staying = _verb(browsers_.staying)
    browsers = _verb(browsers_.browsers)
    end_browsers = _verb(browsers_.end_browsers)

    # -- data --------------------------------------------------------------------------------------

    may = _verb(read_.may)
    refused = _verb(refuse.refused)
    collect = _verb(collect_.collect)
    fits = _verb(collect_.fits)
    file_of = _verb(attach.file_of)
    transact = _verb(transact_.transact)
    receive = _verb(receive_.receive)
    brings = _verb(sources_.brings)
    weigh = _verb(sources_.weigh)
    bring = _verb(bringing_.bring)
    batch_purposes = _verb(bringing_.batch_purposes)
    withdraw_batch = _verb(bringing_.withdraw_batch)
    refresh = _verb(refresh_.refresh)
    fetch = _verb(fetch_.fetch)
    reference = _verb(fetch_.reference)
    untold = _verb(told_.untold)
    told = _verb(told_.told)
    waiting = _verb(told_.waiting)
    ageing = _verb(ageing_.ageing)
    asked_about = _verb(ageing_.asked_about)
    read = _verb(read_.read)
    show = _verb(read_.show)
    people_for = _verb(read_.people_for)
    joined = _verb(join_.joined)
    totals = _verb(totals_.totals)
    tally = _verb(totals_.tally)
    figures = _verb(figures_.figures)
    trend = _verb(trend_.trend)
    report = _verb(report_.report)
    note_need = _verb(needs_.note_need)
    needs = _verb(needs_.needs)
    train = _verb(training_.train)
    insight = _verb(insight_.insight)
    markets = _verb(insight_.assigned)
    within = _verb(insight_.within)
    disclose = _verb(disclose_.disclose)
    tie = _verb(tie_.tie)
    untie = _verb(tie_.untie)
    bearers = _verb(tie_.bearers)
    group = _verb(groups_.group)
    found_group = _verb(groups_.found_group)
    join_group = _verb(groups_.join_group)
    leave_group = _verb(groups_.leave_group)
    peers = _verb(groups_.peers)
    fact_holds = _verb(room_.fact_holds)
    fellows = _verb(room_.fellows)
    people_in = _verb(room_.people_in)
    seen = _verb(room_.seen)
    seen_all = _verb(room_.seen_all)
    seen_together = _verb(room_.seen_together)
    room_totals = _verb(room_.room_totals)
    moderate = _verb(room_.moderate)
    pair = _verb(pair_.pair)
    pairs = _verb(pair_.pairs)
    amend = _verb(pair_.amend)
    part = _verb(pair_.part)
    observe = _verb(observe_.observe)
    match_letter = _verb(match_.match_letter)
    worded = _verb(wording.worded)
    wordings = _verb(wording.wordings)
    permission = _verb(permissions_.permission)
    permissions = _verb(permissions_.changes)
    derive = _verb(derive_.derive)
    entitled = _verb(entitle_.entitled)

    def correct(self, *, person: int, rid: int, body: Mapping[str, object]) -> Receipt | None:
        person, rid = converse_link.whose(self._house, person, rid)
        verify_.insist_checked(self._house, person=person, rid=rid, body=body)
        return correct_.correct(self._house, person=person, rid=rid, body=body)

    def propose(
        self, *, person: int, rid: int, body: Mapping[str, object]
    ) -> tuple[dict[str, object], tuple[verify_.Proposal, ...]]:
        person, rid = converse_link.whose(self._house, person, rid)
        return verify_.propose(self._house, person=person, rid=rid, body=body)

    proposal = _verb(verify_.proposal)
    settle = _verb(verify_.settle)
    ask_proof = _verb(verify_.ask_proof)

    def remove(self, *, person: int, rid: int) -> None:
        person, rid = converse_link.whose(self._house, person, rid)
        correct_.remove(self._house, person=person, rid=rid)

    converse = _verb(converse_.converse)
    shelve = _verb(shelve_.shelve)

    def masked(self, *, data: str, text: str, vault: Vault) -> converse_mask.Masked:
        return converse_mask.mask(self._house, data, text, vault)

    upload = _verb(upload_.upload)
    forget_talk = _verb(forget_.forget_talk)
    unwelcome = _verb(converse_mask.unwelcome)
    spend = _verb(purse_.spend)
    spent = _verb(purse_.spent)
    missed = _verb(missed_.missed)
    recall = _verb(recall_.recall)
    owner = _verb(recall_.owner)

    # -- samples, which are nobody's ---------------------------------------------------------------

    draw = _verb(draw_.draw)
    redraw = _verb(draw_.redraw)
    draws = _verb(draw_.draws)
    draw_due = _verb(draw_.draw_due)
    sampled = _verb(draw_.sampled)
    reviewed = _verb(review_.reviewed)
    one_reviewed = _verb(review_.one_reviewed)
    review = _verb(review_.review)
    invent = _verb(review_.invent)
    verdicts = _verb(review_.verdicts)

    # -- what the person decides -------------------------------------------------------------------

    consent = _verb(consent_.consent)
    answered = _verb(consent_.answered)
    declare_age = _verb(consent_.declare_age)
    accept_notice = _verb(consent_.accept_notice)
    note_notice = _verb(consent_.note_notice)
    accept_terms = _verb(consent_.accept_terms)
    object = _verb(oppose.object_to)
    decide_objection = _verb(oppose.decide_objection)
    instruct = _verb(instruct_.instruct)

    def instructed(self, *, party: str, member: str) -> Instruction | None:
        """Return the last version of what a party has signed, None when it signed nothing."""
        return self._house.instructed.get((party, member))

    standing = _verb(instruct_.standing)
    arrangement = _verb(joint_.arrangement)
    arranged = _verb(joint_.insist_arranged)
    sign = _verb(joint_.sign)
    settings = _verb(joint_.settings)
    set_up = _verb(joint_.set_up)
    restrict = _verb(oppose.restrict)
    report_child = _verb(minors_.report_child)
    retain = _verb(retain_.retain)
    erase_used = _verb(oppose.erase_used)
    ask = _verb(sides.ask)

    def answer(self, *, person: int, number: str, outcome: str, text: str = "") -> Asked:
        return ask_.answer(
            self._house, person=person, number=number, outcome=outcome, text=text, then=cases.answered
        )

    question = _verb(cases.question)
    writer = _verb(cases.writer)
    supplement = _verb(cases.supplement)
    cases = _verb(cases.cases)
    extend = _verb(ask_.extend)
    link = _verb(prove.link)
    linked = _verb(prove.linked)
    confirm = _verb(prove.confirm)
    announce_lifting = _verb(lift_.announce_lifting)
    lift = _verb(lift_.lift)

    # -- what happens ------------------------------------------------------------------------------

    event = _verb(events.event)
    raise_fact = _verb(events.raise_fact)
    lower_fact = _verb(events.lower_fact)
    hold = _verb(events.hold)
    release = _verb(events.release)
    close_account = _verb(closing.close_account)
    closed = _verb(closing.closed)

    # -- going, and showing ------------------------------------------------------------------------

    erase = _verb(erase_.erase)
    erase_unaccounted = _verb(strike_.erase_unaccounted)
    erase_ordered = _verb(strike_.erase_ordered)
    sweep = _verb(sweep_.sweep)
    sweep_on = _verb(sweep_.sweep_on)
    retime = _verb(sweep_.retime)
    access = _verb(access_.access)
    export = _verb(access_.export)
    hand_over = _verb(handing_.hand_over)
    overview = _verb(overview_.overview)
    reading = _verb(reading_.reading)
    read_over = _verb(reading_.read_over)
    forecast = _verb(overview_.forecast)
    entries = _verb(overview_.entries)
    log_line = _verb(logbook_.log_line)
    tie_line = _verb(logbook_.tie_line)
    anonymise_log = _verb(logbook_.anonymise_log)
    count = _verb(count_.count)
    count_person = _verb(count_.count_person)
    counts = _verb(count_.counts)

    # -- payments ----------------------------------------------------------------------------------

    owe = _verb(pay_.owe)
    pay = _verb(pay_.pay)
    refund = _verb(pay_.refund)
    takes_payments = _verb(pay_.takes_payments)
    owed = _verb(owed_.owed)
    reminded = _verb(owed_.reminded)

    # -- contests ----------------------------------------------------------------------------------

    open_contest = _verb(contest_.open_contest)
    contest = _verb(contest_.contest)
    enter_contest = _verb(contest_.enter)
    leave_contest = _verb(contest_.leave)
    number_of = _verb(contest_.number_of)
    entrants = _verb(contest_.entrants)
    works = _verb(contest_.works)
    close_contest = _verb(contest_.close)
    draw_contest = _verb(contest_.draw)
    judge_contest = _verb(contest_.judge)

    # -- what others entrust to us -----------------------------------------------------------------

    load = _verb(entrust.load)
    find_entrusted = _verb(entrust.find)
    entrusted = _verb(entrust.entrusted)
    read_entrusted = _verb(entrust.read_entrusted)
    amend_entrusted = _verb(entrust.amend_entrusted)
    unload = _verb(entrust.unload)
    block = _verb(entrust.block)
    acting = _verb(behalf.acting)
    acts_for = _verb(behalf.acts_for)
    end_acting = _verb(behalf.end_acting)
    processed_for = _verb(behalf.processed_for)
    held_for = _verb(behalf.held_for)
    give_up = _verb(behalf.give_up)
    entrusted_by = _verb(entrust.entrusted_by)
    route = _verb(entrust.route)
    routed = _verb(entrust.routed)
    end_entrusted = _verb(entrust.end_entrusted)
    withheld = _verb(withheld_.withheld)

    # -- breaches ----------------------------------------------------------------------------------

    report_breach = _verb(breach_.report_breach)
    look_again = _verb(breach_.look_again)
    assess = _verb(breach_.assess)
    notified = _verb(breach_.notified)
    hold_back = _verb(breach_.hold_back)
    held_over = _verb(breach_.held_over)
    people_to_tell = _verb(breach_.people_to_tell)
    people_told = _verb(breach_.people_told)
    tell_parties = _verb(breach_.tell_parties)
    keepers_told = _verb(breach_.keepers_told)
    post_breach = _verb(breach_.post_breach)
    close_breach = _verb(breach_.close_breach)
    breach = _verb(breach_.breach)
    breaches = _verb(breach_.breaches)
    breaches_of = _verb(breach_.breaches_of)
    postings = _verb(breach_.postings)

    # -- grants ------------------------------------------------------------------------------------

    ask_grant = _verb(grant_.ask_grant)
    approve_grant = _verb(grant_.approve_grant)
    decline_grant = _verb(grant_.decline_grant)
    end_grant = _verb(grant_.end_grant)
    review_grant = _verb(grant_.review_grant)
    silence_grant = _verb(grant_.silence_grant)
    grant_noted = _verb(grant_.noted)
    grant = _verb(grant_.grant)
    grants = _verb(grant_.grants)
    grantable = _verb(grant_.grantable)
    group_looks = _verb(looks_.group_looks)
    exceptions = _verb(contracted_.exceptions)
    in_terms = _verb(contracted_.in_terms)
    employ = _verb(staffed_.employ)

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

    # -- work done elsewhere -----------------------------------------------------------------------

    witness = _verb(bulk_.witness)
