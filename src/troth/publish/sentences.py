"""Sentences: each statement of a document as a sentence a person can read, beside the prose that promises it.

A statement without a sentence of its own is shown as the rule it is: no rule is hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from troth.policy import model as m
from troth.policy.format import write_statement
from troth.publish import duties
from troth.publish.listing import joined, listed
from troth.publish.words import Words, plain
from troth.terms import Form

_SILENT = (m.Setting, m.Required, m.Law)  # they say how the document is put together, nothing to the person


def sentences(statement: m.Statement, words: Words) -> tuple[str, ...]:
    """Return what a statement says, one sentence a thing said; empty when it says nothing to a person.

    >>> keep = m.Keep(data=("visit",), span=m.Span(30, "day"), after="visit-end")
    >>> sentences(keep, Words(m.Policy()))
    ('Visit is kept: 30 days after visit end.',)
    """
    if isinstance(statement, _SILENT):
        return ()
    tell = _TELLERS.get(type(statement), _otherwise)
    return tuple(_finished(said) for said in tell(statement, words) if said)


def claim_words(claim: m.Claim, words: Words) -> str:
    """Return a promise in words, every exception of it named."""
    say, data = words.say, partial(listed, label=words.data, words=words)
    parts = [words.known("verb", claim.verb), data(claim.data, empty=say("any"))]
    if claim.sources:
        parts.append(say("claim from", x=_sources(claim.sources, words)))
    if claim.sources_but:
        parts.append(say("claim from but", x=_sources(claim.sources_but, words)))
    if claim.parties:
        outside = claim.parties[0].startswith("outside ")
        told = listed(claim.parties, words.party, say("anyone"), words)
        parts.append(told if outside else say("claim with", x=told))
    if claim.purposes:
        parts.append(say("claim for", x=listed(claim.purposes, words.purpose, "", words)))
    if claim.except_form:
        parts.append(say("claim except", x=words.form(claim.except_form)))
    if claim.without_consent is not None:
        asked = words.consent(claim.without_consent) if claim.without_consent else say("some consent")
        parts.append(say("claim without", x=asked))
    parts += [say("after objection")] * claim.after_objection
    parts += [say("after withdrawal")] * claim.after_withdrawal
    if claim.while_fact:
        parts.append(say("while", x=words.fact(claim.while_fact)))
    if claim.except_at_least is not None:
        parts.append(say("claim except numbers", n=claim.except_at_least))
    if claim.except_data or claim.except_purposes:
        purpose = listed(claim.except_purposes, words.purpose, say("any purpose"), words)
        parts.append(say("claim except for", data=data(claim.except_data, empty=say("any")), purpose=purpose))
    parts.append(words.guard(claim.guard))
    return " ".join(part for part in parts if part)


def _sources(names: tuple[str, ...], words: Words) -> str:
    return listed(names, lambda name: source(name, words), "", words)


def _purpose(s: m.Purpose, words: Words) -> Iterator[str]:
    """Tell, for each ground, what is collected on it and what is only used."""
    marks = ", ".join(words.say(f"mark {mark}") for mark in sorted(s.marks))
    for basis in s.bases:
        for ground in basis.grounds:
            assessed = f" ({_assessed(basis, words)})" if basis.assessed else ""
            said = words.say("says purpose", purpose=s.text or plain(s.name), ground=_ground(ground, words))
            given = joined(said + assessed, words.guard(s.guard), words.guard(basis.guard))
            does = "; ".join(part for reads in (False, True) if (part := _uses(basis, reads, words)))
            yield given + (f" [{marks}]" if marks else "") + (f": {does}" if does else "")
    if s.logic:
        yield words.say("says logic", logic=s.logic)
    if s.effects:
        yield words.say("says effects", effects=s.effects)


def _assessed(basis: m.Basis, words: Words) -> str:
    weighed = basis.assessed.isoformat() if basis.assessed else ""
    again = basis.again_by.isoformat() if basis.again_by else ""
    return words.say("says outweighed" if basis.outweighed else "says assessed", weighed=weighed, again=again)


def _uses(basis: m.Basis, reads: bool, words: Words) -> str:
    named = ", ".join(_use(use, words) for use in basis.uses if use.reads is reads)
    return words.say("says read" if reads else "says collect", data=named) if named else ""


def _use(use: m.Use, words: Words) -> str:
    name = words.data(f"{use.data}.{use.field}" if use.field else use.data)
    form = words.form(use.form) if use.form is not Form.IDENTIFIED else ""
    beside = ", ".join(part for part in (form, words.guard(use.guard)) if part)
    return f"{name} ({beside})" if beside else name


def _ground(ground: m.Ground, words: Words) -> str:
    return words.ground(ground.kind, ground.name)


def _door(s: m.Door, words: Words) -> Iterator[str]:
    chosen = f"{words.say('one of')} " if s.one_of else ""
    shared = s.verb == "share"
    said = words.say(
        "says share" if shared else "says show",
        data=chosen + listed(s.data, words.data, "", words),
        party=(words.party if shared else words.role)(s.party),
        purpose=listed(s.purposes, words.purpose, "", words),
    )
    form = f" ({words.form(s.form)})" if s.form is not Form.IDENTIFIED else ""
    asked = words.say("says only with", x=words.consent(s.consent)) if s.consent else ""
    yield joined(said + form, asked, words.guard(s.guard))


def _keep(s: m.Keep, words: Words) -> Iterator[str]:
    yield words.say("says keep", data=listed(s.data, words.data, "", words), period=words.keep(s))


def _data(s: m.Data, words: Words) -> Iterator[str]:
    label = s.text or plain(s.name)
    key, names = ("says derived", s.inputs) if s.inputs else ("says from", s.sources)
    said = words.say(
        key,
        data=label,
        sources=listed(names, lambda name: source(name, words), "", words),
        inputs=listed(names, words.data, "", words),
    )
    fields = ", ".join(plain(f.name) for f in s.fields)
    yield joined(said + (f" ({fields})" if fields else ""), words.guard(s.guard))


def source(name: str, words: Words) -> str:
    """Return where data come from: the person, the device, or a party by its label."""
    return words.say(name) if name in ("person", "device") else words.party(name)


def _consent(s: m.Consent, words: Words) -> Iterator[str]:
    age = words.say("from age", n=s.age) if s.age is not None else ""
    lasts = words.span(s.lasts) if s.lasts else ""
    yield joined(words.say("says consent", question=words.consent(s.name)), age, lasts)


def _recipient(s: m.Recipient, words: Words) -> Iterator[str]:
    role = words.say(f"role {s.role}") if s.role else ""
    said = words.say("says recipient", party=s.text or plain(s.name), role=role).rstrip(": ")
    yield joined(said, s.country)


def _cookie(s: m.Cookie, words: Words) -> Iterator[str]:
    asked = words.say("says only with", x=words.consent(s.consent)) if s.consent else ""
    name = ", ".join(s.named) or s.name
    yield joined(words.say("says cookie", name=name, text=s.text), words.cookie_life(s), asked)


def _claim(s: m.Claim, words: Words) -> Iterator[str]:
    yield words.say(f"says promise {s.kind}", x=claim_words(s, words))


def _whereabouts(s: m.Whereabouts, words: Words) -> Iterator[str]:
    data = listed(s.data, words.data, words.say("all data"), words)
    yield joined(words.say(f"says {s.verb.split()[0]}", data=data, x=", ".join(s.places)), s.safeguard)


def _right(s: m.Right, words: Words) -> Iterator[str]:
    name = right_name(s.name, words)
    plainly = words.say("says right plain", x=name)
    yield words.say("says right", x=name, term=words.span(s.within)) if s.within else plainly


def right_name(name: str, words: Words) -> str:
    """Return how a right is called in the page's language."""
    bare = name.rpartition(":")[2]
    known = {"access", "correct", "erase", "restrict", "carry", "object", "withdraw", "complain", "review"}
    return words.say(f"right {bare}") if bare in known else plain(bare)


