"""Packs the drawn layers into one texture page and remembers where each one lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

PAGE = 2048
"""Width and height of the page in px."""
_GAP = 4


@dataclass(frozen=True)
class Slot:
    """A packed picture: its corner on the page, and where its corner lies on the canvas."""

    x: int
    y: int
    width: int
    height: int
    left: float
    top: float
    zoom: float
    alpha: NDArray[np.uint8]

    def uv(self, local: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return page coordinates (0..1) of points given in px of the packed picture."""
        found: NDArray[np.float64] = (local + (self.x, self.y)) / PAGE
        return found


class Atlas:
    """Pictures by name, packed by shelves, highest first."""

    def __init__(self) -> None:
        self._pictures: dict[str, tuple[Image.Image, float, float, float]] = {}
        self.slots: dict[str, Slot] = {}

    def add(self, name: str, picture: Image.Image, zoom: float = 1.0, *, crop: bool = True) -> None:
        """Add a layer drawn at `zoom`; what is transparent around it is cut off."""
        left = top = 0
        if crop:
            box = picture.getchannel("A").point(lambda a: 255 if a > 1 else 0).getbbox()
            if box is None:
                raise ValueError(f"nothing is drawn in {name}")
            left, top = max(0, box[0] - 1), max(0, box[1] - 1)
            right, bottom = min(picture.width, box[2] + 1), min(picture.height, box[3] + 1)
            picture = picture.crop((left, top, right, bottom))
        self._pictures[name] = (picture, left / zoom, top / zoom, zoom)

    def pack(self) -> Image.Image:
        """Place all pictures and return the page."""
        page = Image.new("RGBA", (PAGE, PAGE))
        x = y = _GAP
        shelf = 0
        order = sorted(self._pictures.items(), key=lambda item: (-item[1][0].height, item[0]))
        for name, (picture, left, top, zoom) in order:
            if x + picture.width + _GAP > PAGE:
                x, y, shelf = _GAP, y + shelf + _GAP, 0
            if y + picture.height + _GAP > PAGE:
                raise ValueError(f"the texture page is full: no room for {name}")
            page.paste(picture, (x, y))
            alpha = np.asarray(picture.getchannel("A"))
            size = picture.width, picture.height
            self.slots[name] = Slot(x, y, *size, left, top, zoom, alpha)
            x += picture.width + _GAP
            shelf = max(shelf, picture.height)
        return page
