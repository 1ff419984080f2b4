"""Table: all operations of the API, one line of sense each; routes and OpenAPI are made from it."""

from __future__ import annotations

from troth.policy.model import Consent, Counter, Event, Fact, Keep, Purpose, Right, Role
from troth.web.api import (
    accounts,
    alerts,
    announcing,
    breaches,
    campaigns,
    carry,
    cases,
    choices,
    complaints,
    contests,
    conversations,
    entrusted,
    figures,
    files,
    friends,
    imports,
    incoming,
    insight,
    issues,
    joint,
    letters,
    lifting,
    links,
    mailings,
    orders,
    organisations,
    parties,
    payouts,
    people,
    performance,
    proofs,
    purchases,
    rewards,
    rights,
    samples,
    signing,
    support,
    surveys,
    talks,
    visits,
)
from troth.web.api import credits as given
from troth.web.api import offers as chosen
from troth.web.api.choices import about
from troth.web.api.door import Operation, Query
from troth.web.api.rooms_table import ROOMS
from troth.web.api.wire import accounts as wa
from troth.web.api.wire import announcing as wno
from troth.web.api.wire import breaches as wb
from troth.web.api.wire import campaigns as wm
from troth.web.api.wire import cases as wy
from troth.web.api.wire import choices as wc
from troth.web.api.wire import contests as wn
from troth.web.api.wire import conversations as wv
from troth.web.api.wire import credits as wk
from troth.web.api.wire import imports as imported
from troth.web.api.wire import incoming as wl
from troth.web.api.wire import insight as wi
from troth.web.api.wire import joint as wj
from troth.web.api.wire import offers as wo
from troth.web.api.wire import orders as wz
from troth.web.api.wire import organisations as wg
from troth.web.api.wire import parties as wt
from troth.web.api.wire import people as wp
from troth.web.api.wire import proofs as we
from troth.web.api.wire import purchases as wu
from troth.web.api.wire import rewards as wx
from troth.web.api.wire import rights as wr
from troth.web.api.wire import samples as ws
from troth.web.api.wire import talks as wf
from troth.web.api.wire.base import SaidOut, Who

ALL = frozenset({"nobody", "person", "job", "staff", "party"})
KEYS = frozenset({"job", "staff", "party"})
PERSON, JOB, STAFF, PARTY = (frozenset({kind}) for kind in ("person", "job", "staff", "party"))
GUEST = frozenset({"nobody", "person"})

DATA = Query("data", "a category of the document")
PURPOSE = Query("purpose", "a purpose of the document")
FIELD = Query("field", "one field of the category")
MEMBER = Query("member", "a member of an open class")
PARTY_ASKED = Query("party", "a recipient of the document")
FORM = Query("form", "identified, truncated, pseudonymous or anonymous")
ONE = "/people/{tag}"

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
        "GET", "/people/{tag}/sessions", accounts.sessions, "where you are signed in", PERSON, wa.StaysOut,
    ),
    Operation(
        "DELETE", "/people/{tag}/sessions/{name}", accounts.end_session, "end one of them, or all others",
        PERSON, wa.StaysOut,
    ),
)  # fmt: skip

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
    Operation("GET", "/visits", visits.visits, "openings by channel", KEYS, we.VisitsOut),
)  # fmt: skip

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
            Query("reason", "why staff look", many=400),
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
)  # fmt: skip

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
)  # fmt: skip

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
)  # fmt: skip

RIGHTS = (
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
        "POST", f"{ONE}/account/close", rights.close, "close your account", PERSON, wr.ClosedOut, wr.SureIn,
        by=about(Keep),
    ),
    Operation(
        "POST", f"{ONE}/erasure", rights.erase, "erase all about you", PERSON, wr.ReceiptOut, wr.SureIn,
        by=about(Right, "erase"),
    ),
)  # fmt: skip

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
)  # fmt: skip

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
    Operation("GET", "/entrusted/{tag}", entrusted.read, "what you loaded about one of your people", PARTY,
        wp.RecordsOut, by=entrusted.entrusted_clauses),
    Operation("PATCH", "/entrusted/{tag}", entrusted.amend, "correct it, or take a field out", PARTY, SaidOut,
        entrusted.AmendIn, by=entrusted.entrusted_clauses),
    Operation("DELETE", "/entrusted/{tag}", entrusted.remove, "take one of your people out everywhere", PARTY,
        entrusted.RemovedOut, by=entrusted.entrusted_clauses),
    Operation("POST", "/entrusted/{tag}/block", entrusted.block, "take nothing more in about them", PARTY,
        SaidOut, entrusted.BlockIn, by=entrusted.entrusted_clauses),
)  # fmt: skip

