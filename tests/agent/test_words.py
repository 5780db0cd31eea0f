"""An answer begins with its first word."""

from __future__ import annotations

import pytest

from open_llm_vtuber.agent.words import MAX_HELD, Words


@pytest.mark.parametrize(
    "text", ["Hello.", "你好", "5", "😊 !!!", "[joy] Hi", "[1] [2] x", "*nods*"]
)
def test_what_has_a_word_is_an_answer(text: str) -> None:
    for pieces in ([text], list(text)):
        words = Words()
        assert "".join(words.feed(piece) for piece in pieces) == text
        assert words.begun


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "...",
        "…",
        "[Thinking]",
        "【开心】",
        "【开",
        "［笑］……",
        "[Thinking",
        "[joy] [sad] ...",
        "<tag>",
        "<|x|>",
        "{smiles}",
        ":blush:",
        "?!",
    ],
)
def test_what_has_none_is_held_back(text: str) -> None:
    for pieces in ([text], list(text)):
        words = Words()
        assert "".join(words.feed(piece) for piece in pieces) == ""
        assert not words.begun


def test_after_the_first_word_nothing_is_held_back() -> None:
    words = Words()
    words.feed("Hi")
    assert words.feed(" [") == " ["


def test_a_word_is_not_waited_for_without_end() -> None:
    words = Words()
    words.feed("." * MAX_HELD)
    assert not words.hopeless
    words.feed(".")
    assert words.hopeless
