"""What services and models answer beside good answers, through a whole server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.engines.llm.openai_server import OpenAIServer, Reply, openai_server
from tests.support.client import Client, client, of_type, shown
from tests.support.live import conf, live

pytestmark = pytest.mark.anyio

PICTURE = {
    "source": "camera",
    "data": "data:image/png;base64,iVBORw0KGgo=",
    "mime_type": "image/png",
}


@asynccontextmanager
async def talking(folder: Path) -> AsyncIterator[tuple[OpenAIServer, Client]]:
    """A client of a server whose model is a local service."""
    async with openai_server() as model:
        values = conf(
            asr="tests.support.engines:MuteASR",
            vad=None,
            llm="openai_compatible_llm",
            sections={
                "openai_compatible_llm": {"base_url": model.base_url, "model": "small"},
                "tone_tts": {"seconds": 0.05},
            },
        )
        with live(folder, values) as running:
            async with client(running.url) as one:
                yield model, one


def refused(words: str, status: int = 400) -> Reply:
    return Reply(status=status, error={"error": {"message": words}})


def says(*tokens: str) -> Reply:
    return Reply(tokens=tokens)


def raw(*deltas: dict[str, Any]) -> Reply:
    events = [orjson.dumps({"choices": [{"delta": delta}]}) for delta in deltas]
    return Reply(body=b"".join(b"data: " + event + b"\n\n" for event in events))


def spoken(messages: list[dict[str, Any]]) -> str:
    sounding = [m for m in of_type(messages, "audio") if m["audio"]]
    return "".join(m["display_text"]["text"] for m in sounding).strip()


def errors(messages: list[dict[str, Any]]) -> list[str]:
    return [m["message"] for m in of_type(messages, "error")]


def asked(model: OpenAIServer) -> list[list[str]]:
    """Return the texts of each request since the last look, without the system prompt."""
    found = [[str(m["content"]) for m in r.body["messages"][1:]] for r in model.requests]
    model.requests.clear()
    return found


FULL = refused("This model's maximum context length is 4096 tokens. You asked for 4210.")


async def test_when_the_context_is_full_older_messages_go(tmp_path: Path) -> None:
    async with talking(tmp_path) as (model, one):
        model.reply = says("An answer. " * 20)
        for _ in range(6):
            await one.say("Tell me something. " * 30)
        asked(model)
        model.next = [FULL, FULL, says("Good.")]
        messages = await one.say("One more.")
        assert (spoken(messages), errors(messages)) == ("Good.", [])
        first, second, third = (len("".join(request)) for request in asked(model))
        assert first > second > third > len("One more.")
        model.reply = says("Yes.")
        assert spoken(await one.say("And more.")) == "Yes."
        (request,) = asked(model)  # no failed request is paid again
        assert request[-1] == "And more."
        assert len("".join(request)) < second


async def test_what_no_shortening_makes_fit_is_told_and_the_next_turn_works(tmp_path: Path) -> None:
    async with talking(tmp_path) as (model, one):
        for _ in range(3):
            await one.say("Hello.")
        asked(model)
        model.reply = FULL
        messages = await one.say("One more.")
        assert len(errors(messages)) == 1
        assert "4210" in errors(messages)[0]
        assert len(asked(model)) <= 6
        model.reply = says("Good.")
        assert spoken(await one.say("Once more.")) == "Good."


@pytest.mark.parametrize(
    "words", ["unknown variant `image_url`, expected `text`", "It does not support image input."]
)
async def test_a_model_that_cannot_see_is_asked_without_pictures(
    tmp_path: Path, words: str
) -> None:
    async with talking(tmp_path) as (model, one):
        model.next = [refused(words), says("I hear you.")]
        messages = await one.say("What is it?", images=[PICTURE])
        assert spoken(messages) == "I hear you."
        (told,) = errors(messages)
        assert told.startswith("The language model cannot see pictures")
        asked(model)
        model.reply = says("Still here.")
        messages = await one.say("And now?", images=[PICTURE])
        assert (spoken(messages), errors(messages)) == ("Still here.", [])
        (request,) = asked(model)
        assert request[-1] == "And now?"


async def test_who_asked_is_told_that_the_model_cannot_see(tmp_path: Path) -> None:
    async with talking(tmp_path) as (model, one):
        await one.send("enable-extensions", extensions=["capabilities"])
        assert (await one.until_type("capabilities"))[-1]["images"] is True
        model.next = [refused("image input is not supported"), says("I hear you.")]
        messages = await one.say("What is it?", images=[PICTURE])
        (told,) = of_type(messages, "capabilities")
        assert told["images"] is False
        messages = await one.say("And now?", images=[PICTURE])
        assert of_type(messages, "capabilities") == []


async def test_a_picture_that_is_not_taken_is_left_out_once(tmp_path: Path) -> None:
    async with talking(tmp_path) as (model, one):
        model.next = [refused("The image is too large."), says("I hear you.")]
        messages = await one.say("", images=[PICTURE])
        assert spoken(messages) == "I hear you."
        assert "too large" in errors(messages)[0]
        asked(model)
        await one.say("And now?", images=[PICTURE])
        assert "image_url" in asked(model)[0][-1]


@pytest.mark.parametrize(
    "refusal",
    [Reply(status=413, body=b"<html><h1>413 Request Entity Too Large</h1></html>"), FULL],
    ids=["request too large", "context full"],
)
async def test_a_picture_that_is_too_large_costs_nothing_that_was_said(
    tmp_path: Path, refusal: Reply
) -> None:
    async with talking(tmp_path) as (model, one):
        for _ in range(6):
            await one.say("Tell me something. " * 30)
        asked(model)
        model.refusal = refusal
        messages = await one.say("What is it?", images=[PICTURE])
        assert spoken(messages) == "Hello, you."
        assert len(errors(messages)) == 1
        requests = asked(model)
        assert len(requests[-1]) == len(requests[0])
        assert "image_url" not in "".join(requests[-1])
        await one.say("And now?")
        (request,) = asked(model)
        assert len(request) == len(requests[0]) + 2


async def test_words_before_an_error_are_shown_and_kept(tmp_path: Path) -> None:
    async with talking(tmp_path) as (model, one):
        model.next = [Reply(tokens=("Well, that is a long ", "story. And it"), ending="error")]
        messages = await one.say("Hello.")
        assert shown(messages).strip() == "Well, that is a long story. And it"
        assert len(errors(messages)) == 1
        asked(model)
        await one.say("Go on.")
        assert asked(model)[0][1] == "Well, that is a long story. And it"


@pytest.mark.parametrize(
    "reply",
    [
        raw({"refusal": "I can't talk about that."}),
        raw({"content": [{"type": "text", "text": "I can't talk about that."}]}),
        Reply(
            body=orjson.dumps({"choices": [{"message": {"content": "I can't talk about that."}}]})
        ),
        raw({"content": "I can't talk "}, {"content": "about that."}),
    ],
    ids=["refusal", "blocks", "not streamed", "without an end"],
)
async def test_other_forms_of_an_answer_are_said(tmp_path: Path, reply: Reply) -> None:
    async with talking(tmp_path) as (model, one):
        model.next = [reply]
        messages = await one.say("Hello.")
        assert (spoken(messages), errors(messages)) == ("I can't talk about that.", [])


SECRET = "They want a hello."
Make = Callable[..., Reply]


@pytest.mark.parametrize(
    "reply",
    [
        says(f"<think>{SECRET}</think>", "Hello there."),
        says("<thin", f"king>{SECRET}</thinking>\n", "Hello there."),
        says(f"{SECRET}\n</think>\n\n", "Hello there."),
        says(f"{SECRET} Keep it ", "short.\n", "</think>", "\n\nHello there."),
        says(f"<|channel|>analysis<|message|>{SECRET}<|end|><|start|>assistant<|channel|>final"
             "<|message|>", "Hello there."),
        raw({"reasoning_content": SECRET}, {"content": "Hello there."}),
        raw({"reasoning": SECRET}, {"content": "Hello there."}),
        raw({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": SECRET}]},
                         {"type": "text", "text": "Hello there."}]}),
    ],
)  # fmt: skip
async def test_no_thought_is_said_or_remembered(tmp_path: Path, reply: Reply) -> None:
    async with talking(tmp_path) as (model, one):
        model.next = [reply, reply]
        first = await one.say("Hello.")
        assert shown(first).strip().endswith("Hello there.")
        messages = await one.say("Hello again.")
        assert spoken(messages) == "Hello there."
        texts = [m["display_text"]["text"].strip() for m in of_type(messages, "audio")]
        assert texts.count("(") == texts.count(")")
        asked(model)
        await one.say("Bye.")
        assert asked(model)[0] == ["Hello.", "Hello there.", "Hello again.", "Hello there.", "Bye."]
        listed = await one.ask("fetch-history-list", "history-list")
        uid = listed["histories"][0]["uid"]
        stored = await one.ask("fetch-and-set-history", "history-data", history_uid=uid)
        assert [m["content"] for m in stored["messages"]][1:4:2] == ["Hello there."] * 2


async def test_an_interrupt_keeps_no_thought_of_what_was_heard(tmp_path: Path) -> None:
    async with talking(tmp_path) as (model, one):
        model.next = [
            Reply(tokens=(f"<think>{SECRET}</think>Hello there. ", "x "), ending="silence")
        ]
        await one.type("Hello.")
        await one.until(lambda m: m["type"] == "audio" and m["audio"] is not None)
        await one.interrupt()
        await one.settled()
        asked(model)
        await one.say("Bye.")
        (request,) = asked(model)
        assert SECRET not in str(request)
        assert "Hello there" in request[1]


@pytest.mark.parametrize(
    "nothing", ["[Thinking]", "...", " \n", "", "<tag>", "[Thinking", ". " * 900]
)
async def test_an_answer_without_a_word_is_none(tmp_path: Path, nothing: str) -> None:
    async with talking(tmp_path) as (model, one):
        model.next = [says(nothing), says("[joy] ", "Hello.")]
        messages = await one.say("Hi.")
        assert spoken(messages).endswith("Hello.")
        assert errors(messages) == []
        first, second = asked(model)
        assert first != second
        model.next = [says(nothing), says(nothing)]
        messages = await one.say("And now?")
        assert of_type(messages, "audio") == []
        assert len(errors(messages)) == 1
        assert len(asked(model)) == 2
        await one.say("Bye.")
        assert asked(model) == [["Hi.", "Hello.", "And now?\nBye."]]


async def test_calls_written_by_a_model_without_tools_are_not_said(tmp_path: Path) -> None:
    async with talking(tmp_path) as (model, one):
        call = '{"name": "get_time", "arguments": {"zone": "Asia/Tokyo"}}'
        model.next = [
            says("One moment. ", "<tool_call>", call, "</tool_call>"),
            says("[TOOL_CALLS]", f"[{call}]"),
            says("It is late."),
        ]
        assert shown(await one.say("What time is it?")).strip() == "One moment."
        assert shown(await one.say("And now?")).strip() == "It is late."
