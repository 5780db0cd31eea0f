"""The extension `memory` over a real socket: what is remembered is told, and forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml
from websockets.asyncio.client import connect

from open_llm_vtuber.engines.base import EngineConfig, Resources
from open_llm_vtuber.engines.llm.base import ChatMessage, LLMEngine
from tests.conftest import Serve
from tests.support.client import (
    Client,
    Message,
    client,
    is_chain_end,
    kinds,
    of_type,
    shown,
    socket_url,
)
from tests.support.live import Live, conf, live
from tests.web.test_extensions import enable
from tests.web.test_switching import write

pytestmark = pytest.mark.anyio

ENGINES = "tests.support.engines:"
PROMPTED = "tests.web.test_memory:PromptedLLM"
TEA = {"text": "I drink jasmine tea.", "kind": "taste", "slot": "taste/tea"}
LYON = {"text": "I live in Lyon.", "kind": "life", "slot": "home", "said_at": "2026-03-01T10:00:00"}


class PromptedLLM(LLMEngine[EngineConfig]):
    """Always says the same, and keeps what it was asked with."""

    name: ClassVar[str] = "prompted_llm"
    Config = EngineConfig
    prompts: ClassVar[list[str]] = []

    async def load(self, resources: Resources) -> None:
        return

    async def stream(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[str, None]:
        self.prompts.append("\n".join(message.content for message in messages))
        yield "I see."


async def prompt(one: Client, text: str) -> str:
    """Say something, and return what the model was asked with."""
    await one.say(text)
    return next(asked for asked in reversed(PromptedLLM.prompts) if text in asked)


def quick(llm: str = "EchoLLM", **sections: Any) -> dict[str, Any]:
    """Return a configuration of instant engines."""
    sections = {"tone_tts": {"seconds": 0.05}, **sections}
    llm = llm if ":" in llm else ENGINES + llm
    return conf(asr=f"{ENGINES}MuteASR", vad=None, llm=llm, remembers=True, sections=sections)


@asynccontextmanager
async def knowing(server: Live, person: str = "") -> AsyncIterator[Client]:
    """Connect as a client that asks what is remembered."""
    async with client(server.url) as one:
        await enable(one, "memory", "error-codes")
        if person:
            await change(one, "set-person", person=person)
        yield one


async def told(one: Client, query: str = "") -> Message:
    return await one.ask("fetch-memory", "memory", query=query)


async def texts(one: Client, query: str = "") -> list[str]:
    return [fact["text"] for fact in (await told(one, query))["facts"]]


async def said(one: Client, query: str, count: int) -> list[str]:
    """Return the messages with some words, once there are so many: the index follows soon."""
    for _ in range(200):
        found = [passage["text"] for passage in (await told(one, query))["passages"]]
        if len(found) == count:
            break
        await asyncio.sleep(0.05)
    return found


async def change(one: Client, kind: str, **fields: Any) -> Message:
    """Ask for something and return its answer, which may be an error."""
    await one.send(kind, request_id="mine", **fields)
    return (await one.until(lambda message: message.get("request_id") == "mine"))[-1]


async def remember(one: Client, *facts: dict[str, Any]) -> list[Message]:
    """Have things remembered, and return all that is."""
    given = [{"said_at": "2026-05-03T10:00:00", **fact} for fact in facts]
    assert (await change(one, "import-memory", facts=given))["type"] == "memory-changed"
    for _ in range(200):  # what the rules find is there a moment later
        found: list[Message] = (await told(one))["facts"]
        if {fact["text"] for fact in facts} <= {fact["text"] for fact in found}:
            return found
        await asyncio.sleep(0.05)
    pytest.fail(f"{facts} are not remembered, but {found}")


async def remembered(one: Client, text: str) -> Message:
    """Wait until something that was said is remembered, and return it."""
    for _ in range(200):
        for fact in (await told(one))["facts"]:
            if text in fact["text"]:
                return dict(fact)
        await asyncio.sleep(0.05)
    pytest.fail(f"{text} is not remembered")


async def changes_over(one: Client, remembers: str) -> None:
    """Wait until the character remembers, or does not: that is taken up once nothing is said."""
    for _ in range(100):
        if (await told(one))["remembers"] == remembers:
            return
        await asyncio.sleep(0.05)
    pytest.fail(f"the character is not {remembers}")


def files(folder: Path) -> bytes:
    """Return the bytes of the database and of what lies beside it."""
    return b"".join(path.read_bytes() for path in (folder / "chat_history").glob("history.db*"))


async def test_a_conversation_begun_as_the_old_one_is_told_anew_is_the_one_that_goes_on(
    serve: Serve,
) -> None:
    server = serve(quick(PROMPTED))
    async with knowing(server) as one:
        for number in range(10):
            await one.say(f"The secret is {number}.")
            await one.send("set-person", person=f"Ada {number}")
            new = await one.ask("create-new-history", "new-history-created")
            asked = await prompt(one, f"Begin {number}.")
            assert f"The secret is {number}." not in asked
            stored = await one.ask(
                "fetch-and-set-history", "history-data", history_uid=new["history_uid"]
            )
            assert next(entry["content"] for entry in stored["messages"]) == f"Begin {number}."


async def test_who_has_not_asked_for_it_is_told_nothing(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        before = await one.say("My name is Ada.")
        assert not {"memory", "memory-changed"} & set(kinds(before))
        for kind, fields in (("fetch-memory", {}), ("set-person", {"person": "Ada"})):
            await one.send(kind, **fields)
            (answer,) = await one.until_type("error")
            assert "extension" in answer["message"]


async def test_what_was_said_is_remembered_with_its_conversation(serve: Serve) -> None:
    server = serve(quick())
    async with knowing(server) as one:
        empty = await told(one)
        assert (empty["facts"], empty["total"], empty["remembers"]) == ([], 0, "on")
        assert empty["conversation_remembered"] is True
        await one.say("My name is Ada. Lovely weather.")
        fact = await remembered(one, "Ada")
        assert (fact["kind"], fact["history_uid"]) == ("name", one.history_uid)
        assert (fact["pinned"], fact["edited"]) == (False, False)
        assert "weather" not in fact["text"]


async def test_it_is_found_pinned_and_put_right(serve: Serve) -> None:
    async with knowing(serve(quick())) as one:
        found = await remember(one, {**TEA, "pinned": True}, {**LYON, "edited": True})
        assert [fact["text"] for fact in found] == [TEA["text"], LYON["text"]]
        assert [fact["slot"] for fact in found] == ["taste/tea", "home"]
        assert await texts(one, "LYON") == [LYON["text"]]
        lyon = found[1]["id"]
        await change(one, "pin-fact", fact=lyon, pinned=True)
        await change(one, "pin-fact", fact=found[0]["id"], pinned=False)
        assert await texts(one) == [LYON["text"], TEA["text"]]
        await change(one, "correct-fact", fact=lyon, text="I live in\nNantes.")
        (first, _) = (await told(one))["facts"]
        assert (first["text"], first["edited"]) == ("I live in Nantes.", True)
        # Where it was said it is put right as well.
        assert await said(one, "Nantes", 1) == [first["text"]]
        assert await said(one, "Lyon", 0) == []


async def test_what_was_exported_is_imported_once(serve: Serve) -> None:
    async with knowing(serve(quick())) as one:
        day = {**TEA, "pinned": True, "day": "2026-05-09"}
        first = await remember(one, day, {**LYON, "edited": True})
        again = await remember(one, *first)
        assert again == first
        assert (again[0]["day"], again[0]["said_at"]) == ("2026-05-09", "2026-05-03T10:00:00")
        assert again[1]["said_at"] == LYON["said_at"]


async def test_what_is_forgotten_is_gone_and_what_mentions_it_is_told(
    serve: Serve, tmp_path: Path
) -> None:
    server = serve(quick(echo_llm={"reply": "I see."}))
    async with knowing(server) as one:
        await one.say("The jasmine tea was cold today.")
        await said(one, "jasmine", 1)
        (tea,) = await remember(one, {**TEA, "pinned": True})
        assert b"I drink jasmine tea" in files(server.server.folder)
        gone = await change(one, "forget-fact", fact=tea["id"])
        assert await texts(one) == []
        assert b"I drink jasmine tea" not in files(server.server.folder)
        (mention,) = gone["mentions"]
        assert (mention["text"], mention["role"]) == ("The jasmine tea was cold today.", "human")
        done = await change(
            one,
            "forget-message",
            message_id=mention["message_id"],
            history_uid=mention["history_uid"],
        )
        assert done["type"] == "memory-changed"
        assert b"jasmine" not in files(server.server.folder)
        assert await said(one, "jasmine", 0) == []


async def test_what_was_forgotten_is_known_to_no_conversation_that_goes_on(serve: Serve) -> None:
    server = serve(quick(PROMPTED))
    async with knowing(server) as one, knowing(server) as other:
        await one.say("My name is Ada. Lovely weather.")
        uid = one.history_uid
        await other.ask("fetch-and-set-history", "history-data", history_uid=uid)
        fact = await remembered(one, "Ada")
        assert (await change(one, "forget-fact", fact=fact["id"]))["type"] == "memory-changed"
        for each in (one, other):
            data = (await each.until_type("history-data"))[-1]
            assert data["request_id"] == "retold"
            assert "Lovely weather." in data["messages"][0]["content"]
            assert "My name" not in data["messages"][0]["content"]
            told_to_model = await prompt(each, "What did I say?")
            assert "Lovely weather." in told_to_model
            assert "Ada" not in told_to_model


async def test_who_is_being_answered_hears_the_end_of_it(serve: Serve) -> None:
    async with knowing(serve(quick())) as one:
        await one.say("My name is Ada. Lovely weather.")
        fact = await remembered(one, "Ada")
        await one.type("And now?")
        await one.until_type("backend-synth-complete", play=False)
        assert (await change(one, "forget-fact", fact=fact["id"]))["type"] == "memory-changed"
        await one.send("frontend-playback-complete")
        messages = await one.until_type("history-data")
        assert is_chain_end(of_type(messages, "control")[-1])
        last = messages[-1]["messages"]
        assert [message["content"].strip() for message in last[-2:]] == ["And now?", "And now?"]


async def test_a_conversation_can_be_kept_out(serve: Serve) -> None:
    server = serve(quick())
    async with knowing(server) as one:
        uid = one.history_uid
        await change(one, "keep-conversation", history_uid=uid, remembered=False)
        assert (await told(one))["conversation_remembered"] is False
        await one.say("My name is Ada.")
        await one.new_conversation()
        assert (await told(one))["conversation_remembered"] is True
        await one.say("I live in Lyon.")
        await remembered(one, "Lyon")
        assert [text for text in await texts(one) if "Ada" in text] == []
        await change(one, "keep-conversation", history_uid=uid, remembered=True)
        assert (await remembered(one, "Ada"))["history_uid"] == uid
        for wrong in ("../../x", "nothing"):
            answer = await change(one, "keep-conversation", history_uid=wrong, remembered=False)
            assert answer.get("code", "") == ("history-unknown" if "/" in wrong else "")


async def test_each_person_has_a_memory_of_their_own(serve: Serve) -> None:
    server = serve(quick())
    async with knowing(server) as nobody, knowing(server, "Ada") as ada:
        await remember(nobody, LYON)
        await remember(ada, {**TEA, "pinned": True})
        assert await texts(ada) == [TEA["text"]]
        (lyon,) = (await told(nobody))["facts"]
        refused = await change(ada, "forget-fact", fact=lyon["id"])
        assert (refused["type"], refused["code"]) == ("error", "memory-unknown")
        await ada.say("I play the violin.")
        async with knowing(server, " Ada ") as again:
            await remembered(again, "violin")
        # Whoever has given no name gives one, and keeps what is remembered.
        await change(nobody, "set-person", person="Bo", takes_over=True)
        assert await texts(nobody) == [LYON["text"]]
        async with knowing(server) as stranger:
            assert await texts(stranger) == []


async def test_the_person_stays_the_same_with_another_character(serve: Serve) -> None:
    server = serve(quick())
    write(server, "pirate.yaml", conf_name="pirate", conf_uid="pirate_1", character_name="Anne")
    async with knowing(server, "Ada") as one:
        await remember(one, {**TEA, "pinned": True})
        await one.switch("pirate.yaml")
        assert await texts(one) == []
        await remember(one, {**LYON, "pinned": True})
        await one.switch("conf.yaml")
        assert await texts(one) == [TEA["text"]]
        async with knowing(server) as nobody:
            await nobody.switch("pirate.yaml")
            assert await texts(nobody) == []


async def test_everything_is_forgotten_at_once(serve: Serve) -> None:
    server = serve(quick("MemoryLLM"))
    async with knowing(server) as one, knowing(server, "Ada") as ada:
        await remember(ada, {**TEA, "pinned": True})
        await one.say("My name is Grace.")
        await remember(one, {**LYON, "pinned": True})
        assert (await change(one, "forget-everything"))["type"] == "memory-changed"
        data = (await one.until_type("history-data"))[-1]
        assert (data["request_id"], data["messages"]) == ("retold", [])
        assert await texts(one) == []
        found = files(server.server.folder)
        assert b"Grace" not in found
        assert b"Lyon" not in found
        assert "Grace" not in shown(await one.say("Who am I?"))
        assert await texts(ada) == [TEA["text"]]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("pin-fact", {"fact": 999, "pinned": True}),
        ("correct-fact", {"fact": 999, "text": "No."}),
        ("forget-fact", {"fact": 999}),
        ("forget-message", {"message_id": 999, "history_uid": "x"}),
    ],
)
async def test_what_is_not_there_is_an_error(
    serve: Serve, kind: str, fields: dict[str, Any]
) -> None:
    async with knowing(serve(quick())) as one:
        answer = await change(one, kind, **fields)
        assert (answer["type"], answer["code"]) == ("error", "memory-unknown")
        assert "hello" in shown(await one.say("hello"))


async def test_that_nothing_is_remembered_is_written_and_told(serve: Serve) -> None:
    server = serve(quick())
    async with knowing(server) as one:
        await enable(one, "settings")
        done = await change(one, "choose-remembering", remembers=False)
        assert (done["type"], done["file"]) == ("settings-changed", "conf.yaml")
        text = (server.server.folder / "conf.yaml").read_text("utf-8")
        agent = yaml.safe_load(text)["character_config"]["agent_config"]["agent_settings"]
        assert agent["basic_memory_agent"]["remembers"] is False
        await changes_over(one, "off")
        await change(one, "choose-remembering", remembers=True)


async def test_a_conversation_that_has_begun_knows_whose_it_is_and_what_was_forgotten(
    serve: Serve,
) -> None:
    server = serve(quick(PROMPTED))
    async with knowing(server, "Ada") as ada, knowing(server) as other:
        (tea,) = await remember(ada, {**TEA, "pinned": True})
        await ada.new_conversation()
        assert "jasmine" in await prompt(ada, "Good morning.")
        assert "jasmine" not in await prompt(other, "Good morning.")
        # Who has begun already says who it is.
        await change(other, "set-person", person="Ada")
        assert "jasmine" in await prompt(other, "And now?")
        assert (await change(ada, "forget-fact", fact=tea["id"]))["type"] == "memory-changed"
        for each in (ada, other):
            assert "jasmine" not in await prompt(each, "What now?")


async def test_what_is_said_while_nothing_is_remembered_is_not_later(serve: Serve) -> None:
    async with knowing(serve(quick())) as one:
        await one.say("I live in Lyon.")
        await remembered(one, "Lyon")
        await enable(one, "settings")
        await change(one, "choose-remembering", remembers=False)
        await changes_over(one, "off")
        await one.say("I moved to Rome.")
        await change(one, "choose-remembering", remembers=True)
        await changes_over(one, "on")
        await one.say("My cat is called Tom.")
        await remembered(one, "Tom")
        assert [text for text in await texts(one) if "Rome" in text] == []
        assert "Lyon" in str(await texts(one))


async def test_what_is_being_said_is_forgotten_with_everything(serve: Serve) -> None:
    server = serve(quick(tone_tts={"seconds": 0.05}))
    async with knowing(server) as one, knowing(server) as other:
        for each in (one, other):
            await each.type("My cat is called Zanzibar.")
            await each.until_type("backend-synth-complete", play=False)
        assert (await change(one, "forget-everything"))["type"] == "memory-changed"
        for each in (one, other):
            data = (await each.until_type("history-data"))[-1]
            assert (data["request_id"], data["messages"]) == ("retold", [])
            await each.send("interrupt-signal", text="My cat is called Zanzibar.")
            await each.settled()
        assert await said(one, "Zanzibar", 0) == []
        assert b"anzibar" not in files(server.server.folder)


async def test_who_has_only_been_spoken_to_is_told_nothing_that_was_forgotten(
    serve: Serve,
) -> None:
    server = serve(quick(PROMPTED))
    async with (
        knowing(server) as one,
        connect(socket_url(server.url), max_size=None) as socket,
    ):
        fact = (await remember(one, {**TEA, "pinned": True}))[0]
        silent = Client(socket)
        await silent.send("ai-speak-signal", images=[])
        await silent.turn()
        assert "jasmine" in PromptedLLM.prompts[-1]
        await change(one, "forget-fact", fact=fact["id"])
        assert "jasmine" not in await prompt(silent, "Good morning.")


async def test_nobody_in_a_group_keeps_what_one_of_them_has_forgotten(serve: Serve) -> None:
    server = serve(quick())
    async with knowing(server) as one, knowing(server, "Bo") as other:
        uid = other.history_uid
        await one.change_group("add-client-to-group", invitee_uid=other.uid)
        await one.say("Good morning. My name is Ada.")
        await one.change_group("remove-client-from-group", target_uid=one.uid)
        fact = await remembered(one, "Ada")
        assert "Ada" in str(
            await other.ask("fetch-and-set-history", "history-data", history_uid=uid)
        )
        assert (await change(one, "forget-fact", fact=fact["id"]))["type"] == "memory-changed"
        data = (await other.until_type("history-data"))[-1]
        assert data["request_id"] == "retold"
        heard = [each["content"] for each in data["messages"] if each["role"] == "human"]
        assert heard == ["Good morning."]


@pytest.mark.parametrize(
    ("kind", "fields", "field"),
    [
        ("import-memory", {"facts": [{"text": "I hum.", "said_at": "never"}]}, "facts.0.said_at"),
        ("import-memory", {"facts": "all of them"}, "facts"),
        ("set-person", {"person": "x" * 81}, "person"),
        ("forget-fact", {"fact": 2**63}, "fact"),
        ("correct-fact", {"fact": 1, "text": " "}, "text"),
    ],
)
async def test_who_asks_in_a_wrong_way_is_answered(
    serve: Serve, kind: str, fields: dict[str, Any], field: str
) -> None:
    async with knowing(serve(quick())) as one:
        answer = await change(one, kind, **fields)
        assert (answer["type"], answer["code"]) == ("error", "message-malformed")
        assert answer["params"]["field"].startswith(field)
        await one.send(kind, request_id="x" * 65, **fields)
        (long,) = [each for each in await one.settled() if each["type"] == "error"]
        assert "request_id" not in long


async def test_a_greeting_calls_who_has_told_their_name_so(tmp_path: Path) -> None:
    values = quick()
    values["character_config"]["greeting"] = "Come in, {{user}}."
    with live(tmp_path, values) as server:
        async with client(server.url) as one:
            assert shown(await one.turn_end()) == "Come in, my friend."
            await enable(one, "memory")
            await change(one, "set-person", person="Zoë")
            await one.new_conversation()
            assert shown(await one.turn_end()) == "Come in, Zoë."