SUPPORT = (
    Operation("POST", f"{ONE}/support", support.open_case, "open a case", PERSON, support.SupportOut,
        support.SupportIn, status=201, by=support.support_clauses, act=True),
    Operation("GET", f"{ONE}/support", support.cases, "your cases, with their files", PERSON,
        support.SupportsOut, by=support.support_clauses),
    Operation("POST", f"{ONE}/support/{{number}}/files", support.attach, "add a file to an open case",
        PERSON | STAFF, support.FileOut, support.FileIn, status=201, by=support.support_clauses),
    Operation("GET", f"{ONE}/support/{{number}}/files/{{rid}}", support.content, "a file of a case",
        PERSON | STAFF, support.ContentOut, query=(Query("role", "the role in which staff look"),),
        by=support.support_clauses),
    Operation("POST", f"{ONE}/support/{{number}}/close", support.close, "close a case", PERSON | STAFF,
        SaidOut, by=support.support_clauses),
)  # fmt: skip

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
)  # fmt: skip

REWARDS = (
    Operation("GET", f"{ONE}/rewards", rewards.rewards, "your rewards, each line and the balance", PERSON,
        wx.RewardsOut, by=about(Right, "access"), act=True),
    Operation("POST", f"{ONE}/redemptions", rewards.spend, "use points at a business", PERSON, wx.EntryOut,
        wx.SpendIn, status=201, by=rewards.reward_clauses, act=True),
    Operation("POST", "/redemptions", rewards.redeem, "use a coupon at your till", PARTY, wx.RedeemedOut,
        wx.RedeemIn, by=rewards.reward_clauses),
    Operation("POST", f"{ONE}/rewards/{{entitlement}}/reversal", rewards.reverse,
        "take a line of the ledger back by a new one", JOB | PARTY, wx.EntryOut, wx.ReverseIn, status=201,
        by=rewards.reward_clauses),
    Operation("GET", f"{ONE}/referral", friends.referral, "your link for friends", PERSON, wx.ReferralOut,
        by=about(Right, "access")),
    Operation("POST", f"{ONE}/referral", friends.name_referral, "your link, with a name that it shows",
        PERSON, wx.ReferralOut, wx.NamedIn, by=about(Right, "access"), act=True),
    Operation("GET", "/referrals/{ticket}", friends.invited, "what a friend's link means", ALL,
        wx.InvitedOut),
    Operation("POST", f"{ONE}/invitations", friends.invite, "ask somebody to be your contact", PERSON,
        SaidOut, wx.InviteIn, status=202, by=friends.friend_clauses, act=True),
    Operation("GET", f"{ONE}/friends", friends.friends, "your contacts who accepted", PERSON, wx.FriendsOut,
        by=friends.friend_clauses),
    Operation("POST", f"{ONE}/friends", friends.accept, "accept an invitation", PERSON, wx.FriendsOut,
        wx.AcceptIn, status=201, by=friends.friend_clauses, act=True),
    Operation("DELETE", f"{ONE}/friends/{{number}}", friends.unfriend, "end a contact, for both", PERSON,
        wx.FriendsOut, by=friends.friend_clauses, act=True),
    Operation("GET", f"{ONE}/complaints", complaints.complaints, "your complaints and their answers", PERSON,
        wx.ComplaintsOut, by=complaints.complaint_clauses),
    Operation("POST", f"{ONE}/complaints", complaints.complain, "dispute a reward", PERSON, wx.ComplaintOut,
        wx.ComplainIn, status=201, by=complaints.complaint_clauses, act=True),
    Operation("GET", "/complaints/{number}", complaints.handle, "a complaint about a reward of yours", PARTY,
        wx.HandledOut, by=complaints.complaint_clauses),
    Operation("POST", "/complaints/{number}/answer", complaints.resolve, "answer a complaint", PARTY, SaidOut,
        wx.ResolveIn, by=complaints.complaint_clauses),
)  # fmt: skip

