"""Whatever a person does in whatever order: each thing said is answered and kept once, or not."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Serve
from tests.support.client import Client, client, is_chain_end, is_chain_start, of_type
from tests.support.engines import EchoLLM
from tests.support.live import Live, conf

FRAME = 512
SAID = re.compile(r"(?:Loud for \d+\.\d s|Typed \d+)\.")

MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("speak"), st.integers(4, 60)),
        st.tuples(st.just("pause"), st.integers(1, 40)),
        st.tuples(st.just("wait"), st.integers(1, 5)),
        st.tuples(st.sampled_from(["type", "played", "break in", "mute"]), st.just(0)),
    ),
    max_size=14,
)


async def said_by(one: Client, moves: list[tuple[str, int]], leaves: bool) -> list[dict[str, Any]]:
    """Do all that; return what came of it, and of what is typed at last."""
    messages: list[dict[str, Any]] = []
    typed = 0

    async def read() -> None:
        while True:
            messages.append(await one.receive())
            await one.play(messages[-1])

    reading = asyncio.create_task(read())
    await one.send("mic-stream-start")
    for move, count in moves:
        match move:
            case "speak":
                await one.socket.send(np.full(count * FRAME, 16_000, "<i2").tobytes())
            case "pause":
                await one.socket.send(np.zeros(count * FRAME, "<i2").tobytes())
            case "wait":
                await asyncio.sleep(count / 1000)
            case "type":
                typed += 1
                await one.send("text-input", text=f"Typed {typed}.", images=[])
            case "played":
                await one.send("frontend-playback-complete")
            case "break in":
                await one.send("interrupt-signal", text=one.heard)
            case _:
                await one.send("mic-stream-stop")
                await one.send("mic-stream-start")
    if not leaves:
        await one.send("mic-stream-stop")
        await one.send("text-input", text="Typed 99.", images=[])
        while not any("Typed 99." in text for text in shown(messages)):
            await asyncio.sleep(0.002)
        while not is_chain_end(messages[-1]):
            await asyncio.sleep(0.002)
    while not reading.done():  # Python 3.11's wait_for may swallow a cancellation
        reading.cancel()
        await asyncio.sleep(0)
    return messages


def shown(messages: list[dict[str, Any]]) -> list[str]:
    return [one["display_text"]["text"] for one in of_type(messages, "audio")]


def check(messages: list[dict[str, Any]]) -> None:
    """Nothing is said to words that were not taken, nor of a turn that was broken into."""
    taken, open_turn = set[str](), False
    for message in messages:
        if is_chain_start(message):
            open_turn = True
        elif message == {"type": "control", "text": "interrupt"}:
            open_turn = False
        elif message["type"] == "user-input-transcription":
            taken.add(message["text"])
        elif message["type"] == "audio":
            assert open_turn, message
            answered = SAID.findall(message["display_text"]["text"])
            assert all(one in taken for one in answered if one.startswith("Loud")), message
        else:
            assert message["type"] != "error", message


async def kept(one: Client) -> list[str]:
    """Return what is stored of what the person said, in order."""
    stored = await one.ask("fetch-and-set-history", "history-data", history_uid=one.history_uid)
    return [entry["content"] for entry in stored["messages"] if entry["role"] == "human"]


async def in_this_order(live: Live, moves: list[tuple[str, int]], leaves: bool) -> None:
    async with client(live.url) as one:
        messages = await said_by(one, moves, leaves)
        check(messages)
        if leaves:
            return
        told = [message["text"] for message in of_type(messages, "user-input-transcription")]
        stored = await kept(one)
        assert [text for text in stored if text.startswith("Loud")] == told
        typed = [text for text in stored if text.startswith("Typed")]
        assert typed == sorted(set(typed), key=typed.index)
        assert stored[-1] == "Typed 99."
        while any(llm.active for llm in EchoLLM.loaded):
            await asyncio.sleep(0.002)


def test_in_any_order_what_is_said_is_answered_and_kept_once(serve: Serve) -> None:
    live = serve(
        conf(
            asr="tests.support.engines:LoudnessASR",
            vad="tests.support.scarce:LoudVAD",
            sections={"echo_llm": {"delay_s": 0.001}},
            max_queued_turns=50,
        )
    )

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(moves=MOVES, leaves=st.booleans())
    def hold(moves: list[tuple[str, int]], leaves: bool) -> None:
        asyncio.run(asyncio.wait_for(in_this_order(live, moves, leaves), 60))

    hold()
