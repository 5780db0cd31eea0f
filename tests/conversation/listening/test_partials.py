"""Partial transcripts: asked for when the engine is idle, dropped when nobody waits for them."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, ClassVar

import numpy as np
import pytest

from open_llm_vtuber.audio import MIC_RATE, Pcm
from open_llm_vtuber.conversation.extensions import Extensions
from open_llm_vtuber.conversation.listening import recognizer as asking
from open_llm_vtuber.engines.asr.base import ASREngine
from open_llm_vtuber.engines.base import EngineConfig, EngineError, Resources
from open_llm_vtuber.protocol.extra import PartialTranscript
from tests.support.hearing import Speech, recognizer
from tests.support.wire import RecordingOutbox

pytestmark = pytest.mark.anyio


class CountingASR(ASREngine[EngineConfig]):
    """Hears how many tenths of a second there were, once it is let go."""

    name: ClassVar[str] = "counting_asr"
    Config = EngineConfig
    repeat_cost = 0.01
    speculates = True

    def __init__(self) -> None:
        super().__init__(EngineConfig())
        self.gate = asyncio.Event()
        self.asked: list[int] = []

    async def load(self, resources: Resources) -> None:
        return

    async def transcribe(self, pcm: Pcm) -> str:
        self.asked.append(len(pcm))
        await self.gate.wait()
        if not len(pcm):
            raise EngineError("nothing to hear")
        return f"{len(pcm) * 10 // MIC_RATE} tenths"


class Connection:
    """One connection, its engine, and what it was shown."""

    def __init__(self) -> None:
        self.outbox = RecordingOutbox()
        self.tasks: list[asyncio.Task[None]] = []
        extensions = Extensions(self.outbox)
        extensions.enable(["partial-transcripts"])
        self.asr = CountingASR()
        self.recognizer = recognizer(self.asr, show=extensions.show_partial, start=self._start)

    @property
    def shown(self) -> list[str]:
        return [one.text for one in self.outbox.messages if isinstance(one, PartialTranscript)]

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        self.tasks.append(asyncio.create_task(work))
        return self.tasks[-1]

    def said(self, seconds: float) -> Speech:
        return Speech(self.recognizer, seconds)

    async def follow(self, speech: Speech, pause_in_s: float = 0.25) -> None:
        speech.recognition.look_ahead(pause_in_s)
        await asyncio.sleep(0)

    async def done(self) -> None:
        self.asr.gate.set()
        await asyncio.wait(self.tasks)


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch) -> Connection:
    monkeypatch.setattr(asking, "PAUSE_S", 0.0)
    monkeypatch.setattr(asking, "REST", 0.0)
    return Connection()


async def test_what_was_heard_so_far_is_shown(connection: Connection) -> None:
    await connection.follow(connection.said(2.0))
    await connection.done()
    assert connection.shown == ["19 tenths"]


@pytest.mark.parametrize("seconds", [0.0, 1.0])
async def test_too_little_is_not_transcribed(connection: Connection, seconds: float) -> None:
    await connection.follow(connection.said(seconds))
    assert connection.asr.asked == []


async def test_one_at_a_time(connection: Connection) -> None:
    utterance = connection.said(2.0)
    await connection.follow(utterance)
    utterance.go_on(1)
    await connection.follow(utterance)
    assert len(connection.asr.asked) == 1
    await connection.done()
    await connection.follow(utterance)
    assert len(connection.asr.asked) == 2


async def test_they_keep_a_distance(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "PAUSE_S", 60.0)
    utterance = connection.said(2.0)
    await connection.follow(utterance)
    await connection.done()
    await connection.follow(utterance)
    assert len(connection.asr.asked) == 1


async def test_an_engine_that_others_use_is_left_alone(connection: Connection) -> None:
    other = asyncio.create_task(connection.asr.in_turn(np.zeros(100, np.float32)))
    await asyncio.sleep(0)
    await connection.follow(connection.said(2.0))
    assert connection.asr.asked == [100]
    connection.asr.gate.set()
    await other


async def test_an_engine_that_is_not_cheap_is_not_asked(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CountingASR, "repeat_cost", None)
    await connection.follow(connection.said(2.0))
    assert connection.asr.asked == []


async def test_nothing_is_begun_that_a_pause_could_have_to_wait_for(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CountingASR, "repeat_cost", 0.1)
    await connection.follow(connection.said(4.0), pause_in_s=0.25)
    await connection.follow(connection.said(2.0), pause_in_s=0.0)
    assert connection.asr.asked == []
    await connection.follow(connection.said(2.0), pause_in_s=0.25)
    assert len(connection.asr.asked) == 1
    await connection.done()


async def test_it_is_dropped_when_the_utterance_ends(connection: Connection) -> None:
    utterance = connection.said(2.0)
    await connection.follow(utterance)
    utterance.recognition.finish()
    await connection.done()
    assert connection.tasks[0].cancelled()
    assert await utterance.recognition.words() == "19 tenths"
    assert connection.shown == []


async def test_the_guess_at_a_pause_is_shown_and_built_upon(connection: Connection) -> None:
    utterance = connection.said(2.0)
    await connection.follow(utterance, pause_in_s=0.0)
    utterance.recognition.pause()
    await connection.done()
    assert connection.shown == ["19 tenths"]
    utterance.recognition.resume()
    utterance.go_on(50)
    await connection.follow(utterance)
    await connection.done()
    assert connection.asr.asked[-1] == 50 * 512
    assert connection.shown == ["19 tenths", "19 tenths 16 tenths"]


async def test_a_guess_that_was_thrown_away_is_not_shown(connection: Connection) -> None:
    utterance = connection.said(2.0)
    utterance.recognition.pause()
    await asyncio.sleep(0)
    utterance.recognition.resume()
    await connection.done()
    assert connection.shown == []


async def test_the_same_words_are_shown_once_and_taken_back_once() -> None:
    outbox = RecordingOutbox()
    shown = outbox.messages
    extensions = Extensions(outbox)
    await extensions.show_partial("not asked for")
    extensions.transcribed()
    extensions.enable(["partial-transcripts"])
    for text in ("", "one", "one", "", ""):
        await extensions.show_partial(text)
    assert shown == [PartialTranscript(text="one"), PartialTranscript(text="")]
    await extensions.show_partial("two")
    extensions.transcribed()
    await extensions.show_partial("")  # the transcription has replaced it
    assert len(shown) == 3


async def test_extensions_that_nobody_knows_are_ignored() -> None:
    outbox = RecordingOutbox()
    extensions = Extensions(outbox)
    asked = ["loading-progress", "teleport", "turn-metrics", "turn-metrics"]
    assert extensions.enable(asked) == ["turn-metrics", "loading-progress"]
    assert "loading-progress" in extensions
    assert "partial-transcripts" not in extensions
    await extensions.send("partial-transcripts", PartialTranscript(text=""))
    assert outbox.messages == []


async def test_an_engine_that_is_paid_for_is_asked_once_and_not_at_pauses(
    connection: Connection,
) -> None:
    connection.asr.speculates = False
    connection.asr.gate.set()
    utterance = connection.said(2.0)
    for so_far in (50, 70):
        utterance.recognition.pause()
        await asyncio.sleep(0)
        utterance.recognition.resume()
        utterance.go_on(so_far)
    utterance.recognition.pause()
    await asyncio.sleep(0)
    assert connection.asr.asked == []
    utterance.recognition.finish()
    assert await utterance.recognition.words()
    assert len(connection.asr.asked) == 1
    assert connection.shown == []
