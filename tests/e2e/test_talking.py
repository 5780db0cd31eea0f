"""What is written is not lost, what was said stays in sight, and what is held to talk says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.live import PROJECT

from .axe import violations
from .browser import Browsers, Watched, opened
from .servers import Servers
from .test_page import LONG, Microphone, configured
from .test_phone import CUT, PHONE, SIZE, WIDE

pytestmark = pytest.mark.browser

WORDS = {
    "en": {
        "hold": "Hold to talk",
        "held": "Listening; let go to send",
        "short": "Hold it while you speak",
        "last": "What was said last",
        "show": "Show the conversation",
        "enlarge": "Enlarge the picture",
        "close": "Close the picture",
        "shown": "The picture that you showed",
    },
    "zh": {
        "hold": "按住说话",
        "held": "正在听，松开发送",
        "short": "说话时请一直按住",
        "last": "最近说的话",
        "show": "显示对话",
        "enlarge": "放大图片",
        "close": "关闭图片",
        "shown": "你展示的图片",
    },
}
SEEN = ["microphone", "welcome"]


@contextmanager
def page_of(
    servers: Servers, browsers: Browsers, *arguments: str, **more: Any
) -> Iterator[Watched]:
    settings = {"hintsSeen": SEEN, **more.pop("settings", {})}
    url = servers.url(configured(LONG, tone_s=0.05))
    with opened(browsers, url, *arguments, settings=settings, **more) as page:
        yield page


def say(page: Watched, text: str, count: int = 1) -> None:
    """Write a message in any language of the page, and wait for the end of its answer."""
    box = page.page.locator("form textarea")
    box.fill(text)
    box.press("Enter")
    page.wait_for("conversation-chain-end", count)
    page.page.locator("[data-turn=idle]").wait_for()


def test_a_draft_survives_a_reload(servers: Servers, browsers: Browsers) -> None:
    with page_of(servers, browsers) as page:
        box = page.page.get_by_label("Message", exact=True)
        box.fill("Half a\nsentence")
        page.page.reload()
        expect(box).to_have_value("Half a\nsentence")
        say(page, "All of it.")
        page.page.reload()
        page.wait_for("history-data", 2)
        expect(box).to_have_value("")


def test_a_text_that_is_too_long_stays_in_the_box(servers: Servers, browsers: Browsers) -> None:
    with page_of(servers, browsers) as page:
        box = page.page.get_by_label("Message", exact=True)
        page.write("x" * 20_001)
        told = page.page.get_by_role("alert").filter(has_text="back in the box")
        told.wait_for()
        expect(box).to_have_value("x" * 20_001)
        assert page.bubbles("human") == []
        say(page, "Hello.", 2)
        assert page.bubbles("human") == ["Hello."]
        # It stays until it was read.
        told.get_by_role("button", name="Dismiss").click()
        told.wait_for(state="detached")


def test_the_list_follows_what_is_sent(servers: Servers, browsers: Browsers) -> None:
    with page_of(servers, browsers, height=420) as page:
        for count in (1, 2, 3):
            say(page, f"Question {count}?", count)
        log = page.page.get_by_role("log")
        log.evaluate("one => one.scrollTo(0, 0)")
        newest = page.page.get_by_role("button", name="Go to the newest")
        newest.focus()
        page.page.keyboard.press("Enter")
        newest.wait_for(state="detached")
        assert log.evaluate("one => one === document.activeElement")
        log.evaluate("one => one.scrollTo(0, 0)")
        newest.wait_for()
        say(page, "Question 4?", 4)
        newest.wait_for(state="detached")
        rest = "one => one.scrollHeight - one.scrollTop - one.clientHeight"
        page.until(lambda: log.evaluate(rest) < 5)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_picture_is_enlarged_by_keys(servers: Servers, browsers: Browsers, language: str) -> None:
    words = WORDS[language]
    with page_of(servers, browsers, settings={"language": language}) as page:
        page.page.set_input_files("input[type=file][multiple]", [PROJECT / "avatars" / "wren.png"])
        page.page.get_by_alt_text(words["shown"]).wait_for()
        say(page, "Look.")
        small = page.page.get_by_role("button", name=words["enlarge"])
        small.focus()
        page.page.keyboard.press("Enter")
        dialog = page.page.get_by_role("dialog")
        dialog.get_by_role("button", name=words["close"]).wait_for()
        assert violations(page.page) == []
        page.page.keyboard.press("Escape")
        dialog.wait_for(state="hidden")
        assert small.evaluate("one => one === document.activeElement")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_on_a_phone_the_last_question_and_answer_stay(
    servers: Servers, browsers: Browsers, language: str
) -> None:
    words = WORDS[language]
    settings = {"language": language, "theme": "dark", "pushToTalk": True}
    with page_of(servers, browsers, settings=settings, **SIZE, **PHONE) as page:
        say(page, "What is the news?")
        last = page.page.get_by_role("region", name=words["last"])
        expect(last).to_contain_text("What is the news?")
        expect(last).to_contain_text("And then there is a third.")
        assert page.page.evaluate(CUT, ".page") == []
        assert not page.page.evaluate(WIDE)
        assert violations(page.page) == []
        page.page.reload()
        expect(last).to_contain_text("What is the news?")
        say(page, "And now?", 2)
        expect(last).not_to_contain_text("What is the news?")
        last.get_by_text("And now?").tap()
        page.page.get_by_role("log").wait_for()
        last.wait_for(state="detached")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_held_to_talk_says_so(
    servers: Servers, browsers: Browsers, microphone: Microphone, language: str
) -> None:
    words = WORDS[language]
    settings = {"language": language, "pushToTalk": True}
    says = microphone(silence_s=30.0)
    with page_of(servers, browsers, *says, settings=settings) as page:
        button = page.page.locator("button.pushes")
        expect(button).to_have_text(words["hold"])
        assert violations(page.page) == []
        button.hover()
        page.page.mouse.down()
        expect(button).to_have_text(words["held"])
        page.page.mouse.move(300, 200)  # who drifts off still holds it
        page.page.wait_for_timeout(500)
        expect(button).to_have_text(words["held"])
        assert violations(page.page) == []
        page.page.mouse.up()
        expect(button).to_have_text(words["hold"])
        button.click()
        expect(button).to_have_text(words["short"])
        page.page.get_by_role("status").filter(has_text=words["short"]).wait_for()
        # The space bar, until the window is left.
        page.page.evaluate("document.activeElement.blur()")
        page.page.keyboard.down(" ")
        expect(button).to_have_text(words["held"])
        page.page.evaluate("dispatchEvent(new Event('blur'))")
        expect(button).not_to_have_text(words["held"])
        page.page.keyboard.up(" ")
        # And the button by keys.
        button.focus()
        page.page.keyboard.down("Enter")
        expect(button).to_have_text(words["held"])
        page.page.keyboard.up("Enter")
        expect(button).not_to_have_text(words["held"])
