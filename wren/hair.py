"""Draws Wren's hair: a chestnut bob with honey tips, and the tuft like a wren's tail."""

from __future__ import annotations

import numpy as np

from .drawing import Drawing
from .geometry import (
    Points,
    Profile,
    along,
    brush,
    lit_contour,
    noise,
    normals,
    path,
    points,
    ribbon,
    spline,
)
from .palette import Palette


def lock_profile(root: float = 0.55, peak: float = 0.4) -> Profile:
    """Return the width of a lock of hair: broad in the middle, a point at the tip."""

    def width(t: Points) -> Points:
        rise = root + (1 - root) * np.sin(np.clip(t / peak, 0, 1) * np.pi / 2)
        fall = np.cos(np.clip((t - peak) / (1 - peak), 0, 1) * np.pi / 2) ** 0.8
        found: Points = np.minimum(rise, 1) * fall
        return found

    return width


def lock(
    p: Palette,
    d: Drawing,
    spine: Points,
    width: float,
    *,
    tones: tuple[str, str, str] | None = None,
    root: float = 0.55,
    peak: float = 0.4,
    ink: float = 5.5,
    strands: int = 3,
    shine: float = 0.0,
    seed: int = 0,
) -> None:
    """Draw one lock along a spine from its root to its tip."""
    line = spline(spine, steps=14)
    profile = lock_profile(root, peak)
    outline = ribbon(line, width, profile)
    clip = d.clip(path(outline))
    deep, middle, tip = tones or (p.hair_dark, p.hair, p.hair_tip)
    d.shape(
        outline,
        d.linear(tuple(line[0]), tuple(line[-1]), (0, deep), (0.3, middle), (0.6, middle),
                 (0.76, p.hair_light), (0.9, tip), (1, tip)),
    )  # fmt: skip
    half = width / 2 * profile(along(line))[:, None]
    normal = normals(line)
    # the side away from the light is darker, the other one catches it
    away = normal * np.sign(normal @ np.asarray([0.5, 0.4]))[:, None]
    dark = np.vstack([line + away * half * 1.1, (line + away * half * 0.3)[::-1]])
    d.shape(dark, p.hair_deep, opacity=0.3, blur=9, clip=clip)
    d.shape(
        np.vstack([line + away * half * 1.1, (line + away * half * 0.55)[::-1]]),
        p.hair_deep,
        opacity=0.4,
        blur=1.2,
        clip=clip,
    )
    light = np.vstack([line - away * half * 0.88, (line - away * half * 0.6)[::-1]])
    d.shape(light, p.hair_shine, opacity=0.38, blur=2, clip=clip)
    for index in range(strands):
        offset = (index + 1) / (strands + 1) * 1.5 - 0.75 + 0.2 * (noise(seed + index) - 0.5)
        start, stop = 0.05 + 0.2 * noise(seed + index + 7), 0.8 + 0.2 * noise(seed + index + 13)
        part = slice(int(start * len(line)), int(stop * len(line)))
        strand = (line + normal * half * offset)[part]
        d.ink(strand, 3.2, p.hair_deep, brush(0.4, 0.6), opacity=0.5)
    if shine:
        for number, (offset, broad, long) in enumerate(
            ((-0.62, 0.1, 0.07), (-0.3, 0.3, 0.15), (0.1, 0.2, 0.11), (0.42, 0.13, 0.08))
        ):
            middle_at = shine + 0.04 * (noise(seed + number * 3) - 0.5)
            at = slice(int((middle_at - long) * len(line)), int((middle_at + long) * len(line)))
            gleam = (line + normal * half * offset)[at]
            d.ink(
                gleam,
                width * broad * 1.25,
                p.hair_shine,
                brush(0.5, 0.5),
                opacity=0.35,
                blur=2.5,
                clip=clip,
            )
            d.ink(
                gleam, width * broad * 0.8, p.hair_gleam, brush(0.5, 0.5), opacity=0.62, clip=clip
            )
    d.shape(_open_contour(line, half, normal, ink), p.ink)


def _open_contour(line: Points, half: Points, normal: Points, ink: float) -> str:
    """Return the edges of a lock as tapered lines that meet at its tip and fade at its root."""
    share = along(line)
    pressure = np.clip((share - 0.1) / 0.5, 0, 1) * (1 - 0.45 * np.clip((share - 0.8) / 0.2, 0, 1))
    out = []
    for side, weight in ((1, 1.0), (-1, 0.75)):
        edge = line + normal * half * side
        thick = (ink / 2 * weight * pressure)[:, None]
        out.append(path(np.vstack([edge + normal * thick, (edge - normal * thick)[::-1]])))
    return "".join(out)


_BACK = points(
    (600, 196), (490, 206), (404, 262), (352, 360), (334, 480), (318, 590), (304, 690),
    (318, 762), (420, 800), (520, 812), (600, 816),
)  # fmt: skip


