"""Groups in Chinese, in two browsers: who comes and goes is told by name, and that it is over."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.support.live import live

from .axe import violations
from .browser import Browsers, Watched, opened
from .panels import DESKTOP, PHONE
from .test_page import configured

pytestmark = pytest.mark.browser


def group(page: Watched) -> Locator:
    """Open the sheet of the group; on a phone it is in a menu."""
    button = page.page.get_by_role("button", name="群聊", exact=True)
    if not button.is_visible():
        page.page.get_by_role("button", name="更多", exact=True).click()
        button = page.page.get_by_role("menuitem", name="群聊", exact=True)
    button.click()
    sheet = page.page.get_by_role("dialog", name="群聊")
    sheet.wait_for()
    return sheet


def strip(page: Watched) -> Locator:
    return page.page.get_by_role("list", name="在场的人").get_by_role("listitem")


def test_everybody_is_told_by_name_and_that_it_is_over(tmp_path: Path, browsers: Browsers) -> None:
    values = configured("我在这里。", 0.5)
    values["system_config"]["group_rounds"] = 1
    with ExitStack() as stack:
        server = stack.enter_context(live(tmp_path, values))
        pages = []
        for (width, height), name, theme in (
            (DESKTOP, "小明", "light"),
            (PHONE, "小红", "dark"),
        ):
            settings = {"language": "zh", "theme": theme, "person": name, "showConversation": True}
            one = opened(browsers, server.url, width=width, height=height, settings=settings)
            pages.append(stack.enter_context(one))
        host, guest = pages
        sheet = group(guest)
        guest_id = sheet.get_by_role("textbox", name="你的 ID").input_value()
        theirs = group(host)
        theirs.get_by_role("textbox", name="对方的 ID").fill(guest_id)
        theirs.get_by_role("button", name="邀请", exact=True).click()
        sheet.get_by_role("heading", name="小明 邀请你加入群聊").wait_for()
        assert violations(guest.page) == []
        sheet.get_by_role("button", name="加入", exact=True).click()
        # Both notices have names, and so has the list.
        host.page.get_by_text("小红 已加入群聊。").wait_for()
        guest.page.get_by_text("你已和 小明 在同一个群聊中。").wait_for()
        for panel in (theirs, sheet):
            people = panel.get_by_role("listitem")
            expect(people).to_have_count(2)
            expect(people.nth(0)).to_contain_text("小明")
            expect(people.nth(1)).to_contain_text("小红")
            expect(people.nth(0)).to_contain_text("发起人" if panel is theirs else "小明")
        for page in pages:
            assert violations(page.page) == []
            assert page.page.get_by_text(guest_id[:8]).count() <= 1  # in the list, as a mark
            page.page.keyboard.press("Escape")
            page.page.get_by_role("dialog").wait_for(state="detached")
            expect(strip(page)).to_have_count(2)
        box = guest.page.get_by_label("消息", exact=True)
        box.fill("你们好。")
        expect(strip(host).nth(1)).to_contain_text("正在输入")
        box.press("Enter")
        host.wait_for("conversation-chain-end", 2)
        assert host.bubbles("human") == ["你们好。"]
        who = host.page.locator(".turn .who > span:first-child").all_inner_texts()
        assert who[0] == "小红"
        # The owner leaves: who stays is told what that means, and goes on with what was said.
        group(host).get_by_role("button", name="离开群聊").click()
        guest.page.get_by_text("小明 已离开群聊。").wait_for()
        over = guest.page.get_by_text("群聊已结束")
        over.wait_for()
        expect(over).to_contain_text("说过的内容都会保留")
        assert violations(guest.page) == []
        expect(strip(guest)).to_have_count(0)
        assert guest.bubbles("human") == ["你们好。"]
        ended = len(guest.received("conversation-chain-end"))
        box.fill("还在吗？")
        box.press("Enter")
        guest.wait_for("conversation-chain-end", ended + 1)
        assert guest.bubbles("human") == ["你们好。", "还在吗？"]
        host.page.get_by_text("你已离开群聊。").wait_for()
