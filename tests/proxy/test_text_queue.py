"""Whose text is next."""

from __future__ import annotations

from open_llm_vtuber.proxy.text_queue import TextQueue

MUCH = 1000


def drained(queue: TextQueue[str]) -> list[str]:
    texts = []
    while taken := queue.take():
        texts.append(taken[1])
    return texts


def test_one_of_each_client_in_turn() -> None:
    queue: TextQueue[str] = TextQueue(3, MUCH)
    for text in ("a1", "a2", "a3", "b1", "c1", "b2"):
        queue.put(text[0], text)
    assert drained(queue) == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_a_client_that_sends_too_many_is_refused_and_others_are_not() -> None:
    queue: TextQueue[str] = TextQueue(1, MUCH)
    assert queue.put("a", "a1")
    assert not queue.put("a", "a2")
    assert queue.put("b", "b1")


def test_what_waits_has_a_size_and_nobody_can_take_all_of_it() -> None:
    queue: TextQueue[str] = TextQueue(100, MUCH)
    held = 0
    for client in "abcde":
        mine = 0
        while queue.put(client, "ä" * 10):
            mine += 20
        assert mine > 0, "somebody else has taken it all"
        held += mine
        assert held <= MUCH
    assert not queue.put("a", "x" * MUCH)
    assert len(drained(queue)) == held / 20
    assert queue.put("a", "x" * MUCH), "what was taken out is free again"


def test_what_a_client_left_behind_is_not_said() -> None:
    queue: TextQueue[str] = TextQueue(3, MUCH)
    queue.put("a", "a" * MUCH)
    queue.put("b", "b1")
    queue.forget("a")
    assert queue.put("b", "b2")
    assert drained(queue) == ["b2"]
