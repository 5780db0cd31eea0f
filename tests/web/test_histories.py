"""Stored conversations over a real socket: kept, listed, taken up again, searched, deleted."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Serve
from tests.support.client import Client, Message, client, is_chain_end, of_type, shown
from tests.support.live import conf, live

pytestmark = pytest.mark.anyio

ENGINES = "tests.support.engines:"


def quick(llm: str = "EchoLLM", **changes: Any) -> dict[str, Any]:
    """Return a configuration of instant engines."""
    sections = {"tone_tts": {"seconds": 0.05}, **changes}
    return conf(asr=f"{ENGINES}MuteASR", vad=None, llm=ENGINES + llm, sections=sections)


async def ask(one: Client, kind: str, answer: str, **fields: Any) -> Message:
    await one.send(kind, **fields)
    return (await one.until_type(answer))[-1]


async def test_a_conversation_outlives_its_connection(serve: Serve) -> None:
    server = serve(quick("MemoryLLM"))
    async with client(server.url) as one:
        await one.say("My cat is called Tin.")
    async with client(server.url) as one:
        (kept,) = (await ask(one, "fetch-history-list", "history-list"))["histories"]
        assert kept["latest_message"]["role"] == "ai"
        data = await ask(one, "fetch-and-set-history", "history-data", history_uid=kept["uid"])
        first, second = data["messages"]
        assert (first["role"], first["content"]) == ("human", "My cat is called Tin.")
        assert (second["role"], second["name"]) == ("ai", "Tester")
        assert "My cat is called Tin." in shown(await one.say("What is its name?"))
        again = (await ask(one, "fetch-history-list", "history-list"))["histories"]
        assert [one["uid"] for one in again] == [kept["uid"]]


async def test_a_message_is_stored_before_its_turn_is_reported_done(serve: Serve) -> None:
    server = serve(quick())
    async with client(server.url) as one, client(server.url) as other:
        await one.say("Hello.")
        (kept,) = (await ask(other, "fetch-history-list", "history-list"))["histories"]
        assert kept["latest_message"]["content"] == "Hello."


async def test_an_interrupted_answer_is_kept_as_far_as_it_was_heard(serve: Serve) -> None:
    long: dict[str, Any] = {
        "echo_llm": {"delay_s": 0.05, "reply": "One is. Two is. Three is. Four is. Five is."}
    }
    async with client(serve(quick(**long)).url) as one:
        await one.send("text-input", text="Count.", images=[])
        await one.until_type("audio")
        await one.send("interrupt-signal", text="One is.")
        (kept,) = (await ask(one, "fetch-history-list", "history-list"))["histories"]
        data = await ask(one, "fetch-and-set-history", "history-data", history_uid=kept["uid"])
    assert [(m["role"], m["content"]) for m in data["messages"]] == [
        ("human", "Count."),
        ("ai", "One is."),
    ]


async def test_an_interrupt_after_the_end_adds_nothing(serve: Serve) -> None:
    """Protocol section 10."""
    async with client(serve(quick()).url) as one:
        await one.say("Hello.")
        await one.send("interrupt-signal", text="Hel")
        (kept,) = (await ask(one, "fetch-history-list", "history-list"))["histories"]
        data = await ask(one, "fetch-and-set-history", "history-data", history_uid=kept["uid"])
    assert len(data["messages"]) == 2


async def test_a_deleted_conversation_is_gone_and_forgotten(serve: Serve) -> None:
    async with client(serve(quick("MemoryLLM")).url) as one:
        await one.say("Remember the sea.")
        (kept,) = (await ask(one, "fetch-history-list", "history-list"))["histories"]
        done = await ask(one, "delete-history", "history-deleted", history_uid=kept["uid"])
        assert done == {"type": "history-deleted", "success": True, "history_uid": kept["uid"]}
        assert (await ask(one, "fetch-history-list", "history-list"))["histories"] == []
        again = await ask(one, "delete-history", "history-deleted", history_uid=kept["uid"])
        assert again["success"] is False
        assert "sea" not in shown(await one.say("What was it?"))


async def test_conversations_are_searched(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        await one.say("The kettle is 100% hot.")
        await one.send("create-new-history")
        await one.say("Nothing else.")
        found = await ask(one, "search-history", "history-search", query="KETTLE")
        assert len(found["histories"]) == 1
        nothing = await ask(one, "search-history", "history-search", query="%")
        assert len(nothing["histories"]) == 1


@pytest.mark.parametrize("uid", ["../../etc/passwd", "x", 7, "", "2026-01-01_00-00-00_zz"])
async def test_a_malformed_uid_is_refused_and_changes_nothing(serve: Serve, uid: object) -> None:
    """Protocol section 10: it was adopted, and broke every later turn."""
    async with client(serve(quick()).url) as one:
        await one.send("fetch-and-set-history", history_uid=uid)
        assert (await one.receive())["type"] == "error"
        assert shown(await one.say("Still here?")).strip() == "Still here?"


async def test_nothing_of_an_unasked_turn_is_kept_unless_it_is_answered(serve: Serve) -> None:
    async with client(serve(quick(echo_llm={"reply": "Shall we talk?"})).url) as one:
        await one.send("ai-speak-signal", idle_time=-1, images=[])
        messages = await one.until(is_chain_end)
        assert messages[0] == {"type": "full-text", "text": "AI wants to speak something..."}
        assert shown(messages).strip() == "Shall we talk?"
        assert (await ask(one, "fetch-history-list", "history-list"))["histories"] == []
        await one.say("Yes.")
        (kept,) = (await ask(one, "fetch-history-list", "history-list"))["histories"]
        data = await ask(one, "fetch-and-set-history", "history-data", history_uid=kept["uid"])
    assert [m["content"] for m in data["messages"]] == ["Shall we talk?", "Yes.", "Shall we talk?"]


async def test_two_clients_keep_their_conversations_apart(serve: Serve) -> None:
    server = serve(quick("MemoryLLM"))
    async with client(server.url) as one, client(server.url) as two:
        await one.say("I am one.")
        assert "I am one" not in shown(await two.say("I am two."))
        listed = await ask(one, "fetch-history-list", "history-list")
        assert len(of_type([listed], "history-list")[0]["histories"]) == 2


async def test_an_answer_and_an_error_bring_back_the_id_of_their_request(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        created = await ask(one, "create-new-history", "new-history-created")
        uid = created["history_uid"]
        asked = {"history_uid": uid, "request_id": "open-1"}
        data = await ask(one, "fetch-and-set-history", "history-data", **asked)
        assert data["request_id"] == "open-1"
        asked = {"history_uid": "no such", "request_id": "open-2"}
        error = await ask(one, "fetch-and-set-history", "error", **asked)
        assert error["request_id"] == "open-2"
        error = await ask(one, "fetch-and-set-history", "error", history_uid="no such")
        assert error.keys() == {"type", "message"}  # as documented for who does not ask
        data = await ask(one, "fetch-and-set-history", "history-data", history_uid=uid)
        assert data.keys() == {"type", "messages"}
        asked = {"file": "missing.yaml", "request_id": "switch-1"}
        error = await ask(one, "switch-config", "error", **asked)
        assert error["request_id"] == "switch-1"
        asked = {"file": "conf.yaml", "request_id": "switch-2"}
        switched = await ask(one, "switch-config", "config-switched", **asked)
        assert switched["request_id"] == "switch-2"


@pytest.mark.parametrize("marks", [False, True])
async def test_a_list_shows_what_was_said_last(serve: Serve, marks: bool) -> None:
    """That it was cut off tells nobody which conversation it is; older clients see it as before."""
    long: dict[str, Any] = {"echo_llm": {"delay_s": 0.05, "reply": "One is. Two is. Three is."}}
    async with client(serve(quick(**long)).url) as one:
        if marks:
            wanted = ["interruption-marks"]
            await ask(one, "enable-extensions", "extensions-enabled", extensions=wanted)
        await one.send("text-input", text="Count.", images=[])
        await one.until_type("audio")
        await one.send("interrupt-signal", text="One is.")
        (kept,) = (await ask(one, "fetch-history-list", "history-list"))["histories"]
        # The answer to this waits until everything is stored.
        await ask(one, "fetch-and-set-history", "history-data", history_uid=kept["uid"])
        (kept,) = (await ask(one, "fetch-history-list", "history-list"))["histories"]
        (found,) = (await ask(one, "search-history", "history-search", query="one"))["histories"]
    assert found == kept
    latest = kept["latest_message"]
    expected = ("ai", "One is.") if marks else ("system", "[Interrupted by user]")
    assert (latest["role"], latest["content"]) == expected


@pytest.mark.parametrize("kind", ["fetch-and-set-history", "delete-history"])
async def test_what_waits_is_asked_and_answered_in_one_conversation(
    serve: Serve, kind: str
) -> None:
    slow: dict[str, Any] = {"echo_llm": {"delay_s": 0.05}}
    async with client(serve(quick(**slow)).url) as one:
        await one.say("An old word.")
        uid, aim = one.history_uid, one.history_uid
        if kind == "fetch-and-set-history":
            await one.new_conversation()
        await one.send("text-input", text="It goes on. " * 20, images=[])
        await one.send("text-input", text="This waits.", images=[])
        await one.until_type("audio")
        await one.send(kind, history_uid=aim)
        await one.until(is_chain_end)
        (newest, *_) = (await ask(one, "fetch-history-list", "history-list"))["histories"]
        assert (newest["uid"] == uid) is (kind == "fetch-and-set-history")
        data = await ask(one, "fetch-and-set-history", "history-data", history_uid=newest["uid"])
        asked, answered = data["messages"][-2:]
        assert (asked["role"], asked["content"]) == ("human", "This waits.")
        assert (answered["role"], answered["content"]) == ("ai", "This waits.")


async def test_who_deletes_and_leaves_at_once_has_deleted(serve: Serve) -> None:
    server = serve(quick())
    async with client(server.url) as one:
        for number in range(5):
            await one.ask("create-new-history", "new-history-created")
            await one.say(f"Number {number}.")
        listed = await one.ask("fetch-history-list", "history-list")
    uids = [history["uid"] for history in listed["histories"]]
    async with client(server.url) as leaving:
        for uid in uids:
            await leaving.send("delete-history", history_uid=uid)
        await leaving.socket.close()
    while server.server.connections:
        await asyncio.sleep(0.01)
    async with client(server.url) as one:
        listed = await one.ask("fetch-history-list", "history-list")
    assert [history["uid"] for history in listed["histories"]] == []
    assert len(uids) == 5


def told(role: str, content: str) -> dict[str, str]:
    """Return a message as the original keeps it in a file."""
    return {"role": role, "timestamp": "2026-01-02T03:04:05", "content": content, "name": role}


async def test_an_old_answer_is_sent_without_stage_words_and_stays_as_it_is(
    tmp_path: Path,
) -> None:
    written = "[smirk] Hello, [your name]! Is (laughs) it raining?"
    entries = [
        {"role": "metadata", "timestamp": "2026-01-02T03:04:05"},
        told("human", "I write [smirk] here."),
        told("ai", "[smirk]"),
        told("human", "Well?"),
        told("ai", written),
    ]
    uid = "2026-01-02_03-04-05_" + "ab" * 16
    folder = tmp_path / "chat_history" / "tester_001"
    folder.mkdir(parents=True)
    (folder / f"{uid}.json").write_text(json.dumps(entries), "utf-8")
    kept = "Hello! Is it raining?"
    with live(tmp_path, quick()) as server:
        async with client(server.url) as one:
            (entry,) = (await ask(one, "fetch-history-list", "history-list"))["histories"]
            assert entry["latest_message"]["content"] == kept
            found = await ask(one, "search-history", "history-search", query="raining")
            assert found["histories"][0]["latest_message"]["content"] == kept
            data = await ask(one, "fetch-and-set-history", "history-data", history_uid=uid)
    said = [message["content"] for message in data["messages"]]
    assert said == ["I write [smirk] here.", "Well?", kept]
    with closing(sqlite3.connect(tmp_path / "chat_history" / "history.db")) as database:
        assert (written,) in database.execute("SELECT content FROM messages").fetchall()
