"""The extension `turn-ids`: all that belongs to a turn names it, for who asked and nobody else."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import numpy as np
import pytest

from tests.conftest import Serve
from tests.support.client import Client, client, is_chain_end, is_chain_start, kinds, of_type
from tests.web.test_client_ws import AUDIO_KEYS, WHOLE_TURN, quick
from tests.web.test_groups import gather
from tests.web.test_groups import quick as quick_group

pytestmark = pytest.mark.anyio

DOCUMENTED = {
    "control": {"type", "text"},
    "full-text": {"type", "text"},
    "user-input-transcription": {"type", "text"},
    "audio": AUDIO_KEYS,
    "backend-synth-complete": {"type"},
    "force-new-message": {"type"},
    "error": {"type", "message"},
    "interrupt-signal": {"type", "text"},
}
"""The keys of what comes in a turn."""


async def asking(one: Client, *more: str) -> Client:
    names = ["turn-ids", *more]
    await one.ask("enable-extensions", "extensions-enabled", extensions=names)
    return one


async def test_all_of_a_turn_names_it_and_the_next_one_has_another(serve: Serve) -> None:
    async with client(serve(quick(asr="tests.web.test_extensions:SlowASR")).url) as one:
        await asking(one, "turn-metrics")
        first = await one.say("Hello.")
        await one.record(np.full(16_000, 0.1, np.float32))
        second = await one.turn()
        await one.type("", images=[])
        empty = await one.turn()
    spoken = [kind for kind in kinds(second) if kind != "turn-metrics"]
    assert spoken == [*WHOLE_TURN[:2], "user-input-transcription", *WHOLE_TURN[2:]]
    assert "error" in kinds(empty)
    turns = [{message.get("turn") for message in messages} for messages in (first, second, empty)]
    assert all(len(ids) == 1 for ids in turns)
    assert None not in set.union(*turns)
    assert len(set.union(*turns)) == 3
    for message in first:
        more = {"endpointing_ms"} if message["type"] == "turn-metrics" else {"turn"}
        documented = DOCUMENTED.get(message["type"], set(message) - more)
        assert set(message) == documented | more


async def test_who_does_not_ask_gets_the_documented_keys(serve: Serve) -> None:
    async with client(serve(quick(asr="tests.web.test_extensions:SlowASR")).url) as one:
        messages = await one.say("Hello.")
        await one.record(np.full(16_000, 0.1, np.float32))
        messages += await one.turn()
        await one.type("", images=[])
        messages += await one.turn()
    assert set(kinds(messages)) == {*WHOLE_TURN, "user-input-transcription", "error"}
    for message in messages:
        assert set(message) == DOCUMENTED[message["type"]]


async def test_what_is_said_of_a_turn_that_is_over_touches_no_other(serve: Serve) -> None:
    values = quick(sections={"echo_llm": {"delay_s": 60}})
    async with client(serve(values).url) as one:
        await asking(one)
        await one.send("text-input", text="Hello.", images=[])
        first = (await one.until(is_chain_start))[-1]["turn"]
        await one.send("text-input", text="And then?", images=[])
        await one.send("interrupt-signal", text="", turn=first)
        second = (await one.until(is_chain_start))[-1]["turn"]
        await one.send("interrupt-signal", text="", turn=first)  # as from a slow network
        assert [m for m in await one.settled() if is_chain_start(m)] == []
        await one.send("text-input", text="And now?", images=[])
        await one.send("interrupt-signal", text="", turn=second)
        third = (await one.until(is_chain_start))[-1]["turn"]
    assert len({first, second, third}) == 3


async def test_what_was_played_of_an_earlier_turn_does_not_end_this_one(serve: Serve) -> None:
    values = quick()
    values["system_config"]["limits"]["playback_grace_s"] = 600
    async with client(serve(values).url) as one:
        await asking(one)
        await one.type("Hello.")
        (last,) = (await one.until_type("backend-synth-complete", play=False))[-1:]
        await one.send("frontend-playback-complete", turn="an earlier one")
        assert not any(map(is_chain_end, await one.settled()))
        await one.send("frontend-playback-complete", turn=last["turn"])
        await one.until(is_chain_end)


async def test_in_a_group_each_is_told_the_turn_only_if_it_asked(serve: Serve) -> None:
    async with AsyncExitStack() as stack:
        one, two, three = await gather(stack, serve(quick_group()), 3)
        await asking(one, "groups")
        await asking(two, "groups")
        await one.send("text-input", text="Hello all.", images=[])
        ends = [person.until(is_chain_end) for person in (one, two, three)]
        mine, theirs, plain = await asyncio.gather(*ends)
    (spoken,), (heard,) = of_type(mine, "audio"), of_type(theirs, "audio")
    assert heard == {**spoken, "forwarded": True}
    turn = spoken["turn"]
    told = [m for m in (*mine, *theirs) if m["type"] != "user-input-transcription"]
    assert {m.get("turn") for m in told} == {turn}
    for message in plain:
        assert set(message) == DOCUMENTED[message["type"]]


async def test_in_a_group_an_interrupt_names_the_turn_that_it_ends(serve: Serve) -> None:
    values = quick_group()
    values["system_config"]["limits"]["playback_grace_s"] = 600
    async with AsyncExitStack() as stack:
        one, two, three = await gather(stack, serve(values), 3)
        await asking(one)
        await asking(two)
        await one.send("text-input", text="Hello all.", images=[])
        turn = (await one.until_type("backend-synth-complete", play=False))[-1]["turn"]
        await two.send("interrupt-signal", text="Indeed")
        told = [(await each.until_type("interrupt-signal"))[-1] for each in (one, two, three)]
    documented = {"type": "interrupt-signal", "text": "conversation-interrupted"}
    assert told == [{**documented, "turn": turn}] * 2 + [documented]
