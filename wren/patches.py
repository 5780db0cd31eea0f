"""Draws the small textures of what is shaped by the rig itself: eyes, brows, mouth, lines."""

from __future__ import annotations

from math import cos, pi, sin

from .drawing import Drawing
from .geometry import brush
from .hair import star_outline
from .palette import Palette


def _box(x0: float, y0: float, x1: float, y1: float) -> str:
    return f"M{x0} {y0} L{x1} {y0} L{x1} {y1} L{x0} {y1}Z"


def band(first: str, second: str, height: int = 12) -> Drawing:
    """Draw a stroke's texture: even colour with soft long edges; the mesh gives it its shape.

    Its height in px should be near the stroke's, so that the edges stay soft without shimmering.
    """
    d = Drawing(96, height)
    paint = d.linear((0, 0), (96, 0), (0, first), (1, second))
    d.shape(_box(0, 2, 96, height - 2), paint)
    return d


def eye_white(p: Palette) -> Drawing:
    """Draw the white of an eye, shaded by the lid above."""
    d = Drawing(48, 128)
    d.shape(
        _box(0, 3, 48, 125),
        d.linear(
            (0, 0),
            (0, 128),
            (0, "#b39aa8"),
            (0.2, p.eye_shade),
            (0.42, p.eye_white),
            (1, "#ffffff"),
        ),
    )
    return d


def iris(p: Palette) -> Drawing:
    """Draw an iris: dark rim, fibres, a glow below, reflected light at the edge."""
    d = Drawing(200, 240)
    centre = (100, 120)
    d.ellipse(centre, (94, 114), p.iris_rim)
    whole = d.clip(
        "M6 120 C6 57 48 6 100 6 C152 6 194 57 194 120 C194 183 152 234 100 234 C48 234"
        " 6 183 6 120Z"
    )
    d.ellipse(
        centre,
        (86, 106),
        d.linear(
            (0, 14),
            (0, 226),
            (0, p.iris_top),
            (0.34, p.iris_dark),
            (0.66, p.iris),
            (1, p.iris_light),
        ),
    )
    d.ellipse(
        (100, 196),
        (70, 52),
        d.radial(
            (100, 196),
            70,
            (0, p.iris_glow, 1),
            (0.5, p.iris_warm, 0.8),
            (1, p.iris_light, 0),
            flat=0.74,
        ),
        clip=whole,
    )
    for step in range(30):
        turn = pi * (0.04 + 0.92 * step / 29)
        inner, outer = 46 + 6 * (step % 3), 82 - 7 * (step % 2)
        x, y = cos(turn), sin(turn)
        d.ink(
            f"M{100 + inner * x:.1f} {126 + inner * 1.18 * y:.1f} L{100 + outer * x:.1f}"
            f" {122 + outer * 1.22 * y:.1f}",
            4,
            p.fibre_light if step % 2 else p.fibre_dark,
            brush(0.3, 0.7),
            opacity=0.5,
            clip=whole,
        )
    d.ellipse((100, 122), (40, 52), d.linear((0, 70), (0, 174), (0, p.pupil), (1, p.pupil_low)))
    # the lid's shadow
    d.shape("M0 0 L200 0 L200 88 C160 66 40 66 0 88Z", "#240b10", opacity=0.62, blur=9, clip=whole)
    # sky light along the upper edge, warm light along the lower one
    d.ink("M28 92 C40 46 70 26 104 24", 9, "#b9a3e8", brush(0.5, 0.5), opacity=0.7, clip=whole)
    d.ink("M44 186 C66 222 134 222 156 186", 9, "#fff6cf", brush(0.5, 0.5), opacity=0.9, clip=whole)
    return d


def shine() -> Drawing:
    """Draw the two highlights on an eye."""
    d = Drawing(200, 240)
    d.ellipse((68, 76), (30, 36), "#ffffff", turn=-18)
    d.ellipse((138, 176), (15, 18), "#ffffff", opacity=0.92)
    d.ellipse((126, 66), (8, 9), "#ffffff", opacity=0.8)
    return d


def sparkle() -> Drawing:
    """Draw the highlights of a delighted eye: stars."""
    d = Drawing(200, 240)
    d.shape(star_outline((88, 98), 70, 30, -8), "#ffffff")
    d.ellipse((146, 176), (20, 23), "#fff6cf")
    d.ellipse((60, 186), (11, 12), "#ffffff", opacity=0.9)
    return d


def mouth(p: Palette) -> Drawing:
    """Draw the dark of the mouth."""
    d = Drawing(64, 96)
    d.shape(_box(0, 0, 64, 96), d.linear((0, 0), (0, 96), (0, p.mouth_dark), (1, p.mouth)))
    return d


def teeth(p: Palette) -> Drawing:
    """Draw the upper row of teeth as one soft shape."""
    d = Drawing(128, 48)
    d.shape(
        "M0 0 L128 0 L128 22 C110 44 90 46 64 46 C38 46 18 44 0 22Z",
        d.linear((0, 0), (0, 48), (0, p.tooth_shade), (0.4, p.tooth), (1, p.tooth)),
    )
    return d


def tongue(p: Palette) -> Drawing:
    """Draw the tongue."""
    d = Drawing(128, 96)
    d.ellipse((64, 62), (60, 56), d.linear((0, 6), (0, 96), (0, p.tongue_light), (0.5, p.tongue)))
    d.ink("M64 24 C65 40 65 54 64 70", 6, "#c2505c", brush(0.3, 0.6), opacity=0.7)
    return d


def gritted(p: Palette) -> Drawing:
    """Draw clenched teeth, both rows."""
    d = Drawing(192, 96)
    d.shape(
        _box(0, 0, 192, 96),
        d.linear(
            (0, 0), (0, 96), (0, p.tooth_shade), (0.25, p.tooth), (0.8, p.tooth), (1, p.tooth_shade)
        ),
    )
    d.ink("M0 50 C60 46 130 46 192 50", 7, p.ink, brush(0, 0, 1))
    for x in (32, 64, 96, 128, 160):
        d.ink(f"M{x} 0 L{x} 96", 5, p.ink, brush(0, 0, 1))
    return d
