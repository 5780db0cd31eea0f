"""What is said again, answered anew, said otherwise, gone on with and deleted: real sockets."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest

from tests.engines.llm.openai_server import OpenAIServer, Reply, openai_server
from tests.support.client import Client, Message, client, kinds, of_type, shown
from tests.support.live import live
from tests.support.tooling import asking

pytestmark = pytest.mark.anyio

GONE, FIXED = "message-gone", "message-fixed"


class Talk:
    """One client with the extension, and the model that answers it."""

    def __init__(self, one: Client, model: OpenAIServer) -> None:
        self.one = one
        self.model = model

    async def say(self, text: str, answer: str) -> Message:
        """Say something that is answered like this; return what its messages are called."""
        self.model.reply = Reply((answer,))
        return names(await self.one.say(text, request_id=text))

    async def act(
        self, kind: str, message_id: str, answer: str = "", **fields: Any
    ) -> list[Message]:
        self.model.reply = Reply((answer,))
        await self.one.send(kind, message_id=message_id, **fields)
        return await self.one.turn()

    async def change(self, kind: str, message_id: str) -> list[str]:
        """Choose, delete or restore; return what was said then."""
        told = await self.one.ask(kind, "history-data", message_id=message_id, request_id=kind)
        assert told["request_id"] == kind
        return [one["content"] for one in told["messages"]]

    async def stored(self) -> list[Message]:
        uid = self.one.history_uid
        told = await self.one.ask("fetch-and-set-history", "history-data", history_uid=uid)
        return list(told["messages"])

    async def said(self) -> list[str]:
        return [one["content"] for one in await self.stored()]

    async def refused(self, kind: str, message_id: str, **fields: Any) -> str:
        """Ask for something that cannot be; return the code of the error."""
        told = await self.one.ask(kind, "error", message_id=message_id, **fields)
        return str(told["code"])

    def asked(self) -> list[str]:
        """Return what the model was last told of the conversation."""
        return [one["content"] for one in self.model.requests[-1].body["messages"][1:]]


def names(turn: list[Message]) -> Message:
    (found,) = of_type(turn, "turn-messages")
    return found


@asynccontextmanager
async def talking(folder: Path, **changes: Any) -> AsyncIterator[Talk]:
    async with openai_server() as model:
        values = asking(model.base_url, **changes)
        agents = values["character_config"]["agent_config"]["agent_settings"]
        agents["basic_memory_agent"]["remembers"] = False  # so that a prompt is what was said
        with live(folder, values) as server:
            async with client(server.url) as one:
                extensions = ["message-actions", "error-codes", "interruption-marks", "turn-ids"]
                extensions += ["capabilities"]
                await one.ask("enable-extensions", "extensions-enabled", extensions=extensions)
                yield Talk(one, model)


async def test_messages_have_the_names_that_histories_have(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        first = await talk.say("Tea?", "No.")
        assert first["request_id"] == "Tea?"
        assert [one["id"] for one in await talk.stored()] == [first["heard"], first["answer"]]
        assert first["turn"]
        assert "action" not in first


async def test_who_does_not_ask_is_told_none_of_it(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        await talk.say("Tea?", "No.")
        uid = talk.one.history_uid
        async with client(address_of(talk)) as other:
            turn = await other.say("Hello.")
            assert not of_type(turn, "turn-messages")
            told = await other.ask("fetch-and-set-history", "history-data", history_uid=uid)
            assert all(set(one) <= {"role", "timestamp", "content", "name", "avatar"}
                       for one in told["messages"])  # fmt: skip
            told = await other.ask("say-again", "error", message_id="a" * 16)
            assert "message-actions" in told["message"]


def address_of(talk: Talk) -> str:
    host, port = talk.one.socket.remote_address[:2]
    return f"http://{host}:{port}"


async def test_an_answer_is_given_anew_and_the_chosen_one_is_known(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        await talk.say("Hello.", "Hi.")
        first = await talk.say("Tea?", "No.")
        turn = await talk.act("answer-anew", first["answer"], "Perhaps.")
        told = names(turn)
        assert talk.asked() == ["Hello.", "Hi.", "Tea?"]
        assert shown(turn) == "Perhaps."
        assert (told["action"], told["of"]) == ("answer-anew", first["answer"])
        assert told["versions"] == [first["answer"], told["answer"]]
        await talk.say("Why?", "So.")
        assert talk.asked() == ["Hello.", "Hi.", "Tea?", "Perhaps.", "Why?"]
        stored = await talk.stored()
        assert [one["content"] for one in stored][2:] == ["Tea?", "Perhaps.", "Why?", "So."]
        assert stored[3]["versions"] == told["versions"]
        assert await talk.change("choose-version", first["answer"]) == [
            "Hello.",
            "Hi.",
            "Tea?",
            "No.",
        ]
        await talk.say("Why not?", "So.")
        assert talk.asked() == ["Hello.", "Hi.", "Tea?", "No.", "Why not?"]
        assert (await talk.change("choose-version", told["answer"]))[-2:] == ["Why?", "So."]


async def test_what_was_not_answered_is_tried_again(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        talk.model.reply = Reply(())
        turn = await talk.one.say("Tea?")
        (failed,) = of_type(turn, "error")
        assert failed["code"] == "no-answer"
        heard = names(turn)["heard"]
        turn = await talk.act("answer-anew", heard, "Yes.")
        assert "versions" not in names(turn)
        assert await talk.said() == ["Tea?", "Yes."]


async def test_where_no_other_answer_comes_the_old_one_stays(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        first = await talk.say("Tea?", "No.")
        talk.model.reply = Reply(())
        await talk.one.send("answer-anew", message_id=first["answer"])
        assert of_type(await talk.one.turn(), "error")
        assert await talk.said() == ["Tea?", "No."]
        await talk.say("Why?", "So.")
        assert talk.asked() == ["Tea?", "No.", "Why?"]


async def test_broken_into_before_anything_is_heard_the_old_one_stays(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        first = await talk.say("Tea?", "No.")
        talk.model.reply = Reply(("Let me", " think"), pace_s=30)
        await talk.one.send("answer-anew", message_id=first["answer"])
        await talk.one.until_type("turn-messages")
        await talk.one.send("interrupt-signal", text="")
        await talk.say("Why?", "So.")
        assert talk.asked() == ["Tea?", "No.", "Why?"]
        assert await talk.said() == ["Tea?", "No.", "Why?", "So."]


async def test_what_was_said_is_said_otherwise_and_nothing_is_lost(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        first = await talk.say("Tea?", "No.")
        await talk.say("Why?", "So.")
        turn = await talk.act("send-again", first["heard"], "Gladly.", text="Coffee?")
        told = names(turn)
        assert talk.asked() == ["Coffee?"]
        assert told["versions"] == [first["heard"], told["heard"]]
        assert await talk.said() == ["Coffee?", "Gladly."]
        whole = ["Tea?", "No.", "Why?", "So."]
        assert await talk.change("choose-version", first["heard"]) == whole
        await talk.say("Hm.", "Hm?")
        assert talk.asked() == [*whole, "Hm."]
        assert await talk.refused("send-again", first["answer"], text="No!") == FIXED
        await talk.one.turn_end()


async def test_what_was_cut_off_is_gone_on_with(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        talk.one.state = "idle"
        talk.model.reply = Reply(("One, two,",), pace_s=0.05, ending="silence")
        await talk.one.send("text-input", text="Count.", images=[])
        told = names(await talk.one.until_type("audio", play=False))
        await talk.one.send("interrupt-signal", text="One, two,")
        turn = await talk.act("go-on", told["answer"], "three.")
        on = names(turn)
        assert talk.asked()[:2] == ["Count.", "One, two,"]
        assert len(talk.asked()) == 3
        assert shown(turn) == "three."
        stored = await talk.stored()
        assert [one["content"] for one in stored] == ["Count.", "One, two, three."]
        assert stored[1]["id"] == on["answer"]
        assert "versions" not in stored[1]
        await talk.say("And?", "Four.")
        assert talk.asked() == ["Count.", "One, two, three.", "And?"]


async def test_it_is_said_again_and_stored_once(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        first = await talk.say("Tea?", "No.")
        asked = len(talk.model.requests)
        turn = await talk.act("say-again", first["answer"])
        assert shown(turn) == "No."
        assert of_type(turn, "audio")[0]["audio"]
        assert names(turn)["of"] == first["answer"]
        assert "answer" not in names(turn)
        assert len(talk.model.requests) == asked
        assert await talk.said() == ["Tea?", "No."]
        await talk.one.send("say-again", message_id=first["answer"])
        await talk.one.until_type("audio", play=False)
        await talk.one.send("interrupt-signal", text="")
        await talk.say("Why?", "So.")
        assert talk.asked() == ["Tea?", "No.", "Why?"]


async def test_what_is_deleted_is_not_known_and_can_be_put_back(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        first = await talk.say("My cat is called Mo.", "Nice.")
        await talk.say("Tea?", "No.")
        assert await talk.change("delete-message", first["heard"]) == ["Nice.", "Tea?", "No."]
        await talk.say("Who?", "You.")
        assert talk.asked() == ["Nice.", "Tea?", "No.", "Who?"]
        found = await talk.one.ask("search-history", "history-search", query="Mo")
        assert found["histories"] == []
        back = await talk.change("restore-message", first["heard"])
        assert back[:2] == ["My cat is called Mo.", "Nice."]
        assert await talk.refused("restore-message", first["heard"]) == GONE
        await talk.say("Well?", "Mo.")
        assert talk.asked()[0] == "My cat is called Mo."


async def test_what_cannot_be_done_is_refused_and_harms_nothing(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        first = await talk.say("Tea?", "No.")
        unknown = "f" * 16
        for kind in ("choose-version", "delete-message", "restore-message"):
            assert await talk.refused(kind, unknown) == GONE
        for kind in ("say-again", "answer-anew", "go-on"):
            assert await talk.refused(kind, unknown) == GONE
            await talk.one.turn_end()
        assert await talk.refused("say-again", first["heard"]) == FIXED
        await talk.one.turn_end()
        for odd in ("", "../x", "#", "#" + "9" * 19, "G" * 16, "a" * 17):
            assert await talk.refused("say-again", odd) == "message-malformed"
        assert await talk.refused("delete-message", "#999999999999999999") == GONE
        assert await talk.said() == ["Tea?", "No."]
        await talk.one.new_conversation()
        assert await talk.refused("delete-message", first["answer"]) == GONE


async def test_what_is_said_right_after_an_action_waits_for_it(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        first = await talk.say("Tea?", "No.")
        await talk.say("Why?", "So.")
        talk.model.reply = Reply(("Yes.",))
        await talk.one.send("answer-anew", message_id=first["answer"])
        await talk.one.send("choose-version", message_id=first["answer"])
        await talk.one.send("delete-message", message_id=first["answer"])
        await talk.one.send("text-input", text="Now?", images=[])
        while not any(request_ends(talk, "Now?")):
            await talk.one.turn_end()
        assert "No." not in talk.asked()
        assert talk.asked()[-1] == "Now?"
        assert (await talk.said())[-2] == "Now?"


@pytest.mark.parametrize(
    ("kind", "fields"),
    [("answer-anew", {}), ("send-again", {"text": "Wherefore?"}), ("go-on", {}), ("say-again", {})],
)
async def test_what_another_page_deletes_meanwhile_harms_nothing(
    tmp_path: Path, kind: str, fields: dict[str, str]
) -> None:
    async with talking(tmp_path) as talk, client(address_of(talk)) as other:
        await talk.say("Tea?", "No.")
        second = await talk.say("Why?", "So.")
        await other.ask("enable-extensions", "extensions-enabled", extensions=["message-actions"])
        uid = talk.one.history_uid
        await other.ask("fetch-and-set-history", "history-data", history_uid=uid)
        target = second["heard" if kind == "send-again" else "answer"]
        talk.model.reply = Reply(("Well. ", "Perhaps. "), pace_s=0.2)
        await talk.one.send(kind, message_id=target, **fields)
        await talk.one.until_type("turn-messages")
        for one in (second["heard"], second["answer"]):
            await other.send("delete-message", message_id=one)
        await other.settled()
        if talk.one.state != "idle":
            await talk.one.turn_end()
        await talk.one.settled()
        said = await talk.said()
        assert said[:2] == ["Tea?", "No."]
        assert "Why?" not in said
        assert "So." not in said
        await talk.say("Still there?", "Yes.")
        assert (await talk.said())[-2:] == ["Still there?", "Yes."]
        assert talk.asked()[-1] == "Still there?"
        assert "Why?" not in talk.asked()


async def test_what_is_asked_twice_is_done_once_or_twice(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        first = await talk.say("Tea?", "No.")
        talk.model.reply = Reply(("Yes.",))
        for _ in range(2):
            await talk.one.send("answer-anew", message_id=first["answer"])
        turns = [await talk.one.turn() for _ in range(2)]
        assert len(of_type([*turns[0], *turns[1]], "error")) == 1  # it is no longer there
        assert [one["content"] for one in await talk.stored()] == ["Tea?", "Yes."]
        last = (await talk.stored())[-1]["id"]
        for kind in ("delete-message", "restore-message"):
            await talk.change(kind, last)
            assert await talk.refused(kind, last) == GONE
        # Where another version took its place, what followed that stays with it.
        assert await talk.change("delete-message", last) == ["Tea?", "No."]
        await talk.say("Well?", "Hm.")
        assert await talk.change("restore-message", last) == ["Tea?", "Yes."]
        whole = ["Tea?", "No.", "Well?", "Hm."]
        assert await talk.change("choose-version", first["answer"]) == whole
        # The last row of all may be put back when others have followed it.
        said = (await talk.stored())[-1]["id"]
        await talk.change("delete-message", said)
        await talk.say("And?", "So.")
        assert await talk.change("restore-message", said) == [*whole, "And?", "So."]


async def test_a_deleted_message_is_not_put_back_into_another_conversation(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        first = await talk.say("Tea?", "No.")
        await talk.change("delete-message", first["answer"])
        before = talk.one.history_uid
        await talk.one.ask("delete-history", "history-deleted", history_uid=before)
        await talk.one.new_conversation()
        await talk.say("Another.", "Yes.")
        assert await talk.refused("restore-message", first["answer"]) == GONE
        assert await talk.said() == ["Another.", "Yes."]
        with closing(sqlite3.connect(tmp_path / "chat_history" / "history.db")) as database:
            held = database.execute("SELECT key FROM memory_state WHERE key LIKE 'held:%'")
            assert held.fetchall() == []  # nothing of it is kept to be put back


def request_ends(talk: Talk, words: str) -> list[bool]:
    return [one.body["messages"][-1]["content"] == words for one in talk.model.requests]


async def test_lines_are_told_as_they_are_written(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        await talk.one.ask("enable-extensions", "extensions-enabled", extensions=["reply-text"])
        talk.model.reply = Reply(("The first one. ", "The second one."))
        turn = await talk.one.say("Hello.")
        written = of_type(turn, "reply-text")
        spoken = [one["display_text"]["text"] for one in of_type(turn, "audio")]
        assert [one["text"] for one in written] == spoken
        assert [one["line"] for one in written] == list(range(len(spoken)))
        assert kinds(turn).index("reply-text") < kinds(turn).index("audio")
        assert all(one["turn"] == names(turn)["turn"] for one in written)


async def test_a_greeting_is_stored_under_its_name(tmp_path: Path) -> None:
    async with openai_server() as model:
        values = asking(model.base_url)
        values["character_config"]["greeting"] = "Come in."
        with live(tmp_path, values) as server:
            async with client(server.url) as one:
                await one.turn_end()
                asked = ["message-actions"]
                await one.ask("enable-extensions", "extensions-enabled", extensions=asked)
                await one.new_conversation()
                greeting = names(await one.turn_end())
                assert greeting["provisional"]
                await one.say("Hello.")
                talk = Talk(one, model)
                assert (await talk.stored())[0]["id"] == greeting["answer"]
                await one.send("answer-anew", message_id=greeting["answer"])
                assert of_type(await one.turn(), "error")
