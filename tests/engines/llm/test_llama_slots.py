"""Which conversation gets which slot."""

from __future__ import annotations

import pytest

from open_llm_vtuber.engines.llm.base import ChatMessage
from open_llm_vtuber.engines.llm.llama_cpp.slots import Prefix, Slots

MILI = ChatMessage("system", "You are Mili.")
MAO = ChatMessage("system", "You are Mao.")


def user(text: str) -> ChatMessage:
    return ChatMessage("user", text)


def turn(slots: Slots, *messages: ChatMessage) -> int:
    slot = slots.take(messages, 1)
    slot.messages, slot.busy = messages, False
    return slot.number


def test_a_conversation_keeps_its_slot() -> None:
    slots = Slots(2)
    first = turn(slots, MILI, user("a"))
    second = turn(slots, MILI, user("b"))
    assert first != second
    for _ in range(2):
        assert turn(slots, MILI, user("a"), user("more")) == first
        assert turn(slots, MILI, user("b"), user("more")) == second


def test_a_new_conversation_gets_the_slot_unused_for_the_longest_time() -> None:
    slots = Slots(2)
    first, second = turn(slots, MILI, user("a")), turn(slots, MILI, user("b"))
    turn(slots, MILI, user("a"), user("more"))
    assert turn(slots, MAO, user("c")) == second
    assert turn(slots, MILI, user("d")) == first


def test_what_is_read_while_it_is_said_is_where_it_is_answered() -> None:
    slots = Slots(2)
    turn(slots, MILI, user("Good evening."))
    said = turn(slots, MILI, user("Hello there, could"))
    assert turn(slots, MILI, user("Hello there, could you tell me")) == said
    assert turn(slots, MILI, user("Hello there, could you tall us?")) == said  # it was misheard


@pytest.mark.parametrize(
    "messages",
    [
        (MILI, user("Hold on.")),  # too little is the same
        (MAO, user("Hello there, could you")),
        (MILI, user("a"), user("Hello there, could you")),
    ],
)
def test_another_conversation_does_not_get_it(messages: tuple[ChatMessage, ...]) -> None:
    slots = Slots(2)
    other = turn(slots, MILI, user("Good evening."))
    turn(slots, MILI, user("Hello there, could"))
    assert turn(slots, *messages) == other


def test_one_that_went_on_from_there_keeps_it() -> None:
    slots = Slots(2)
    other = turn(slots, MILI, user("Good evening."))
    turn(slots, MILI, user("Hello there."), ChatMessage("assistant", "Hi."), user("And now?"))
    assert turn(slots, MILI, user("Hello there, you.")) == other


def test_a_busy_slot_is_not_given() -> None:
    slots = Slots(2)
    busy = slots.take((MILI, user("a")), 1)
    busy.messages = (MILI, user("a"))
    assert slots.take((MILI, user("a")), 1) is not busy


def test_a_prefix_begins_only_what_begins_with_all_of_it() -> None:
    prefix = Prefix((MILI, user("a")))
    assert prefix.begins([MILI, user("a"), user("b")])
    assert not prefix.begins([MILI])
    assert not prefix.begins([MAO, user("a")])


def told(count: int, first: int = 0) -> list[ChatMessage]:
    """Return so many turns that were answered, without the first ones."""
    turns = [(user(f"{n}?"), ChatMessage("assistant", f"{n}!")) for n in range(first, count)]
    return [message for turn in turns for message in turn]


def test_a_conversation_that_has_become_too_long_keeps_its_slot() -> None:
    slots = Slots(2)
    own = turn(slots, MILI, *told(8), user("8?"))
    turn(slots, MILI, user("Good evening."))
    turn(slots, MILI, *told(8), user("8?"))
    opened = user("It is Sunday.\n5?")
    assert turn(slots, MILI, opened, *told(9, 5)[1:], user("9?")) == own


def test_one_that_has_not_said_the_same_does_not_get_it() -> None:
    slots = Slots(2)
    other = turn(slots, MILI, user("Good evening."))
    turn(slots, MILI, *told(8), user("8?"))
    assert turn(slots, MILI, *told(3, 2), user("Well?")) == other
