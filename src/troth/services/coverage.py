"""Coverage: what a policy lets a flow ask, credit and put as a question.

Only *collecting* is asked for here; whether it may happen for one person now is the gate's to say.  A flow
that asks what no clause covers is not served, and its problem names file, line and the nearest clause.
"""

from __future__ import annotations

from dataclasses import dataclass

from troth.policy.model import Consent, Cookie, Data, Event, Policy, Purpose, RequestDoor
from troth.services.flows import Ask, Flow, Step
from troth.services.freely import bought
from troth.services.markup import markup
from troth.services.polling import check_contact
from troth.services.trackers import apart
from troth.terms import Clause, Place, Problem


@dataclass(frozen=True, slots=True)
class Coverage:
    """A policy seen by its services."""

    policy: Policy

    def purpose(self, name: str) -> Purpose | None:
        return next((p for p in self.policy.of(Purpose) if p.name == name), None)

    def purposes(self, name: str) -> tuple[Purpose, ...]:
        """Return the purpose of this name in a row of one; an empty row when there is none."""
        return tuple(p for p in self.policy.of(Purpose) if p.name == name)

    def counted(self) -> tuple[Data, ...]:
        """Return the categories that are made of a person's own answers: by counting, or by rules."""
        return tuple(d for d in self.policy.of(Data) if d.counted or d.conclusions)

    def data(self, name: str) -> Data | None:
        return next((d for d in self.policy.of(Data) if d.name == name), None)

    def consent(self, name: str) -> Consent | None:
        """Return the consent of this name; a member in brackets (``news(bryggen)``) is one bit of it."""
        bare = name.split("(")[0]
        return next((c for c in self.policy.of(Consent) if c.name == bare), None)

    def covers(self, data: str, field: str, purpose: str) -> bool:
        """Say whether some rule lets this field be collected for this purpose."""
        found = self.purpose(purpose)
        return found is not None and any(
            not use.reads and use.data == data and use.field in ("", field)
            for basis in found.bases
            for use in basis.uses
        )

    def grounds(self, data: str, field: str, purpose: str) -> frozenset[str]:
        """Name the consents on which alone this field may be collected; empty when another ground does."""
        found = self.purpose(purpose)
        consents: set[str] = set()
        for basis in found.bases if found else ():
            if any(not u.reads and u.data == data and u.field in ("", field) for u in basis.uses):
                for ground in basis.grounds:
                    if ground.kind != "consent":
                        return frozenset()
                    consents.add(ground.name.split("(")[0].split(" ")[0])
        return frozenset(consents)

    def nearest(self, data: str) -> tuple[Clause, str] | None:
        """Return the clause and purpose that come nearest to collecting this data."""
        for purpose in self.policy.of(Purpose):
            for basis in purpose.bases:
                for use in basis.uses:
                    if use.data == data and not use.reads:
                        return purpose.clause, purpose.name
        return None


def check_flow(flow: Flow, coverage: Coverage) -> tuple[Problem, ...]:
    """Return what the policy does not let this flow do; empty when it may be served."""
    problems: list[Problem] = [*markup(flow), *bought(flow)]
    if flow.event and flow.event not in {e.name for e in coverage.policy.of(Event)}:
        said = f"is the event '{flow.event}' when it is finished, and the policy has no such event"
        problems.append(Problem(Place(flow.path, 1), said, "declare it: event NAME"))
    problems += _check_opens(flow, coverage)
    problems += _check_books(flow, coverage)
    problems += check_contact(coverage.policy, flow)
    for step in flow.steps:
        here = Place(flow.path, step.act or step.line)
        if step.ask is not None:
            problems += _check_ask(step.ask, here, coverage)
        if step.consent and coverage.consent(step.consent) is None:
            problems.append(
                Problem(here, f"puts the consent '{step.consent}', which the policy does not have")
            )
        if step.reward is not None:
            problems += _check_reward(step, here, coverage)
        if step.film is not None and film_of(coverage.policy, step.film.tracker) is None:
            said = (
                f"plays a film under '{step.film.tracker}', a cookie of no host that is asked about by area"
            )
            problems.append(Problem(here, said, "name a cookie statement with a host and 'on consent'"))
    return tuple(problems)


