"""What is drawn: it rests where it was drawn, eyes shut, faces and vowels can be told apart."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from wren.expressions import EXPRESSIONS, applied
from wren.paint import Painter
from wren.preview import VOWELS

Rig = dict[str, Any]
Values = dict[str, float]
HEAD = (0.12, 0.0, 0.95, 0.61)
"""Her head and what floats round it, in shares of the canvas."""
FACE = (0.33, 0.24, 0.67, 0.47)
THUMBNAIL = 96


def bounds(points: NDArray[np.float64]) -> list[float]:
    return [*points.min(axis=0), *points.max(axis=0)]


def mesh(rig: Rig, name: str) -> int:
    return next(index for index, one in enumerate(rig["meshes"]) if one["id"] == name)


def seen(painter: Painter, values: Values, part: tuple[float, ...], size: int) -> Image.Image:
    """Return a part of the picture on grey, `size` px wide."""
    picture = Image.new("RGBA", painter.size, "#c9cfdf")
    picture.alpha_composite(painter.paint(values))
    width, height = painter.size
    left, top, right, bottom = part
    box = round(left * width), round(top * height), round(right * width), round(bottom * height)
    picture = picture.crop(box)
    size_down = size, round(size * picture.height / picture.width)
    return picture.convert("RGB").resize(size_down, Image.Resampling.LANCZOS)


def lab(picture: Image.Image) -> NDArray[np.float64]:
    """Return CIE L*a*b* values (D65), from sRGB by the formulas of IEC 61966-2-1 and CIE 15."""
    rgb = np.asarray(picture, dtype=np.float64) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    to_xyz = np.asarray([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722],
                         [0.0193, 0.1192, 0.9505]])  # fmt: skip
    xyz = linear @ to_xyz.T / (0.9505, 1.0, 1.089)
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = np.moveaxis(f, -1, 0)
    found: NDArray[np.float64] = np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)
    return found


def apart(one: Image.Image, other: Image.Image) -> float:
    """Return how many per cent of the pixels differ plainly (by more than 12 in L*a*b*)."""
    difference = np.sqrt(((lab(one) - lab(other)) ** 2).sum(axis=-1))
    return float(100 * (difference > 12).mean())


def test_at_rest_nothing_is_bent(rig: Rig, painter: Painter) -> None:
    """A mesh of the body lies where its layer was drawn: one px of texture is one px of canvas."""
    points, _ = painter.puppet.pose({})
    for name in ("ArtTop", "ArtCardigan", "ArtHeadphones", "ArtNeck", "ArtArmUpperR"):
        index = mesh(rig, name)
        uvs = np.asarray(rig["meshes"][index]["uvs"]).reshape(-1, 2) * 2048
        offset = points[index] - uvs
        assert np.ptp(offset, axis=0).max() < 0.5, name


def test_breath_and_turns_leave_no_point_behind(painter: Painter) -> None:
    """No pose throws a point of what is seen far off the canvas or turns a triangle to nothing."""
    for x in (-30.0, 0.0, 30.0):
        for y in (-30.0, 30.0):
            for z in (-30.0, 30.0):
                pose = {"ParamAngleX": x, "ParamAngleY": y, "ParamAngleZ": z}
                points, opacities = painter.puppet.pose(pose)
                for at, opacity in zip(points, opacities, strict=True):
                    if opacity > 0:
                        left, top, right, bottom = bounds(at)
                        assert left > -100
                        assert right < 1300
                        assert top > -150
                        assert bottom < 1700


def test_the_neck_stays_below_the_chin(rig: Rig, painter: Painter) -> None:
    """In every turn the neck's upper edge is hidden behind the face."""
    neck, face = mesh(rig, "ArtNeck"), mesh(rig, "ArtFace")
    for x in (-30.0, 0.0, 30.0):
        for y in (-30.0, 0.0, 30.0):
            for z in (-30.0, 0.0, 30.0):
                pose = {"ParamAngleX": x, "ParamAngleY": y, "ParamAngleZ": z}
                points, _ = painter.puppet.pose(pose)
                chin = points[face][:, 1].max()
                assert points[neck][:, 1].min() < chin - 25, pose


