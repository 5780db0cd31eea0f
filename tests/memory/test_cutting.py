"""A sentence taken out of what was said."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from open_llm_vtuber.memory.cutting import corrected, cut, without

SECRET = "My cat is called Zanzibar"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Hello there.", "Hello there."),
        (SECRET, ""),
        (f"{SECRET}!", ""),
        (f"  {SECRET} ...  ", ""),
        (f"Hello. {SECRET}.", "Hello."),
        (f"Hello. {SECRET}. How are you?", "Hello. How are you?"),
        (f"{SECRET}, and I like tea.", "and I like tea."),
        (f"{SECRET}. {SECRET}. Yes.", "Yes."),
        (f"Hello\n{SECRET}\nBye", "Hello Bye"),
    ],
)
def test_what_is_left(text: str, left: str) -> None:
    assert without(text, SECRET) == left


def test_no_sentence_takes_nothing() -> None:
    assert without("a b", "") == without("a b", " ") == "a b"


@given(st.text("ab. ,"), st.text("ab.", min_size=1))
def test_it_is_never_left(text: str, sentence: str) -> None:
    assert sentence not in without(text, sentence)


def test_an_entry_with_other_keys() -> None:
    entry: dict[str, Any] = {
        "role": "human",
        "content": f"Hi. {SECRET}.",
        "extra": {"said": [SECRET, 3, None, True]},
    }
    assert cut(entry, SECRET) == {
        "role": "human",
        "content": "Hi.",
        "extra": {"said": ["", 3, None, True]},
    }
    assert cut({"role": "human", "content": SECRET}, SECRET) is None
    assert cut({"role": "metadata", "timestamp": ""}, SECRET) == {
        "role": "metadata",
        "timestamp": "",
    }
    assert cut([SECRET], SECRET) == [""]


def test_what_a_database_refuses_does_not_hide_it() -> None:
    assert cut({"content": "a\0b is called c. Yes."}, "a\ufffdb is called c") == {"content": "Yes."}


def test_a_correction() -> None:
    entry = {"role": "human", "content": f"Hi. {SECRET}!"}
    right = corrected(entry, SECRET, "My cat is called Zanzi")
    assert right == {"role": "human", "content": "Hi. My cat is called Zanzi!"}