def _check_opens(flow: Flow, coverage: Coverage) -> tuple[Problem, ...]:
    """A flow that opens a case needs the document's door for it, an address to answer to, and some words."""
    asked = {step.ask.kind for step in flow.steps if step.ask}
    here = Place(flow.path, 1)
    if flow.opens and flow.opens not in {d.name for d in coverage.policy.of(RequestDoor)}:
        said = f"opens a case by '{flow.opens}', a door the policy does not have"
        return (Problem(here, said, f'declare it: request {flow.opens} "…" by person does answer'),)
    if flow.opens and not {"email", "text"} <= asked:
        return (Problem(here, "opens a case and does not ask for an address and a text", "ask for both"),)
    return ()


def _check_books(flow: Flow, coverage: Coverage) -> tuple[Problem, ...]:
    """A flow that asks for a meeting needs a door with its days, and a category that keeps how it stands."""
    if not flow.books:
        return ()
    here, asks = Place(flow.path, 1), [step.ask for step in flow.steps if step.ask]
    if flow.books not in {d.name for d in coverage.policy.of(RequestDoor) if d.within}:
        said = f"asks for a meeting by '{flow.books}', a door the policy does not have"
        return (Problem(here, said, f'declare it: request {flow.books} "…" by person does answer within …'),)
    data = {ask.data for ask in asks}
    kept = coverage.data(data.pop()) if len(data) == 1 else None
    fields = {f.name for f in kept.fields} if kept else set()
    if not {"number", "due", "state", "wanted", "email"} <= fields or "email" not in {a.kind for a in asks}:
        said = (
            "asks for a meeting, and its answers have no category with email, wanted, number, due and state"
        )
        return (Problem(here, said, "ask for the fields of one such category, the address among them"),)
    return ()


def film_of(policy: Policy, name: str) -> tuple[Cookie, str] | None:
    """Return the statement under which a film plays in a flow, and the area in which its yes is given."""
    own = apart(policy)
    asked = {c.name for c in policy.of(Consent) if "area" in c.per}
    for cookie in policy.of(Cookie):
        areas = [a for a in cookie.areas if a != own]
        if cookie.name == name and cookie.hosts and cookie.consent in asked and areas:
            return cookie, areas[0]
    return None


def _check_ask(ask: Ask, here: Place, coverage: Coverage) -> list[Problem]:
    name = f"{ask.data}.{ask.field}"
    data = coverage.data(ask.data)
    if data is None:
        return [Problem(here, f"asks for {name}, but the policy has no data '{ask.data}'")]
    fields = {f.name: f for f in data.fields}
    if fields and ask.field not in fields:
        hint = f"{ask.data} has {', '.join(fields)}"
        return [Problem(here, f"asks for {name}, but '{ask.data}' has no field '{ask.field}'", hint)]
    if coverage.purpose(ask.purpose) is None:
        return [Problem(here, f"asks for {name} for '{ask.purpose}', a purpose the policy does not have")]
    if not coverage.covers(ask.data, ask.field, ask.purpose):
        near = coverage.nearest(ask.data)
        hint = f"nearest: §{near[0].ref} collects {ask.data} for {near[1]}" if near else ""
        message = f"asks for {name} for {ask.purpose}, but no clause lets a flow collect it"
        return [Problem(here, message, hint)]
    if ask.kind == "choice" and (choices := fields[ask.field].choices if fields else ()):
        odd = [o.value for o in ask.options if o.value not in choices and o.value != "none"]
        if odd:
            hint = f"the policy's choices are {', '.join(choices)}"
            return [Problem(here, f"{name} is never '{odd[0]}'", hint)]
    return _check_consent(ask, here, coverage)


def _check_consent(ask: Ask, here: Place, coverage: Coverage) -> list[Problem]:
    datum = coverage.data(ask.data)
    if datum is not None and datum.optional and not ask.optional:
        what = f"{ask.data}.{ask.field}"
        return [
            Problem(
                here, f"asks for {what} as if it had to be answered, but it is voluntary", "add: optional"
            )
        ]
    needed = coverage.grounds(ask.data, ask.field, ask.purpose)
    named = ask.consent.split("(")[0]
    if named and coverage.consent(named) is None:
        return [Problem(here, f"names the consent '{named}', which the policy does not have")]
    if needed and named not in needed:
        wants = " or ".join(sorted(needed))
        return [Problem(here, f"asks for {ask.data}.{ask.field} without its consent", f"add: on {wants}")]
    return []


def _check_reward(step: Step, here: Place, coverage: Coverage) -> list[Problem]:
    credit = step.reward
    assert credit is not None
    if coverage.purpose(credit.purpose) is None:
        return [Problem(here, f"credits a reward for '{credit.purpose}', a purpose the policy does not have")]
    return []
