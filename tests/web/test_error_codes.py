"""The extension `error-codes`: what failed as a code, for who asked and nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest

from open_llm_vtuber.faults import MEANINGS, ErrorCode
from tests.conftest import Serve
from tests.support.absent import without
from tests.support.client import Client, Message, client, of_type
from tests.support.live import free_port
from tests.web.test_client_ws import quick
from tests.web.test_extensions import OWN, slow

pytestmark = pytest.mark.anyio


def test_every_code_has_a_meaning() -> None:
    assert tuple(MEANINGS) == get_args(ErrorCode)


async def asking(one: Client) -> Client:
    await one.ask("enable-extensions", "extensions-enabled", extensions=["error-codes"])
    return one


async def failure(one: Client, kind: str, **fields: Any) -> Message:
    """Return the error that answers a message, without its sentence."""
    await one.send(kind, **fields)
    error = (await one.until_type("error"))[-1]
    assert error.pop("message")
    return error


LIMITS = {"max_text_chars": 10, "max_images": 1, "max_message_bytes": 1000, "max_utterance_s": 1}


async def test_what_is_refused_says_what_and_why(serve: Serve) -> None:
    picture = {"source": "upload", "data": "data:image/png;base64,AA", "mime_type": "image/png"}
    limit = "system_config.limits."

    async with client(serve(quick(**LIMITS)).url) as one:
        await asking(one)
        told = [
            await failure(one, "text-input", text="x" * 11),
            await failure(one, "text-input", text="x", images=[picture, picture]),
            await failure(one, "text-input", text="x" * 2000),
            await failure(one, "text-input", text=" "),
            await failure(one, "mic-audio-end"),
            await failure(one, "teleport"),
            await failure(one, "text-input", text=7),
            await failure(one, "fetch-and-set-history", history_uid="none", request_id="1"),
            await failure(one, "switch-config", file="nobody.yaml", request_id="2"),
        ]
        for _ in range(41):
            await one.send("mic-audio-data", audio=[0] * 400)
        recorded = (await one.until_type("error"))[-1]
        await one.socket.send("no JSON")
        malformed = (await one.until_type("error"))[-1]
    over = {"type": "error", "code": "limit-reached"}
    assert told == [
        {**over, "about": f"{limit}max_text_chars", "params": {"limit": 10}},
        {**over, "about": f"{limit}max_images", "params": {"limit": 1}},
        {
            "type": "error",
            "code": "message-too-large",
            "about": f"{limit}max_message_bytes",
            "params": {"limit": 1000},
        },
        {"type": "error", "code": "message-empty"},
        {"type": "error", "code": "message-empty"},
        {"type": "error", "code": "message-unknown", "about": "teleport"},
        {
            "type": "error",
            "code": "message-malformed",
            "about": "text-input",
            "params": {"field": "text"},
        },
        {
            "type": "error",
            "request_id": "1",
            "code": "history-unknown",
            "about": "fetch-and-set-history",
        },
        {
            "type": "error",
            "request_id": "2",
            "code": "character-unknown",
            "about": "switch-config",
            "params": {"file": "nobody.yaml"},
        },
    ]
    assert (recorded["code"], recorded["about"]) == ("limit-reached", f"{limit}max_utterance_s")
    assert malformed["code"] == "message-malformed"


async def test_an_engine_that_fails_is_named_by_its_kind(serve: Serve) -> None:
    server = serve(quick(tts=f"{OWN}DumbTTS", llm_token_timeout_s=1))
    async with client(server.url) as one:
        await asking(one)
        (error,) = of_type(await one.say("Hello."), "error")
    assert (error["code"], error["about"]) == ("engine-failed", "tts")
    assert "no voice" in error["message"]


async def test_an_engine_that_cannot_be_loaded_is_named_when_it_is_told(serve: Serve) -> None:
    async with client(serve(slow(failure="The ears are shut.", load_s=0.5)).url) as one:
        await asking(one)
        error = (await one.until_type("error"))[-1]
    assert (error["code"], error["about"]) == ("engine-failed", "asr")


async def test_an_engine_that_this_version_lacks(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, "bark_tts")
    async with client(serve(quick(tts="bark_tts")).url) as one:
        await asking(one)
        (error,) = of_type(await one.say("Hello."), "error")
    assert (error["code"], error["about"]) == ("engine-missing", "tts")
    assert error["params"] == {"name": "bark_tts"}


async def test_a_turn_and_an_answer_that_take_too_long(serve: Serve, tmp_path: Path) -> None:
    late = {"sections": {"echo_llm": {"delay_s": 60}}}
    async with client(serve(quick(**late, turn_timeout_s=0.2)).url) as one:
        await asking(one)
        (turn,) = of_type(await one.say("Hello."), "error")
    async with client(serve(quick(**late, llm_first_token_timeout_s=0.2)).url) as one:
        await asking(one)
        (answer,) = of_type(await one.say("Hello."), "error")
    key = "system_config.limits.turn_timeout_s"
    assert (turn["code"], turn["about"], turn["params"]) == ("turn-timeout", key, {"limit_s": 0.2})
    assert (answer["code"], answer["about"]) == ("engine-timeout", "llm")
    assert answer["params"] == {"limit_s": 0.2}


async def test_a_service_that_is_not_there(serve: Serve) -> None:
    service = {"base_url": f"http://127.0.0.1:{free_port()}/v1", "model": "small"}
    name = "openai_compatible_llm"
    async with client(serve(quick(llm=name, sections={name: service})).url) as one:
        await asking(one)
        errors = of_type(await one.say("Hello."), "error")
    # Where it is still being loaded when the client comes, that is told as well.
    assert {(one["code"], one["about"]) for one in errors} == {("service-unreachable", "llm")}


async def test_what_a_group_refuses(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        await asking(one)

        async def refused(kind: str, **fields: Any) -> str:
            result = await one.ask(kind, "group-operation-result", **fields)
            assert not result["success"]
            return str(result["code"])

        assert await refused("add-client-to-group", invitee_uid="x") == "group-client-unknown"
        assert await refused("add-client-to-group", invitee_uid=one.uid) == "group-self"
        assert await refused("remove-client-from-group", target_uid="x") == "group-none"


async def test_who_does_not_ask_is_told_as_documented(serve: Serve) -> None:
    async with client(serve(quick(tts=f"{OWN}DumbTTS", **LIMITS)).url) as one:
        errors = of_type(await one.say("Hello."), "error")
        for kind, fields in (
            ("text-input", {"text": "x" * 11}),
            ("text-input", {"text": "x" * 2000}),
            ("switch-config", {"file": "nobody.yaml"}),
            ("teleport", {}),
        ):
            await one.send(kind, **fields)
            errors += of_type(await one.until_type("error"), "error")
        result = await one.ask("add-client-to-group", "group-operation-result", invitee_uid=one.uid)
    assert [set(error) for error in errors] == [{"type", "message"}] * 5
    assert set(result) == {"type", "success", "message"}
