"""Memory: a stable prefix, roles that alternate, and a cut that is rare."""

from __future__ import annotations

import itertools

import pytest

from open_llm_vtuber.agent.memory import INTERRUPTED, Memory, older_half
from open_llm_vtuber.engines.llm.base import ChatMessage, Role

SYSTEM = ChatMessage("system", "You are a test.")
ROLES: dict[str, Role] = {"u": "user", "a": "assistant"}


def messages(roles: str) -> list[ChatMessage]:
    """Return messages by the first letters of their roles, numbered from 0."""
    return [ChatMessage(ROLES[role], str(number)) for number, role in enumerate(roles)]


def filled(*sizes: int) -> Memory:
    """Return what remembers messages of so many bytes, after a system prompt of 25."""
    memory = Memory(ChatMessage("system", "s" * 25), 1000)
    for number, size in enumerate(sizes):
        memory.add("user" if number % 2 == 0 else "assistant", "x" * size)
    return memory


@pytest.mark.parametrize(
    ("roles", "kept"),
    [
        ("", []),
        ("u", []),
        ("ua", ["1"]),
        ("uau", ["2"]),
        ("uaua", ["2", "3"]),
        ("uauau", ["4"]),
        ("uauaua", ["4", "5"]),
        ("uuuau", ["4"]),
        ("uuaaa", ["4"]),
        ("uuuuua", ["3", "4", "5"]),
    ],
)
def test_the_younger_half_begins_with_no_answer_to_nothing(roles: str, kept: list[str]) -> None:
    assert [message.content for message in older_half(messages(roles))] == kept


def test_the_prompt_only_grows_at_its_end() -> None:
    memory = Memory(SYSTEM, 1000)
    prompts = []
    for number in range(5):
        memory.add("user", f"question {number}")
        prompts.append(memory.prompt(None))
        memory.add("assistant", f"answer {number}")
    for earlier, later in itertools.pairwise(prompts):
        assert later[: len(earlier)] == earlier


def test_neighbours_of_one_role_are_joined() -> None:
    memory = Memory(SYSTEM, 1000)
    memory.add("user", "One")
    memory.add("user", "two")
    assert memory.prompt(None) == [SYSTEM, ChatMessage("user", "One\ntwo")]


def test_examples_stand_before_all_that_is_said_and_stay_as_they_are() -> None:
    examples = messages("uaua")
    memory = Memory(SYSTEM, 1000, examples)
    assert memory.prompt(None) == [SYSTEM, *examples]
    memory.add("assistant", "Are you there?")
    memory.add("user", "Yes.")
    prompt = memory.prompt(None)
    assert prompt[:5] == [SYSTEM, *examples]
    assert [message.role for message in prompt[5:]] == ["user", "assistant", "user"]
    memory.clear()
    assert memory.prompt(None) == [SYSTEM, *examples]


def test_the_note_on_the_examples_stands_where_the_conversation_begins() -> None:
    examples = messages("ua")
    memory = Memory(SYSTEM, 2, examples, "(Go.)")
    for number in range(4):
        memory.add("user", f"question {number}")
        assert memory.prompt(None)[3].content.startswith("(Go.)\n")
        memory.add("assistant", f"answer {number}")
    memory.clear()
    assert memory.prompt(None) == [SYSTEM, *examples, ChatMessage("user", "(Go.)")]


def test_the_room_that_examples_take_is_counted() -> None:
    memory = Memory(SYSTEM, 1000, [ChatMessage("assistant", "x" * 900)])
    memory.add("user", "a" * 100)
    memory.add("user", "b" * 100)
    assert memory.prompt(None, 1000)[2:] == [ChatMessage("user", "b" * 100)]


def test_when_the_context_is_full_the_older_half_goes_at_once() -> None:
    memory = Memory(SYSTEM, 1000)
    lengths = []
    for number in range(200):
        memory.add("user" if number % 2 == 0 else "assistant", f"{number} " + "word " * 40)
        lengths.append(len(memory.prompt(2000)))
    cuts = [index for index in range(1, 200) if lengths[index] < lengths[index - 1]]
    assert 0 < len(cuts) < 25
    assert max(lengths) < 60
    assert memory.prompt(2000)[-1].content.startswith("199 ")


def test_one_message_that_is_too_long_is_kept() -> None:
    memory = Memory(SYSTEM, 1000)
    memory.add("user", "word " * 10_000)
    assert len(memory.prompt(100)) == 2


def test_the_number_of_messages_is_bounded() -> None:
    memory = Memory(SYSTEM, 10)
    for number in range(100):
        memory.add("user" if number % 2 == 0 else "assistant", str(number))
        assert len(memory.prompt(None)) <= 11


def test_as_many_messages_as_may_be_are_kept() -> None:
    memory = Memory(SYSTEM, 4)
    for message in messages("uaua"):
        memory.add(message.role, message.content)
    assert memory.prompt(None) == [SYSTEM, *messages("uaua")]
    memory.add("user", "4")
    assert memory.prompt(None) == [SYSTEM, ChatMessage("user", "4")]


