"""On a phone: fingers instead of a mouse, little room, and letters of twice the size."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from .browser import Browsers, Watched, opened
from .servers import Servers
from .test_companion import placement
from .test_page import LONG, configured

pytestmark = pytest.mark.browser

PHONE = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2}
SIZE = {"width": 390, "height": 844}
PANELS = ("Conversations", "Memory", "Characters", "Backgrounds", "Group", "Speed", "Settings")

CUT = """(scope) => {
    const all = document.querySelector(scope).querySelectorAll(
        "button, a[href], textarea, select, summary, input:not([type=file])",
    );
    const wrong = [];
    const scrolls = (node) =>
        node !== null &&
        (["auto", "scroll"].includes(getComputedStyle(node).overflowY) ||
            scrolls(node.parentElement));
    for (const control of all) {
        if (!control.checkVisibility({ visibilityProperty: true })) continue;
        if (scrolls(control)) control.scrollIntoView({ block: "nearest", inline: "nearest" });
        const { left, top, right, bottom, width, height } = control.getBoundingClientRect();
        if (width < 2 || height < 2) continue; // stands for something that is drawn beside it
        const name = control.ariaLabel || control.textContent.trim() || control.outerHTML;
        if (left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1) {
            wrong.push(`${name} is out of sight`);
            continue;
        }
        const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        const label = control.closest("label") ?? control;
        if (!label.contains(hit) && !hit?.contains(control)) {
            wrong.push(`${name} is covered by ${hit?.outerHTML.slice(0, 80)}`);
        }
        if (control.innerText.trim() && control.scrollWidth > control.clientWidth + 1) {
            wrong.push(`${name} is wider than its frame`);
        }
    }
    return wrong;
}"""
"""Controls that somebody cannot see or press."""

WIDE = """() => {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
    return scrollWidth > clientWidth || scrollHeight > clientHeight;
}"""


@contextmanager
def phone(servers: Servers, browsers: Browsers, *arguments: str, **more: Any) -> Iterator[Watched]:
    url = servers.wrens_url(configured(LONG))
    with opened(browsers, url, *arguments, **{**SIZE, **PHONE, **more}) as page:
        page.wait_for_avatar("picture")
        page.wait_for_status("Ready")
        yield page


def open_panel(page: Watched, name: str) -> None:
    """Tap the menu where there is one, and the panel's name."""
    menu = page.page.get_by_role("button", name="More", exact=True)
    if menu.is_visible():
        menu.tap()
        page.page.get_by_role("menuitem", name=name, exact=True).tap()
    else:
        page.page.get_by_role("button", name=name, exact=True).tap()
    page.page.get_by_role("dialog", name=name).wait_for()


def settled(page: Watched) -> None:
    """Wait until nothing moves any more that comes to an end."""
    page.page.evaluate(
        """() => Promise.allSettled(
            document.getAnimations()
                .filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity)
                .map(({ finished }) => finished),
        )"""
    )


def test_the_menu_opens_all_panels_by_touch(servers: Servers, browsers: Browsers) -> None:
    with phone(servers, browsers) as page:
        for name in PANELS:
            open_panel(page, name)
            settled(page)
            sheet = page.page.get_by_role("dialog", name=name)
            assert not page.page.evaluate(WIDE), name
            assert sheet.evaluate("sheet => sheet.scrollWidth <= sheet.clientWidth"), name
            assert page.page.evaluate(CUT, "[role=dialog]") == [], name
            sheet.get_by_role("button", name="Close", exact=True).tap()
            sheet.wait_for(state="detached")
        page.page.get_by_label("Message", exact=True).tap()
        page.page.keyboard.type("Hello.")
        page.page.get_by_label("Send", exact=True).tap()
        page.wait_for("conversation-chain-end")
        assert page.page.evaluate(CUT, ".page") == []
        assert not page.page.evaluate(WIDE)


