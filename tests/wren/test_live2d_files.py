"""The Live2D folder: the moc3 is read by a foreign reader, and the JSON files fit together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from moc3 import Moc3

Rig = dict[str, Any]
# This reader has the names of two pairs of sections exchanged.
VERTICES, INDICES = "art_mesh.position_index_counts", "art_mesh.vertex_counts"


@pytest.fixture(scope="module")
def moc(folder: Path, who: str) -> Moc3:
    return Moc3.from_bytes((folder / f"{who}.moc3").read_bytes())


def test_the_reader_writes_the_same_bytes(moc: Moc3, folder: Path, who: str, rig: Rig) -> None:
    # It does not read the last section, which has no count of its own.
    moc["additional.quad_transforms"] = [True] * len(rig["warps"])
    assert moc.to_bytes() == (folder / f"{who}.moc3").read_bytes()


def test_canvas(moc: Moc3) -> None:
    canvas = moc.canvas
    assert (canvas.canvas_width, canvas.canvas_height) == (1200, 1600)
    assert (canvas.origin_x, canvas.origin_y, canvas.pixels_per_unit) == (600, 800, 1200)


def test_it_says_the_same_as_the_open_rig(moc: Moc3, rig: Rig) -> None:
    assert moc["parameter.ids"] == [one["id"] for one in rig["parameters"]]
    assert moc["parameter.default_values"] == [one["default"] for one in rig["parameters"]]
    assert moc["deformer.ids"] == [warp["id"] for warp in rig["warps"]]
    assert moc["deformer.parent_deformer_indices"] == [warp["parent"] for warp in rig["warps"]]
    assert moc["warp_deformer.rows"] == [warp["rows"] for warp in rig["warps"]]
    assert moc["art_mesh.ids"] == [mesh["id"] for mesh in rig["meshes"]]
    assert moc["art_mesh.parent_deformer_indices"] == [mesh["parent"] for mesh in rig["meshes"]]
    assert moc[VERTICES] == [len(mesh["uvs"]) // 2 for mesh in rig["meshes"]]
    assert moc[INDICES] == [len(mesh["triangles"]) for mesh in rig["meshes"]]
    assert moc["art_mesh.mask_counts"] == [len(mesh["masks"]) for mesh in rig["meshes"]]


@pytest.mark.parametrize(
    ("kind", "parts", "positions"),
    [
        ("warp_deformer", "warps", "warp_deformer_keyform.keyform_position_begin_indices"),
        ("art_mesh", "meshes", "art_mesh_keyform.keyform_position_begin_indices"),
    ],
)
def test_points_of_all_keyforms(moc: Moc3, rig: Rig, kind: str, parts: str, positions: str) -> None:
    values = np.asarray(moc["keyform_position.xys"])
    for index, part in enumerate(rig[parts]):
        first = moc[f"{kind}.keyform_begin_indices"][index]
        assert moc[f"{kind}.keyform_counts"][index] == len(part["keys"])
        for number, key in enumerate(part["keys"]):
            begin = moc[positions][first + number]
            assert begin % 16 == 0
            expected = np.asarray(key).reshape(-1, 2)
            if part["parent"] < 0:
                expected = (expected - (600, 800)) / 1200
            found = values[begin : begin + expected.size].reshape(-1, 2)
            np.testing.assert_allclose(found, expected, atol=2e-5, rtol=1e-5)


def test_axes(moc: Moc3, rig: Rig) -> None:
    """Follow an object's band to its bindings, and these to the parameters that own them."""
    owner = {}
    for number, _ in enumerate(rig["parameters"]):
        begin = moc["parameter.keyform_binding_begin_indices"][number]
        for binding in range(begin, begin + moc["parameter.keyform_binding_counts"][number]):
            assert binding not in owner
            owner[binding] = number
    bands = [
        *zip(rig["warps"], moc["deformer.keyform_binding_band_indices"], strict=True),
        *zip(rig["meshes"], moc["art_mesh.keyform_binding_band_indices"], strict=True),
    ]
    for part, band in bands:
        begin = moc["keyform_binding_band.begin_indices"][band]
        count = moc["keyform_binding_band.counts"][band]
        axes = []
        for binding in moc["keyform_binding_index.indices"][begin : begin + count]:
            first = moc["keyform_binding.keys_begin_indices"][binding]
            length = moc["keyform_binding.keys_counts"][binding]
            axes.append((owner[binding], moc["keys.values"][first : first + length]))
        assert [number for number, _ in axes] == [number for number, _ in part["axes"]]
        for (_, found), (_, keys) in zip(axes, part["axes"], strict=True):
            assert found == pytest.approx(keys), part["id"]


def test_indices_lie_within_the_meshes(moc: Moc3) -> None:
    for begin, count, vertices in zip(
        moc["art_mesh.position_index_begin_indices"], moc[INDICES], moc[VERTICES], strict=True
    ):
        assert max(moc["position_index.indices"][begin : begin + count]) < vertices
    assert moc["draw_order_group.object_counts"] == [len(moc["art_mesh.ids"])]


def read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def test_the_model_file_names_files_that_exist(folder: Path, who: str, rig: Rig) -> None:
    references = read(folder / f"{who}.model3.json")["FileReferences"]
    named = [references["Moc"], references["Physics"], references["DisplayInfo"]]
    named += references["Textures"]
    named += [one["File"] for one in references["Expressions"]]
    named += [one["File"] for motions in references["Motions"].values() for one in motions]
    assert all((folder / name).is_file() for name in named)
    assert [one["Name"] for one in references["Expressions"]] == [
        one["name"] for one in rig["expressions"]
    ]
    assert {group: len(motions) for group, motions in references["Motions"].items()} == {
        group: len(motions) for group, motions in rig["motions"].items()
    }


def test_counts_in_motion_files(folder: Path) -> None:
    for path in (folder / "motions").iterdir():
        motion = read(path)
        segments = points = 0
        for curve in motion["Curves"]:
            numbers = curve["Segments"]
            points += 1
            at = 2
            while at < len(numbers):
                assert numbers[at] == 1, "all segments are Bezier curves"
                assert numbers[at + 5] > numbers[at - 2]
                segments, points, at = segments + 1, points + 3, at + 7
            assert at == len(numbers)
            assert numbers[-2] == motion["Meta"]["Duration"]
        assert motion["Meta"]["TotalSegmentCount"] == segments
        assert motion["Meta"]["TotalPointCount"] == points
        assert motion["Meta"]["CurveCount"] == len(motion["Curves"])


def test_counts_in_the_physics_file(folder: Path, who: str) -> None:
    physics = read(folder / f"{who}.physics3.json")
    settings, meta = physics["PhysicsSettings"], physics["Meta"]
    assert meta["PhysicsSettingCount"] == len(settings) == len(meta["PhysicsDictionary"])
    assert meta["TotalInputCount"] == sum(len(one["Input"]) for one in settings)
    assert meta["TotalOutputCount"] == sum(len(one["Output"]) for one in settings)
    assert meta["VertexCount"] == sum(len(one["Vertices"]) for one in settings)
