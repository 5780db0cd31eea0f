"""The night sky from the roof: the Milky Way, a low moon, the lights of a town."""

from __future__ import annotations

import numpy as np

from ..drawing import Drawing
from ..geometry import brush, noise, points, spline
from .props import HEIGHT, INK, WIDTH, block, box, glow, sheet, silhouette, stars, wash


def far() -> Drawing:
    """Draw the sky."""
    d = sheet()
    wash(
        d,
        (0, "#0c1233"),
        (0.35, "#1f2558"),
        (0.6, "#4b3f7d"),
        (0.78, "#a3617f"),
        (0.9, "#e89a72"),
        (1, "#f7c285"),
    )
    for index in range(26):
        share = index / 25
        x, y = 180 + 1500 * share, 700 - 760 * share + 60 * np.sin(share * 7)
        size = 150 + 120 * noise(index + 3)
        paint = d.radial(
            (x, y), size, (0, "#b6a6f2", 0.15), (0.5, "#8f86d8", 0.08), (1, "#8f86d8", 0), flat=0.8
        )
        d.ellipse((x, y), (size, size * 0.8), paint)
    stars(d, (0, 0, WIDTH, 820), 520, 4)
    for index in range(240):
        share = noise(index + 31)
        x = 180 + 1500 * share + 150 * (noise(index + 700) - 0.5)
        y = 700 - 760 * share + 60 * np.sin(share * 7) + 190 * (noise(index + 900) - 0.5)
        size = 0.7 + 1.1 * noise(index + 1200)
        d.ellipse((x, y), (size, size), "#fff7e6", opacity=0.75)
    glow(d, (1530, 250), 330, "#ffe2b0", 0.55)
    d.ellipse(
        (1530, 250),
        (88, 88),
        d.radial((1500, 220), 150, (0, "#fffbea"), (0.7, "#ffeec4"), (1, "#f6cf94")),
    )
    for x, y, r in ((1500, 240, 17), (1556, 282, 22), (1548, 212, 12), (1514, 292, 9)):
        d.ellipse((x, y), (r, r * 0.9), "#e9c48c", opacity=0.55)
    d.ink(points((420, 130), (640, 214)), 5, "#fff3d6", brush(0.9, 0.05), opacity=0.9)
    for y, wide, at in ((800, 620, 300), (842, 760, 1500), (770, 380, 1180)):
        d.ellipse((at, y), (wide / 2, 15), "#f9c9a0", opacity=0.35, blur=9)
    return d


def middle() -> Drawing:
    """Draw the hills and the town."""
    d = sheet()
    ridge = spline(
        points((0, 800), (260, 742), (520, 800), (900, 770), (1240, 806), (1560, 740), (1920, 790))
    )
    d.shape(silhouette(ridge), d.linear((0, 740), (0, 950), (0, "#5b3d70"), (1, "#3a2a5c")))
    for row, (base, tone, high) in enumerate(((880, "#33264f", 74), (930, "#241d42", 96))):
        at, index = -20.0, row * 100
        while at < WIDTH:
            wide, tall = 50 + 60 * noise(index), high * (0.45 + 0.75 * noise(index + 30))
            middle_away = abs(at + wide / 2 - 960) / 960
            tall *= 0.55 + 0.6 * middle_away
            d.shape(box(at, base - tall, wide, HEIGHT), tone)
            if index % 2:
                d.shape(
                    f"M{at - 4:.1f} {base - tall:.1f} L{at + wide / 2:.1f} {base - tall - 30:.1f}"
                    f" L{at + wide + 4:.1f} {base - tall:.1f}Z",
                    tone,
                )
            for spot in range(5):
                if noise(index * 7 + spot) > 0.55:
                    x = at + 8 + (wide - 20) * noise(index + spot * 3)
                    y = base - tall + 12 + 56 * noise(index + spot * 5)
                    d.shape(box(round(x, 1), round(y, 1), 7, 10), "#ffd58a", opacity=0.9)
                    glow(d, (x + 3, y + 5), 24, "#ffb85e", 0.35)
            at += wide + 3
            index += 1
    return d


