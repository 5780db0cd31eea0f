"""One fault is told once, below her face, and away when it is mended: a real page at 1200 x 800."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.engines.llm.openai_server import Reply, openai_server_beside
from tests.support.live import conf, free_port, live
from tests.support.product import furnish, with_wren

from .axe import violations
from .browser import Browsers, Watched, opened

pytestmark = pytest.mark.browser

FACE_ENDS = 0.5
"""Of the height of the page: as she stands by herself, her chin is above its middle."""


def top_of_stack(page: Watched) -> float:
    """Return where what stands above the dock begins, as a part of the height of the page."""
    script = "one => one.getBoundingClientRect().top / innerHeight"
    top: float = page.page.locator(".bottom > .above").evaluate(script)
    return top


def values_at(port: int) -> dict[str, Any]:
    """Return a configuration whose model would be on this port."""
    section = {"base_url": f"http://127.0.0.1:{port}/v1", "model": "small"}
    sections: dict[str, dict[str, Any]] = {
        "openai_compatible_llm": section,
        "tone_tts": {"seconds": 0.05},
    }
    ears = "tests.support.engines:MuteASR"
    return with_wren(conf(asr=ears, vad=None, llm="openai_compatible_llm", sections=sections))


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose model is not running."""
    folder = tmp_path_factory.mktemp("silent")
    furnish(folder)
    with live(folder, values_at(free_port())) as server:
        yield server.url


def test_a_model_that_is_not_running_is_one_card_until_it_is(
    tmp_path: Path, browsers: Browsers
) -> None:
    port = free_port()
    furnish(tmp_path)
    with live(tmp_path, values_at(port)) as server, opened(browsers, server.url) as page:
        card = page.page.locator("section.card")
        card.wait_for()
        expect(card).to_contain_text("say something: it is tried again")
        page.wait_for("error")
        for count in (1, 2):
            page.write("Hello?")
            page.wait_for("conversation-chain-end", count)
        # All of it is one fault, in one place.
        expect(card.get_by_role("alert")).to_contain_text("×3")  # as it began, and twice asked
        assert len(page.received("error")) == 3
        assert page.page.locator(".notice").count() == 0
        assert top_of_stack(page) >= FACE_ENDS
        assert violations(page.page) == []
        # It is mended while the server runs: what is said then is answered, and the card goes.
        with (
            openai_server_beside(port),
        ):
            page.write("Hello?")
            page.wait_for("conversation-chain-end", 3)
            page.wait_for_words("ai")
            card.wait_for(state="detached")
            page.wait_for_status("Ready")


def test_the_status_says_that_the_last_answer_failed_and_why_on_request(
    tmp_path: Path, browsers: Browsers
) -> None:
    port = free_port()
    furnish(tmp_path)
    with (
        openai_server_beside(port) as service,
        live(tmp_path, values_at(port)) as server,
        opened(browsers, server.url) as page,
    ):
        page.wait_for_status("Ready")
        service.next = [Reply(status=500, error={"error": {"message": "out of memory"}})]
        page.write("Hello?")
        page.wait_for_status("The last answer failed")
        told = page.page.locator(".notice").filter(has_text="out of memory")
        told.get_by_role("button", name="Dismiss").click()
        told.wait_for(state="detached")
        page.page.get_by_role("button", name="Show why").click()
        told.wait_for()
        assert violations(page.page) == []
        page.write("Hello?")
        page.wait_for_words("ai")
        page.wait_for_status("Ready")


def test_whatever_is_told_at_once_leaves_her_face_free(silent: str, browsers: Browsers) -> None:
    with opened(browsers, silent) as page:
        page.page.locator("section.card").wait_for()
        page.page.evaluate(
            """() => {
                for (let each = 0; each < 3; each++) {
                    const files = new DataTransfer();
                    files.items.add(new File(["no"], `${"long ".repeat(40)}${each}.png`));
                    const drop = new DragEvent("drop", { dataTransfer: files, bubbles: true });
                    document.body.dispatchEvent(drop);
                }
            }"""
        )
        page.page.locator(".notice").nth(2).wait_for()
        assert top_of_stack(page) >= FACE_ENDS
        # What does not fit can be scrolled to; what came last is seen.
        stack = page.page.locator(".bottom > .above")
        assert stack.evaluate("one => one.scrollHeight > one.clientHeight")
        seen = """one => {
            const { bottom } = one.querySelector(".notice:last-child").getBoundingClientRect();
            return bottom <= one.getBoundingClientRect().bottom;
        }"""
        assert stack.evaluate(seen)
        page.page.locator("section.card").scroll_into_view_if_needed()
        page.page.locator("section.card").get_by_role("button", name="Close").click()
        assert violations(page.page) == []


def test_the_status_says_that_the_voice_failed_although_the_words_came(
    tmp_path: Path, browsers: Browsers
) -> None:
    url = f"http://127.0.0.1:{free_port()}/v1"
    ears = "tests.support.engines:MuteASR"
    values = conf(asr=ears, vad=None, tts="openai_tts", sections={"openai_tts": {"base_url": url}})
    furnish(tmp_path)
    with live(tmp_path, with_wren(values)) as server, opened(browsers, server.url) as page:
        page.wait_for_status("Ready")
        page.write("Hello?")
        page.wait_for_words("ai")
        page.wait_for_status("The voice failed")
        told = page.page.get_by_role("alert").filter(has_text="voice cannot be reached")
        told.get_by_role("button", name="Dismiss").click()
        told.wait_for(state="detached")
        page.page.get_by_role("button", name="Show why").click()
        told.wait_for()


def test_the_settings_are_told_of_after_the_card_and_until_that_was_seen(
    tmp_path: Path, browsers: Browsers
) -> None:
    values = values_at(free_port())
    values["character_config"]["human_nam"] = "Ann"
    furnish(tmp_path)
    with live(tmp_path, values) as server, opened(browsers, server.url) as page:
        card = page.page.locator("section.card")
        card.get_by_role("alert").wait_for()
        assert page.page.locator(".notice").count() == 0
        card.get_by_role("button", name="Close").click()
        notice = page.page.get_by_role("status").filter(has_text="1 thing to know")
        notice.get_by_role("button", name="Dismiss").click()
        notice.wait_for(state="detached")
        page.until(lambda: "human_nam" in page.page.evaluate("JSON.stringify(localStorage)"))
        page.page.reload()
        card.get_by_role("button", name="Close").click()
        page.wait_for_status("does not work")
        assert notice.count() == 0
