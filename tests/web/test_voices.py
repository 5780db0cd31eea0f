"""Characters that differ in how they speak share one loaded voice."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from open_llm_vtuber.engines.base import Resources
from open_llm_vtuber.engines.tts.hibari_tts import HibariTTS
from tests.conftest import Serve
from tests.support.client import Client, client, of_type, sound
from tests.support.live import conf

pytestmark = pytest.mark.anyio

SENTENCE = "The weather has been fine all day, and so were we."


async def seconds(one: Client) -> float:
    spoken = [sound(audio) for audio in of_type(await one.say(SENTENCE), "audio")]
    return sum(len(pcm) / rate for pcm, rate in spoken)


async def test_two_characters_with_one_model_load_it_once_and_speak_each_in_its_way(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads: list[HibariTTS] = []
    load = HibariTTS.load

    async def counted(self: HibariTTS, resources: Resources) -> None:
        loads.append(self)
        await load(self, resources)

    monkeypatch.setattr(HibariTTS, "load", counted)
    llm = {"echo_llm": {"reply": SENTENCE}}
    server = serve(conf(asr="tests.support.engines:MuteASR", tts="hibari_tts", sections=llm))
    quick: Path = server.server.folder / "characters" / "quick.yaml"
    quick.parent.mkdir(parents=True, exist_ok=True)
    voice = {"tts_config": {"hibari_tts": {"speed": 2.0, "gain": 0.5}}}
    quick.write_text(yaml.safe_dump({"character_config": voice}), "utf-8")
    async with client(server.url) as one, client(server.url) as other:
        await other.switch("quick.yaml")
        slow, fast = await seconds(one), await seconds(other)
        assert slow / fast == pytest.approx(2.0, rel=0.25)
        await one.switch("quick.yaml")
        assert await seconds(one) == fast
        await one.switch("conf.yaml")
        assert await seconds(one) == slow
    assert len(loads) == 1
