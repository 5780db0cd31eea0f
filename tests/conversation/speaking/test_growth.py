"""Whatever a model writes, reading it takes steps in proportion to its length."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from open_llm_vtuber.agent import text_tool_calls
from open_llm_vtuber.agent.text_tool_calls import TextToolCalls
from open_llm_vtuber.config import SpeechFilter
from open_llm_vtuber.conversation.speaking import (
    addresses,
    feelings,
    fences,
    gaps,
    placeholders,
    scanner,
    sentences,
    spans,
    stage_directions,
    tags,
)
from open_llm_vtuber.conversation.speaking import speech_text as script
from open_llm_vtuber.conversation.speaking.feelings import Faces
from open_llm_vtuber.conversation.speaking.mood import chinese, english, japanese, sentence
from open_llm_vtuber.conversation.speaking.sentences import SentenceSplitter
from open_llm_vtuber.conversation.speaking.speech_text import Script
from open_llm_vtuber.engines.llm import thoughts
from open_llm_vtuber.engines.llm.thoughts import ThoughtReader

CHARS = 1500
STEPS_PER_CHAR = 160
"""Lines of Python that run for a character at most, of those that come one by one:
most need 10 to 40. Looking ahead anew from each sign would take 1,000."""
LOOKS_PER_CHAR = 400
"""Characters that patterns look at for a character at most; a piece is 1,300 long at most."""

SIGNS = [
    *"[]()（）<>*_`~#|:;=-^.!?…。,—，、\"'“”‘’«»@/\\&$%+{}\0\u200d 　\n\t",
    "a",
    "1",
    "你",
    "เ",
    "😊",
]
MOTIFS = [
    *SIGNS,
    "... ",
    ". ",
    '."',
    ". 😊 ",
    "a.",
    "@.",
    "www.",
    "://",
    "**",
    "***",
    "```",
    "\n```\n",
    "~~~",
    "<a",
    "<a ",
    "</",
    "<think>",
    "<|",
    ":)",
    ":(",
    "(a)",
    "*a",
    "*a*",
    "[a]",
    "[a](",
    "](b)",
    "[joy]",
    "_a ",
    "{a",
    "I'm happy, ",
    "太好了，",
    "嬉しい、",
    "- ",
    "> ",
    "| ",
    '{"',
    "[{",
    '```json\n{"',
    "<tool_call>",
    "e.g. ",
    "1. ",
    "word ",
    "and ",
]


class _Steps:
    def __init__(self) -> None:
        self.lines = 0


_ROOM = sentences.__file__.rsplit("conversation", 1)[0]


@contextmanager
def counted() -> Iterator[_Steps]:
    """Count the lines of the server's code that run meanwhile.

    What is called for each line does next to nothing, as there are millions of them.
    """
    steps, before = _Steps(), sys.gettrace()
    ours: dict[CodeType, bool] = {}
    lines = 0

    def line(_frame: FrameType, event: str, _: Any) -> None:
        nonlocal lines
        if event == "line":
            lines += 1

    def called(frame: FrameType, _event: str, _: Any) -> Any:
        code = frame.f_code
        known = ours.get(code)
        if known is None:
            known = ours[code] = code.co_filename.startswith(_ROOM)
        return line if known else None

    sys.settrace(called)
    try:
        yield steps
    finally:
        sys.settrace(before)
        steps.lines = lines


class _Looking:
    """A pattern that counts how many characters it is given to look at."""

    looked = 0

    def __init__(self, pattern: Any) -> None:
        self._pattern = pattern

    def _bounds(self, text: str, *bounds: int) -> int:
        return (bounds[1] if len(bounds) > 1 else len(text)) - (bounds[0] if bounds else 0)

    def search(self, text: str, *bounds: int) -> Any:
        found = self._pattern.search(text, *bounds)
        _Looking.looked += (
            found.end() - (bounds[0] if bounds else 0) if found else self._bounds(text, *bounds)
        )
        return found

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **named: Any) -> Any:
            text = next(arg for arg in reversed(args) if isinstance(arg, str))
            _Looking.looked += len(text) if name in ("sub", "finditer", "fullmatch") else 1
            return getattr(self._pattern, name)(*args, **named)

        return call


@pytest.fixture(scope="module", autouse=True)
def _patterns_count() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for module in (
            sentences,
            script,
            scanner,
            spans,
            fences,
            addresses,
            feelings,
            gaps,
            placeholders,
            stage_directions,
            tags,
            chinese,
            english,
            japanese,
            sentence,
            text_tool_calls,
            thoughts,
        ):
            for name, value in list(vars(module).items()):
                if type(value).__name__ == "Pattern":
                    patch.setattr(module, name, _Looking(value))
        yield


def perform(deltas: list[str]) -> None:
    splitter, lines = SentenceSplitter(), Script(Faces({"joy": 1}), SpeechFilter(), moods=True)
    for delta in deltas:
        for piece in splitter.feed(delta):
            lines.read(piece)
    for piece in splitter.flush():
        lines.read(piece)


def assert_in_proportion(text: str, read: Callable[[list[str]], None] = perform) -> None:
    for deltas in ([text], list(text)):
        _Looking.looked = 0
        with counted() as steps:
            read(deltas)
        assert steps.lines <= STEPS_PER_CHAR * len(text) + 1000
        assert _Looking.looked <= LOOKS_PER_CHAR * len(text) + 10_000


@pytest.mark.parametrize("motif", MOTIFS)
def test_a_run_of_anything_takes_steps_in_proportion(motif: str) -> None:
    run = motif * (CHARS // len(motif))
    assert_in_proportion("Hello " + run + "x")


@pytest.mark.parametrize("text", ["... " * 5000, "(" * 19_000, "a (" * 6000, '."' * 9000])
def test_a_whole_reply_of_it_does(text: str) -> None:
    assert_in_proportion(text)


@given(st.lists(st.sampled_from(MOTIFS), min_size=1, max_size=4), st.sampled_from(["", "Hi, **"]))
@settings(max_examples=40, deadline=None)
def test_alternating_signs_do(motifs: list[str], before: str) -> None:
    text = "".join(itertools.islice(itertools.cycle(motifs), CHARS))[:CHARS]
    assert_in_proportion(before + text + "x.")


@given(st.lists(st.tuples(st.sampled_from(MOTIFS), st.integers(1, 1500)), max_size=6))
@settings(max_examples=40, deadline=None)
def test_long_runs_behind_one_another_do(runs: list[tuple[str, int]]) -> None:
    assert_in_proportion("Hello" + "".join(motif * length for motif, length in runs)[:CHARS])


def test_what_waits_does_not_grow_with_whitespace() -> None:
    """Whitespace decides nothing, so nothing is looked at again because of it."""
    assert_in_proportion("Hello" + " " * CHARS + "\n" * CHARS + "x")


def test_no_text_is_copied_for_each_space() -> None:
    splitter = SentenceSplitter()
    splitter.feed("Hello")
    with counted() as steps:
        for _ in range(1000):
            splitter.feed(" ")
    assert steps.lines <= 5000
    assert splitter.flush() == ["Hello" + " " * 1000]


@pytest.mark.parametrize("motif", [*MOTIFS, "</think>", "<|channel|>", "[THINK]", "assistant"])
@pytest.mark.parametrize("thinks_first", [False, True])
def test_looking_for_thoughts_takes_steps_in_proportion(motif: str, thinks_first: bool) -> None:
    def read(deltas: list[str]) -> None:
        reader = ThoughtReader(thinks_first=thinks_first)
        for delta in deltas:
            reader.feed(delta)
        reader.flush()

    assert_in_proportion(motif * (CHARS // len(motif)), read)


@pytest.mark.parametrize("motif", MOTIFS)
def test_looking_for_text_tool_calls_takes_steps_in_proportion(motif: str) -> None:
    def read(deltas: list[str]) -> None:
        calls = TextToolCalls({"tool"})
        for delta in deltas:
            calls.feed(delta)
        calls.flush()

    assert_in_proportion(motif * (CHARS // len(motif)), read)


@pytest.mark.parametrize("opening", ["`", "[", "```json\n", "<tool_call>", "<tool_call>{a ", "[{"])
@pytest.mark.parametrize("filling", [" ", "\n", "a ", "</"])
def test_a_call_that_is_waited_for_is_not_read_anew(opening: str, filling: str) -> None:
    def read(deltas: list[str]) -> None:
        calls = TextToolCalls({"tool"})
        for delta in deltas:
            calls.feed(delta)
        calls.flush()

    assert_in_proportion(opening + filling * (12_000 // len(filling)), read)


def test_a_long_blank_before_an_answer_is_not_read_anew() -> None:
    def read(deltas: list[str]) -> None:
        reader = ThoughtReader()
        given = sum(len(reader.feed(delta)) for delta in deltas)
        assert given or len(deltas) == 1

    assert_in_proportion(" " * 12_000, read)
