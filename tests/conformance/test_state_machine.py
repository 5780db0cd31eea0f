"""Several clients send anything in any order; what must hold whatever they do, holds."""

from __future__ import annotations

import asyncio
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.conformance.engines import RecallingLLM
from tests.conformance.support import OWN, quick
from tests.support.client import Client, Message, is_chain_end, is_chain_start, socket_to
from tests.support.live import Live, live

MARK = re.compile(r"person(\d+)word(\d+)")
BREAKING = {
    "interrupt-signal",
    "create-new-history",
    "fetch-and-set-history",
    "delete-history",
    "switch-config",
    "add-client-to-group",
    "remove-client-from-group",
}
OWN_UID = "a well-formed uid of the sender"
WHOLE: list[tuple[str, dict[str, Any]]] = [
    ("fetch-backgrounds", {}),
    ("fetch-configs", {}),
    ("fetch-history-list", {}),
    ("create-new-history", {}),
    ("fetch-and-set-history", {"history_uid": OWN_UID}),
    ("fetch-and-set-history", {"history_uid": "../x"}),
    ("delete-history", {"history_uid": "unknown"}),
    ("switch-config", {"file": "conf.yaml"}),
    ("switch-config", {"file": "nobody.yaml"}),
    ("mic-audio-data", {"audio": [0.1] * 512}),
    ("mic-audio-end", {"images": []}),
    ("raw-audio-data", {"audio": [0.1] * 512}),
    ("ai-speak-signal", {"idle_time": -1, "images": []}),
    ("interrupt-signal", {"text": ""}),
    ("frontend-playback-complete", {}),
    ("request-group-info", {}),
    ("request-init-config", {}),
    ("add-client-to-group", {"invitee_uid": "unknown"}),
    ("audio-play-start", {"display_text": {"text": "x", "name": "y", "avatar": "z"}}),
]
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


class Watched(Client):
    """A client whose messages are checked as they come."""

    def __init__(self, socket: Any, number: int) -> None:
        super().__init__(socket)
        self.number = number
        self.words = 0
        self.open_turn = False
        self.breaks = 0
        self.last_word = 0
        self.grouped = False

    async def send(self, kind: str, **fields: Any) -> None:
        self.breaks += kind in BREAKING
        await super().send(kind, **fields)

    def _note(self, message: Message) -> None:
        super()._note(message)
        if is_chain_start(message):
            if self.open_turn:
                assert self.breaks > 0, "a turn began inside another"
                self.breaks -= 1
            self.open_turn, self.last_word = True, 0
        elif is_chain_end(message):
            self.open_turn = False
        elif message["type"] == "interrupt-signal":
            self.breaks += 1
        elif message["type"] == "group-update":
            self.breaks += 1
            self.grouped = self.grouped or bool(message["members"])
        elif message["type"] == "audio" and not message["forwarded"]:
            assert self.open_turn or self.breaks, "sound outside of a turn"
        # The lists of stored conversations are everybody's.
        if not self.grouped and not message["type"].startswith("history-"):
            self._check_words(message)

    def _check_words(self, message: Message) -> None:
        """Nobody's words but one's own; in a turn, in the order in which they were said."""
        for number, word in MARK.findall(str(message)):
            assert int(number) == self.number, "the words of somebody else"
            if message["type"] == "audio":
                assert int(word) > self.last_word, "sentences out of order"
                self.last_word = int(word)

    async def at_rest(self) -> None:
        """Wait for the end of all turns."""
        deadline = time.monotonic() + 20
        await self.settled()
        while self.open_turn and not self.breaks:
            await self.play(await self.receive(deadline - time.monotonic()))


