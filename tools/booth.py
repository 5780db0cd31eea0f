"""Where the pictures of the docs are taken: a browser of one size and theme, and its driver."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from PIL import Image
from playwright.sync_api import Browser, Locator, Page

from tests.e2e.browser import SETTINGS, Watched, watch
from tests.support.live import PROJECT

DOCS = PROJECT / "docs"
FOLDER = DOCS / "screens"
DEVICES = {"desktop": (1280, 800, 1.0), "phone": (390, 844, 1.5)}
"""Width and height in CSS px, and device pixels for each."""
QUALITY = 68
SETTLED_MS = 900
"""Until what fades in has done so."""


@dataclass
class Booth:
    """Where pictures of one device and theme are taken."""

    browser: Browser
    url: str
    hearing: Path
    """What the microphone hears, as a file."""
    device: str
    theme: str
    wanted: frozenset[str]

    @contextmanager
    def page(
        self, path: str = "/", *, settings: dict[str, Any] | None = None, routed: bool = False
    ) -> Iterator[Watched]:
        """Open a page of this device; `routed` pages wait for whoever routes their socket."""
        width, height, ratio = DEVICES[self.device]
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=ratio,
            has_touch=self.device == "phone",
            permissions=["microphone", "camera"],
            bypass_csp=True,
        )
        seen = {"hintsSeen": ["welcome", "microphone", "insecure", "person"]}
        chosen = {"theme": self.theme, **seen, **(settings or {})}
        entry = [SETTINGS, orjson.dumps(chosen).decode()]
        context.add_init_script(f"localStorage.setItem(...{orjson.dumps(entry).decode()})")
        watched = watch(context.new_page())
        try:
            if not routed:
                self.open(watched, self.url + path)
            yield watched
        finally:
            context.close()

    def open(self, watched: Watched, url: str) -> None:
        """Go to a page, and wait until she stands there."""
        watched.page.goto(url)
        if "/web-tool" in url:
            return
        if "overlay" not in url:
            watched.wait_for("new-history-created")
        watched.page.locator("[data-avatar]").wait_for()

    def shoot(self, name: str, page: Page, *, whole: bool = False) -> None:
        """Take a picture, if it is wanted."""
        if name not in self.wanted:
            return
        page.wait_for_timeout(SETTLED_MS)
        save(f"{name}-{self.device}-{self.theme}", page.screenshot(full_page=whole))


def save(name: str, png: bytes, folder: Path = FOLDER, quality: int = QUALITY) -> None:
    """Write a picture as WebP."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    path = folder / f"{name}.webp"
    picture.save(path, "WEBP", quality=quality, method=6)
    print(f"{path.relative_to(PROJECT)}: {path.stat().st_size // 1000} kB", flush=True)


def panel(page: Page, name: str, title: str = "") -> Locator:
    """Open a panel, whose sheet is called `title` if not alike; some are in a menu."""
    button = page.get_by_role("button", name=name, exact=True)
    if button.is_visible():
        button.click()
    else:
        more = page.get_by_role("button", name="More", exact=True)
        tools = page.get_by_role("button", name="Tools and views", exact=True)
        (more if more.is_visible() else tools).click()
        page.get_by_role("menuitem", name=name, exact=True).click()
    sheet = page.get_by_role("dialog", name=title or name)
    sheet.wait_for()
    return sheet


def close(page: Page) -> None:
    """Close the open panel."""
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")


def speaks(page: Watched, text: str, after_ms: int = 1500) -> None:
    """Say something by typing, and wait until she is in the middle of her answer."""
    page.write(text)
    page.page.locator("[data-turn=speaking]").wait_for()
    page.page.wait_for_timeout(after_ms)


def ends(page: Watched) -> None:
    """Wait until she is done."""
    page.page.locator("[data-turn=idle]").wait_for()


def shows_log(page: Watched, shown: bool) -> None:
    """Show the conversation beside her, or hide it."""
    name = "Show the conversation" if shown else "Hide the conversation"
    button = page.page.get_by_role("button", name=name)
    if button.count():
        button.click()
