"""Whose text is next."""

from __future__ import annotations

from open_llm_vtuber.proxy.text_queue import TextQueue


def drained(queue: TextQueue[str]) -> list[str]:
    texts = []
    while taken := queue.take():
        texts.append(taken[1])
        queue.active = False
    return texts


def test_one_of_each_client_in_turn() -> None:
    queue: TextQueue[str] = TextQueue(3)
    for text in ("a1", "a2", "a3", "b1", "c1", "b2"):
        queue.put(text[0], text)
    assert drained(queue) == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_nobody_is_next_while_one_is_answered() -> None:
    queue: TextQueue[str] = TextQueue(3)
    queue.put("a", "a1")
    queue.put("b", "b1")
    assert queue.take() == ("a", "a1")
    assert queue.take() is None


def test_a_client_that_sends_too_much_is_refused_and_others_are_not() -> None:
    queue: TextQueue[str] = TextQueue(1)
    assert queue.put("a", "a1")
    assert not queue.put("a", "a2")
    assert queue.put("b", "b1")


def test_what_a_client_left_behind_is_not_said() -> None:
    queue: TextQueue[str] = TextQueue(3)
    queue.put("a", "a1")
    queue.put("b", "b1")
    queue.forget("a")
    assert drained(queue) == ["b1"]
