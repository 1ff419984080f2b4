"""Serve: from a request to an answer, the same way for every operation.

Who asks, how fast, which operation, whether the body reads, whether it was done before, then the operation in
a thread.  What goes wrong becomes problem details here and nowhere else; a fault refuses and tells nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from troth.gate.errors import BadBody, Nobody, NoRecord, NotYours, OutOfReach, Stays, Unknown, Unlisted
from troth.policy.model import Breach, Recipient
from troth.runtime import Company
from troth.services.joint import answering
from troth.terms import Action, Refused, TrothError, Unsaid
from troth.terms import Request as Touch
from troth.web import faults, logbook
from troth.web.api.asker import NOBODY, Asker, asker, by_digest
from troth.web.api.body import PATH, accepted, body_of, media, query_of, read, shape
from troth.web.api.door import Call, Operation
from troth.web.api.fault import Fault, answer, of_decision
from troth.web.api.house import clauses_of, spoken, words
from troth.web.api.once import LONGEST, Answered, Once
from troth.web.api.pace import KEYS, PEOPLE, WRONG, Left, Pace
from troth.web.api.pace import NOBODY as GUESTS
from troth.web.moments import used
from troth.web.problems import hearing
from troth.web.second import asked
from troth.web.sessions import Sessions

Seconds = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Desk:
    """What all calls share: the companies, their keys, the pace, and what was done before."""

    companies: Mapping[str, Company]
    keys: Mapping[str, Mapping[str, Asker]]
    pace: Pace = field(default_factory=Pace)
    once: Once = field(default_factory=Once)
    seconds: Seconds = lambda: 0.0


def desk(companies: Sequence[Company], seconds: Seconds) -> Desk:
    """Set the desk up for these companies."""
    keys = {c.name: by_digest(c.staff) for c in companies}
    return Desk({c.name: c for c in companies}, keys, seconds=seconds)


async def serve(desk: Desk, operations: Mapping[str, Operation], request: Request) -> Response:
    """Answer one request at an address that these operations, by method, stand at."""
    company = desk.companies.get(request.path_params.get("company", ""))
    if company is None:
        return answer(Fault(404, "not-here", "there is no such company"), "")
    told: dict[str, str] = {"Cache-Control": "no-store"}
    try:
        response = await _serve(desk, operations, request, company, told)
    except Exception as error:  # the API's edge: each error becomes one answer
        response = answer(_fault(error, company), company.name, hearing(company.policy))
        if response.status_code >= 500:
            _met(request, company)
    for name, value in told.items():
        response.headers[name] = value
    return response


def _met(request: Request, company: Company) -> None:
    """Write down a fault of ours that a signed-in person met."""
    token = request.headers.get("authorization", "").partition(" ")[2].strip()
    with suppress(Exception):  # an error about an error helps nobody
        session = _sessions(request).find(company.name, token, company.clock())
        if session is not None and session.person is not None:
            faults.note(company, session.person, faults.component_of(request))


async def _serve(
    desk: Desk,
    operations: Mapping[str, Operation],
    request: Request,
    company: Company,
    told: dict[str, str],
) -> Response:
    who = _who(desk, request, company, told)
    operation = operations.get(request.method)
    if operation is None:
        known = ", ".join(sorted(operations))
        raise Fault(405, "not-this-way", f"this address takes {known}", headers={"Allow": known})
    accepted(request)
    _chosen(who, operation)
    if who.kind == "nobody" and "nobody" not in operation.who:
        raise Fault(
            401, "unknown-asker", "this needs a token or a key", headers={"WWW-Authenticate": "Bearer"}
        )
    _second(company, who, operation)
    _in_terms(company, who)
    call = _call(request, company, who, operation)
    raw = await body_of(request, operation.most)
    if who.kind not in operation.who:
        body = read(raw, operation.takes) if shape(raw, operation.takes) else None
        raise await run_in_threadpool(_wrong_asker, operation, replace(call, body=body))
    media(request, wanted=bool(operation.takes), sent=bool(raw))
    if operation.takes is not None:
        call = replace(call, body=read(raw, operation.takes), extras=_extras(raw, operation))
    done = await _done(desk, request, operation, call, raw)
    if who.kind in ("person", "nobody") and done.status_code < 400:
        await run_in_threadpool(logbook.keep, company, request, who.person)
    return done


def _wrong_asker(operation: Operation, call: Call) -> Fault:
    """Return the no to an asker whom the operation does not serve; it stands in the evidence."""
    clauses = tuple(operation.by(call))
    touch = Touch(Action.USE, call.ask("data"), call.ask("purpose"))
    call.company.gate.refused(decision=Unsaid(touch, clauses), by=call.asker.sign)
    said = f"{operation.says}: refused to {call.asker}"
    if call.asker.kind == "party":
        by = answering(call.company.policy, call.ask("data"), (call.ask("purpose"),))
        said = f"{said}; {', '.join(by.responsible)} answers for it"
    return Fault(403, "wrong-asker", said, clauses=clauses)


def _who(desk: Desk, request: Request, company: Company, told: dict[str, str]) -> Asker:
    """Return who asks, and take one call from their bucket; 401 for a token that nobody holds."""
    address, now = request.client.host if request.client else "", desk.seconds()
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if not scheme:
        _take(desk.pace.take(GUESTS, f"{company.name} {address}", now), told)
        return NOBODY
    _take(desk.pace.take(WRONG, address, now, 0), told)
    found = None
    if scheme.lower() == "bearer" and 0 < len(token.strip()) <= 512:
        sessions = _sessions(request)
        found = asker(company.name, desk.keys[company.name], sessions, token.strip(), company.clock())
    if found is None:
        _take(desk.pace.take(WRONG, address, now), told)
        raise Fault(
            401,
            "unknown-asker",
            "nobody holds this token, or it is over",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )
    limit = KEYS if found.kind in ("job", "staff", "party") else PEOPLE
    _take(desk.pace.take(limit, f"{company.name} {token}", now), told)
    return found


def _second(company: Company, who: Asker, operation: Operation) -> None:
    """Refuse a member of staff's bare key where the second factor is asked."""
    if who.kind != "staff" or who.session is not None or operation.path == "/session/staff":
        return
    key = next((k for k in company.staff if k.kind == "staff" and k.name == who.name), None)
    if key is None or asked(company, key):
        what = "a member of staff comes in by two factors: POST /session/staff, then use its token"
        raise Fault(403, "wrong-asker", what, clauses=clauses_of(company.policy, Breach))


