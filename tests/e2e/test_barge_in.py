"""Somebody speaks while she does, in a real browser: after an aside she goes on, words stop her."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from open_llm_vtuber.audio import MIC_RATE, Pcm
from open_llm_vtuber.engines.tts.hibari_tts import HibariConfig, HibariTTS
from open_llm_vtuber.weights.store import WeightStore
from tests.support.client import resampled
from tests.support.live import PROJECT, conf

from .browser import Browsers, opened
from .servers import Servers

pytestmark = pytest.mark.browser

Microphone = Callable[..., list[str]]

ANSWER = "The boat that left the harbour on that morning was painted blue and green."


def answering(tone_s: float) -> dict[str, object]:
    """Return a conf.yaml that hears, and answers in one sentence of such a length."""
    values = conf(sections={"echo_llm": {"reply": ANSWER}, "tone_tts": {"seconds": tone_s}})
    agent = values["character_config"]["agent_config"]["agent_settings"]
    agent["basic_memory_agent"]["faster_first_response"] = False  # it is to be one line
    return values


@pytest.fixture(scope="module")
def yeah() -> Pcm:
    """Somebody who listens, in the voice that is shipped."""

    async def say() -> Pcm:
        voice = HibariTTS(HibariConfig())
        await voice.run(voice.prepare)
        await voice.load(WeightStore(PROJECT / "models"))
        try:
            pcm = await voice.in_turn("Yeah.")
        finally:
            await voice.close()
        return resampled(pcm, voice.sample_rate)

    with ThreadPoolExecutor(1) as thread:  # Playwright has a loop in this one
        return thread.submit(asyncio.run, say()).result()


def test_she_goes_on_when_somebody_shows_that_they_listen(
    servers: Servers, browsers: Browsers, microphone: Microphone, yeah: Pcm
) -> None:
    says = microphone("human_goforward", yeah, silence_s=3.0)
    with opened(browsers, servers.url(answering(6.0)), *says) as page:
        page.page.get_by_label("Microphone", exact=True).click()
        page.wait_for("playback-control", 3)
        heard = page.heard()
        page.wait_for("conversation-chain-end")
        page.wait_for_status("Listening")
        told = [message["action"] for message in page.received("playback-control")]
        assert told == ["duck", "pause", "resume"]
        assert ANSWER.startswith(heard.strip())
        assert heard.strip() != ANSWER
        assert [text.strip() for text in page.bubbles("ai")] == [ANSWER]
        assert len(page.bubbles("human")) == 1
        assert page.sent("interrupt-signal") == []
        page.page.get_by_label("Microphone", exact=True).click()
        page.page.reload()
        page.wait_for("history-data")
        stored = page.received("history-data")[-1]["messages"]
        assert [message["role"] for message in stored] == ["human", "ai"]
        assert stored[1]["content"] == ANSWER


def test_words_interrupt_her_and_what_was_heard_is_kept(
    servers: Servers, browsers: Browsers, microphone: Microphone
) -> None:
    says = microphone("human_goforward", "synth_flite_slt", silence_s=3.0)
    with opened(browsers, servers.url(answering(20.0)), *says) as page:
        page.page.get_by_label("Microphone", exact=True).click()
        page.wait_for_bubbles("human", 2)
        told = [message["action"] for message in page.received("playback-control")]
        assert told == ["duck", "pause"]
        (interrupt,) = page.sent("interrupt-signal")
        assert interrupt["text"] == page.bubbles("ai")[0]
        assert ANSWER.startswith(interrupt["text"].strip())
        assert interrupt["text"].strip() not in ("", ANSWER)


def test_a_key_that_is_pressed_interrupts_her_before_anything_is_said(
    servers: Servers, browsers: Browsers, microphone: Microphone
) -> None:
    silence = np.zeros(MIC_RATE, np.float32)
    says = microphone(silence, silence_s=30.0)
    settings = {"pushToTalk": True}
    with opened(browsers, servers.url(answering(20.0)), *says, settings=settings) as page:
        page.wait_for_status("Ready")
        page.write("Tell me.")
        page.wait_for_words("ai")
        page.page.get_by_role("group").first.focus()
        page.page.keyboard.down(" ")
        page.until(lambda: bool(page.sent("interrupt-signal")), "the interrupt")
        page.wait_for_status("Listening")
        page.page.keyboard.up(" ")
        assert page.received("playback-control") == []
        assert page.bubbles("ai")[0].strip() not in ("", ANSWER)
