"""The Chinese character from microphone to sound: real ears and voice, and who stands in for it."""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path

import pytest
import soundfile
import yaml

from open_llm_vtuber.config import load_config
from open_llm_vtuber.config.characters import Characters
from tests.conftest import Serve
from tests.engines.tts.ears import open_ears
from tests.engines.tts.edge_server import edge_service
from tests.support.client import client, of_type, resampled, shown, sound
from tests.support.live import PROJECT, conf
from tests.support.words import letter_error_rate

pytestmark = pytest.mark.anyio

FILE = "zh_xiaohe.yaml"


def test_every_character_that_ships_is_valid() -> None:
    path = PROJECT / "conf.yaml"
    found = Characters(PROJECT, path, load_config(path).config).list()
    assert [one.error for one in found] == [None] * len(found)
    assert FILE in [one.filename for one in found]


async def test_she_is_told_everything_in_chinese(serve: Serve) -> None:
    values = conf(
        asr="tests.support.engines:MuteASR",
        vad=None,
        llm="tests.support.engines:MemoryLLM",
    )
    server = serve(values)
    folder = server.server.folder / "characters"
    folder.mkdir()
    character = yaml.safe_load((PROJECT / "characters" / FILE).read_text("utf-8"))
    character["character_config"]["tts_config"] = {"tts_model": "tests.support.engines:ToneTTS"}
    character["character_config"]["asr_config"] = {"asr_model": "tests.support.engines:MuteASR"}
    (folder / FILE).write_text(yaml.safe_dump(character, allow_unicode=True), "utf-8")
    async with client(server.url) as one:
        await one.send("switch-config", file=FILE)
        await one.until_type("config-switched")
        await one.send("ai-speak-signal", idle_time=-1, images=[])
        assert "请主动说点什么" in shown(await one.turn())


async def test_she_hears_and_speaks_chinese_offline(serve: Serve) -> None:
    sentence = "昨天晚上我看了一部很有意思的电影。"
    answers = {"echo_llm": {"reply": sentence}}
    server = serve(conf(asr="tests.support.engines:MuteASR", vad=None, sections=answers))
    (server.server.folder / "characters").mkdir()
    shutil.copy(PROJECT / "characters" / FILE, server.server.folder / "characters")
    async with client(server.url) as one:
        await one.send("switch-config", file=FILE)
        await one.until_type("config-switched", timeout_s=300)
        (audio,) = of_type(await one.say(sentence), "audio")
        pcm, rate = sound(audio)
        assert audio["display_text"]["name"] == "小荷"
        assert rate == 24_000
        # What she said is what she hears.
        await one.record(resampled(pcm, rate))
        messages = await one.turn(timeout_s=120)
    heard = of_type(messages, "user-input-transcription")[0]["text"]
    assert letter_error_rate(sentence, heard) <= 0.15, heard
    again, rate = sound(of_type(messages, "audio")[0])
    ears = await open_ears()
    words = await asyncio.to_thread(ears.heard, again, rate, "zh")
    assert letter_error_rate(sentence, words) <= 0.15, words


async def test_without_her_voice_the_online_one_stands_in(
    serve: Serve, speech: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pcm, _ = soundfile.read(speech / "zh_pangram.wav", dtype="float32")
    monkeypatch.setitem(sys.modules, "ai_edge_litert", None)  # as where the extra is not installed
    async with edge_service(pcm) as edge:
        server = serve(conf(asr="tests.support.engines:MuteASR", vad=None))
        folder = server.server.folder / "characters"
        folder.mkdir()
        text = (PROJECT / "characters" / FILE).read_text("utf-8")
        values = yaml.safe_load(text)
        values["character_config"]["tts_config"]["edge_tts"]["proxy"] = edge.proxy
        (folder / FILE).write_text(yaml.safe_dump(values, allow_unicode=True), "utf-8")
        async with client(server.url) as one:
            await one.send("switch-config", file=FILE)
            await one.until_type("config-switched", timeout_s=300)
            await one.record(pcm)
            messages = await one.turn(timeout_s=120)
    heard = of_type(messages, "user-input-transcription")[0]["text"]
    assert sum("\u4e00" <= char <= "\u9fff" for char in heard) >= 10
    audio = of_type(messages, "audio")[0]
    assert audio["display_text"]["name"] == "小荷"
    spoken, rate = sound(audio)
    assert rate == 24_000
    assert abs(len(spoken) / rate - len(pcm) / 16_000) < 0.3
    assert any("XiaoyiNeural" in request for request in edge.requests)
    *_, told = [one["message"] for one in of_type(messages, "error")]
    assert "uv sync --extra chinese" in told
    assert "edge_tts speaks" in told


async def test_without_network_her_words_are_shown(serve: Serve) -> None:
    server = serve(
        conf(
            asr="tests.support.engines:MuteASR",
            vad=None,
            tts="edge_tts",
            sections={"edge_tts": {"proxy": "http://127.0.0.1:9"}},
        )
    )
    (server.server.folder / "characters").mkdir()
    shutil.copy(PROJECT / "characters" / FILE, server.server.folder / "characters")
    async with client(server.url) as one:
        messages = await one.say("你好。今天天气很好。")
    assert shown(messages).strip() == "你好。今天天气很好。"
    assert len(of_type(messages, "error")) == 1
    assert all(one["audio"] is None for one in of_type(messages, "audio"))
