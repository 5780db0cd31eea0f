"""The panels around the conversation in a real browser, against a real server."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator

from .browser import Browsers, Watched, opened
from .panels import DESKTOP, PHONE, menu, page_alone, page_of, panel, repeating, said, talk
from .servers import Servers
from .test_page import Microphone, configured

pytestmark = pytest.mark.browser


def rows(sheet: Locator) -> Locator:
    return sheet.get_by_role("group", name="Stored conversations").locator("li.row-item")


# Conversations


def test_conversations_are_listed_found_and_opened(tmp_path: Path, browsers: Browsers) -> None:
    with page_alone(tmp_path, browsers) as page:
        sheet = panel(page, "Conversations")
        sheet.get_by_text("Nothing is stored yet").wait_for()
        page.page.keyboard.press("Escape")
        talk(page, "An old radio.", "A paper boat.", "The moon.")
        sheet = panel(page, "Conversations")
        sheet.get_by_role("button", name="Open: The moon").wait_for()
        assert rows(sheet).count() == 3
        assert sheet.locator("[aria-current=true]").count() == 1
        assert "Current" in rows(sheet).first.inner_text()
        search = sheet.get_by_role("searchbox")
        search.fill("RADIO")
        sheet.get_by_role("status").filter(has_text="1 conversation with “RADIO”").wait_for()
        assert rows(sheet).count() == 1
        assert {text.lower() for text in rows(sheet).locator("mark").all_inner_texts()} == {"radio"}
        search.fill("nobody said this")
        sheet.get_by_text("Nobody said").wait_for()
        sheet.get_by_role("button", name="Clear the search").click()
        rows(sheet).nth(2).wait_for()
        sheet.get_by_role("button", name="Open: An old radio").click()
        page.page.get_by_role("dialog").wait_for(state="detached")
        said(page, "An old radio.")
        sheet = panel(page, "Conversations")
        current = sheet.locator("[aria-current=true]")
        current.wait_for()
        assert "old radio" in current.inner_text().lower()


def test_a_deletion_can_be_taken_back(tmp_path: Path, browsers: Browsers) -> None:
    with page_alone(tmp_path, browsers) as page:
        talk(page, "An old radio.", "A paper boat.")
        sheet = panel(page, "Conversations")
        # The one that goes on: its place is taken by a new one, and then by itself again.
        sheet.get_by_role("button", name="Delete: A paper boat").click()
        sheet.get_by_role("button", name="Open: A paper boat").wait_for(state="detached")
        page.wait_for("new-history-created", 3)
        undo = page.page.get_by_role("button", name="Undo")
        undo.click()
        undo.wait_for(state="detached")
        sheet.get_by_role("button", name="Open: A paper boat").wait_for()
        said(page, "A paper boat.")
        # Another one, with the keyboard alone.
        sheet.get_by_role("button", name="Delete: An old radio").focus()
        page.page.keyboard.press("Enter")
        sheet.get_by_role("button", name="Open: An old radio").wait_for(state="detached")
        assert sheet.get_by_role("button", name="Open: A paper boat").evaluate(
            "node => node === document.activeElement"
        )
        for _ in range(12):
            page.page.keyboard.press("Tab")
            if undo.evaluate("node => node === document.activeElement"):
                break
        page.page.keyboard.press("Enter")
        sheet.get_by_role("button", name="Open: An old radio").wait_for()
        assert page.sent("delete-conversation") == []


def test_a_deletion_is_done_when_the_notice_is_gone(tmp_path: Path, browsers: Browsers) -> None:
    with page_alone(tmp_path, browsers) as page:
        talk(page, "An old radio.", "A paper boat.", "The moon.")
        sheet = panel(page, "Conversations")
        sheet.get_by_role("button", name="Delete: An old radio").click()
        page.page.get_by_role("button", name="Undo").wait_for()
        page.page.get_by_role("button", name="Dismiss").click()
        page.page.get_by_role("button", name="Undo").wait_for(state="detached")
        page.wait_for("conversation-deleted")
        assert page.received("conversation-deleted")[0]["success"]
        # Leaving the page ends the time to take it back as well.
        sheet.get_by_role("button", name="Delete: A paper boat").click()
        page.page.get_by_role("button", name="Undo").wait_for()

        def kept() -> int:
            page.page.reload()
            sheet = panel(page, "Conversations")
            sheet.get_by_role("button", name="Open: The moon").wait_for()
            assert rows(sheet).count() == 1
            return len(page.received("conversations")[-1]["conversations"])

        # Leaving may have been too quick to ask for it; the page that came after has asked then.
        page.until(lambda: kept() == 1, "the deletion")
        said(page, "The moon.")


# Backgrounds


def picture(path: Path) -> None:
    """Write a PNG of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    image = zlib.compress(b"\0\x40\x60\x80")
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", image) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + parts)


