"""What is kept of an answer whose client goes, or whose conversation is left."""

from __future__ import annotations

import pytest

from open_llm_vtuber.conversation.turn_request import Request
from tests.support.one_client import FORTY, scene, underway

pytestmark = pytest.mark.anyio


async def test_of_an_answer_whose_client_leaves_what_was_delivered_is_kept(
    logged: list[str],
) -> None:
    async with scene(FORTY) as one:
        one.wire.stop()
        one.turns.ask(Request("Go on for long."))
        await one.until_written(5)
        one.wire.leave()
        await one.until(lambda: one.serving.done(), take=False)
        assert one.stored == [
            ("human", "Go on for long."),
            ("ai", "This is sentence 0. This is sentence 1."),
            ("system", "[Interrupted by user]"),
        ]
    assert logged == []


async def test_of_an_answer_whose_conversation_is_left_what_was_delivered_is_kept() -> None:
    async with scene(FORTY) as one:
        one.wire.stop()
        one.turns.ask(Request("Go on for long."))
        await one.until_written(4)
        assert one.turns.leave()
        assert one.stored == [
            ("human", "Go on for long."),
            ("ai", "This is sentence 0."),
            ("system", "[Interrupted by user]"),
        ]


async def test_of_an_answer_that_was_cut_off_before_its_first_word_nothing_is_kept() -> None:
    async with scene(FORTY) as one:
        one.wire.stop()
        one.turns.ask(Request("Go on for long."))
        await one.until_written(3)
        await one.turns.close()
        assert one.stored == [("human", "Go on for long.")]


async def test_a_deleted_conversation_gets_nothing_any_more() -> None:
    async with scene(FORTY) as one:
        one.wire.stop()
        one.turns.ask(Request("Go on for long."))
        await one.until_written(5)
        one.turns.discard()
        assert one.stored == [("human", "Go on for long.")]


async def test_leaving_keeps_what_was_delivered_and_says_whether_there_was_a_turn() -> None:
    async with scene(None) as one:
        assert not one.turns.leave()
        await underway(one)
        assert one.turns.leave()
        assert not one.turns.leave()
        assert one.stored[1:] == [("ai", "It is so."), ("system", "[Interrupted by user]")]


async def test_a_client_that_leaves_ends_the_serving_and_what_it_was_told_is_kept(
    logged: list[str],
) -> None:
    async with scene(None) as one:
        await underway(one)
        one.turns.ask(Request("Never answered"))
        one.wire.leave()
        await one.agent.write("then so. ")
        await one.agent.write("Or ")
        await one.until(one.serving.done, take=False)
        assert one.stored[1:] == [("ai", "It is so."), ("system", "[Interrupted by user]")]
        assert one.agent.asked == ["Hi"]
        assert logged == []


async def test_a_client_that_leaves_when_its_answer_is_stored_has_it_stored_once() -> None:
    async with scene(None) as one:
        await underway(one)
        one.wire.stop()
        await one.agent.end()
        await one.until(lambda: "backend-synth-complete" in one.wire.kinds)
        one.turns.played()
        await one.wire.take()
        one.wire.leave()
        await one.until(one.serving.done, take=False)
        assert one.stored == [("human", "Hi"), ("ai", "It is so. And")]
