"""The product as people get it: Wren, who hears and answers with the embedded engines."""

from __future__ import annotations

import re
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.live import conf, live
from tests.support.product import as_shipped, as_wren
from tests.support.weight import GOAL_BYTES, transferred, weights

from .browser import SETTINGS, TIMEOUT_MS, Browsers, Watched, opened
from .instruments import EARS, EYES, FACE, MOUTH, SKIN, difference, loudness, openness, seen
from .test_page import LONG, Microphone, words

pytestmark = pytest.mark.browser

STILL: dict[str, Any] = {"reduced_motion": "reduce"}
"""She breathes, blinks and speaks, but does not sway: pictures of her can be compared."""
ECHO = "tests.support.engines:EchoLLM"
AUDIBLE = 0.01
"""Of 1; silence is exactly 0."""
THOUGHT = (0.6, 0.02, 0.8, 0.2)
"""Where the bubble of a thought is drawn beside her head, as shares of her drawing."""
STORY = " ".join(
    f"The {nth} little boat that left the harbour on that morning was painted blue and green and "
    "carried nothing but two baskets of apples and a very old clock that nobody had ever wound."
    for nth in ("first", "second", "third", "fourth", "fifth")
)
"""Sentences that are so long that something is always being said."""


def test_talking_with_wren(tmp_path: Path, browsers: Browsers, microphone: Microphone) -> None:
    """One speaks, she is seen and heard to answer; nothing is fetched from elsewhere."""
    says = microphone("human_goforward")
    with (
        live(tmp_path, as_shipped(tmp_path, max_tokens=64, temperature=0.0)) as server,
        opened(browsers, server.url, *says, draws=True, script=EARS + EYES, **STILL) as page,
    ):
        page.wait_for_avatar("rig")
        page.page.get_by_role("heading", name="Wren", exact=True).wait_for()
        page.wait_for_status("Ready")
        loaded = "document.querySelectorAll('.ground img')[0]?.naturalWidth"
        page.until(lambda: bool(page.page.evaluate(loaded)))
        shut = openness(page)
        on_screen = int((seen(page, MOUTH).mean(axis=2) < SKIN).sum())
        assert 0.8 * on_screen < shut < 1.25 * on_screen
        page.page.evaluate("eyes.seen = []")
        page.until(lambda: page.page.evaluate("eyes.seen.length") > 3)
        shut = max(page.page.evaluate("eyes.seen"))
        page.page.get_by_label("Microphone", exact=True).click()
        page.wait_for("user-input-transcription")
        understood = words([page.received("user-input-transcription")[0]["text"]])
        # Where no graphics processor draws her, the browser's device may lose some of the sound.
        assert understood.replace("10", "ten").endswith("ten meters")
        page.until(lambda: loudness(page) > AUDIBLE)
        page.page.evaluate("eyes.seen = []")
        page.wait_for("conversation-chain-end")
        open_ = page.page.evaluate("eyes.seen")
        assert max(open_) > 1.5 * shut, (shut, open_)
        assert max(open_) > 1.25 * min(open_), open_
        page.until(lambda: openness(page) < 1.25 * shut)
        assert loudness(page) == 0
        said = " ".join(one["display_text"]["text"] for one in page.received("audio"))
        tag = re.compile(r"\[\w+\]")  # of a feeling, which she shows instead
        assert words(page.bubbles("ai")) == words([tag.sub("", said)])
        assert page.sent("frontend-playback-complete")


def test_speaking_into_her_answer_is_heard_at_once(
    tmp_path: Path, browsers: Browsers, microphone: Microphone
) -> None:
    says = microphone("human_goforward", silence_s=30.0)
    values = as_shipped(tmp_path)
    agent = values["character_config"]["agent_config"]
    agent["agent_settings"]["basic_memory_agent"]["llm_provider"] = ECHO
    agent["llm_configs"]["echo_llm"] = {"reply": STORY}
    with (
        live(tmp_path, values) as server,
        opened(browsers, server.url, *says, draws=True, script=EARS) as page,
    ):
        page.wait_for_avatar("rig")
        page.wait_for_status("Ready")
        ear = page.page.get_by_label("Microphone", exact=True)
        ear.click()
        page.wait_for("user-input-transcription")
        page.wait_for("audio", 2)
        page.until(lambda: loudness(page) > AUDIBLE)
        page.wait_for_words("ai")
        ear.click()
        assert page.page.evaluate("instruments.silenced") == []
        ear.click()  # the device begins its recording anew
        page.wait_for("interrupt", 2)  # the first belongs to the question
        page.wait_for_bubbles("ai", 2)
        first = page.bubbles("ai")[0]
        assert page.sent("interrupt-signal")[0]["text"] == first
        assert words([STORY]).startswith(words([first]))
        assert 0 < len(first) < len(STORY)
        assert len(page.received("user-input-transcription")) == 2
        page.until(lambda: len(page.page.evaluate("instruments.afterwards")) > 1)
        measured = page.page.evaluate("instruments")
        # she is paused at the first sound of words, before they are known to be an interruption
        assert measured["silenced"][0] <= measured["interrupts"][1] + 1, measured
        assert measured["afterwards"][1] == 0


