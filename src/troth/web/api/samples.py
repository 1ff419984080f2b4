"""Samples: conversations that are nobody's any more, drawn, shown to reviewers and marked.

There is no address that leads from a sample back to where it came from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from troth.policy.model import Data, Door
from troth.terms import Action, Clause, RefusedBy, Request
from troth.web import moderation
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.wire.samples import (
    DrawIn,
    DrawOut,
    DrawsOut,
    MadeIn,
    MadeOut,
    MarkIn,
    QualitiesOut,
    QualityOut,
    SampleOut,
    SamplesOut,
    TaskIn,
    draw_out,
    sample_out,
)


def draw(call: Call) -> DrawOut:
    """Draw a sample from the conversations that are over."""
    _role(call)
    sent = call.read(DrawIn)
    return draw_out(call.company.gate.draw(data=_data(call), seed=sent.seed, rate=sent.rate))


def draws(call: Call) -> DrawsOut:
    """List the draws there were."""
    _role(call)
    return DrawsOut(draws=tuple(map(draw_out, call.company.gate.draws())))


def redraw(call: Call) -> DrawOut:
    """Draw again as an earlier time, and keep nothing: the same seed draws the same."""
    _role(call)
    return draw_out(call.company.gate.redraw(number=int(call.path["rid"])))


def samples(call: Call) -> SamplesOut:
    """List the samples, as the document shows them to the asker's role."""
    found = call.company.gate.reviewed(
        data=_data(call), role=_role(call), staff=call.asker.name, purpose=call.ask("purpose")
    )
    made = call.ask("made")
    return SamplesOut(samples=tuple(sample_out(r) for r in found if made in ("", r.sample.made)))


def sample(call: Call) -> SampleOut:
    """Show one sample."""
    found = call.company.gate.one_reviewed(
        data=_data(call), number=call.path["sample"], role=_role(call), staff=call.asker.name
    )
    return sample_out(found)


def mark(call: Call) -> SampleOut:
    """Say what one thinks of a sample; a second word takes the place of the first."""
    sent = call.read(MarkIn)
    return _said(call, {"verdict": sent.verdict, **({"note": sent.note} if sent.note else {})})


def task(call: Call) -> SampleOut:
    """Ask for an improvement that a sample calls for."""
    return _said(call, {"task": call.read(TaskIn).text})


def made(call: Call) -> MadeOut:
    """Make conversations up, out of an agent's own pages."""
    _role(call)
    sent = call.read(MadeIn)
    if sent.agent not in call.company.agents:
        raise Fault(422, "invalid", "agent: there is no such agent", fields=("agent",))
    _data(call)
    found = moderation.make_up(call.company, sent.agent, seed=sent.seed, many=sent.many)
    return MadeOut(samples=found)


def quality(call: Call) -> QualitiesOut:
    """Return what the marks add up to, over everybody."""
    _data(call)
    rows = moderation.quality(call.company)
    told = (
        QualityOut(made=q.made, samples=q.samples, verdicts=q.verdicts, agreement=q.agreement) for q in rows
    )
    return QualitiesOut(quality=tuple(told))


def sample_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause by which samples are shown to reviewers and to nobody else."""
    return _doors(call) or clauses_of(call.company.policy, Data, _sample(call))


def _said(call: Call, body: Mapping[str, object]) -> SampleOut:
    found = call.company.gate.review(
        data=_data(call), number=call.path["sample"], role=_role(call), staff=call.asker.name, body=body
    )
    return sample_out(found)


def _data(call: Call) -> str:
    data = moderation.sampled(call.company)
    if not data:
        raise Fault(404, "not-here", "no conversations are sampled here")
    return data


def _role(call: Call) -> str:
    """Return the role in which a member of staff looks at samples; refuse one who has none such."""
    mine = [r for r in moderation.reviewing(call.company) if r in call.asker.roles]
    if mine:
        return mine[0]
    asked = Request(Action.SHOW, _sample(call), call.ask("purpose"), next(iter(call.asker.roles), ""))
    call.company.gate.refused(decision=RefusedBy(asked, tuple(sample_clauses(call))), by=call.asker.sign)
    raise Fault(403, "wrong-asker", "your role sees no samples", clauses=sample_clauses(call))


def _sample(call: Call) -> str:
    data = moderation.sampled(call.company)
    return next((d.name for d in call.company.policy.of(Data) if d.inputs == (data,) and d.percent), "")


def _doors(call: Call) -> tuple[Clause, ...]:
    doors = call.company.policy.of(Door)
    return tuple(d.clause for d in doors if d.verb == "show" and _sample(call) in d.data)
