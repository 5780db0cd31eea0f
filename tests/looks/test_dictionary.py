"""model_dict.json keeps what a person wrote into it."""

from __future__ import annotations

import json

import pytest

from open_llm_vtuber.looks.dictionary import (
    EMPTY,
    entries,
    with_changed,
    with_entry,
    without_entry,
)
from open_llm_vtuber.looks.errors import LookError

OWN = '[\n   {"name":"mimi", "url" : "/x",\n "kScale":0.50}  ,\n{"name":"b"}\n]\n\n'
NEW = {"name": "猫", "emotionMap": {"joy": 1}}


@pytest.mark.parametrize("text", [EMPTY, "[]", "[ ]", OWN, ' [{"name": "]"}]'])
def test_an_entry_comes_and_goes_and_all_else_stays(text: str) -> None:
    longer = with_entry(text, NEW)
    assert entries(longer) == [*json.loads(text), NEW]
    assert text.rstrip()[:-1].rstrip() in longer
    shorter = without_entry(longer, "猫")
    assert entries(shorter) == json.loads(text)
    assert shorter.replace(" ", "").replace("\n", "") == text.replace(" ", "").replace("\n", "")


def test_an_entry_is_changed_where_it_stands() -> None:
    text = with_entry(OWN, NEW)
    longer = with_changed(text, "mimi", {"emotionMap": {"joy": 2}})
    assert longer is not None
    assert entries(longer)[0] == {
        "name": "mimi",
        "url": "/x",
        "kScale": 0.5,
        "emotionMap": {"joy": 2},
    }
    assert entries(longer)[1:] == entries(text)[1:]
    assert longer.endswith(text[text.index('{"name":"b"}') :])
    assert with_changed(text, "b", {}) is None  # an entry without a url is not used
    assert with_changed(text, "nobody", {}) is None


def test_any_entry_can_go() -> None:
    text = with_entry(OWN, NEW)
    for name in ("mimi", "b", "猫"):
        left = entries(without_entry(text, name))
        assert [one["name"] for one in left] == [one for one in ("mimi", "b", "猫") if one != name]
    assert without_entry(OWN, "nobody") == OWN
    assert entries(without_entry('[{"name": "a"}, {"name": "a"}]', "a")) == []


@pytest.mark.parametrize("text", ["", "{}", "[1,", "null", "[{]", '["a"] x', "[" * 100_000])
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(LookError, match=r"model_dict\.json"):
        with_entry(text, NEW)