@pytest.mark.parametrize("size", [100, 101])
def test_a_prompt_may_fill_three_quarters_of_the_context_at_three_bytes_a_token(size: int) -> None:
    """Of 100 tokens they are 225 bytes."""
    kept = filled(100, size).prompt(100)
    assert [len(message.content) for message in kept] == (
        [25, 100, 100] if size == 100 else [25, 101]
    )


@pytest.mark.parametrize("max_bytes", [225, 224])
def test_a_prompt_may_be_as_large_as_it_is_told(max_bytes: int) -> None:
    kept = [len(message.content) for message in filled(100, 100).prompt(None, max_bytes)]
    assert kept == ([25, 100, 100] if max_bytes == 225 else [25, 100])


def test_the_smaller_limit_counts() -> None:
    assert len(filled(100, 100).prompt(100, 1000)) == 3
    assert len(filled(100, 100).prompt(1000, 100)) == 2
    assert len(filled(100, 100).prompt(99, 1000)) == 2


def test_a_new_conversation_remembers_nothing() -> None:
    memory = filled(1, 1)
    memory.clear()
    assert len(memory.prompt(None)) == 1


def talked(turns: int, max_messages: int = 21) -> Memory:
    """Return what remembers some turns, each of two messages of about 100 bytes."""
    memory = Memory(SYSTEM, max_messages)
    for number in range(turns):
        memory.add("user", f"Question {number} ".ljust(100, "q"))
        memory.add("assistant", f"Answer {number} ".ljust(100, "a"))
    return memory


def test_what_is_to_go_is_known_well_before_it_goes() -> None:
    assert talked(6).going(None) is None
    part = talked(7).going(None)
    assert part is not None
    assert (len(part.messages), part.end, part.newest) == (12, 12, 2)
    assert part.follows.startswith("Question 6 ")
    assert part.before == ""
    by_bytes = talked(16, 1000).going(2000, None)
    assert by_bytes is not None
    assert by_bytes.newest <= by_bytes.end
    assert talked(16, 1000).going(None) is None
    assert talked(7).going(None, 1500) is None  # there is no room for a summary


def test_a_summary_takes_the_place_of_what_goes_and_no_earlier() -> None:
    memory = talked(7)
    part = memory.going(None)
    assert part
    memory.summed_up(part, "(In short.)")
    assert memory.going(None) is None
    before = memory.prompt(None)
    for number in range(7, 10):
        memory.add("user", f"Question {number}")
        memory.add("assistant", f"Answer {number}")
        assert memory.prompt(None)[: len(before)] == before
    memory.add("user", "Question 10")
    assert memory.prompt(None)[: len(before)] == before
    memory.add("assistant", "Answer 10")
    memory.add("user", "Question 11")
    prompt = memory.prompt(None)
    assert prompt[:1] == [SYSTEM]
    assert prompt[1].content == f"(In short.)\n{part.follows}"
    assert prompt[-1] == ChatMessage("user", "Question 11")
    assert len(prompt) == 1 + 23 - 12
    assert memory.going(None) is None
    for number in range(12, 20):
        memory.add("user", f"Question {number}")
        following = memory.going(None)
    assert following
    assert following.before == "(In short.)"


def test_a_summary_may_take_its_place_a_little_before_it_has_to() -> None:
    memory = talked(7)
    assert not memory.settle(None)
    part = memory.going(None)
    assert part
    memory.summed_up(part, "(In short.)")
    for number in range(7, 9):
        memory.add("user", f"Question {number}")
        assert not memory.settle(None)
        memory.add("assistant", f"Answer {number}")
    assert memory.settle(None)
    assert not memory.settle(None)
    prompt = memory.prompt(None)
    assert prompt[1].content == f"(In short.)\n{part.follows}"
    assert len(prompt) == 1 + 18 - 12


def test_a_summary_that_comes_late_stands_for_what_went_meanwhile() -> None:
    memory = talked(7)
    part = memory.going(None)
    assert part
    for number in range(7, 12):
        memory.add("user", f"Question {number}")
        memory.add("assistant", f"Answer {number}")
    memory.prompt(None)
    memory.summed_up(part, "(In short.)")
    prompt = memory.prompt(None)
    assert prompt[1].content.startswith("(In short.)\nQuestion 6 ")


def test_what_stays_begins_with_what_the_person_said() -> None:
    memory = Memory(SYSTEM, 10)
    for _ in range(3):
        memory.add("user", "Well?")
        memory.add("assistant", "No...")
        memory.add("user", INTERRUPTED)
    part = memory.going(None)
    assert part
    assert (part.end, part.follows) == (6, "Well?")


def test_a_conversation_goes_on_with_its_summary() -> None:
    memory = Memory(SYSTEM, 100)
    for role, text in (("u", "One"), ("a", "Two"), ("u", INTERRUPTED), ("u", "Three"), ("a", "4")):
        memory.add(ROLES[role], text)
    memory.go_on("(In short.)", 2)
    assert memory.prompt(None)[1].content == f"(In short.)\n{INTERRUPTED}\nThree"
    memory.clear()
    assert memory.prompt(None) == [SYSTEM]
