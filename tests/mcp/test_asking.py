"""Turns in which the person is asked for a tool: on the socket, in words, aloud, or not at all."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from open_llm_vtuber.audio import MIC_RATE
from tests.engines.llm.openai_server import OpenAIServer, Reply
from tests.support.client import Client, Message, client, kinds, of_type, shown
from tests.support.engines import WordsASR
from tests.support.live import Live
from tests.support.tooling import asking, call, numbers, servers_settled, with_tools
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

SUM = call("add", {"a": 1, "b": 1})
EXTENSIONS = ["tool-permission", "turn-ids", "error-codes", "groups"]


@asynccontextmanager
async def asked_client(running: Live) -> AsyncIterator[Client]:
    """Connect as a client that can ask."""
    async with client(running.url) as one:
        await one.send("enable-extensions", extensions=EXTENSIONS)
        await one.until_type("extensions-enabled")
        yield one


async def until_asked(one: Client) -> tuple[list[Message], Message]:
    """Return what came up to the question, and the question."""
    messages = await one.until_type("tool-permission-request")
    return messages, messages[-1]


async def answer(one: Client, question: Message, *, allow: bool, remember: bool = False) -> None:
    fields = {"id": question["id"], "allow": allow, "remember": remember}
    await one.send("tool-permission-answer", **fields)


def statuses(messages: list[Message]) -> list[tuple[str, str]]:
    return [(m["status"], m["content"]) for m in of_type(messages, "tool_call_status")]


def told(model: OpenAIServer) -> list[str]:
    """Return the results of tools in the newest request."""
    return [m["content"] for m in model.requests[-1].body["messages"] if m["role"] == "tool"]


async def test_who_cannot_be_asked_is_told_once_how_to_allow_it(
    running: Live, model: OpenAIServer
) -> None:
    async with client(running.url) as one:
        for _ in range(2):
            model.next = [
                Reply(tokens=("Let me see.",), calls=(call("add", {"a": 1, "b": 2}),)),
                Reply(tokens=("I may not add.",)),
            ]
            turn = await one.say("Add.")
            (first, second) = statuses(turn)
            assert first == ("running", 'Input: {"a": 1, "b": 2}')
            assert second[0] == "error"
            (result,) = told(model)
            assert "The person was not asked" in result
            assert "tool_permissions: {numbers: allow}" in result
            assert shown(turn) == "Let me see. I may not add."
            told_now = of_type(turn, "error")
            if _ == 0:
                (error,) = told_now
                assert "conf.yaml" in error["message"]
                assert "{numbers: allow}" in error["message"]
            else:
                assert told_now == []
            assert not [kind for kind in kinds(turn) if "permission" in kind]


async def test_what_is_allowed_once_is_asked_for_again(running: Live, model: OpenAIServer) -> None:
    async with asked_client(running) as one:
        for number in range(2):
            model.next = [
                Reply(tokens=("Let me see.",), calls=(call("add", {"a": number, "b": 2}),)),
                Reply(tokens=("There.",)),
            ]
            await one.type("Add.")
            before, question = await until_asked(one)
            assert question["turn"] == before[0]["turn"]
            (status,) = of_type(before, "tool_call_status")
            assert question["tool_id"] == status["tool_id"]
            assert (question["tool"], question["server"]) == ("add", "numbers")
            assert question["description"] == "Add two numbers."
            assert json.loads(question["arguments"]) == {"a": number, "b": 2}
            assert question["description_changed"] is False
            # In its place: what was said before has been sent.
            assert shown(before).strip() == "Let me see."
            await answer(one, question, allow=True)
            rest = await one.turn_end()
            (closed,) = of_type(rest, "tool-permission-closed")
            assert (closed["id"], closed["outcome"]) == (question["id"], "allowed")
            assert statuses(rest) == [("completed", str(number + 2))]
            assert shown(rest).strip() == "There."


async def test_what_is_refused_is_not_run(running: Live, model: OpenAIServer) -> None:
    model.next = [Reply(tokens=(), calls=(call("crash", {}),)), Reply(tokens=("As you like.",))]
    async with asked_client(running) as one:
        await one.type("Crash.")
        _, question = await until_asked(one)
        await answer(one, question, allow=False)
        turn = await one.turn_end()
    (status,) = statuses(turn)
    assert status[0] == "error"
    assert "does not want the tool 'crash'" in told(model)[0]
    assert shown(turn) == "As you like."


async def test_what_is_allowed_for_good_is_asked_for_no_more_by_anybody(
    running: Live, model: OpenAIServer
) -> None:
    """Two calls at once, too: the answer to the first one holds for the second."""
    talks = [call("talk", {"length": n}, n) for n in range(2)]
    model.next = [Reply(tokens=(), calls=tuple(talks)), Reply(tokens=("Done.",))]
    async with asked_client(running) as one:
        await one.type("Talk.")
        _, question = await until_asked(one)
        await answer(one, question, allow=True, remember=True)
        turn = await one.turn_end()
    assert len(of_type(turn, "tool_call_status")) == 2
    assert not of_type(turn, "tool-permission-request")
    model.next = [Reply(tokens=(), calls=(talks[1],)), Reply(tokens=("Done.",))]
    async with client(running.url) as other:
        turn = await other.say("Talk.")
    assert statuses(turn)[-1] == ("completed", "x")
    file = running.server.folder / "tool_permissions.json"
    await until(file.exists)
    assert json.loads(file.read_text("utf-8"))["tools"]["numbers"]["talk"]["always"] is True


async def test_nobody_answers_for_somebody_else(running: Live, model: OpenAIServer) -> None:
    model.next = [Reply(tokens=(), calls=(call("add", {"a": 4, "b": 2}),)), Reply()]
    async with asked_client(running) as one, asked_client(running) as two:
        await one.type("Add.")
        _, question = await until_asked(one)
        for uid in (question["id"], "0" * 16):
            await two.send("tool-permission-answer", id=uid, allow=True)
            (error,) = of_type(await two.beat(), "error")
            assert (error["code"], error["about"]) == ("question-over", "tool-permission-answer")
        for malformed in ({"allow": "true"}, {}, {"allow": 1}):
            await one.send("tool-permission-answer", id=question["id"], **malformed)
            (error,) = of_type(await one.beat(), "error")
            assert error["code"] == "message-malformed"
        await answer(one, question, allow=True)
        turn = await one.turn_end()
        assert statuses(turn) == [("completed", "6")]
        assert of_type(await two.beat(), "error") == []
        await answer(one, question, allow=True)
        (error,) = of_type(await one.beat(), "error")
        assert error["code"] == "question-over"


def picture_of(source: str) -> dict[str, str]:
    return {"source": source, "data": "data:image/png;base64,iVBORw==", "mime_type": "image/png"}


@pytest.mark.parametrize(
    ("said", "state"), [("Yes, please.", "completed"), ("好的", "completed"), ("不要", "error")]
)
async def test_a_plain_answer_is_no_turn(
    running: Live, model: OpenAIServer, said: str, state: str
) -> None:
    model.next = [
        Reply(tokens=(), calls=(call("add", {"a": 1, "b": 1}),)),
        Reply(tokens=("Fine.",)),
    ]
    async with asked_client(running) as one:
        await one.send("text-input", text="Add.", images=[])
        await until_asked(one)
        # What camera and screen show goes with whatever is said.
        await one.send("text-input", text=said, images=[picture_of("camera")])
        turn = await one.turn_end()
        assert [one[0] for one in statuses(turn)] == [state]
        assert shown(turn) == "Fine."
        model.next = [Reply(tokens=("Hello.",))]
        await one.say("Hello.")
    users = [m["content"] for m in model.requests[-1].body["messages"] if m["role"] == "user"]
    assert users == ["Add.", "Hello."]


@pytest.mark.parametrize(
    ("said", "images"), [("What does it do?", []), ("Yes.", [picture_of("clipboard")])]
)
async def test_what_is_no_plain_answer_is_a_turn_and_withdraws_the_question(
    running: Live, model: OpenAIServer, said: str, images: list[dict[str, str]]
) -> None:
    model.next = [
        Reply(tokens=("Let me see.",), calls=(call("add", {"a": 1, "b": 1}),)),
        Reply(tokens=("It adds.",)),
    ]
    async with asked_client(running) as one:
        await one.send("text-input", text="Add.", images=[])
        _, question = await until_asked(one)
        await one.send("text-input", text=said, images=images)
        after = await one.turn_end()
    assert "interrupt" in kinds(after)
    (closed,) = of_type(after, "tool-permission-closed")
    assert (closed["id"], closed["outcome"]) == (question["id"], "withdrawn")
    assert shown(after) == "It adds."
    remembered = [m["content"] for m in model.requests[-1].body["messages"][1:]]
    assert remembered[0] == "Add."
    assert "Let me see." in remembered[1]
    assert said in str(remembered[-1])


async def test_an_interrupt_withdraws_the_question(running: Live, model: OpenAIServer) -> None:
    model.next = [Reply(tokens=("So.",), calls=(call("add", {"a": 1, "b": 1}),))]
    async with asked_client(running) as one:
        await one.type("Add.")
        _, question = await until_asked(one)
        await one.interrupt()
        (closed,) = of_type(
            await one.until_type("tool-permission-closed"), "tool-permission-closed"
        )
        assert (closed["id"], closed["outcome"]) == (question["id"], "withdrawn")
        await answer(one, question, allow=True)
        (error,) = of_type(await one.beat(), "error")
        assert error["code"] == "question-over"
    assert len(model.requests) == 1


def sound(loud_s: float, silent_s: float) -> bytes:
    samples = [np.full(int(loud_s * MIC_RATE), 8000), np.zeros(int(silent_s * MIC_RATE))]
    return np.concatenate(samples).astype("<i2").tobytes()


@pytest.mark.parametrize(("said", "state"), [("Yes.", "completed"), ("No, thanks!", "error")])
async def test_a_spoken_answer(running: Live, model: OpenAIServer, said: str, state: str) -> None:
    model.next = [
        Reply(tokens=(), calls=(call("add", {"a": 1, "b": 1}),)),
        Reply(tokens=("Fine.",)),
    ]
    async with asked_client(running) as one:
        await one.type("Add.")
        await until_asked(one)
        WordsASR.said[:] = [said]
        await one.send("mic-stream-start")
        await one.socket.send(sound(0.8, 1.5))
        turn = await one.turn_end()
    assert [status[0] for status in statuses(turn)] == [state]
    assert "interrupt" not in kinds(turn)
    (heard,) = of_type(turn, "user-input-transcription")
    assert heard["text"] == said
    assert len(model.requests) == 2


async def test_something_else_that_is_spoken_breaks_in(running: Live, model: OpenAIServer) -> None:
    model.next = [
        Reply(tokens=(), calls=(call("add", {"a": 1, "b": 1}),)),
        Reply(tokens=("Fine.",)),
    ]
    async with asked_client(running) as one:
        await one.type("Add.")
        await until_asked(one)
        WordsASR.said[:] = ["Tell me a story instead."]
        await one.send("mic-stream-start")
        await one.socket.send(sound(0.8, 1.5))
        turn = await one.turn_end()
    (closed,) = of_type(turn, "tool-permission-closed")
    assert closed["outcome"] == "withdrawn"
    assert "interrupt" in kinds(turn)
    assert shown(turn) == "Fine."
    assert "Tell me a story instead." in model.requests[-1].body["messages"][-1]["content"]


async def allowed(one: Client) -> list[Message]:
    tools: list[Message] = (await one.ask("fetch-tool-permissions", "tool-permissions"))["tools"]
    return tools


async def test_what_was_allowed_for_good_is_told_and_taken_back(
    tmp_path: Path, model: OpenAIServer
) -> None:
    values = asking(model.base_url, "numbers", permissions={})
    with with_tools(tmp_path, values, numbers=numbers()) as server:
        await asyncio.wrap_future(servers_settled(server))
        async with asked_client(server) as one, asked_client(server) as two:
            assert await allowed(one) == []
            model.next = [Reply(tokens=(), calls=(SUM,)), Reply(tokens=("Two.",))]
            await one.type("Add.")
            _, question = await until_asked(one)
            await answer(one, question, allow=True, remember=True)
            await one.turn_end()
            add = {"server": "numbers", "tool": "add"}
            assert await allowed(two) == [add]
            for wrong in ({"server": "numbers", "tool": "talk"}, {"server": "", "tool": ""}):
                kept = await two.ask("take-back-tool-permission", "tool-permissions", **wrong)
                assert kept["tools"] == [add]
            await two.ask("take-back-tool-permission", "tool-permissions", **add)
            assert await allowed(one) == []
            model.next = [Reply(tokens=(), calls=(SUM,)), Reply(tokens=("Two.",))]
            await one.type("Add.")
            _, question = await until_asked(one)
            assert question["description_changed"] is False
            await answer(one, question, allow=False)
            await one.turn_end()
    file = json.loads((tmp_path / "tool_permissions.json").read_text("utf-8"))
    assert file["tools"]["numbers"]["add"]["always"] is False


async def test_in_a_group_the_person_of_the_character_is_asked(
    running: Live, model: OpenAIServer
) -> None:
    model.next = [
        Reply(tokens=(), calls=(call("add", {"a": 1, "b": 1}),)),
        Reply(tokens=("Two.",)),
    ]
    async with AsyncExitStack() as stack:
        one, two = [await stack.enter_async_context(asked_client(running)) for _ in range(2)]
        await one.change_group("add-client-to-group", invitee_uid=two.uid)
        await two.until_type("group-update")
        await two.send("text-input", text="Add, one of you.", images=[])
        _, question = await until_asked(one)
        assert not of_type(await two.beat(), "tool-permission-request")
        await two.send("tool-permission-answer", id=question["id"], allow=True)
        errors = of_type(await two.beat(), "error")
        assert [error["code"] for error in errors] == ["question-over"]
        await one.send("text-input", text="Yes.", images=[])
        turn = await one.until(lambda m: m["type"] == "audio")
        assert statuses(turn) == [("completed", "2")]
        await one.send("interrupt-signal", text="")
        await one.until_type("interrupt-signal")


async def test_who_leaves_a_question_is_not_asked_another_one(
    tmp_path: Path, model: OpenAIServer
) -> None:
    values = asking(
        model.base_url, "numbers", permissions={"*": "ask"}, tool_question_timeout_s=0.2
    )
    calls = (call("add", {"a": 1, "b": 1}, 0), call("pid", {}, 1))
    model.next = [Reply(tokens=(), calls=calls), Reply(tokens=("Nobody there?",))]
    with with_tools(tmp_path, values, numbers=numbers()) as server:
        await asyncio.wrap_future(servers_settled(server))
        async with asked_client(server) as one:
            turn = await one.say("Add.")
    assert len(of_type(turn, "tool-permission-request")) == 1
    (closed,) = of_type(turn, "tool-permission-closed")
    assert closed["outcome"] == "unanswered"
    assert all("gave no answer" in result for result in told(model))
    assert len(told(model)) == 2
    assert shown(turn) == "Nobody there?"


def pictures(request: Any) -> list[str]:
    """Return the pictures in a request, as data URLs."""
    contents = [m["content"] for m in request.body["messages"] if isinstance(m["content"], list)]
    parts = [part for content in contents for part in content if part["type"] == "image_url"]
    return [part["image_url"]["url"] for part in parts]


async def test_a_picture_that_a_tool_returns_is_shown_to_a_model_that_sees(
    running: Live, model: OpenAIServer
) -> None:
    model.next = [Reply(tokens=(), calls=(call("picture", {}),)), Reply(tokens=("A dot.",))]
    async with asked_client(running) as one:
        await one.type("Look.")
        _, question = await until_asked(one)
        await answer(one, question, allow=True)
        turn = await one.turn_end()
    assert shown(turn) == "A dot."
    assert pictures(model.requests[-1]) == ["data:image/png;base64,iVBORw=="]
    assert told(model) == ["a dot\n[Tool returned 1 image(s)]"]
    roles = [m["role"] for m in model.requests[-1].body["messages"][1:]]
    assert roles == ["user", "assistant", "tool", "user"]


async def test_for_a_model_that_sees_none_a_picture_is_text(
    tmp_path: Path, model: OpenAIServer
) -> None:
    blind = {"error": {"message": "this model does not support image input"}}
    model.refusal, model.reply = Reply(status=400, error=blind), Reply(tokens=("A dot.",))
    values = asking(model.base_url, "numbers", permissions={"numbers": "allow"})
    with with_tools(tmp_path, values, numbers=numbers()) as server:
        await asyncio.wrap_future(servers_settled(server))
        async with client(server.url) as one:
            for expected in ([False, True, False], [False, False]):
                model.requests.clear()
                model.next = [Reply(tokens=(), calls=(call("picture", {}),))]
                turn = await one.say("Look.")
                assert shown(turn) == "A dot."
                assert told(model) == ["a dot\n[Tool returned 1 image(s)]"]
                # Once it is known not to see, it is shown nothing.
                assert [bool(pictures(request)) for request in model.requests] == expected
    model.refusal, model.reply = None, Reply()
