"""The open rig keeps the runtime's contract: shapes of all lists, indices, names."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

Rig = dict[str, Any]
MOODS = ["neutral", "joy", "laughter", "sadness", "anger", "surprise", "fear", "shyness",
         "smugness", "thinking"]  # fmt: skip
GROUPS = ["Idle", "Greeting", "Nod", "Shake", "Listening", "Thinking", "Speaking", "TapHead",
          "TapBody"]  # fmt: skip
STANDARD = """ParamAngleX ParamAngleY ParamAngleZ ParamEyeLOpen ParamEyeROpen ParamEyeLSmile
    ParamEyeRSmile ParamEyeBallX ParamEyeBallY ParamBrowLY ParamBrowRY ParamMouthForm
    ParamMouthOpenY ParamCheek ParamBodyAngleX ParamBodyAngleY ParamBodyAngleZ ParamBreath
    ParamHairFront ParamHairSide ParamHairBack""".split()


def test_head_of_the_file(rig: Rig, folder: Path, who: str) -> None:
    assert rig["version"] == 1
    assert rig["name"] == who
    assert (rig["width"], rig["height"]) == (1200, 1600)
    for name in rig["textures"]:
        with Image.open(folder / name) as page:
            assert page.mode == "RGBA"
            assert page.size == (2048, 2048)


def test_parameters(rig: Rig) -> None:
    names = [one["id"] for one in rig["parameters"]]
    assert len(set(names)) == len(names)
    assert set(STANDARD) < set(names)
    for one in rig["parameters"]:
        assert one["min"] <= one["default"] <= one["max"]
    assert set(rig["lipSync"].values()) < set(names)


def test_axes_and_keys(rig: Rig) -> None:
    parameters = rig["parameters"]
    for part in [*rig["warps"], *rig["meshes"]]:
        combinations = math.prod(len(keys) for _, keys in part["axes"])
        assert len(part["keys"]) == combinations, part["id"]
        numbers = [number for number, _ in part["axes"]]
        assert len(set(numbers)) == len(numbers)
        for number, keys in part["axes"]:
            assert keys == sorted(set(keys)), part["id"]
            assert len(keys) > 1
            limits = parameters[number]
            assert limits["min"] <= keys[0]
            assert keys[-1] <= limits["max"]


def test_warps(rig: Rig) -> None:
    for index, warp in enumerate(rig["warps"]):
        assert -1 <= warp["parent"] < index
        points = (warp["rows"] + 1) * (warp["columns"] + 1)
        assert {len(key) for key in warp["keys"]} == {2 * points}


def test_meshes(rig: Rig) -> None:
    count = len(rig["meshes"])
    assert count <= 85
    vertices = 0
    for mesh in rig["meshes"]:
        size = len(mesh["uvs"]) // 2
        vertices += size
        assert -1 <= mesh["parent"] < len(rig["warps"])
        assert 0 <= mesh["texture"] < len(rig["textures"])
        assert {len(key) for key in mesh["keys"]} == {2 * size}
        assert len(mesh["opacities"]) == len(mesh["keys"])
        assert all(0 <= value <= 1 for value in mesh["opacities"])
        assert len(mesh["triangles"]) % 3 == 0
        assert set(mesh["triangles"]) == set(range(size)), mesh["id"]
        assert all(0 <= value <= 1 for value in mesh["uvs"])
        assert all(0 <= mask < count for mask in mesh["masks"])
        assert 0 <= mesh["order"] <= 1000
    assert vertices < 4000


def test_hit_areas_are_invisible(rig: Rig) -> None:
    names = [area["name"] for area in rig["hitAreas"]]
    assert names[:2] == ["Head", "Body"]
    for area in rig["hitAreas"]:
        assert set(rig["meshes"][area["mesh"]]["opacities"]) == {0}


def test_expressions_move_parameters_that_exist(rig: Rig) -> None:
    assert [one["name"] for one in rig["expressions"]] == MOODS
    assert rig["expressions"][0]["parameters"] == []
    limits = {one["id"]: one for one in rig["parameters"]}
    for expression in rig["expressions"][1:]:
        assert expression["parameters"]
        for change in expression["parameters"]:
            assert change["blend"] in ("add", "multiply", "overwrite")
            own = limits[change["id"]]
            if change["blend"] == "add":
                assert own["min"] <= own["default"] + change["value"] <= own["max"], expression


def test_motions(rig: Rig) -> None:
    assert list(rig["motions"]) == GROUPS
    limits = {one["id"]: one for one in rig["parameters"]}
    for group, motions in rig["motions"].items():
        assert motions
        for motion in motions:
            assert motion["curves"]
            for curve in motion["curves"]:
                times = [time for time, _ in curve["keys"]]
                values = [value for _, value in curve["keys"]]
                assert times == sorted(set(times))
                assert times[0] == 0
                assert times[-1] == motion["duration_s"], group
                own = limits[curve["id"]]
                assert all(own["min"] <= value <= own["max"] for value in values), curve
                if motion["loop"]:
                    assert values[0] == values[-1], group
                else:
                    assert values[0] == values[-1] == own["default"], group
    assert all(motion["loop"] for motion in rig["motions"]["Idle"])


def test_physics(rig: Rig) -> None:
    names = {one["id"] for one in rig["parameters"]}
    moved = set()
    for entry in rig["physics"]:
        assert entry["frequency_hz"] > 0
        assert 0 < entry["damping"] <= 1
        assert {one["id"] for one in entry["inputs"]} <= names
        moved |= {one["id"] for one in entry["outputs"]}
    assert {"ParamHairFront", "ParamHairSide", "ParamHairBack"} < moved <= names
    moving = {rig["parameters"][axis[0]]["id"]
              for part in [*rig["warps"], *rig["meshes"]] for axis in part["axes"]}  # fmt: skip
    assert moved <= moving


def test_every_parameter_moves_something(rig: Rig) -> None:
    used = {axis[0] for part in [*rig["warps"], *rig["meshes"]] for axis in part["axes"]}
    assert used == set(range(len(rig["parameters"])))
    for part in [*rig["warps"], *rig["meshes"]]:
        if part["axes"]:
            shapes = {json.dumps(key) for key in part["keys"]} if part.get("uvs") else {1, 2}
            assert len(shapes) > 1 or len(set(part["opacities"])) > 1, part["id"]


def test_the_dictionary_names_files_that_exist(folder: Path, who: str) -> None:
    project = folder.parents[1]
    entries = json.loads((project / "model_dict.json").read_text("utf-8"))
    entry = next(one for one in entries if one["name"] == who)
    for file in (entry["url"], entry["rig"]):
        assert file.startswith(f"/live2d-models/{who}/")
        assert (project / file.lstrip("/")).is_file()
    assert (project / entry["picture"].lstrip("/")).is_file()
    assert [entry["emotionMap"][mood] for mood in MOODS] == list(range(10))
    groups = set(entry["tapMotions"]["Head"]) | set(entry["tapMotions"]["Body"])
    assert groups <= set(GROUPS)


def test_points_are_finite(rig: Rig) -> None:
    for part in [*rig["warps"], *rig["meshes"]]:
        assert np.isfinite(np.asarray(part["keys"])).all()
