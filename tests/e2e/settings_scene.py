"""A page at the form of all settings, and what the person at the server sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import Locator, Response

from tests.support.live import conf, live
from tests.support.local_llms import commented

from .browser import Browsers, Watched, opened
from .panels import DESKTOP
from .test_page import MUTE

DEVICES = {"en": ("More", "Settings", "Other devices"), "zh": ("更多", "设置", "其他设备")}
"""How the way to the sheet of other devices is called."""
REFUSED = "Failed to load resource"
"""What Chromium's console says of every answer that is no success."""


@dataclass
class Scene:
    """A page, what the person at the server sees, and all that came over HTTP."""

    page: Watched
    folder: Path
    console: list[str]
    texts: list[str] = field(default_factory=list)

    @property
    def conf(self) -> str:
        return (self.folder / "conf.yaml").read_text("utf-8")

    @property
    def character(self) -> dict[str, Any]:
        character: dict[str, Any] = yaml.safe_load(self.conf)["character_config"]
        return character

    @property
    def code(self) -> str:
        found = re.search(r"\b\d{6}\b", self.console[-1])
        assert found
        return found[0]

    @property
    def wrong_code(self) -> str:
        """One that is not on the console."""
        return "0" * 6 if self.code != "0" * 6 else "1" * 6

    def open(self, tab: str = "") -> Locator:
        """Open the form, at one of its tabs."""
        go_to_settings(self.page)
        self.page.page.get_by_role("button", name="All settings of the server").click()
        sheet = self.sheet
        sheet.locator(".field-row").first.wait_for()
        if tab:
            sheet.get_by_role("tab", name=tab).click()
        return sheet

    @property
    def sheet(self) -> Locator:
        return self.page.page.get_by_role("dialog", name="All settings")

    def save(self) -> None:
        self.sheet.get_by_role("button", name="Save", exact=True).click()

    def saved(self) -> None:
        self.save()
        self.told("Saved. It holds from the next turn on.")

    def told(self, text: str) -> None:
        self.sheet.get_by_role("status").filter(has_text=text).wait_for()

    def search(self, query: str) -> None:
        self.sheet.get_by_role("searchbox").fill(query)


def go_to_settings(page: Watched, more: str = "More", name: str = "Settings") -> None:
    menu = page.page.get_by_role("button", name=more, exact=True)
    if menu.is_visible():
        menu.click()
        page.page.get_by_role("menuitem", name=name, exact=True).click()
    else:
        page.page.get_by_role("button", name=name, exact=True).click()


def open_devices(page: Watched, language: str = "en") -> Locator:
    """Open the sheet of other devices by way of the settings."""
    more, settings, name = DEVICES[language]
    go_to_settings(page, more, settings)
    page.page.get_by_role("button", name=name).click()
    sheet = page.page.get_by_role("dialog", name=name)
    sheet.wait_for()
    return sheet


@contextmanager
def scene(
    folder: Path, browsers: Browsers, values: dict[str, Any], *arguments: str, **given: Any
) -> Iterator[Scene]:
    console: list[str] = []
    width, height = given.pop("size", DESKTOP)
    size = {"width": width, "height": height}
    with (
        live(folder, commented(values), console=console.append) as server,
        opened(browsers, server.url, *arguments, **size, may_complain=REFUSED, **given) as page,
    ):
        it = Scene(page, folder, console)
        page.page.on("response", lambda answer: keep(it.texts, answer))
        page.page.locator("[data-link=open]").wait_for()
        page.until(lambda: are_ready(page), "engines")
        yield it


def are_ready(page: Watched) -> bool:
    told = page.received("loading-progress")
    return bool(told) and all(one["state"] == "ready" for one in told[-1]["engines"])


def keep(texts: list[str], answer: Response) -> None:
    if "/api/" in answer.url and answer.status != 304:
        texts.append(answer.text())


def quick(**given: Any) -> dict[str, Any]:
    sections = {"tone_tts": {"seconds": 0.1}, **given.pop("sections", {})}
    return conf(**{"asr": MUTE, "vad": None, **given}, sections=sections)
