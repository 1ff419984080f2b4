"""Tables: the facts as tables of the notice, and the objection box that stands apart (GDPR Art. 21(4))."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from troth.publish.facts import Facts
from troth.publish.words import Words, plain

Cell = str | Markup


def tables(told: Facts, words: Words) -> Markup:
    """Return every table, each closed under its own heading; a table without rows is left out.

    What a link leads to lies inside, for a browser opens whatever encloses the place it goes to.
    """
    parts = [
        ("who", _who(told, words)),
        ("what", _what(told, words)),
        ("to whom", _recipients(told, words)),
        ("inside", _inside(told, words)),
        ("how long", _retention(told, words)),
        ("rights", _rights(told, words)),
        ("cookies", _cookies(told, words)),
        ("promises", _promises(told)),
    ]
    drawn = [
        Markup(
            '<details class="table"><summary><h3>{}</h3></summary><div id="table-{}">{}</div></details>'
        ).format(words.say(key), key.replace(" ", "-"), table)
        for key, table in parts
        if table
    ]
    return Markup('<section class="tables"><h2 id="tables">{}</h2>\n{}</section>').format(
        words.say("tables"), Markup("\n").join(drawn)
    )


def objection_box(told: Facts, words: Words) -> Markup:
    """Return the right to object, apart from all else; nothing when no purpose can be objected to."""
    if not told["objections"]:
        return Markup("")
    alike: dict[str, list[Markup]] = {}
    for o in told["objections"]:
        outcome = f"{o['outcome']} {_ways(o, words)}".strip()
        alike.setdefault(outcome, []).append(_link(o, o["text"] or o["purpose"]))
    lines = [
        Markup("<li><strong>{}</strong>: {}</li>").format(outcome[:1].upper() + outcome[1:], _joined(links))
        for outcome, links in alike.items()
    ]
    says = [
        Markup("<p>{}</p>").format(text)
        for text in dict.fromkeys(o["says"] for o in told["objections"])
        if text
    ]
    return Markup('<aside class="box" id="objection"><h2>{}</h2><p>{}</p>{}<ul>{}</ul></aside>').format(
        words.say("objection"), words.say("objection right"), Markup("").join(says), Markup("").join(lines)
    )


def _joined(parts: Sequence[Markup]) -> Markup:
    return Markup("; ").join(parts)


def _ways(objection: Facts, words: Words) -> str:
    return f"({', '.join(map(words.way, objection['ways']))})" if objection["ways"] else ""


def _link(fact: Facts, text: str) -> Markup:
    mark = Markup(" °") if fact.get("added") else Markup("")
    if ":" in fact["section"] or not fact["section"]:
        return Markup("{}{}").format(text, mark)
    return Markup('<a href="#{}">{}</a>{}').format(fact["anchor"], text, mark)


def _section(fact: Facts) -> Markup:
    law, colon, ref = fact["section"].partition(":")
    shown = f"{law.upper()} §{ref}" if colon else f"§{law}"
    return _link(fact, shown) if fact["section"] else Markup("")


def _table(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Markup:
    """Draw a table, each cell with its column's name, for a narrow screen stacks them; nothing without rows.

    The roles are said, because a style that stacks cells takes them away.
    """
    lines = [
        Markup('<tr role="row">{}</tr>').format(
            Markup("").join(_cell(name, cell) for name, cell in zip(head, row, strict=True))
        )
        for row in rows
    ]
    if not lines:
        return Markup("")
    named = Markup('<th scope="col" role="columnheader">{}</th>')
    top = Markup("").join((named if c else Markup('<td role="cell"></td>')).format(c) for c in head)
    return Markup(
        '<table role="table"><thead role="rowgroup"><tr role="row">{}</tr></thead>'
        '<tbody role="rowgroup">{}</tbody></table>'
    ).format(top, Markup("\n").join(lines))


def _cell(name: str, cell: Cell) -> Markup:
    return (
        Markup('<td role="cell" data-head="{}">{}</td>').format(name, cell)
        if cell
        else Markup('<td role="cell" class="none"></td>')
    )


def _who(told: Facts, words: Words) -> Markup:
    rows: list[tuple[Cell, ...]] = []
    for c in told["controllers"]:
        named = ("address", "registered", "contact", "officer", "authority", "complaints")
        words_ = ("address", "register", "contact", "officer", "authority", "right complain")
        labels = dict(zip(named, words_, strict=True))
        rows += [(c["name"], c.get("country", ""), _section(c))]
        rows += [(words.say(labels[key]), c[key], "") for key in named if c.get(key)]
    return _table((words.say("name"), "", words.say("where")), rows)


def _what(told: Facts, words: Words) -> Markup:
    rows = [
        (
            _beside((p["text"] or p["name"]) + _marks(p, words), p),
            p["ground in words"],
            "; ".join(p["data in words"]),
        )
        for p in told["purposes"]
    ]
    return _table([words.say(key) for key in ("purpose", "ground", "data")], rows)


def _beside(text: str, fact: Facts) -> Markup:
    """Return a text with its section after it."""
    return Markup("{} {}").format(text, _section(fact))


def _marks(purpose: Facts, words: Words) -> str:
    said = ", ".join(words.say(f"mark {mark}") for mark in purpose["marks"])
    return f" ({said})" if said else ""


def _recipients(told: Facts, words: Words) -> Markup:
    """Return each recipient with its members by name, and under it what it receives."""
    return _parties(
        _party(_beside(r["text"] or r["name"], r), _who_it_is(r, words), r["receives"], words)
        for r in told["recipients"]
    )


def _who_it_is(r: Facts, words: Words) -> str:
    beside = [(m["title"], ", ".join(filter(None, (m["country"], m["task"])))) for m in r["members"]]
    named = [f"{title} ({said})" if said else title for title, said in beside]
    members = ", ".join(named) or (words.say("none yet") if r["open class"] else "")
    said = ", ".join(part for part in (r["role in words"], r["country"]) if part)
    return ": ".join(part for part in (said[:1].upper() + said[1:], members) if part)


def _inside(told: Facts, words: Words) -> Markup:
    """Return each role of the house, and under it what it may see."""
    return _parties(
        _party(_beside(words_of(r["name"]), r), r["text"], r["sees"], words)
        for r in told["inside"]
        if r["sees"]
    )


def _parties(drawn: Iterable[Markup]) -> Markup:
    parts = Markup("\n").join(drawn)
    return Markup('<div class="parties">{}</div>').format(parts) if parts else Markup("")


def _party(name: Markup, said: str, doors: Sequence[Facts], words: Words) -> Markup:
    lines = Markup("").join(_door(d, words) for d in doors)
    who = Markup("<p>{}.</p>").format(said) if said else Markup("")
    return Markup('<div class="party"><h4>{}</h4>{}{}</div>').format(
        name, who, Markup("<ul>{}</ul>").format(lines) if lines else ""
    )


def words_of(name: str) -> str:
    """Return a role's name as it stands at the head of a line.

    >>> words_of("care-taker")
    'Care taker'
    """
    return plain(name)[:1].upper() + plain(name)[1:]


def _door(d: Facts, words: Words) -> Markup:
    """Return one door: which data, in which form, for what, when."""
    data = "; ".join(d["data in words"])
    chosen = f"{words.say('one of').capitalize()}: {data}" if d["one of"] else data
    form = f" ({d['form in words']})" if d["form in words"] else ""
    purposes = ", ".join(words.say("quoted", x=purpose) for purpose in d["for"])
    why = ", ".join(part for part in (purposes, d["condition"]) if part)
    return Markup("<li>{}{}. {}: {}. {}</li>").format(chosen, form, words.say("for"), why, _section(d))


def _retention(told: Facts, words: Words) -> Markup:
    rows = [
        (_beside(k["text"], k), k["period"] + (f" ({k['law']})" if k["law"] else ""))
        for k in told["retention"]
    ]
    return _table([words.say(key) for key in ("data", "period")], rows)


def _rights(told: Facts, words: Words) -> Markup:
    rows = [(_beside(r["text"], r), r["within"], r["article"]) for r in told["rights"]]
    return _table([words.say(key) for key in ("right", "term", "law")], rows)


def _cookies(told: Facts, words: Words) -> Markup:
    rows = [
        (
            _beside(", ".join(c["names on the device"]) + (f" ({c['by']})" if c["by"] else ""), c),
            c["text"],
            c["lasts"],
            c["asked"],
        )
        for c in told["cookies"]
    ]
    return _table([words.say(key) for key in ("name", "for", "lasts", "asked")], rows)


def _promises(told: Facts) -> Markup:
    lines = [Markup("<li>{} {}</li>").format(p["says"], _section(p)) for p in told["promises"]]
    return Markup("<ul>{}</ul>").format(Markup("").join(lines)) if lines else Markup("")
