"""Draws neck, top, cardigan and the headphones round the neck."""

from __future__ import annotations

import numpy as np

from . import palette as p
from .drawing import Drawing
from .geometry import brush, flatten, mirror, mirrored, noise
from .hair import star_outline


def neck() -> Drawing:
    """Draw the neck with the chin's shadow, and the skin above the top's collar."""
    d = Drawing()
    shape = (
        "M548 640 C550 720 552 770 544 806 C530 836 480 852 430 866 L470 940 L600 980 L730 940 L770"
        " 866 C720 852 670 836 656 806 C648 770 650 720 652 640Z"
    )
    clip = d.clip(shape)
    d.shape(shape, d.linear((600, 690), (600, 960), (0, p.SKIN_SHADE), (0.4, p.SKIN_WARM),
                            (1, p.SKIN)))  # fmt: skip
    d.shape("M530 640 L670 640 L668 770 C640 806 570 812 536 768Z", p.SKIN_DEEP, opacity=0.6,
            blur=5, clip=clip)  # fmt: skip
    d.shape("M530 640 L670 640 L668 742 C640 776 566 778 536 742Z", p.SKIN_DEEP, opacity=0.55,
            clip=clip, blur=1.5)  # fmt: skip
    left = flatten("M549 660 C551 730 552 770 544 806 C534 830 500 846 462 858")
    for line in (left, mirrored(left)):
        d.ink(line, 6, p.SKIN_INK, brush(0.2, 0.4))
    for data in ("M566 872 C580 878 590 886 594 900", mirror("M566 872 C580 878 590 886 594 900")):
        d.ink(data, 4.5, p.SKIN_DEEP, brush(0.4, 0.5))
    return d


_TOP = (
    "M470 850 C500 900 550 926 600 928 C650 926 700 900 730 850 L790 872 C800 1000 790 1120 772 1240"
    " C764 1330 780 1440 800 1604 L400 1604 C420 1440 436 1330 428 1240 C410 1120 400 1000 410 872Z"
)
_CARDIGAN = (
    "M466 842 C430 858 396 868 372 892 C352 914 348 960 356 1010 C372 1100 408 1180 412 1260"
    " C414 1380 388 1480 372 1604 L520 1604 C526 1460 520 1330 512 1240 C504 1120 496 980 470 880Z"
)


def top() -> Drawing:
    """Draw the navy top with its stars."""
    d = Drawing()
    clip = d.clip(_TOP)
    d.shape(_TOP, d.linear((480, 860), (700, 1600), (0, p.NAVY_LIGHT), (0.35, p.NAVY),
                           (1, p.NAVY_SHADE)))  # fmt: skip
    # the form: light on the chest, shade under it and at the waist
    d.ellipse((560, 1050), (120, 90), p.NAVY_LIGHT, opacity=0.55, blur=30, clip=clip)
    d.shape("M480 1130 C540 1170 660 1170 720 1130 C716 1180 690 1220 600 1222 C510 1220 484 1180"
            " 480 1130Z", "#0d1029", opacity=0.5, blur=16, clip=clip)  # fmt: skip
    for data in ("M520 1180 C540 1240 548 1290 540 1350", "M676 1170 C662 1240 660 1300 668 1370",
                 "M590 1220 C600 1290 596 1360 604 1440"):  # fmt: skip
        d.ink(data, 13, "#0d1029", brush(0.5, 0.6), opacity=0.5, blur=2)
    for index in range(34):
        x, y = 440 + 320 * noise(index * 2), 960 + 620 * noise(index * 2 + 31)
        if index % 3 == 0:
            d.shape(star_outline((x, y), 11, 4.6, 40 * noise(index)), p.STAR, opacity=0.95)
        else:
            size = 1.8 + 2.6 * noise(index + 77)
            d.ellipse((x, y), (size, size), p.STAR, opacity=0.55 + 0.4 * noise(index + 5))
    # the collar
    collar = ("M470 850 C500 900 550 926 600 928 C650 926 700 900 730 850 L742 866 C712 922 656 950"
              " 600 952 C544 950 488 922 458 866Z")  # fmt: skip
    d.shape(collar, d.linear((500, 860), (680, 950), (0, p.NAVY_LIGHT), (1, p.NAVY)))
    d.contour(collar, 6, p.INK)
    d.contour(_TOP, 7, p.INK)
    return d


