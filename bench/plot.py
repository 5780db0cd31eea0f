"""A picture of a few curves, as SVG."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from pathlib import Path
from statistics import median

STEPS = 5
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 420, 70, 20, 30, 60
COLOURS = ("#999999", "#c2410c", "#0f766e", "#6d28d9")


@dataclass(frozen=True)
class Curve:
    """Points from left to right, each with a word beside it."""

    name: str
    points: tuple[tuple[float, float, str], ...]


def shares(name: str, values: list[float]) -> Curve:
    """Return how many in a hundred of `values` are at most so large; its name tells the middle."""
    ranked = sorted(values)
    points = ((one, (place + 1) / len(ranked) * 100, "") for place, one in enumerate(ranked))
    return Curve(f"{name}, p50 {median(ranked):.0f}", tuple(points))


def plot(
    curves: list[Curve], x: str, y: str, title: str, file: Path, *, names_below: bool = False
) -> None:
    """Write a picture whose axes begin at 0 and are called `x` and `y`.

    The names of the curves stand in the right corner above, or below.
    """
    right = _end(max(point[0] for curve in curves for point in curve.points))
    top = _end(max(point[1] for curve in curves for point in curve.points))

    def place(one: tuple[float, float, str]) -> tuple[float, float]:
        across = LEFT + one[0] / right * (WIDTH - LEFT - RIGHT)
        return across, HEIGHT - BOTTOM - one[1] / top * (HEIGHT - TOP - BOTTOM)

    floor = HEIGHT - BOTTOM
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="18" font-size="14">{escape(title)}</text>',
        f'<path d="M{LEFT} {TOP}V{floor}H{WIDTH - RIGHT}" fill="none" stroke="black"/>',
        f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 12}" text-anchor="end">{escape(x)}</text>',
        f'<text x="14" y="{TOP}" transform="rotate(-90 14 {TOP})" text-anchor="end">'
        f"{escape(y)}</text>",
    ]
    for step in range(1, STEPS + 1):
        across, _ = place((right * step / STEPS, 0, ""))
        _, up = place((0, top * step / STEPS, ""))
        lines += [
            f'<path d="M{LEFT} {up:.0f}H{WIDTH - RIGHT}" stroke="#dddddd"/>',
            f'<text x="{LEFT - 6}" y="{up + 4:.0f}" text-anchor="end">'
            f"{top * step / STEPS:.3g}</text>",
            f'<text x="{across:.0f}" y="{floor + 16}" text-anchor="middle">'
            f"{right * step / STEPS:.0f}</text>",
        ]
    for number, curve in enumerate(curves):
        colour = COLOURS[number % len(COLOURS)]
        places = [place(point) for point in curve.points]
        path = " ".join(f"{across:.1f},{up:.1f}" for across, up in places)
        lines.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for (across, up), (_, _, word) in zip(places, curve.points, strict=True):
            lines.append(f'<circle cx="{across:.1f}" cy="{up:.1f}" r="3" fill="{colour}"/>')
            lines.append(f'<text x="{across + 6:.1f}" y="{up - 5:.1f}">{escape(word)}</text>')
        up = (floor - 16 * (len(curves) + 1) if names_below else TOP) + 16 * (number + 1)
        lines.append(
            f'<text x="{WIDTH - RIGHT}" y="{up}" text-anchor="end" fill="{colour}">'
            f"{escape(curve.name)}</text>"
        )
    file.write_text("\n".join([*lines, "</svg>"]) + "\n", "utf-8")


def _end(largest: float) -> float:
    """Return where an axis ends: its steps are round numbers."""
    size: float = 10.0 ** math.floor(math.log10(max(largest, 1.0) / STEPS))
    return next(size * step * STEPS for step in (1, 2, 4, 5, 10) if size * step * STEPS >= largest)
