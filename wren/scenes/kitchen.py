"""The kitchen in the morning: sun through the window, shelves of jars, loaves that stayed flat."""

from __future__ import annotations

from ..drawing import Drawing
from ..geometry import brush, noise, points
from .props import INK, WIDTH, block, box, glow, jar, loaf, plant, radio, sheet, shelf, wash


def far() -> Drawing:
    """Draw the wall, its tiles, and the window."""
    d = sheet()
    wash(d, (0, "#f6dfba"), (0.6, "#fbeacb"), (1, "#f0cf9f"))
    glow(d, (960, 480), 820, "#fff6e0", 0.8)
    for row in range(5):
        for column in range(-1, 21):
            x, y = column * 98 + (49 if row % 2 else 0), 590 + row * 50
            tone = ("#bfdcd3", "#c9e2d8", "#b3d3cb")[int(noise(row * 31 + column) * 3) % 3]
            d.shape(box(x, y, 94, 46, 5), tone)
            d.shape(box(x + 5, y + 4, 60, 7, 3), "#ffffff", opacity=0.4)
    paint = d.linear((0, 590), (0, 840), (0, "#f6dfba", 0.0), (1, "#c99a6a", 0.28))
    d.shape(box(0, 590, WIDTH, 250), paint)
    d.shape(box(0, 572, WIDTH, 16), d.linear((0, 572), (0, 590), (0, "#d99a5c"), (1, "#a5683a")))
    _window(d)
    return d


def _window(d: Drawing) -> None:
    x, y, w, h = 110, 96, 470, 420
    glow(d, (x + w / 2, y + h / 2), 560, "#fff4c8", 0.9)
    d.shape(box(x - 22, y - 22, w + 44, h + 44, 10), INK)
    d.shape(box(x - 16, y - 16, w + 32, h + 32, 8), "#fff8ea")
    pane = box(x, y, w, h)
    clip = d.clip(pane)
    d.shape(pane, d.linear((0, y), (0, y + h), (0, "#8fd0ee"), (0.55, "#cdeef2"), (1, "#fdf3cf")))
    d.ellipse((x + 330, y + 110), (70, 70), "#fffbe0", clip=clip, opacity=0.95)
    for cx, cy, r in (
        (200, 190, 60),
        (262, 176, 76),
        (330, 196, 56),
        (470, 280, 52),
        (530, 268, 60),
    ):
        d.ellipse((cx, cy), (r, r * 0.5), "#ffffff", opacity=0.85, clip=clip, blur=3)
    d.ellipse((x + 110, y + h + 40), (240, 150), "#8dbb78", clip=clip)
    d.ellipse((x + 380, y + h + 60), (230, 140), "#a9cc86", clip=clip)
    for line in (
        points((x + w / 2, y), (x + w / 2, y + h)),
        points((x, y + 190), (x + w, y + 190)),
    ):
        d.ink(line, 20, INK, brush(0, 0, 1))
        d.ink(line, 14, "#fff8ea", brush(0, 0, 1))
    d.shape(box(x, y, w, h), "#ffffff", opacity=0.08)
    block(d, box(x - 40, y + h + 18, w + 80, 30, 6), "#fff3dd", "#d9b88a")
    for side in (0, 1):
        cx = x - 30 if not side else x + w + 30
        sign = 1 if not side else -1
        curtain = (
            f"M{cx} {y - 30} L{cx + sign * 170} {y - 30} C{cx + sign * 130} {y + 140}"
            f" {cx + sign * 90} {y + 260} {cx + sign * 60} {y + 330} L{cx - sign * 20}"
            f" {y + 330}Z"
        )
        d.shape(
            curtain,
            d.linear(
                (cx, y),
                (cx + sign * 150, y),
                (0, "#d9694a"),
                (0.4, "#f0926a"),
                (0.7, "#d9694a"),
                (1, "#ef9a74"),
            ),
        )
        d.contour(curtain, 5, INK, least=0.5)
    d.ink(points((x - 60, y - 34), (x + w + 60, y - 34)), 14, INK, brush(0, 0, 1))
    d.ink(points((x - 58, y - 35), (x + w + 58, y - 35)), 7, "#b97c4a", brush(0, 0, 1))


