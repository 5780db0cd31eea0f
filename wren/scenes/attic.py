"""The attic at dusk: a round window, the telescope, old radios on their shelves."""

from __future__ import annotations

import numpy as np

from ..drawing import Drawing
from ..geometry import Points, brush, lit_contour, path, points, spline
from .props import (
    INK,
    block,
    books,
    box,
    bulbs,
    glow,
    planks,
    plant,
    radio,
    sheet,
    shelf,
    silhouette,
    stars,
    wash,
)


def _circle(x: float, y: float, radius: float) -> Points:
    angle = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    found: Points = np.stack([np.cos(angle), np.sin(angle)], axis=1) * radius + (x, y)
    return found


def far() -> Drawing:
    """Draw the walls, the roof and the window with its sky."""
    d = sheet()
    wash(d, (0, "#4a2b3c"), (0.55, "#8a5145"), (1, "#a56a4c"))
    glow(d, (960, 560), 900, "#f0a868", 0.5)
    for index in range(13):
        x = 30 + index * 155
        d.ink(points((x, 160), (x, 900)), 4, "#3a1d2a", brush(0, 0, 1), opacity=0.3)
    for side in (-1, 1):
        roof = points((960 + side * 1000, -40), (960 + side * 1000, 470), (960 + side * 330, -40))
        d.shape(
            roof,
            d.linear(
                (960 + side * 900, 0), (960 + side * 500, 300), (0, "#2e1826"), (1, "#5c3440")
            ),
        )
        edge = points((960 + side * 1000, 470), (960 + side * 330, -40))
        d.ink(edge, 54, INK, brush(0, 0, 1))
        d.ink(edge, 44, "#6e4136", brush(0, 0, 1))
        d.ink(edge + (-8, -8), 12, "#94604a", brush(0, 0, 1), opacity=0.7)
    _window(d, 392, 430, 232)
    return d


def _window(d: Drawing, x: float, y: float, radius: float) -> None:
    pane = _circle(x, y, radius)
    glow(d, (x, y), radius * 2.1, "#f7a06a", 0.6)
    d.shape(
        pane,
        d.linear(
            (x, y - radius),
            (x, y + radius),
            (0, "#252a5e"),
            (0.4, "#5b4a8c"),
            (0.68, "#d8707a"),
            (0.86, "#f9ad6a"),
            (1, "#ffd993"),
        ),
    )
    clip = d.clip(path(pane))
    stars(d, (x - radius * 0.8, y - radius * 0.8, x + radius * 0.8, y + 30), 60, 11)
    hills = spline(
        points(
            (x - radius, y + 130),
            (x - 120, y + 110),
            (x - 20, y + 150),
            (x + 90, y + 120),
            (x + radius, y + 146),
        )
    )
    d.shape(silhouette(hills, y + radius + 20), "#51305a", clip=clip, opacity=0.9)
    for turn in (0, 90):
        bar = (
            points((x - radius, y), (x + radius, y))
            if turn
            else points((x, y - radius), (x, y + radius))
        )
        d.ink(bar, 17, INK, brush(0, 0, 1))
        d.ink(bar, 10, "#8a5238", brush(0, 0, 1))
    d.shape(lit_contour(pane, 46, 1.0), INK, even_odd=True)
    d.shape(lit_contour(pane, 34, 1.0), "#9a5f3e", even_odd=True)
    d.shape(lit_contour(_circle(x, y, radius + 9), 8, 1.0), "#d0935f", even_odd=True, opacity=0.8)


def middle() -> Drawing:
    """Draw the floor, the shelves and what stands on them."""
    d = sheet()
    planks(d, (0, 880, 1920, 1080), 11, ("#6d3d30", "#9a5c3e"), 3)
    d.shape(box(0, 862, 1920, 24), d.linear((0, 860), (0, 890), (0, "#7a4836"), (1, "#4a2630")))
    d.ink(points((0, 886), (1920, 886)), 5, INK, brush(0, 0, 1), opacity=0.7)
    d.ellipse((960, 1010), (620, 84), "#7d2f35", opacity=0.95)
    d.ellipse((960, 1010), (560, 70), "#c9873c")
    d.ellipse((960, 1010), (535, 64), "#8f3b3c")
    d.ellipse((960, 1010), (470, 52), "#98463f")
    for y in (330, 560, 780):
        shelf(d, 1330 if y > 400 else 1440, y, 590 if y > 400 else 480)
    radio(d, (1500, 206), (210, 122), ("#b45a3c", "#74302a"))
    books(d, 1740, 330, 150, 104, 5)
    radio(d, (1370, 438), (176, 120), ("#3f8f8c", "#215356"))
    books(d, 1570, 560, 120, 120, 20)
    radio(d, (1712, 420), (190, 138), ("#d39a52", "#8a5226"))
    books(d, 1360, 780, 170, 130, 31)
    plant(d, (1610, 780), 120, 3, ("#8fb26a", "#3f6a4c"))
    radio(d, (1700, 636), (200, 142), ("#8b4a5c", "#4d2438"))
    bulbs(d, points((640, -10), (900, 70), (1180, 60), (1440, 100), (1700, 60), (1930, 120)), 15)
    return d


def near() -> Drawing:
    """Draw the telescope before the window, and a plant on the floor."""
    d = sheet()
    for x in (166, 300, 420):
        d.ink(points((292, 664), (x, 1010)), 22, INK, brush(0, 0, 1))
        d.ink(points((292, 664), (x, 1010)), 13, "#7a4630", brush(0, 0, 1))
    tube = points((150, 742), (470, 500))
    d.ink(tube, 92, INK, brush(0, 0, 1))
    d.ink(tube, 80, "#b98a4a", brush(0, 0, 1))
    d.ink(tube + (-12, -16), 22, "#f4d08c", brush(0.02, 0.02, 1), opacity=0.85)
    d.ink(tube + (14, 19), 26, "#7b4f28", brush(0, 0, 1), opacity=0.7)
    for share in (0.12, 0.5, 0.9):
        ring = tube[0] + (tube[1] - tube[0]) * share
        across = points((-30, -40), (30, 40)) * 0.98 + ring
        d.ink(across, 22, INK, brush(0, 0, 1))
        d.ink(across, 13, "#e0b263", brush(0, 0, 1))
    d.ink(points((96, 783), (150, 742)), 54, INK, brush(0, 0, 1))
    d.ink(points((98, 781), (150, 742)), 43, "#4a3038", brush(0, 0, 1))
    d.ellipse((292, 660), (34, 34), INK)
    d.ellipse((292, 660), (27, 27), "#c9984f")
    plant(d, (60, 1060), 210, 9, ("#7fa55e", "#2f5a45"))
    block(d, box(1560, 930, 210, 120, 10), "#9c6440", "#5f3526")
    d.ink(points((1560, 968), (1770, 968)), 5, INK, brush(0, 0, 1), opacity=0.7)
    radio(d, (1590, 812), (160, 116), ("#e0c9a0", "#a3835c"))
    return d


def light() -> Drawing:
    """Draw the evening light that falls in from the window."""
    d = sheet()
    d.shape("M560 330 L1500 760 L1250 1080 L500 1080 L330 640Z", "#ffb777", opacity=0.16, blur=60)
    return d