def back(p: Palette) -> Drawing:
    """Draw the hair behind the head, down to the neck."""
    d = Drawing()
    left = spline(_BACK)
    outline = np.vstack([left, (left * (-1, 1) + (1200, 0))[::-1][1:]])
    d.shape(
        outline,
        d.linear((600, 150), (600, 820), (0, p.hair_dark), (0.5, p.hair_deep), (0.85, p.hair_low),
                 (1, p.hair_dark)),
    )  # fmt: skip
    d.shape(lit_contour(outline, 8, 0.6), p.ink, even_odd=True)
    tones = (p.hair_deep, p.hair_dark, p.hair_light)
    for index, (x, tip_x, tip_y, width) in enumerate(
        (
            (470, 500, 838, 104), (730, 700, 838, 104), (540, 566, 832, 90), (660, 634, 832, 90),
            (400, 436, 842, 112), (800, 764, 842, 112), (352, 352, 838, 104), (848, 848, 838, 104),
            (334, 262, 800, 96), (866, 938, 800, 96),
        )
    ):  # fmt: skip
        lean = (tip_x - x) * 0.4
        spine = points(
            (x, 470), (x - lean * 0.5 - 8, 600), (x - lean * 0.6, 700), (tip_x - lean * 0.4, 785),
            (tip_x, tip_y),
        )  # fmt: skip
        lock(p, d, spine, width, tones=tones, root=0.6, peak=0.55, seed=index * 11)
    return d


def side(p: Palette, mirror: bool) -> Drawing:
    """Draw the locks that frame the face on one side; they reach the neck and turn out."""
    d = Drawing()
    rows = (
        ((376, 300), (334, 420), (312, 540), (318, 650), (290, 742), (228, 770), 92),
        ((384, 300), (344, 430), (330, 560), (334, 680), (310, 780), (262, 826), 104),
        ((398, 320), (360, 440), (352, 570), (356, 690), (356, 780), (396, 836), 96),
        ((420, 330), (388, 430), (374, 530), (388, 620), (404, 700), (384, 770), 70),
    )
    for index, (*spine, width) in enumerate(rows):
        line = points(*spine)
        if mirror:
            line = line * (-1, 1) + (1200, 0)
            line[3:, 1] += (8, -14, 8, -10)[index]
        lock(
            p,
            d,
            line,
            float(width),
            root=0.35,
            peak=0.5,
            seed=70 + index * 5 + 40 * mirror,
            shine=0.34,
        )
    return d


_CAP = points(
    (352, 470), (330, 400), (338, 310), (384, 222), (466, 164), (560, 140), (640, 140), (734, 164),
    (816, 222), (862, 310), (870, 400), (848, 470), (810, 410), (756, 350), (700, 300), (645, 276),
    (570, 300), (480, 350), (400, 410),
)  # fmt: skip

_FRINGE: tuple[tuple[tuple[tuple[float, float], ...], float], ...] = (
    (((656, 176), (690, 250), (694, 310), (672, 350), (632, 392)), 92),
    (((690, 180), (806, 250), (850, 360), (842, 470), (868, 568)), 84),
    (((630, 172), (452, 216), (362, 330), (356, 450), (326, 560)), 92),
    (((680, 182), (784, 260), (824, 360), (820, 440), (786, 500)), 104),
    (((634, 174), (480, 232), (400, 330), (378, 420), (402, 498)), 112),
    (((668, 180), (748, 260), (786, 350), (776, 410), (728, 462)), 112),
    (((638, 176), (516, 244), (446, 330), (424, 400), (456, 470)), 116),
    (((642, 178), (560, 250), (504, 330), (488, 386), (528, 452)), 112),
    (((660, 180), (708, 256), (732, 320), (716, 372), (672, 420)), 98),
    (((648, 178), (624, 250), (590, 310), (584, 362), (622, 434)), 104),
    (((630, 176), (470, 236), (394, 330), (376, 420), (424, 520)), 34),
    (((640, 178), (548, 256), (480, 340), (470, 410), (508, 474)), 32),
    (((652, 178), (650, 250), (638, 320), (640, 380), (664, 446)), 30),
    (((672, 180), (752, 262), (784, 350), (780, 430), (744, 494)), 34),
)


def front(p: Palette) -> Drawing:
    """Draw the crown and the fringe."""
    parting = "M652 150 C656 170 658 190 650 226"
    return crown(p, _CAP, _FRINGE, root=0.32, peak=0.47, shine=0.46, seed=200, parting=parting)


