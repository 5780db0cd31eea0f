"""Her voice by chunks, in a real browser: heard, and seen at her lips, before all of it is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.chunks import joined
from tests.support.live import conf, live
from tests.support.product import as_wren

from .browser import Browsers, opened
from .instruments import EARS, EYES, loudness, openness
from .test_companion import AUDIBLE, STILL

pytestmark = pytest.mark.browser


def test_she_is_heard_and_her_lips_move_while_her_sentence_is_still_being_made(
    tmp_path: Path, browsers: Browsers
) -> None:
    gate = tmp_path / "gate"
    said = "The little boat that left the harbour on that morning was painted blue and green."
    values = conf(
        asr="tests.support.engines:MuteASR",
        tts="tests.e2e.gated:GatedTTS",
        vad=None,
        sections={"echo_llm": {"reply": said}, "gated_tts": {"gate": str(gate)}},
    )
    agent = values["character_config"]["agent_config"]["agent_settings"]
    agent["basic_memory_agent"]["faster_first_response"] = False  # it is to be one line
    with (
        live(tmp_path, as_wren(tmp_path, values)) as server,
        opened(browsers, server.url, draws=True, script=EARS + EYES, **STILL) as page,
    ):
        page.wait_for_avatar("rig")
        page.wait_for_status("Ready")
        shut = openness(page)
        page.page.evaluate("eyes.seen = []")
        page.write("Tell me.")
        page.until(lambda: page.page.evaluate("instruments.loudest") > AUDIBLE, "her voice")
        page.until(lambda: max(page.page.evaluate("eyes.seen")) > 1.5 * shut)
        page.wait_for_words("ai")
        (message,) = page.received("audio")
        assert (message["audio"], message["volumes"]) == (None, [])
        assert page.speech
        assert not any(frame.last for frame in page.speech)
        page.until(lambda: loudness(page) == 0)  # all that was made is over, and she waits
        page.until(lambda: openness(page) < 1.25 * shut, "her mouth to shut")
        heard = page.heard()
        # Of what was made these are the words to the one: their times came with the sound.
        half_s = sum(len(frame.pcm) for frame in page.speech) / page.speech[0].rate
        (told,) = page.received("speech-words")
        begun = [word["text"] for word in told["words"] if word["start_s"] < half_s]
        assert 3 < len(begun) < len(told["words"])
        assert heard.split() == begun
        page.page.evaluate("instruments.loudest = 0")
        gate.touch()
        page.until(lambda: page.page.evaluate("instruments.loudest") > AUDIBLE, "the rest")
        page.wait_for("conversation-chain-end")
        page.wait_for_status("Ready")
        assert page.bubbles("ai")[0].strip() == said
        assert len(page.sent("frontend-playback-complete")) == 1
        assert {frame.segment for frame in page.speech} == {message["segment"]}
        assert len(joined(page.speech)) / page.speech[0].rate > 2
