"""The turns of one client: stopped before it is told, kept as far as they were delivered."""

from __future__ import annotations

import asyncio

import pytest

from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.conversation.barge_in_control import ClientBargeInControl
from open_llm_vtuber.conversation.extensions import Extensions
from open_llm_vtuber.conversation.turn_limits import TooManyWaitingError
from open_llm_vtuber.conversation.turn_request import Request
from open_llm_vtuber.history.errors import HistoryError
from open_llm_vtuber.protocol.incoming_parts import Image
from open_llm_vtuber.protocol.outgoing import Control
from tests.support.hearing import AskingASR, spoken
from tests.support.one_client import FORTY, scene, underway
from tests.support.wire import settle

pytestmark = pytest.mark.anyio


async def test_after_an_interrupt_not_one_frame_of_its_turn_leaves() -> None:
    async with scene(FORTY) as one:
        one.wire.stop()
        one.turns.ask(Request("Go on for long."))
        await one.until_written(5)
        one.turns.interrupt("This is")
        one.outbox.post(Control(text="interrupt"))
        before = len(one.wire.frames)
        for _ in range(20):
            await asyncio.sleep(0.001)
            await one.wire.take()
        assert one.wire.kinds[before:] == ["interrupt"]
        assert one.stored == [
            ("human", "Go on for long."),
            ("ai", "This is"),
            ("system", "[Interrupted by user]"),
        ]


@pytest.mark.parametrize("failure", [None, HistoryError("The disk is full.")])
async def test_a_voice_while_a_heard_answer_is_stored_is_the_last_that_is_told_of_it(
    failure: HistoryError | None,
) -> None:
    async with scene("All of it.") as one:
        history = one.scripted.history
        history.may_save.clear()
        history.failure = failure
        control = ClientBargeInControl(
            one.turns, Extensions(one.outbox), lambda: None, one.outbox.post
        )
        one.turns.ask(Request("Tell me."))
        await one.until(lambda: "backend-synth-complete" in one.wire.kinds)
        one.turns.played()
        await one.until(lambda: one.turns.running is None)
        before = len(one.wire.frames)
        assert control.break_in() is None
        history.may_save.set()
        await one.until(lambda: one.turns.is_idle)
        told = ["interrupt", *(["error"] if failure else [])]
        await one.until_written(before + len(told))
        assert one.wire.kinds[before:] == told
        assert one.stored == [("human", "Tell me."), ("ai", "All of it.")]


@pytest.mark.parametrize("raises", [True, False])
async def test_of_an_engine_that_does_not_let_itself_be_stopped_nothing_comes(raises: bool) -> None:
    """It fails when it is cancelled, or ends as if nothing was: both are a plugin's mistake."""

    async def write_down(pcm: Pcm) -> str:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if raises:
                raise RuntimeError("This library calls it an error.") from None
        return "These are the words."

    async with scene("Yes.") as one:
        one.turns.ask(Request(spoken(AskingASR(write_down))))
        await one.until(lambda: len(one.wire.frames) == 2)
        one.turns.interrupt("")
        one.turns.ask(Request("And now?"))
        await one.until(lambda: "audio" in one.wire.kinds)
        kinds = one.wire.kinds[2:5]
        assert kinds == ["conversation-chain-start", "full-text", "audio"]
        assert one.stored[0] == ("human", "And now?")


async def test_a_client_that_takes_nothing_does_not_hold_the_language_model() -> None:
    async with scene(FORTY) as one:
        one.wire.stop()
        one.turns.ask(Request("Go on for long."))
        await one.until_written(3)
        await one.until(lambda: one.agent.active == 0, take=False)
        assert len(one.wire.frames) == 3


