"""Two pages in a group: both hear who speaks, and know who said what."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.live import conf, live

from .browser import Browsers, Watched, opened
from .instruments import EARS, loudness

pytestmark = pytest.mark.browser


def names(page: Watched) -> list[str]:
    """Return who said what is in the list, the newest last."""
    names: list[str] = page.page.locator(".turn .who > span:first-child").all_inner_texts()
    return names


def test_both_pages_hear_the_character_that_speaks(tmp_path: Path, browsers: Browsers) -> None:
    values = conf(sections={"tone_tts": {"seconds": 3}, "echo_llm": {"reply": "I am here."}})
    values["system_config"]["group_rounds"] = 1
    with ExitStack() as stack:
        server = stack.enter_context(live(tmp_path, values))
        host = stack.enter_context(opened(browsers, server.url, script=EARS))
        guest = stack.enter_context(opened(browsers, server.url, script=EARS))
        for page in (host, guest):
            page.page.get_by_role("button", name="Group", exact=True).click()
        guest_id = guest.page.get_by_role("textbox", name="Your id").input_value()
        host.page.get_by_role("textbox", name="Their id").fill(guest_id)
        host.page.get_by_role("button", name="Invite", exact=True).click()
        for page in (host, guest):
            page.page.get_by_role("listitem").filter(has_text="Human 2").wait_for()
        for page in (host, guest):
            page.page.keyboard.press("Escape")
        box = host.page.get_by_label("Message", exact=True)
        box.fill("Is anybody there?")
        box.press("Enter")
        # The host's character: the guest hears it, and is not left thinking.
        guest.wait_for("audio")
        assert guest.received("audio")[0]["forwarded"]
        guest.until(lambda: loudness(guest) > 0.1, "the sound of the other page's character")
        expect(guest.page.locator(".coming")).to_have_count(0)
        # Then the guest's own one, which the host hears.
        for page in (host, guest):
            page.wait_for("conversation-chain-end", 2)
            assert [message["forwarded"] for message in page.received("audio")].count(True) == 1
            assert all(message["audio"] for message in page.received("audio"))
            page.wait_for_bubbles("ai", 2)
        assert guest.bubbles("human") == ["Is anybody there?"]
        assert names(host)[0] == "You"
        assert names(guest)[0] == "Human 1"
        # It is still known when the conversation is read again.
        guest.page.reload()
        guest.wait_for_bubbles("human", 1)
        assert names(guest)[0] == "Human 1"
