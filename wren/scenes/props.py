"""Things that stand in the scenes: boards, radios, books, jars, plants, lamps, loaves."""

from __future__ import annotations

import numpy as np

from ..drawing import Drawing, Stop
from ..geometry import Points, brush, noise, path, points, spline

WIDTH, HEIGHT = 1920, 1080
INK = "#2b1620"
At = tuple[float, float]


def sheet() -> Drawing:
    """Return an empty drawing of a background's size."""
    return Drawing(WIDTH, HEIGHT)


def box(x: float, y: float, width: float, height: float, round_: float = 0) -> str:
    """Return a rectangle as path data, its corners rounded by `round_` px."""
    r, x1, y1 = min(round_, width / 2, height / 2), x + width, y + height
    if r <= 0:
        return f"M{x} {y} L{x1} {y} L{x1} {y1} L{x} {y1}Z"
    k = r * 0.45
    return (
        f"M{x + r} {y} L{x1 - r} {y} C{x1 - k} {y} {x1} {y + k} {x1} {y + r} L{x1} {y1 - r}"
        f" C{x1} {y1 - k} {x1 - k} {y1} {x1 - r} {y1} L{x + r} {y1} C{x + k} {y1} {x} {y1 - k}"
        f" {x} {y1 - r} L{x} {y + r} C{x} {y + k} {x + k} {y} {x + r} {y}Z"
    )


def wash(d: Drawing, *stops: Stop, start: At = (0, 0), end: At = (0, HEIGHT)) -> None:
    """Fill the whole picture with a gradient."""
    d.shape(box(0, 0, WIDTH, HEIGHT), d.linear(start, end, *stops))


def block(d: Drawing, data: str, top: str, bottom: str, ink: float = 5) -> None:
    """Draw a solid thing: a gradient from top to bottom, and its outline."""
    ys = [float(number) for number in data.replace("Z", "").split()[1::2] if number[0].isdigit()]
    low, high = (min(ys), max(ys)) if ys else (0, HEIGHT)
    d.shape(data, d.linear((0, low), (0, high), (0, top), (1, bottom)))
    d.contour(data, ink, INK, least=0.5)


def glow(d: Drawing, at: At, radius: float, colour: str, strength: float = 0.8) -> None:
    """Draw light that fades away from a lamp."""
    paint = d.radial(
        at, radius, (0, colour, strength), (0.35, colour, strength * 0.4), (1, colour, 0)
    )
    d.ellipse(at, (radius, radius), paint)


def stars(d: Drawing, area: tuple[float, float, float, float], count: int, seed: int) -> None:
    """Sprinkle stars over an area (x0, y0, x1, y1); they are smaller towards its lower edge."""
    x0, y0, x1, y1 = area
    for index in range(count):
        x = x0 + (x1 - x0) * noise(seed + index * 2)
        share = noise(seed + index * 2 + 1000)
        y = y0 + (y1 - y0) * share
        size = (0.7 + 2.1 * noise(seed + index + 500) ** 4) * (1.1 - 0.5 * share)
        bright = 0.35 + 0.6 * noise(seed + index + 77)
        d.ellipse((x, y), (size, size), "#fff3d6", opacity=round(bright * (1 - 0.6 * share), 3))
        if size > 2.2:
            glow(d, (x, y), size * 7, "#ffe9bd", 0.35)


def planks(
    d: Drawing,
    area: tuple[float, float, float, float],
    rows: int,
    tones: tuple[str, str],
    seed: int = 0,
) -> None:
    """Draw a floor of boards that run towards us."""
    x0, y0, x1, y1 = area
    d.shape(box(x0, y0, x1 - x0, y1 - y0), d.linear((0, y0), (0, y1), (0, tones[0]), (1, tones[1])))
    middle = (x0 + x1) / 2
    for index in range(rows + 1):
        near = x0 - 600 + (x1 - x0 + 1200) * index / rows
        far = middle + (near - middle) * 0.55
        d.ink(points((far, y0), (near, y1)), 4, INK, brush(0, 0, 0.6), opacity=0.4)
        if index % 2:
            share = 0.25 + 0.5 * noise(seed + index)
            left = points((far + (near - far) * share, y0 + (y1 - y0) * share))[0]
            wide = (x1 - x0 + 1200) / rows * (0.55 + 0.45 * share)
            d.ink(points(left, left + (wide, 0)), 3.5, INK, brush(0.1, 0.1, 0.5), opacity=0.4)


