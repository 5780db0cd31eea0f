"""Contact sheets to look at: expressions large and as thumbnails, poses, vowels, motions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from PIL import Image, ImageDraw

from .character import Character
from .expressions import applied
from .motions import at
from .open_rig import written
from .paint import Painter

_PAPER = "#c9cfdf"
Pose = Mapping[str, float]

VOWELS: dict[str, dict[str, float]] = {
    "closed": {},
    "A": {"ParamMouthOpenY": 1.0},
    "I": {"ParamMouthOpenY": 0.32, "ParamMouthForm": 1.0},
    "U": {"ParamMouthOpenY": 0.2, "ParamMouthRound": 1.0},
    "E": {"ParamMouthOpenY": 0.58, "ParamMouthForm": 0.6},
    "O": {"ParamMouthOpenY": 0.65, "ParamMouthRound": 1.0},
}
"""The mouth shapes of speech."""

POSES: dict[str, dict[str, float]] = {
    "rest": {},
    "X-30": {"ParamAngleX": -30},
    "X+30": {"ParamAngleX": 30},
    "Y-30": {"ParamAngleY": -30},
    "Y+30": {"ParamAngleY": 30},
    "X-30 Y+30": {"ParamAngleX": -30, "ParamAngleY": 30},
    "X+30 Y-30 Z+30": {"ParamAngleX": 30, "ParamAngleY": -30, "ParamAngleZ": 30},
    "X-30 Y-30 Z-30": {"ParamAngleX": -30, "ParamAngleY": -30, "ParamAngleZ": -30},
    "Z+30": {"ParamAngleZ": 30},
    "body X+10 Z+10": {"ParamBodyAngleX": 10, "ParamBodyAngleZ": 10, "ParamBreath": 1},
    "body X-10 Y-10": {"ParamBodyAngleX": -10, "ParamBodyAngleY": -10},
    "hair": {f"Param{name}": 1.0 for name in
             ("HairFront", "HairSide", "HairBack", "Tuft", "Aerial", "Clothes")},
    "shut": {"ParamEyeLOpen": 0, "ParamEyeROpen": 0},
    "half": {"ParamEyeLOpen": 0.5, "ParamEyeROpen": 0.5},
    "shut smile": {"ParamEyeLOpen": 0, "ParamEyeROpen": 0, "ParamEyeLSmile": 1,
                   "ParamEyeRSmile": 1},
    "look left": {"ParamEyeBallX": -1, "ParamEyeBallY": 0.6},
    "wave": {"ParamArmRA": 38, "ParamArmRB": 140, "ParamHandR": 1},
    "arms out": {"ParamArmRA": 60, "ParamArmLA": 60},
}  # fmt: skip


def _sheet(
    painter: Painter,
    poses: Iterable[tuple[str, Pose]],
    columns: int,
    box: tuple[float, float, float, float] = (0, 0, 1200, 1600),
    size: int | None = None,
) -> Image.Image:
    """Return the poses in rows; `box` is the part of the canvas shown, `size` its width in px."""
    tiles = []
    for name, values in poses:
        picture = Image.new("RGBA", painter.size, _PAPER)
        picture.alpha_composite(painter.paint(values))
        picture = picture.crop(tuple(round(side * painter.scale) for side in box))  # type: ignore[arg-type]
        if size:
            height = round(size * picture.height / picture.width)
            picture = picture.resize((size, height), Image.Resampling.LANCZOS)
        if not size or size > 150:
            ImageDraw.Draw(picture).text((6, 4), name, fill="#20202c")
        tiles.append(picture.convert("RGB"))
    width, height = tiles[0].size
    rows = -(-len(tiles) // columns)
    sheet = Image.new("RGB", (columns * width, rows * height), _PAPER)
    for index, tile in enumerate(tiles):
        sheet.paste(tile, (index % columns * width, index // columns * height))
    return sheet


def write(character: Character, folder: Path, only: str | None = None) -> None:
    """Write the sheets as PNG files; `only` names one of them."""
    folder.mkdir(parents=True, exist_ok=True)
    rig = written(character.model, character.design.name, character.behaviour)
    painter = Painter(rig, character.page, 0.5)
    defaults = painter.puppet.defaults
    faces = [(one.name, applied(one, defaults)) for one in character.behaviour.expressions]
    head = (270.0, 120.0, 930.0, 780.0)

    def moving() -> Iterable[tuple[str, Pose]]:
        for group, motions in character.behaviour.motions.items():
            for index, motion in enumerate(motions):
                for share in (0.1, 0.25, 0.4, 0.55, 0.7, 0.85):
                    time = share * motion.duration_s
                    values = {name: at(keys, time) for name, keys in motion.curves.items()}
                    yield f"{group} {index + 1}: {time:.1f} s", values

    sheets: dict[str, Callable[[], Image.Image]] = {
        "expressions": lambda: _sheet(painter, faces, 5, size=400),
        "faces": lambda: _sheet(painter, faces, 5, (150, 0, 1130, 980), 380),
        "thumbnails": lambda: _sheet(painter, faces, 10, (150, 0, 1130, 980), 96),
        "poses": lambda: _sheet(painter, POSES.items(), 6, size=320),
        "vowels": lambda: _sheet(painter, VOWELS.items(), 6, head, 320),
        "motions": lambda: _sheet(painter, moving(), 6, size=200),
    }
    for name, draw in sheets.items():
        if only in (None, name):
            draw().save(folder / f"{name}.png")
    if only in (None, "large"):
        large = Painter(rig, character.page)
        picture = Image.new("RGBA", large.size, _PAPER)
        picture.alpha_composite(large.paint({}))
        picture.convert("RGB").save(folder / "large.png")