def test_backgrounds_are_chosen_with_the_keyboard(tmp_path: Path, browsers: Browsers) -> None:
    (tmp_path / "backgrounds").mkdir()
    for name in ("tea house.png", "meadow.png"):
        picture(tmp_path / "backgrounds" / name)
    with page_alone(tmp_path, browsers) as page:
        sheet = panel(page, "Backgrounds")
        sheet.get_by_role("radio", name="tea house").wait_for()
        widths = "all => all.map(one => one.naturalWidth)"
        page.until(lambda: sheet.locator("img").evaluate_all(widths) == [1, 1])
        sheet.get_by_role("radio", name="None").check(force=True)
        page.page.keyboard.press("ArrowDown")
        assert sheet.get_by_role("radio", name="meadow").is_checked()
        page.page.keyboard.press("ArrowRight")
        assert sheet.get_by_role("radio", name="tea house").is_checked()
        page.page.reload()
        sheet = panel(page, "Backgrounds")
        sheet.get_by_role("radio", name="tea house").wait_for()
        assert sheet.get_by_role("radio", name="tea house").is_checked()


# Settings


def test_settings_last_and_can_be_reset(servers: Servers, browsers: Browsers) -> None:
    with page_of(servers, browsers, size=PHONE) as page:
        sheet = panel(page, "Settings")
        sheet.get_by_role("radio", name="Dark").check(force=True)
        page.until(lambda: root(page, "dataset.theme") == "dark")
        sheet.get_by_role("switch", name="Captions").click()
        sheet.get_by_role("tab", name="Talking").click()
        assert sheet.get_by_text("as in conf.yaml").count() == 1
        slider = sheet.get_by_role("slider", name="Sensitivity")
        slider.focus()
        page.page.keyboard.press("ArrowRight")
        assert slider.get_attribute("aria-valuetext") == "55 %"
        sheet.get_by_role("switch", name="Push to talk").click()
        page.page.reload()
        sheet = panel(page, "Settings")
        assert root(page, "dataset.theme") == "dark"
        assert not sheet.get_by_role("switch", name="Captions").is_checked()
        sheet.get_by_role("tab", name="Talking").click()
        assert sheet.get_by_role("switch", name="Push to talk").is_checked()
        slider = sheet.get_by_role("slider", name="Sensitivity")
        assert slider.get_attribute("aria-valuetext") == "55 %"
        sheet.get_by_role("button", name="Sensitivity: use the value").click()
        assert slider.get_attribute("aria-valuetext") == "as in conf.yaml"
        assert slider.evaluate("node => node === document.activeElement")
        sheet.get_by_role("tab", name="General").click()
        sheet.get_by_role("button", name="Reset all settings").click()
        page.until(lambda: root(page, "dataset.theme") == "auto")
        assert sheet.get_by_role("switch", name="Captions").is_checked()
        page.page.get_by_role("button", name="Undo").click()
        page.until(lambda: root(page, "dataset.theme") == "dark")


def root(page: Watched, what: str) -> Any:
    return page.page.evaluate(f"document.documentElement.{what}")


