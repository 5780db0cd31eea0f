"""What is told covers nothing that can be pressed, at any size, and goes when it is of no use."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import FloatRect, Locator, expect

from tests.support.live import conf, live
from tests.support.product import furnish, with_wren

from .axe import violations
from .browser import Browsers, Watched, opened, shoot
from .panels import panel
from .test_characters import BROKEN
from .test_notices import values_at
from .test_page import MUTE

pytestmark = pytest.mark.browser

SIZES = [(1280, 800), (1024, 600), (390, 844)]
WAITING = "tests.e2e.gated:WaitingASR"

DROP = """() => {
    for (let each = 0; each < 3; each++) {
        const files = new DataTransfer();
        files.items.add(new File(["no"], `${"long ".repeat(30)}${each}.png`));
        const drop = new DragEvent("drop", { dataTransfer: files, bubbles: true });
        document.body.dispatchEvent(drop);
    }
}"""
"""Drops what is no picture, which is told three times."""

COVERED = """sheet => {
    const controls = sheet.querySelectorAll("button, input, select, textarea, [role=slider]");
    return [...controls].filter((one) => {
        if (one.closest(".notice") || !one.checkVisibility()) return false;
        one.scrollIntoView({ block: "nearest" });
        const { left, top, width, height } = one.getBoundingClientRect();
        const hit = document.elementFromPoint(left + width / 2, top + height / 2);
        return hit?.closest(".notice") != null;
    }).map((one) => one.outerHTML.slice(0, 120));
}"""


def top_of_dock(page: Watched) -> float:
    top: float = page.page.locator(".speak").evaluate("one => one.getBoundingClientRect().top")
    return top


def box(locator: Locator) -> FloatRect:
    found = locator.bounding_box()
    assert found is not None
    return found


@pytest.mark.parametrize("size", SIZES)
def test_notices_cover_no_control_of_a_sheet_nor_the_dock(
    tmp_path: Path, browsers: Browsers, size: tuple[int, int]
) -> None:
    width, height = size
    values = conf(asr=MUTE, vad=None, sections={"tone_tts": {"seconds": 0.1}})
    furnish(tmp_path)
    with (
        live(tmp_path, with_wren(values)) as server,
        opened(browsers, server.url, width=width, height=height) as page,
    ):
        page.wait_for_status("Ready")
        for name in ("Settings", "Characters"):
            sheet = panel(page, name)
            page.page.evaluate(DROP)
            sheet.locator(".notice").nth(2).wait_for()
            page.page.wait_for_timeout(400)  # they come flying
            shoot(page, f"covered-{name}-{width}")
            assert sheet.evaluate(COVERED) == []
            assert violations(page.page) == []
            page.page.keyboard.press("Escape")
            sheet.wait_for(state="detached")
        notices = page.page.locator(".notice")
        lowest = max(box(one)["y"] + box(one)["height"] for one in notices.all())
        assert lowest <= top_of_dock(page)


@pytest.mark.parametrize("size", SIZES)
def test_what_failed_fits_above_the_dock(
    tmp_path: Path, browsers: Browsers, size: tuple[int, int]
) -> None:
    width, height = size
    furnish(tmp_path)
    values = values_at(9)  # where nothing listens
    with (
        live(tmp_path, values) as server,
        opened(browsers, server.url, width=width, height=height) as page,
    ):
        card = page.page.locator("section.card")
        card.get_by_role("alert").wait_for()
        page.page.wait_for_timeout(300)
        shoot(page, f"failed-{width}")
        found = box(card)
        assert found["y"] >= box(page.page.locator(".bottom > .above"))["y"]
        assert found["y"] + found["height"] <= top_of_dock(page)
        for name in ("Close", "Open settings"):
            button = card.get_by_role("button", name=name)
            inside = box(button)
            assert inside["y"] >= found["y"]
            assert inside["y"] + inside["height"] <= found["y"] + found["height"]
            button.click(trial=True)
        # All that is told of it can be scrolled to.
        told = card.get_by_role("group")
        told.evaluate("one => one.scrollTo(0, one.scrollHeight)")
        shut = told.evaluate("one => one.scrollHeight - one.scrollTop - one.clientHeight")
        assert shut <= 1
        assert violations(page.page) == []


def test_what_failed_ends_the_progress_although_something_is_still_loading(
    tmp_path: Path, browsers: Browsers
) -> None:
    gate = tmp_path / "open"
    values = conf(asr=WAITING, vad=None, llm=BROKEN, sections={"waiting_asr": {"gate": str(gate)}})
    furnish(tmp_path)
    with live(tmp_path, with_wren(values)) as server, opened(browsers, server.url) as page:
        card = page.page.locator("section.card")
        card.get_by_role("alert").wait_for()
        expect(card.get_by_role("heading")).to_have_text("Something could not be loaded")
        expect(card).to_contain_text("Speech recognition")
        assert card.get_by_text("%").count() == 0
        assert card.get_by_role("progressbar", name="How far everything is").count() == 0
        shoot(page, "failed-while-loading")
        # Put away it stays so when the rest has come.
        card.get_by_role("button", name="Close").click()
        gate.touch()
        page.until(
            lambda: all(
                one["state"] in ("ready", "failed")
                for one in page.received("loading-progress")[-1]["engines"]
            ),
            "the rest",
        )
        expect(card).to_have_count(0)


def test_an_offer_to_talk_goes_when_it_is_taken_otherwise(
    tmp_path: Path, browsers: Browsers
) -> None:
    values = conf(asr=MUTE, vad=None, sections={"tone_tts": {"seconds": 0.1}})
    with live(tmp_path, values) as server, opened(browsers, server.url) as page:
        for name in ("Ada", "Eve"):
            sheet = panel(page, "Characters")
            sheet.get_by_role("button", name="New character").click()
            sheet.get_by_label("Name", exact=True).fill(name)
            sheet.get_by_label("Personality").fill("You are {{char}}.")
            sheet.get_by_role("button", name="Create", exact=True).click()
            offer = page.page.locator(".notice").filter(has_text=f"{name} is here. Talk now?")
            offer.wait_for()
            page.page.wait_for_timeout(300)
            # While it is pointed at, it stays.
            middle = box(offer)
            page.page.mouse.move(middle["x"] + 20, middle["y"] + 20)
            page.page.mouse.move(middle["x"] + 60, middle["y"] + 20)
            if name == "Ada":
                sheet.get_by_role("button", name="Talk with Ada").press("Enter")
                page.wait_for("config-switched")
            else:  # it goes with its sheet from below the pointer, and then after a while
                page.page.keyboard.press("Escape")
                sheet.wait_for(state="detached")
            expect(offer).to_have_count(0, timeout=20_000)
            if name == "Ada":
                page.page.keyboard.press("Escape")
                sheet.wait_for(state="detached")