def radio(d: Drawing, at: At, size: At, tones: tuple[str, str], dial: str = "#ffdf9a") -> None:
    """Draw an old radio: cabinet, cloth over the speaker, a lit dial, two knobs, an aerial."""
    (x, y), (w, h) = at, size
    d.shape(box(x + 6, y + h - 6, w, 16, 8), "#120a12", opacity=0.45, blur=6)
    d.ink(points((x + w * 0.82, y), (x + w * 1.02, y - h * 0.75)), 4, "#cbb79a", brush(0, 0, 1))
    block(d, box(x, y, w, h, h * 0.2), *tones)
    d.shape(box(x + w * 0.05, y + h * 0.06, w * 0.9, h * 0.08, 6), "#ffffff", opacity=0.22)
    cloth = box(x + w * 0.07, y + h * 0.2, w * 0.46, h * 0.64, h * 0.1)
    d.shape(cloth, d.linear((x, y), (x + w / 2, y + h), (0, "#d9b98a"), (1, "#a37f58")))
    clip = d.clip(cloth)
    for step in range(9):
        line = x + w * (0.08 + 0.052 * step)
        d.ink(
            points((line, y), (line, y + h)), 3, "#6e4c34", brush(0, 0, 1), opacity=0.6, clip=clip
        )
    d.contour(cloth, 4, INK, least=0.6)
    face = box(x + w * 0.59, y + h * 0.2, w * 0.34, h * 0.26, h * 0.06)
    glow(d, (x + w * 0.76, y + h * 0.33), w * 0.36, dial, 0.5)
    d.shape(face, d.linear((x, y), (x, y + h * 0.5), (0, "#fff3cf"), (1, dial)))
    d.ink(points((x + w * 0.7, y + h * 0.22), (x + w * 0.7, y + h * 0.44)), 4, "#c5533a")
    d.contour(face, 4, INK, least=0.6)
    for share in (0.66, 0.86):
        centre = (x + w * share, y + h * 0.66)
        d.ellipse(centre, (h * 0.12 + 3, h * 0.12 + 3), INK)
        d.ellipse(centre, (h * 0.12, h * 0.12), "#f0dfc0")
        d.ellipse((centre[0] - 3, centre[1] - 4), (h * 0.05, h * 0.04), "#ffffff", opacity=0.8)


def books(d: Drawing, x: float, y: float, width: float, height: float, seed: int) -> None:
    """Draw a row of books standing on a board at height `y`."""
    tones = ("#8c3b34", "#c9873c", "#2f5d63", "#3d4273", "#a8553f", "#6f7d4d", "#d9b67a")
    at, index = x, seed
    while at < x + width - 14:
        wide = 16 + 20 * noise(index)
        high = height * (0.7 + 0.3 * noise(index + 40))
        tone = tones[int(noise(index + 9) * len(tones)) % len(tones)]
        spine = box(at, y - high, wide, high, 3)
        d.shape(spine, tone)
        d.shape(box(at, y - high, wide * 0.3, high, 3), "#ffffff", opacity=0.14)
        d.shape(box(at + 3, y - high * 0.8, wide - 6, 5), "#f6dfae", opacity=0.7)
        d.contour(spine, 3.5, INK, least=0.6)
        at += wide + 1.5
        index += 1


def shelf(d: Drawing, x: float, y: float, width: float) -> None:
    """Draw a board on the wall with the shadow below it."""
    d.shape(box(x + 8, y + 16, width - 6, 26), "#120a12", opacity=0.35, blur=9)
    block(d, box(x, y, width, 18, 4), "#a8683c", "#74402a", 4.5)


