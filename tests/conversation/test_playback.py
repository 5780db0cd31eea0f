"""What of a turn is being played: by a clock that stands still while it is held up."""

from __future__ import annotations

import asyncio
import time

import pytest

from open_llm_vtuber.conversation.playback import Playback
from open_llm_vtuber.conversation.speaking.speech_text import Line

pytestmark = pytest.mark.anyio


class Clock:
    """Time by the test."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "perf_counter", clock)
    return clock


def line(text: str) -> Line:
    return Line(text, text, ())


def test_what_is_said_now_and_was_said_lately_is_known(clock: Clock) -> None:
    playback = Playback()
    assert playback.recent(5) == ""
    one, two = line("One."), line("Two.")
    playback.sent(one, 0)
    playback.sent(one, 2)  # in two chunks
    playback.sent(one, 2)
    playback.sent(two, 4)
    assert playback.recent(3) == "One."
    clock.now += 4
    assert playback.recent(3) == "One. Two."
    clock.now += 3.5
    assert playback.recent(3) == "Two."
    assert playback.silent_for_s == -0.5


def test_while_it_is_held_up_nothing_goes_by(clock: Clock) -> None:
    playback = Playback()
    playback.sent(line("One."), 2)
    clock.now += 1
    playback.hold()
    clock.now += 10
    playback.hold()
    playback.sent(line("Two."), 2)
    assert playback.silent_for_s == -3
    playback.go_on()
    playback.go_on()
    clock.now += 1
    assert playback.silent_for_s == -2
    assert playback.recent(1) == "One. Two."


async def test_what_is_waited_for_is_given_up_but_not_while_it_is_held_up() -> None:
    playback = Playback()
    playback.sent(line("One."), 0.01)
    playback.hold()

    async def wait() -> None:
        with playback.in_time(0.0):
            await playback.complete.wait()

    waiting = asyncio.create_task(wait())
    await asyncio.sleep(0.1)
    assert not waiting.done()
    playback.go_on()
    await asyncio.wait_for(waiting, 10)
    assert not playback.complete.is_set()
