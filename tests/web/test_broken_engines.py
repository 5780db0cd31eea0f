"""Engines that fail as libraries do, not as engines should, seen from the socket."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest

from open_llm_vtuber.audio import Pcm
from tests.conftest import Serve
from tests.support.client import client, of_type, shown
from tests.support.engines import LoudStream, LoudVAD
from tests.support.live import conf

pytestmark = pytest.mark.anyio

MUTE = "tests.support.engines:MuteASR"
FRAME = (np.ones(512) * 16000).astype("<i2").tobytes()


class BrokenStream(LoudStream):
    async def feed(self, frames: Pcm) -> list[float]:
        raise RuntimeError("a library's own words")


class BrokenVAD(LoudVAD):
    """Fails at the first sound it is given."""

    name: ClassVar[str] = "broken_vad"

    def open_stream(self) -> LoudStream:
        return BrokenStream()


async def test_a_voice_that_fails_costs_the_sound_of_its_sentence(serve: Serve) -> None:
    values = conf(asr=MUTE, vad=None, sections={"tone_tts": {"seconds": 0.05}})
    async with client(serve(values).url) as one:
        messages = await one.say("One is said. CRASH is not. NAN is none. Three is said.")
        assert shown(messages).strip() == "One is said. CRASH is not. NAN is none. Three is said."
        sounds = [bool(audio["audio"]) for audio in of_type(messages, "audio")]
        assert sounds == [True, False, False, True]
        (error,) = of_type(messages, "error")
        assert "voice failed" in error["message"]
        assert "library" not in error["message"]


async def test_a_voice_without_a_sound_is_told_once(serve: Serve) -> None:
    values = conf(asr=MUTE, vad=None, sections={"tone_tts": {"seconds": 0}})
    async with client(serve(values).url) as one:
        messages = await one.say("One. Two. Three.")
        assert shown(messages).strip() == "One. Two. Three."
        (error,) = of_type(messages, "error")
        assert error["message"] == "The voice tone_tts gave no sound for a sentence."


async def test_a_microphone_that_cannot_be_followed_is_told_once(serve: Serve) -> None:
    values = conf(
        asr=MUTE,
        vad="tests.web.test_broken_engines:BrokenVAD",
        sections={"tone_tts": {"seconds": 0.05}},
    )
    async with client(serve(values).url) as one:
        for _ in range(2):
            await one.send("mic-stream-start")
            for _ in range(20):
                await one.socket.send(FRAME)
            (error,) = of_type(await one.beat(), "error")
            assert "off and on" in error["message"]
            await one.send("mic-stream-stop")
        assert shown(await one.say("Still there?")).strip() == "Still there?"