async def test_a_turn_ends_after_the_longest_time_one_may_take() -> None:
    async with scene(FORTY, turn_timeout_s=0.3, playback_grace_s=0.01) as one:
        one.wire.stop()
        one.turns.ask(Request("Go on for long."))
        await one.until_written(4)
        await asyncio.sleep(0.4)
        await one.until(lambda: "conversation-chain-end" in one.wire.kinds)
        errors = [frame for frame in one.wire.frames if '"error"' in frame]
        assert len(errors) == 1
        assert "turn_timeout_s" in errors[0]
        assert one.stored[1][0] == "ai"


async def test_what_waits_is_counted_and_weighed() -> None:
    picture = Image(
        source="upload", data="data:image/png;base64," + "A" * 4000, mime_type="image/png"
    )
    limits = {"max_queued_turns": 3, "max_queued_turns_bytes": 10_000}
    async with scene(FORTY, **limits) as one:
        one.wire.stop()
        one.turns.ask(Request("Go on for long."))
        await one.until_written(2)
        one.turns.ask(Request("Look", (picture, picture, picture)))  # one may be larger
        with pytest.raises(TooManyWaitingError, match="max_queued_turns_bytes"):
            one.turns.ask(Request("And this", (picture,)))
    async with scene(FORTY, **limits) as one:
        one.wire.stop()
        one.turns.ask(Request("Go on for long."))
        await one.until_written(2)
        for _ in range(3):
            one.turns.ask(Request("Hello"))
        with pytest.raises(TooManyWaitingError, match="max_queued_turns"):
            one.turns.ask(Request("Hello"))


async def test_no_turn_begins_while_another_conversation_is_opened() -> None:
    async with scene(FORTY) as one:
        one.wire.stop()
        one.turns.ask(Request("Go on for long."))
        one.turns.ask(Request("This waits."))
        await one.until_written(3)
        memory = one.turns.context.memory
        async with one.turns.moving:
            assert one.turns.leave()
            for _ in range(9):
                await one.wire.take()
            assert one.stored == [("human", "Go on for long.")]
            memory.begin()
        await one.until_written(6)
        assert one.stored[0] == ("human", "This waits.")


def picture(size: int) -> Image:
    return Image(source="upload", data="x" * size, mime_type="image/png")


async def test_requests_are_answered_in_their_order_and_one_at_a_time() -> None:
    async with scene(None) as one:
        for text in ("one", "two", "three"):
            one.turns.ask(Request(text))
        await settle()
        assert one.agent.asked == ["one"]
        for count, text in enumerate(("one", "two", "three"), 1):
            await one.agent.write("Yes.")
            await one.agent.end()
            await one.until(lambda: "backend-synth-complete" in one.wire.kinds[-1:])
            assert one.agent.asked[-1] == text
            assert len(one.agent.asked) == count
            one.turns.played()
            await settle()
        one.turns.played()  # there is no turn any more
        assert one.stored[-2:] == [("human", "three"), ("ai", "Yes.")]
        assert not one.serving.done()


async def test_what_is_held_is_what_waits_and_what_is_answered() -> None:
    async with scene(None) as one:
        assert one.turns.held_bytes == 0
        one.turns.ask(Request("12345", (picture(100),)))
        one.turns.ask(Request("123"))
        assert one.turns.held_bytes == 20 + 100 + 12
        await settle()
        assert one.turns.held_bytes == 20 + 100 + 12
        one.turns.interrupt("")
        await settle()
        assert one.turns.held_bytes == 12
        one.turns.interrupt("")
        await settle()
        assert one.turns.held_bytes == 0


async def test_who_asks_too_much_is_told_how_much_waits() -> None:
    async with scene(None, max_queued_turns=2, max_queued_turns_bytes=10 * 2**20) as one:
        one.turns.ask(Request("a", (picture(5 * 2**20),)))
        with pytest.raises(TooManyWaitingError, match=r"^5 MiB of messages are waiting"):
            one.turns.ask(Request("b", (picture(6 * 2**20),)))
        one.turns.ask(Request("c"))
        with pytest.raises(TooManyWaitingError, match=r"^2 messages are waiting"):
            one.turns.ask(Request("d"))
        one.turns.interrupt("")
        assert one.turns.held_bytes > 0


