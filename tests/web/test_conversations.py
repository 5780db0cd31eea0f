"""The list of conversations over real sockets, and the files of them over HTTP."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from open_llm_vtuber.history.exporter import write_entries
from tests.conftest import Serve
from tests.support.client import Client, Message, client
from tests.support.live import conf, live

pytestmark = pytest.mark.anyio

ENGINES = "tests.support.engines:"


def quick(**changes: Any) -> dict[str, Any]:
    """Return a configuration of instant engines."""
    sections = {"tone_tts": {"seconds": 0.05}, **changes}
    return conf(asr=f"{ENGINES}MuteASR", vad=None, llm=f"{ENGINES}EchoLLM", sections=sections)


async def able(one: Client) -> Client:
    await one.ask("enable-extensions", "extensions-enabled", extensions=["conversations"])
    return one


async def listed(one: Client, **fields: Any) -> list[Message]:
    told = await one.ask("fetch-conversations", "conversations", **fields)
    found: list[Message] = told["conversations"]
    return found


async def test_conversations_are_listed_named_pinned_and_found(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        await able(one)
        await one.say("# The kettle\nis hot.")
        await one.new_conversation()
        await one.say("The moon.")
        moon, kettle = await listed(one)
        assert (kettle["title"], kettle["named"], kettle["pinned"]) == (
            "The kettle is hot.",
            False,
            False,
        )
        assert kettle["latest"]["role"] == "ai"
        assert (kettle["file"], kettle["character"]) == ("conf.yaml", "tester")
        changed = await one.ask(
            "rename-conversation",
            "conversation-changed",
            history_uid=moon["uid"],
            title=" <b>Moon</b> \u202e\n",
            request_id="7",
        )
        assert changed["request_id"] == "7"
        assert changed["conversation"]["title"] == "<b>Moon</b>"
        done = await one.ask(
            "pin-conversation", "conversation-changed", history_uid=kettle["uid"], pinned=True
        )
        assert done["conversation"]["pinned"]
        assert [each["uid"] for each in await listed(one)] == [kettle["uid"], moon["uid"]]
        (found,) = await listed(one, query="KETTLE")
        assert [(each["role"], each["text"]) for each in found["found"]] == [
            ("ai", "# The kettle is hot."),
            ("human", "# The kettle is hot."),
        ]
        # It is where the conversation has it.
        data = await one.ask("fetch-and-set-history", "history-data", history_uid=found["uid"])
        stored = [(each["role"], each["timestamp"]) for each in data["messages"]]
        assert {(each["role"], each["said_at"]) for each in found["found"]} <= set(stored)
        # The documented list is as it was.
        documented = await one.ask("fetch-history-list", "history-list")
        assert [each["uid"] for each in documented["histories"]] == [moon["uid"], kettle["uid"]]
        assert set(documented["histories"][0]) == {"uid", "latest_message", "timestamp"}


async def test_two_who_rename_at_once_are_both_shown_what_holds(serve: Serve) -> None:
    server = serve(quick())
    async with client(server.url) as one, client(server.url) as two, client(server.url) as old:
        await able(one)
        await able(two)
        await one.say("Hello.")
        (kept,) = await listed(one)
        for _ in range(5):
            await asyncio.gather(
                one.send("rename-conversation", history_uid=kept["uid"], title="by one"),
                two.send("rename-conversation", history_uid=kept["uid"], title="by two"),
            )
            shown = [
                [(await each.until_type("conversation-changed"))[-1] for _ in range(2)]
                for each in (one, two)
            ]
            titles = [[m["conversation"]["title"] for m in told] for told in shown]
            assert titles[0] == titles[1]
            assert all("told" in [m.get("request_id") for m in told] for told in shown)
            assert sorted(titles[0]) == ["by one", "by two"]
            (now,) = await listed(one)
            assert titles[0][-1] == now["title"]
        # Who never asked for it is told nothing.
        assert not [m for m in await old.settled() if m["type"] == "conversation-changed"]


async def test_a_deletion_is_told_to_all(serve: Serve) -> None:
    server = serve(quick())
    async with client(server.url) as one, client(server.url) as two:
        await able(one)
        await able(two)
        await one.say("Hello.")
        (kept,) = await listed(two)
        asked = {"history_uid": kept["uid"], "conf_uid": kept["conf_uid"], "request_id": "d"}
        done = await two.ask("delete-conversation", "conversation-deleted", **asked)
        assert (done["success"], done["request_id"]) == (True, "d")
        told = (await one.until_type("conversation-deleted"))[-1]
        assert (told["history_uid"], told["request_id"]) == (kept["uid"], "told")
        assert await listed(one) == []
        again = await two.ask("delete-conversation", "conversation-deleted", **asked)
        assert not again["success"]
        # The one that is open, and one of a character that is not here.
        await two.say("Mine.")
        (own,) = await listed(two)
        await two.ask("delete-conversation", "conversation-deleted", history_uid=own["uid"])
        assert await listed(one) == []
        other = {"history_uid": "x", "conf_uid": "somebody"}
        done = await two.ask("delete-conversation", "conversation-deleted", **other)
        assert (done["conf_uid"], done["success"]) == ("somebody", False)


async def test_what_cannot_be_done_is_told_to_who_asked(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        refused = await one.ask("fetch-conversations", "error")
        assert "extension `conversations`" in refused["message"]
        await one.ask(
            "enable-extensions",
            "extensions-enabled",
            extensions=["conversations", "error-codes"],
        )
        for kind, fields, code in (
            ("rename-conversation", {"history_uid": "nothing", "title": "x"}, "history-unknown"),
            ("pin-conversation", {"history_uid": "../x", "pinned": True}, "history-unknown"),
            ("rename-conversation", {"history_uid": "a", "title": "x" * 201}, "message-malformed"),
            ("fetch-conversations", {"after": "W10="}, "message-malformed"),
            ("fetch-conversations", {"limit": 1000}, "message-malformed"),
        ):
            error = await one.ask(kind, "error", request_id="q", **fields)
            assert (error["code"], error["request_id"]) == (code, "q"), kind


async def test_parts_follow_one_another(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        await able(one)
        for number in range(5):
            await one.new_conversation()
            await one.say(f"Number {number}")
        seen: list[str] = []
        after: str | None = ""
        while after is not None:
            told = await one.ask("fetch-conversations", "conversations", after=after, limit=2)
            assert told["after"] == after
            seen += [each["title"] for each in told["conversations"]]
            after = told["next"]
        assert seen == [f"Number {number}" for number in (4, 3, 2, 1, 0)]


def imported(folder: Path, entries: list[Any]) -> bytes:
    """Leave a conversation as the original does; return its bytes."""
    file = folder / "chat_history" / "tester_001" / "old one.json"
    write_entries(file, entries)
    return file.read_bytes()


ENTRIES = [
    {"role": "metadata", "timestamp": "2025-01-01T10:00:00", "agent": {"key": [1, None]}},
    {"role": "human", "timestamp": "2025-01-01T10:00:01", "content": "你好 \ud83d <b>", "x": [{}]},
    *(
        {"role": "ai", "timestamp": "2025-01-01T10:00:02", "content": f"[joy] {n}", "name": "Wren"}
        for n in range(450)
    ),
]


async def test_files_are_to_the_byte_what_was_imported(tmp_path: Path) -> None:
    original = imported(tmp_path, ENTRIES)
    with live(tmp_path, quick()) as server:
        async with client(server.url) as one:
            await able(one)
            (old,) = await listed(one)
            named = {"history_uid": old["uid"], "title": 'My: "old" / 一'}
            await one.ask("rename-conversation", "conversation-changed", **named)
        asked = {"conf_uid": old["conf_uid"], "history_uid": old["uid"]}
        async with httpx.AsyncClient(base_url=server.url) as http:
            got = await http.get("/conversations/export", params={**asked, "form": "json"})
            assert got.status_code == 200
            assert got.content == original
            name = quote("My   old    一.json")
            assert got.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}"
            text = (await http.get("/conversations/export", params=asked)).text
            assert text.startswith('My: "old" / 一\n\nYou (2025-01-01 10:00:01)\n你好')
            assert "Wren (2025-01-01 10:00:02)\n449\n" in text
            text = (await http.get("/conversations/export", params={**asked, "person": "Zoë"})).text
            assert "\n\nZoë (2025-01-01 10:00:01)\n你好" in text
            unknown = await http.get(
                "/conversations/export", params={**asked, "history_uid": "../x"}
            )
            assert unknown.status_code == 404
            for elsewhere in (
                {"Origin": "https://evil.example"},
                {"Origin": "null"},
                {"Sec-Fetch-Site": "cross-site"},
            ):
                refused = await http.get("/conversations/export", params=asked, headers=elsewhere)
                assert refused.status_code == 403
                assert "你好" not in refused.text
    assert json.loads(original)[1]["x"] == [{}]
