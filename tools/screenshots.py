"""Takes the pictures of the docs: `uv run python -m tools.screenshots`.

Starts a server with Wren and a scripted answer, opens every screen in Chromium, light and dark, on
a desktop and on a phone, and writes docs/screens/ and the picture that the README opens with.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.browser import find
from tests.support.live import PROJECT, conf, live

SCREENS = PROJECT / "docs" / "screens"
FURNITURE = ("live2d-models", "model_dict.json", "avatars", "backgrounds", "web_tool")
REPLY = (
    "[joy] Oh, hello there! I was just tuning an old radio; it only gets the weather from 1962. "
    "Shall I bake you some bread that never rises?"
)
SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
PANELS = ("Conversations", "Characters", "Backgrounds", "Group", "Speed", "Settings")
FLAGS = (
    "--no-sandbox",
    "--autoplay-policy=no-user-gesture-required",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
)


def main() -> None:
    """Take them all."""
    SCREENS.mkdir(exist_ok=True)
    values = conf(sections={"echo_llm": {"reply": REPLY}, "tone_tts": {"seconds": 2.0}})
    values["character_config"] |= {
        "live2d_model_name": "wren",
        "conf_name": "Wren",
        "character_name": "Wren",
        "avatar": "wren.png",
    }
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        for thing in FURNITURE:
            (folder / thing).symlink_to(PROJECT / thing)
        browser = playwright.chromium.launch(executable_path=find(playwright), args=list(FLAGS))
        with live(folder, values) as server:
            for device in SIZES:
                for theme in ("light", "dark"):
                    take_page(browser, server.url, device, theme)
                    take_web_tool(browser, server.url, device, theme)
        browser.close()


def take_page(browser: Browser, url: str, device: str, theme: str) -> None:
    """Take the page while she speaks, and each of its panels."""
    with opened(browser, url, device, theme) as page:
        page.locator("[data-avatar=rig]").wait_for()
        box = page.locator("form textarea")
        box.fill("Hi Wren! What are you up to tonight?")
        box.press("Enter")
        page.locator("[data-turn=speaking]").wait_for()
        page.wait_for_timeout(2500)  # in the middle of a sentence
        keep(page, SCREENS / f"speaking-{device}-{theme}.jpg")
        if (device, theme) == ("desktop", "light"):
            keep(page, PROJECT / "docs" / "page.jpg")
        page.locator("[data-turn=idle]").wait_for()
        for panel in PANELS:
            if device == "phone":
                page.get_by_role("button", name="More").click()
                page.get_by_role("menuitem", name=panel).click()
            else:
                page.get_by_role("button", name=panel, exact=True).click()
            page.get_by_role("dialog").wait_for()
            page.wait_for_timeout(1500)  # it slides in
            keep(page, SCREENS / f"{panel.lower()}-{device}-{theme}.jpg")
            page.keyboard.press("Escape")
            page.get_by_role("dialog").wait_for(state="hidden")


def take_web_tool(browser: Browser, url: str, device: str, theme: str) -> None:
    """Take the page that tests hearing and the voice."""
    with opened(browser, f"{url}/web-tool/", device, theme) as page:
        page.get_by_role("heading").first.wait_for()
        page.wait_for_timeout(500)
        keep(page, SCREENS / f"web-tool-{device}-{theme}.jpg")


@contextmanager
def opened(browser: Browser, url: str, device: str, theme: str) -> Iterator[Page]:
    """Open a page of its own."""
    width, height = SIZES[device]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
    )
    try:
        page = context.new_page()
        page.goto(url)
        yield page
    finally:
        context.close()


def keep(page: Page, path: Path) -> None:
    """Write what is seen as a JPEG."""
    picture = Image.open(BytesIO(page.screenshot()))
    picture.convert("RGB").save(path, quality=82, optimize=True, progressive=True)
    print(path.relative_to(PROJECT), path.stat().st_size // 1000, "kB")


if __name__ == "__main__":
    main()
