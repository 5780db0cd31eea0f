"""The turns of one client without a server: its wire, model and voice do what a test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, ClassVar, cast

import anyio
import numpy as np

from open_llm_vtuber.agent.base import Agent, Drafted, Heard, Piece, Remark
from open_llm_vtuber.agent.conversation_memory import ConversationMemory
from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.config import Limits
from open_llm_vtuber.config.models import CharacterConfig
from open_llm_vtuber.conversation.context import ServiceContext
from open_llm_vtuber.conversation.extensions import Extensions
from open_llm_vtuber.conversation.outbox import Outbox
from open_llm_vtuber.conversation.speaking.feelings import Faces
from open_llm_vtuber.conversation.speaking.stand_in import StandIn
from open_llm_vtuber.conversation.turn_queue import Turns
from open_llm_vtuber.conversation.turn_request import Request
from open_llm_vtuber.engines.base import EngineConfig, Resources
from open_llm_vtuber.engines.llm.base import AnyLLM
from open_llm_vtuber.engines.tts.base import AnyTTS, TTSEngine
from open_llm_vtuber.history.session_history import SessionHistory
from open_llm_vtuber.protocol.outgoing import HistoryMessage
from tests.support.wire import ScriptedWire, settle

FORTY = " ".join(f"This is sentence {number}." for number in range(40))


class ShortTTS(TTSEngine[EngineConfig]):
    """Says everything in a millisecond of silence."""

    name: ClassVar[str] = "short_tts"
    Config = EngineConfig
    concurrency = 1000
    sample_rate = 1000

    async def load(self, resources: Resources) -> None:
        return

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        yield np.zeros(1, np.float32)


class ScriptedAgent(Agent):
    """Answers `reply`, in words; or, where it is None, what `write` gives it until `end`."""

    def __init__(self, reply: str | None) -> None:
        self.fixed = reply
        self.asked: list[str] = []
        self.drafted: list[str] = []
        """What it was asked on a guess; where that was right, it was `asked` as well."""
        self.reading: list[str] = []
        """What it began to read while it was being said; what it has `read` it has read to the
        end, as it may once `may_read` is set."""
        self.read: list[str] = []
        self.may_read = asyncio.Event()
        self.may_read.set()
        self.active = 0
        """How many answers it is writing."""
        self.heard_to: list[tuple[str, bool]] = []
        """What of its answers was heard, and whether it was interrupted."""
        self._pieces: asyncio.Queue[str | None] = asyncio.Queue()

    async def write(self, text: str) -> None:
        self._pieces.put_nowait(text)
        await settle()

    async def end(self) -> None:
        self._pieces.put_nowait(None)
        await settle()

    async def prepare(self) -> None:
        return

    async def listen(self, words: str) -> None:
        self.reading.append(words)
        await self.may_read.wait()
        self.read.append(words)

    async def reply(self, heard: Heard) -> AsyncGenerator[Piece, None]:
        self.asked.append(heard.text)
        async for piece in self._answer():
            yield piece

    def draft(self, heard: Heard) -> Drafted:
        self.drafted.append(heard.text)
        return Drafted(self._answer(), lambda: self.asked.append(heard.text))

    async def _answer(self) -> AsyncGenerator[Piece, None]:
        self.active += 1
        try:
            if self.fixed is not None:
                for word in self.fixed.split():
                    yield f"{word} "
            else:
                while piece := await self._pieces.get():
                    yield piece
        finally:
            self.active -= 1

    async def played(self, text: str, *, interrupted: bool) -> None:
        self.heard_to.append((text.strip(), interrupted))

    async def recall(self, remarks: Sequence[Remark]) -> None:
        return


class ListedHistory:
    """Keeps a conversation in a list, where it `may_save`, and unless there is a `failure`."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, str]] = []
        self.failure: Exception | None = None
        self.may_save = asyncio.Event()
        self.may_save.set()

    def add(self, role: str, content: str, *_: str, **_ids: object) -> None:
        self.entries.append((role, content.strip()))

    def append(self, message: HistoryMessage) -> None:
        self.add(message.role, message.content)

    def begin(self) -> str:
        self.leave()
        return "another"

    def leave(self) -> None:
        self.entries = []

    async def saved(self) -> None:
        await self.may_save.wait()
        if self.failure:
            raise self.failure


class ScriptedContext:
    """A character with its memory; it hears when `asr` is let."""

    def __init__(self, reply: str | None, limits: Limits) -> None:
        self.character = CharacterConfig(
            conf_name="tester",
            conf_uid="tester",
            live2d_model_name="tester",
            character_name="Tester",
            persona_prompt="",
        )
        self.limits = limits
        self.faces = Faces({})
        self.faster_first_response = False
        self.told_unspoken = False
        self.stand_in: StandIn | None = None
        self.llm_engine: AnyLLM | None = None
        self.agent = ScriptedAgent(reply)
        self.history = ListedHistory()
        history = cast("SessionHistory", self.history)
        self.memory = ConversationMemory(self._open_agent, history, self.character)
        self.voice: ShortTTS = ShortTTS(EngineConfig())

    async def _open_agent(self) -> Agent:
        return self.agent

    async def tts(self) -> AnyTTS:
        return self.voice

    def ready_llm(self) -> AnyLLM | None:
        return self.llm_engine

    def engine_name(self, kind: str) -> str:
        return f"{kind}-of-a-test"

    async def translated(self, text: str, *, before_s: float) -> str:
        return text

    def as_real(self) -> ServiceContext:
        """Return it as what it stands for."""
        return cast("ServiceContext", self)


class Scene:
    """The turns of one client, its wire, and who answers."""

    def __init__(self, reply: str | None, limits: dict[str, Any]) -> None:
        self.limits = Limits.model_validate(limits)
        self.scripted = ScriptedContext(reply, self.limits)
        self.agent = self.scripted.agent
        self.wire = ScriptedWire()
        self.outbox = Outbox(self.wire, self.limits, lambda: None)
        context = self.scripted.as_real()
        self.turns = Turns(context, self.outbox, Extensions(self.outbox), asyncio.create_task)
        self.serving = asyncio.create_task(self.turns.serve())

    async def until_written(self, count: int) -> None:
        """Let the client take what comes, until so many frames were written."""
        await self.until(lambda: len(self.wire.frames) >= count)

    async def until(self, holds: Callable[[], bool], *, take: bool = True) -> None:
        """Wait until something holds; let the client `take` what comes meanwhile."""
        with anyio.fail_after(60):
            while not holds():
                await asyncio.sleep(0.001)
                if take and not holds():
                    await self.wire.take()

    def another(self, reply: str | None = None) -> ScriptedContext:
        """Return another character."""
        return ScriptedContext(reply, self.limits)

    @property
    def stored(self) -> list[tuple[str, str]]:
        """What is kept of the conversation."""
        return list(self.scripted.history.entries)


@asynccontextmanager
async def scene(reply: str | None = "", **limits: Any) -> AsyncIterator[Scene]:
    """Serve one client. What it asks is answered with `reply`, or as the test goes on to say."""
    one = Scene(reply, limits)
    try:
        yield one
    finally:
        one.serving.cancel()
        await asyncio.wait([one.serving])
        await one.turns.close()
        await one.outbox.close()


async def underway(one: Scene, text: str = "Hi") -> None:
    """Have the client ask something, of whose answer one sentence has come."""
    one.turns.ask(Request(text))
    await settle()
    await one.agent.write("It is so. ")
    await one.agent.write("And ")
    await one.until(lambda: "audio" in one.wire.kinds)