PROOFS = (
    Operation("GET", "/evidence/checkpoint", proofs.checkpoint, "the signed head", ALL, we.CheckpointOut),
    Operation(
        "GET", "/evidence/proof", proofs.proof, "proof that an entry stands", ALL, we.EvidenceOut,
        query=(Query("leaf", "the entry's number", True, 15),),
    ),
    Operation(
        "GET", "/evidence/consistency", proofs.consistency, "proof that the evidence only grew", ALL,
        we.EvidenceOut, query=(Query("first", "the earlier number of entries", True, 15),),
    ),
    Operation(
        "GET", "/evidence/verify", proofs.verify, "check the whole evidence", STAFF | JOB, we.VerifiedOut,
    ),
    Operation(
        "GET", "/evidence/entries", proofs.entries, "the entries, without a value of a person", STAFF,
        we.EntriesOut, query=(Query("start", "the first entry's number", False, 15),),
    ),
    Operation("GET", "/counters/{counter}", proofs.counts, "what was counted", KEYS, we.CountsOut),
    Operation(
        "POST", "/counters/{counter}", proofs.count, "count one, of what no service counts", JOB,
        we.CountsOut, we.CountIn, by=about(Counter),
    ),
    Operation(
        "POST", "/decide", proofs.decide, "what the document answers for a person as assumed", ALL,
        we.DecisionOut, we.DecideIn,
    ),
    Operation(
        "POST", "/explain", proofs.explain, "why a touch is refused now, and what would allow it", STAFF,
        we.DecisionOut, we.ExplainIn, by=about(Right, "access"),
    ),
)  # fmt: skip

OFFERS = (
    Operation(
        "POST", f"{ONE}/credits", given.give, "credit what a business owes", JOB, wk.CreditOut, wk.CreditIn,
        status=201, by=rewards.reward_clauses,
    ),
    Operation(
        "GET", f"{ONE}/credits", given.credits, "what was credited", PERSON | JOB, wk.CreditsOut,
        by=rewards.reward_clauses,
    ),
    Operation(
        "GET", "/permissions", proofs.permissions, "who of the staff got or lost which role", STAFF,
        wp.RecordsOut, query=(Query("role", "the role in which staff look"),), by=about(Role),
    ),
    Operation(
        "GET", f"{ONE}/offers", chosen.offers, "what is offered, and by which answer", PERSON | JOB,
        wo.OffersOut, query=(Query("client", "whose offers"),), by=chosen.offer_clauses,
    ),
    Operation(
        "GET", f"{ONE}/messages", chosen.messages, "messages to you, and the rule that worded each", PERSON,
        wo.MessagesOut, by=about(Right, "access"),
    ),
    Operation(
        "POST", f"{ONE}/derived", chosen.derive, "count what a person said, anew", JOB, wo.DerivedOut,
        wo.DeriveIn, by=chosen.offer_clauses,
    ),
    Operation(
        "GET", "/flows/{flow}/drop-off", chosen.drop_off, "how far people come, step by step", KEYS,
        wo.DropOffOut, by=about(Counter),
    ),
)  # fmt: skip

INSIGHT = (
    Operation(
        "GET", "/insight", insight.own_markets, "the markets that are your own", PARTY, wi.MarketsOut,
        by=insight.insight_clauses,
    ),
    Operation(
        "GET", "/insight/{market}", insight.market, "a market's numbers, no group too small", PARTY,
        wi.InsightOut, by=insight.insight_clauses,
    ),
)  # fmt: skip

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
)  # fmt: skip

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
)  # fmt: skip

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
)  # fmt: skip

