"""One client over several connections: which of them is its own."""

from __future__ import annotations

from typing import cast

import pytest

from open_llm_vtuber.config import Limits
from open_llm_vtuber.conversation.lasting_client import LastingClient
from open_llm_vtuber.conversation.lasting_clients import LastingClients
from open_llm_vtuber.conversation.session import Session
from open_llm_vtuber.protocol.extensions import Extension
from open_llm_vtuber.protocol.frames import Frame
from tests.support.wire import ScriptedWire, settle

pytestmark = pytest.mark.anyio


class Line(ScriptedWire):
    """A connection."""

    is_cut = False

    def cut(self) -> None:
        self.is_cut = True


class Quiet:
    """A session that can be gone on with, in which nobody is answered."""

    running = None

    def __init__(self) -> None:
        self.received: list[Frame] = []
        self.closed = 0

    @property
    def turns(self) -> Quiet:
        return self

    def has(self, extension: Extension) -> bool:
        return extension == "resume"

    async def receive(self, frame: Frame) -> None:
        self.received.append(frame)

    async def close(self) -> None:
        self.closed += 1


class Scene:
    """A client that has been told its token by its first connection."""

    def __init__(self) -> None:
        self.others = LastingClients(Limits())
        self.first, self.second = Line(), Line()
        self.gone = 0
        self.session = Quiet()
        self.client = LastingClient(
            self.first, Limits(), self.others, lambda _: None, self._is_gone
        )
        self.client.session = cast("Session", self.session)

    def _is_gone(self) -> None:
        self.gone += 1

    async def begin(self) -> None:
        await self.client.receive('{"type":"heartbeat"}')
        assert self.first.kinds == ["resume-token"]


async def test_a_connection_that_was_taken_over_ends_nothing_when_the_next_is_lost() -> None:
    scene = Scene()
    await scene.begin()
    await scene.client.take_over(scene.second, 0)
    assert scene.first.is_cut
    assert scene.client.lost(scene.second)
    assert not scene.client.is_on(scene.first)
    assert scene.client.is_on(scene.second)
    assert scene.others.waiting == 1
    await scene.client.end()
    assert (scene.session.closed, scene.gone) == (1, 1)


async def test_it_ends_once_however_often_that_is_begun() -> None:
    scene = Scene()
    await scene.begin()
    ending = scene.client.begin_end()
    assert scene.client.begin_end() is ending
    await scene.client.end()
    await settle()
    assert (scene.session.closed, scene.gone) == (1, 1)
    assert scene.first.is_cut
    assert not scene.client.lost(scene.first)
    assert scene.others.known == 0
