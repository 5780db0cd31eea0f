"""Packs the drawn layers into one texture page and remembers where each one lies."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

PAGE = 2048
"""Width and height of the page in px."""
_GAP = 8
_FRINGE = 4
"""Stretched pictures are continued by this many px, so that no edge of theirs shines through."""


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
        self._whole: set[str] = set()
        self.slots: dict[str, Slot] = {}

    def add(self, name: str, picture: Image.Image, zoom: float = 1.0) -> None:
        """Add a layer drawn at `zoom`; what is transparent around it is cut off."""
        box = picture.getchannel("A").point(lambda a: 255 if a > 1 else 0).getbbox()
        if box is None:
            raise ValueError(f"nothing is drawn in {name}")
        left, top = max(0, box[0] - 1), max(0, box[1] - 1)
        right, bottom = min(picture.width, box[2] + 1), min(picture.height, box[3] + 1)
        picture = picture.crop((left, top, right, bottom))
        self._pictures[name] = (picture, left / zoom, top / zoom, zoom)

    def add_whole(self, name: str, picture: Image.Image) -> None:
        """Add a picture that the rig will stretch; its edges are continued beyond it."""
        pixels = np.asarray(picture)
        around = ((_FRINGE, _FRINGE), (_FRINGE, _FRINGE), (0, 0))
        self._pictures[name] = (Image.fromarray(np.pad(pixels, around, mode="edge")), 0, 0, 1)
        self._whole.add(name)

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
            slot = Slot(x, y, *size, left, top, zoom, alpha)
            self.slots[name] = _inside(slot) if name in self._whole else slot
            x += picture.width + _GAP
            shelf = max(shelf, picture.height)
        return page


def _inside(slot: Slot) -> Slot:
    """Return the part of a packed picture without its continued edges."""
    return replace(
        slot,
        x=slot.x + _FRINGE,
        y=slot.y + _FRINGE,
        width=slot.width - 2 * _FRINGE,
        height=slot.height - 2 * _FRINGE,
    )