def test_fingers_move_and_size_her_and_not_the_page(servers: Servers, browsers: Browsers) -> None:
    with phone(servers, browsers) as page:
        box = page.page.locator(".stage").bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        touch = toucher(page)
        touch([(x, y)], [(x + 90, y + 60)])
        dragged = placement(page)
        assert dragged["x"] > 0.1
        assert dragged["y"] > 0.05
        assert dragged["scale"] == 1
        touch([(x - 30, y), (x + 30, y)], [(x - 120, y), (x + 120, y)])
        assert placement(page)["scale"] > 1.5
        touch([(x, y + 60)], [(x, y - 200)])
        state = "[visualViewport.scale, scrollX, scrollY, document.scrollingElement.scrollTop]"
        assert page.page.evaluate(state) == [1, 0, 0, 0]
        back = page.page.get_by_role("button", name="Put back into place")
        back.tap()
        back.wait_for(state="detached")


def toucher(
    page: Watched,
) -> Callable[[list[tuple[float, float]], list[tuple[float, float]]], None]:
    """Return what moves fingers from places to others, as the screen of a phone reports it."""
    session = page.page.context.new_cdp_session(page.page)

    def send(kind: str, places: list[tuple[float, float]]) -> None:
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def touch(begin: list[tuple[float, float]], end: list[tuple[float, float]]) -> None:
        send("touchStart", begin)
        for step in range(1, 9):
            share = step / 8
            pairs = zip(begin, end, strict=True)
            send(
                "touchMove",
                [(a + (c - a) * share, b + (d - b) * share) for (a, b), (c, d) in pairs],
            )
        page.page.wait_for_timeout(150)  # a finger that rests before it leaves throws nothing
        send("touchEnd", [])

    return touch


def usable(page: Watched, letter_px: int) -> None:
    """A long message has room for some lines and words, and can be sent; then it is taken back."""
    box = page.page.get_by_label("Message", exact=True)
    box.fill("line\n" * 12 + "the last")
    frame = box.evaluate(
        """box => {
            const { left, top, right, bottom } = box.parentElement.getBoundingClientRect();
            const inSight = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
            return [inSight, right - left, bottom - top];
        }"""
    )
    assert frame[0]
    assert frame[1] >= 7 * letter_px
    assert frame[2] >= 4 * letter_px
    page.page.get_by_role("button", name="Send").click(trial=True)
    box.fill("")


LARGE = [
    ("page", {"width": 640, "height": 400, "device_scale_factor": 2}),
    ("page", {"width": 640, "height": 360, "device_scale_factor": 2}),
    ("letters", {"width": 1280, "height": 800}),
    ("letters", {**SIZE, **PHONE}),
]
"""Screens with a page, then letters, of twice the size; then a phone with such letters."""


@pytest.mark.parametrize(
    ("what", "device"), LARGE, ids=["page", "low-page", "letters", "letters-phone"]
)
def test_twice_the_size_cuts_no_control(
    servers: Servers, browsers: Browsers, what: str, device: dict[str, Any]
) -> None:
    none: dict[str, Any] = {"has_touch": True, "is_mobile": False, "device_scale_factor": 1}
    letters = ["--blink-settings=defaultFontSize=32"] if what == "letters" else []
    with phone(servers, browsers, *letters, **{**none, **device}) as page:
        if letters:
            root = "getComputedStyle(document.documentElement).fontSize"
            assert page.page.evaluate(root) == "32px"
        assert page.page.evaluate(CUT, ".page") == []
        letter_px = 32 if letters else 16
        usable(page, letter_px)
        page.write("Hello.")
        page.wait_for("audio")
        assert page.page.evaluate(CUT, ".page") == []
        page.wait_for("conversation-chain-end")
        page.page.get_by_role("button", name="Understood").tap()
        conversation = page.page.get_by_role("button", name=re.compile("(Show|Hide) the conv"))
        conversation.tap()
        assert page.page.evaluate(CUT, ".page") == []
        assert not page.page.evaluate(WIDE)
        wrong = {}
        for name in PANELS:
            open_panel(page, name)
            settled(page)
            if cut := page.page.evaluate(CUT, "[role=dialog]"):
                wrong[name] = cut
            page.page.keyboard.press("Escape")
            page.page.get_by_role("dialog").wait_for(state="detached")
        assert wrong == {}