def near() -> Drawing:
    """Draw the roof: tiles, a chimney, and the weather vane with a wren on it."""
    d = sheet()
    roof = "M0 940 L1920 940 L1920 1080 L0 1080Z"
    d.shape(roof, d.linear((0, 940), (0, 1080), (0, "#4d2f4a"), (1, "#2a1930")))
    for row in range(4):
        y = 946 + row * 38
        for column in range(-1, 33):
            x = column * 62 + (31 if row % 2 else 0)
            tone = ("#5e3850", "#543149", "#4a2b44")[int(noise(row * 40 + column) * 3) % 3]
            end = x + 60
            tile = (
                f"M{x} {y} L{end} {y} L{end} {y + 26} C{x + 56} {y + 44} {x + 4} {y + 44} {x}"
                f" {y + 26}Z"
            )
            d.shape(tile, tone)
            d.ink(
                points((x + 4, y + 30), (x + 30, y + 41), (x + 56, y + 30)),
                4,
                "#1c0f20",
                brush(0.2, 0.2, 0.4),
                opacity=0.8,
            )
    d.ink(points((0, 944), (1920, 944)), 16, INK, brush(0, 0, 1))
    d.ink(points((0, 941), (1920, 941)), 8, "#8d5a68", brush(0, 0, 1))
    block(d, box(150, 690, 170, 330), "#7a4a52", "#442638", 6)
    for row in range(7):
        y = 736 + row * 40
        d.ink(points((152, y), (318, y)), 3.5, INK, brush(0, 0, 1), opacity=0.6)
        for x in (206, 262) if row % 2 else (180, 236, 292):
            d.ink(points((x, y - 40), (x, y)), 3.5, INK, brush(0, 0, 1), opacity=0.6)
    block(d, box(134, 664, 202, 38, 6), "#95606a", "#5d3746", 6)
    for index in range(4):
        d.ellipse(
            (250 + 26 * index, 610 - 74 * index),
            (30 + 16 * index, 26 + 12 * index),
            "#c9b3d6",
            opacity=0.16,
            blur=14,
        )
    _vane(d, 1640, 950)
    return d


def _vane(d: Drawing, x: float, y: float) -> None:
    d.ink(points((x, y), (x, y - 300)), 12, INK, brush(0, 0, 1))
    d.ink(points((x - 96, y - 196), (x + 96, y - 196)), 9, INK, brush(0, 0, 1))
    d.ink(points((x - 120, y - 196), (x - 78, y - 196)), 26, INK, brush(0.9, 0.05))
    for dx in (-62, 62):
        d.ink(points((x + dx, y - 212), (x + dx, y - 180)), 7, INK, brush(0, 0, 1))
    bird = spline(
        points(
            (x - 62, y - 318),
            (x - 40, y - 344),
            (x - 8, y - 342),
            (x + 30, y - 330),
            (x + 58, y - 392),
            (x + 72, y - 386),
            (x + 58, y - 320),
            (x + 26, y - 292),
            (x - 14, y - 290),
            (x - 40, y - 306),
        ),
        closed=True,
    )
    d.shape(bird, INK)
    d.shape(f"M{x - 58} {y - 328} L{x - 88} {y - 320} L{x - 56} {y - 314}Z", INK)
    d.ellipse((x - 38, y - 328), (4, 4), "#ffd58a")
    d.ink(bird[2:28] + (0, 2), 4, "#b98296", brush(0.3, 0.3), opacity=0.8)


def light() -> Drawing:
    """Draw the haze of evening over the town."""
    d = sheet()
    d.ellipse((960, 880), (1100, 130), "#f2a27c", opacity=0.22, blur=50)
    return d
