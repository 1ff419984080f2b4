"""Charts: server-drawn SVG with a title and a description; a table stands beside each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup, escape

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 220, 44, 28, 12


def curve(points: Sequence[tuple[date, int]], title: str) -> Markup:
    """Draw a falling staircase of what is left by day.

    >>> "Records" in curve([(date(2026, 1, 1), 3), (date(2026, 2, 1), 1)], "Records left")
    True
    """
    first, last = points[0][0], points[-1][0]
    days = max((last - first).days, 1)
    most = max(max(n for _, n in points), 1)

    def x(at: date) -> float:
        return LEFT + (WIDTH - LEFT - 8) * (at - first).days / days

    def y(n: int) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - n / most)

    steps = f"M{x(first):.1f},{y(points[0][1]):.1f}" + "".join(
        f"H{x(d):.1f}V{y(n):.1f}" for d, n in points[1:]
    )
    floor = HEIGHT - BOTTOM
    grid = "".join(
        f'<line class="grid" x1="{LEFT}" x2="{WIDTH - 8}" y1="{y(n):.1f}" y2="{y(n):.1f}"/>'
        f'<text x="{LEFT - 8}" y="{y(n) + 4:.1f}" text-anchor="end">{n}</text>'
        for n in sorted({0, most // 2, most})
    )
    told = f"From {points[0][1]} on {first} to {points[-1][1]} on {last}."
    return Markup(
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="chart-t chart-d">'
        f'<title id="chart-t">{escape(title)}</title><desc id="chart-d">{told}</desc>{grid}'
        f'<path class="area" d="{steps}V{floor}H{LEFT}Z"/><path class="curve" d="{steps}"/>'
        f'<text x="{LEFT}" y="{HEIGHT - 8}">{first}</text>'
        f'<text x="{WIDTH - 8}" y="{HEIGHT - 8}" text-anchor="end">{last}</text></svg>'
    )