def crown(
    p: Palette,
    outline: Points,
    fringe: tuple[tuple[tuple[tuple[float, float], ...], float], ...],
    *,
    root: float,
    peak: float,
    shine: float,
    seed: int,
    parting: str,
) -> Drawing:
    """Draw a crown, whose first eleven stretches of the outline are its edge, with a fringe."""
    d = Drawing()
    cap = spline(outline, closed=True)
    d.shape(
        cap,
        d.linear((560, 140), (620, 480), (0, p.hair), (0.3, p.hair_light), (0.55, p.hair),
                 (1, p.hair_dark)),
    )  # fmt: skip
    edge = spline(outline)[: 11 * 10 + 1]
    d.ink(edge, 8, p.ink, brush(0.06, 0.06, 0.5))
    tones = (p.hair, p.hair, p.hair_tip)
    for index, (spine, width) in enumerate(fringe):
        lock(
            p,
            d,
            points(*spine),
            width,
            tones=tones,
            root=root,
            peak=peak,
            seed=seed + index * 9,
            strands=2,
            shine=shine,
        )
    clip = d.clip(path(cap))
    # light from behind along the right edge, and above on the crown
    d.ink(edge[58:] + (-9, 4), 15, p.hair_rim, brush(0.4, 0.5), opacity=0.6, blur=3.5, clip=clip)
    d.ink(edge[20:50] + (6, 12), 12, p.hair_rim, brush(0.5, 0.5), opacity=0.35, blur=4, clip=clip)
    d.ink(parting, 5, p.hair_deep, brush(0.2, 0.7))
    return d


def tuft(p: Palette) -> Drawing:
    """Draw the tuft on the crown: three feathers with the bars of a wren's tail."""
    d = Drawing()
    feathers = (
        (((618, 190), (640, 120), (684, 76), (742, 62)), 46.0),
        (((588, 190), (580, 120), (596, 60), (634, 20)), 50.0),
        (((604, 190), (612, 120), (640, 64), (690, 28)), 58.0),
    )
    for spine, width in feathers:
        line = spline(points(*spine), steps=14)
        profile = lock_profile(0.6, 0.6)
        outline = ribbon(line, width, profile)
        clip = d.clip(path(outline))
        d.shape(
            outline,
            d.linear(tuple(line[0]), tuple(line[-1]), (0, p.hair_dark), (0.4, p.hair),
                     (0.75, p.hair_light), (1, p.hair_tip)),
        )  # fmt: skip
        normal = normals(line)
        for bar in range(5):
            at = int((0.34 + 0.12 * bar) * len(line))
            across = np.stack([line[at] - normal[at] * width, line[at] + normal[at] * width])
            bend = (across[0] + across[1]) / 2 + (line[min(at + 5, len(line) - 1)] - line[at])
            d.ink(
                spline(np.stack([across[0], bend, across[1]])),
                6,
                p.hair_deep,
                brush(0.3, 0.3),
                opacity=0.6,
                clip=clip,
            )
        d.ink(line[4:-6], 3.4, p.hair_deep, brush(0.2, 0.7), opacity=0.8)
        d.ink(line[10:-8] + (-6, -2), 5, p.hair_shine, brush(0.4, 0.6), opacity=0.6, clip=clip)
        half = width / 2 * profile(along(line))[:, None]
        d.shape(_open_contour(line, half, normal, 6), p.ink)
    return d


def clip(p: Palette) -> Drawing:
    """Draw the hair clip: a star on the foot of a small aerial."""
    d = Drawing()
    star = star_outline((806, 352), 46, 21, -12)
    d.ink("M806 352 C846 300 872 262 886 214", 9, p.ink, brush(0, 0, 1))
    d.ink("M806 352 C846 300 872 262 886 214", 4.5, p.cup, brush(0, 0, 1))
    d.ellipse((888, 206), (15, 15), p.ink)
    d.ellipse((888, 206), (11, 11), p.accent)
    d.ellipse((884, 202), (4, 4), "#ffffff", opacity=0.85)
    d.shape(
        star,
        d.linear((780, 310), (836, 396), (0, p.charm_light), (0.5, p.charm), (1, p.charm_shade)),
    )
    d.shape(star_outline((803, 349), 30, 13, -12), p.charm_light, opacity=0.55)
    d.contour(star, 6.5, p.ink, least=0.6)
    return d


def star_outline(centre: tuple[float, float], outer: float, inner: float, turn: float) -> Points:
    """Return a five-pointed star with slightly rounded arms."""
    angles = np.radians(turn - 90 + 36 * np.arange(10))
    radii = np.where(np.arange(10) % 2 == 0, outer, inner)
    corners = np.stack([np.cos(angles), np.sin(angles)], axis=1) * radii[:, None] + centre
    soft = []
    for before, corner, after in zip(
        np.roll(corners, 1, 0), corners, np.roll(corners, -1, 0), strict=True
    ):
        near, far = corner + (before - corner) * 0.22, corner + (after - corner) * 0.22
        t = np.linspace(0, 1, 5)[:, None]
        soft.append((1 - t) ** 2 * near + 2 * t * (1 - t) * corner + t**2 * far)
    return np.vstack(soft)
