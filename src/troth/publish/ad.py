"""Ad: a conversation as an HTML5 advertisement: one page that carries all it needs, and a zip for ad servers.

The page asks nobody for anything before it is pressed, and afterwards at most its own counter.  It keeps
nothing, reads nothing of the page around it, and leaves its frame only by a link that a person presses.
INVARIANT (text is text): what an author wrote reaches the page as text nodes, never as markup.
"""

from __future__ import annotations

import html
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from troth.publish.ad_page import SCRIPT, STYLE
from troth.publish.ad_picture import picture

SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox"
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same conversation gives the same bytes
WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "ad": "Advertisement", "next": "Next", "skip": "Skip", "window": "opens in a new window",
        "you": "You", "choices": "Your choices",
    },
    "nb": {
        "ad": "Annonse", "next": "Neste", "skip": "Hopp over", "window": "åpnes i et nytt vindu",
        "you": "Du", "choices": "Valgene dine",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exit:
    """A link that a person may press: its words and its address, with the campaign's code."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One step as the ad shows it.  ``options`` are (value, label, next step); none means *Next*."""

    name: str
    say: tuple[str, ...]
    options: tuple[tuple[str, str, str], ...] = ()
    to: str = ""
    optional: bool = False
    end: bool = False
    exits: tuple[Exit, ...] = ()


@dataclass(frozen=True, slots=True)
class Creative:
    """All that an ad needs.  ``home``: where its name leads; ``count``: where a press is counted, or ''."""

    title: str
    language: str
    size: tuple[int, int]
    brand: str
    mark: str
    colour: str
    home: str
    turns: tuple[Turn, ...]
    count: str = ""


def page(ad: Creative) -> str:
    """Write the ad as one HTML page."""
    width, height = ad.size
    tags = _tags(ad)
    head = "\n".join(
        (
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_csp(ad.count)}">',
            f'<meta name="ad.size" content="width={width},height={height}">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{html.escape(ad.title)}</title>",
            # An ad server may write its own address into these, so nothing signs this script.
            f"<script>{' '.join(f'var {name} = {_js(url)};' for url, name in tags.items())}</script>",
            f"<style>{_colours(ad.colour)}{STYLE}#ad {{ width: {width}px; height: {height}px; }}</style>",
        )
    )
    words = WORDS.get(ad.language, WORDS["en"])
    band = " band" if height <= 120 else ""
    name = html.escape(f"{ad.mark} {ad.brand}".strip())
    body = (
        f'<div id="ad" class="ad{band}" role="region" aria-label="{html.escape(words["ad"])}: {name}">'
        f'<header><a class="exit" data-tag="clickTag" {_away()} href="{html.escape(ad.home)}" '
        f'aria-label="{name}, {html.escape(words["window"])}">{name}</a>'
        f"<small>{html.escape(words['ad'])}</small></header>"
        f'<div id="log" role="log" aria-live="polite" tabindex="0"></div>'
        f'<div id="choices" role="group" aria-label="{html.escape(words["choices"])}"></div></div>'
        f'<script type="application/json" id="flow">{_js(_data(ad, tags))}</script>'
        f"<script>{SCRIPT}</script>"
    )
    tongue = html.escape(ad.language)
    return f'<!doctype html>\n<html lang="{tongue}">\n<head>\n{head}\n</head>\n<body>{body}</body>\n</html>\n'


def bundle(ad: Creative) -> bytes:
    """Pack the ad for an ad server: ``index.html``, and ``backup.png`` for where no script runs."""
    packed = io.BytesIO()
    files = {
        "index.html": page(ad).encode(),
        "backup.png": picture(ad.size, ad.colour, ad.brand, ad.title),
    }
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, raw in files.items():
            info = zipfile.ZipInfo(name, LONG_AGO)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            zipped.writestr(info, raw)
    return packed.getvalue()


def frame(url: str, title: str, size: tuple[int, int]) -> str:
    """Write the tag that a publisher puts into its page.

    >>> frame("https://s.example/ad/u", "Hi", (300, 250))[:56]
    '<iframe src="https://s.example/ad/u" title="Hi" width="3'
    """
    return (
        f'<iframe src="{html.escape(url)}" title="{html.escape(title)}" width="{size[0]}" height="{size[1]}" '
        f'sandbox="{SANDBOX}" referrerpolicy="origin" scrolling="no" style="border:0"></iframe>'
    )


def ink(colour: str) -> str:
    """Return the text that can be read on a colour (WCAG 2.2, 1.4.3 holds on both sides of the border).

    >>> ink("#5B3A29"), ink("#FFD23F")
    ('#ffffff', '#000000')
    """
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return "#000000" if 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.179 else "#ffffff"


def _tags(ad: Creative) -> dict[str, str]:
    """Give each address its variable: ``clickTag`` to the first, ``clickTag1`` and so on to the others."""
    urls = dict.fromkeys([ad.home, *(e.url for t in ad.turns for e in t.exits)])
    return {url: "clickTag" + (str(number) if number else "") for number, url in enumerate(urls)}


def _data(ad: Creative, tags: Mapping[str, str]) -> dict[str, object]:
    turns = {
        t.name: {
            "say": t.say,
            "options": t.options,
            "to": t.to,
            "optional": t.optional,
            "end": t.end,
            "exits": [{"label": e.label, "tag": tags[e.url], "url": e.url} for e in t.exits],
        }
        for t in ad.turns
    }
    words = WORDS.get(ad.language, WORDS["en"])
    return {"first": ad.turns[0].name, "turns": turns, "words": words, "count": ad.count}


def _csp(count: str) -> str:
    """Let the page run its own lines and reach its counter; a path in it would break at a redirect."""
    there = urlsplit(count)
    reach = f"{there.scheme}://{there.netloc}" if count else "'none'"
    return (
        f"default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src {reach}; "
        "base-uri 'none'; form-action 'none'"
    )


def _away() -> str:
    return 'target="_blank" rel="noopener noreferrer" referrerpolicy="no-referrer"'


def _colours(colour: str) -> str:
    return f":root {{ --accent: {colour}; --ink: {ink(colour)}; }}"


def _js(value: object) -> str:
    """Write a value so that it cannot end the script it stands in."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "\\u2028")
