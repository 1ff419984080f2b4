"""Notice: the page a person reads: the document's prose, its rules as sentences, and the facts as tables.

Each section carries the anchor of its clause, so that a decision can link to the sentence that made it.
INVARIANT (nothing raw): prose goes through CommonMark with HTML off, all else is escaped by ``Markup``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from troth.document import Document, Section
from troth.policy import model as m
from troth.publish.facts import Facts
from troth.publish.sentences import sentences
from troth.publish.tables import objection_box, tables
from troth.publish.words import Words
from troth.terms import Clause

_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_WEB = frozenset({"http", "https", "mailto", "tel"})

_PAGE = Markup("""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p class="version">{version}</p>
{notice}
</main>
</body>
</html>
""")

_STYLE = Markup("""
:root{color-scheme:light dark}
body{font:1.05rem/1.6 system-ui,sans-serif;margin:0;padding:1rem}
main{max-width:64rem;margin:0 auto}
h1,.version,.reading{max-width:42rem}
table{border-collapse:collapse;width:100%;font-size:.95rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .9rem .4rem 0;border-bottom:1px solid #8886}
.bound{text-decoration:underline dotted;text-underline-offset:.2em;color:inherit}
.box{border:3px solid;border-radius:.75rem;padding:.25rem 1.25rem;margin:1.5rem 0}
details{margin:.5rem 0 1.5rem}
summary{cursor:pointer}
summary h3{display:inline}
:target,li:has(>:target){outline:2px solid;outline-offset:.2em}
@media(max-width:40rem){
thead{display:none}
table,tbody,tr,td{display:block}
tr{border:1px solid #8886;border-radius:.5rem;padding:.5rem .75rem;margin:0 0 .75rem}
td{border:0;padding:.2rem 0}
td[data-head]::before{content:attr(data-head);display:block;font-size:.85em;opacity:.75}
}
@media print{details::details-content{content-visibility:visible;block-size:auto}nav{display:none}}
""")


def notice(policy: m.Policy, document: Document, told: Facts) -> Markup:
    """Return the notice as a piece of HTML, safe to stand in a page; headings begin at ``h2``.

    The page says which version it is, and in which languages it speaks; the piece does not repeat it.
    ``document`` may be a translation: its sections carry the rules of the sections of the same reference.
    """
    words = Words(policy, told["language"])
    sections = [s for s in document.sections if s.level != 1]
    first = _first(policy, {s.ref for s in document.sections}, words)
    text = [
        *(_prose(s, first) for s in document.sections if s.level == 1),
        objection_box(told, words),
        *(_section(section, policy, words, first) for section in sections),
    ]
    return Markup('<div class="reading">\n{}\n<div class="text prose">\n{}\n</div>\n</div>\n{}').format(
        _contents(sections, words), Markup("\n").join(text), tables(told, words)
    )


def page(policy: m.Policy, document: Document, told: Facts) -> str:
    """Return the notice as a page that stands alone: no script, nothing loaded from anywhere."""
    words = Words(policy, told["language"])
    return str(
        _PAGE.format(
            title=document.title or policy.title,
            language=told["language"],
            style=_STYLE,
            version=_version(told, words),
            notice=notice(policy, document, told),
        )
    )


def _version(told: Facts, words: Words) -> str:
    said = [words.say("version", version=told["version"])]
    if told["since"]:
        said.append(words.say("in force", since=told["since"]))
    said.append(f"{words.say('languages')}: {', '.join(told['languages'])}")
    return " · ".join(said)


def _contents(sections: Sequence[Section], words: Words) -> Markup:
    lines = [
        Markup('<li><a href="#{}">{} {}</a></li>').format(_anchor(s.ref), _number(s), s.title)
        for s in sections
        if s.level == 2
    ]
    lines.append(Markup('<li><a href="#tables">{}</a></li>').format(words.say("tables")))
    return Markup(
        '<nav class="contents" aria-labelledby="contents"><h2 id="contents">{}</h2><ul>{}</ul></nav>'
    ).format(words.say("contents"), Markup("").join(lines))


def _first(policy: m.Policy, refs: set[str], words: Words) -> Mapping[str, int]:
    """Return each fragment with the first statement that has it: an id stands once in a page."""
    first: dict[str, int] = {}
    for number, statement in enumerate(policy.statements):
        if statement.clause.ref in refs and sentences(statement, words):
            for name in _ids(statement):
                first.setdefault(name, number)
    return first


def _section(section: Section, policy: m.Policy, words: Words, first: Mapping[str, int]) -> Markup:
    level = min(max(section.level, 2), 6)
    heading = Markup('<h{0} id="{1}">{2}</h{0}>').format(
        level, _anchor(section.ref), f"{_number(section)} {section.title}".strip()
    )
    return Markup("\n").join([heading, _prose(section, first), _rules(section, policy, words, first)])


def _anchor(ref: str) -> str:
    return Clause(ref, 0).anchor


def _number(section: Section) -> str:
    return section.ref if section.ref[:1].isdigit() else ""


def _prose(section: Section, first: Mapping[str, int]) -> Markup:
    """Render a section's prose; a bound phrase links to the sentence of its rule."""
    text = "\n\n".join(paragraph.text for paragraph in section.prose)
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        _bind(token.children or [], first)
    return Markup(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def _bind(tokens: list[Token], first: Mapping[str, int]) -> None:
    """Let bound phrases lead to the sentence of their rule, and be plain text where it has none."""
    bound = False
    for token in tokens:
        target = str(token.attrs.get("href", "")) if token.type == "link_open" else ""
        kind, colon, name = target.partition(":")
        if colon and kind not in _WEB:
            where = _rule_id(kind, name)
            bound = where not in first
            token.attrs = {"class": "bound"} if bound else {"href": f"#{where}", "class": "bound"}
            token.tag = "span" if bound else "a"
        elif target.startswith(("http:", "https:")):
            token.attrs["rel"] = "noopener noreferrer"
        elif token.type == "link_close" and bound:
            token.tag, bound = "span", False


def _rule_id(kind: str, name: str) -> str:
    return f"rule-{kind}-{name}".replace(".", "-")


def _rules(section: Section, policy: m.Policy, words: Words, first: Mapping[str, int]) -> Markup:
    lines = [
        line
        for number, s in enumerate(policy.statements)
        if s.clause.ref == section.ref
        for line in _lines(s, words, [name for name in _ids(s) if first.get(name) == number])
    ]
    if not lines:
        return Markup("")
    return Markup('<details class="rules"><summary>{} ({})</summary><ul>{}</ul></details>').format(
        words.say("rules"), len(lines), Markup("").join(lines)
    )


def _lines(statement: m.Statement, words: Words, names: Sequence[str]) -> list[Markup]:
    said = sentences(statement, words)
    ids = [Markup('<span id="{}"></span>').format(name) for name in dict.fromkeys(names)]
    mark = Markup(' <abbr title="{}">°</abbr>').format(words.say("added")) if statement.added else ""
    return [
        Markup("<li>{}{}{}</li>").format(Markup("").join(ids) if number == 0 else "", text, mark)
        for number, text in enumerate(said)
    ]


def _ids(statement: m.Statement) -> list[str]:
    """Return the fragments under which bound phrases find this statement, such as ``keep:visit``."""
    own = [_rule_id("rule", statement.label)] if statement.label else []
    match statement:
        case m.Keep(data=data):
            return [*own, *(_rule_id("keep", name) for name in data)]
        case m.Whereabouts(verb=verb, data=data):
            return [*own, *(_rule_id(verb.split()[0], name) for name in data or ("area",))]
        case m.OptOut(purposes=purposes):
            return [*own, *(_rule_id("opt-out", name) for name in purposes)]
        case m.FormMeaning(form=form):
            return [*own, _rule_id("form", form.value)]
        case m.Controller():
            return [*own, *(_rule_id("controller", part) for part in ("name", "country", "address"))]
        case m.Breach():
            return [*own, _rule_id("breach", "authority")]
        case m.Children():
            return [*own, _rule_id("children", "under")]
        case m.Change():
            return [*own, _rule_id("change", "before")]
    name = getattr(statement, "name", "")
    return [*own, _rule_id(type(statement).__name__.lower(), str(name))] if name else own
