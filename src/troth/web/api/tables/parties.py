"""Parties: those outside, and those a person belongs to."""

from __future__ import annotations

from troth.policy.model import Right
from troth.web.api import (
    acting,
    complaints,
    entrusted,
    imports,
    joint,
    organisations,
    parties,
    payouts,
    performance,
    rewards,
    sources,
)
from troth.web.api.choices import about
from troth.web.api.door import Operation, Query
from troth.web.api.tables.words import ALL, JOB, MEMBER, ONE, PARTY, PERSON, STAFF
from troth.web.api.wire import imports as imported
from troth.web.api.wire import joint as wj
from troth.web.api.wire import organisations as wg
from troth.web.api.wire import parties as wt
from troth.web.api.wire import people as wp
from troth.web.api.wire import rewards as wx
from troth.web.api.wire import rights as wr
from troth.web.api.wire.base import SaidOut

PARTIES = (
    Operation(
        "POST", "/pushes", parties.push, "hand in records of your own customers", PARTY, wt.PushOut,
        wt.PushIn, by=parties.party_clauses,
    ),
    Operation(
        "POST", f"{ONE}/shares", parties.share, "disclose what a rule lets a party have", JOB | PARTY,
        wt.ShareOut, wt.ShareIn, by=parties.share_clauses,
    ),
    Operation(
        "POST", f"{ONE}/fetches", parties.fetch, "ask a business for data, on the person's yes", JOB | PERSON,
        wt.FetchOut, wt.FetchIn, status=201, by=parties.party_clauses,
    ),
    Operation(
        "GET", "/deliveries", parties.deliveries, "what was delivered to you", PARTY, wt.DeliveriesOut,
        by=parties.party_clauses,
    ),
    Operation(
        "GET", f"{ONE}/disclosures", parties.disclosures, "who received or saw your data", PERSON,
        wt.DisclosuresOut, by=about(Right, "access"),
    ),
)  # fmt: skip  # fmt: skip

ENTRUSTED = (
    Operation("POST", "/entrusted", entrusted.load, "load a record about one of your people", PARTY,
        entrusted.LoadedOut, entrusted.LoadIn, status=201, by=entrusted.entrusted_clauses),
    Operation("GET", "/entrusted", entrusted.find, "find one of your people by your own name for them", PARTY,
        entrusted.FoundOut, query=(Query("reference", "your own name for them", True),),
        by=entrusted.entrusted_clauses),
    Operation("GET", "/entrusted/wishes", entrusted.wishes, "what people wish of you", PARTY, wr.RequestsOut,
        by=entrusted.entrusted_clauses),
    Operation("POST", "/entrusted/events", entrusted.end, "what happened to all that a party loaded",
        JOB | STAFF, entrusted.EndedOut, entrusted.EndIn, by=entrusted.entrusted_clauses),
    Operation("GET", "/entrusted/brought", acting.brought, "what people who act for you brought for you",
        PARTY, acting.BroughtsOut, by=entrusted.entrusted_clauses),
    Operation("DELETE", "/entrusted/{tag}/records/{rid}", acting.remove, "take one of these out", PARTY,
        SaidOut, by=entrusted.entrusted_clauses),
    Operation("GET", "/acting", acting.acting, "who acts for you here", PARTY, acting.ActingOut,
        by=acting.acting_clauses),
    Operation("POST", "/acting/end", acting.end, "let nobody act for you any longer, as with your contract",
        PARTY, acting.ActingOut, by=acting.acting_clauses),
    Operation("POST", "/requests", acting.file_right, "learn who may ask for what an organisation may not",
        PARTY, SaidOut, acting.OwnRightIn, status=201, by=acting.acting_clauses),
    Operation("GET", "/entrusted/{tag}", entrusted.read, "what you loaded about one of your people", PARTY,
        wp.RecordsOut, by=entrusted.entrusted_clauses),
    Operation("PATCH", "/entrusted/{tag}", entrusted.amend, "correct it, or take a field out", PARTY, SaidOut,
        entrusted.AmendIn, by=entrusted.entrusted_clauses),
    Operation("DELETE", "/entrusted/{tag}", entrusted.remove, "take one of your people out everywhere", PARTY,
        entrusted.RemovedOut, by=entrusted.entrusted_clauses),
    Operation("POST", "/entrusted/{tag}/block", entrusted.block, "take nothing more in about them", PARTY,
        SaidOut, entrusted.BlockIn, by=entrusted.entrusted_clauses),
)  # fmt: skip  # fmt: skip

