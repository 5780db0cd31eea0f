"""A language model of this computer, and the language that is spoken, are chosen on the page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from anyio.from_thread import start_blocking_portal
from playwright.sync_api import Locator, WebSocketRoute, expect

from open_llm_vtuber.engines.llm.local_servers import LocalServer
from open_llm_vtuber.weights import store
from open_llm_vtuber.weights.catalogue import packaged_catalogue
from tests.engines.llm.openai_server import OpenAIServer, Reply
from tests.support.live import conf, live
from tests.support.local_llms import commented, has, ollama
from tests.support.product import SMALL_MODEL, furnish, with_wren

from .axe import violations
from .browser import Browsers, Watched, opened
from .panels import PHONE, panel
from .test_page import MUTE

pytestmark = pytest.mark.browser

SMALL = packaged_catalogue().model_copy(update={"groups": {"default-llm": (SMALL_MODEL,)}})
"""The catalogue, whose default is a model that takes little to load."""
BIGGER = Reply(tokens=("I am ", "a bigger one. "))


@dataclass
class Local:
    """An Ollama of this computer, and where it is to be found."""

    service: OpenAIServer
    server: LocalServer


@pytest.fixture
def local() -> Iterator[Local]:
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(ollama("qwen3:4b")) as (service, server),
    ):
        service.reply = BIGGER
        yield Local(service, server)


@contextmanager
def page_of(
    folder: Path,
    browsers: Browsers,
    local: Local,
    values: dict[str, Any] | None = None,
    **browser: Any,
) -> Iterator[Watched]:
    """Open a page of a new server, which thinks with the small model unless `values` say more."""
    sections: dict[str, dict[str, Any]] = {
        "llama_cpp_llm": {"n_threads": 1},
        "tone_tts": {"seconds": 0.1},
    }
    small = conf(asr=MUTE, vad=None, llm="llama_cpp_llm", sections=sections)
    furnish(folder)
    text = commented(with_wren(values or small))
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(store, "packaged_catalogue", lambda: SMALL)
        running = stack.enter_context(live(folder, text, local_servers=[local.server]))
        yield stack.enter_context(opened(browsers, running.url, **browser))


def card(page: Watched) -> Locator:
    return page.page.locator("section[data-offers]")


def is_focused(locator: Locator) -> bool:
    return bool(locator.evaluate("one => one === document.activeElement"))


def go_to_the_offer_by_keys(page: Watched) -> Locator:
    """Go back to its button from where one writes, which is returned."""
    message = page.page.get_by_label("Message", exact=True)
    message.focus()
    use = card(page).get_by_role("button", name="Use it")
    for _ in range(20):
        if is_focused(use):
            break
        page.page.keyboard.press("Shift+Tab")
    return message


def written(folder: Path) -> dict[str, Any]:
    values: dict[str, Any] = yaml.safe_load((folder / "conf.yaml").read_text("utf-8"))
    character: dict[str, Any] = values["character_config"]
    return character


def provider(folder: Path) -> str:
    agent = written(folder)["agent_config"]["agent_settings"]["basic_memory_agent"]
    return str(agent["llm_provider"])


def test_a_model_of_this_computer_is_offered_and_answers_at_once(
    tmp_path: Path, browsers: Browsers, local: Local
) -> None:
    with page_of(tmp_path, browsers, local) as page:
        offered = card(page)
        offered.wait_for()
        heading = offered.get_by_role("heading")
        expect(heading).to_have_text("Ollama is running here with qwen3:4b")
        assert violations(page.page) == []
        # It stands on the dock, below her face, and has taken the focus from nothing.
        box = offered.bounding_box()
        assert box is not None
        assert box["y"] > 800 / 2
        assert not offered.locator(":focus").count()

        # A model that does not answer is told with what it says, and is not taken.
        local.service.reply = Reply(status=500, error={"error": "it requires more memory"})
        offered.get_by_role("button", name="Use it").click()
        alert = page.page.get_by_role("alert")
        expect(alert).to_contain_text("it requires more memory")
        assert provider(tmp_path) == "llama_cpp_llm"
        alert.get_by_role("button", name="Dismiss").click()

        local.service.reply = BIGGER
        message = go_to_the_offer_by_keys(page)
        page.page.keyboard.press("Enter")
        page.page.get_by_text("tester thinks with qwen3:4b now.").wait_for()
        offered.wait_for(state="detached")
        assert is_focused(message)
        assert provider(tmp_path) == "ollama_llm"
        page.page.keyboard.type("Who are you?")
        page.page.keyboard.press("Enter")
        expect(page.page.locator(".bubble.ai").last).to_contain_text("a bigger one")
        assert len(page.received("new-history-created")) == 1

        sheet = panel(page, "Settings")
        chosen = sheet.get_by_label("Language model").locator("option:checked")
        expect(chosen).to_have_text("qwen3:4b (Ollama)")


def test_the_focus_is_not_lost_where_something_else_takes_the_place_of_the_offer(
    tmp_path: Path, browsers: Browsers, local: Local
) -> None:
    sockets: list[WebSocketRoute] = []

    def listen_in(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    with page_of(tmp_path, browsers, local) as page:
        page.page.route_web_socket(re.compile("/client-ws"), listen_in)
        page.page.reload()
        card(page).wait_for()
        message = go_to_the_offer_by_keys(page)
        broken = {"kind": "tts", "name": "tone_tts", "state": "failed", "message": "It broke."}
        news = {"type": "loading-progress", "engines": [broken]}
        sockets[-1].send(json.dumps(news))
        page.page.get_by_role("alert").filter(has_text="It broke.").wait_for()
        assert card(page).count() == 0
        assert is_focused(message)


def test_what_is_put_away_stays_so_and_is_found_in_the_settings(
    tmp_path: Path, browsers: Browsers, local: Local
) -> None:
    has(local.service, "qwen3:4b", "gemma3:1b")
    width, height = PHONE
    with page_of(
        tmp_path, browsers, local, width=width, height=height, settings={"language": "zh"}
    ) as page:
        offered = card(page)
        offered.wait_for()
        expect(offered.get_by_role("heading")).to_have_text("Ollama 正在本机运行")
        assert violations(page.page) == []
        expect(offered.get_by_label("模型").locator("option")).to_have_text(
            ["qwen3:4b", "gemma3:1b"]
        )
        offered.get_by_role("button", name="暂不").click()
        offered.wait_for(state="detached")
        told = len(page.received("language-models"))
        page.page.reload()
        page.wait_for("language-models", told + 1)
        page.page.get_by_label("消息", exact=True).wait_for()
        assert offered.count() == 0

        page.page.get_by_role("button", name="更多", exact=True).click()
        page.page.get_by_role("menuitem", name="设置", exact=True).click()
        sheet = page.page.get_by_role("dialog", name="设置")
        assert violations(page.page) == []
        pick = sheet.get_by_label("语言模型", exact=True)
        expect(pick.locator("option:checked")).to_have_text("自带的小模型")
        pick.select_option("gemma3:1b（Ollama）")
        sheet.get_by_role("button", name="使用它").click()
        page.page.get_by_text("现在用 gemma3:1b 思考").wait_for()
        assert provider(tmp_path) == "ollama_llm"


def test_a_language_is_chosen_after_what_it_brings_was_told(
    tmp_path: Path, browsers: Browsers, local: Local
) -> None:
    values = conf(asr=MUTE, vad=None)
    del values["character_config"]["tts_config"]["tts_model"]
    values["character_config"]["language"] = "en"
    with page_of(tmp_path, browsers, local, values) as page:
        page.wait_for_status("Ready")
        assert card(page).count() == 0  # whoever chose another model knows what there is
        sheet = panel(page, "Settings")
        pick = sheet.get_by_label("Spoken language")
        expect(pick.locator("option")).to_have_count(30)
        expect(pick.locator("option:checked")).to_have_text("English")
        assert violations(page.page) == []
        pick.select_option("ko")
        expect(sheet).to_contain_text("edge_tts: an online service: what is said goes there")
        # By keys alone: a letter or two chooses in the list, the next stop is the button.
        pick.focus()
        page.page.keyboard.type("Norsk")
        expect(sheet).to_contain_text("piper_tts: ")
        line = [
            number
            for number, text in enumerate((tmp_path / "conf.yaml").read_text().splitlines(), 1)
            if "asr_model" in text
        ]
        expect(sheet).to_contain_text(f"{MUTE} stays, because conf.yaml:{line[0]} names it.")
        assert written(tmp_path)["language"] == "en"
        assert violations(page.page) == []
        page.page.keyboard.press("Tab")
        assert is_focused(sheet.get_by_role("button", name="Speak Norsk"))
        page.page.keyboard.press("Enter")
        told = page.page.get_by_role("status").filter(has_text="tester speaks Norsk now.")
        told.wait_for()
        assert written(tmp_path)["language"] == "no"
        page.until(
            lambda: any(
                engine["name"] == "piper_tts"
                for engine in page.received("loading-progress")[-1]["engines"]
            )
        )
        told.get_by_role("button", name="Undo").click()
        page.page.get_by_text("tester speaks English now.").wait_for()
        assert written(tmp_path)["language"] == "en"
        expect(pick.locator("option:checked")).to_have_text("English")


def test_what_is_started_later_is_found_by_looking_again(
    tmp_path: Path, browsers: Browsers, local: Local
) -> None:
    values = conf(asr=MUTE, vad=None)
    with page_of(tmp_path, browsers, local, values) as page:
        page.wait_for_status("Ready")
        local.service.models = Reply(status=404)
        sheet = panel(page, "Settings")
        sheet.get_by_text("Nothing of the kind runs on the server's computer now.").wait_for()
        has(local.service, "qwen3:4b")
        sheet.get_by_role("button", name="Look again").click()
        pick = sheet.get_by_label("Language model")
        expect(pick.locator("option")).to_have_count(2)
        present = "Another one: tests.support.engines:EchoLLM"
        expect(pick.locator("option:checked")).to_have_text(present)
