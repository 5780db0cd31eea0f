"""A wire over several connections: what waits goes on, what is written is shown once."""

from __future__ import annotations

import asyncio

import pytest

from open_llm_vtuber.conversation.lasting_wire import LastingWire
from open_llm_vtuber.conversation.outbox import ClientGoneError, Wire
from open_llm_vtuber.protocol.frames import Frame
from tests.support.wire import ScriptedWire, settle

pytestmark = pytest.mark.anyio


class Scene:
    """A wire whose first connection a test lets fail."""

    def __init__(self, *, lasts: bool = True) -> None:
        self.first = ScriptedWire()
        self.lost: list[Wire] = []
        self.shown: list[Frame] = []
        self._lasts = lasts
        self.wire = LastingWire(self.first, self._lose, self.shown.append)

    def _lose(self, wire: Wire) -> bool:
        self.lost.append(wire)
        self.wire.leave()
        return self._lasts


async def test_it_is_the_connection_while_there_is_one() -> None:
    scene = Scene()
    await scene.wire.write("a")
    assert scene.first.frames == scene.shown == ["a"]
    scene.first.stop()
    await scene.wire.write("b")
    assert not scene.wire.free
    draining = asyncio.create_task(scene.wire.drained())
    await settle()
    assert not draining.done()
    await scene.first.take()
    assert draining.done()


async def test_who_waits_goes_on_with_the_next_connection() -> None:
    scene = Scene()
    scene.first.stop()
    await scene.wire.write("a")
    draining = asyncio.create_task(scene.wire.drained())
    await settle()
    scene.first.leave()
    await settle()
    assert scene.lost == [scene.first]
    assert not scene.wire.free
    assert not draining.done()
    second = ScriptedWire()
    scene.wire.enter(second)
    await settle()
    assert draining.done()
    await scene.wire.write("b")
    assert (second.frames, scene.shown) == (["b"], ["a", "b"])


async def test_what_is_written_into_a_dead_connection_counts_as_written() -> None:
    scene = Scene()
    scene.first.leave()
    await scene.wire.write("a")
    assert scene.shown == ["a"]
    await scene.wire.write("b")  # there is none at all
    assert scene.shown == ["a", "b"]
    assert scene.lost == [scene.first]


async def test_one_that_is_taken_over_while_it_is_waited_for_is_not_believed() -> None:
    scene = Scene()
    scene.first.stop()
    await scene.wire.write("a")
    draining = asyncio.create_task(scene.wire.drained())
    await settle()
    second = ScriptedWire()
    second.stop()
    await second.write("again")
    scene.wire.enter(second)
    await scene.first.take()
    assert not draining.done()
    await second.take()
    assert draining.done()


async def test_where_no_other_follows_the_client_has_gone() -> None:
    scene = Scene(lasts=False)
    scene.first.leave()
    with pytest.raises(ClientGoneError):
        await scene.wire.write("a")
    assert scene.shown == []


async def test_at_the_end_nobody_waits_any_more() -> None:
    scene = Scene()
    scene.wire.leave()
    draining = asyncio.create_task(scene.wire.drained())
    await settle()
    scene.wire.end()
    await settle()
    with pytest.raises(ClientGoneError):
        await draining
    with pytest.raises(ClientGoneError):
        await scene.wire.write("a")
