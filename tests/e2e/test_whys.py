"""Why something failed is told in the language of the page; what a sheet covers is out of reach."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.live import conf, live

from .axe import violations
from .browser import Browsers, opened, shoot
from .panels import panel
from .test_page import MUTE

pytestmark = pytest.mark.browser

SIZES = [(1200, 800), (390, 844)]
BAD_GATEWAY = "server responded with a status of 502"
REACHED = "() => !!document.activeElement.closest('.top, .side, .bottom, main')"
"""Whether the focus is on what lies under the sheets."""


@pytest.mark.parametrize("size", SIZES, ids=["desktop", "phone"])
def test_why_a_trial_failed_is_told_in_chinese_with_the_english_detail_folded(
    tmp_path: Path, browsers: Browsers, size: tuple[int, int]
) -> None:
    values = conf(asr=MUTE, vad=None, llm="tests.e2e.gated:BrokenLLM")
    width, height = size
    with (
        live(tmp_path, values) as server,
        opened(
            browsers,
            server.url,
            settings={"language": "zh"},
            width=width,
            height=height,
            may_complain=BAD_GATEWAY,
        ) as page,
    ):
        panel(page, "角色") if width > 640 else None
        if width <= 640:
            page.page.get_by_role("button", name="更多", exact=True).click()
            page.page.get_by_role("menuitem", name="角色", exact=True).click()
        sheet = page.page.get_by_role("dialog", name="角色")
        sheet.get_by_role("button", name="新建角色").click()
        sheet.get_by_label("你的问题").fill("你好吗？")
        sheet.get_by_role("button", name="提问", exact=True).click()
        details = sheet.get_by_role("button", name="详情")
        expect(details).to_have_attribute("aria-expanded", "false")
        told = sheet.locator(".why").filter(has_text="语言模型")
        expect(told.first).to_be_visible()
        english = sheet.locator(".why.detail")
        expect(english).to_be_hidden()
        details.click()
        expect(english).to_be_visible()
        assert english.get_attribute("lang") == "en"
        assert violations(page.page) == []
        shoot(page, f"why {width}", 300)


def test_what_lies_under_a_sheet_is_out_of_reach_until_it_is_closed(
    tmp_path: Path, browsers: Browsers
) -> None:
    with live(tmp_path, conf(asr=MUTE, vad=None)) as server, opened(browsers, server.url) as page:
        page.wait_for_status("Ready")
        button = page.page.get_by_role("button", name="Settings", exact=True)
        sheet = panel(page, "Settings")
        expect(page.page.locator("[inert]")).to_have_count(4)
        page.page.get_by_label("Message", exact=True).evaluate("one => one.focus()")
        assert not page.page.evaluate(REACHED)
        page.page.keyboard.press("Escape")
        sheet.wait_for(state="detached")
        expect(page.page.locator("[inert]")).to_have_count(0)
        expect(button).to_be_focused()
        page.page.get_by_label("Message", exact=True).focus()
        assert page.page.evaluate(REACHED)
