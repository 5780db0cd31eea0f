"""What is found in what a person gives: models of each kind, whole or not."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest

from open_llm_vtuber.looks.errors import LookError, LookTooLargeError
from open_llm_vtuber.looks.finding import MOST_BROKEN, MOST_EXPRESSIONS, models_in
from open_llm_vtuber.looks.found import Found
from open_llm_vtuber.looks.mapping import emotion_map
from open_llm_vtuber.looks.pictures import size_of
from open_llm_vtuber.looks.rig_file import MOST_TAPS
from tests.looks.makers import MOC, PICTURE, WREN, cat, expressions, huge_png, model3, wrens_rig
from tests.support.vrm import Version, glb, vrm

OUTSIDE = {"images": [{"bufferView": 0}], "bufferViews": [{"byteOffset": 5, "byteLength": 9}]}
COMPRESSED = {"extensions": {"VRM": {"meta": {}}}, "extensionsRequired": ["KHR_texture_basisu"]}


def rig(**more: object) -> bytes:
    """Return an open rig of which nothing is drawn."""
    own = {"version": 1, "meshes": [], "warps": [], "parameters": [], "lipSync": []}
    return json.dumps({**own, **more}).encode()


def found(folder: Path, files: dict[str, bytes]) -> list[Found]:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return models_in(folder, list(files))


def only(folder: Path, files: dict[str, bytes]) -> Found:
    (one,) = found(folder, files)
    return one


def test_a_live2d_model_is_found_and_its_faces_mean_something(tmp_path: Path) -> None:
    one = only(tmp_path, cat("F01_Smile", "exp_02", "生气", "naki", "😮", "Face7"))
    assert (one.kind, one.file, one.name) == ("live2d", "cat/cat.model3.json", "cat")
    assert emotion_map(one) == {"joy": 0, "anger": 2, "sadness": 3, "surprise": 4}
    assert one.missing == ()


def test_what_lies_beside_a_model_is_joined_to_it(tmp_path: Path) -> None:
    """VTube Studio's models name neither expressions nor motions; others have capitals wrong."""
    one = only(
        tmp_path,
        {
            "cat.model3.json": model3(Moc="Cat.MOC3", Textures=["TEX\\cat.PNG"]),
            "cat.moc3": MOC,
            "tex/cat.png": PICTURE,
            "expressions/blush.exp3.json": b"{}",
            "motions/idle_1.motion3.json": b"{}",
            "motions/wave.motion3.json": b"{}",
        },
    )
    files = json.loads((tmp_path / "cat.model3.json").read_bytes())["FileReferences"]
    assert files["Moc"] == "cat.moc3"
    assert files["Textures"] == ["tex/cat.png"]
    assert files["Expressions"] == [{"Name": "blush", "File": "expressions/blush.exp3.json"}]
    assert set(files["Motions"]) == {"Idle", "wave"}
    assert emotion_map(one) == {"shyness": 0}
    assert len(one.notes) == 3


