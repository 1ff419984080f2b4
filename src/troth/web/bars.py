"""Bars: a bar chart as SVG, drawn on the server, with a title and a description; its table is beside it."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

WIDTH, LINE, LEFT, RIGHT = 420, 30, 96, 72  # narrow, so that a phone need not shrink its words


def bars(cells: Sequence[tuple[str, int | None]], title: str, within: int = 0) -> Markup:
    """Draw a bar for each value; one that is withheld has a word and no bar.

    ``within``: how far a number may be off, drawn as a line around the bar's end.

    >>> drawn = bars([("tea", 25), ("juice", None)], "Drinks")
    >>> "tea: 25" in drawn, "juice: withheld" in drawn
    (True, True)
    """
    most = (max((n for _, n in cells if n is not None), default=1) or 1) + within
    lines = "".join(_line(at, value, n, most, within) for at, (value, n) in enumerate(cells))
    told = ", ".join(f"{value}: {'withheld' if n is None else n}" for value, n in cells)
    height = LINE * max(len(cells), 1) + 8
    mark = escape(title).replace(".", "-")
    return Markup(
        f'<svg class="chart bars" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="{mark}-t {mark}-d">'
        f'<title id="{mark}-t">{escape(title)}</title><desc id="{mark}-d">{escape(told)}</desc>{lines}</svg>'
    )


def _line(at: int, value: str, people: int | None, most: int, within: int) -> str:
    top = LINE * at + 6
    words = f'<text x="{LEFT - 8}" y="{top + 15}" text-anchor="end">{escape(value)}</text>'
    if people is None:
        return f'{words}<text x="{LEFT}" y="{top + 15}">withheld</text>'
    unit = (WIDTH - LEFT - RIGHT) / most
    width, edge = unit * people, unit * within
    low, high, middle = LEFT + max(width - edge, 0), LEFT + width + edge, top + (LINE - 10) / 2
    off = f'<path class="line" d="M{low:.1f} {middle}H{high:.1f}"/>' if within else ""
    said = f"{people} ± {within}" if within else str(people)
    return (
        f'{words}<rect class="area" x="{LEFT}" y="{top}" width="{width:.1f}" height="{LINE - 10}"/>{off}'
        f'<text x="{high + 8:.1f}" y="{top + 15}">{said}</text>'
    )
