"""Groups over real sockets: joining and leaving, talking in turn, and what may go wrong."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest

from tests.conftest import Serve
from tests.support.client import Client, Message, client, is_chain_end, kinds, of_type
from tests.support.live import Live, conf

pytestmark = pytest.mark.anyio

ENGINES = "tests.support.engines:"


def quick(*, rounds: int = 1, reply: str = "Indeed.", **changes: Any) -> dict[str, Any]:
    """Return a configuration of instant engines whose groups end after `rounds`."""
    sections: dict[str, dict[str, Any]] = {
        "echo_llm": {"reply": reply},
        "tone_tts": {"seconds": 0.05},
    }
    values = conf(asr=f"{ENGINES}MuteASR", vad=None, sections=sections, **changes)
    values["system_config"]["group_rounds"] = rounds
    return values


async def gather(stack: AsyncExitStack, server: Live, count: int) -> list[Client]:
    """Return clients, the first of which has invited the others."""
    clients = [await stack.enter_async_context(client(server.url)) for _ in range(count)]
    for one in clients[1:]:
        await clients[0].send("add-client-to-group", invitee_uid=one.uid)
        await one.until_type("group-operation-result")
        await clients[0].until_type("group-operation-result")
        for other in clients[: clients.index(one)]:
            await other.until(lambda m: m["type"] == "group-update")
    return clients


async def flush(one: Client) -> list[Message]:
    """Return everything that was sent to a client so far."""
    await one.send("heartbeat")
    return await one.until_type("heartbeat-ack")


async def test_joining_is_told_in_the_documented_order(serve: Serve) -> None:
    server = serve(quick())
    async with client(server.url) as owner, client(server.url) as guest:
        await owner.send("add-client-to-group", invitee_uid=guest.uid)
        told = [await guest.receive(), await guest.receive()]
        heard = [await owner.receive(), await owner.receive()]
    assert [m["type"] for m in told] == ["group-update", "group-operation-result"]
    assert set(told[0]["members"]) == {owner.uid, guest.uid}
    assert told[0]["is_owner"] is False
    assert told[1]["message"] == f"You have been invited to the group by {owner.uid}"
    assert [m["type"] for m in heard] == ["group-operation-result", "group-update"]
    assert heard[0]["success"] is True
    assert heard[1]["is_owner"] is True


@pytest.mark.parametrize("whom", ["nobody", "self", "grouped"])
async def test_whom_nobody_can_invite(serve: Serve, whom: str) -> None:
    async with AsyncExitStack() as stack:
        owner, guest = await gather(stack, serve(quick()), 2)
        uid = {"nobody": "no-such-client", "self": owner.uid, "grouped": guest.uid}[whom]
        await owner.send("add-client-to-group", invitee_uid=uid)
        result = (await owner.until_type("group-operation-result"))[-1]
        assert result["success"] is False


async def test_everybody_speaks_once_a_round_and_all_see_it(serve: Serve) -> None:
    async with AsyncExitStack() as stack:
        one, two = await gather(stack, serve(quick(rounds=2)), 2)

        async def whole(person: Client) -> list[Message]:
            return [m for _ in range(4) for m in await person.until(is_chain_end)]

        await one.send("text-input", text="Hello both.", images=[])
        mine, theirs = await asyncio.gather(whole(one), whole(two))
        assert (await flush(one))[0]["type"] == "heartbeat-ack"
        assert (await flush(two))[0]["type"] == "heartbeat-ack"
    assert of_type(theirs, "user-input-transcription") == [
        {"type": "user-input-transcription", "text": "Hello both."}
    ]
    assert of_type(mine, "user-input-transcription") == []
    for seen in (mine, theirs):
        assert kinds(seen).count("conversation-chain-start") == 4
        assert kinds(seen).count("conversation-chain-end") == 4
        assert kinds(seen).count("force-new-message") == 4
        sounds = of_type(seen, "audio")
        assert sum(not one["forwarded"] for one in sounds) == 2
        assert sum(one["forwarded"] for one in sounds) <= 2  # those that began to play in time
        assert kinds(seen).count("backend-synth-complete") == 2


async def test_what_plays_at_one_is_shown_to_the_others(serve: Serve) -> None:
    async with AsyncExitStack() as stack:
        one, two, three = await gather(stack, serve(quick()), 3)
        text = {"text": "Indeed.", "name": "Tester", "avatar": "tester.png"}
        await one.send("audio-play-start", display_text=text, forwarded=True)
        for other in (two, three):
            (audio,) = of_type(await other.until_type("audio"), "audio")
            assert audio["audio"] is None
            assert audio["volumes"] == []
            assert audio["actions"] is None
            assert audio["forwarded"] is True
            assert audio["display_text"] == text
        assert of_type(await flush(one), "audio") == []


async def test_what_plays_is_no_longer_than_an_answer(serve: Serve) -> None:
    """A few of its frames of the largest size would cut the others off."""
    async with AsyncExitStack() as stack:
        one, two = await gather(stack, serve(quick(max_waiting_bytes=2**20)), 2)
        for place in ("text", "name", "avatar"):
            text = {"text": "a", "name": "b", "avatar": "c"} | {place: "x" * 2**20}
            for _ in range(3):
                await one.send("audio-play-start", display_text=text, forwarded=True)
                (error,) = of_type(await one.until_type("error"), "error")
                assert "max_reply_chars" in error["message"]
        assert of_type(await flush(two), "audio") == []


async def test_each_character_reads_what_was_said_since_it_spoke(serve: Serve) -> None:
    values = quick(llm=f"{ENGINES}MemoryLLM")
    async with AsyncExitStack() as stack:
        one, two = await gather(stack, serve(values), 2)
        await one.send("text-input", text="A secret word.", images=[])
        await two.until_type("user-input-transcription")
        await one.until(is_chain_end)
        await two.until(is_chain_end)
        messages, _ = await asyncio.gather(two.until(is_chain_end), one.until(is_chain_end))
    said = "".join(m["display_text"]["text"] for m in of_type(messages, "audio"))
    assert "Human: A secret word." in said
    assert "Tester: " in said


async def test_anyone_may_interrupt_and_all_stop(serve: Serve) -> None:
    values = quick(rounds=5, reply="One. Two. Three. Four. Five. Six. Seven.")
    values["character_config"]["agent_config"]["llm_configs"]["echo_llm"]["delay_s"] = 0.1
    async with AsyncExitStack() as stack:
        one, two = await gather(stack, serve(values), 2)
        await one.send("text-input", text="Go on for long.", images=[])
        await one.until_type("audio")
        await two.send("interrupt-signal", text="One.")
        for person in (one, two):
            (stop,) = of_type(await person.until_type("interrupt-signal"), "interrupt-signal")
            assert stop["text"] == "conversation-interrupted"
        await asyncio.sleep(0.5)
        for person in (one, two):
            assert kinds(await flush(person)) == ["heartbeat-ack"]
        await two.send("text-input", text="Again.", images=[])
        assert is_chain_end((await one.until(is_chain_end))[-1])


async def test_a_speaker_that_disconnects_leaves_the_others_talking(serve: Serve) -> None:
    values = quick(rounds=1, reply="One. Two. Three. Four. Five. Six. Seven.")
    values["character_config"]["agent_config"]["llm_configs"]["echo_llm"]["delay_s"] = 0.05
    async with AsyncExitStack() as stack:
        one, two, three = await gather(stack, serve(values), 3)
        await two.send("text-input", text="Hello.", images=[])
        await one.until_type("audio")
        await one.socket.close()

        async def rest(person: Client) -> list[Message]:
            return [m for _ in range(3) for m in await person.until(is_chain_end)]

        for seen in await asyncio.gather(rest(two), rest(three)):
            assert kinds(seen).count("conversation-chain-start") == 3
            updates = of_type(seen, "group-update")
            assert set(updates[-1]["members"]) == {two.uid, three.uid}
        owner = [(await flush_update(person))["is_owner"] for person in (two, three)]
        assert owner == [True, False]


async def flush_update(one: Client) -> Message:
    await one.send("request-group-info")
    return (await one.until_type("group-update"))[-1]


async def test_the_last_one_is_free_to_be_invited_again(serve: Serve) -> None:
    """Protocol section 10: the survivor was stuck in a group of one."""
    server = serve(quick())
    async with AsyncExitStack() as stack:
        one, two = await gather(stack, server, 2)
        await one.socket.close()
        update = (await two.until(lambda m: m["type"] == "group-update" and not m["members"]))[-1]
        assert update["is_owner"] is False
        async with client(server.url) as new:
            await new.send("add-client-to-group", invitee_uid=two.uid)
            result = (await new.until_type("group-operation-result"))[-1]
            assert result["success"] is True


async def test_an_owner_who_leaves_passes_the_group_on(serve: Serve) -> None:
    async with AsyncExitStack() as stack:
        one, two, three = await gather(stack, serve(quick()), 3)
        await one.send("remove-client-from-group", target_uid=one.uid)
        assert (await one.until_type("group-operation-result"))[-1]["success"] is True
        assert (await one.until_type("group-update"))[-1]["members"] == []
        update = (await two.until_type("group-update"))[-1]
        assert (update["members"], update["is_owner"]) == ([two.uid, three.uid], True)
        await three.send("remove-client-from-group", target_uid=two.uid)
        refused = (await three.until_type("group-operation-result"))[-1]
        assert refused["success"] is False


async def test_the_group_prompt_stays_in_the_group(serve: Serve) -> None:
    """Protocol section 10: it was put into the memory of every connected client."""
    values = quick(llm=f"{ENGINES}MemoryLLM")
    server = serve(values)
    async with AsyncExitStack() as stack:
        stranger = await stack.enter_async_context(client(server.url))
        one, two = await gather(stack, server, 2)
        await one.send("text-input", text="We are alone.", images=[])
        for _ in range(2):
            await asyncio.gather(one.until(is_chain_end), two.until(is_chain_end))
        messages = await stranger.say("Hello?")
    said = "".join(m["display_text"]["text"] for m in of_type(messages, "audio"))
    assert said.strip() == "user: Hello?"


async def test_who_speaks_and_leaves_at_once_leaves_nothing_behind(serve: Serve) -> None:
    """The work begun for a message is put away although it never started."""
    server = serve(quick())
    for _ in range(20):
        async with AsyncExitStack() as stack:
            one, two = await gather(stack, server, 2)
            for _ in range(3):
                await one.send("text-input", text="Hello and goodbye.", images=[])
            one.socket.transport.abort()
            await two.until(lambda m: m["type"] == "group-update" and not m["members"])


async def test_what_was_said_last_is_known_when_the_group_talks_again(serve: Serve) -> None:
    values = quick(llm=f"{ENGINES}MemoryLLM")
    async with AsyncExitStack() as stack:
        one, two = await gather(stack, serve(values), 2)

        async def turn() -> str:
            messages, _ = await asyncio.gather(one.until(is_chain_end), two.until(is_chain_end))
            return "".join(m["display_text"]["text"] for m in of_type(messages, "audio"))

        await one.send("text-input", text="A first word.", images=[])
        await turn()
        await turn()
        await one.send("text-input", text="A second word.", images=[])
        # What the other character said is what this one had not read when the first talk ended.
        assert "Tester: " in (await turn()).partition("A first word.")[2]


async def test_what_was_said_before_an_interrupt_is_known_to_who_had_not_spoken(
    serve: Serve,
) -> None:
    async with AsyncExitStack() as stack:
        one, two = await gather(stack, serve(quick(llm=f"{ENGINES}MemoryLLM")), 2)
        await one.send("text-input", text="A secret word.", images=[])
        await one.until_type("audio")
        await one.send("interrupt-signal", text="One.")
        await two.until_type("interrupt-signal")
        await one.until_type("interrupt-signal")
        await two.send("text-input", text="Go on.", images=[])
        await asyncio.gather(one.until(is_chain_end), two.until(is_chain_end))
        told = of_type(await two.until(is_chain_end), "audio")
    text = "".join(message["display_text"]["text"] for message in told)
    said = ("Human: A secret word.", "Tester: One.", "Human: Go on.")
    places = [text.find(part) for part in said]
    assert -1 not in places
    assert places == sorted(places)
