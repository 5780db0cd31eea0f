"""The portrait: her head and shoulders before a sky, for lists and where WebGL lacks."""

from __future__ import annotations

from PIL import Image

from .character import Character
from .drawing import Drawing, Stop
from .open_rig import written
from .paint import Painter

SIZE = 512
_FRAME = (130, 60, 1070, 1000)
"""The part of the canvas that is shown, in px."""
_POSE = {
    "ParamAngleX": -9.0, "ParamAngleY": 3.0, "ParamAngleZ": 6.0, "ParamMouthForm": 0.8,
    "ParamMouthCorners": 0.5, "ParamEyeLSmile": 0.25, "ParamEyeRSmile": 0.25, "ParamCheek": 0.25,
    "ParamBrowLY": 0.3, "ParamBrowRY": 0.3,
}  # fmt: skip


def _sky(stops: tuple[Stop, ...]) -> Image.Image:
    side = _FRAME[2] - _FRAME[0]
    d = Drawing(side, side)
    paint = d.linear((0, 0), (side * 0.3, side), *stops)
    d.shape(f"M0 0 L{side} 0 L{side} {side} L0 {side}Z", paint)
    d.ellipse(
        (side * 0.5, side * 0.55),
        (side * 0.46, side * 0.46),
        d.radial((side * 0.5, side * 0.55), side * 0.46, (0, "#ffe6bf", 0.75), (1, "#ffe6bf", 0)),
    )
    return d.raster()


def portrait(character: Character) -> Image.Image:
    """Return the portrait as RGB pixels, SIZE px square."""
    painter = Painter(
        written(character.model, character.design.name, character.behaviour), character.page
    )
    picture = _sky(character.design.sky)
    picture.alpha_composite(painter.paint(_POSE).crop(_FRAME))
    small = picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
    return small.convert("RGB")
