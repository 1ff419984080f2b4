"""Desk: what staff send, answer and look after."""

from __future__ import annotations

from troth.policy.model import Consent, Purpose
from troth.web.api import breaches, campaigns, cases, grants, incoming, issues, mailings, support
from troth.web.api.choices import about
from troth.web.api.door import Operation, Query
from troth.web.api.tables.words import JOB, ONE, PARTY, PERSON, STAFF
from troth.web.api.wire import breaches as wb
from troth.web.api.wire import campaigns as wm
from troth.web.api.wire import cases as wy
from troth.web.api.wire import grants as wg
from troth.web.api.wire import incoming as wl
from troth.web.api.wire.base import SaidOut

CAMPAIGNS = (
    Operation(
        "POST", "/instructions", campaigns.instruct, "sign what we may do for you, version by version", PARTY,
        wm.InstructedOut, wm.InstructIn, status=201, by=campaigns.setting_clauses,
    ),
    Operation(
        "GET", "/instructions", campaigns.instructed, "what you have instructed", PARTY, wm.InstructedOut,
        by=campaigns.setting_clauses,
    ),
    Operation(
        "POST", "/issues", issues.write, "write to the company's own business contacts", JOB, issues.IssueOut,
        issues.IssueIn, status=201, by=about(Purpose),
    ),
    Operation("GET", "/campaigns", campaigns.campaigns, "messages to many", PARTY | STAFF, wm.CampaignsOut),
    Operation(
        "POST", "/campaigns", campaigns.campaign, "plan a message to those who said yes", PARTY | STAFF,
        wm.CampaignOut, wm.CampaignIn, status=201, by=about(Consent),
    ),
    Operation(
        "POST", "/campaigns/{number}/send", campaigns.send, "send it now", PARTY | STAFF, wm.CampaignOut,
        by=about(Consent),
    ),
)  # fmt: skip  # fmt: skip

SUPPORT = (
    Operation("POST", f"{ONE}/support", support.open_case, "open a case", PERSON, support.SupportOut,
        support.SupportIn, status=201, by=support.support_clauses, act=True),
    Operation("GET", f"{ONE}/support", support.cases, "your cases, with their files", PERSON,
        support.SupportsOut, by=support.support_clauses),
    Operation("POST", f"{ONE}/support/{{number}}/files", support.attach, "add a file to an open case",
        PERSON | STAFF, support.FileOut, support.FileIn, status=201, by=support.support_clauses,
        most=support.MOST),
    Operation("GET", f"{ONE}/support/{{number}}/files/{{rid}}", support.content, "a file of a case",
        PERSON | STAFF, support.ContentOut, query=(Query("role", "the role in which staff look"),),
        by=support.support_clauses),
    Operation("POST", f"{ONE}/support/{{number}}/close", support.close, "close a case", PERSON | STAFF,
        SaidOut, by=support.support_clauses),
)  # fmt: skip  # fmt: skip

MAILINGS = (
    Operation("POST", "/mailings", mailings.prepare, "queue a message of our own to who may get it",
        JOB | STAFF, mailings.MailingOut, mailings.MailingIn, status=201, by=mailings.mail_clauses),
    Operation("POST", "/mailings/{number}/send", mailings.send, "hand it over; each person is asked again",
        JOB | STAFF, mailings.MailingOut, by=mailings.mail_clauses),
    Operation("GET", "/mailings", mailings.mailings, "messages of our own", JOB | STAFF,
        mailings.MailingsOut, by=mailings.mail_clauses),
    Operation("POST", f"{ONE}/notices", mailings.notify, "write what belongs to the service", JOB | STAFF,
        SaidOut, mailings.NoticeIn, by=mailings.mail_clauses),
    Operation("POST", "/bounces", mailings.bounce, "say that an address takes no mail", JOB | PARTY, SaidOut,
        mailings.BounceIn, by=mailings.mail_clauses),
)  # fmt: skip  # fmt: skip