def test_the_language_is_changed(tmp_path: Path, browsers: Browsers) -> None:
    with page_alone(tmp_path, browsers) as page:
        sheet = panel(page, "Settings")
        sheet.get_by_role("radio", name="中文").check(force=True)
        page.page.get_by_role("dialog", name="设置").wait_for()
        page.until(lambda: root(page, "lang") == "zh-CN")
        page.page.reload()
        panel(page, "对话记录").get_by_text("还没有保存的对话").wait_for()


def test_devices_are_named_once_they_may_be_used(
    servers: Servers, browsers: Browsers, microphone: Microphone
) -> None:
    says = microphone()
    with opened(browsers, servers.url(repeating()), *says) as page:
        sheet = panel(page, "Settings")
        sheet.get_by_role("tab", name="Devices").click()
        pick = sheet.get_by_role("combobox", name="Microphone")
        pick.wait_for()
        allow = sheet.get_by_role("button", name="Show the devices")
        if allow.count():
            allow.click()
        pick.locator("option", has_text="Fake").first.wait_for(state="attached")
        label = pick.locator("option", has_text="Fake").first.inner_text()
        pick.select_option(label=label)
        page.page.reload()
        sheet = panel(page, "Settings")
        sheet.get_by_role("tab", name="Devices").click()
        pick = sheet.get_by_role("combobox", name="Microphone")
        assert pick.input_value() != ""


# Speed


def test_the_waterfall_shows_a_turn(servers: Servers, browsers: Browsers) -> None:
    with page_of(servers, browsers) as page:
        sheet = panel(page, "Speed")
        sheet.get_by_text("Say or type something").wait_for()
        page.page.keyboard.press("Escape")
        page.page.get_by_role("dialog").wait_for(state="detached")
        talk(page, "How fast are you?")
        page.write("And now?")
        page.wait_for("conversation-chain-end", 2)
        page.wait_for("turn-metrics", 2)
        sheet = panel(page, "Speed")
        table = sheet.get_by_role("table", name="Length of each stage of the last answers")
        lines = table.get_by_role("row")
        assert lines.count() == 3  # with the head
        cells = lines.nth(1).get_by_role("cell").all_inner_texts()
        assert cells[:2] == ["–", "–"]  # typed: there was nothing to hear
        assert all("ms" in cell or "s" in cell for cell in cells[2:])
        newest = page.received("turn-metrics")[-1]
        assert cells[2] == f"{newest['first_token_ms']}\u00a0ms"
        assert sheet.locator(".stages li").count() == 3
        assert sheet.locator(".earlier li").count() == 1


# The sheet itself


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_panel_holds_the_focus_and_gives_it_back(
    servers: Servers, browsers: Browsers, size: tuple[int, int]
) -> None:
    with page_of(servers, browsers, size=size) as page:
        sheet = panel(page, "Settings")
        for _ in range(25):
            page.page.keyboard.press("Tab")
            assert sheet.evaluate("node => node.contains(document.activeElement)")
        fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        assert page.page.evaluate(fits)
        page.page.keyboard.press("Escape")
        sheet.wait_for(state="detached")
        doors = page.page.get_by_role("button", name="Settings", exact=True)
        opener = menu(page) if size == PHONE else doors
        page.until(lambda: bool(opener.evaluate("node => node === document.activeElement")))


def test_closing_a_panel_does_not_interrupt(servers: Servers, browsers: Browsers) -> None:
    with opened(browsers, servers.url(configured(tone_s=20.0))) as page:
        page.write("Tell me.")
        page.wait_for_bubbles("ai", 1)
        sheet = panel(page, "Speed")
        page.page.keyboard.press("Escape")
        sheet.wait_for(state="detached")
        assert page.sent("interrupt-signal") == []
        page.page.keyboard.press("Escape")
        page.until(lambda: len(page.sent("interrupt-signal")) == 1, "the interrupt")
