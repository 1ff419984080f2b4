"""Facts: what a document says, as plain JSON values; the notice draws its tables from these and no others.

So the page a person reads and the file a machine reads cannot disagree.  Each fact names the section it
stands in.  The one rule: *an open class is listed with its members by name*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from troth.policy import model as m
from troth.publish.sentences import claim_words, right_name, source
from troth.publish.words import Words
from troth.terms import Form

Facts = dict[str, Any]
Parties = Mapping[str, Mapping[str, Mapping[str, object]]]

ARTICLES = {  # of the GDPR, for each ground
    "consent": "Art. 6(1)(a)",
    "contract": "Art. 6(1)(b)",
    "legal obligation": "Art. 6(1)(c)",
    "vital interest": "Art. 6(1)(d)",
    "public task": "Art. 6(1)(e)",
    "legitimate interest": "Art. 6(1)(f)",
}


def facts(
    policy: m.Policy,
    site: Mapping[str, Any] | None = None,
    parties: Parties | None = None,
    *,
    languages: Sequence[str] = (),
    language: str = "",
) -> Facts:
    """Return what the document says, in the words of ``language`` (the document's own when left out)."""
    words = Words(policy, language or policy.language)
    return {
        "title": policy.title,
        "version": policy.version,
        "since": policy.since.isoformat() if policy.since else "",
        "language": words.language,
        "languages": list(dict.fromkeys([policy.language, *languages])),
        "controllers": [_controller(c, site or {}) for c in policy.of(m.Controller)],
        "laws": [law.name for law in policy.of(m.Law)],
        "data": [_data(d, words) for d in told(policy, m.Data)],
        "purposes": [row for p in told(policy, m.Purpose) for row in _purpose(p, words)],
        "consents": [_consent(c, policy, words) for c in policy.of(m.Consent)],
        "recipients": [_recipient(r, policy, parties or {}, words) for r in _recipients(policy)],
        "inside": [_role(r, policy, words) for r in policy.of(m.Role)],
        "retention": [row for k in told(policy, m.Keep) for row in _keep(k, policy, words)],
        "rights": list(_rights(policy, words)),
        "objections": list(_objections(policy, words)),
        "cookies": [_cookie(c, words) for c in policy.of(m.Cookie)],
        "whereabouts": [_whereabouts(w) for w in policy.of(m.Whereabouts)],
        "promises": [_promise(c, words) for c in policy.of(m.Claim)],
        "change": [_change(c, words) for c in policy.of(m.Change)],
        "breach": [_breach(b, words) for b in told(policy, m.Breach)[:1]],
        "children": [{"under": c.under, **_at(c)} for c in policy.of(m.Children)],
    }


def told(policy: m.Policy, kind: type[m.S]) -> tuple[m.S, ...]:
    """Return the document's statements of a kind, then those its law packs add (section ``law:ref``).

    A pack's category that the document declares itself (``records KIND``) is the document's alone.
    """
    stated = {d.records for d in policy.of(m.Data) if d.records}
    hidden = {d.name for pack in policy.packs for d in pack.of(m.Data) if d.records and d.records in stated}
    packed = [_elsewhere(s, pack) for pack in policy.packs for s in pack.of(kind) if not _hidden(s, hidden)]
    return (*policy.of(kind), *packed)


def _elsewhere(statement: m.S, pack: m.Policy) -> m.S:
    """Return a pack's statement with the law before its section, so that it is not taken for one of ours."""
    law = pack.path.rpartition("/")[2].removesuffix(".md") or "law"
    return replace(statement, clause=replace(statement.clause, ref=f"{law}:{statement.clause.ref}"))


def _hidden(statement: m.Statement, hidden: set[str]) -> bool:
    match statement:
        case m.Data(name=name):
            return name in hidden
        case m.Keep(data=data):
            return bool(data) and set(data) <= hidden
        case m.Purpose(bases=bases):
            used = {use.data for basis in bases for use in basis.uses}
            return bool(used) and used <= hidden
    return False


def _at(statement: m.Statement) -> Facts:
    added = {"added": True} if statement.added else {}
    return {"section": statement.clause.ref, "anchor": statement.clause.anchor, **added}


def _controller(c: m.Controller, site: Mapping[str, Any]) -> Facts:
    reached = ("address", "registered", "officer", "authority", "complaints")
    keys = ("name", "country", "role", "party", "area", *reached)
    said = {key: setting(getattr(c, key), site) for key in (*keys, "contact") if getattr(c, key)}
    return {"contact": "", **said, **_at(c)}


def setting(value: str, site: Mapping[str, Any]) -> str:
    """Return a value of the document, or what ``site.toml`` puts where it says ``setting NAME``.

    >>> setting("setting mail", {"settings": {"mail": "a@club.example"}}), setting("b@club.example", {})
    ('a@club.example', 'b@club.example')
    """
    if not value.startswith("setting "):
        return value
    return str(site.get("settings", {}).get(value.removeprefix("setting ").strip(), ""))


def _data(d: m.Data, words: Words) -> Facts:
    return {
        "name": d.name,
        "text": d.text,
        "from": [source(name, words) for name in d.sources],
        "derived from": list(d.inputs),
        "fields": [{"name": f.name, "type": f.type, "optional": f.optional} for f in d.fields],
        "special": d.special or any(f.special for f in d.fields),
        "optional": d.optional,
        "area": d.area,
        "dpv": d.dpv,
        **_at(d),
    }


def _purpose(p: m.Purpose, words: Words) -> Iterator[Facts]:
    """Yield one fact for each ground a purpose rests on, with the data that this ground carries."""
    for basis in p.bases:
        for ground in basis.grounds:
            yield {
                "name": p.name,
                "text": p.text,
                "ground": ground.kind,
                "article": ARTICLES.get(ground.kind, ""),
                "rests on": ground.name,
                "ground in words": words.ground(ground.kind, ground.name),
                "data": [_use(use) for use in basis.uses],
                "data in words": [words.data(_use(use)) for use in basis.uses],
                "marks": sorted(p.marks),
                "logic": p.logic,
                "effects": p.effects,
                "review by": p.review_by,
                "assessed": basis.assessed.isoformat() if basis.assessed else "",
                "again by": basis.again_by.isoformat() if basis.again_by else "",
                "dpv": p.dpv,
                **_at(p),
            }


def _use(use: m.Use) -> str:
    return f"{use.data}.{use.field}" if use.field else use.data


def _consent(c: m.Consent, policy: m.Policy, words: Words) -> Facts:
    unlocks = [
        p.text or p.name
        for p in policy.of(m.Purpose)
        if any(g.kind == "consent" and g.name.split("(")[0] == c.name for b in p.bases for g in b.grounds)
    ]
    lasts = words.span(c.lasts) if c.lasts else ""
    return {"name": c.name, "question": c.question, "age": c.age, "lasts": lasts, "for": unlocks, **_at(c)}


def _recipients(policy: m.Policy) -> tuple[m.Recipient, ...]:
    return tuple(r for r in policy.of(m.Recipient) if not r.is_source or _doors(policy, "share", r.name))


def _doors(policy: m.Policy, verb: str, party: str) -> list[m.Door]:
    return [d for d in policy.of(m.Door) if d.verb == verb and d.party == party]


def _recipient(r: m.Recipient, policy: m.Policy, parties: Parties, words: Words) -> Facts:
    members = parties.get(r.name, {}) if r.each else {}
    return {
        "name": r.name,
        "text": r.text,
        "role": r.role,
        "role in words": words.say(f"role {r.role}"),
        "country": r.country,
        "members": [
            {
                "name": name,
                "title": str(said.get("title", name)),
                "country": str(said.get("country", "")),
                "task": str(said.get("task", "")) if r.tasks else "",
            }
            for name, said in sorted(members.items())
        ],
        "open class": r.each,
        "receives": [_door(d, words) for d in _doors(policy, "share", r.name)],
        **_at(r),
    }


def _role(r: m.Role, policy: m.Policy, words: Words) -> Facts:
    sees = [_door(d, words) for d in _doors(policy, "show", r.name)]
    return {"name": r.name, "text": r.text, "sees": sees, **_at(r)}


def _door(d: m.Door, words: Words) -> Facts:
    asked = words.say("says only with", x=words.consent(d.consent)) if d.consent else ""
    return {
        "data": list(d.data),
        "data in words": [words.data(name) for name in d.data],
        "one of": d.one_of,
        "purposes": list(d.purposes),
        "for": [words.purpose(p) for p in d.purposes],
        "form": d.form.value,
        "form in words": words.form(d.form) if d.form is not Form.IDENTIFIED else "",
        "condition": ", ".join(part for part in (asked, words.guard(d.guard)) if part),
        **_at(d),
    }


def _keep(k: m.Keep, policy: m.Policy, words: Words) -> Iterator[Facts]:
    law = next((_law(p) for p in policy.of(m.Purpose) if p.name == k.because), "")
    for name in k.data:
        yield {"data": name, "text": words.data(name), "period": words.keep(k), "law": law, **_at(k)}


def _law(p: m.Purpose) -> str:
    return next((g.name for b in p.bases for g in b.grounds if g.kind == "legal obligation"), "")


def _rights(policy: m.Policy, words: Words) -> Iterator[Facts]:
    """Yield each right once: the document's term where it gives one, with the pack's article."""
    articles = {
        r.name.rpartition(":")[2]: _elsewhere(r, pack) for pack in policy.packs for r in pack.of(m.Right)
    }
    own = {r.name: r for r in policy.of(m.Right)}
    for name in dict.fromkeys([*own, *articles]):
        right, law = own.get(name) or articles[name], articles.get(name)
        within = right.within or (law.within if law else None)
        yield {
            "name": name,
            "text": right_name(name, words),
            "within": words.span(within) if within else "",
            "article": right.article or (law.article if law else ""),
            "ways": list(right.ways),
            **_at(right),
        }


def _objections(policy: m.Policy, words: Words) -> Iterator[Facts]:
    """Yield every purpose that can be objected to, how, and what follows."""
    for p in policy.of(m.Purpose):
        marketing = "direct marketing" in p.marks
        if not p.may_object:
            continue
        outs = [o for o in policy.of(m.OptOut) if p.name in o.purposes]
        honoured = p.objection == "honoured" or (marketing and p.objection != "weighed")
        within = p.objection_within or m.Span(1, "month")
        yield {
            "purpose": p.name,
            "text": p.text,
            "outcome": words.say("honoured") if honoured else words.say("weighed", x=words.span(within)),
            "ways": [" ".join(part for part in way if part) for o in outs for way in o.ways],
            "says": next((o.says for o in outs if o.says), ""),
            **_at(p),
        }


def _cookie(c: m.Cookie, words: Words) -> Facts:
    return {
        "name": c.name,
        "names on the device": list(c.named) or [c.name],
        "kind": c.kind,
        "text": c.text,
        "purpose": c.purpose,
        "necessary": c.necessary,
        "consent": c.consent,
        "asked": _asked(c, words),
        "lasts": words.cookie_life(c),
        "by": words.party(c.by) if c.by else "",
        "hosts": list(c.hosts),
        "areas": list(c.areas),
        **_at(c),
    }


def _asked(c: m.Cookie, words: Words) -> str:
    if c.consent:
        return words.say("yes consent", x=words.consent(c.consent))
    return words.say("necessary") if c.necessary else ""


def _whereabouts(w: m.Whereabouts) -> Facts:
    return {
        "says": w.verb,
        "places": list(w.places),
        "data": list(w.data),
        "safeguard": w.safeguard,
        **_at(w),
    }


def _promise(c: m.Claim, words: Words) -> Facts:
    return {"says": words.say(f"says promise {c.kind}", x=claim_words(c, words)), **_at(c)}


def _change(c: m.Change, words: Words) -> Facts:
    before = words.span(c.days_before) if c.days_before else ""
    return {"by": list(c.channels), "before": before, "accepted first": c.accept_before, **_at(c)}


def _breach(b: m.Breach, words: Words) -> Facts:
    within = words.span(b.authority_within) if b.authority_within else ""
    return {"authority within": within, "by": list(b.channels), **_at(b)}
