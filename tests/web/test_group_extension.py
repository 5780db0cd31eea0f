"""The extension `groups`: all hear who speaks, and know who is who."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest

from tests.conftest import Serve
from tests.support.client import Client, client, is_chain_end, kinds, of_type, sound

from .test_groups import gather, quick

pytestmark = pytest.mark.anyio


async def with_names(one: Client) -> Client:
    await one.ask("enable-extensions", "extensions-enabled", extensions=["groups"])
    return one


async def sharing(stack: AsyncExitStack, serve: Serve, values: dict[str, Any]) -> list[Client]:
    """Return the members of a group of two who asked for the extension."""
    one, two = await gather(stack, serve(values), 2)
    return [await with_names(one), await with_names(two)]


async def test_all_hear_every_character(serve: Serve) -> None:
    async with AsyncExitStack() as stack:
        one, two = await sharing(stack, serve, quick())
        await one.send("text-input", text="Hello both.", images=[])
        ends = [person.until(is_chain_end) for person in (one, two)]
        mine, theirs = await asyncio.gather(*ends)
    (spoken,), (heard,) = of_type(mine, "audio"), of_type(theirs, "audio")
    assert spoken["forwarded"] is False
    assert heard == {**spoken, "forwarded": True}
    assert len(sound(heard)[0]) > 0
    assert "backend-synth-complete" in kinds(theirs)


async def test_the_next_character_waits_until_all_have_heard_this_one(serve: Serve) -> None:
    values = quick()
    values["system_config"]["limits"]["playback_grace_s"] = 60
    async with AsyncExitStack() as stack:
        one, two = await sharing(stack, serve, values)
        await one.send("text-input", text="Hello both.", images=[])
        await two.until_type("backend-synth-complete", play=False)
        before = await one.until_type("backend-synth-complete")
        before += await one.settled()  # it has told that it played
        assert not any(map(is_chain_end, before))
        await two.send("frontend-playback-complete")
        await asyncio.gather(one.until(is_chain_end), two.until(is_chain_end))


async def test_nobody_waits_for_one_who_has_left(serve: Serve) -> None:
    values = quick()
    values["system_config"]["limits"]["playback_grace_s"] = 600
    async with AsyncExitStack() as stack:
        one, two, three = await gather(stack, serve(values), 3)
        for person in (one, two, three):
            await with_names(person)
        await one.send("text-input", text="Hello all.", images=[])
        await three.until_type("backend-synth-complete", play=False)
        await three.socket.close()
        await asyncio.gather(one.until(is_chain_end), two.until(is_chain_end))


async def test_what_a_documented_client_sees_stays_as_it_is(serve: Serve) -> None:
    async with AsyncExitStack() as stack:
        one, two = await gather(stack, serve(quick()), 2)
        await with_names(one)
        await one.send("text-input", text="Hello both.", images=[])
        _, theirs = await asyncio.gather(one.until(is_chain_end), two.until(is_chain_end))
        (silent,) = of_type(theirs, "audio") or of_type(await two.until_type("audio"), "audio")
    assert silent["audio"] is None
    assert silent["actions"] is None
    assert silent["forwarded"] is True
    assert "backend-synth-complete" not in kinds(theirs)
    assert of_type(theirs, "user-input-transcription") == [
        {"type": "user-input-transcription", "text": "Hello both."}
    ]
    assert set(two.group) == {"type", "members", "is_owner"}


async def test_people_have_names(serve: Serve) -> None:
    async with AsyncExitStack() as stack:
        one, two = await sharing(stack, serve, quick())
        update = await one.ask("request-group-info", "group-update")
        assert update["people"] == [
            {"uid": one.uid, "human_name": "Human 1", "character_name": "Tester"},
            {"uid": two.uid, "human_name": "Human 2", "character_name": "Tester"},
        ]
        await two.send("text-input", text="It is me.", images=[])
        (said,) = of_type(
            await one.until_type("user-input-transcription"), "user-input-transcription"
        )
        assert said["name"] == "Human 2"


async def test_a_stored_conversation_knows_who_else_spoke(serve: Serve) -> None:
    server = serve(quick())
    async with AsyncExitStack() as stack:
        one, two = await gather(stack, server, 2)
        for person in (one, two):
            await with_names(person)
        await one.send("text-input", text="From one.", images=[])
        for _ in range(2):
            await asyncio.gather(one.until(is_chain_end), two.until(is_chain_end))
        await two.send("text-input", text="From two.", images=[])
        for _ in range(2):
            await asyncio.gather(one.until(is_chain_end), two.until(is_chain_end))
        data = await two.ask("fetch-and-set-history", "history-data", history_uid=two.history_uid)
        people = [message for message in data["messages"] if message["role"] == "human"]
        assert [(m["content"], m.get("other"), m["name"]) for m in people] == [
            ("From one.", True, "Human 1"),
            ("From two.", None, "Human"),
        ]
        plain = await stack.enter_async_context(client(server.url))
        data = await plain.ask("fetch-and-set-history", "history-data", history_uid=two.history_uid)
        assert all("other" not in message for message in data["messages"])


@pytest.mark.parametrize("images", [0, 1])
async def test_what_waits_in_a_group_is_counted_and_weighed(serve: Serve, images: int) -> None:
    values = quick(reply="One. Two. Three. Four. Five. Six. Seven.")
    values["character_config"]["agent_config"]["llm_configs"]["echo_llm"]["delay_s"] = 0.3
    values["system_config"]["limits"] |= {"max_queued_turns_bytes": 500_000}
    picture = {
        "source": "upload",
        "mime_type": "image/png",
        "data": "data:image/png;base64," + "A" * 200_000,
    }
    async with AsyncExitStack() as stack:
        one, two = await gather(stack, serve(values), 2)
        await one.send("text-input", text="Go on.", images=[])
        await one.until_type("audio")
        for _ in range(6):
            await two.send("text-input", text="And?", images=[picture] * images)
        refused = of_type(await two.settled() + await two.settled(), "error")
        key = "max_queued_turns_bytes" if images else "max_queued_turns)"
        assert len(refused) == (5 if images else 2)
        assert all(key in error["message"] for error in refused)
        await one.send("text-input", text="Also me.", images=[])
        assert of_type(await one.settled() + await one.settled(), "error") == []


SLOW = "One. Two. Three. Four. Five. Six. Seven."


def slow() -> dict[str, Any]:
    """Return a configuration in which somebody can come or go while a character speaks."""
    values = quick(reply=SLOW)
    values["character_config"]["agent_config"]["llm_configs"]["echo_llm"]["delay_s"] = 0.2
    values["system_config"]["limits"]["playback_grace_s"] = 1  # nobody plays what he was not sent
    return values


@pytest.mark.parametrize("goes", ["who listens", "who speaks", "who is put out"])
async def test_for_who_leaves_the_turn_is_over(serve: Serve, goes: str) -> None:
    """Else a page shows for ever that somebody speaks."""
    async with AsyncExitStack() as stack:
        one, two, three = await gather(stack, serve(slow()), 3)
        for person in (one, two, three):
            await with_names(person)
        await one.send("text-input", text="Hello all.", images=[])
        await asyncio.gather(*(person.until_type("audio") for person in (one, two, three)))
        leaving = one if goes == "who speaks" else three
        asked = one if goes == "who is put out" else leaving
        await asked.send("remove-client-from-group", target_uid=leaving.uid)
        seen = await leaving.until(is_chain_end)
        seen += await leaving.settled()
        after = kinds(seen)[kinds(seen).index("conversation-chain-end") + 1 :]
        assert not {"audio", "backend-synth-complete", "conversation-chain-end"} & set(after)
        answer = await leaving.say("And now alone.")
        assert of_type(answer, "audio")
        await two.until(is_chain_end)


async def test_who_comes_while_a_character_speaks_hears_the_next_one(serve: Serve) -> None:
    """Of a turn whose beginning it does not know a page plays nothing: nobody waits for that."""
    values = slow()
    values["system_config"]["limits"]["playback_grace_s"] = 600
    async with AsyncExitStack() as stack:
        server = serve(values)
        one, two = await gather(stack, server, 2)
        new = await stack.enter_async_context(client(server.url))
        for person in (one, two, new):
            await with_names(person)
        await one.send("text-input", text="Hello both.", images=[])
        await two.until_type("audio")
        await one.send("add-client-to-group", invitee_uid=new.uid)
        await asyncio.gather(one.until(is_chain_end), two.until(is_chain_end))
        seen = await new.until_type("audio")
        assert "conversation-chain-start" in kinds(seen)
