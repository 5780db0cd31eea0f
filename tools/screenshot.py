"""Take the picture of the README: `uv run python tools/screenshot.py` beside a running server.

Types two messages into the page of http://localhost:12393, waits until each is answered aloud, and
writes docs/page.png. OLV_CHROMIUM names the browser if it is not called chromium.
"""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import sync_playwright

PAGE = "http://localhost:12393"
PICTURE = Path(__file__).parents[1] / "docs" / "page.png"
MESSAGES = ("Hi Wren! What are you up to tonight?", "Which film should I see this weekend?")


def main() -> None:
    """Talk, and take the picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("OLV_CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        page = browser.new_page(
            viewport={"width": 1100, "height": 680}, device_scale_factor=1.5, bypass_csp=True
        )
        page.goto(PAGE)
        page.wait_for_selector("body[data-link=open]")
        page.wait_for_function(
            "!document.body.innerText.includes('Getting ready')", timeout=900_000
        )
        for message in MESSAGES:
            page.get_by_role("textbox").fill(message)
            page.keyboard.press("Enter")
            page.wait_for_function("document.body.dataset.turn !== 'idle'")
            page.wait_for_function("document.body.dataset.turn === 'idle'", timeout=120_000)
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
