"""The page at / in a real browser, against a real server."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright

from tests.support.live import conf, live

from .browser import opened

pytestmark = pytest.mark.browser

Microphone = Callable[..., list[str]]

LONG = "This is the first sentence. Here comes the second one. And then there is a third."


def configured(reply: str = "", tone_s: float = 0.3, **given: Any) -> dict[str, Any]:
    """Return a conf.yaml whose model gives `reply`, or repeats, in a voice of `tone_s` each."""
    sections: dict[str, dict[str, Any]] = {
        "echo_llm": {"reply": reply},
        "tone_tts": {"seconds": tone_s},
    }
    return conf(sections=sections, **given)


def test_it_connects_and_says_so(tmp_path: Path, playwright: Playwright) -> None:
    with live(tmp_path, configured()) as server, opened(playwright, server.url) as page:
        page.wait_for_status("Connected")
        assert page.kinds().count(">create-new-history") == 1
        assert page.page.title() == "tester"
        assert page.page.get_by_role("alert").count() == 0


def test_it_tells_what_is_being_loaded(tmp_path: Path, playwright: Playwright) -> None:
    gate = tmp_path / "open"
    values = conf(
        llm="tests.e2e.gated:GatedLLM",
        sections={"gated_llm": {"gate": str(gate)}, "tone_tts": {"seconds": 0.3}},
    )
    with live(tmp_path, values) as server, opened(playwright, server.url) as page:
        page.wait_for_status("Getting ready: loading the language model.")
        page.write("Are you there?")  # answered as soon as it can be
        gate.touch()
        page.wait_for("conversation-chain-end")
        page.wait_for_status("Connected")
        assert words(page.bubbles("ai")) == "are you there"


def test_typed_text_is_answered_aloud(tmp_path: Path, playwright: Playwright) -> None:
    with live(tmp_path, configured(LONG)) as server, opened(playwright, server.url) as page:
        page.write("What is the news?")
        page.wait_for("conversation-chain-end")
        page.wait_for_status("Connected")
        assert page.bubbles("human") == ["What is the news?"]
        assert [text.strip() for text in page.bubbles("ai")] == [LONG]
        # The server ends a turn when the page has played it, and the tones take their time.
        kinds = page.kinds()
        assert kinds.count(">frontend-playback-complete") == 1
        assert kinds.index(">frontend-playback-complete") < kinds.index("conversation-chain-end")
        page.write("Once more, please.")
        page.wait_for("conversation-chain-end", 2)
        assert [text.strip() for text in page.bubbles("ai")] == [LONG, LONG]


def test_words_are_shown_when_they_are_heard(tmp_path: Path, playwright: Playwright) -> None:
    with (
        live(tmp_path, configured(LONG, tone_s=2.0)) as server,
        opened(playwright, server.url) as page,
    ):
        page.write("Tell me.")
        page.wait_for("backend-synth-complete")
        assert len(page.received("audio")) > 1
        first = page.received("audio")[0]["display_text"]["text"]
        assert page.bubbles("ai") == [first]


def test_the_stop_button_ends_the_answer(tmp_path: Path, playwright: Playwright) -> None:
    with (
        live(tmp_path, configured(LONG, tone_s=2.0)) as server,
        opened(playwright, server.url) as page,
    ):
        page.write("Tell me.")
        page.wait_for_bubbles("ai", 1)
        page.page.get_by_label("Stop the answer").click()
        page.wait_for_status("Connected")
        heard = page.bubbles("ai")
        assert page.sent("interrupt-signal") == [{"type": "interrupt-signal", "text": heard[0]}]
        page.write("And now?")
        page.wait_for_bubbles("ai", 2)
        assert page.bubbles("ai")[0] == heard[0]
        assert heard[0].strip() != LONG
        page.page.keyboard.press("Escape")
        page.wait_for_status("Connected")
        assert len(page.sent("interrupt-signal")) == 2
        assert not page.sent("frontend-playback-complete")


def test_typing_into_the_answer_interrupts_it(tmp_path: Path, playwright: Playwright) -> None:
    with (
        live(tmp_path, configured(LONG, tone_s=2.0)) as server,
        opened(playwright, server.url) as page,
    ):
        page.write("Tell me.")
        page.wait_for_bubbles("ai", 1)
        heard = page.bubbles("ai")[0]
        page.write("Wait, something else!")
        page.wait_for_bubbles("ai", 2)
        assert page.sent("interrupt-signal")[0]["text"] == heard
        ordered = [kind for kind in page.kinds() if kind in (">interrupt-signal", ">text-input")]
        assert ordered == [">text-input", ">interrupt-signal", ">text-input"]


def test_speaking_is_heard_and_answered(
    tmp_path: Path, playwright: Playwright, microphone: Microphone
) -> None:
    says = microphone("human_goforward")
    with live(tmp_path, configured()) as server, opened(playwright, server.url, *says) as page:
        page.page.get_by_label("Microphone", exact=True).click()
        page.wait_for_status("Listening")
        page.wait_for("conversation-chain-end")
        assert words(page.bubbles("human")) == "go forward ten meters"
        assert words(page.bubbles("ai")) == words(page.bubbles("human"))
        assert page.sent("frontend-playback-complete")
        page.page.get_by_label("Microphone", exact=True).click()
        page.wait_for_status("Connected")
        assert len(page.sent("mic-stream-start")) == len(page.sent("mic-stream-stop")) == 1
        assert page.sound_bytes % 1024 == 0  # whole frames of 512 samples


def test_speaking_into_the_answer_interrupts_it(
    tmp_path: Path, playwright: Playwright, microphone: Microphone
) -> None:
    says = microphone("human_goforward", "synth_flite_slt", silence_s=4.0)
    values = configured(LONG, tone_s=20.0)
    with live(tmp_path, values) as server, opened(playwright, server.url, *says) as page:
        page.page.get_by_label("Microphone", exact=True).click()
        page.wait_for_bubbles("ai", 2)
        question = "hello there could you tell me what the weather is like today"
        assert words(page.bubbles("human")) == f"go forward ten meters {question}"
        heard = page.bubbles("ai")[0]
        assert page.sent("interrupt-signal") == [{"type": "interrupt-signal", "text": heard}]
        assert heard.strip() != LONG


def test_a_page_that_may_not_hear_says_why(tmp_path: Path, playwright: Playwright) -> None:
    """Reached under another name than localhost and without https, a page has no microphone."""
    values = configured()
    values["system_config"] |= {"host": "0.0.0.0", "access_token": "none"}
    port = values["system_config"]["port"]
    named = "--host-resolver-rules=MAP companion.test 127.0.0.1"
    with live(tmp_path, values), opened(playwright, f"http://companion.test:{port}", named) as page:
        page.page.get_by_label("Microphone", exact=True).click()
        notice = page.page.get_by_role("alert").filter(has_text=f"http://localhost:{port}")
        notice.wait_for()
        assert page.page.get_by_label("Microphone", exact=True).is_enabled()
        assert not page.sent("mic-stream-start")


def test_it_comes_back_when_the_server_does(tmp_path: Path, playwright: Playwright) -> None:
    values = configured("Hello there.")
    refused = "ERR_CONNECTION_REFUSED"  # Chromium itself reports each failed attempt
    with ExitStack() as running:
        server = running.enter_context(live(tmp_path, values))
        with opened(playwright, server.url, may_complain=refused) as page:
            page.write("First.")
            page.wait_for("conversation-chain-end")
            running.close()
            page.wait_for_status("trying again")
            assert page.page.get_by_label("Send").is_disabled()
            with live(tmp_path, values):
                page.wait_for_status("Connected")
                page.write("Second.")
                page.wait_for_bubbles("ai", 2)
                assert page.bubbles("human") == ["First.", "Second."]


def test_what_fails_is_told_and_can_be_dismissed(tmp_path: Path, playwright: Playwright) -> None:
    with live(tmp_path, configured()) as server, opened(playwright, server.url) as page:
        page.write("BREAK the voice")
        notice = page.page.get_by_role("alert")
        notice.filter(has_text="this sentence breaks the voice").wait_for()
        page.wait_for("conversation-chain-end")
        assert words(page.bubbles("ai")) == "break the voice"  # shown although it is not heard
        notice.get_by_label("Dismiss").click()
        assert notice.count() == 0


def test_it_fits_a_phone(tmp_path: Path, playwright: Playwright) -> None:
    with (
        live(tmp_path, configured(LONG)) as server,
        opened(playwright, server.url, width=320, height=640) as page,
    ):
        page.write("Averyveryverylongwordwithoutanyspace" * 4)
        page.wait_for("conversation-chain-end")
        root = "document.documentElement"
        assert page.page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
        assert page.page.evaluate(f"{root}.scrollHeight <= {root}.clientHeight")
        for label in ("Message", "Send", "Microphone"):
            assert page.page.get_by_label(label, exact=True).is_visible()


def test_a_microphone_of_another_rate_is_resampled(tmp_path: Path, playwright: Playwright) -> None:
    """In browsers that do not do it themselves: 48 kHz and 44.1 kHz become 16 kHz."""
    loudness = """async ([rate, frequency]) => {
        const { Resampler } = await import("/resampler.js");
        const resampler = new Resampler(rate, 16000);
        const output = [];
        for (let start = 0; start < rate; start += 128) {
            const block = new Float32Array(128);
            for (let at = 0; at < 128; at += 1)
                block[at] = Math.sin((2 * Math.PI * frequency * (start + at)) / rate);
            output.push(...resampler.feed(block));
        }
        const steady = output.slice(1000, -1000);
        const power = steady.reduce((sum, x) => sum + x * x, 0) / steady.length;
        return [output.length, Math.sqrt(2 * power)];
    }"""
    with live(tmp_path, configured()) as server, opened(playwright, server.url) as page:
        for rate in (44_100, 48_000):
            for frequency in (100, 1000, 6000):
                count, level = page.page.evaluate(loudness, [rate, frequency])
                assert count == pytest.approx(16_000, abs=20)
                assert level == pytest.approx(1, abs=0.02)
            for frequency in (9000, 15_000, 20_000):  # would be heard as other tones
                assert page.page.evaluate(loudness, [rate, frequency])[1] < 0.01


def words(texts: list[str]) -> str:
    """Return the words alone, in lower case."""
    letters = "".join(c if c.isalnum() else " " for c in " ".join(texts).lower())
    return " ".join(letters.split())
