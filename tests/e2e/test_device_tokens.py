"""Devices with a token of their own: let in, renamed and shut out on the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, expect

from tests.support.qr import says

from .axe import violations
from .browser import PHONE, Browsers, opened, shoot
from .settings_scene import Scene, go_to_settings, open_devices, quick, scene

pytestmark = pytest.mark.browser

TOKEN = "a-secret-of-your-own"


@contextmanager
def home(folder: Path, browsers: Browsers, **given: Any) -> Iterator[Scene]:
    """The owner's page of a server that other devices can reach."""
    values = quick()
    values["system_config"] |= {"host": "0.0.0.0", "access_token": TOKEN}
    with scene(folder, browsers, values, query=f"/?token={TOKEN}", **given) as it:
        it.page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield it


def let_in(it: Scene, sheet: Locator, name: str) -> str:
    """Return the address that the device is to scan."""
    page = it.page.page
    field = sheet.get_by_label("Name of the device")
    field.fill(name)
    field.press("Enter")
    dialog = page.get_by_role("dialog", name="This needs the code")
    expect(dialog).to_contain_text(f"It lets {name} in.")
    code = dialog.get_by_label("Code")
    code.fill(it.wrong_code)
    code.press("Enter")
    expect(dialog).to_contain_text("That is not the code.")
    code.fill(it.code)
    code.press("Enter")
    dialog.wait_for(state="detached")
    scan = sheet.get_by_text(f"Scan this with {name} now")
    expect(scan).to_be_focused()
    sheet.get_by_role("button", name="Copy the address").press("Enter")
    read = "navigator.clipboard.readText()"
    it.page.until(lambda: "token=" in page.evaluate(read), "a copy")
    address: str = page.evaluate(read)
    assert says(sheet.get_by_role("img", name=f"QR code for {name}"), address)
    return address


def test_a_phone_is_let_in_talks_and_is_shut_out(tmp_path: Path, browsers: Browsers) -> None:
    with home(tmp_path, browsers) as it:
        sheet = open_devices(it.page)
        sheet.get_by_text("None yet.").wait_for()
        shoot(it.page, "devices-none")
        address = let_in(it, sheet, "Ada's phone")
        (token,) = parse_qs(urlsplit(address).query)["token"]
        assert token not in (TOKEN, "")
        assert token not in sheet.inner_text()
        assert TOKEN not in address
        assert violations(it.page.page) == []
        shoot(it.page, "devices-scan")
        sheet.get_by_role("button", name="Done").press("Enter")
        expect(sheet.get_by_label("Name of the device")).to_be_focused()
        assert token not in it.page.page.content()

        site = address.partition("/?")[0]
        closed = ("ERR_CONNECTION", "401")
        with opened(
            browsers, site, query=f"/?token={token}", may_complain=closed, **PHONE
        ) as phone:
            phone.write("Hello.")
            phone.wait_for("conversation-chain-end")
            go_to_settings(phone)
            assert phone.page.get_by_role("button", name="Other devices").count() == 0
            phone.page.keyboard.press("Escape")

            row = sheet.get_by_role("list", name="Devices").get_by_role("listitem")
            expect(row).to_contain_text("Ada's phone")
            row.get_by_role("button", name="give another name").click()
            name = row.get_by_label("Name of the device")
            expect(name).to_be_focused()
            name.fill("Old phone")
            name.press("Enter")
            expect(row).to_contain_text("Old phone")
            expect(row).to_contain_text("Here now")
            expect(row.get_by_role("button", name="give another name")).to_be_focused()

            # With the keyboard alone: asked, kept, asked, taken back.
            row.get_by_role("button", name="take its access back").press("Enter")
            expect(row.get_by_role("button", name="Keep it")).to_be_focused()
            assert violations(it.page.page) == []
            shoot(it.page, "devices-sure")
            it.page.page.keyboard.press("Escape")
            expect(row.get_by_role("button", name="take its access back")).to_be_focused()
            it.page.page.keyboard.press("Enter")
            it.page.page.keyboard.press("Shift+Tab")
            it.page.page.keyboard.press("Enter")
            sheet.get_by_text("None yet.").wait_for()

            told = phone.page.get_by_role("status").filter(has_text="access was taken back")
            told.wait_for()
            shoot(phone, "devices-shut-out")
            assert phone.page.get_by_role("button", name="Try now").count() == 0
            assert violations(phone.page) == []
            sockets = [one for one in phone.addresses if "client-ws" in one]
            phone.page.evaluate("dispatchEvent(new Event('online'))")
            phone.page.wait_for_timeout(200)
            assert [one for one in phone.addresses if "client-ws" in one] == sockets
        kept = json.loads((tmp_path / "devices.json").read_text("utf-8"))
        assert kept["devices"] == []


def test_in_chinese_on_a_phone_in_the_dark(tmp_path: Path, browsers: Browsers) -> None:
    chosen = {"language": "zh", "theme": "dark"}
    size = (PHONE["width"], PHONE["height"])
    with home(tmp_path, browsers, settings=chosen, size=size) as it:
        page = it.page.page
        sheet = open_devices(it.page, "zh")
        name = sheet.get_by_label("设备名称")
        name.fill("一部名字特别特别长的旧手机" * 4)
        sheet.get_by_role("switch", name="可以更改服务器的设置").press("Space")
        name.press("Enter")
        code = page.get_by_role("dialog", name="验证码").get_by_label("验证码", exact=True)
        code.wait_for()
        code.fill(it.code)
        code.press("Enter")
        sheet.get_by_role("button", name="完成").wait_for()
        shoot(it.page, "devices-zh-scan", 300)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        sheet.get_by_role("button", name="完成").press("Enter")
        row = sheet.get_by_role("listitem").filter(has_text="旧手机")
        expect(row).to_contain_text("可以更改设置")
        expect(row).to_contain_text("还没有来过")
        row.scroll_into_view_if_needed()
        shoot(it.page, "devices-zh-list", 300)
        for button in row.get_by_role("button").all():
            box = button.bounding_box()
            assert box
            assert min(box["width"], box["height"]) >= 44
        assert violations(page) == []


def test_where_no_other_device_comes_in_there_is_nothing_to_scan(
    tmp_path: Path, browsers: Browsers
) -> None:
    with scene(tmp_path, browsers, quick()) as it:
        sheet = open_devices(it.page)
        sheet.get_by_text("there is nothing to scan").wait_for()
        assert sheet.get_by_label("Name of the device").count() == 0
        assert violations(it.page.page) == []
