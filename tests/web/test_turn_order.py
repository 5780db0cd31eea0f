"""Whatever a person does in whatever order: each thing said is answered and kept once, or not."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Serve
from tests.support.client import Client, Message, client, is_chain_end, of_type
from tests.support.engines import EchoLLM
from tests.support.live import Live, conf
from tests.support.turn_order import Order, documented_order, known, name_of

FRAME = 512
EXTENSIONS = ["barge-in", "turn-ids", "partial-transcripts", "turn-metrics"]
SAID = re.compile(r"(?:Loud for \d+\.\d s|Typed \d+)\.")

MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("speak"), st.integers(4, 60)),
        st.tuples(st.just("noise"), st.integers(1, 2)),
        st.tuples(st.just("pause"), st.integers(1, 40)),
        st.tuples(st.just("wait"), st.integers(1, 5)),
        st.tuples(st.sampled_from(["type", "played", "break in", "mute", "key"]), st.just(0)),
    ),
    max_size=14,
)


class Seen:
    """What a client was sent, each message followed in the table of docs/turns.md.

    Raises AssertionError where that has no row for it.
    """

    def __init__(self, order: Order) -> None:
        self.messages: list[Message] = []
        self.broke_in = 0
        """How many interrupts of its own may still end a turn without a word."""
        self._order = order
        self._state = "none"
        self._taken = set[str]()
        self._turns = set[str]()

    def add(self, message: Message) -> None:
        self.messages.append(message)
        name = name_of(message)
        if name in ("duck", "pause", "resume"):
            assert message["turn"] in self._turns, self.messages
            return
        if name == "conversation-chain-start":
            self._turns.add(message.get("turn", ""))
            if self._state != "none" and self.broke_in:
                self.broke_in -= 1
                self._state = "none"
        assert (self._state, name) in self._order or name not in known(self._order), (
            f"{name} while the turn is {self._state}: {self.messages}"
        )
        self._state = self._order.get((self._state, name), self._state)
        if name == "user-input-transcription":
            self._taken.add(message["text"])
        elif name == "audio":
            answered = SAID.findall(message["display_text"]["text"])
            assert all(one in self._taken for one in answered if one.startswith("Loud")), message
        assert name != "error", message


async def said_by(
    one: Client, seen: Seen, moves: list[tuple[str, int]], plays: bool, leaves: bool
) -> None:
    """Do all that, and type something at last; note what comes of it.

    Unless it `plays` at once, an answer is heard to its end when it is "played".
    """

    async def read() -> None:
        while True:
            message = await one.receive()
            seen.add(message)
            if plays or message["type"] != "backend-synth-complete":
                await one.play(message)

    typed = 0
    reading = asyncio.create_task(read())
    await one.send("mic-stream-start")
    for move, count in moves:
        match move:
            case "speak" | "noise":
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
                seen.broke_in += 1
                await one.send("interrupt-signal", text=one.heard)
            case "mute" | "key":
                await one.send("mic-stream-stop")
                await one.send("mic-stream-start", held=move == "key")
    if not leaves:
        plays = True
        await one.send("frontend-playback-complete")
        await one.send("mic-stream-stop")
        # whether what was said over her is answered is known before a folder is read
        await one.send("fetch-backgrounds")
        await until(lambda: bool(of_type(seen.messages, "background-files")), reading)
        await one.send("text-input", text="Typed 99.", images=[])
        await until(lambda: "Typed 99." in " ".join(shown(seen.messages)), reading)
        await until(lambda: is_chain_end(seen.messages[-1]), reading)
    while not reading.done():  # Python 3.11's wait_for may swallow a cancellation
        reading.cancel()
        await asyncio.sleep(0)
    if not reading.cancelled() and (error := reading.exception()):
        raise error


async def until(true: Callable[[], bool], reading: asyncio.Task[None]) -> None:
    while not (true() or reading.done()):
        await asyncio.sleep(0.002)


def shown(messages: list[Message]) -> list[str]:
    return [one["display_text"]["text"] for one in of_type(messages, "audio")]


async def kept(one: Client) -> list[str]:
    """Return what is stored of what the person said, in order."""
    stored = await one.ask("fetch-and-set-history", "history-data", history_uid=one.history_uid)
    return [entry["content"] for entry in stored["messages"] if entry["role"] == "human"]


async def in_this_order(
    live: Live,
    seen: Seen,
    moves: list[tuple[str, int]],
    *,
    extends: bool,
    plays: bool,
    leaves: bool,
) -> None:
    async with client(live.url) as one:
        if extends:
            await one.ask("enable-extensions", "extensions-enabled", extensions=EXTENSIONS)
        await said_by(one, seen, moves, plays, leaves)
        if leaves:
            return
        told = [message["text"] for message in of_type(seen.messages, "user-input-transcription")]
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
    order = documented_order()

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(moves=MOVES, extends=st.booleans(), plays=st.booleans(), leaves=st.booleans())
    def hold(moves: list[tuple[str, int]], extends: bool, plays: bool, leaves: bool) -> None:
        ways = in_this_order(live, Seen(order), moves, extends=extends, plays=plays, leaves=leaves)
        asyncio.run(asyncio.wait_for(ways, 60))

    hold()
