"""The turns of one client: stopped before it is told, kept as far as they were delivered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
import yaml
from loguru import logger

from open_llm_vtuber.config import load_config
from open_llm_vtuber.conversation.extensions import Extensions
from open_llm_vtuber.conversation.outbox import Outbox
from open_llm_vtuber.conversation.turn_queue import TooManyWaitingError, Turns
from open_llm_vtuber.conversation.turn_request import Request
from open_llm_vtuber.protocol.incoming import Image
from open_llm_vtuber.protocol.outgoing import Control
from open_llm_vtuber.server.server import Server
from tests.support.engines import EchoLLM
from tests.support.live import conf, give_model
from tests.support.wire import ScriptedWire

pytestmark = pytest.mark.anyio

ENGINES = "tests.support.engines:"
FORTY = " ".join(f"This is sentence {number}." for number in range(40))


class Stage:
    """The turns of one client, its wire, and the server behind it."""

    def __init__(self, server: Server, turns: Turns, wire: ScriptedWire, outbox: Outbox) -> None:
        self.server = server
        self.turns = turns
        self.wire = wire
        self.outbox = outbox

    @property
    def thinking(self) -> int:
        """How many answers the language model is writing."""
        engines = [entry.engine for entry in self.server._pool._entries.values()]
        return sum(engine.active for engine in engines if isinstance(engine, EchoLLM))

    async def until_written(self, count: int) -> None:
        """Let the client take what comes, until so many frames were written."""
        with anyio.fail_after(60):
            while len(self.wire.frames) < count:
                await asyncio.sleep(0.001)
                if len(self.wire.frames) < count:
                    await self.wire.take()

    async def stored(self) -> list[tuple[str, str]]:
        """Return what the database holds of the conversation."""
        context = self.turns.context
        history = context.memory.history
        await history.saved()
        assert history.uid
        found = await self.server.history.messages(context.character.conf_uid, history.uid)
        return [(message.role, message.content.strip()) for message in found]


@asynccontextmanager
async def stage(folder: Path, reply: str = "", **limits: Any) -> AsyncIterator[Stage]:
    sections: dict[str, dict[str, Any]] = {
        "echo_llm": {"reply": reply},
        "tone_tts": {"seconds": 0.01},
    }
    values = conf(asr=f"{ENGINES}MuteASR", vad=None, sections=sections, **limits)
    path = folder / "conf.yaml"
    path.write_text(yaml.safe_dump(values), "utf-8")
    give_model(folder)
    server = Server(load_config(path).config, folder, offline=True)
    await server.start()
    context = await server.admit()
    assert context
    await context.wait_loaded()
    wire = ScriptedWire()
    outbox = Outbox(wire, context.limits, lambda: None)
    turns = Turns(context, outbox, Extensions(outbox))
    serving = asyncio.create_task(turns.serve())
    try:
        yield Stage(server, turns, wire, outbox)
    finally:
        serving.cancel()
        await asyncio.wait([serving])
        await turns.close()
        await outbox.close()
        context.close()
        await server.close()


async def test_after_an_interrupt_not_one_frame_of_its_turn_leaves(tmp_path: Path) -> None:
    async with stage(tmp_path, FORTY) as one:
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
        assert await one.stored() == [
            ("human", "Go on for long."),
            ("ai", "This is"),
            ("system", "[Interrupted by user]"),
        ]


async def test_a_client_that_takes_nothing_does_not_hold_the_language_model(tmp_path: Path) -> None:
    async with stage(tmp_path, FORTY) as one:
        one.wire.stop()
        one.turns.ask(Request("Go on for long."))
        await one.until_written(3)
        for _ in range(200):
            await asyncio.sleep(0.005)
            if not one.thinking:
                break
        assert one.thinking == 0
        assert len(one.wire.frames) == 3


async def test_of_an_answer_whose_client_leaves_what_was_delivered_is_kept(tmp_path: Path) -> None:
    complaints: list[str] = []
    sink = logger.add(complaints.append, level="WARNING")
    async with stage(tmp_path, FORTY) as one:
        one.wire.stop()
        one.turns.ask(Request("Go on for long."))
        await one.until_written(5)
        one.wire.leave()
        for _ in range(200):
            await asyncio.sleep(0.005)
            if one.turns._task is None:
                break
        assert await one.stored() == [
            ("human", "Go on for long."),
            ("ai", "This is sentence 0. This is sentence 1."),
            ("system", "[Interrupted by user]"),
        ]
    logger.remove(sink)
    assert complaints == []


async def test_of_an_answer_whose_conversation_is_left_what_was_delivered_is_kept(
    tmp_path: Path,
) -> None:
    async with stage(tmp_path, FORTY) as one:
        one.wire.stop()
        one.turns.ask(Request("Go on for long."))
        await one.until_written(4)
        assert one.turns.leave()
        assert await one.stored() == [
            ("human", "Go on for long."),
            ("ai", "This is sentence 0."),
            ("system", "[Interrupted by user]"),
        ]


async def test_of_an_answer_that_was_cut_off_before_its_first_word_nothing_is_kept(
    tmp_path: Path,
) -> None:
    async with stage(tmp_path, FORTY) as one:
        one.wire.stop()
        one.turns.ask(Request("Go on for long."))
        await one.until_written(3)
        await one.turns.close()
        assert await one.stored() == [("human", "Go on for long.")]


async def test_a_deleted_conversation_gets_nothing_any_more(tmp_path: Path) -> None:
    async with stage(tmp_path, FORTY) as one:
        one.wire.stop()
        one.turns.ask(Request("Go on for long."))
        await one.until_written(5)
        one.turns.discard()
        assert await one.stored() == [("human", "Go on for long.")]


async def test_a_turn_ends_after_the_longest_time_one_may_take(tmp_path: Path) -> None:
    async with stage(tmp_path, FORTY, turn_timeout_s=0.3) as one:
        one.wire.stop()
        one.turns.ask(Request("Go on for long."))
        await one.until_written(4)
        await asyncio.sleep(0.4)
        while "conversation-chain-end" not in one.wire.kinds:
            await asyncio.sleep(0.001)
            await one.wire.take()
        errors = [frame for frame in one.wire.frames if '"error"' in frame]
        assert len(errors) == 1
        assert "turn_timeout_s" in errors[0]
        assert (await one.stored())[1][0] == "ai"


async def test_what_waits_is_counted_and_weighed(tmp_path: Path) -> None:
    picture = Image(
        source="upload", data="data:image/png;base64," + "A" * 4000, mime_type="image/png"
    )
    limits = {"max_queued_turns": 3, "max_queued_turns_bytes": 10_000}
    async with stage(tmp_path, FORTY, **limits) as one:
        one.wire.stop()
        one.turns.ask(Request("Go on for long."))
        await one.until_written(2)
        one.turns.ask(Request("Look", (picture, picture, picture)))  # one may be larger
        with pytest.raises(TooManyWaitingError, match="max_queued_turns_bytes"):
            one.turns.ask(Request("And this", (picture,)))
    async with stage(tmp_path, FORTY, **limits) as one:
        one.wire.stop()
        one.turns.ask(Request("Go on for long."))
        await one.until_written(2)
        for _ in range(3):
            one.turns.ask(Request("Hello"))
        with pytest.raises(TooManyWaitingError, match="max_queued_turns"):
            one.turns.ask(Request("Hello"))


async def test_no_turn_begins_while_another_conversation_is_opened(tmp_path: Path) -> None:
    async with stage(tmp_path, FORTY) as one:
        one.wire.stop()
        one.turns.ask(Request("Go on for long."))
        one.turns.ask(Request("This waits."))
        await one.until_written(3)
        memory = one.turns.context.memory
        async with one.turns.moving:
            assert one.turns.leave()
            for _ in range(9):
                await one.wire.take()
            assert await one.stored() == [("human", "Go on for long.")]
            memory.begin()
        await one.until_written(6)
        assert (await one.stored())[0] == ("human", "This waits.")