async def test_an_interrupt_is_remembered_once() -> None:
    async with scene(None) as one:
        assert one.turns.interrupt("nothing was said") == "nothing was said"
        await underway(one)
        assert one.turns.interrupt("It is") == "It is"
        assert one.turns.interrupt("It is so") == "It is so"
        await settle()
        assert one.stored == [
            ("human", "Hi"),
            ("ai", "It is"),
            ("system", "[Interrupted by user]"),
        ]


async def test_what_the_client_says_was_heard_is_no_longer_than_an_answer() -> None:
    async with scene(None, max_reply_chars=10) as one:
        await underway(one)
        assert one.turns.interrupt("x" * 20) == "x" * 10
        await settle()


async def test_a_turn_that_was_stopped_is_remembered_before_the_next_begins() -> None:
    async with scene(None) as one:
        await underway(one)
        one.turns.ask(Request("And now?"))
        assert one.turns.stop() is None
        assert one.turns.stop() is None
        assert one.stored == [("human", "Hi")]  # what was heard is not known yet
        await settle(lambda: len(one.agent.asked) == 2)
        assert one.stored == [
            ("human", "Hi"),
            ("ai", "It is so."),
            ("system", "[Interrupted by user]"),
            ("human", "And now?"),
        ]
        await one.agent.write("Yes.")
        await one.agent.end()


async def test_a_turn_that_was_stopped_before_it_was_heard_leaves_no_trace() -> None:
    words = asyncio.get_running_loop().create_future()

    async def never(pcm: Pcm) -> str:
        return str(await words)

    async with scene(None) as one:
        utterance = spoken(AskingASR(never))
        one.turns.ask(Request(utterance))
        await settle()
        assert one.turns.stop() is utterance
        assert one.turns.interrupt("Eh") == "Eh"
        await settle()
        assert one.stored == []
        assert one.agent.asked == []


async def test_a_turn_that_was_heard_gives_its_utterance_to_nobody() -> None:
    async def at_once(pcm: Pcm) -> str:
        return "Hello"

    async with scene(None) as one:
        utterance = spoken(AskingASR(at_once))
        one.turns.ask(Request(utterance))
        await settle()
        assert one.agent.asked == ["Hello"]
        assert one.turns.stop() is None
        await settle()


async def test_a_turn_that_is_over_cannot_be_stopped() -> None:
    async with scene(None) as one:
        await underway(one)
        one.wire.stop()
        await one.agent.end()
        one.turns.played()  # too early: not all was sent
        await one.until(lambda: "backend-synth-complete" in one.wire.kinds)
        one.turns.played()
        await one.wire.take()  # now it is remembered, and its last messages wait to be sent
        assert one.turns.stop() is None
        assert not one.turns.leave()
        await one.until(lambda: one.wire.kinds[-1] == "conversation-chain-end")
        assert one.stored == [("human", "Hi"), ("ai", "It is so. And")]


async def test_a_turn_that_breaks_off_is_logged_and_ends_the_serving(logged: list[str]) -> None:
    async with scene(None) as one:
        one.scripted.history.failure = RuntimeError("unforeseen")
        await underway(one)
        await one.agent.end()
        await one.until(lambda: "backend-synth-complete" in one.wire.kinds)
        one.turns.played()
        await one.until(one.serving.done, take=False)
        assert len(logged) == 1
        assert "a turn broke off" in logged[0]
        assert "unforeseen" in logged[0]


async def test_who_cancels_what_is_performed_stops_the_turn_and_waits_for_it() -> None:
    async with scene(None) as one:
        performed = asyncio.create_task(one.turns.perform(Request("Hi")))
        await settle()
        await one.agent.write("It is so. ")
        await one.agent.write("And ")
        await one.until(lambda: "audio" in one.wire.kinds)
        performed.cancel()
        await settle(performed.done)
        assert performed.cancelled()
        assert one.agent.active == 0
        assert one.stored[1:] == [("ai", "It is so."), ("system", "[Interrupted by user]")]


