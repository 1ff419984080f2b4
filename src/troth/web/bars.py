"""Bars: a bar chart as SVG, drawn on the server, with a title and a description; its table is beside it."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

WIDTH, LINE, LEFT, RIGHT = 640, 30, 140, 56


def bars(cells: Sequence[tuple[str, int | None]], title: str) -> Markup:
    """Draw a bar for each value; one that is withheld has a word and no bar.

    >>> drawn = bars([("tea", 25), ("juice", None)], "Drinks")
    >>> "tea: 25" in drawn, "juice: withheld" in drawn
    (True, True)
    """
    most = max((n for _, n in cells if n is not None), default=1) or 1
    lines = "".join(_line(at, value, n, most) for at, (value, n) in enumerate(cells))
    told = ", ".join(f"{value}: {'withheld' if n is None else n}" for value, n in cells)
    height = LINE * max(len(cells), 1) + 8
    mark = escape(title).replace(".", "-")
    return Markup(
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{mark}-t {mark}-d">'
        f'<title id="{mark}-t">{escape(title)}</title><desc id="{mark}-d">{escape(told)}</desc>{lines}</svg>'
    )


def _line(at: int, value: str, people: int | None, most: int) -> str:
    top = LINE * at + 6
    words = f'<text x="{LEFT - 8}" y="{top + 15}" text-anchor="end">{escape(value)}</text>'
    if people is None:
        return f'{words}<text x="{LEFT}" y="{top + 15}">withheld</text>'
    width = (WIDTH - LEFT - RIGHT) * people / most
    return (
        f'{words}<rect class="area" x="{LEFT}" y="{top}" width="{width:.1f}" height="{LINE - 10}"/>'
        f'<text x="{LEFT + width + 8:.1f}" y="{top + 15}">{people}</text>'
    )