def test_her_face_shows_what_she_feels(tmp_path: Path, browsers: Browsers) -> None:
    """A tag in the answer changes her face, and is neither shown nor said; later it passes."""
    joy = "[joy] I am so very glad to see you here again today, dear friend."
    values = conf(
        asr="tests.support.engines:MuteASR",
        vad=None,
        sections={"echo_llm": {"reply": joy}, "tone_tts": {"seconds": 6.0}},
    )
    with (
        live(tmp_path, as_wren(tmp_path, values)) as server,
        opened(browsers, server.url, draws=True, **STILL) as page,
    ):
        page.wait_for_avatar("rig")
        page.wait_for_status("Ready")
        calm = [seen(page, FACE) for _ in range(4)]
        # She may blink in one of them.
        alike = median(min(difference(a, b) for b in calm if b is not a) for a in calm)
        page.write("How are you?")
        page.wait_for_words("ai")
        assert page.received("audio")[0]["actions"] == {"expressions": [1]}

        def change() -> float:
            now = seen(page, FACE)
            return min(difference(now, other) for other in calm)

        page.until(lambda: change() > max(4.0, 2 * alike))
        glad = [change() for _ in range(4)]
        assert min(glad) > max(4.0, 2 * alike), (glad, alike)  # and it lasts
        page.wait_for("conversation-chain-end")
        page.until(lambda: change() < min(glad) / 2)
        assert [text.strip() for text in page.bubbles("ai")] == [joy.removeprefix("[joy] ")]
        page.write("Tell me more.")
        page.wait_for_bubbles("ai", 2)
        page.wait_for_words("ai")
        page.page.keyboard.press("Escape")
        page.wait_for_status("Ready")
        assert page.sent("interrupt-signal")[0]["text"] == page.bubbles("ai")[1]


def test_who_has_answered_does_not_look_as_if_she_thought(
    tmp_path: Path, browsers: Browsers
) -> None:
    """The hand at her chin and the bubble of a thought go with the answer that brought them."""
    answer = "[thinking] I shall have to think about that for a while, dear friend."
    sections: dict[str, dict[str, Any]] = {
        "echo_llm": {"reply": answer},
        "tone_tts": {"seconds": 4.0},
    }
    values = conf(asr="tests.support.engines:MuteASR", vad=None, sections=sections)
    with (
        live(tmp_path, as_wren(tmp_path, values)) as server,
        opened(browsers, server.url, draws=True, **STILL) as page,
    ):
        page.wait_for_avatar("rig")
        page.wait_for_status("Ready")
        calm = [seen(page, THOUGHT) for _ in range(3)]

        def change() -> float:
            now = seen(page, THOUGHT)
            return min(difference(now, other) for other in calm)

        noise = max(change() for _ in range(3))
        page.write("How are you?")
        page.wait_for_words("ai")
        assert page.received("audio")[0]["actions"] == {"expressions": [9]}
        page.until(lambda: change() > max(4.0, 3 * noise), "the thought")
        shown = change()
        page.page.locator("[data-turn=idle]").wait_for()
        # What was felt would stay for four seconds more; this fades at once.
        page.page.wait_for_timeout(1500)
        assert change() < shown / 4


def test_without_webgl_her_picture_stands_in(
    tmp_path: Path, browsers: Browsers, microphone: Microphone
) -> None:
    says = microphone("human_goforward")
    values = as_wren(tmp_path, conf(sections={"echo_llm": {"reply": LONG}}))
    with (
        live(tmp_path, values) as server,
        opened(browsers, server.url, *says, script=EARS) as page,
    ):
        page.wait_for_avatar("picture")
        picture = page.page.locator(".stage img")
        assert picture.evaluate("image => new URL(image.src).pathname") == "/avatars/wren.png"
        assert picture.evaluate("image => image.naturalWidth") > 0
        assert page.page.get_by_role("alert").count() == 0
        page.page.get_by_label("Microphone", exact=True).click()
        page.until(lambda: loudness(page) > AUDIBLE)
        expect(page.page.locator("[data-turn=idle]")).to_be_visible(timeout=TIMEOUT_MS)
        page.wait_for("conversation-chain-end")
        assert words(page.bubbles("ai")) == words([LONG])
        page.write("And once more.")
        page.wait_for("conversation-chain-end", 2)


def test_she_is_moved_and_put_back(tmp_path: Path, browsers: Browsers) -> None:
    """A drag moves her, and where she was put is remembered until she is put back."""
    values = as_wren(tmp_path, conf(asr="tests.support.engines:MuteASR", vad=None))
    with (
        live(tmp_path, values) as server,
        opened(browsers, server.url, draws=True) as page,
    ):
        page.wait_for_avatar("rig")
        page.page.mouse.move(420, 300)
        page.page.mouse.down()
        page.page.mouse.move(220, 300, steps=4)
        page.page.mouse.up()
        back = page.page.get_by_role("button", name="Put back into place")
        back.wait_for()
        moved = placement(page)
        assert moved["x"] < -0.2
        page.page.reload()
        page.wait_for_avatar("rig")
        back.wait_for()
        assert placement(page) == moved
        back.click()
        back.wait_for(state="detached")


def placement(page: Watched) -> dict[str, float]:
    """Return where she was put, as the page remembers it."""
    found: dict[str, float] = page.page.evaluate(
        """key => {
            document.dispatchEvent(new Event("visibilitychange")); // written now, not in a moment
            return Object.values(JSON.parse(localStorage.getItem(key)).placements)[0];
        }""",
        SETTINGS,
    )
    return found


def test_the_page_is_light(tmp_path: Path, browsers: Browsers) -> None:
    """Without her pictures and drawings, which are hers to choose."""
    values = as_wren(tmp_path, conf(asr="tests.support.engines:MuteASR", vad=None))
    with (
        live(tmp_path, values) as server,
        opened(browsers, server.url, draws=True) as page,
    ):
        page.wait_for_avatar("rig")
        weight, looks = weights(page.page)
        assert 0 < weight < GOAL_BYTES, transferred(page.page)
        assert looks > 0
