"""The page that tests ASR and TTS, in a real browser against real engines."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests.support.live import conf

from .axe import violations
from .browser import QUIET, SETTINGS, TIMEOUT_MS, Browsers, watch
from .conftest import SPEECH, recording
from .servers import Servers

pytestmark = pytest.mark.browser

Microphone = Callable[..., list[str]]

TEXT = "Good evening. I was watching the rain. Shall we talk for a while?"
expect.set_options(timeout=TIMEOUT_MS)


@contextmanager
def tool(
    browsers: Browsers,
    url: str,
    *arguments: str,
    may_complain: str = "^$",
    query: str = "",
    **context: Any,
) -> Iterator[Page]:
    """Open the tool of the server at `url` as for the first time.

    Afterwards: it asked nobody but the server, and its console holds nothing but what matches
    `may_complain`, if that is given.
    """
    with browsers.tab(*QUIET, *arguments, **context) as tab:
        watched = watch(tab)
        watched.page.goto(f"{url}/web-tool{query}")
        yield watched.page
        home = (url, url.replace("http", "ws", 1), "blob:" + url)
        assert [one for one in watched.addresses if not one.startswith(home)] == []
        assert [one for one in watched.complaints if not re.search(may_complain, one)] == []


def embedded(**given: Any) -> dict[str, Any]:
    return conf(tts="hibari_tts", **given)


def tones(seconds: float = 0.4, delay_s: float = 0.0, **given: Any) -> dict[str, Any]:
    sections = {"tone_tts": {"seconds": seconds, "delay_s": delay_s}}
    return conf(asr="tests.support.engines:MuteASR", vad=None, sections=sections, **given)


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def say(page: Page, text: str) -> Locator:
    """Have a text spoken; return the rows of its sentences."""
    page.get_by_label("Text", exact=True).fill(text)
    page.get_by_role("button", name="Speak").click()
    return card(page, "Voice").get_by_role("listitem")


def sound_of(page: Page, button: Locator) -> tuple[np.ndarray[Any, Any], int]:
    """Return the samples of the WAV file that a button downloads, and their rate."""
    with page.expect_download() as download:
        button.click()
    path = download.value.path()
    assert download.value.suggested_filename.endswith(".wav")
    assert path.read_bytes()[:4] == b"RIFF"
    samples, rate = soundfile.read(path, dtype="int16")
    return samples, rate


def test_it_hears_the_microphone(
    servers: Servers, browsers: Browsers, microphone: Microphone
) -> None:
    says = microphone("human_goforward")
    with tool(browsers, servers.url(embedded()), *says) as page:
        ears = card(page, "Hearing")
        ears.get_by_role("button", name="Record").press("Enter")
        ears.get_by_role("meter", name="Level of the microphone").wait_for()
        ears.get_by_text(re.compile("^0:0[5-9]")).wait_for()
        stop = ears.get_by_role("button", name="Stop")
        expect(stop).to_be_focused()
        stop.press("Enter")
        heard = ears.get_by_label("What was said")
        heard.wait_for()
        assert words(heard.inner_text()) == "go forward ten meters"
        expect(ears.get_by_role("status").filter(has_text="Heard in")).to_contain_text("orward")
        expect(ears.get_by_role("button", name="Record")).to_be_focused()

        slider = ears.get_by_role("slider", name="Position")
        slider.press("End")
        length_s = float(slider.get_attribute("aria-valuemax") or 0)
        assert float(slider.get_attribute("aria-valuenow") or 0) == length_s > 5
        slider.press("PageDown")
        assert 0 < float(slider.get_attribute("aria-valuenow") or 0) < length_s
        slider.press("Space")
        ears.get_by_role("button", name="Pause").wait_for()
        ears.get_by_role("button", name="Play").wait_for()  # at the end
        expect(slider).to_have_attribute("aria-valuenow", "0")

        ears.get_by_role("button", name="Record").click()
        ears.get_by_role("meter").wait_for()
        page.keyboard.press("Escape")
        ears.get_by_role("button", name="Record").wait_for()
        assert heard.count() == 1  # what was discarded leaves no trace


def test_a_dropped_file_is_heard_whatever_its_form(servers: Servers, browsers: Browsers) -> None:
    """FLAC, stereo, 44.1 kHz: the browser makes of it what the server takes."""
    pcm = recording("human_jfk")
    times = np.arange(int(len(pcm) * 44_100 / 16_000)) * (16_000 / 44_100)
    louder = np.interp(times, np.arange(len(pcm)), pcm)
    file = io.BytesIO()
    stereo = np.stack([louder, 0.2 * louder], axis=1)
    soundfile.write(file, stereo, 44_100, format="FLAC", subtype="PCM_16")
    drop = """([bytes, name]) => {
        const data = new DataTransfer();
        data.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name));
        const event = { bubbles: true, cancelable: true, dataTransfer: data };
        for (const type of ["dragenter", "dragover", "drop"])
            document.querySelector("main").dispatchEvent(new DragEvent(type, event));
    }"""
    with tool(browsers, servers.url(embedded())) as page:
        ears = card(page, "Hearing")
        page.evaluate(drop, [base64.b64encode(file.getvalue()).decode(), "speech.flac"])
        expect(ears.get_by_label("What was said")).to_contain_text("your country")
        expect(ears.get_by_role("heading", name="speech.flac")).to_be_visible()
        expect(ears.get_by_text("11.0 s", exact=True)).to_be_visible()
        expect(ears.get_by_text("× real time")).to_be_visible()

        ears.get_by_label("Choose a file").set_input_files(SPEECH / "human_goforward.wav")
        expect(ears.get_by_label("What was said")).to_contain_text("orward")
        tries = ears.get_by_role("region", name="Tries of this session").get_by_role("button")
        assert tries.count() == 2
        tries.last.click()
        expect(ears.get_by_label("What was said")).to_contain_text("your country")

        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        ears.get_by_role("button", name="Copy the text").click()
        ears.get_by_role("status").filter(has_text="Copied").wait_for()
        assert "your country" in page.evaluate("navigator.clipboard.readText()")


def test_what_cannot_be_heard_is_explained(servers: Servers, browsers: Browsers) -> None:
    values = embedded(max_upload_bytes=200_000)
    with tool(browsers, servers.url(values), may_complain="413") as page:
        ears = card(page, "Hearing")
        file = ears.get_by_label("Choose a file")
        alert = ears.get_by_role("alert")
        file.set_input_files({"name": "x.wav", "mimeType": "audio/wav", "buffer": b"no sound" * 20})
        expect(alert).to_contain_text("This browser cannot read the file as sound.")
        expect(alert).to_contain_text("x.wav")
        file.set_input_files({"name": "empty.wav", "mimeType": "audio/wav", "buffer": b""})
        expect(alert).to_contain_text("There is no sound in it.")
        file.set_input_files(SPEECH / "human_jfk.wav")
        expect(alert).to_contain_text("The sound is too large for the server.")
        expect(alert).to_contain_text("max_upload_bytes")
        expect(ears.get_by_role("slider")).to_be_visible()  # it can be played all the same
        alert.get_by_role("button", name="Try again").click()
        expect(alert).to_contain_text("The sound is too large for the server.")
        file.set_input_files(SPEECH / "human_goforward.wav")
        expect(ears.get_by_label("What was said")).to_contain_text("orward")
        assert alert.count() == 0


def test_a_microphone_that_is_not_allowed_is_explained(
    servers: Servers, browsers: Browsers, microphone: Microphone
) -> None:
    says = [one for one in microphone("human_goforward") if "fake-ui" not in one]
    with tool(browsers, servers.url(tones()), *says) as page:  # nobody is there to allow it
        card(page, "Hearing").get_by_role("button", name="Record").click()
        expect(page.get_by_role("alert")).to_contain_text("The microphone is not allowed.")


def test_silence_is_no_error(servers: Servers, browsers: Browsers) -> None:
    with tool(browsers, servers.url(tones())) as page:
        ears = card(page, "Hearing")
        ears.get_by_label("Choose a file").set_input_files(SPEECH / "human_goforward.wav")
        ears.get_by_text("No words were heard.").first.wait_for()
        assert page.get_by_role("alert").count() == 0


def test_sentences_are_played_one_after_another_and_kept(
    servers: Servers, browsers: Browsers
) -> None:
    with tool(browsers, servers.url(embedded())) as page:
        page.evaluate(
            """() => {
                window.heard = [];
                new MutationObserver(() => {
                    const rows = [...document.querySelectorAll("ol li")];
                    const at = rows.findIndex((row) => row.getAttribute("aria-current") === "true");
                    if (at !== window.heard.at(-1)) window.heard.push(at);
                }).observe(document.body, { attributes: true, childList: true, subtree: true });
            }"""
        )
        voice = card(page, "Voice")
        page.get_by_label("Text", exact=True).fill(TEXT)
        page.get_by_label("Text", exact=True).press("Control+Enter")
        rows = voice.get_by_role("listitem")
        expect(rows).to_have_count(3)
        expect(voice.get_by_role("status")).to_have_text("3 sentences are ready.")
        expect(voice.get_by_text("First sound", exact=True)).to_be_visible()
        expect(voice.get_by_text("All ready", exact=True)).to_be_visible()
        expect(voice.get_by_role("button", name="Stop", exact=True)).to_be_disabled()  # at the end
        assert page.evaluate("window.heard") == [-1, 0, 1, 2, -1]
        assert [words(row.locator("p").first.inner_text()) for row in rows.all()] == [
            "good evening",
            "i was watching the rain",
            "shall we talk for a while",
        ]

        parts = []
        for number in (1, 2, 3):
            link = voice.get_by_role("link", name=f"Download sentence {number}")
            samples, rate = sound_of(page, link)
            parts.append(samples)
            assert len(samples) > rate / 2
            shown = re.search(r"([\d.]+)\s+s\s·", rows.nth(number - 1).inner_text())
            assert shown
            assert float(shown[1]) == pytest.approx(len(samples) / rate, abs=0.06)
        whole, whole_rate = sound_of(page, voice.get_by_role("button", name="Download all"))
        assert whole_rate == rate
        assert np.array_equal(whole, np.concatenate(parts))

        voice.get_by_role("button", name="Play sentence 2").click()
        stop = voice.get_by_role("button", name="Stop sentence 2")
        expect(stop).to_be_focused()
        stop.press("Enter")
        voice.get_by_role("button", name="Play sentence 2").wait_for()
        voice.get_by_role("button", name="Play all").click()
        voice.get_by_role("button", name="Stop sentence 1").wait_for()
        voice.get_by_role("button", name="Stop", exact=True).click()
        expect(voice.get_by_role("button", name=re.compile("Stop sentence"))).to_have_count(0)
        assert rows.count() == 3


def test_speaking_can_be_stopped_and_begun_anew(servers: Servers, browsers: Browsers) -> None:
    with tool(browsers, servers.url(tones(seconds=20, delay_s=0.5, synthesis_ahead=1))) as page:
        rows = say(page, "One. Two. Three. Four.")
        page.get_by_role("button", name="Stop sentence 1").wait_for()
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Play sentence 1").wait_for()
        assert rows.count() < 4
        page.get_by_role("button", name="Deutsch").click()
        expect(page.get_by_label("Text", exact=True)).to_have_value(re.compile("Guten Abend"))
        page.get_by_role("button", name="Speak").click()
        expect(rows.first).to_contain_text("Guten Abend.")
        expect(rows).to_have_count(3)


def test_what_cannot_be_said_is_explained(servers: Servers, browsers: Browsers) -> None:
    values = tones(max_text_chars=100)
    with tool(browsers, servers.url(values), may_complain="DISCONNECTED") as page:
        voice = card(page, "Voice")
        assert voice.get_by_role("button", name="Speak").is_disabled()
        rows = say(page, "This goes well. BREAK it here. This is never said.")
        alert = voice.get_by_role("alert")
        expect(alert).to_contain_text("this sentence breaks the voice")
        expect(rows).to_have_count(1)
        say(page, "long " * 30)
        expect(alert).to_contain_text("over 100 characters")
        say(page, "…!?")
        expect(alert).to_contain_text("There is nothing to say in this text.")
        page.context.set_offline(True)
        say(page, "Nobody is there.")
        expect(alert).to_contain_text("The server cannot be reached.")
        page.context.set_offline(False)
        rows = say(page, "Now it works.")
        expect(rows).to_have_count(1)
        assert alert.count() == 0


def test_a_connection_lost_midway_is_told(servers: Servers, browsers: Browsers) -> None:
    with tool(browsers, servers.url(tones())) as page:

        def breaks(socket: WebSocketRoute) -> None:
            """Pass on the first answer of the server, then break off."""
            server = socket.connect_to_server()

            def once(message: str | bytes) -> None:
                socket.send(message)
                socket.close(code=1011)

            server.on_message(once)

        page.route_web_socket(re.compile("/tts-ws"), breaks)
        rows = say(page, "One. Two. Three.")
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("The connection was lost before the end.")
        expect(rows).to_have_count(1)
        page.unroute_all()
        page.route_web_socket(re.compile("/tts-ws"), lambda socket: socket.connect_to_server())
        alert.get_by_role("button", name="Try again").click()
        expect(rows).to_have_count(3)
        assert alert.count() == 0


def test_a_sound_that_is_gone_is_told(servers: Servers, browsers: Browsers) -> None:
    with tool(browsers, servers.url(tones()), may_complain="404") as page:
        page.route("**/cache/*", lambda route: route.fulfill(status=404), times=1)
        rows = say(page, "One. Two.")
        expect(rows.first.get_by_role("alert")).to_contain_text("removed this sound already")
        expect(rows.last.get_by_role("link")).to_be_visible()


def test_the_token_goes_along(servers: Servers, browsers: Browsers) -> None:
    values = tones()
    values["system_config"]["access_token"] = "secret 1"
    query = "?token=secret%201"
    with tool(
        browsers, servers.url(values), may_complain="401|Authentication", query=query
    ) as page:
        back = page.get_by_role("link", name="Back to the character")
        assert (back.get_attribute("href") or "").endswith("/?token=secret+1")
        expect(say(page, "One.")).to_have_count(1)
        page.get_by_role("button", name="Stop sentence 1").wait_for()
        ears = card(page, "Hearing")
        ears.get_by_label("Choose a file").set_input_files(SPEECH / "human_goforward.wav")
        ears.get_by_text("No words were heard.").first.wait_for()
        page.evaluate("history.replaceState(null, '', location.pathname)")
        say(page, "Two.")
        alert = card(page, "Voice").get_by_role("alert")
        expect(alert).to_contain_text("The server wants its access token.")
        ears.get_by_label("Choose a file").set_input_files(SPEECH / "human_goforward.wav")
        expect(ears.get_by_role("alert")).to_contain_text("The server wants its access token.")


def test_it_tells_of_the_engines(tmp_path: Path, servers: Servers, browsers: Browsers) -> None:
    gate = tmp_path / "open"
    values = conf(
        asr="tests.support.engines:MuteASR",
        vad=None,
        llm="tests.e2e.gated:GatedLLM",
        sections={"gated_llm": {"gate": str(gate)}},
    )
    with tool(browsers, servers.url(values)) as page:
        page.get_by_text("Loading the language model…").wait_for()
        expect(card(page, "Voice")).to_contain_text("ToneTTS")
        gate.touch()
        page.get_by_text("Ready · version").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_everybody_can_use_it(
    servers: Servers, browsers: Browsers, scheme: str
) -> None:
    viewport = {"width": 320, "height": 640}
    values = tones(seconds=3)
    with tool(
        browsers, servers.url(values), viewport=viewport, color_scheme=scheme, has_touch=True
    ) as page:
        assert violations(page) == []
        name = f"{'averylongname' * 6}.wav"
        ears = card(page, "Hearing")
        file = ears.get_by_label("Choose a file")
        speech = (SPEECH / "human_goforward.wav").read_bytes()
        for _ in range(2):
            file.set_input_files({"name": name, "mimeType": "audio/wav", "buffer": speech})
            ears.get_by_text("No words were heard.").first.wait_for()
        say(page, f"{'Averylongwordwithoutspaces' * 4}. Two. BREAK three.")
        page.get_by_role("button", name="Stop sentence 1").wait_for()
        card(page, "Voice").get_by_role("alert").wait_for()
        assert violations(page) == []
        root = "document.documentElement"
        assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")


def test_language_and_theme_are_chosen_by_keys_and_kept(
    servers: Servers, browsers: Browsers
) -> None:
    key = SETTINGS
    with tool(browsers, servers.url(tones()), locale="zh-CN") as page:
        assert page.evaluate("localStorage.length") == 0  # nothing was chosen yet
        page.evaluate(f"localStorage.setItem('{key}', JSON.stringify({{ volume: 0.5 }}))")
        root = page.locator("html")
        expect(root).to_have_attribute("lang", "zh-CN")
        expect(page).to_have_title("听与说 · Open-LLM-VTuber")
        assert violations(page) == []
        page.get_by_role("radio", name="中文").press("ArrowLeft")
        expect(page.get_by_role("heading", level=1)).to_have_text("Hearing and voice")
        page.get_by_role("radio", name="Automatic").press("ArrowRight")
        page.get_by_role("radio", name="Light").press("ArrowRight")
        expect(root).to_have_attribute("data-theme", "dark")
        page.reload()
        expect(root).to_have_attribute("lang", "en")
        expect(root).to_have_attribute("data-theme", "dark")
        kept = page.evaluate(f"JSON.parse(localStorage.getItem('{key}'))")
        assert kept == {"volume": 0.5, "language": "en", "theme": "dark"}  # shared with the page
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.get_by_role("radio", name="Dark").press("ArrowLeft")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark


def words(text: str) -> str:
    """Return the words alone, in lower case."""
    return " ".join(re.findall(r"\w+", text.lower()))
