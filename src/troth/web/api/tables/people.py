"""People: a person: what is held, chosen and asked for."""

from __future__ import annotations

from troth.policy.model import Event, Fact, Keep, Purpose, Right
from troth.web.api import (
    alerts,
    announcing,
    carry,
    choices,
    handing,
    letters,
    lifting,
    log,
    minors,
    parties,
    people,
    rights,
    verifying,
)
from troth.web.api.choices import about
from troth.web.api.door import Operation, Query
from troth.web.api.tables.words import (
    ALL,
    DATA,
    FIELD,
    FORM,
    JOB,
    KEYS,
    MEMBER,
    ONE,
    PARTY_ASKED,
    PERSON,
    PURPOSE,
    STAFF,
)
from troth.web.api.wire import announcing as wno
from troth.web.api.wire import choices as wc
from troth.web.api.wire import people as wp
from troth.web.api.wire import rights as wr
from troth.web.api.wire.base import SaidOut, Who

PEOPLE = (
    Operation(
        "POST", "/people", people.begin, "begin a person", JOB, wp.PersonOut, wp.PersonIn, status=201,
        by=people.begin_clauses,
    ),
    Operation(
        "POST", "/people/find", people.find, "find a person by a name", JOB | STAFF, wp.PersonOut, Who,
        by=parties.party_clauses,
    ),
    Operation(
        "GET", ONE, rights.access, "all that is held about you", PERSON, wr.AccessOut,
        by=about(Right, "access"), act=True,
    ),
    Operation(
        "GET", f"{ONE}/records", people.read, "read records for a purpose",
        PERSON | JOB | STAFF, wp.RecordsOut, by=people.read_clauses, act=True,
        query=(
            DATA, PURPOSE, FIELD, MEMBER, Query("role", "the role in which staff look"),
            Query("reason", "why staff look", many=400), Query("grant", "the grant under which staff look"),
            Query("form", "pseudonymous: codes and scrubbed words"),
            Query("with", "a category to read beside it, where the document joins the two"),
        ),
    ),
    Operation(
        "POST", f"{ONE}/records", people.collect, "store a record", PERSON | JOB, wp.RidOut, wp.RecordIn,
        status=201, by=people.collect_clauses, act=True,
    ),
    Operation(
        "PATCH", f"{ONE}/records/{{rid}}", people.correct, "correct a record", PERSON, SaidOut, wp.CorrectIn,
        by=about(Right, "correct"), act=True,
    ),
    Operation(
        "DELETE", f"{ONE}/records/{{rid}}", people.remove, "remove a record", PERSON, SaidOut,
        by=about(Right, "erase"),
    ),
    Operation(
        "GET", "/use", people.rows, "read one category across people, for a job's purpose", JOB, wp.RowsOut,
        query=(Query("data", DATA.says, True), PURPOSE, FIELD, MEMBER, FORM), by=about(Purpose),
    ),
    Operation(
        "GET", "/alerts", alerts.alerts, "too many failed sign-ins, for the role that looks into them", STAFF,
        wp.AlertsOut, by=alerts.alert_clauses,
    ),
    Operation(
        "GET", "/totals", people.totals, "counts of a field, no group too small", KEYS, wp.TotalsOut,
        query=(
            Query("data", DATA.says, True), Query("field", FIELD.says, True), PURPOSE, PARTY_ASKED, MEMBER,
        ),
    ),
)  # fmt: skip  # fmt: skip

CHOICES = (
    Operation(
        "GET", f"{ONE}/consents", choices.consents, "your consents and their history", PERSON, wc.ConsentsOut,
        by=choices.consent_clauses,
    ),
    Operation(
        "POST", f"{ONE}/consents", choices.consent, "say yes or no to one question", PERSON, wc.ConsentsOut,
        wc.ConsentIn, by=choices.consent_clauses, act=True,
    ),
    Operation(
        "POST", f"{ONE}/objections", choices.object_to, "object, without a reason", PERSON, wc.ObjectionsOut,
        wc.ObjectionIn, by=about(Right, "object"),
    ),
    Operation(
        "POST", f"{ONE}/objections/{{purpose}}/decision", choices.judge, "decide an objection", STAFF,
        SaidOut, wc.JudgedIn, by=about(Right, "object"),
    ),
    Operation(
        "POST", f"{ONE}/objections/{{purpose}}/erasure", choices.erase_used,
        "erase what was used, once your objection is upheld", PERSON, SaidOut, by=about(Right, "erase"),
    ),
    Operation(
        "POST", f"{ONE}/restrictions", choices.restrict, "restrict, or lift it", PERSON, wc.RestrictionsOut,
        wc.RestrictionIn, by=about(Right, "restrict"),
    ),
    Operation(
        "POST", f"{ONE}/restrictions/lifting", lifting.announce, "tell that a restriction will be lifted",
        STAFF, SaidOut, wc.LiftingIn, by=about(Right, "restrict"),
    ),
    Operation(
        "POST", f"{ONE}/restrictions/lift", lifting.lift, "lift a restriction, once its person was told",
        STAFF, SaidOut, wc.LiftIn, by=about(Right, "restrict"),
    ),
    Operation("POST", f"{ONE}/age", choices.age, "declare your age", PERSON | JOB, SaidOut, wc.AgeIn),
    Operation("POST", f"{ONE}/notice", choices.notice, "accept a version", PERSON, SaidOut, wc.NoticeIn),
    Operation(
        "POST", f"{ONE}/events", choices.event, "say that something happened", JOB | STAFF, SaidOut,
        wc.EventIn, by=about(Event),
    ),
    Operation(
        "POST", f"{ONE}/facts", choices.fact, "say that a fact holds or holds no more", KEYS, SaidOut,
        wc.FactIn, by=about(Fact),
    ),
)  # fmt: skip  # fmt: skip