def plant(d: Drawing, at: At, size: float, seed: int, tones: tuple[str, str]) -> None:
    """Draw a plant in a pot; `at` is the middle of the pot's foot."""
    x, y = at
    top = y - size * 0.42
    for index in range(11):
        lean = (index - 5) / 5
        tip = (
            x + lean * size * 0.75,
            top - size * (0.95 - 0.55 * abs(lean)) - 10 * noise(seed + index),
        )
        middle = (x + lean * size * 0.25, top - size * (0.6 - 0.1 * abs(lean)))
        leaf = _leaf(points((x + lean * 6, top + 4), middle, tip), size * 0.2)
        d.shape(leaf, d.linear((x, top), tip, (0, tones[1]), (1, tones[0])))
        d.contour(leaf, 3.5, INK, least=0.5)
    pot = (
        f"M{x - size * 0.3} {top} L{x + size * 0.3} {top} L{x + size * 0.22} {y}"
        f" L{x - size * 0.22} {y}Z"
    )
    block(d, pot, "#cf7350", "#8b3d30")
    block(d, box(x - size * 0.34, top - 6, size * 0.68, size * 0.13, 4), "#df8963", "#b25c42")


def _leaf(spine: Points, width: float) -> Points:
    line = spline(spine, steps=10)
    share = np.linspace(0, 1, len(line))
    half = width / 2 * np.sin(np.pi * share**0.8)[:, None]
    way = np.gradient(line, axis=0)
    way = way / np.hypot(*way.T)[:, None]
    normal = np.stack([way[:, 1], -way[:, 0]], axis=1)
    return np.vstack([line + normal * half, (line - normal * half)[::-1]])


def bulbs(d: Drawing, through: Points, count: int) -> None:
    """Hang a string of small lamps along a line."""
    line = spline(through, steps=24)
    d.ink(line, 4, INK, brush(0, 0, 1), opacity=0.8)
    for index in range(count):
        x, y = line[int((index + 0.5) / count * (len(line) - 1))]
        glow(d, (x, y + 16), 70, "#ffcf7a", 0.55)
        d.ellipse((x, y + 16), (8, 11), "#fff1c4")
        d.shape(box(x - 5, y + 1, 10, 8, 2), INK)


def jar(d: Drawing, x: float, y: float, size: float, inside: str) -> None:
    """Draw a jar standing at height `y`; `inside` is the colour of what it holds."""
    glass = box(x, y - size, size * 0.7, size, size * 0.14)
    d.shape(glass, "#e9f2ee", opacity=0.75)
    d.shape(box(x + 4, y - size * 0.62, size * 0.7 - 8, size * 0.6, size * 0.1), inside)
    d.shape(box(x + 8, y - size * 0.9, size * 0.1, size * 0.76, 4), "#ffffff", opacity=0.7)
    d.contour(glass, 4, INK, least=0.5)
    block(d, box(x - 3, y - size * 1.12, size * 0.7 + 6, size * 0.18, 4), "#d99a55", "#a0612f", 4)


def loaf(d: Drawing, at: At, size: At) -> None:
    """Draw a loaf that has not risen; `at` is its lower left corner."""
    (x, y), (w, h) = at, size
    d.ellipse((x + w / 2, y), (w * 0.55, 10), "#2a1210", opacity=0.4, blur=5)
    crust = (
        f"M{x} {y - h * 0.2} C{x} {y - h} {x + w * 0.2} {y - h} {x + w * 0.5} {y - h}"
        f" C{x + w * 0.8} {y - h} {x + w} {y - h} {x + w} {y - h * 0.2} C{x + w} {y}"
        f" {x + w * 0.9} {y} {x + w * 0.5} {y} C{x + w * 0.1} {y} {x} {y} {x} {y - h * 0.2}Z"
    )
    d.shape(crust, d.linear((x, y - h), (x, y), (0, "#f0b766"), (0.5, "#cf8238"), (1, "#8f4a22")))
    clip = d.clip(crust)
    for share in (0.25, 0.45, 0.65):
        cut = points(
            (x + w * share, y - h * 0.95),
            (x + w * (share + 0.08), y - h * 0.6),
            (x + w * (share + 0.06), y - h * 0.3),
        )
        d.ink(spline(cut), h * 0.16, "#fbe2b0", brush(0.4, 0.4), clip=clip)
    d.ellipse(
        (x + w * 0.3, y - h * 0.82), (w * 0.22, h * 0.1), "#ffffff", opacity=0.35, blur=4, clip=clip
    )
    d.contour(crust, 4.5, INK, least=0.5)


def silhouette(through: Points, floor: float = HEIGHT) -> str:
    """Return the area between a line and the lower edge of the picture."""
    first, last = through[0], through[-1]
    return path(np.vstack([through, [(last[0], floor)], [(first[0], floor)]]))
