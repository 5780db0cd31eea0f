"""A calm evening colour with soft lights, and a few small stars."""

from __future__ import annotations

from ..drawing import Drawing
from ..geometry import noise
from .props import glow, sheet, stars, wash


def far() -> Drawing:
    """Draw the colour and its lights."""
    d = sheet()
    wash(d, (0, "#2b2f63"), (0.4, "#6b5590"), (0.72, "#d38a86"), (1, "#f8cf9c"), end=(300, 1080))
    glow(d, (960, 620), 980, "#ffe0b4", 0.5)
    for index in range(30):
        side = -1 if index % 2 else 1
        x = 960 + side * (430 + 560 * noise(index))
        y = 120 + 900 * noise(index + 40)
        size = 26 + 92 * noise(index + 80) ** 2
        tone = ("#ffd9a0", "#f7a58a", "#c9a6e0")[index % 3]
        d.ellipse((x, y), (size, size), tone, opacity=0.12)
        d.ellipse((x, y), (size * 0.93, size * 0.93), tone, opacity=0.08)
    stars(d, (0, 0, 1920, 620), 150, 90)
    return d