IMPORTS = (
    Operation(
        "POST", f"{ONE}/imports", imports.take_in, "enter what a source of the document said", STAFF,
        imported.ImportOut, imported.ImportIn, status=201, by=imports.import_clauses,
    ),
)  # fmt: skip

LETTERS = (
    Operation(
        "POST", "/letters", incoming.letter, "hand in a letter that came for a mailbox of ours", JOB,
        wl.LetterOut, wl.LetterIn, by=incoming.scope_clauses,
    ),
)  # fmt: skip

ORDERS = (
    Operation("GET", "/products", orders.products, "what is sold", ALL, wz.ProductsOut),
    Operation(
        "GET", f"{ONE}/orders", orders.orders, "your orders", PERSON | JOB, wz.OrdersOut,
        by=orders.order_clauses,
    ),
    Operation(
        "POST", f"{ONE}/orders", orders.order, "order something", PERSON | JOB, wz.OrderOut, wz.OrderIn,
        status=201, by=orders.order_clauses, act=True,
    ),
    Operation(
        "POST", f"{ONE}/orders/{{number}}/state", orders.move, "send, deliver or cancel an order",
        PERSON | JOB | STAFF, wz.OrderOut, wz.StateIn, by=orders.order_clauses,
    ),
    Operation(
        "POST", f"{ONE}/orders/{{number}}/corrections", orders.fix, "put an order and its invoice right",
        STAFF, wz.OrderOut, wz.FixIn, by=orders.order_clauses,
    ),
)  # fmt: skip

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
)  # fmt: skip

FIGURES = (
    Operation("GET", "/figures", figures.figures, "how many people, and which share, behind each value", KEYS,
        figures.FiguresOut, by=about(Purpose),
        query=(Query("data", DATA.says, True), Query("field", FIELD.says, True), PURPOSE,
            Query("where", "only records with these values: field=value, field=value", many=400),
            Query("month", "only records that came in then, as 2025-03"),
            Query("ever", "yes: whoever ever had a value; else the newest record alone counts"),
            Query("value", "only this value"))),
)  # fmt: skip

SAMPLES = (
    Operation("GET", "/samples", samples.samples, "samples of conversations, which are nobody's", STAFF,
        ws.SamplesOut, query=(PURPOSE, Query("made", "real or synthetic")), by=samples.sample_clauses),
    Operation("GET", "/samples/draws", samples.draws, "the draws there were", STAFF, ws.DrawsOut,
        by=samples.sample_clauses),
    Operation("POST", "/samples/draws", samples.draw, "draw a sample by a seed", STAFF, ws.DrawOut, ws.DrawIn,
        status=201, by=samples.sample_clauses),
    Operation("GET", "/samples/draws/{rid}", samples.redraw, "an earlier draw, drawn again by its seed",
        STAFF, ws.DrawOut, by=samples.sample_clauses),
    Operation("POST", "/samples/made", samples.made, "make conversations up", STAFF, ws.MadeOut, ws.MadeIn,
        status=201, by=samples.sample_clauses),
    Operation("GET", "/samples/quality", samples.quality, "what the marks add up to, over everybody",
        PERSON | STAFF, ws.QualitiesOut, by=samples.sample_clauses),
    Operation("GET", "/samples/{sample}", samples.sample, "one sample", STAFF, ws.SampleOut,
        by=samples.sample_clauses),
    Operation("POST", "/samples/{sample}/marks", samples.mark, "say what you think of a sample", STAFF,
        ws.SampleOut, ws.MarkIn, status=201, by=samples.sample_clauses),
    Operation("POST", "/samples/{sample}/tasks", samples.task, "ask for an improvement it calls for", STAFF,
        ws.SampleOut, ws.TaskIn, status=201, by=samples.sample_clauses),
)  # fmt: skip

FILES = (
    Operation("POST", f"{ONE}/files", files.put, "put a text on the platform", PERSON, files.FileOut,
        files.FileIn, status=201, act=True),
)  # fmt: skip

