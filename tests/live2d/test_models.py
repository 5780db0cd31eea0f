"""What is known of a model: from model_dict.json, or from its own folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from open_llm_vtuber.live2d.models import (
    emotions,
    list_models,
    load_model_info,
    model_names,
    model_problems,
)


def model(folder: Path, place: str, **references: Any) -> None:
    file = folder / "live2d-models" / place
    file.parent.mkdir(parents=True)
    file.write_bytes(orjson.dumps({"Version": 3, "FileReferences": references}))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb2312"])
def test_an_entry_is_passed_on_as_users_have_it(tmp_path: Path, encoding: str) -> None:
    entry = {
        "name": "小猫咪模型",
        "url": "/x.model3.json",
        "emotionMap": {"Joy": 3},
        "own": [1, None],
    }
    text = orjson.dumps([{"name": "other"}, entry]).decode()
    (tmp_path / "model_dict.json").write_bytes(text.encode(encoding))
    info = load_model_info(tmp_path, "小猫咪模型")
    assert info == entry
    assert emotions(info) == {"joy": 3}


@pytest.mark.parametrize("text", ["{", "{}", "[1]", '[{"name":"cat"}]', "\udcff"])
def test_a_broken_dictionary_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "model_dict.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert load_model_info(tmp_path, "cat")["url"] == "/live2d-models/cat/cat.model3.json"


def test_a_folder_that_is_in_no_dictionary_describes_itself(tmp_path: Path) -> None:
    model(
        tmp_path,
        "cat/runtime/cat_pro.model3.json",
        Motions={"Tap": [], "idle": []},
        Expressions=[{"Name": "Joy"}, {"Name": "anger"}],
    )
    info = load_model_info(tmp_path, "cat")
    assert info["url"] == "/live2d-models/cat/runtime/cat_pro.model3.json"
    assert info["idleMotionGroupName"] == "idle"
    assert info["emotionMap"] == {"joy": 0, "anger": 1}


@pytest.mark.parametrize("name", ["../outside", "", "."])
def test_a_name_leads_to_no_other_folder(tmp_path: Path, name: str) -> None:
    model(tmp_path, "cat/cat.model3.json", Expressions=[{"Name": "Joy"}])
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.model3.json").write_text("{}")
    assert load_model_info(tmp_path, name)["emotionMap"] == {}


def test_models_are_found_in_their_folders_and_below(tmp_path: Path) -> None:
    """Protocol section 0: models in runtime/ gave a count of 0."""
    assert list_models(tmp_path) is None
    model(tmp_path, "cat/cat.model3.json")
    model(tmp_path, "dog/runtime/puppy.model3.json")
    (tmp_path / "live2d-models" / "cat" / "cat.png").write_bytes(b"")
    (tmp_path / "live2d-models" / "empty").mkdir()
    found = [(one.name, one.path, one.avatar) for one in list_models(tmp_path) or []]
    assert found == [
        ("cat", "live2d-models/cat/cat.model3.json", "live2d-models/cat/cat.png"),
        ("dog", "live2d-models/dog/runtime/puppy.model3.json", None),
    ]


def files(folder: Path, place: str, *names: str) -> None:
    for name in names:
        file = folder / "live2d-models" / place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"")


def problems(folder: Path, name: str) -> list[str]:
    return model_problems(folder, name, load_model_info(folder, name))


def test_an_open_rig_is_found_without_an_entry(tmp_path: Path) -> None:
    model(tmp_path, "wren/wren.model3.json", Moc="a.moc3")
    files(tmp_path, "wren", "wren.rig.json", "a.moc3")
    (tmp_path / "model_dict.json").write_text("[{", "utf-8")
    assert load_model_info(tmp_path, "wren")["rig"] == "/live2d-models/wren/wren.rig.json"
    files(tmp_path, "alone", "alone.rig.json")
    assert load_model_info(tmp_path, "alone")["rig"] == "/live2d-models/alone/alone.rig.json"
    (line,) = problems(tmp_path, "alone")
    assert "model_dict.json cannot be read" in line


def test_a_vrm_is_found_without_an_entry(tmp_path: Path) -> None:
    files(tmp_path, "boxy", "a b.vrm")
    assert load_model_info(tmp_path, "boxy")["vrm"] == "/live2d-models/boxy/a%20b.vrm"
    assert problems(tmp_path, "boxy") == []
    (tmp_path / "model_dict.json").write_text(
        '[{"name": "boxy", "url": "/live2d-models/boxy/b.vrm", "vrm": "/live2d-models/boxy/b.vrm"}]'
    )
    (line,) = problems(tmp_path, "boxy")
    assert 'did you mean "live2d-models/boxy/a b.vrm"' in line


def test_drafts_and_what_is_deleted_are_no_models(tmp_path: Path) -> None:
    for home in (".drafts/x/files", ".bin/x/files/cat"):
        model(tmp_path, f"{home}/cat.model3.json", Moc="a.moc3")
    assert list_models(tmp_path) == []
    assert "cat" not in model_names(tmp_path)
    assert "wren" in model_names(tmp_path)


def test_an_entry_that_leads_to_no_file_is_told(tmp_path: Path) -> None:
    model(tmp_path, "cat/cat.model3.json", Moc="cat.moc3")
    files(tmp_path, "cat", "cat.moc3", "cat.rig.json")
    for entry, line in (
        ({"url": "/live2d-modles/cat/cat.model3.json"}, "no live2d-modles/cat/cat.model3.json"),
        ({"url": "live2d-models/cat/dog.model3.json"}, "no live2d-models/cat/dog.model3.json"),
        (
            {"url": "/live2d-models/cat/cat.model3.json", "rig": "/live2d-models/cat/dog.rig.json"},
            "no live2d-models/cat/dog.rig.json",
        ),
    ):
        dictionary = [{"name": "cat", **entry}]
        (tmp_path / "model_dict.json").write_text(orjson.dumps(dictionary).decode(), "utf-8")
        (told,) = problems(tmp_path, "cat")
        assert line in told
        assert 'did you mean "live2d-models/cat/cat.' in told
    dictionary = [{"name": "cat", "url": "https://a.example/cat.model3.json"}]
    (tmp_path / "model_dict.json").write_text(orjson.dumps(dictionary).decode(), "utf-8")
    assert problems(tmp_path, "cat") == []


def test_names_with_signs_become_addresses(tmp_path: Path) -> None:
    model(tmp_path, "c# 100%/c# 100%.model3.json", Moc="a.moc3")
    files(tmp_path, "c# 100%", "c# 100%.png", "a.moc3")
    url = load_model_info(tmp_path, "c# 100%")["url"]
    assert url == "/live2d-models/c%23%20100%25/c%23%20100%25.model3.json"
    (one,) = list_models(tmp_path) or []
    assert (one.name, "/" + one.path) == ("c# 100%", url)
    assert one.avatar == "live2d-models/c%23%20100%25/c%23%20100%25.png"
    assert problems(tmp_path, "c# 100%") == []


def test_what_is_wrong_in_a_model_costs_only_itself(tmp_path: Path) -> None:
    model(
        tmp_path,
        "cat/cat.model3.json",
        Moc="cat.moc3",
        Motions=None,
        Expressions=[{"File": "a.exp3.json"}, None, {"Name": "Joy", "File": "joy.exp3.json"}],
    )
    files(tmp_path, "cat", "cat.moc3", "a.exp3.json", "joy.exp3.json")
    info = load_model_info(tmp_path, "cat")
    assert info["emotionMap"] == {"joy": 2}
    assert info["idleMotionGroupName"] == "Idle"
    assert [line.partition(": ")[2] for line in problems(tmp_path, "cat")] == [
        f"expression {index} has no Name: it can be called by its number only" for index in (0, 1)
    ]


def test_a_group_without_a_name_is_played_when_idle(tmp_path: Path) -> None:
    model(tmp_path, "cat/cat.model3.json", Motions={"": []})
    assert load_model_info(tmp_path, "cat")["idleMotionGroupName"] == ""


def test_wrong_capitals_and_missing_files_are_told_with_the_nearest(tmp_path: Path) -> None:
    model(
        tmp_path,
        "cat/cat.model3.json",
        Moc="cat.moc3",
        Textures=["Textures/One.PNG"],
        Motions={"Idle": [{"File": "motions/lost.motion3.json"}]},
    )
    files(tmp_path, "cat", "cat.moc3", "textures/one.png")
    assert problems(tmp_path, "cat") == [
        'live2d-models/cat/cat.model3.json: there is no "Textures/One.PNG"'
        '; did you mean "textures/one.png"?',
        'live2d-models/cat/cat.model3.json: there is no "motions/lost.motion3.json"',
    ]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Cat", 'did you mean "cat"?'),
        ("WREN", 'did you mean "wren"?'),
        ("zzz", "neither in model_dict.json nor a folder of live2d-models"),
        ("../x", "neither in model_dict.json nor a folder of live2d-models"),
        ("old", "Cubism 2"),
        ("bare", "live2d-models/bare holds no .model3.json file"),
    ],
)
def test_a_model_that_is_not_there_is_told(tmp_path: Path, name: str, told: str) -> None:
    model(tmp_path, "cat/cat.model3.json")
    files(tmp_path, "old", "old.model.json")
    files(tmp_path, "bare", "a.png")
    (line,) = problems(tmp_path, name)
    assert told in line


def test_a_dictionary_that_cannot_be_read_and_an_entry_without_url_are_told(tmp_path: Path) -> None:
    model(tmp_path, "cat/cat.model3.json", Moc="cat.moc3")
    files(tmp_path, "cat", "cat.moc3")
    own = tmp_path / "model_dict.json"
    for content, told in [
        ("[{", "model_dict.json cannot be read"),
        ("{}", "model_dict.json must be a list"),
        ('[7, null, {"name": "cat"}, {"name": "dog"}]', 'the entry "cat" has no url'),
    ]:
        own.write_text(content, "utf-8")
        (line,) = problems(tmp_path, "cat")
        assert told in line
    own.write_text("[]", "utf-8")
    assert problems(tmp_path, "cat") == []


def test_an_entry_is_looked_at_and_passed_on_unchanged(tmp_path: Path) -> None:
    model(
        tmp_path,
        "cat/Cat.model3.json",
        Moc="cat.moc3",
        Motions={"Idle": []},
        Expressions=[{"Name": "exp_joy", "File": "cat.moc3"}],
    )
    files(tmp_path, "cat", "cat.moc3")
    entry = {
        "name": "cat",
        "url": "/live2d-models/cat/cat.model3.json",
        "idleMotionGroupName": "idle",
        "emotionMap": {"joy": "exp_Joy", "sad": 3, "anger": 0, "fear": "0"},
    }
    (tmp_path / "model_dict.json").write_bytes(orjson.dumps([entry]))
    assert load_model_info(tmp_path, "cat") == entry
    (line,) = problems(tmp_path, "cat")
    assert 'did you mean "live2d-models/cat/Cat.model3.json"?' in line
    entry["url"] = "/live2d-models/cat/Cat.model3.json"
    (tmp_path / "model_dict.json").write_bytes(orjson.dumps([entry]))
    told = [line.partition(": ")[2] for line in problems(tmp_path, "cat")]
    assert told == [
        '"joy" means expression \'exp_Joy\', which there is not; did you mean "exp_joy"?',
        '"sad" means expression 3, which there is not',
        'idleMotionGroupName: there is no group "idle" of motions; did you mean "Idle"?',
    ]


def test_our_own_model_has_no_problems() -> None:
    assert problems(Path(__file__).parents[2], "wren") == []