IMPORTS = (
    Operation("POST", "/imports", sources.bring, "bring people in from a source outside", JOB,
        sources.BatchOut, sources.BatchIn, status=201, by=sources.source_clauses),
    Operation("DELETE", "/imports/{batch}", sources.withdraw, "take a batch back", JOB | STAFF,
        sources.WithdrawnOut, by=sources.source_clauses),
    Operation("POST", "/sources/{source}/{member}/weighing", sources.weigh, "say whether a source is lawful",
        STAFF, SaidOut, sources.WeighedIn, by=sources.source_clauses),
    Operation("POST", f"{ONE}/records/{{rid}}/refresh", sources.refresh,
        "put a stale value right by one that a source brought", JOB, SaidOut, sources.RefreshIn,
        by=sources.source_clauses),
    Operation(
        "POST", f"{ONE}/imports", imports.take_in, "enter what a source of the document said", STAFF,
        imported.ImportOut, imported.ImportIn, status=201, by=imports.import_clauses,
    ),
)  # fmt: skip  # fmt: skip

JOINT = (
    Operation("GET", "/complaints/{number}/state", complaints.state, "how a complaint stands, and until when",
        PARTY | STAFF, wx.StateOut, by=complaints.complaint_clauses),
    Operation("GET", "/performance", performance.performance, "how conversations do, in numbers",
        PARTY | STAFF, performance.PerformanceOut, query=(Query("month", "a month, as 2025-03"),),
        by=performance.performance_clauses),
    Operation("POST", "/payouts", payouts.pay, "ask to be paid for a reward of yours, once", PARTY, SaidOut,
        payouts.PayIn, status=201, by=rewards.reward_clauses),
    Operation("GET", "/payouts", payouts.paid, "the sums of your payouts", PARTY, payouts.PaidOut,
        query=(MEMBER,), by=rewards.reward_clauses),
    Operation("GET", "/duties", joint.duties, "who answers for what, with whom we answer together", ALL,
        wj.DutiesOut),
    Operation("GET", "/arrangement", joint.arrangement, "what you and we have signed", PARTY,
        wj.ArrangementOut, by=joint.joint_clauses),
    Operation("POST", "/arrangement", joint.sign, "sign a version of it, each side its own", PARTY | STAFF,
        wj.ArrangementOut, wj.SignIn, status=201, by=joint.joint_clauses),
    Operation("GET", "/settings", joint.settings, "what others may have of what you handed in", PARTY,
        wj.SettingsOut, by=joint.joint_clauses),
    Operation("POST", "/settings", joint.set_up, "set it, field by receiver and purpose", PARTY,
        wj.SettingsOut, wj.SettingsIn, status=201, by=joint.joint_clauses),
)  # fmt: skip  # fmt: skip

ORGANISATIONS = (
    Operation("POST", f"{ONE}/uploads", organisations.upload, "put a text in, masked before it is kept",
        PERSON, wg.UploadedOut, wg.UploadIn, status=201, by=organisations.organisation_clauses, act=True),
    Operation("GET", f"{ONE}/organisation", organisations.organisation, "the organisation you are in", PERSON,
        wg.OrganisationOut, by=organisations.organisation_clauses),
    Operation("POST", f"{ONE}/organisation", organisations.found, "begin one", PERSON, wg.OrganisationOut,
        wg.OrganisationIn, status=201, by=organisations.organisation_clauses, act=True),
    Operation("DELETE", f"{ONE}/organisation", organisations.leave, "leave it", PERSON, SaidOut,
        by=organisations.organisation_clauses, act=True),
    Operation("POST", f"{ONE}/organisation/invitations", organisations.inviting, "invite a colleague", PERSON,
        SaidOut, wg.InviteeIn, status=202, by=organisations.organisation_clauses, act=True),
    Operation("POST", f"{ONE}/organisation/join", organisations.join, "come in by an invitation", PERSON,
        wg.OrganisationOut, wg.JoinIn, status=201, by=organisations.organisation_clauses, act=True),
    Operation("GET", f"{ONE}/organisation/conversations", organisations.shared, "what your colleagues wrote",
        PERSON, wg.SharedOut, by=organisations.organisation_clauses, act=True),
    Operation("GET", f"{ONE}/organisation/conversations/{{number}}", organisations.turns,
        "one conversation of a colleague", PERSON, wg.TurnsOut, by=organisations.organisation_clauses,
        act=True),
)  # fmt: skip  # fmt: skip
