"""Protocol section 4.5 and the groups of section 10: who is in, who hears what, how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.conformance.support import echoing, quick, remembering
from tests.conftest import Serve
from tests.support.client import Client, Message, client, is_chain_end, kinds, of_type, shown

pytestmark = pytest.mark.anyio

ALONE = {"type": "group-update", "members": [], "is_owner": False}


@asynccontextmanager
async def clients(url: str, count: int) -> AsyncIterator[list[Client]]:
    if count == 0:
        yield []
        return
    async with client(url) as one, clients(url, count - 1) as others:
        yield [one, *others]


async def join(owner: Client, *invited: Client) -> None:
    """Form a group and let everybody read what they are told of it."""
    for one in invited:
        result = await owner.change_group("add-client-to-group", invitee_uid=one.uid)
        assert result["success"]
    for one in (owner, *invited):
        await one.settled()


async def rounds(one: Client, turns: int) -> list[Message]:
    """Return all that a member is sent until so many turns have ended."""
    return [message for _ in range(turns) for message in await one.turn_end()]


async def test_add(serve: Serve) -> None:
    async with clients(serve(quick()).url, 3) as (one, two, three):
        await join(one, two)
        await one.send("add-client-to-group", invitee_uid=three.uid)
        asked, there, came = await one.settled(), await two.settled(), await three.settled()
    members = {one.uid, two.uid, three.uid}
    assert kinds(came) == ["group-update", "group-operation-result"]
    assert came[1]["message"] == f"You have been invited to the group by {one.uid}"
    assert kinds(asked)[0] == "group-operation-result"
    assert asked[0]["success"] is True
    assert there[-1]["message"] == f"Member {three.uid} was added to the group"
    assert all(set(c.group["members"]) == members for c in (one, two, three))
    assert [c.group["is_owner"] for c in (one, two, three)] == [True, False, False]


@pytest.mark.parametrize("whom", ["nobody", "self", "grouped"])
async def test_add_fails(serve: Serve, whom: str) -> None:
    async with clients(serve(quick()).url, 3) as (one, two, three):
        await join(two, three)
        invitee = {"nobody": "no such uid", "self": one.uid, "grouped": two.uid}[whom]
        result = await one.change_group("add-client-to-group", invitee_uid=invitee)
    assert set(result) == {"type", "success", "message"}
    assert result["success"] is False


async def test_any_member_may_add(serve: Serve) -> None:
    async with clients(serve(quick()).url, 3) as (one, two, three):
        await join(one, two)
        await join(two, three)
        await one.settled()
        assert set(one.group["members"]) == {one.uid, two.uid, three.uid}
        assert one.group["is_owner"]


async def test_remove_by_the_owner(serve: Serve) -> None:
    async with clients(serve(quick()).url, 3) as (one, two, three):
        await join(one, two, three)
        await one.send("remove-client-from-group", target_uid=two.uid)
        asked, gone, rest = await one.settled(), await two.settled(), await three.settled()
    assert kinds(asked)[0] == "group-operation-result"
    assert gone[0] == ALONE
    assert gone[1]["message"] == "You have been removed from the group"
    assert set(rest[0]["members"]) == {one.uid, three.uid}


async def test_remove_by_another_member_is_refused(serve: Serve) -> None:
    async with clients(serve(quick()).url, 3) as (one, two, three):
        await join(one, two, three)
        result = await two.change_group("remove-client-from-group", target_uid=three.uid)
        assert result["success"] is False


async def test_a_group_of_one_after_removal_is_dissolved(serve: Serve) -> None:
    async with clients(serve(quick()).url, 2) as (one, two):
        await join(one, two)
        await two.change_group("remove-client-from-group", target_uid=two.uid)
        await one.settled()
        assert one.group == ALONE


async def test_disconnect_leaves_the_survivor_free_to_be_invited(serve: Serve) -> None:
    async with clients(serve(quick()).url, 2) as (one, three):
        async with client(one_url(one)) as two:
            await join(one, two)
        messages = await one.until_type("group-update")
        if messages[-1]["members"]:
            messages = await one.until_type("group-update")
        assert one.group == ALONE
        result = await three.change_group("add-client-to-group", invitee_uid=one.uid)
        assert result["success"] is True


def one_url(one: Client) -> str:
    host, port = one.socket.remote_address[:2]
    return f"http://{host}:{port}"


async def test_ownership_passes_on_when_the_owner_leaves(serve: Serve) -> None:
    async with clients(serve(quick()).url, 3) as (one, two, three):
        await join(one, two, three)
        await one.change_group("remove-client-from-group", target_uid=one.uid)
        await two.settled()
        await three.settled()
        assert [two.group["is_owner"], three.group["is_owner"]].count(True) == 1
        owner, other = (two, three) if two.group["is_owner"] else (three, two)
        result = await owner.change_group("remove-client-from-group", target_uid=other.uid)
        assert result["success"] is True


async def test_a_conversation_ends_after_its_rounds(serve: Serve) -> None:
    values = quick(system={"group_rounds": 2})
    async with clients(serve(values).url, 2) as (one, two):
        await join(one, two)
        await one.send("text-input", text="Hello all.", images=[])
        mine, theirs = await asyncio.gather(rounds(one, 4), rounds(two, 4))
        assert of_type(await one.settled(), "control") == []
        assert of_type(await two.settled(), "control") == []
    for seen in (mine, theirs):
        assert kinds(seen).count("conversation-chain-start") == 4
        assert kinds(seen).count("force-new-message") == 4
        assert kinds(seen).count("backend-synth-complete") == 2
        assert any(audio["forwarded"] is False for audio in of_type(seen, "audio"))
    assert [m["text"] for m in of_type(theirs, "user-input-transcription")] == ["Hello all."]
    assert of_type(mine, "user-input-transcription") == []
    copies = [audio for audio in of_type(theirs, "audio") if audio["forwarded"]]
    assert copies
    assert all(copy["audio"] is None and copy["actions"] is None for copy in copies)


@pytest.mark.parametrize("who", [0, 1])
async def test_an_interrupt_by_anyone_stops_it_and_all_are_told(serve: Serve, who: int) -> None:
    values = echoing("One. Two. Three. Four. Five. Six.", delay_s=0.05, system={"group_rounds": 50})
    async with clients(serve(values).url, 2) as both:
        await join(*both)
        await both[0].send("text-input", text="Hello all.", images=[])
        await both[0].until_type("audio")
        await both[who].send("interrupt-signal", text="One.")
        for one in both:
            signal = (await one.until_type("interrupt-signal"))[-1]
            assert signal == {"type": "interrupt-signal", "text": "conversation-interrupted"}
            assert of_type(await one.settled(), "control") == []


@pytest.mark.parametrize("leaver", [0, 1])
async def test_a_member_who_leaves_ends_nothing_for_the_others(serve: Serve, leaver: int) -> None:
    values = echoing("One. Two. Three. Four.", delay_s=0.02, system={"group_rounds": 1})
    async with clients(serve(values).url, 3) as all_three:
        await join(*all_three)
        await all_three[0].send("text-input", text="Hello all.", images=[])
        await all_three[0].until_type("audio")
        await all_three[leaver].socket.close()
        for index, one in enumerate(all_three):
            if index != leaver:
                assert is_chain_end((await one.turn_end())[-1])


async def test_a_group_prompt_reaches_nobody_outside(serve: Serve) -> None:
    values = remembering(system={"group_rounds": 1})
    async with clients(serve(values).url, 3) as (one, two, outsider):
        await join(one, two)
        await one.send("text-input", text="Zebra.", images=[])
        mine, _ = await asyncio.gather(rounds(one, 2), rounds(two, 2))
        assert "Human: Zebra." in shown(mine)
        assert shown(await outsider.say("Quiet?")).split() == ["user:", "Quiet?"]
