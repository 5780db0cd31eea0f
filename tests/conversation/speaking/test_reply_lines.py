"""From the pieces of an answer to its lines; what of them is said, heard and remembered."""

from __future__ import annotations

from open_llm_vtuber.config import SpeechFilter
from open_llm_vtuber.conversation.speaking.feelings import Faces
from open_llm_vtuber.conversation.speaking.reply_lines import ReplyLines
from open_llm_vtuber.conversation.speaking.speech_text import Line, Script
from open_llm_vtuber.engines.llm.base import Thought


def reading(*pieces: str | Thought) -> tuple[ReplyLines, list[Line]]:
    lines = ReplyLines(Script(Faces({}), SpeechFilter()), first_clause=False)
    found = [line for piece in pieces for line in lines.feed(piece)]
    return lines, [*found, *lines.flush()]


def displays(lines: list[Line]) -> list[str]:
    return [line.display for line in lines]


def written(text: str) -> Thought:
    return Thought(text, written=True)


def test_a_written_thought_is_shown_in_parentheses_and_not_said() -> None:
    lines, found = reading(written(""), written("Hm. A "), written("hello."), "Hello. ", "Bye.")
    assert displays(found) == ["(", "Hm. ", "A hello.", ")", "Hello. ", "Bye."]
    assert [line.speech for line in found] == ["", "", "", "", "Hello.", "Bye."]
    assert lines.said(found) == lines.raw == "Hello. Bye."


def test_a_thought_told_apart_is_not_shown() -> None:
    lines, found = reading(Thought("Hm."), "Hello.")
    assert displays(found) == ["Hello."]
    assert lines.raw == "Hello."
    assert lines.length == len("Hello.")


def test_what_is_taken_back_is_neither_said_nor_remembered() -> None:
    lines = ReplyLines(Script(Faces({}), SpeechFilter()), first_clause=False)
    before = lines.feed("They want a hello. Keep it short.")
    assert displays(before) == ["They want a hello. "]
    lines.take_back()
    after = [*lines.feed("Hello."), *lines.flush()]
    assert displays(after) == ["Hello."]
    assert [lines.is_taken_back(line) for line in [*before, *after]] == [True, False]
    assert lines.said([*before, *after]) == lines.raw == "Hello."


def test_what_was_said_before_a_tool_is_not_taken_back() -> None:
    lines = ReplyLines(Script(Faces({}), SpeechFilter()), first_clause=False)
    before = [*lines.feed("Let me see. "), *lines.flush()]
    thought = lines.feed("They want a hello. Keep it short.")
    lines.take_back()
    after = [*lines.feed("Hello."), *lines.flush()]
    assert lines.raw == "Let me see. Hello."
    assert lines.said([*before, *thought, *after]) == "Let me see. Hello."


def test_what_was_heard_is_told_without_thoughts() -> None:
    lines, found = reading(written("Hm. A hello."), "Hello. Good to see you.")
    assert displays(found) == ["(", "Hm. ", "A hello.", ")", "Hello. ", "Good to see you."]
    assert lines.heard("(Hm. A hello.)Hello. Good to", found) == "Hello. Good to"
    assert lines.heard("(Hm. A hello.)", found) == ""
    assert lines.heard("(Hm. A he", found) == ""
    assert lines.heard("Something else", found) == "Something else"


def test_without_thoughts_what_was_heard_stays_as_it_was_told() -> None:
    lines, found = reading("Hello. Good to see you.")
    assert lines.heard(" Hello.  Good", found) == " Hello.  Good"


def test_a_mark_that_is_written_about_is_shown_and_begins_no_thought() -> None:
    text = "Write `<think>` before it, and `</THINK>` behind it. Then answer."
    lines, found = reading(text)
    assert "".join(displays(found)) == lines.raw == lines.said(found) == text
    assert " ".join(line.speech for line in found if line.speech).endswith("Then answer.")
    assert all(line.speech for line in found)


def test_a_long_thought_is_not_shown_to_its_end_and_takes_no_room_from_the_answer() -> None:
    lines = ReplyLines(Script(Faces({}), SpeechFilter()), first_clause=False, max_chars=100)
    pieces = [written("A thought. ")] * 50 + ["Hello."]
    found = [line for piece in pieces for line in lines.feed(piece)] + lines.flush()
    assert sum(map(len, displays(found))) < 120
    assert displays(found)[-1] == lines.raw == "Hello."
    assert lines.length == len("Hello.")
