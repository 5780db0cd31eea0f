"""Draws the signs of comics: tears, sweat, the vein of anger, sparkles, a thought."""

from __future__ import annotations

from .drawing import Drawing
from .geometry import brush
from .hair import star_outline
from .palette import Palette


def _drop(p: Palette, d: Drawing, x: float, y: float, size: float) -> None:
    def at(dx: float, dy: float) -> str:
        return f"{x + dx * size:.1f} {y + dy * size:.1f}"

    data = (
        f"M{at(0, -1)} C{at(-0.2, -0.5)} {at(-0.6, 0)} {at(-0.6, 0.4)} C{at(-0.6, 0.8)}"
        f" {at(-0.3, 1)} {at(0, 1)} C{at(0.3, 1)} {at(0.6, 0.8)} {at(0.6, 0.4)} C{at(0.6, 0)}"
        f" {at(0.2, -0.5)} {at(0, -1)}Z"
    )
    d.shape(
        data,
        d.linear((x, y - size), (x, y + size), (0, p.tear_light), (0.5, p.tear), (1, "#6fb6e6")),
    )
    d.contour(data, max(4.5, size * 0.12), p.tear_ink, least=0.6)
    d.ellipse((x - 0.22 * size, y + 0.35 * size), (0.12 * size, 0.26 * size), "#ffffff", turn=14)


def tear(p: Palette, side: int) -> Drawing:
    """Draw a stream of tears under one eye."""
    d = Drawing()
    x = 600 + side * 112
    stream = (
        f"M{x - 28} 604 C{x - 10} 612 {x + 14} 612 {x + 32} 604 C{x + 26} 640 {x + 24} 680"
        f" {x + 20} 706 C{x + 16} 726 {x - 10} 728 {x - 16} 706 C{x - 20} 680 {x - 22} 640"
        f" {x - 28} 604Z"
    )
    d.shape(
        stream,
        d.linear((x, 600), (x, 720), (0, p.tear_light, 0.85), (0.6, p.tear, 0.9), (1, "#7cc2ee")),
    )
    d.contour(stream, 4, p.tear_ink, least=0.4)
    d.ink(
        f"M{x - 8} 618 C{x - 6} 650 {x - 4} 680 {x - 2} 704",
        7,
        "#ffffff",
        brush(0.4, 0.4),
        opacity=0.9,
    )
    return d


def mirth(p: Palette, side: int) -> Drawing:
    """Draw the small tear of laughter at the outer corner of an eye."""
    d = Drawing()
    _drop(p, d, 600 + side * 182, 596, 22)
    return d


def sweat(p: Palette) -> Drawing:
    """Draw drops of sweat at the temple."""
    d = Drawing()
    _drop(p, d, 396, 420, 40)
    _drop(p, d, 352, 500, 26)
    return d


def vein(p: Palette) -> Drawing:
    """Draw the popping vein of anger."""
    d = Drawing()
    x, y, r = 424, 286, 56
    for sx, sy in ((-1, -1), (1, -1), (-1, 1), (1, 1)):
        line = (
            f"M{x + sx * r} {y + sy * 14} C{x + sx * 22} {y + sy * 12} {x + sx * 12}"
            f" {y + sy * 22} {x + sx * 14} {y + sy * r}"
        )
        d.ink(line, 26, "#fff3e6", brush(0.2, 0.2, 0.7))
    for sx, sy in ((-1, -1), (1, -1), (-1, 1), (1, 1)):
        line = (
            f"M{x + sx * r} {y + sy * 14} C{x + sx * 22} {y + sy * 12} {x + sx * 12}"
            f" {y + sy * 22} {x + sx * 14} {y + sy * r}"
        )
        d.ink(line, 15, p.anger, brush(0.2, 0.2, 0.5))
    return d


def sparkles() -> Drawing:
    """Draw sparkles in the air beside a happy head."""
    d = Drawing()
    for x, y, size in (
        (262, 330, 44),
        (208, 420, 26),
        (946, 300, 40),
        (1000, 388, 24),
        (300, 232, 22),
    ):
        ray = (
            f"M{x} {y - size} C{x + size * 0.12} {y - size * 0.2} {x + size * 0.2}"
            f" {y - size * 0.12} {x + size * 0.8} {y} C{x + size * 0.2} {y + size * 0.12}"
            f" {x + size * 0.12} {y + size * 0.2} {x} {y + size} C{x - size * 0.12}"
            f" {y + size * 0.2} {x - size * 0.2} {y + size * 0.12} {x - size * 0.8} {y}"
            f" C{x - size * 0.2} {y - size * 0.12} {x - size * 0.12} {y - size * 0.2} {x}"
            f" {y - size}Z"
        )
        d.shape(ray, "#ffdf6e")
        d.contour(ray, 5, "#b8741f", least=0.5)
    return d


def surprise(p: Palette) -> Drawing:
    """Draw the strokes around a head that starts."""
    d = Drawing()
    for x0, y0, x1, y1 in (
        (250, 250, 176, 196),
        (222, 340, 130, 318),
        (310, 172, 262, 96),
        (950, 250, 1024, 196),
        (978, 340, 1070, 318),
        (890, 172, 938, 96),
    ):
        d.ink(f"M{x0} {y0} L{x1} {y1}", 34, "#fff6e4", brush(0.15, 0.8, 0.3))
        d.ink(f"M{x0} {y0} L{x1} {y1}", 22, p.anger, brush(0.15, 0.8, 0.2))
    return d


def thought(p: Palette) -> Drawing:
    """Draw the bubble of somebody who thinks."""
    d = Drawing()
    for x, y, r in ((902, 330, 13), (940, 276, 21)):
        d.ellipse((x, y), (r + 4, r + 4), p.ink)
        d.ellipse((x, y), (r, r), "#fffaf0")
    cloud = (
        (1010, 190, 62),
        (950, 196, 46),
        (1070, 196, 46),
        (980, 156, 48),
        (1040, 154, 50),
        (1010, 224, 46),
    )
    for x, y, r in cloud:
        d.ellipse((x, y), (r + 5, r * 0.82 + 5), p.ink)
    for x, y, r in cloud:
        d.ellipse((x, y), (r, r * 0.82), "#fffaf0")
    for x in (968, 1010, 1052):
        d.ellipse((x, 190), (11, 11), p.ink)
    return d


def note() -> Drawing:
    """Draw the small star that twinkles at a smug smile."""
    d = Drawing()
    star = star_outline((860, 610), 34, 13, 12)
    d.shape(star, "#ffdf6e")
    d.contour(star, 5.5, "#b8741f", least=0.6)
    return d