def _controller(s: m.Controller, words: Words) -> Iterator[str]:
    yield ", ".join(part for part in (s.name, s.country, s.address) if part)


def _change(s: m.Change, words: Words) -> Iterator[str]:
    before = words.say("days before", x=words.span(s.days_before)) if s.days_before else ""
    accept = words.say("accept") if s.accept_before else ""
    yield joined(words.say("says change", x=", ".join(map(words.way, s.channels))), before, accept)


def _breach(s: m.Breach, words: Words) -> Iterator[str]:
    if s.authority_within:
        yield words.say("says breach", x=words.span(s.authority_within))


def _children(s: m.Children, words: Words) -> Iterator[str]:
    yield words.say("says children", n=s.under)


def _area(s: m.Area, words: Words) -> Iterator[str]:
    """Tell who answers in a part of the service, and for a joint part which duty lies with whom."""
    if s.no_personal_data:
        yield joined(words.say("quoted", x=s.text or plain(s.name)), words.say("area none"))
    else:
        key = f"area {s.role}"
        yield joined(
            words.say("quoted", x=s.text or plain(s.name)), words.say(key, party=words.party(s.party))
        )
    for duty in s.duties:
        covers = ", ".join(words.purpose(name) for name in duty.covers)
        yield f"{words.say(f'duty {duty.side}')}: {duty.text}" + (f" ({covers})" if covers else "")


def _counter(s: m.Counter, words: Words) -> Iterator[str]:
    yield words.say("says counter", name=plain(s.name), x=", ".join(map(plain, s.of)))


def _scope(s: m.Scope, words: Words) -> Iterator[str]:
    yield words.say("says scope", x=listed(s.places, str, "", words))


def _opt_out(s: m.OptOut, words: Words) -> Iterator[str]:
    ways = ", ".join(words.way(*way) for way in s.ways)
    within = words.say("within", x=words.span(s.within)) if s.within else ""
    said = words.say("says opt out", purpose=listed(s.purposes, words.purpose, "", words), ways=ways)
    yield joined(said, within) + (f": {s.says}" if s.says else "")


def _named(s: Any, words: Words) -> Iterator[str]:
    yield s.text or ""


def _otherwise(s: Any, words: Words) -> Iterator[str]:
    """Tell a statement that has no sentence of its own by the rule itself."""
    yield " ".join(line.strip() for line in write_statement(s))


def _finished(said: str) -> str:
    text = said[:1].upper() + said[1:]
    return text if text.endswith((".", "!", "?", "?”", "?»")) else text + "."


_TELLERS: dict[type[m.Statement], Callable[[Any, Words], Iterator[str]]] = {
    m.Purpose: _purpose,
    m.Door: _door,
    m.Keep: _keep,
    m.Data: _data,
    m.Consent: _consent,
    m.Recipient: _recipient,
    m.Cookie: _cookie,
    m.Claim: _claim,
    m.Whereabouts: _whereabouts,
    m.Right: _right,
    m.Controller: _controller,
    m.Change: _change,
    m.Breach: _breach,
    m.Children: _children,
    m.Fact: _named,
    m.Role: _named,
    m.Area: _area,
    m.Counter: _counter,
    m.OptOut: _opt_out,
    m.Tell: duties.tell,
    m.Join: duties.join,
    m.FormMeaning: duties.form,
    m.RequestDoor: duties.request,
    m.Event: duties.event,
    m.Hold: duties.hold,
    m.Treatment: duties.treat,
    m.Scope: _scope,
}
