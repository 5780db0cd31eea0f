"""/v1/chat/completions and /v1/models with OpenAI's SDK, against a running server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import openai
import pytest
from openai.types.chat import ChatCompletionMessageParam, ChatCompletionToolParam

from tests.conftest import Serve
from tests.engines.llm.openai_server import OpenAIServer, Reply, openai_server_beside
from tests.support.live import Live, conf, live
from tests.support.tooling import call
from tests.support.waiting import until
from tests.web.openai_sdk import CHAT, sdk
from tests.web.test_security import quiet

pytestmark = pytest.mark.anyio

WEATHER: ChatCompletionToolParam = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "Tells the weather.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}
HELLO: list[ChatCompletionMessageParam] = [{"role": "user", "content": "Hello."}]


@pytest.fixture(scope="module")
def service() -> Iterator[OpenAIServer]:
    with openai_server_beside() as server:
        yield server


@pytest.fixture
def mind(service: OpenAIServer) -> OpenAIServer:
    service.begin_anew()
    return service


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, service: OpenAIServer) -> Iterator[Live]:
    values = thinking(service)
    with live(tmp_path_factory.mktemp("chat"), values, pages=False) as server:
        yield server


def thinking(service: OpenAIServer) -> dict[str, Any]:
    """Return a configuration whose model is a stand-in."""
    values = conf(
        asr="tests.support.engines:MuteASR",
        vad=None,
        llm="openai_compatible_llm",
        persona="You are Mira, who likes rain.",
        sections={"openai_compatible_llm": {"base_url": service.base_url, "model": "small"}},
    )
    values["character_config"]["character_name"] = "Mira"
    return values


def told(mind: OpenAIServer) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = mind.requests[-1].body["messages"]
    return messages


async def test_she_answers_as_herself_and_says_no_tags(running: Live, mind: OpenAIServer) -> None:
    mind.reply = Reply(("[joy] It ", "rains! ", "*smiles* I like ", "that. [sad", "ness]"))
    async with sdk(running) as client:
        answer = await client.chat.completions.create(
            model=CHAT,
            messages=[
                {"role": "system", "content": "Speak of the weather."},
                {"role": "user", "content": "How is it?"},
                {"role": "assistant", "content": "Wet."},
                {"role": "user", "content": [{"type": "text", "text": "And now?"}]},
            ],
        )
    choice = answer.choices[0]
    assert choice.message.content
    assert choice.message.content.startswith("It rains!")
    assert "[" not in choice.message.content
    assert choice.finish_reason == "stop"
    assert answer.model == CHAT
    system, *others = told(mind)
    assert system["role"] == "system"
    assert system["content"].startswith("You are Mira, who likes rain.")
    assert system["content"].endswith("Speak of the weather.")
    assert [one["role"] for one in others] == ["user", "assistant", "user"]
    assert others[0]["content"] == "How is it?"
    assert others[-1]["content"].endswith("And now?")


async def test_chunks_make_up_the_same_answer(running: Live, mind: OpenAIServer) -> None:
    mind.reply = Reply(("[joy] First. ", "Second", " one. Th", "ird!"))
    async with sdk(running) as client:
        stream = await client.chat.completions.create(model=CHAT, messages=HELLO, stream=True)
        chunks = [chunk async for chunk in stream]
    deltas = [chunk.choices[0].delta for chunk in chunks]
    assert deltas[0].role == "assistant"
    assert "".join(one.content or "" for one in deltas) == "First. Second one. Third!"
    assert [chunk.choices[0].finish_reason for chunk in chunks][-1] == "stop"
    assert len([one for one in deltas if one.content]) >= 2
    assert len({chunk.id for chunk in chunks}) == 1


async def test_nothing_is_remembered_between_requests(running: Live, mind: OpenAIServer) -> None:
    async with sdk(running) as client:
        await client.chat.completions.create(
            model=CHAT, messages=[{"role": "user", "content": "My name is Zebulon."}]
        )
        await client.chat.completions.create(model=CHAT, messages=HELLO)
    assert "Zebulon" not in str(told(mind))


async def test_temperature_and_length_are_asked_of_the_model(
    running: Live, mind: OpenAIServer
) -> None:
    async with sdk(running) as client:
        await client.chat.completions.create(
            model=CHAT, messages=HELLO, temperature=0.25, max_tokens=77
        )
        assert mind.requests[-1].body["temperature"] == 0.25
        assert mind.requests[-1].body["max_tokens"] == 77
        await client.chat.completions.create(model=CHAT, messages=HELLO)
    assert "max_tokens" not in mind.requests[-1].body
    assert mind.requests[-1].body["temperature"] != 0.25


async def test_an_answer_ends_after_so_many_tokens_whatever_the_model_does(
    running: Live, mind: OpenAIServer
) -> None:
    mind.reply = Reply(tuple(f"word{number} " for number in range(50)))
    async with sdk(running) as client:
        answer = await client.chat.completions.create(
            model=CHAT, messages=HELLO, max_completion_tokens=5
        )
    assert answer.choices[0].finish_reason == "length"
    assert answer.choices[0].message.content == "word0 word1 word2 word3 word4"


@pytest.mark.parametrize("stream", [False, True])
async def test_a_stop_ends_the_answer_before_it(
    running: Live, mind: OpenAIServer, stream: bool
) -> None:
    mind.reply = Reply(("One. Two. ", "Now the EN", "D comes. Never."))
    async with sdk(running) as client:
        if stream:
            chunks = await client.chat.completions.create(
                model=CHAT, messages=HELLO, stop=["END", "nothing"], stream=True
            )
            text = "".join([chunk.choices[0].delta.content or "" async for chunk in chunks])
        else:
            answer = await client.chat.completions.create(model=CHAT, messages=HELLO, stop="END")
            text = answer.choices[0].message.content or ""
    assert text.strip() == "One. Two. Now the"


@pytest.mark.parametrize("stream", [False, True])
async def test_the_model_calls_a_function_and_is_told_its_result(
    running: Live, mind: OpenAIServer, stream: bool
) -> None:
    mind.next = [
        Reply((), calls=(call("weather", {"city": "Oslo"}), call("weather", {"city": "Rome"}, 1)))
    ]
    messages = list(HELLO)
    async with sdk(running) as client:
        if stream:
            chunks = [
                chunk.choices[0]
                async for chunk in await client.chat.completions.create(
                    model=CHAT, messages=messages, tools=[WEATHER], stream=True
                )
            ]
            asked = [one for each in chunks for one in each.delta.tool_calls or ()]
            assert [one.index for one in asked] == [0, 1]
            assert chunks[-1].finish_reason == "tool_calls"
            calls = [(one.id or "", one.function) for one in asked]
        else:
            answer = await client.chat.completions.create(
                model=CHAT, messages=messages, tools=[WEATHER]
            )
            message = answer.choices[0].message
            assert answer.choices[0].finish_reason == "tool_calls"
            assert message.content is None
            calls = [
                (one.id, one.function)  # type: ignore[misc]
                for one in message.tool_calls or ()
                if one.type == "function"
            ]
        assert len(calls) == 2
        assert [one[1].arguments for one in calls if one[1]] == [
            '{"city": "Oslo"}',
            '{"city": "Rome"}',
        ]
        messages.append(
            {
                "role": "assistant",
                "tool_calls": [
                    {
                        "id": uid,
                        "type": "function",
                        "function": {"name": "weather", "arguments": function.arguments or ""},
                    }
                    for uid, function in calls
                    if function
                ],
            }
        )
        for uid, _ in calls:
            messages.append({"role": "tool", "tool_call_id": uid, "content": "sunny"})
        mind.reply = Reply(("It is sunny.",))
        done = await client.chat.completions.create(model=CHAT, messages=messages, tools=[WEATHER])
    assert done.choices[0].message.content == "It is sunny."
    body = mind.requests[-1].body
    assert [one["role"] for one in body["messages"]][-3:] == ["assistant", "tool", "tool"]
    assert body["tools"][0]["function"]["name"] == "weather"


async def test_no_tools_are_offered_where_none_are_wanted(
    running: Live, mind: OpenAIServer
) -> None:
    async with sdk(running) as client:
        await client.chat.completions.create(
            model=CHAT, messages=HELLO, tools=[WEATHER], tool_choice="none"
        )
    assert "tools" not in mind.requests[-1].body


async def _take(client: openai.AsyncOpenAI, *, stream: bool) -> str:
    """Return what is answered, as far as it comes."""
    got = ""
    if stream:
        chunks = await client.chat.completions.create(model=CHAT, messages=HELLO, stream=True)
        async for chunk in chunks:
            got += chunk.choices[0].delta.content or ""
        return got
    answer = await client.chat.completions.create(model=CHAT, messages=HELLO)
    return answer.choices[0].message.content or ""


@pytest.mark.parametrize("stream", [False, True])
async def test_who_hangs_up_stops_the_model(
    running: Live, mind: OpenAIServer, stream: bool
) -> None:
    mind.reply = Reply(tuple("A sentence. " for _ in range(1000)), pace_s=0.02)
    async with sdk(running) as client:
        asking = asyncio.create_task(_take(client, stream=stream))
        await until(lambda: bool(mind.requests))
        asking.cancel()
        await asyncio.wait([asking])
    await until(lambda: mind.requests[-1].hung_up.is_set())


async def test_a_failing_model_is_told_before_and_within_an_answer(
    running: Live, mind: OpenAIServer
) -> None:
    async with sdk(running) as client:
        mind.reply = Reply(status=500, error={"error": {"message": "out of order"}})
        with pytest.raises(openai.InternalServerError):
            await client.chat.completions.create(model=CHAT, messages=HELLO)
        with pytest.raises(openai.InternalServerError):
            await client.chat.completions.create(model=CHAT, messages=HELLO, stream=True)
        mind.reply = Reply(("One. ", "Two. ", "Three. "), ending="error")
        with pytest.raises(openai.APIError, match="crashed"):
            await _take(client, stream=True)


async def test_characters_are_models(running: Live) -> None:
    async with sdk(running) as client:
        listed = [model.id async for model in await client.models.list()]
        assert listed[0] == CHAT
        assert (await client.models.retrieve(CHAT)).id == CHAT
        for ask in (
            client.models.retrieve("gpt-4"),
            client.chat.completions.create(model="gpt-4", messages=HELLO),
        ):
            with pytest.raises(openai.NotFoundError) as caught:
                await ask
            assert caught.value.code == "model_not_found"
            assert CHAT in caught.value.message


async def test_another_character_answers_by_name_or_uid(serve: Serve, mind: OpenAIServer) -> None:
    server = serve(thinking(mind))
    folder = server.server.folder / "characters"
    folder.mkdir(exist_ok=True)
    (folder / "ada.yaml").write_text(
        "character_config:\n  conf_name: Ada\n  conf_uid: ada_1\n"
        "  character_name: Ada\n  persona_prompt: You are Ada, who counts.\n"
    )
    async with sdk(server) as client:
        assert {"tester", "Ada"} <= {model.id async for model in await client.models.list()}
        for name in ("Ada", "ada_1"):
            await client.chat.completions.create(model=name, messages=HELLO)
            assert told(mind)[0]["content"].startswith("You are Ada, who counts.")


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "system", "content": "x"}]}, "messages"),
        ({"messages": [{"role": "nobody", "content": "x"}]}, "messages"),
        ({"messages": [{"role": "tool", "tool_call_id": "x", "content": "y"}]}, "messages"),
        ({"messages": "hello"}, "messages"),
        ({"temperature": 9}, "temperature"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"n": 2}, "n"),
        ({"stop": ["x"] * 99}, "stop"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"tools": [WEATHER, WEATHER]}, "tools"),
        ({"tools": [{"type": "function", "function": {"name": "a b"}}]}, "tools"),
        ({"tool_choice": {"type": "function", "function": {"name": "x"}}}, "tool_choice"),
        ({"model": None}, "model"),
        (
            {
                "messages": [
                    {
                        "role": "user",
                        "content": [
                            {"type": "image_url", "image_url": {"url": "http://10.0.0.1/a.png"}}
                        ],
                    }
                ]
            },
            "messages",
        ),
    ],
)
def test_what_is_wrong_names_its_field(running: Live, changes: dict[str, Any], param: str) -> None:
    body = {"model": CHAT, "messages": HELLO, **changes}
    answer = httpx.post(f"{running.url}/v1/chat/completions", json=body)
    assert answer.status_code == 400, answer.text
    error = answer.json()["error"]
    assert error["param"].startswith(param)
    assert error["type"] == "invalid_request_error"


async def test_every_failure_below_v1_has_their_shape(serve: Serve) -> None:
    server = serve(quiet(access_token="a-token-of-one's-own", limits={"max_message_bytes": 5000}))
    async with sdk(server, "a-token-of-one's-own") as client:
        assert [model.id async for model in await client.models.list()]
        with pytest.raises(openai.APIStatusError, match="max_message_bytes") as large:
            await client.chat.completions.create(
                model=CHAT, messages=[{"role": "user", "content": "x" * 6000}]
            )
        assert large.value.status_code == 413
    async with sdk(server, "wrong") as client:
        with pytest.raises(openai.AuthenticationError, match="access token") as caught:
            await client.models.list()
        assert caught.value.code == "invalid_api_key"


def test_the_routers_failures_have_their_shape_too(serve: Serve) -> None:
    server = serve(quiet(access_token="a-token-of-one's-own"))
    headers = {"Authorization": "Bearer a-token-of-one's-own"}
    for method, path, status in (
        ("GET", "/v1/nothing", 404),
        ("DELETE", "/v1/models", 405),
    ):
        answer = httpx.request(method, server.url + path, headers=headers)
        assert answer.status_code == status
        assert set(answer.json()["error"]) == {"message", "type", "param", "code"}
    foreign = {**headers, "Origin": "https://evil.example"}
    answer = httpx.post(f"{server.url}/v1/chat/completions", headers=foreign, json={})
    assert answer.status_code == 403
    assert answer.json()["error"]["type"] == "permission_error"