def middle() -> Drawing:
    """Draw the shelves, the hanging pans, and the counter."""
    d = sheet()
    for y in (230, 430):
        shelf(d, 1330, y, 500)
    for index, (x, tone) in enumerate(
        (
            (1356, "#d98a4a"),
            (1436, "#a7452f"),
            (1516, "#efd9a0"),
            (1706, "#7d8f52"),
            (1776, "#c9a36a"),
        )
    ):
        jar(d, x, 230, 84 - 8 * (index % 2), tone)
    plant(d, (1640, 230), 100, 40, ("#9cc47c", "#4d7f55"))
    radio(d, (1370, 312), (178, 118), ("#e5805a", "#a5412f"))
    loaf(d, (1590, 430), (150, 44))
    jar(d, 1762, 430, 90, "#e7c068")
    block(d, box(0, 836, WIDTH, 34), "#d9a066", "#a5683a", 6)
    block(d, box(0, 870, WIDTH, 220), "#7fb0a6", "#4a7f7c", 6)
    for x in (60, 430, 1170, 1540):
        d.shape(box(x, 906, 320, 190, 10), "#8fbfb4")
        d.contour(box(x, 906, 320, 190, 10), 5, INK, least=0.5)
        d.ellipse((x + 160, 936), (14, 14), INK)
        d.ellipse((x + 160, 936), (10, 10), "#f0d08c")
    d.ink(points((640, -10), (640, 0)), 4, INK)
    d.ink(points((650, 40), (1290, 40)), 13, INK, brush(0, 0, 1))
    d.ink(points((652, 38), (1288, 38)), 6, "#c98a52", brush(0, 0, 1))
    for x, r, tone in ((704, 56, "#c9693f"), (1210, 60, "#b7583a"), (1080, 44, "#5c6470")):
        low = 160 + r
        d.ink(points((x, 40), (x, low)), 20, INK, brush(0, 0, 1))
        d.ink(points((x, 44), (x, low)), 11, "#6e4630", brush(0, 0, 1))
        d.ellipse((x, low), (r + 5, r + 5), INK)
        d.ellipse(
            (x, low),
            (r, r),
            d.linear(
                (x - r, low - r), (x + r, low + r), (0, "#ffd2a4"), (0.35, tone), (1, "#6a2f24")
            ),
        )
        d.ellipse((x, low), (r * 0.74, r * 0.74), "#3a1a1c", opacity=0.55)
        d.ellipse(
            (x, low),
            (r * 0.7, r * 0.7),
            d.linear(
                (x + r, low + r), (x - r, low - r), (0, "#f2b184"), (0.6, tone), (1, "#5e2a22")
            ),
        )
    return d


def near() -> Drawing:
    """Draw what lies on the counter: flat loaves, flour, a rolling pin, a bowl."""
    d = sheet()
    d.ellipse((350, 852), (260, 14), "#fffdf6", opacity=0.85, blur=3)
    block(d, box(120, 826, 430, 22, 6), "#e8bd84", "#b98350")
    loaf(d, (150, 828), (176, 46))
    loaf(d, (340, 828), (170, 38))
    bowl = "M1470 742 L1690 742 C1690 816 1650 842 1580 842 C1510 842 1470 816 1470 742Z"
    d.shape(
        bowl, d.linear((1470, 740), (1690, 840), (0, "#fff8ea"), (0.6, "#ecd9ba"), (1, "#c9a982"))
    )
    d.ellipse((1580, 742), (110, 20), "#d6b88e")
    d.ellipse((1580, 740), (96, 26), "#fbecc6")
    d.ink(points((1474, 776), (1580, 800), (1686, 776)), 9, "#d9694a", brush(0.1, 0.1, 0.7))
    d.contour(bowl, 6, INK, least=0.5)
    for x, end in ((1256, 1440), (1228, 1468)):
        d.ink(
            points((x, 842 if x > 1240 else 845), (end, 824 if x > 1240 else 821)),
            44 if x == 1256 else 18,
            INK,
            brush(0, 0, 1),
        )
    d.ink(points((1260, 841), (1436, 824)), 35, "#d9a066", brush(0, 0, 1))
    d.ink(points((1264, 832), (1430, 816)), 9, "#f7d6a0", brush(0, 0, 1))
    jar(d, 1750, 838, 110, "#f4ead2")
    plant(d, (64, 840), 110, 70, ("#9cc47c", "#4d7f55"))
    return d


def light() -> Drawing:
    """Draw the beams of the morning sun."""
    d = sheet()
    for right in (0, 190):
        d.shape(
            f"M{150 + right} 110 L{320 + right} 110 L{1240 + right * 2} 1080"
            f" L{760 + right * 2} 1080Z",
            "#fff4c4",
            opacity=0.2,
            blur=26,
        )
    for index in range(46):
        x, y = 240 + 1100 * noise(index), 200 + 700 * noise(index + 60)
        size = 1.5 + 2.6 * noise(index + 8)
        d.ellipse((x, y), (size, size), "#fffbe6", opacity=0.5)
    return d