def test_shut_eyes_show_nothing_of_the_eye(rig: Rig, painter: Painter) -> None:
    for smile in (0.0, 1.0):
        for form in (-1.0, 0.0, 1.0):
            pose: Values = {}
            for side in "LR":
                pose |= {f"ParamEye{side}Open": 0.0, f"ParamEye{side}Smile": smile,
                         f"ParamEye{side}Form": form}  # fmt: skip
            points, _ = painter.puppet.pose(pose)
            for side in "LR":
                white = points[mesh(rig, f"ArtEyeWhite{side}")].reshape(2, -1, 2)
                assert np.abs(white[0] - white[1]).max() < 0.6


def test_hands_are_never_both_gone(rig: Rig, painter: Painter) -> None:
    hands = [mesh(rig, f"ArtHand{kind}R") for kind in ("Relaxed", "Open", "Chin", "Fist")]
    for step in range(31):
        _, opacities = painter.puppet.pose({"ParamHandR": step / 10})
        assert max(opacities[index] for index in hands) > 0.999, step


@pytest.fixture(scope="module")
def thumbnails(painter: Painter) -> dict[str, Image.Image]:
    return {
        one.name: seen(painter, applied(one, painter.puppet.defaults), HEAD, THUMBNAIL)
        for one in EXPRESSIONS
    }


def test_any_two_expressions_differ_in_a_thumbnail(
    thumbnails: dict[str, Image.Image],
) -> None:
    for first, second in combinations(thumbnails, 2):
        assert apart(thumbnails[first], thumbnails[second]) > 7, (first, second)


def test_any_two_faces_differ_without_tilt_arms_and_signs(painter: Painter) -> None:
    """Brows, eyes, mouth and colour alone must do: some clients show no signs and no arms."""
    defaults = painter.puppet.defaults
    outside = ("ParamAngle", "ParamBody", "ParamArm", "ParamHand", "ParamStars", "ParamShock",
               "ParamThought", "ParamWink", "ParamSweat")  # fmt: skip
    faces = {}
    for one in EXPRESSIONS:
        values = applied(one, defaults)
        inner = {name: value for name, value in values.items() if not name.startswith(outside)}
        faces[one.name] = seen(painter, inner, FACE, 40)
    for first, second in combinations(faces, 2):
        assert apart(faces[first], faces[second]) > 6, (first, second)


def test_the_measure_sees_no_difference_where_there_is_none(painter: Painter) -> None:
    still = seen(painter, {}, HEAD, THUMBNAIL)
    breathing = seen(painter, {"ParamBreath": 0.3}, HEAD, THUMBNAIL)
    assert apart(still, still) == 0
    assert apart(still, breathing) < 7


def test_vowels_differ(painter: Painter) -> None:
    mouth = (0.4, 0.4, 0.6, 0.48)
    shapes = {name: seen(painter, values, mouth, 48) for name, values in VOWELS.items()}
    for first, second in combinations(shapes, 2):
        assert apart(shapes[first], shapes[second]) > 4, (first, second)


def mouth_box(rig: Rig, painter: Painter, values: Values) -> tuple[float, float]:
    points, _ = painter.puppet.pose(values)
    left, top, right, bottom = bounds(points[mesh(rig, "ArtMouth")])
    return right - left, bottom - top


def test_the_mouth_opens_widens_and_rounds(rig: Rig, painter: Painter) -> None:
    wide, high = {}, {}
    for name, values in VOWELS.items():
        wide[name], high[name] = mouth_box(rig, painter, values)
    assert high["A"] > high["O"] > high["U"] > high["closed"]
    assert wide["I"] > wide["A"] > wide["O"] > wide["U"]
    assert wide["I"] > 2 * wide["U"]