def _chosen(who: Asker, operation: Operation) -> None:
    """Refuse who came in by a password that was sent, until they put one of their own in its place."""
    waits = who.session is not None and who.session.must_choose
    if waits and operation.path not in ("/people/{tag}/password", "/session"):
        raise Fault(403, "wrong-asker", "first choose a password of your own: PUT /people/me/password")


def _in_terms(company: Company, who: Asker) -> None:
    """Refuse a firm whose contract or undertaking does not run today, whatever it asks."""
    if who.kind == "party" and not company.gate.in_terms(party=who.party, member=who.member):
        said = f"what {who} must have signed does not run today"
        raise Fault(403, "wrong-asker", said, clauses=clauses_of(company.policy, Recipient, who.party))


def _take(left: Left, told: dict[str, str]) -> None:
    told.update(left.fields)
    if left.wait:
        raise Fault(429, "too-many", f"too many calls; wait {left.wait} seconds")


def _sessions(request: Request) -> Sessions:
    sessions = request.app.state.sessions
    assert isinstance(sessions, Sessions)
    return sessions


def _call(request: Request, company: Company, who: Asker, operation: Operation) -> Call:
    for name, value in request.path_params.items():
        if name != "company" and not PATH.get(name, PATH[""]).fullmatch(value):
            raise Fault(404, "not-here", "there is nothing at this address")
    return Call(
        company,
        who,
        company.clock(),
        path=request.path_params,
        query=query_of(request, operation.query),
        sessions=_sessions(request),
        address=request.client.host if request.client else "",
    )