def test_what_is_missing_is_told(tmp_path: Path) -> None:
    files = cat("joy", "sad", at="")
    del files["joy.exp3.json"]
    files["sad.exp3.json"] = b"{broken"
    one = only(
        tmp_path,
        {
            **files,
            "cat.model3.json": model3(
                Physics="p.physics3.json", Expressions=expressions("joy", "sad")
            ),
        },
    )
    told = " ".join(one.missing)
    assert all(name in told for name in ("p.physics3.json", "joy.exp3.json", "sad.exp3.json"))


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"a.png": PICTURE}, "no model in it"),
        ({"cat.moc3": MOC}, "no .model3.json"),
        ({"cat.model.json": b"{}"}, "Cubism 2"),
        ({"cat.model3.json": b"{broken"}, "cannot be read"),
        ({"cat.model3.json": b"[1]"}, "names no .moc3"),
        ({"cat.model3.json": model3()}, "cat.moc3"),
        ({"cat.model3.json": model3(), "cat.moc3": MOC}, "whole folder"),
        ({**cat(at=""), "cat.moc3": MOC[: len(MOC) // 2]}, "cut off"),
        ({**cat(at=""), "cat.moc3": MOC[:40]}, "cut off"),
        ({**cat(at=""), "cat.moc3": b"MOC3\x63" + MOC[5:]}, "version"),
        ({**cat(at=""), "cat.moc3": b"moc\0" + bytes(900)}, "no model of Live2D"),
        ({**cat(at=""), "cat.model3.json": model3(Moc="../cat.moc3")}, "outside"),
        ({**cat(at=""), "cat.model3.json": model3(Textures=["C:/cat.png"])}, "outside"),
        ({**cat(at=""), "cat.model3.json": model3(Moc="m" * 300)}, "drawn from"),
        ({**cat(at=""), "cat.model3.json": model3(Textures=["t" * 5000])}, "drawn with"),
        ({**cat(at=""), "cat.model3.json": b"[" * 2000}, "cannot be read"),
        ({**cat(at=""), "cat.model3.json": b"[" + b"[]," * 500_000 + b"0]"}, "more values"),
        ({"a.rig.json": b"[" + b"0," * 4_100_000 + b"0]"}, "more values"),
        ({"a.rig.json": rig(textures=["t" * 300])}, "there is no"),
        ({**cat(at=""), "cat.png": b"GIF89a..."}, "no picture"),
        ({**cat(at=""), "cat.png": huge_png(70_000, 1)}, "pixels"),
        ({"a.rig.json": b"{"}, "no JSON"),
        ({"a.rig.json": b'{"version": 2}'}, "version 1"),
        ({"wren.rig.json": wrens_rig()["wren.rig.json"]}, "wren.texture.webp"),
        ({"a.vrm": b"no"}, "does not begin"),
        ({"a.vrm": vrm()[:-100]}, "cut off"),
        ({"a.vrm": b"glTF\1\0\0\0" + vrm()[8:]}, "version of glTF"),
        ({"a.vrm": glb({"asset": {}})}, "no VRM"),
        ({"a.vrm": glb({"extensions": {"VRM": {"meta": {}}}})}, "bones"),
        ({"a.vrm": glb({"buffers": [{"uri": "http://x/a.bin"}]})}, "beside it"),
        ({"a.vrm": glb({"images": [{"uri": "//x/a.png"}]})}, "beside it"),
        ({"a.vrm": glb(OUTSIDE)}, "outside"),
        ({"a.vrm": glb({"images": {"0": 1}, "extensions": [1]})}, "no VRM"),
        ({"a.vrm": glb(COMPRESSED)}, "cannot be drawn"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused(tmp_path: Path, files: dict[str, bytes], why: str) -> None:
    with pytest.raises(LookError, match=why):
        found(tmp_path, files)


def test_of_endless_names_no_more_are_told_than_a_person_reads(tmp_path: Path) -> None:
    motions: dict[str, list[str]] = {f"{'m' * 30}{number}": [] for number in range(5000)}
    many: dict[str, object] = {"Expressions": expressions(*map(str, range(5000)))}
    one = only(tmp_path, {**cat(at=""), "cat.model3.json": model3(**many, Motions=motions)})
    assert len(one.expressions) == MOST_EXPRESSIONS
    assert "5,000 expressions" in " ".join(one.missing)
    areas = [{"name": f"area {number}"} for number in range(5000)]
    taps: dict[str, list[str]] = {f"tap {number}": [] for number in range(5000)}
    taps["x" * 10_000_000] = []
    made = rig(hitAreas=areas, motions=taps, textures=["a.png"])
    folder = tmp_path / "rig"
    folder.mkdir()
    two = only(folder, {"a.rig.json": made, "a.png": PICTURE})
    assert max(len(two.taps), *map(len, two.taps.values())) == MOST_TAPS
    assert len(two.idle) < 300


def test_the_rest_of_many_broken_models_is_not_looked_at(tmp_path: Path) -> None:
    broken = {f"{number:04}/b.model3.json": b"{" for number in range(MOST_BROKEN)}
    with pytest.raises(LookError, match="cannot be read"):
        found(tmp_path, {**broken, **cat(at="z/")})


def test_pictures_that_are_too_large_together_are_refused(tmp_path: Path) -> None:
    files = {f"{number}.png": huge_png(8192, 8192) for number in range(5)}
    with pytest.raises(LookTooLargeError, match="together"):
        found(tmp_path, {**cat(at=""), **files})


def test_two_models_in_one_are_both_offered(tmp_path: Path) -> None:
    models = found(tmp_path, {**cat(at="a/"), **cat(at="b/"), "c/boxy.vrm": vrm(name="Boxy")})
    assert [one.file for one in models] == [
        "a/cat.model3.json",
        "b/cat.model3.json",
        "c/boxy.vrm",
    ]


def test_a_broken_one_beside_a_good_one_is_told(tmp_path: Path) -> None:
    one = only(tmp_path, {**cat(at="a/"), "b/b.model3.json": b"{"})
    assert "b.model3.json" in " ".join(one.notes)


def test_a_rig_and_its_live2d_files_are_one(tmp_path: Path) -> None:
    names = [one.relative_to(WREN).as_posix() for one in WREN.rglob("*") if one.is_file()]
    one = only(tmp_path, {name: (WREN / name).read_bytes() for name in names})
    assert (one.kind, one.file, one.model3) == ("rig", "wren.rig.json", "wren.model3.json")
    assert emotion_map(one)["joy"] == 1
    assert one.taps == {"Head": {"TapHead": 1}, "Body": {"TapBody": 1}}


def test_a_rig_may_be_called_anything(tmp_path: Path) -> None:
    rig = wrens_rig()
    one = only(
        tmp_path, {"me.json": rig["wren.rig.json"], "wren.texture.webp": rig["wren.texture.webp"]}
    )
    assert (one.kind, one.file) == ("rig", "me.json")


@pytest.mark.parametrize("version", ["0", "1"])
def test_a_vrm_of_both_versions_is_known(tmp_path: Path, version: Version) -> None:
    one = only(tmp_path, {"x.vrm": vrm(version, name="Boxy Ω")})
    assert (one.kind, one.name) == ("vrm", "Boxy Ω")
    assert "The tests" in one.licence
    assert emotion_map(one) == {
        "neutral": "neutral",
        "joy": "happy",
        "sadness": "sad",
        "anger": "angry",
        "surprise": "surprised" if version == "1" else "Surprised",
        "smugness": "wink" if version == "1" else "Wink",
    }
    assert one.thumbnail


@pytest.mark.parametrize(
    ("head", "size"),
    [
        (b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x0f\0\0\x1f\0\0", (16, 32)),
        (b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x0f\xc0\x07\0\0\0\0\0\0", (16, 32)),
        (
            b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 16, 32),
            (16, 32),
        ),
        (
            b"\xff\xd8\xff\xe0\0\4ab\xff\xff\xc2\0\x11\x08" + struct.pack(">HH", 32, 16) + b"\0",
            (16, 32),
        ),
        (b"\xff\xd8\xff\xe0\xff\xff", None),
        (b"RIFF\0\0\0\0WEBP", None),
        (b"", None),
    ],
)
def test_a_picture_tells_its_size(head: bytes, size: tuple[int, int] | None) -> None:
    assert size_of(head) == size
