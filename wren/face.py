"""Draws the face without eyes and mouth: skin, nose, freckles, blush, tints of strong feelings."""

from __future__ import annotations

from .drawing import Drawing
from .geometry import brush, flatten, mirror, mirrored, noise
from .palette import Palette

_HALF = (
    "M600 286 C482 286 402 362 398 476 C396 536 399 578 410 614"
    " C424 660 478 704 540 728 C566 738 584 742 600 742"
)


def outline() -> str:
    """Return the face's outline as path data."""
    left = _HALF.removeprefix("M600 286 ")
    right = flatten(mirror(_HALF))[::-1]
    return f"M600 286 {left} L" + " ".join(f"{x:.2f} {y:.2f}" for x, y in right[1:]) + "Z"


def face(p: Palette, *, freckled: bool = True) -> Drawing:
    """Draw the skin with its shadows; the hair's shadow falls on the forehead."""
    d = Drawing()
    shape = outline()
    clip = d.clip(shape)
    d.shape(
        shape,
        d.linear((560, 300), (640, 745), (0, p.skin), (0.45, p.skin_light), (0.8, p.skin),
                 (1, p.skin_warm)),
    )  # fmt: skip
    # the far cheek and the jaw turn away from the light
    d.shape(
        "M790 470 C806 560 800 640 740 690 C690 728 640 742 600 744 C700 760 830 700 830 560Z",
        p.skin_shade, opacity=0.5, blur=14, clip=clip,
    )  # fmt: skip
    d.shape(
        "M396 500 C398 600 420 660 500 712 C440 700 380 640 380 540Z",
        p.skin_shade, opacity=0.3, blur=12, clip=clip,
    )  # fmt: skip
    # shadow of the fringe: a soft one, and a crisp one within it
    soft = (
        "M380 280 L820 280 L820 580 C808 556 800 530 796 506 C776 500 752 488 734 468 C706 468 680"
        " 450 662 428 C640 446 618 446 606 432 C588 464 552 470 530 460 C506 484 478 486 458 476"
        " C444 502 424 508 404 502 C402 530 398 560 396 580Z"
    )
    d.shape(soft, p.skin_shade, opacity=0.55, blur=9, clip=clip)
    d.shape(soft, p.skin_deep, opacity=0.28, blur=2.5, clip=clip)
    # warm cheeks and the light on them
    for side in (-1, 1):
        x = 600 + side * 126
        d.ellipse(
            (x, 628), (66, 40), d.radial((x, 628), 66, (0, p.blush, 0.34), (0.6, p.blush, 0.14),
                                         (1, p.blush, 0), flat=0.62), clip=clip,
        )  # fmt: skip
    d.ellipse((600, 700), (44, 16), p.skin_light, opacity=0.7, blur=7, clip=clip)
    if freckled:
        _freckles(p, d)
    # the outline is strongest along the jaw and fades into the hair
    left = flatten(_HALF)[24:]
    for line in (left, mirrored(left)):
        d.ink(line, 6.0, p.skin_ink, brush(0.5, 0.25, 0.35))
    return d


def _freckles(p: Palette, d: Drawing) -> None:
    for index in range(26):
        side = 1 if index % 2 else -1
        x = 600 + side * (44 + 96 * noise(index))
        y = 622 + 30 * noise(index + 50) + 8 * abs(noise(index) - 0.4)
        size = 2.1 + 1.5 * noise(index + 90)
        d.ellipse((x, y), (size, size * 0.85), p.freckle, opacity=0.35 + 0.35 * noise(index + 9))


def nose(p: Palette) -> Drawing:
    """Draw the nose: a small shadow, its edge, and a light."""
    d = Drawing()
    d.shape(
        "M600 628 C608 642 615 650 612 656 C604 662 594 661 590 656 C596 652 600 640 600 628Z",
        p.skin_shade,
        opacity=0.75,
        blur=2,
    )
    d.ink("M610 644 C616 652 614 658 602 659", 5, p.skin_ink, brush(0.6, 0.5))
    d.ellipse((597, 640), (5, 8), "#ffffff", opacity=0.75, blur=1.4, turn=-10)
    return d


def blush(p: Palette, side: int) -> Drawing:
    """Draw the red cheek of one side (-1 is the left on screen), hatched as in comics."""
    d = Drawing()
    x = 600 + side * 128
    d.ellipse(
        (x, 630), (86, 50),
        d.radial((x, 630), 86, (0, "#f4505c", 0.85), (0.5, p.blush, 0.55), (1, p.blush, 0),
                 flat=0.58),
    )  # fmt: skip
    for step in (-1, 0, 1):
        left = x + step * 30
        d.ink(f"M{left + 9} 612 L{left - 9} 646", 6.5, "#d63a4a", brush(0.4, 0.4), opacity=0.85)
    return d


def tint_fear(p: Palette) -> Drawing:
    """Draw the blue shade of dread over the upper face, with its lines."""
    d = Drawing()
    clip = d.clip(outline())
    d.shape(
        "M380 270 L820 270 L820 760 L380 760Z",
        d.linear((600, 330), (600, 700), (0, "#27306e", 0.95), (0.4, p.dread, 0.7),
                 (0.72, "#6a78c0", 0.4), (1, "#8f9ad6", 0.25)),
        clip=clip,
    )  # fmt: skip
    for index in range(9):
        x = 640 + index * 17
        top, length = 430, 130 + 70 * noise(index + 3)
        d.ink(
            f"M{x} {top} L{x - 3} {top + length:.1f}",
            5,
            "#1d2358",
            brush(0.1, 0.7),
            opacity=0.75,
            clip=clip,
        )
    return d


def tint_anger() -> Drawing:
    """Draw the red that rises into an angry face."""
    d = Drawing()
    clip = d.clip(outline())
    d.shape(
        "M380 270 L820 270 L820 760 L380 760Z",
        d.linear((600, 400), (600, 740), (0, "#e0352c", 0.72), (0.5, "#ec5340", 0.42),
                 (1, "#f07a5c", 0.12)),
        clip=clip,
    )  # fmt: skip
    return d


def tint_gloom() -> Drawing:
    """Draw the shade over the eyes of somebody sad."""
    d = Drawing()
    clip = d.clip(outline())
    d.shape(
        "M380 270 L820 270 L820 640 L380 640Z",
        d.linear((600, 380), (600, 640), (0, "#4b5a9a", 0.62), (0.6, "#7c88bd", 0.3),
                 (1, "#9aa4cf", 0)),
        clip=clip,
    )  # fmt: skip
    return d


def tint_flush(p: Palette) -> Drawing:
    """Draw the red that spreads from cheek to cheek over the nose of somebody shy."""
    d = Drawing()
    clip = d.clip(outline())
    d.ellipse(
        (600, 640), (250, 110),
        d.radial((600, 640), 250, (0, "#f25560", 0.62), (0.7, "#f4606a", 0.5), (1, p.blush, 0),
                 flat=0.44), clip=clip,
    )  # fmt: skip
    for step in range(5):
        x = 552 + step * 24
        d.ink(f"M{x + 7} 610 L{x - 7} 636", 5, "#d63a4a", brush(0.4, 0.4), opacity=0.7)
    return d