def _extras(raw: bytes, operation: Operation) -> tuple[str, ...]:
    """Name what was sent beside the declared fields, where the operation drops it."""
    if operation.takes.__struct_config__.forbid_unknown_fields:
        return ()
    known = set(operation.takes.__struct_fields__)
    sent = json.loads(raw)
    return tuple(sorted(n if n.isidentifier() and len(n) <= 40 else "?" for n in sent if n not in known))


async def _done(desk: Desk, request: Request, operation: Operation, call: Call, raw: bytes) -> Response:
    """Do it, or say what was said when it was done before under the same idempotency key."""
    place = _place(request, call)
    if not place:
        return await _do(operation, call)
    word, before = desk.once.begin(place, raw, call.now)
    if word == "other":
        raise Fault(422, "invalid", "this idempotency key was used with another body")
    if word == "busy":
        raise Fault(409, "conflict", "the first request under this idempotency key is still under way")
    if before is not None:
        return Response(before.body, before.status, {"Idempotent-Replay": "true"}, media_type=before.media)
    response = None
    try:
        response = await _do(operation, call)
        return response
    except (TrothError, Refused) as error:
        response = answer(_fault(error, call.company), call.company.name, hearing(call.company.policy))
        return response
    finally:
        desk.once.end(place, _kept(response))


def _place(request: Request, call: Call) -> str:
    key = request.headers.get("idempotency-key", "").strip().strip('"')
    if request.method != "POST" or "idempotency-key" not in request.headers:
        return ""
    if not key or len(key) > LONGEST or not key.isprintable():
        raise Fault(400, "unreadable", f"an idempotency key has 1 to {LONGEST} printable characters")
    who = request.headers.get("authorization", "") or (request.client.host if request.client else "")
    return "\n".join((call.company.name, who, request.url.path, key))


def _kept(response: Response | None) -> Answered | None:
    if response is None or response.status_code >= 500:
        return None
    return Answered(response.status_code, bytes(response.body), response.media_type or "")


async def _do(operation: Operation, call: Call) -> Response:
    told = await run_in_threadpool(_acted, operation, call)
    body = msgspec.json.encode(told, enc_hook=str)
    return Response(body, operation.status, media_type="application/json")


def _acted(operation: Operation, call: Call) -> Any:
    """Do it; an act of a signed-in person moves the clocks that count from their last use."""
    try:
        told = operation.does(call)
    except Refused as refused:
        call.company.gate.refused(decision=refused.decision, by=call.asker.sign)
        raise
    except Unlisted as error:
        named = Touch(Action.SHARE, "", "")
        call.company.gate.refused(decision=Unsaid(named, (error.clause,)), by=call.asker.sign)
        raise Fault(403, "refused", str(error), clauses=(error.clause,)) from None
    except NotYours as error:
        raise Fault(403, "refused", str(error), clauses=tuple(operation.by(call))) from None
    if operation.act and call.asker.kind == "person" and call.asker.session is not None:
        used(call.company, call.asker.session)
    return told


def _fault(error: Exception, company: Company) -> Fault:
    """Turn any error into a fault; one that nobody expected tells nothing of its text."""
    match error:
        case Fault():
            return error
        case Refused():
            return of_decision(error.decision, words(company.policy, company.parties))
        case BadBody():
            fields = (error.field,) if error.field else ()
            by = spoken(company.policy, error.data)
            return Fault(422, "invalid", str(error), fields=fields, clauses=by)
        case Unknown():
            return Fault(422, "invalid", str(error))
        case Nobody() | NoRecord():
            return Fault(404, "not-here", str(error))
        case OutOfReach():
            return Fault(409, "conflict", str(error), clauses=(error.clause,))
        case Stays():
            return Fault(403, "refused", str(error), clauses=(error.clause,))
        case TrothError():
            return Fault(409, "conflict", str(error))
    return Fault(500, "broken", "something broke; nothing was stored by this call")
