"""Pictures of stored conversations: told to who asks, served, and answered about once more."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.engines.llm.openai_server import OpenAIServer, Reply, openai_server
from tests.support.client import Client, Message, client, of_type
from tests.support.live import Live, live
from tests.support.tooling import asking

pytestmark = pytest.mark.anyio

PNG = b"\x89PNG\r\n\x1a\n a picture"
URL = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
PICTURE = {"source": "upload", "data": URL, "mime_type": "image/png"}
EXTENSIONS = ["message-actions", "stored-pictures", "error-codes"]


@asynccontextmanager
async def talking(folder: Path, **limits: Any) -> AsyncIterator[tuple[Client, OpenAIServer, Live]]:
    async with openai_server() as model:
        values = asking(model.base_url, **limits)
        with live(folder, values) as server:
            async with client(server.url) as one:
                await one.ask("enable-extensions", "extensions-enabled", extensions=EXTENSIONS)
                yield one, model, server


async def stored(one: Client, uid: str) -> list[Message]:
    told = await one.ask("fetch-and-set-history", "history-data", history_uid=uid)
    return list(told["messages"])


def seen(model: OpenAIServer) -> list[str]:
    """Return the pictures that the model was shown last."""
    content = model.requests[-1].body["messages"][-1]["content"]
    parts = content if isinstance(content, list) else []
    return [one["image_url"]["url"] for one in parts if one["type"] == "image_url"]


async def test_an_old_conversation_shows_its_pictures(tmp_path: Path) -> None:
    async with talking(tmp_path) as (one, model, server):
        model.reply = Reply(("A dog.",))
        await one.say("", images=[PICTURE])  # a picture alone
        asked, answer = await stored(one, one.history_uid)
        assert (asked["content"], answer["content"]) == ("", "A dog.")
        (path,) = asked["pictures"]
        assert "pictures" not in answer
        async with httpx.AsyncClient(base_url=server.url) as http:
            got = await http.get(path)
            assert (got.status_code, got.content) == (200, PNG)
            assert got.headers["content-type"] == "image/png"
            assert got.headers["cache-control"] == "no-store"
            assert "sandbox" in got.headers["content-security-policy"]
            for headers in ({"Origin": "https://a.example"}, {"Sec-Fetch-Site": "cross-site"}):
                assert (await http.get(path, headers=headers)).status_code == 403
            for key in ("name=", "history_uid=", "conf_uid="):
                wrong = path.replace(key, f"{key}..%2F")
                assert (await http.get(wrong)).status_code == 404
            # With the message it is gone.
            await one.ask("delete-message", "history-data", message_id=asked["id"])
            assert (await http.get(path)).status_code == 404
            told = await one.ask("restore-message", "history-data", message_id=asked["id"])
            assert told["messages"][0]["pictures"] == [path]
            assert (await http.get(path)).content == PNG


async def test_who_does_not_ask_is_told_of_none(tmp_path: Path) -> None:
    async with talking(tmp_path) as (one, _, server):
        await one.say("Look.", images=[PICTURE])
        async with client(server.url) as other:
            first, _answer = await stored(other, one.history_uid)
            assert set(first) <= {"role", "timestamp", "content", "name", "avatar"}


async def test_after_a_reload_it_is_answered_with_its_pictures(tmp_path: Path) -> None:
    async with talking(tmp_path) as (one, model, server):
        await one.say("What is it?", images=[PICTURE])
        assert seen(model) == [URL]
        uid = one.history_uid
        async with client(server.url) as other:
            await other.ask("enable-extensions", "extensions-enabled", extensions=EXTENSIONS)
            asked, answer = await stored(other, uid)
            await other.send("answer-anew", message_id=answer["id"])
            await other.turn()
            assert seen(model) == [URL]
            await other.send("send-again", message_id=asked["id"], text="What is that?")
            turn = await other.turn()
            assert seen(model) == [URL]
            heard = of_type(turn, "turn-messages")[0]["heard"]
            asked, _answer = await stored(other, uid)
            assert (asked["id"], len(asked["pictures"])) == (heard, 1)
            # Other pictures take their place.
            second = {**PICTURE, "data": URL[:-4] + "AAAA"}
            await other.send("send-again", message_id=heard, text="And now?", images=[second])
            await other.turn()
            assert seen(model) == [second["data"]]


async def test_what_is_not_kept_is_answered_without(tmp_path: Path) -> None:
    async with talking(tmp_path, max_pictures_bytes=0) as (one, model, _):
        await one.say("What is it?", images=[PICTURE])
        asked, answer = await stored(one, one.history_uid)
        assert "pictures" not in asked
        await one.send("answer-anew", message_id=answer["id"])
        await one.turn()
        assert seen(model) == []


async def test_without_the_token_there_is_none(tmp_path: Path) -> None:
    async with openai_server() as model:
        values = asking(model.base_url)
        values["system_config"] |= {"host": "0.0.0.0", "access_token": "secret"}
        with live(tmp_path, values) as server:
            url = server.url.replace("0.0.0.0", "127.0.0.1")
            async with client(f"{url}?token=secret") as one, httpx.AsyncClient() as http:
                await one.ask("enable-extensions", "extensions-enabled", extensions=EXTENSIONS)
                await one.say("Look.", images=[PICTURE])
                asked, _answer = await stored(one, one.history_uid)
                address = url + asked["pictures"][0]
                assert (await http.get(address)).status_code == 401
                assert (await http.get(f"{address}&token=secret")).content == PNG
