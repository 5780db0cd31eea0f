"""The extension `group-presence`: names of people in a group, and what each of them does."""

from __future__ import annotations

from contextlib import AsyncExitStack

import pytest

from tests.conftest import Serve
from tests.support.client import Client, is_chain_end, of_type

from .test_groups import gather, quick

pytestmark = pytest.mark.anyio


async def able(one: Client) -> Client:
    await one.ask(
        "enable-extensions", "extensions-enabled", extensions=["groups", "group-presence"]
    )
    return one


def names(update: dict[str, object]) -> list[str]:
    people = update["people"]
    assert isinstance(people, list)
    return [each["human_name"] for each in people]


async def test_people_have_the_names_they_give(serve: Serve) -> None:
    async with AsyncExitStack() as stack:
        one, two, old = await gather(stack, serve(quick()), 3)
        await able(one)
        await able(two)
        await one.send("set-group-name", name="  Zoë\n the <b>first</b> ")
        update = (await two.until_type("group-update"))[-1]
        assert names(update)[0] == "Zoë the <b>first</b>"
        await two.send("set-group-name", name="Ben")
        while "Ben" not in names((await one.until_type("group-update"))[-1]):
            pass
        await one.send("text-input", text="Hello all.", images=[])
        said = (await two.until_type("user-input-transcription"))[-1]
        assert (said["name"], said["text"]) == ("Zoë the <b>first</b>", "Hello all.")
        # Who knows none of that is told what is documented.
        said = (await old.until_type("user-input-transcription"))[-1]
        assert "name" not in said
        # The same name twice is numbered; without one it is that of the character's file.
        await two.send("set-group-name", name="Zoë the <b>first</b>")
        await two.send("set-group-name", name="")
        updates = await two.until(lambda m: m["type"] == "group-update" and "Ben" not in names(m))
        assert [name for name in names(updates[-1]) if name.endswith("2")]
        too_long = await two.ask("set-group-name", "error", name="x" * 81)
        assert "'name' is wrong" in too_long["message"]


async def test_who_writes_and_whose_character_speaks_is_told_to_the_others(serve: Serve) -> None:
    async with AsyncExitStack() as stack:
        one, two, old = await gather(stack, serve(quick()), 3)
        await able(one)
        await able(two)
        for activity in ("typing", "typing", "none", "none"):
            await one.send("tell-activity", activity=activity)
        await one.beat()
        seen = of_type(await two.settled(), "group-activity")
        assert [(m["uid"], m["activity"]) for m in seen] == [
            (one.uid, "typing"),
            (one.uid, "typing"),
            (one.uid, "none"),
        ]
        wrong = await one.ask("tell-activity", "error", activity="dancing")
        assert "'activity' is wrong" in wrong["message"]
        await one.send("text-input", text="Hello all.", images=[])
        speakers: list[str] = []
        while "" not in speakers:
            message = await two.receive()
            await two.play(message)
            if message["type"] == "group-speaker":
                speakers.append(message["uid"])
            for other in (one, old):
                for each in await other.beat():
                    assert other is one or not each["type"].startswith("group-s")
        assert set(speakers[:3]) == {one.uid, two.uid, old.uid}


async def test_who_leaves_is_named_to_those_who_stay(serve: Serve) -> None:
    async with AsyncExitStack() as stack:
        one, two, three = await gather(stack, serve(quick()), 3)
        await able(one)
        await three.send("remove-client-from-group", target_uid=three.uid)
        told = await one.until_type("group-operation-result")
        assert told[-1]["message"] == f"Member {three.uid} left the group"
        # It is still known then who that was.
        assert not of_type(told, "group-update")
        plain = of_type(await two.settled(), "group-operation-result")
        assert all("left the group" not in m["message"] for m in plain)
        assert not any(map(is_chain_end, told))


async def test_who_was_removed_and_that_a_group_is_over_is_told(serve: Serve) -> None:
    async with AsyncExitStack() as stack:
        one, two, three = await gather(stack, serve(quick()), 3)
        for each in (one, two):
            await able(each)
        await one.send("remove-client-from-group", target_uid=three.uid)
        told = await two.until_type("group-operation-result")
        assert told[-1]["message"] == f"Member {three.uid} was removed from the group"
        await one.send("remove-client-from-group", target_uid=one.uid)
        told = await two.until(lambda m: m.get("message") == "The group was dissolved")
        results = [m["message"] for m in of_type(told, "group-operation-result")]
        assert results == [f"Member {one.uid} left the group", "The group was dissolved"]
        assert of_type(told, "group-update")[-1]["members"] == []
        # Who knows none of that is told what is documented.
        for each in (one, three):
            results = of_type(await each.settled(), "group-operation-result")
            assert all("dissolved" not in m["message"] for m in results)
