"""What is known of a model: from model_dict.json, or from its own folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from open_llm_vtuber.live2d import emotions, list_models, load_model_info


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
