"""What a model thinks is told apart from what it says, in any spelling and however it comes."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from open_llm_vtuber.engines.llm.base import Thought
from open_llm_vtuber.engines.llm.thoughts import ThoughtReader, Unsaid

HIDDEN = "They want a hello. Keep it < 3 [short]."
THOUGHTS = [
    f"<think>{HIDDEN}</think>\n\n",
    f"<THINK>\n{HIDDEN}\n</THINK>",
    f"<thinking>{HIDDEN}</thinking>\n",
    f"<thinking>{HIDDEN}</think>\n",
    f"<thought>{HIDDEN}</thought>",
    f'<reasoning effort="low">{HIDDEN}</reasoning>',
    f"<reflection>{HIDDEN}</reflection>",
    f"<seed:think>{HIDDEN}</seed:think>",
    f"<think>{HIDDEN}<reasoning>more</reasoning>{HIDDEN}</think>",
    f"[THINK]{HIDDEN}[/THINK]",
    f"◁think▷{HIDDEN}◁/think▷",
    f"<|START_THINKING|>{HIDDEN}<|END_THINKING|><|START_RESPONSE|>",
    f"<|begin_of_thought|>{HIDDEN}<|end_of_thought|>\n<|begin_of_solution|>",
    f"<|channel|>analysis<|message|>{HIDDEN}<|end|><|start|>assistant<|channel|>final<|message|>",
    f"<|start|>assistant<|channel|>analysis<|message|>{HIDDEN}"
    "<|start|>assistant<|channel|>final<|message|>",
    f"analysis{HIDDEN}assistantfinal",
    f"{HIDDEN}\n</think>\n\n",
    f"{HIDDEN}</thinking>",
]
SAID = "Hello there. 1 < 2, <b>bold</b> [joy] analysis"


def pieces_of(text: str, cuts: set[int]) -> list[str]:
    return [text[start:end] for start, end in pairwise([0, *sorted(cuts), len(text)])]


def read(pieces: list[str], *, thinks_first: bool = False) -> tuple[str, str, ThoughtReader]:
    """Return what is said at last, what was thought, and the reader."""
    reader = ThoughtReader(thinks_first=thinks_first)
    said, thought = "", ""
    for found in [*(reader.feed(piece) for piece in pieces), reader.flush()]:
        for piece in found:
            if isinstance(piece, Unsaid):
                said, thought = "", thought + said
            elif isinstance(piece, Thought):
                thought += piece.text
            else:
                said += piece
    return said, thought, reader


@pytest.mark.parametrize("thinks_first", [False, True])
@pytest.mark.parametrize("thought", THOUGHTS)
@given(data=st.data())
def test_only_the_answer_is_said(thought: str, thinks_first: bool, data: st.DataObject) -> None:
    whole = thought + SAID
    cuts = data.draw(st.sets(st.integers(1, len(whole) - 1)))
    said, hidden, _ = read(pieces_of(whole, cuts), thinks_first=thinks_first)
    assert said.strip() == SAID
    assert HIDDEN in hidden


@given(
    parts=st.lists(
        st.sampled_from(
            [
                *("<think>", "</think>", "</thinking>", "<thought>", "<|channel|>", "<|message|>"),
                *("<|end|>", "<|start|>", "<|call|>", "analysis", "to=functions.a ", "final", "["),
                *("<", "</", "<|", "Hi. ", "\n", "assistantfinal", "[THINK]", "◁", "x", " ", "{}"),
            ]
        ),
        max_size=12,
    ),
    thinks_first=st.booleans(),
    data=st.data(),
)
def test_how_it_was_cut_makes_no_difference(
    parts: list[str], thinks_first: bool, data: st.DataObject
) -> None:
    whole = "".join(parts)
    cuts = data.draw(st.sets(st.integers(1, len(whole) - 1))) if len(whole) > 1 else set()
    at_once, _, _ = read([whole], thinks_first=thinks_first)
    said, _, _ = read(pieces_of(whole, cuts), thinks_first=thinks_first)
    assert said.split() == at_once.split()
    assert "<think>" not in said
    assert "</think>" not in said


@pytest.mark.parametrize("text", ["Hello there. ", "1 < 2 <b>x</b>", "An analysis. [joy] <3", "a"])
def test_an_answer_without_thoughts_passes(text: str) -> None:
    for pieces in ([text], list(text)):
        said, thought, reader = read(pieces)
        assert (said, thought, reader.thinks_first) == (text, "", None)


def test_the_bare_name_of_a_channel_is_one_only_where_an_answer_begins() -> None:
    for pieces in (["</thinking>analysisHi. "], ["</thinking>", "analysisHi. "]):
        assert read(pieces)[0] == "analysisHi. "


def test_plain_text_is_not_held_back() -> None:
    reader = ThoughtReader()
    assert [reader.feed(piece) for piece in ("Hel", "lo. ", "How <b")] == [
        ["Hel"],
        ["lo. "],
        ["How "],
    ]


def test_a_thought_without_beginning_is_taken_back_and_expected_the_next_time() -> None:
    reader = ThoughtReader()
    assert reader.feed("They want a hello.") == ["They want a hello."]
    assert reader.feed("\n</think>\n") == []
    found = reader.feed("Hello.")
    assert found[0] == Unsaid()
    assert found[-1] == "Hello."
    assert reader.thinks_first is True
    said, thought, again = read(["They want", " a hello.", "</think>", "Hi."], thinks_first=True)
    assert (said, thought) == ("Hi.", "They want a hello.")
    assert again.thinks_first is True


def test_while_a_thought_may_come_there_are_signs_of_life() -> None:
    reader = ThoughtReader(thinks_first=True)
    assert reader.feed("They want") == [Thought("")]


def test_an_answer_that_does_not_think_after_all_is_said() -> None:
    said, thought, reader = read(["Hel", "lo."], thinks_first=True)
    assert (said, thought, reader.thinks_first) == ("Hello.", "", False)


def test_an_end_behind_which_nothing_is_said_ends_no_thought() -> None:
    assert read(["Hello", " there.", "</think>", "\n"])[0].strip() == "Hello there."
    assert read(["Hello there.</think>"])[0] == "Hello there."
    assert read(["They want a hello.", "</think>"], thinks_first=True)[0] == ""


def test_thoughts_that_the_service_tells_apart_are_not_waited_for() -> None:
    reader = ThoughtReader(thinks_first=True)
    assert reader.apart() == []
    assert reader.feed("Hello.") == ["Hello."]


def test_a_call_in_a_channel_is_a_written_call() -> None:
    call = '<|channel|>commentary to=functions.add <|constrain|>json<|message|>{"a": 1}<|call|>'
    for pieces in ([call], list(call)):
        said, thought, _ = read(pieces)
        assert said == '<tool_call>{"name":"add","arguments":"{\\"a\\": 1}"}</tool_call>'
        assert thought == ""


@pytest.mark.parametrize(
    "text", ["Hm.</think>Hello.</think>", "</think>Hello.</think>", "<|message|>Hello.</think>"]
)
def test_a_needless_end_takes_nothing_of_an_answer_that_has_begun(text: str) -> None:
    for pieces in ([text], list(text)):
        reader = ThoughtReader(thinks_first=True)
        parts = [part for piece in pieces for part in reader.feed(piece)] + reader.flush()
        assert "".join(part for part in parts if isinstance(part, str)) == "Hello."


WRITTEN_ABOUT = "Write `<think>` before it and `</think>` or `[/THINK]` behind it. `x"


@given(st.data())
def test_a_mark_between_backticks_is_written_about(data: st.DataObject) -> None:
    cuts = data.draw(st.sets(st.integers(1, len(WRITTEN_ABOUT) - 1)))
    reader = ThoughtReader()
    parts = [part for piece in pieces_of(WRITTEN_ABOUT, cuts) for part in reader.feed(piece)]
    parts += reader.flush()
    assert all(isinstance(part, str) for part in parts)
    assert "".join(part for part in parts if isinstance(part, str)) == WRITTEN_ABOUT


def test_a_thought_ends_behind_a_word_between_backticks() -> None:
    reader = ThoughtReader()
    parts = [*reader.feed("<think>Use `x`</think>`y` it is."), *reader.flush()]
    assert "".join(part for part in parts if isinstance(part, str)) == "`y` it is."
