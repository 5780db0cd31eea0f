"""Other ways to see her: the whole screen, alone, a small window; and who may frame the page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from .axe import violations
from .browser import Browsers, Watched, opened
from .panels import panel, tools
from .servers import Servers
from .test_page import LONG, configured

pytestmark = pytest.mark.browser

HAS_SMALL = "'documentPictureInPicture' in window"


@contextmanager
def shown(servers: Servers, browsers: Browsers, **device: Any) -> Iterator[Watched]:
    url = servers.wrens_url(configured(LONG, tone_s=0.6))
    with opened(browsers, url, **{"width": 1280, "height": 800, **device}) as page:
        page.wait_for_status("Ready")
        yield page


def choose(page: Watched, name: str) -> None:
    """Choose an entry of the menu of tools."""
    tools(page).click()
    page.page.get_by_role("menuitem", name=name, exact=True).click()


def test_names_stand_below_the_pictures_where_there_is_room(
    servers: Servers, browsers: Browsers
) -> None:
    with shown(servers, browsers) as page:
        names = page.page.locator("nav .panel span")
        assert names.count() == 7
        for name in names.all():
            assert name.is_visible()
            fits = "node => node.scrollWidth <= node.clientWidth + 1"
            assert name.evaluate(fits), name.inner_text()
        page.page.set_viewport_size({"width": 800, "height": 700})
        expect(names.first).to_be_hidden()
        assert page.page.get_by_role("button", name="Memory", exact=True).is_visible()


def test_the_whole_screen_and_back(servers: Servers, browsers: Browsers) -> None:
    with shown(servers, browsers) as page:
        choose(page, "Full screen")
        page.page.wait_for_function("document.fullscreenElement !== null")
        choose(page, "Leave full screen")
        page.page.wait_for_function("document.fullscreenElement === null")


def test_controls_hide_and_come_back(servers: Servers, browsers: Browsers) -> None:
    with shown(servers, browsers) as page:
        choose(page, "Hide the controls")
        bare = page.page.locator(".page.bare")
        bare.wait_for()
        opacity = "document.querySelector('.top').checkVisibility({ opacityProperty: true })"
        page.page.wait_for_function(f"!({opacity})")
        page.page.mouse.move(300, 300)
        page.page.mouse.move(310, 310)
        bare.wait_for(state="detached")
        bare.wait_for()
        page.page.keyboard.press("Tab")
        bare.wait_for(state="detached")
        assert page.page.evaluate("document.activeElement !== document.body")
        # What is being written stays in sight.
        page.page.get_by_label("Message", exact=True).fill("I am writing")
        page.page.wait_for_timeout(3500)
        assert bare.count() == 0
        page.page.get_by_label("Message", exact=True).fill("")
        bare.wait_for()
        assert violations(page.page) == []
        page.page.mouse.move(300, 300)
        choose(page, "Keep the controls in sight")
        page.page.wait_for_timeout(3500)
        assert bare.count() == 0


def test_she_goes_into_a_small_window_and_comes_back(servers: Servers, browsers: Browsers) -> None:
    with shown(servers, browsers, draws=True) as page:
        page.wait_for_avatar("rig")
        if not page.page.evaluate(HAS_SMALL):
            tools(page).click()
            assert page.page.get_by_role("menuitem", name="Small window").count() == 0
            pytest.skip("this browser has no such windows")
        with page.page.context.expect_page() as opening:
            choose(page, "Small window")
        small: Page = opening.value
        small.locator(".stage[data-avatar=rig]").wait_for()
        page.page.get_by_text("The character is in the small window.").wait_for()
        assert page.page.locator("main canvas").count() == 0
        small.get_by_label("Microphone", exact=True).wait_for()
        page.write("Hello.")
        small.get_by_role("button", name="Stop the answer").wait_for()
        expect(small.locator("p")).to_have_text("And then there is a third.")
        page.wait_for("conversation-chain-end")
        assert small.evaluate("getComputedStyle(document.body).fontFamily").startswith("Inter")
        page.page.get_by_role("button", name="Bring back here").click()
        page.wait_for_avatar("rig")


def test_the_browser_is_asked_for_notifications_only_when_they_are_wanted(
    servers: Servers, browsers: Browsers
) -> None:
    ask = """{
        window.asked = 0;
        const { requestPermission } = Notification;
        Notification.requestPermission = () => (asked++, requestPermission.call(Notification));
    }"""
    with shown(
        servers,
        browsers,
        script=ask,
        settings={"proactiveAfterS": 300},
        permissions=["notifications"],
    ) as page:
        assert page.page.evaluate("asked") == 0
        sheet = panel(page, "Settings")
        sheet.get_by_role("tab", name="Talking").click()
        toggle = sheet.get_by_role("switch", name="Call me when this page is hidden")
        expect(toggle).not_to_be_checked()
        toggle.click()
        expect(toggle).to_be_checked()
        assert page.page.evaluate("asked") == 1
        toggle.click()
        expect(toggle).not_to_be_checked()
        assert page.page.evaluate("asked") == 1


def test_no_other_site_frames_a_page_or_is_told_of_it(servers: Servers) -> None:
    url = servers.wrens_url(configured(LONG, tone_s=0.6))
    for path in ("/", "/?overlay", "/web-tool/", "/health", "/icon.svg", "/docs", "/nothing"):
        headers = httpx.get(url + path).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "no-referrer", path
        framed = headers["content-security-policy"]
        assert "frame-ancestors 'self'" in framed or framed.startswith("sandbox"), path
