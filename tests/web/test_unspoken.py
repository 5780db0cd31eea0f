"""Words that the voice has no sound for, seen from the socket."""

from __future__ import annotations

import json
from typing import Any

import pytest
import websockets

from tests.conftest import Serve
from tests.engines.llm.openai_server import OpenAIServer, Reply, openai_server
from tests.support.client import client, of_type, shown
from tests.support.live import conf

pytestmark = pytest.mark.anyio


def configured(service: OpenAIServer) -> dict[str, Any]:
    llm = {"base_url": service.base_url, "llm_api_key": "none", "model": "small"}
    return conf(
        asr="tests.support.engines:MuteASR",
        llm="openai_compatible_llm",
        tts="hibari_tts",
        vad=None,
        sections={"openai_compatible_llm": llm},
    )


@pytest.mark.parametrize(
    "words", ["你好，很高兴认识你。今天天气很好。", "안녕하세요. 반갑습니다.", "مرحبا بك.", "नमस्ते।"]
)
async def test_an_english_voice_says_once_that_it_cannot_say_a_language(
    serve: Serve, words: str
) -> None:
    async with openai_server() as service:
        url = serve(configured(service)).url
        async with client(url) as one, client(url) as other:
            service.reply = Reply((words,))
            messages = await one.say("Hello.")
            (error,) = of_type(messages, "error")
            assert "tts_config.tts_model" in error["message"]
            assert shown(messages) == words
            assert not any(audio["audio"] for audio in of_type(messages, "audio"))
            assert not of_type(await one.say("Again."), "error")
            assert of_type(await other.say("Hello."), "error")


async def test_of_a_mixed_answer_is_said_what_can_be(serve: Serve) -> None:
    async with openai_server() as service:
        service.reply = Reply(("Sure. 你好 means hello.",))
        async with client(serve(configured(service)).url) as one:
            messages = await one.say("Hello.")
            sure, hello = of_type(messages, "audio")
            assert sure["audio"]
            assert hello["audio"]
            assert hello["display_text"]["text"] == "你好 means hello."
            assert len(of_type(messages, "error")) == 1


async def test_the_test_page_is_told_when_nothing_can_be_said(serve: Serve) -> None:
    async with openai_server() as service:
        url = serve(configured(service)).url.replace("http", "ws", 1) + "/tts-ws"
        async with websockets.connect(url) as socket:
            await socket.send(json.dumps({"text": "你好。"}))
            answer = json.loads(await socket.recv())
            assert answer["status"] == "error"
            assert "tts_config.tts_model" in answer["message"]
            await socket.send(json.dumps({"text": "你好。Hello."}))
            answers = [json.loads(await socket.recv()) for _ in range(2)]
            assert [answer["status"] for answer in answers] == ["partial", "complete"]