CONTESTS = (
    Operation("GET", "/contests", contests.contests, "draws and competitions", ALL, wn.ContestsOut),
    Operation("GET", "/contests/{contest}", contests.contest, "one of them, to be checked by anybody", ALL,
        wn.ContestOut),
    Operation("GET", f"{ONE}/entries", contests.entries, "your entries, and your number in each", PERSON,
        wn.EntriesOut, by=contests.contest_clauses),
    Operation("POST", f"{ONE}/entries", contests.enter, "enter a draw or a competition", PERSON, wn.EntryOut,
        wn.EntryIn, status=201, by=contests.contest_clauses, act=True),
    Operation("DELETE", f"{ONE}/entries/{{contest}}", contests.leave, "take your entry back", PERSON, SaidOut,
        by=contests.contest_clauses, act=True),
    Operation("POST", "/contests/{contest}/opening", contests.begin, "commit to the seed of a draw", STAFF,
        wn.ContestOut, wn.OpenIn, status=201, by=contests.contest_clauses),
    Operation("POST", "/contests/{contest}/draw", contests.draw, "draw as committed", STAFF, wn.ContestOut,
        wn.DrawIn, by=contests.contest_clauses),
    Operation("GET", "/contests/{contest}/works", contests.works, "what was handed in, without names", STAFF,
        wn.WorksOut, by=contests.contest_clauses),
    Operation("POST", "/contests/{contest}/judgement", contests.judge, "say whom the judges chose", STAFF,
        wn.ContestOut, wn.JudgeIn, by=contests.contest_clauses),
    Operation("GET", "/contests/{contest}/winners", contests.winners, "who won, once it is decided", STAFF,
        wn.WinnersOut, by=contests.contest_clauses),
)  # fmt: skip

PURCHASES = (
    Operation("GET", "/shop", purchases.shop, "what is sold in the product", ALL, wu.ShopOut),
    Operation("GET", f"{ONE}/purchases", purchases.bought, "what you bought", PERSON | JOB, wu.PurchasesOut,
        by=purchases.purchase_clauses),
    Operation("POST", f"{ONE}/purchases", purchases.buy, "buy something in the product", PERSON,
        wu.PurchaseOut, wu.PurchaseIn, status=201, by=purchases.purchase_clauses, act=True),
    Operation("GET", f"{ONE}/purchases/{{number}}", purchases.one, "one order, and how it stands",
        PERSON | JOB, wu.PurchaseOut, by=purchases.purchase_clauses),
    Operation("POST", f"{ONE}/purchases/{{number}}/payment", purchases.pay, "pay an order", PERSON,
        wu.PurchaseOut, wu.PaymentIn, by=purchases.purchase_clauses, act=True),
    Operation("POST", f"{ONE}/purchases/{{number}}/refund", purchases.give_back, "give money back", JOB,
        wu.PurchaseOut, wu.RefundIn, by=purchases.purchase_clauses),
    Operation("POST", f"{ONE}/payments", purchases.book, "note a payment that happened elsewhere", JOB,
        SaidOut, wu.BookIn, status=201, by=purchases.purchase_clauses),
)  # fmt: skip

ANNOUNCING = (
    Operation("POST", "/announcements", announcing.version, "mail that a new version is coming", STAFF,
        wno.AnnouncedOut, wno.AnnounceIn, by=announcing.announcing_clauses),
    Operation("POST", "/announcements/messages", announcing.message, "mail what we owe to tell", STAFF,
        wno.AnnouncedOut, wno.TellIn, by=announcing.announcing_clauses),
)  # fmt: skip

OPERATIONS = (
    *ANNOUNCING,
    *ROOMS,
    *FIGURES,
    *FILES,
    *CONTESTS,
    *PURCHASES,
    *TALKS,
    *SAMPLES,
    *CASES,
    *IMPORTS,
    *LETTERS,
    *ORDERS,
    *ORGANISATIONS,
    *BREACHES,
    *JOINT,
    *INSIGHT,
    *OFFERS,
    *SIGNING,
    *FLOWS,
    *PEOPLE,
    *PARTIES,
    *CHOICES,
    *RIGHTS,
    *CAMPAIGNS,
    *MAILINGS,
    *SUPPORT,
    *ENTRUSTED,
    *REWARDS,
    *PROOFS,
)