async def test_who_cancels_a_turn_that_is_about_to_end_does_not_wait_for_its_client() -> None:
    async with scene(None) as one:
        performed = asyncio.create_task(one.turns.perform(Request("Hi")))
        await settle()
        await one.agent.write("It is so.")
        one.wire.stop()
        await one.agent.end()
        await one.until(lambda: "backend-synth-complete" in one.wire.kinds)
        one.turns.played()
        await one.wire.take()
        performed.cancel()
        await settle()
        assert performed.done()
        assert one.stored == [("human", "Hi"), ("ai", "It is so.")]


async def test_what_became_of_a_turn_is_told_to_who_had_it_performed() -> None:
    async with scene("It is so.", playback_grace_s=0.01) as one:
        turn = await one.turns.perform(Request("Hi"))
        assert turn.shown == "It is so."
        assert (turn.finished, turn.stopped, turn.disconnected) == (True, False, False)
        performed = asyncio.create_task(one.turns.perform(Request("Hi")))
        await settle(lambda: len(one.agent.asked) == 2)
        one.turns.stop()
        turn = await performed
        assert (turn.finished, turn.stopped, turn.disconnected) == (True, True, False)
        one.wire.leave()
        turn = await one.turns.perform(Request("Hi"))
        assert (turn.finished, turn.stopped, turn.disconnected) == (True, False, True)


async def test_closing_drops_what_waits() -> None:
    async with scene(None) as one:
        await underway(one)
        one.turns.ask(Request("Never answered"))
        await one.turns.close()
        assert one.turns.held_bytes == 0
        assert one.agent.asked == ["Hi"]
        assert one.agent.active == 0
        assert one.stored[1:] == [("ai", "It is so."), ("system", "[Interrupted by user]")]


async def test_another_character_answers_what_waits() -> None:
    cancelled = asyncio.Event()

    async def by_the_old_one(pcm: Pcm) -> str:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()
        return ""

    async with scene(None) as one:
        await underway(one)
        utterance = spoken(AskingASR(by_the_old_one))
        one.turns.ask(Request("And you?"))
        one.turns.ask(Request(utterance))
        other = one.another()
        before = await one.turns.change(other.as_real())
        assert before is one.scripted.as_real()
        await settle()
        assert one.stored[1:] == [("ai", "It is so."), ("system", "[Interrupted by user]")]
        assert (one.agent.asked, other.agent.asked) == (["Hi"], ["And you?"])
        assert cancelled.is_set()


async def test_an_interrupt_of_a_turn_that_is_over_comes_too_late() -> None:
    async with scene(None) as one:
        await underway(one)
        assert one.turns.running
        earlier = one.turns.running.id
        one.turns.ask(Request("And now?"))
        one.turns.stop()
        assert one.turns.running is None
        one.turns.interrupt("It", earlier)  # it was stopped before that was told
        await settle()
        assert one.turns.running.id != earlier
        one.turns.interrupt("It is", earlier)
        await settle()
        assert one.turns.running
        assert one.agent.asked == ["Hi", "And now?"]
        assert one.stored[:3] == [
            ("human", "Hi"),
            ("ai", "It"),
            ("system", "[Interrupted by user]"),
        ]


async def test_what_was_played_is_taken_for_the_turn_that_it_names() -> None:
    async with scene("Yes.") as one:
        one.turns.ask(Request("Hi"))
        await one.until(lambda: "backend-synth-complete" in one.wire.kinds)
        assert one.turns.running
        one.turns.played("an earlier one")
        await settle()
        assert "conversation-chain-end" not in one.wire.kinds
        one.turns.played(one.turns.running.id)
        await one.until(lambda: "conversation-chain-end" in one.wire.kinds)
        assert one.turns.running is None
