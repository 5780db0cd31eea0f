"""How many clients are answered at once, and how much sound of one waits: refused with the key."""

from __future__ import annotations

import numpy as np
import pytest

from open_llm_vtuber.audio import MIC_RATE, Pcm
from open_llm_vtuber.config.limits import Limits
from open_llm_vtuber.conversation.listening.utterance import Utterance
from open_llm_vtuber.conversation.turn_limits import too_much_sound
from open_llm_vtuber.conversation.turn_request import Request
from tests.conftest import Serve
from tests.support.client import client, of_type
from tests.support.live import conf
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

ENGINES = "tests.support.engines:"


def spoken(seconds: int) -> Request:
    second: Pcm = np.zeros(MIC_RATE, np.float32)
    return Request(Utterance([second] * seconds))


def test_sound_that_waits_has_a_limit_for_each_client() -> None:
    limits = Limits(max_waiting_sound_s=10)
    assert too_much_sound(spoken(30), [], limits) is None  # one may be longer
    assert too_much_sound(spoken(30), [Request("Hello.")], limits) is None
    assert too_much_sound(spoken(4), [spoken(6)], limits) is None
    full = too_much_sound(spoken(5), [spoken(3), Request("And?"), spoken(3)], limits)
    assert full is not None
    assert "6 s of what you said" in str(full)
    assert full.fault is not None
    assert full.fault.about == "system_config.limits.max_waiting_sound_s"
    assert full.fault.params["limit"] == 10


async def test_a_client_that_says_more_than_is_written_down_is_told(serve: Serve) -> None:
    values = conf(
        asr=f"{ENGINES}HangingASR",
        vad=None,
        max_waiting_sound_s=6,
    )
    server = serve(values)
    async with client(server.url) as one:
        for _ in range(3):
            await one.send("mic-audio-data", audio=[0.1] * 4 * MIC_RATE)
            await one.send("mic-audio-end")
        errors = of_type(await one.beat(), "error")
        assert errors
        assert all("max_waiting_sound_s" in error["message"] for error in errors)
        await one.send("interrupt-signal", text="")


async def test_so_many_are_answered_at_once(serve: Serve) -> None:
    sections = {"echo_llm": {"delay_s": 600}}
    server = serve(conf(asr=f"{ENGINES}MuteASR", vad=None, sections=sections, max_turns=2))
    async with (
        client(server.url) as first,
        client(server.url) as second,
        client(server.url) as third,
    ):
        for one in (first, second):
            await one.send("text-input", text="Hello.")
        await until(lambda: server.server.groups.answering() == 2)
        await first.send("text-input", text="And?")  # it is answered already: this one waits
        assert of_type(await first.beat(), "error") == []
        await third.send("text-input", text="And me?")
        (error,) = of_type(await third.beat(), "error")
        assert "max_turns" in error["message"]
        await second.socket.close()
        await until(lambda: server.server.groups.answering() == 1)
        await third.send("text-input", text="Now?")
        await until(lambda: server.server.groups.answering() == 2)
        assert of_type(await third.beat(), "error") == []
