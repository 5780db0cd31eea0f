"""The audience of a turn: who is told, who hears the sound, and whom the turn waits for."""

from __future__ import annotations

import asyncio

import pytest

from open_llm_vtuber.conversation.groups.audience import Audience
from open_llm_vtuber.protocol.outgoing import Audio, Control, DisplayText
from tests.support.members import ScriptedMember
from tests.support.wire import settle

pytestmark = pytest.mark.anyio

SOUND = Audio(
    audio="AAAA", volumes=[], display_text=DisplayText(text="Hi", name="A", avatar=""), actions=None
).frame()
HEARD = SOUND.replace('"forwarded":false', '"forwarded":true')


class Scene:
    """Three clients: who speaks, one that hears characters, and one that does not know how."""

    def __init__(self) -> None:
        self.speaker = ScriptedMember("a", "", "", "groups")
        self.hearer = ScriptedMember("b", "", "", "groups")
        self.reader = ScriptedMember("c")
        self.members = {one.uid: one for one in (self.speaker, self.hearer, self.reader)}
        self.audience = Audience(self.members, self.speaker)
        self.silent = asyncio.create_task(self.audience.silence())

    async def is_silent(self) -> bool:
        await settle()
        return self.silent.done()


async def test_all_are_told_of_a_turn_and_who_comes_later_of_the_next() -> None:
    scene = Scene()
    late = scene.members["d"] = ScriptedMember("d")
    start = Control(text="conversation-chain-start")
    scene.audience.tell(start, "turn 1")
    for member in (scene.speaker, scene.hearer, scene.reader):
        assert member.sent == [(start, "turn 1")]
    assert late.sent == []
    scene.silent.cancel()


async def test_the_sound_is_heard_by_those_who_asked_for_it() -> None:
    scene = Scene()
    scene.audience.tell(Control(text="conversation-chain-start"), "turn 1")
    for member in scene.members.values():
        member.sent.clear()
    scene.audience.hear(SOUND)
    scene.audience.hear(SOUND)
    assert scene.hearer.sent == [(HEARD, "turn 1")] * 2
    assert scene.speaker.sent == scene.reader.sent == []
    assert '"forwarded":true' in HEARD
    scene.silent.cancel()


async def test_a_turn_waits_until_it_was_played_to_its_end() -> None:
    scene = Scene()
    scene.audience.hear(SOUND)
    scene.audience.played("b")  # that was an older one: not all of this was sent
    scene.hearer.sent.clear()
    scene.audience.all_sent()
    assert scene.hearer.kinds() == ["backend-synth-complete"]
    assert scene.speaker.sent == scene.reader.sent == []
    for uid in ("a", "c", "somebody"):
        scene.audience.played(uid)
    assert not await scene.is_silent()
    scene.audience.played("b")
    assert await scene.is_silent()


async def test_a_turn_that_nobody_hears_is_over_when_all_is_sent() -> None:
    scene = Scene()
    assert not await scene.is_silent()
    scene.audience.played("b")
    assert not await scene.is_silent()
    scene.audience.all_sent()
    assert await scene.is_silent()
    assert scene.hearer.sent == []


async def test_nobody_waits_for_who_has_left_nor_tells_it_anything() -> None:
    scene = Scene()
    scene.audience.hear(SOUND)
    scene.audience.leave("b")
    scene.audience.leave("b")
    assert not await scene.is_silent()
    scene.hearer.sent.clear()
    scene.audience.hear(SOUND)
    scene.audience.tell(Control(text="conversation-chain-end"), "turn 1")
    scene.audience.all_sent()
    assert scene.hearer.sent == []
    assert await scene.is_silent()


async def test_who_leaves_last_ends_the_waiting() -> None:
    scene = Scene()
    scene.audience.hear(SOUND)
    scene.audience.all_sent()
    assert not await scene.is_silent()
    scene.audience.leave("b")
    assert await scene.is_silent()