def cardigan() -> Drawing:
    """Draw both halves of the open cardigan."""
    d = Drawing()
    for data in (_CARDIGAN, mirror(_CARDIGAN)):
        right = data is not _CARDIGAN
        clip = d.clip(data)
        start, end = ((360, 860), (520, 1600)) if not right else ((690, 860), (860, 1600))
        d.shape(data, d.linear(start, end, (0, p.MUSTARD_LIGHT), (0.4, p.MUSTARD),
                               (1, p.MUSTARD_SHADE)))  # fmt: skip
        flip = mirror if right else str
        d.shape(flip("M356 960 C380 1100 430 1180 424 1300 C424 1420 404 1500 392 1604 L340 1604 L330"
                     " 960Z"), p.MUSTARD_SHADE, opacity=0.75, blur=10, clip=clip)  # fmt: skip
        for fold in ("M400 930 C430 1020 452 1090 450 1160", "M420 1230 C450 1300 458 1380 446 1470",
                     "M470 1020 C482 1090 486 1150 482 1210", "M430 1400 C440 1460 438 1520 426 1590"):  # fmt: skip
            d.ink(flip(fold), 14, p.MUSTARD_DEEP, brush(0.4, 0.6), opacity=0.45, blur=2, clip=clip)
        # the ribbed edge
        edge = flatten(flip("M470 862 C496 980 504 1120 512 1240 C520 1330 526 1460 520 1604"))
        inner = edge + ((-34, 0) if not right else (34, 0))

        band = np.vstack([edge, inner[::-1]])
        d.shape(band, d.linear((0, 860), (0, 1600), (0, "#f1b854"), (1, "#c4802a")), clip=clip)
        for step in range(0, 62):
            y = 872 + step * 12
            row = int((y - 862) / (1604 - 862) * (len(edge) - 1))
            line = np.stack([edge[row], inner[row] + (0, 3)])
            d.ink(line, 3, p.MUSTARD_DEEP, brush(0.3, 0.3), opacity=0.5, clip=clip)
        d.ink(inner, 4.5, p.MUSTARD_DEEP, brush(0.1, 0.1, 0.5), opacity=0.8, clip=clip)
        for y in (1130, 1290, 1450):
            if right:
                row = int((y - 862) / (1604 - 862) * (len(edge) - 1))
                x = float(edge[row][0]) + 17
                d.ellipse((x, y), (13, 13), p.INK)
                d.ellipse((x, y), (10, 10), p.CREAM)
                d.ellipse((x - 3, y - 3), (4, 4), "#ffffff")
                d.ellipse((x, y), (2.4, 2.4), p.INK)
        d.contour(data, 7.5, p.INK)
    return d


def headband() -> Drawing:
    """Draw the part of the headphones that runs behind the neck."""
    d = Drawing()
    line = flatten("M452 880 C440 800 520 770 600 770 C680 770 760 800 748 880")
    d.ink(line, 40, p.INK, brush(0, 0, 1))
    d.ink(line, 29, p.RUST_SHADE, brush(0, 0, 1))
    d.ink(line + (0, -5), 9, p.RUST, brush(0.2, 0.2), opacity=0.8)
    return d


def headphones() -> Drawing:
    """Draw the two cups that rest on the collar bones."""
    d = Drawing()
    for x, turn in ((456, 24), (744, -24)):
        y = 902
        sign = 1 if x < 600 else -1
        d.ellipse((x + 8 * sign, y + 12), (64, 74), "#1a0d16", opacity=0.4, blur=8, turn=turn)
        d.ellipse((x + 12 * sign, y), (52, 70), p.INK, turn=turn)
        d.ellipse((x + 12 * sign, y), (47, 65), p.RUST_SHADE, turn=turn)
        d.ellipse((x, y), (56, 70), p.INK, turn=turn)
        d.ellipse((x, y), (51, 65), d.linear((x - 40, y - 50), (x + 40, y + 60), (0, "#fffaf0"),
                                             (0.5, p.CREAM), (1, p.CREAM_SHADE)), turn=turn)  # fmt: skip
        d.ellipse((x, y), (35, 47), p.INK, turn=turn)
        d.ellipse((x, y), (32, 44), d.linear((x - 30, y - 40), (x + 30, y + 40), (0, p.RUST_LIGHT),
                                             (0.5, p.RUST), (1, p.RUST_SHADE)), turn=turn)  # fmt: skip
        d.shape(star_outline((x, y + 2), 24, 11, turn), p.STAR)
        d.ellipse((x - 18, y - 34), (11, 18), "#ffffff", opacity=0.75, blur=2, turn=turn + 24)
    return d
