"""With the keyboard alone: every control in a sensible order, and always to be seen which."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from PIL import Image

from .browser import Browsers, Watched, opened
from .instruments import Pixels, difference
from .servers import Servers
from .test_companion import placement
from .test_page import LONG, Microphone, configured

pytestmark = pytest.mark.browser

PANELS = ("Conversations", "Memory", "Characters", "Looks", "Backgrounds", "Group", "Settings")
ORDER = [
    *PANELS,
    "Tools and views",
    "Hide the conversation",
    "Wren.",
    "Conversation",
    "What have you been up to today?",
    "Tell me a very short story.",
    "Cheer me up a bit!",
    "Understood",
    "Microphone",
    "Message",
    "Add a picture",
    "Let the character see through your camera",
    "Let the character see your screen",
    "Let Wren say something",
    "Mute the voice",
]
"""What Tab goes through on a page where nothing was said; what cannot be done is left out."""

FOCUSED = """() => {
    const { activeElement: one } = document;
    if (one === document.body) return "";
    return one.ariaLabel ?? one.textContent.trim();
}"""


@contextmanager
def page_of(
    servers: Servers, browsers: Browsers, *arguments: str, tone_s: float = 0.3
) -> Iterator[Watched]:
    """Open a page of Wren's, who hears those whose browser has a microphone in `arguments`."""
    values = configured(LONG, tone_s, hears=bool(arguments))
    values["character_config"] |= {"conf_name": "Wren", "character_name": "Wren"}
    url = servers.wrens_url(values)
    with opened(browsers, url, *arguments, reduced_motion="reduce") as page:
        page.wait_for_avatar("picture")
        page.wait_for_status("Ready")
        yield page


def focused(page: Watched) -> str:
    """Return the name of what has the focus; "" if nothing has."""
    name: str = page.page.evaluate(FOCUSED)
    return name


def press(page: Watched, *keys: str) -> None:
    for key in keys:
        page.page.keyboard.press(key)


def tab_to(page: Watched, name: str, key: str = "Tab") -> None:
    """Go to a control, as somebody does who sees where the focus is."""
    for _ in range(40):
        if focused(page).startswith(name):
            return
        press(page, key)
    raise AssertionError(f"{key} does not lead to {name}")


def around(page: Watched) -> dict[str, float]:
    """Return the frame of what has the focus, with some room around it."""
    box: dict[str, float] = page.page.evaluate(
        """() => {
            const { left, top, right, bottom } = document.activeElement.getBoundingClientRect();
            const [x, y] = [Math.max(0, left - 8), Math.max(0, top - 8)];
            const width = Math.min(innerWidth, right + 8) - x;
            return { x, y, width, height: Math.min(innerHeight, bottom + 8) - y };
        }"""
    )
    return box


def shot(page: Watched, clip: dict[str, float]) -> Pixels:
    png = page.page.screenshot(clip=clip)  # type: ignore[arg-type]
    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(image.convert("RGB"), np.float32)


def test_tab_reaches_everything_in_order_and_shows_where_it_is(
    servers: Servers, browsers: Browsers
) -> None:
    with page_of(servers, browsers) as page:
        seen: list[str] = []
        unmarked = []
        while True:
            press(page, "Tab")
            name = focused(page)
            if not name or name in seen:
                break
            seen.append(name)
            clip = around(page)
            marked = shot(page, clip)
            page.page.evaluate("window.was = document.activeElement; window.was.blur()")
            if difference(marked, shot(page, clip)) == 0:
                unmarked.append(name)
            page.page.evaluate("window.was.focus()")
        assert [
            next((one for one in ORDER if name.startswith(one)), name) for name in seen
        ] == ORDER
        assert unmarked == []
        press(page, "Shift+Tab")
        assert focused(page) != ""


@pytest.fixture(scope="module")
def one_page(servers: Servers, browsers: Browsers) -> Iterator[Watched]:
    """A page for all panels, each of which leaves it as it was."""
    with page_of(servers, browsers) as page:
        yield page


@pytest.mark.parametrize("name", PANELS)
def test_panels_trap_the_focus_and_give_it_back(one_page: Watched, name: str) -> None:
    page = one_page
    tab_to(page, name)
    press(page, "Enter")
    sheet = page.page.get_by_role("dialog", name=name)
    sheet.wait_for()
    inside = "sheet => sheet.contains(document.activeElement)"
    page.until(lambda: bool(sheet.evaluate(inside)))
    reached = set()
    for _ in range(24):
        press(page, "Tab")
        assert sheet.evaluate(inside)
        reached.add(focused(page))
    assert "Close" in reached
    press(page, "Escape")
    sheet.wait_for(state="detached")
    page.until(lambda: focused(page) == name)


def test_a_conversation_by_keys_alone(
    servers: Servers, browsers: Browsers, microphone: Microphone
) -> None:
    says = microphone("human_goforward", silence_s=30.0)
    with page_of(servers, browsers, *says, tone_s=20.0) as page:
        tab_to(page, "Message")
        page.page.keyboard.type("Tell me.")
        press(page, "Shift+Enter")
        page.page.keyboard.type("All of it.")
        press(page, "Enter")
        page.wait_for_words("ai")
        assert page.bubbles("human") == ["Tell me.\nAll of it."]
        # Escape closes what is open first; she goes on speaking.
        tab_to(page, "Settings", "Shift+Tab")
        press(page, "Enter")
        page.page.get_by_role("dialog").wait_for()
        press(page, "Escape")
        page.page.get_by_role("dialog").wait_for(state="detached")
        assert page.sent("interrupt-signal") == []
        press(page, "Escape")
        page.wait_for_status("Ready")
        assert len(page.sent("interrupt-signal")) == 1
        # The button to stop her is there while she speaks, and the focus is not lost with it.
        tab_to(page, "Message")
        page.page.keyboard.type("And now?")
        press(page, "Enter")
        page.wait_for_bubbles("ai", 2)
        tab_to(page, "Stop the answer")
        press(page, "Enter")
        page.wait_for_status("Ready")
        assert len(page.sent("interrupt-signal")) == 2
        assert focused(page) == "Message"
        # The microphone is a switch.
        tab_to(page, "Microphone", "Shift+Tab")
        press(page, "Space")
        page.wait_for_status("Listening")
        page.wait_for("user-input-transcription")
        press(page, "Enter")
        page.until(lambda: len(page.sent("mic-stream-stop")) == 1)


def test_she_is_moved_by_keys(servers: Servers, browsers: Browsers) -> None:
    with page_of(servers, browsers) as page:
        tab_to(page, "Wren.")
        press(page, "ArrowRight", "ArrowRight", "ArrowDown", "+")
        where: dict[str, Any] = placement(page)
        assert where["x"] > 0
        assert where["y"] > 0
        assert where["scale"] > 1
        press(page, "Tab")
        assert focused(page) == "Put back into place"
        press(page, "Enter")
        page.page.get_by_role("button", name="Put back into place").wait_for(state="detached")
        page.until(lambda: focused(page).startswith("Wren."))