class Sockets(RuleBasedStateMachine):
    """Rules are what clients do; `running` is the one server of all examples."""

    running: Live
    baseline: int
    numbers: Iterator[int]
    """Whose conversations are stored must not be met again in a later example."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.clients: list[Watched] = []
        self.gone: list[Watched] = []

    @precondition(lambda self: len(self.clients) < 3)
    @rule()
    def connect(self) -> None:
        self.loop.run_until_complete(self._connect())

    async def _connect(self) -> None:
        socket = await socket_to(self.running.url)
        one = Watched(socket, next(self.numbers))
        await one.open()
        self.clients.append(one)

    def one(self, data: st.DataObject) -> Watched:
        return data.draw(st.sampled_from(self.clients))

    @precondition(lambda self: self.clients)
    @rule(data=st.data(), sentences=st.integers(1, 4))
    def speak(self, data: st.DataObject, sentences: int) -> None:
        one = self.one(data)
        words = range(one.words + 1, one.words + 1 + sentences)
        one.words += sentences
        text = " ".join(f"Here is person{one.number}word{word} now." for word in words)
        self.loop.run_until_complete(one.send("text-input", text=text, images=[]))

    @precondition(lambda self: self.clients)
    @rule(data=st.data(), message=st.sampled_from(WHOLE))
    def send_anything(self, data: st.DataObject, message: tuple[str, dict[str, Any]]) -> None:
        one, fields = self.one(data), message[1]
        if fields.get("history_uid") == OWN_UID:
            fields = {"history_uid": f"2026-01-02_03-04-05_{one.number:032x}"}
        self.loop.run_until_complete(one.send(message[0], **fields))

    @precondition(lambda self: self.clients)
    @rule(data=st.data(), kind=st.sampled_from([k for k, _ in WHOLE]), key=st.text(), value=JUNK)
    def send_nonsense(self, data: st.DataObject, kind: str, key: str, value: object) -> None:
        field = {"switch-config": "file", "mic-audio-data": "audio"}.get(kind, "history_uid")
        fields = {field: value, key.replace("type", "_").replace("kind", "_"): value}
        fields.pop("self", None)
        self.loop.run_until_complete(self.one(data).send(kind, **fields))

    @precondition(lambda self: self.clients)
    @rule(data=st.data(), frame=st.sampled_from(["{", "", "[]", "null", '{"type":1}', "\x00"]))
    def send_no_message(self, data: st.DataObject, frame: str) -> None:
        self.loop.run_until_complete(self.one(data).socket.send(frame))

    @precondition(lambda self: len(self.clients) > 1)
    @rule(data=st.data(), kind=st.sampled_from(["add-client-to-group", "remove-client-from-group"]))
    def change_groups(self, data: st.DataObject, kind: str) -> None:
        one, other = self.one(data), self.one(data)
        field = "invitee_uid" if kind.startswith("add") else "target_uid"
        self.loop.run_until_complete(one.send(kind, **{field: other.uid}))

    @precondition(lambda self: self.clients)
    @rule(data=st.data())
    def read(self, data: st.DataObject) -> None:
        self.loop.run_until_complete(self.one(data).settled())

    @precondition(lambda self: self.clients)
    @rule(data=st.data(), politely=st.booleans())
    def leave(self, data: st.DataObject, politely: bool) -> None:
        one = self.one(data)
        self.clients.remove(one)
        self.gone.append(one)
        if politely:
            self.loop.run_until_complete(one.socket.close())
        else:
            one.socket.transport.abort()

    @invariant()
    def nobody_is_counted_twice(self) -> None:
        assert self.running.server.connections >= len(self.clients)

    def teardown(self) -> None:
        try:
            self.loop.run_until_complete(self._all_rest())
        finally:
            self.gone += self.clients
            self.loop.run_until_complete(self._close())
            self.loop.close()
        deadline = time.monotonic() + 10
        while self.running.server.connections or tasks() > self.baseline:
            assert time.monotonic() < deadline, "something of a client that left remains"
            time.sleep(0.01)

    async def _close(self) -> None:
        for one in self.gone:
            one.socket.transport.abort()
            await one.socket.wait_closed()

    async def _all_rest(self) -> None:
        # All at once: in a group one waits for what another plays.
        await asyncio.gather(*(one.at_rest() for one in self.clients))


def tasks() -> int:
    """Return how many tasks the server has."""
    assert RecallingLLM.loop is not None
    return len(asyncio.all_tasks(RecallingLLM.loop))


@pytest.fixture
def running() -> Any:
    values = quick(
        llm=f"{OWN}RecallingLLM",
        sections={"tone_tts": {"seconds": 0.02}},
        system={"group_rounds": 1},
        playback_grace_s=2,
    )
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        yield stack.enter_context(live(Path(folder), values))


def test_any_messages_in_any_order(running: Live) -> None:
    time.sleep(0.2)

    class Machine(Sockets):
        baseline = tasks()
        numbers = count(1)

    Machine.running = running
    Machine.TestCase.settings = settings(
        settings.get_profile("house"),
        max_examples=45,
        phases=(Phase.explicit, Phase.generate),  # shrinking takes minutes
        stateful_step_count=25,
        suppress_health_check=list(HealthCheck),
    )
    Machine.TestCase().runTest()
