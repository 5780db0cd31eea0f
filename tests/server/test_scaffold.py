"""A first start in an empty folder is given a whole character; nobody's files are touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from open_llm_vtuber import shipped
from open_llm_vtuber.server import scaffold
from tests.conformance.conftest import put

INSIDE = {
    "conf.yaml": "ours",
    "characters/zh.yaml": "ours",
    "model_dict.json": "[]",
    "live2d-models/wren/wren.rig.json": "ours",
    "live2d-models/wren/motions/nod.motion3.json": "ours",
    "avatars/wren.png": "ours",
    "avatars/.gitkeep": "",
    "backgrounds/room.jpg": "ours",
    "frontend/index.html": "ours",
}


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files of an installed wheel."""
    folder = tmp_path / "defaults"
    for name, content in INSIDE.items():
        put(folder / name, content)
    monkeypatch.setattr(shipped, "INSIDE", folder)
    return folder


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_an_empty_folder_is_given_everything(inside: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "home"
    made = scaffold.scaffold(folder)
    assert made == [name for name in scaffold.GIVEN if (inside / name).exists()]
    assert len(made) == 6
    given = {name for name in INSIDE if name not in ("avatars/.gitkeep", "frontend/index.html")}
    assert set(files(folder)) == given
    assert shipped.ours() == inside


def test_nothing_is_overwritten_or_mixed(inside: Path, tmp_path: Path) -> None:
    folder = tmp_path / "home"
    own = {
        "model_dict.json": "mine",
        "live2d-models/wren/wren.model3.json": "mine",
        "live2d-models/shizuku/shizuku.model3.json": "mine",
        "avatars/wren.png": "mine",
        "backgrounds/beach.png": "mine",
    }
    for name, content in own.items():
        put(folder / name, content)
    assert scaffold.scaffold(folder) == ["conf.yaml", "characters", "backgrounds"]
    found = files(folder)
    assert {name for name, content in found.items() if content == "mine"} == set(own)
    assert "live2d-models/wren/wren.rig.json" not in found
    assert found["backgrounds/room.jpg"] == "ours"


def test_who_has_a_configuration_is_given_nothing(inside: Path, tmp_path: Path) -> None:
    put(tmp_path / "home" / "conf.yaml", "mine")
    assert scaffold.scaffold(tmp_path / "home") == []
    assert files(tmp_path / "home") == {"conf.yaml": "mine"}


def test_a_wheel_without_a_character_makes_the_folders(inside: Path, tmp_path: Path) -> None:
    for name in INSIDE:
        if name not in ("conf.yaml", "characters/zh.yaml"):
            (inside / name).unlink()
    folder = tmp_path / "home"
    scaffold.scaffold(folder)
    assert all((folder / name).is_dir() for name in scaffold.FOLDERS)
    assert set(files(folder)) == {"conf.yaml", "characters/zh.yaml"}
