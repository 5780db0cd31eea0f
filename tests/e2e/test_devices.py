"""Other devices: whether they get in, the code to scan, and the switch that lets them in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from playwright.sync_api import expect

from tests.support.live import conf
from tests.support.qr import says
from tests.support.two_doors import two_doors

from .axe import violations
from .browser import Browsers, opened
from .panels import PHONE, panel
from .settings_scene import Scene, open_devices, quick, scene
from .test_group import own_id

pytestmark = pytest.mark.browser


def https_of(it: Scene) -> object:
    return yaml.safe_load(it.conf)["system_config"].get("https")


def test_phones_are_let_in_with_the_code_of_the_console(tmp_path: Path, browsers: Browsers) -> None:
    with scene(tmp_path, browsers, quick()) as it:
        # What is not saved in the sheet of all settings is not saved along.
        it.open()
        it.search("How often each character of a group speaks")
        it.sheet.locator(".field-row input").first.fill("7")
        it.page.page.keyboard.press("Escape")
        group = panel(it.page, "Group")
        group.get_by_text("cannot reach this server yet").wait_for()
        assert group.get_by_role("img", name="QR code").count() == 0
        assert violations(it.page.page) == []
        group.get_by_role("button", name="Let other devices in").click()
        sheet = it.page.page.get_by_role("dialog", name="Other devices")
        sheet.get_by_text("it listens to this computer alone").wait_for()
        switch = sheet.get_by_role("switch", name="Let phones in")
        expect(switch).not_to_be_checked()
        assert violations(it.page.page) == []
        before = it.conf
        switch.focus()
        it.page.page.keyboard.press("Space")
        dialog = it.page.page.get_by_role("dialog", name="This needs the code")
        expect(dialog).to_contain_text("system_config.https")
        # Who does not give the code has changed nothing.
        it.page.page.keyboard.press("Escape")
        dialog.wait_for(state="detached")
        expect(switch).not_to_be_checked()
        expect(switch).to_be_focused()
        assert it.conf == before
        it.page.page.keyboard.press("Space")
        code = dialog.get_by_label("Code")
        code.fill(it.wrong_code)
        it.page.page.keyboard.press("Enter")
        expect(dialog).to_contain_text("That is not the code.")
        code.fill(it.code)
        it.page.page.keyboard.press("Enter")
        dialog.wait_for(state="detached")
        expect(switch).to_be_checked()
        expect(switch).to_be_focused()
        sheet.get_by_role("status").filter(has_text="Holds from the next start").wait_for()
        assert https_of(it) is True
        assert yaml.safe_load(it.conf)["system_config"].get("group_rounds") != 7
        assert violations(it.page.page) == []
        # And off again, for which the code is asked as well.
        it.page.page.keyboard.press("Space")
        dialog.wait_for()
        code.fill(it.code)
        it.page.page.keyboard.press("Enter")
        dialog.wait_for(state="detached")
        expect(switch).not_to_be_checked()
        assert not https_of(it)


@pytest.mark.parametrize(
    ("language", "theme"), [("en", "light"), ("zh", "dark")], ids=["English", "Chinese, dark"]
)
def test_the_codes_lead_another_device_here(
    tmp_path: Path, browsers: Browsers, language: str, theme: str
) -> None:
    """The page was opened at localhost; what it shows is where others come in, with the token."""
    values = conf(asr="tests.support.engines:MuteASR", vad=None)
    width, height = PHONE
    with two_doors(tmp_path, values) as served:
        whole = f"{served.others}/?token={served.token}"
        assert httpx.get(whole, verify=False).status_code == 200
        settings = {"language": language, "theme": theme}
        size: dict[str, Any] = {"width": width, "height": height} if language == "zh" else {}
        with opened(browsers, served.own, settings=settings, **size) as page:
            page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
            sheet = open_devices(page, language)
            code = sheet.get_by_role("img")
            code.wait_for()
            assert says(code, whole)
            assert not says(code, f"{served.others}/")
            sheet.get_by_text(f"{served.others}/", exact=True).first.wait_for()
            assert served.token not in sheet.inner_text()
            sheet.get_by_role("listitem").first.get_by_role("button").click()
            page.until(
                lambda: page.page.evaluate("navigator.clipboard.readText()") == whole, "a copy"
            )
            assert sheet.get_by_role("link").get_attribute("href") == f"{served.others}/trust"
            sheet.get_by_text(served.fingerprint[:23]).wait_for()
            assert violations(page.page) == []
            assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            if language == "en":
                page.page.keyboard.press("Escape")
                group = panel(page, "Group")
                code = group.get_by_role("img", name="QR code")
                code.wait_for()
                assert says(code, f"{whole}&invite={own_id(group)}")
                assert violations(page.page) == []
            assert page.complaints == []
