"""Talking: conversations, agents and what people put beside them."""

from __future__ import annotations

from troth.policy.model import Event, Right
from troth.web.api import (
    accounts,
    bookings,
    conversations,
    files,
    links,
    organisations,
    quotations,
    signing,
    surveys,
    talks,
    visits,
)
from troth.web.api.choices import about
from troth.web.api.door import Operation, Query
from troth.web.api.tables.words import ALL, GUEST, JOB, KEYS, ONE, PARTY, PERSON, STAFF
from troth.web.api.wire import accounts as wa
from troth.web.api.wire import campaigns as wm
from troth.web.api.wire import conversations as wv
from troth.web.api.wire import organisations as wg
from troth.web.api.wire import people as wp
from troth.web.api.wire import proofs as we
from troth.web.api.wire import rights as wr
from troth.web.api.wire import talks as wf
from troth.web.api.wire.base import SaidOut

BOOKINGS = (
    Operation("GET", "/bookings", bookings.listed, "requests for a meeting that wait", STAFF,
        bookings.BookingsOut, query=(Query("role", "as which role, where a key has several"),),
        by=bookings.booking_clauses),
    Operation("POST", "/bookings/{number}/settled", bookings.settle, "settle one, and send its invitation",
        STAFF, bookings.BookingOut, bookings.SettledIn,
        query=(Query("role", "as which role, where a key has several"),), by=bookings.booking_clauses),
)  # fmt: skip

QUOTATIONS = (
    Operation("GET", "/quotations", quotations.listed, "words that people let us print, and that wait", STAFF,
        quotations.QuotationsOut, query=(Query("role", "as which role, where a key has several"),),
        by=quotations.quoting_clauses),
    Operation("POST", "/quotations/{number}/shown", quotations.put_up, "put them on the page, unchanged",
        STAFF, quotations.QuotationOut, quotations.UpIn,
        query=(Query("role", "as which role, where a key has several"),), by=quotations.quoting_clauses),
)  # fmt: skip

SIGNING = (
    Operation(
        "POST", "/session", signing.ask_code, "send a sign-in code by mail", ALL, SaidOut, wp.SessionIn,
        status=202,
    ),
    Operation(
        "POST", "/session/code", signing.take_code, "sign in with the code", ALL, wp.SessionOut, wp.CodeIn,
    ),
    Operation(
        "POST", "/session/staff", signing.staff_in, "sign in as staff by a second factor", STAFF,
        wp.SessionOut, wp.SecondIn,
    ),
    Operation("DELETE", "/session", signing.sign_out, "sign out", GUEST, SaidOut),
    Operation(
        "POST", "/accounts", accounts.open_account, "open an account with a password", GUEST, SaidOut,
        wa.AccountIn, status=201,
    ),
    Operation(
        "POST", "/session/password", accounts.come_in, "sign in with the password", ALL, wp.SessionOut,
        wa.PasswordIn,
    ),
    Operation(
        "PUT", "/people/{tag}/password", accounts.change, "put another password in place", PERSON, SaidOut,
        wa.ChangeIn, act=True,
    ),
    Operation(
        "POST", "/people/{tag}/password", accounts.give, "send somebody a password to begin with",
        JOB | STAFF, SaidOut, wa.GivenIn, status=201,
    ),
    Operation(
        "GET", "/people/{tag}/sessions", accounts.sessions, "where you are signed in", PERSON, wa.StaysOut,
    ),
    Operation(
        "DELETE", "/people/{tag}/sessions/{name}", accounts.end_session, "end one of them, or all others",
        PERSON, wa.StaysOut,
    ),
)  # fmt: skip  # fmt: skip

FLOWS = (
    Operation("GET", "/flows", talks.flows, "the flows you may see", ALL, wf.FlowsOut),
    Operation(
        "GET", "/clients/{member}/flows", talks.client_flows, "one client's flows", KEYS, wf.FlowsOut,
        by=talks.flow_clauses,
    ),
    Operation(
        "POST", "/flows/{flow}/talk", talks.begin, "begin a conversation", GUEST, wf.TalkOut, wf.StartIn,
        status=201,
    ),
    Operation("GET", "/flows/{flow}/talk", talks.state, "the conversation as it stands", GUEST, wf.TalkOut),
    Operation(
        "POST", "/flows/{flow}/talk/answer", talks.turn, "answer a step", GUEST, wf.TalkOut, wf.TurnIn,
    ),
    Operation(
        "POST", "/flows/{flow}/talk/back", talks.turn_back, "go one step back", GUEST, wf.TalkOut, wf.BackIn,
    ),
    Operation(
        "POST", "/flows/{flow}/links", links.link, "a link and QR codes for a flow",
        STAFF | PARTY, wm.LinkOut, wm.LinkIn, by=talks.flow_clauses,
    ),
    Operation("POST", "/visits", visits.visit, "count an opening of a flow", ALL, we.VisitOut, we.VisitIn),
    Operation(
        "GET", "/surveys/{flow}", surveys.survey, "what a survey's answers add up to", PARTY, wp.SurveyOut,
        by=surveys.survey_clauses,
    ),
    Operation("POST", "/surveys/{flow}/invitations", surveys.invite, "ask people to take part, nobody twice "
        "within a month", STAFF, surveys.InvitedOut, status=202, by=surveys.survey_clauses),
    Operation("GET", "/visits", visits.visits, "openings by channel", KEYS, we.VisitsOut),
)  # fmt: skip  # fmt: skip

TALKS = (
    Operation("POST", "/organisations/{number}/events", organisations.event,
        "say that something happened to everybody in an organisation", JOB | STAFF, SaidOut, wg.GroupEventIn,
        by=about(Event)),
    Operation("POST", "/conversations/{number}/owner", conversations.owner, "look up whose a conversation is",
        STAFF, wv.OwnerOut, wv.LookIn, by=conversations.link_clauses),
    Operation("GET", f"{ONE}/conversations", conversations.conversations, "your conversations with agents",
        PERSON, wv.TalksOut, by=about(Right, "access")),
    Operation("POST", f"{ONE}/conversations/erasure", conversations.erase_all,
        "erase all your conversations, for good", PERSON, wv.ForgottenOut, wr.SureIn,
        by=conversations.erasing),
    Operation("GET", f"{ONE}/conversations/{{number}}", conversations.conversation,
        "one conversation of yours", PERSON, wv.WholeTalkOut, by=about(Right, "access")),
    Operation("POST", f"{ONE}/conversations/{{number}}/erasure", conversations.erase,
        "erase one conversation, for good", PERSON, wv.ForgottenOut, wr.SureIn, by=conversations.erasing),
    Operation("POST", f"{ONE}/conversations/{{number}}/missed", conversations.missed,
        "take out what the scrubber missed", PERSON, SaidOut, wv.DetailIn, by=conversations.erasing),
    Operation("POST", f"{ONE}/conversations/{{number}}/restoration", conversations.restore,
        "says that there is no way back", PERSON, wv.ForgottenOut, by=conversations.erasing),
)  # fmt: skip  # fmt: skip

FILES = (
    Operation("POST", f"{ONE}/files", files.put, "put a text on the platform", PERSON, files.FileOut,
        files.FileIn, status=201, act=True),
)  # fmt: skip  # fmt: skip