RIGHTS = (
    Operation(
        "POST", "/child-reports", minors.report_child, "report that a child gave data here", ALL,
        minors.ReportedOut, minors.ReportIn, status=201, by=minors.child_clauses,
    ),
    Operation(
        "POST", f"{ONE}/log/anonymisation", log.anonymise, "make your lines of the log anonymous", PERSON,
        log.AnonymisedOut, log.AnonymiseIn, by=log.log_clauses,
    ),
    Operation(
        "POST", f"{ONE}/log", log.tie, "tie one line of the log to somebody", STAFF, log.TiedOut, log.TieIn,
        status=201, by=log.log_clauses,
    ),
    Operation(
        "GET", "/requests", rights.requests, "requests and their deadlines", PERSON | STAFF, wr.RequestsOut,
        by=about(Right),
    ),
    Operation(
        "POST", f"{ONE}/requests", rights.ask, "ask for a right", PERSON, wr.AskedOut, wr.RequestIn,
        status=201, by=about(Right),
    ),
    Operation(
        "POST", f"{ONE}/requests/{{number}}/answer", rights.respond, "answer a request", STAFF, SaidOut,
        wr.AnswerIn, by=about(Right),
    ),
    Operation(
        "POST", f"{ONE}/requests/{{number}}/extension", rights.extend, "take longer, and say why", STAFF,
        wr.AskedOut, wr.ExtendIn, by=about(Right),
    ),
    Operation(
        "POST", f"{ONE}/requests/{{number}}/check", verifying.check, "say whether a correction holds", STAFF,
        SaidOut, verifying.CheckedIn, by=about(Right, "correct"),
    ),
    Operation(
        "POST", f"{ONE}/proofs", verifying.ask_proof, "ask somebody to prove a correction", STAFF, SaidOut,
        verifying.ProofIn, by=about(Right, "correct"),
    ),
    Operation(
        "POST", f"{ONE}/erasure/unlawful", verifying.unlawful,
        "erase what is kept of you without its evidence", PERSON, verifying.StruckOut, wr.SureIn,
        by=about(Right, "erase"),
    ),
    Operation(
        "POST", f"{ONE}/erasure/order", verifying.ordered, "erase what a law or a decision orders away",
        STAFF, verifying.StruckOut, verifying.OrderIn, by=about(Right, "erase"),
    ),
    Operation(
        "POST", "/mail", letters.mail, "enter a request that came by mail or to a party", KEYS, wr.MailOut,
        wr.MailIn,
        by=about(Right),
    ),
    Operation(
        "GET", f"{ONE}/export", rights.export, "your copy, to take along", PERSON, wr.ExportOut,
        by=about(Right, "carry"),
    ),
    Operation(
        "GET", f"{ONE}/portable", carry.portable, "what you gave, in a form another service takes in", PERSON,
        wr.PortableOut, by=about(Right, "carry"),
    ),
    Operation(
        "POST", f"{ONE}/portable", carry.take_in, "bring along what you gave elsewhere", PERSON, wr.TakenOut,
        wr.PortableIn, by=about(Right, "carry"), act=True,
    ),
    Operation(
        "POST", f"{ONE}/transfers", handing.ask, "name a service that your file is sent to", PERSON,
        wr.AskedOut, handing.ToIn, status=201, by=about(Right, "carry"),
    ),
    Operation(
        "POST", f"{ONE}/transfers/{{number}}", handing.send, "confirm the address and send the file, once",
        PERSON, wr.AskedOut, handing.ConfirmIn, by=about(Right, "carry"),
    ),
    Operation(
        "POST", f"{ONE}/account/close", rights.close, "close your account", PERSON, wr.ClosedOut, wr.SureIn,
        by=about(Keep),
    ),
    Operation(
        "POST", f"{ONE}/erasure", rights.erase, "erase all about you", PERSON, wr.ReceiptOut, wr.SureIn,
        by=about(Right, "erase"),
    ),
)  # fmt: skip  # fmt: skip

ANNOUNCING = (
    Operation("GET", "/document", announcing.reading, "when the document was read over", STAFF,
        wno.ReadingOut, by=announcing.announcing_clauses),
    Operation("POST", "/document/readings", announcing.read_over, "say that the document was read over",
        STAFF, wno.ReadingOut, by=announcing.announcing_clauses),
    Operation("POST", "/announcements", announcing.version, "mail that a new version is coming", STAFF,
        wno.AnnouncedOut, wno.AnnounceIn, by=announcing.announcing_clauses),
    Operation("POST", "/announcements/messages", announcing.message, "mail what we owe to tell", STAFF,
        wno.AnnouncedOut, wno.TellIn, by=announcing.announcing_clauses),
)  # fmt: skip  # fmt: skip
