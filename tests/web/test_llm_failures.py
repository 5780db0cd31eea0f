"""A language model that fails, seen from the socket: one error, and the turn ends."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.conftest import Serve
from tests.engines.llm.openai_server import OpenAIServer, Reply, openai_server
from tests.support.client import client, kinds, of_type, shown
from tests.support.live import conf

pytestmark = pytest.mark.anyio

KEY = "sk-very-secret-key"
WORDS = ("One ", "whole ", "sentence. ", "And ", "half ")
HALF = "One whole sentence. And half"
FAILED = "service-failed"


def configured(service: OpenAIServer, **limits: Any) -> dict[str, Any]:
    llm = {"base_url": service.base_url, "llm_api_key": KEY, "model": "small"}
    return conf(
        asr="tests.support.engines:MuteASR",
        llm="openai_compatible_llm",
        vad=None,
        sections={"openai_compatible_llm": llm},
        **limits,
    )


@pytest.mark.parametrize(
    ("reply", "told", "code", "said"),
    [
        (Reply(status=500, error={"error": {"message": "boom"}}), "status 500", FAILED, ""),
        (Reply(status=401, error={"error": {"message": KEY}}), "llm_api_key", "key-wrong", ""),
        (Reply(status=429, error={"error": {"message": "!"}}), "no more", "service-busy", ""),
        (Reply(status=418, error={"error": {"message": "!"}}), "accept", "service-refused", ""),
        (Reply(WORDS, ending="silence"), "sent nothing for", "engine-timeout", HALF),
        (Reply((), ending="silence"), "sent nothing for", "engine-timeout", ""),
        (Reply(WORDS, ending="cut"), "broke off", FAILED, HALF),
        (Reply(WORDS, ending="malformed"), "sent something else", FAILED, HALF),
        (Reply((), ending="done"), "gave no answer", "no-answer", ""),
    ],
    ids=["500", "401", "429", "418", "hangs", "hangs at once", "cut", "malformed", "says nothing"],
)
async def test_a_failing_model_is_told_once_and_the_turn_ends(
    serve: Serve, reply: Reply, told: str, code: str, said: str
) -> None:
    async with openai_server() as service:
        values = configured(service, llm_first_token_timeout_s=0.5, llm_token_timeout_s=0.5)
        url = serve(values).url
        async with client(url) as one, client(url) as other:
            service.reply = reply
            extensions = ["error-codes"]
            await one.ask("enable-extensions", "extensions-enabled", extensions=extensions)
            messages = await one.say("Hello.")
            (error,) = of_type(messages, "error")
            assert told in error["message"]
            assert (error["code"], error["about"]) == (code, "llm")
            assert KEY not in str(error)
            assert shown(messages).strip() == said
            assert kinds(messages)[-2:] == ["force-new-message", "conversation-chain-end"]
            # The connection lives, and the next answer is whole.
            service.reply = Reply()
            assert shown(await one.say("Again.")) == "Hello, you."
            assert shown(await other.say("Hello.")) == "Hello, you."


async def test_a_barge_in_closes_the_request_to_the_model(serve: Serve) -> None:
    async with openai_server() as service:
        service.reply = Reply(("Word, ", "and ", "more. ") * 300, pace_s=0.01)
        async with client(serve(configured(service)).url) as one:
            await one.send("text-input", text="Go on.", images=[])
            before = await one.until(lambda m: m["type"] == "audio")
            await one.send("interrupt-signal", text=shown(before))
            await asyncio.wait_for(service.requests[-1].hung_up.wait(), 5)
            await one.send("heartbeat")
            await one.until_type("heartbeat-ack")
            await asyncio.sleep(0.2)
            await one.send("heartbeat")
            assert kinds([await one.receive()]) == ["heartbeat-ack"]


async def test_pictures_reach_the_model_and_are_not_remembered(serve: Serve) -> None:
    picture = {"source": "camera", "data": "data:image/jpeg;base64,AA==", "mime_type": "image/jpeg"}
    async with openai_server() as service, client(serve(configured(service)).url) as one:
        await one.send("text-input", text="What is this?", images=[picture])
        await one.turn()
        await one.say("And now?")
        first, second = (request.body["messages"] for request in service.requests)
    assert {"url": picture["data"], "detail": "auto"} in [
        part.get("image_url") for part in first[-1]["content"]
    ]
    assert "image_url" not in str(second)


async def test_an_answer_in_one_piece_is_cut_off_and_holds_nobody_up(serve: Serve) -> None:
    async with openai_server() as service:
        service.reply = Reply(("This is one of them. " * 50_000,))
        url = serve(configured(service, max_reply_chars=5000)).url
        async with client(url) as one:
            messages = await one.say("Go on.")
            assert 5000 <= len(shown(messages)) < 6000
