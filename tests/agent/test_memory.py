"""Memory: a stable prefix, roles that alternate, and a cut that is rare."""

from __future__ import annotations

import itertools

from open_llm_vtuber.agent.memory import Memory
from open_llm_vtuber.engines.llm.base import ChatMessage

SYSTEM = ChatMessage("system", "You are a test.")


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