LETTERS = (
    Operation(
        "POST", "/letters", incoming.letter, "hand in a letter that came for a mailbox of ours", JOB,
        wl.LetterOut, wl.LetterIn, by=incoming.scope_clauses,
    ),
)  # fmt: skip  # fmt: skip

CASES = (
    Operation(
        "GET", f"{ONE}/cases", cases.cases, "what you wrote, and the answers", PERSON, wy.CasesOut,
        by=cases.case_clauses,
    ),
    Operation(
        "POST", f"{ONE}/cases", cases.write, "write to the company", PERSON, wy.CaseOut, wy.CaseIn,
        status=201, by=cases.case_clauses, act=True,
    ),
    Operation(
        "GET", f"{ONE}/cases/{{number}}", cases.case, "one case of yours", PERSON, wy.CaseOut,
        by=cases.case_clauses,
    ),
    Operation(
        "POST", f"{ONE}/cases/{{number}}/statements", cases.supplement, "put a statement beside a case",
        PERSON, wy.CaseOut, wy.StatementIn, status=201, by=cases.case_clauses, act=True,
    ),
)  # fmt: skip  # fmt: skip

GRANTS = (
    Operation("POST", "/grants", grants.ask, "ask for a look or a disclosure, with its scope", STAFF,
        wg.GrantOut, wg.GrantIn, status=201, by=grants.grant_clauses),
    Operation("GET", "/grants", grants.grants, "what was asked for, agreed to and looked at", STAFF,
        wg.GrantsOut, query=(Query("state", "asked, open, overdue, declined or ended"),
            Query("unused", "yes: those under which nobody looked")), by=grants.grant_clauses),
    Operation("GET", "/disclosure-report", grants.report, "how many disclosures a year, by ground", STAFF,
        wg.ReportOut, query=(Query("year", "the year", needed=True),), by=grants.grant_clauses),
    Operation("GET", "/exceptions", grants.exceptions, "who gets data without a term that it needs", STAFF,
        wg.ExceptionsOut, by=grants.grant_clauses),
    Operation("GET", "/grants/{number}", grants.grant, "one grant, with its steps and its looks", STAFF,
        wg.GrantOut, by=grants.grant_clauses),
    Operation("POST", "/grants/{number}/steps", grants.step, "agree, say no, end, review or silence it",
        STAFF, wg.GrantOut, wg.StepIn, by=grants.grant_clauses),
)  # fmt: skip

BREACHES = (
    Operation("POST", "/breaches", breaches.report, "open a breach, and find out whom it affects", STAFF,
        wb.BreachOut, wb.BreachIn, status=201, by=breaches.breach_clauses),
    Operation("GET", "/breaches", breaches.breaches, "the register of breaches", STAFF, wb.BreachesOut,
        by=breaches.breach_clauses),
    Operation("GET", "/breaches/{number}", breaches.breach, "one breach, with its clock and its steps", STAFF,
        wb.BreachOut, by=breaches.breach_clauses),
    Operation("GET", "/breaches/{number}/drafts", breaches.drafts, "the notices that it calls for", STAFF,
        wb.DraftsOut, by=breaches.breach_clauses),
    Operation("POST", "/breaches/{number}/scope", breaches.look_again, "find out anew whom it affects", STAFF,
        wb.BreachOut, wb.ScopeIn, by=breaches.breach_clauses),
    Operation("POST", "/breaches/{number}/assessment", breaches.assess, "rate the risk, and say why", STAFF,
        wb.BreachOut, wb.AssessIn, by=breaches.breach_clauses),
    Operation("POST", "/breaches/{number}/hold", breaches.hold, "keep the people's message back", STAFF,
        wb.BreachOut, wb.HoldIn, by=breaches.breach_clauses),
    Operation("POST", "/breaches/{number}/notices", breaches.notice, "tell people, site or authority",
        STAFF, wb.BreachOut, wb.NoticeIn, by=breaches.breach_clauses),
    Operation("POST", "/breaches/{number}/close", breaches.close, "close it, once all is said", STAFF,
        wb.BreachOut, by=breaches.breach_clauses),
)  # fmt: skip  # fmt: skip
