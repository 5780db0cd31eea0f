"""The sheet of what she remembers, in a real browser, against a real server and database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Locator, expect

from tests.support.live import live

from .axe import violations
from .browser import Browsers, Watched, opened
from .panels import DESKTOP, PHONE, page_alone, panel, repeating, said, talk

pytestmark = pytest.mark.browser

LYON = "I live in Lyon."
TEA = "I drink jasmine tea."
WEDDING = "My sister's wedding is on Saturday."


def fact(text: str, **more: Any) -> dict[str, Any]:
    """Return something as a file of the page has it, that is taken as it is."""
    known = {"kind": "told", "slot": "", "day": None, "pinned": False, "edited": True}
    return {"text": text, "said_at": "2026-05-03T10:00:00", **known, **more}


FACTS = [
    fact(LYON, kind="life", slot="home"),
    fact(TEA, kind="taste", pinned=True),
    fact(WEDDING, kind="date", slot="sister/wedding", day="2026-05-09"),
]


def file(folder: Path, facts: list[dict[str, Any]] = FACTS) -> Path:
    path = folder / "memory.json"
    kept = {"format": "open-llm-vtuber-memory", "version": 1, "facts": facts}
    path.write_text(json.dumps(kept), "utf-8")
    return path


def rows(sheet: Locator, name: str = "What she remembers") -> Locator:
    return sheet.get_by_role("list", name=name).get_by_role("listitem")


def filled(page: Watched, folder: Path, facts: list[dict[str, Any]] = FACTS) -> Locator:
    """Open the sheet and take a file in."""
    sheet = panel(page, "Memory")
    sheet.locator("input[type=file]").set_input_files(file(folder, facts))
    rows(sheet).nth(len(facts) - 1).wait_for()
    page.page.get_by_role("button", name="Dismiss").click()
    return sheet


def test_what_is_told_is_remembered_found_and_led_back_to(
    tmp_path: Path, browsers: Browsers
) -> None:
    with page_alone(tmp_path, browsers, remembers=True) as page:
        sheet = panel(page, "Memory")
        sheet.get_by_text("Nothing yet.").wait_for()
        page.page.keyboard.press("Escape")
        talk(page, "My name is Ada. Lovely weather.", "The moon.")
        sheet = panel(page, "Memory")
        sheet.get_by_text("My name is Ada.").wait_for()
        assert rows(sheet).count() == 1
        assert "Name" in rows(sheet).inner_text()
        search = sheet.get_by_role("searchbox")
        search.fill("WEATHER")
        sheet.get_by_title("Open its conversation").first.wait_for()
        assert sheet.locator("mark").first.inner_text().lower() == "weather"
        search.fill("nobody said this")
        sheet.get_by_text("She remembers nothing with").wait_for()
        sheet.get_by_role("button", name="Clear the search").click()
        sheet.get_by_role("button", name="open the conversation in which").click()
        sheet.wait_for(state="detached")
        said(page, "My name is Ada. Lovely weather.")


def test_it_is_pinned_and_put_right(tmp_path: Path, browsers: Browsers) -> None:
    with page_alone(tmp_path, browsers, remembers=True) as page:
        sheet = filled(page, tmp_path)
        expect(rows(sheet).nth(0)).to_contain_text(TEA)
        wedding = rows(sheet).filter(has_text=WEDDING)
        expect(wedding).to_contain_text("on Sat, May 9, 2026")
        pin = sheet.get_by_role("button", name=f"Keep at the top: {LYON}")
        pin.click()
        expect(pin).to_have_attribute("aria-pressed", "true")
        sheet.get_by_role("button", name=f"Keep at the top: {TEA}").click()
        expect(rows(sheet).nth(0)).to_contain_text(LYON)
        # Put right with the keyboard alone; what is left by Escape changes nothing.
        pencil = sheet.get_by_role("button", name=f"Correct: {LYON}")
        pencil.focus()
        page.page.keyboard.press("Enter")
        field = sheet.get_by_role("textbox", name="What is right")
        expect(field).to_be_focused()
        field.fill("No.")
        page.page.keyboard.press("Escape")
        assert sheet.is_visible()
        expect(pencil).to_be_focused()
        page.page.keyboard.press("Enter")
        expect(field).to_have_value(LYON)
        field.fill("I live in Nantes.")
        page.page.keyboard.press("Enter")
        corrected = rows(sheet).nth(0)
        expect(corrected).to_contain_text("I live in Nantes.")
        expect(corrected).to_contain_text("corrected")
        expect(sheet.get_by_role("button", name="Correct: I live in Nantes.")).to_be_focused()
        assert sheet.get_by_text(LYON).count() == 0


def test_what_is_forgotten_says_what_goes_and_what_stays(
    tmp_path: Path, browsers: Browsers
) -> None:
    with page_alone(tmp_path, browsers, remembers=True) as page:
        talk(page, "The jasmine tea was cold today.")
        sheet = filled(page, tmp_path)
        bin_ = sheet.get_by_role("button", name=f"Forget: {TEA}")
        bin_.click()
        question = sheet.get_by_role("group", name="Forget this?")
        keep = question.get_by_role("button", name="Keep it")
        expect(keep).to_be_focused()
        page.page.keyboard.press("Escape")
        question.wait_for(state="detached")
        assert sheet.is_visible()
        expect(bin_).to_be_focused()
        assert page.sent("forget-fact") == []

        bin_.click()
        question.get_by_role("button", name="Forget it").click()
        left = sheet.get_by_role("group", name="Other messages that mention it")
        left.wait_for()
        expect(left).to_be_focused()
        assert rows(sheet).count() == 2
        assert b"I drink jasmine" not in database(tmp_path)
        # Both what was said and what she answered.
        by_person = page.page.get_by_text("You", exact=True)
        mentioned = left.get_by_role("listitem").filter(has=by_person)
        assert "cold today" in mentioned.inner_text()
        assert violations(page.page) == []
        mentioned.get_by_role("button", name="Delete the message").click()
        mentioned.get_by_role("button", name="Delete it").click()
        mentioned.wait_for(state="detached")
        # She knows the conversation without it, and so does the page.
        page.wait_for("history-data")
        page.until(lambda: page.bubbles("human") == [])
        if left.count():
            left.get_by_role("button", name="Keep them").click()
            left.wait_for(state="detached")
        assert violations(page.page) == []


def database(folder: Path) -> bytes:
    """Return the bytes of what is stored."""
    return b"".join(path.read_bytes() for path in (folder / "chat_history").glob("history.db*"))


def test_everything_is_forgotten_after_one_more_question(
    tmp_path: Path, browsers: Browsers
) -> None:
    with page_alone(tmp_path, browsers, remembers=True) as page:
        sheet = filled(page, tmp_path)
        sheet.get_by_role("button", name="Forget everything").click()
        question = sheet.get_by_role("group", name="Forget everything?")
        question.get_by_role("button", name="Keep it").click()
        question.wait_for(state="detached")
        assert rows(sheet).count() == 3
        sheet.get_by_role("button", name="Forget everything").click()
        question.get_by_role("button", name="Forget everything").click()
        sheet.get_by_text("Nothing yet.").wait_for()
        assert b"Lyon" not in database(tmp_path)


def test_whose_memory_it_is_is_asked_once(tmp_path: Path, browsers: Browsers) -> None:
    width, height = DESKTOP
    with live(tmp_path, repeating(remembers=True)) as server:
        with opened(browsers, server.url, width=width, height=height) as page:
            sheet = filled(page, tmp_path)
            sheet.get_by_role("checkbox", name="What she remembers so far is about me").wait_for()
            sheet.get_by_label("Who talks with her here?").fill(" Ada ")
            sheet.get_by_role("button", name="Save", exact=True).click()
            sheet.get_by_text("What she remembers about Ada").wait_for()
            rows(sheet).nth(2).wait_for()
            page.page.reload()
            page.until(lambda: len(page.sent("set-person")) == 2)
            assert [one["person"] for one in page.sent("set-person")] == ["Ada", "Ada"]
            sheet = panel(page, "Memory")
            rows(sheet).nth(2).wait_for()
            sheet.get_by_text("What she remembers about Ada").wait_for()
        with opened(browsers, server.url, width=width, height=height) as page:
            sheet = panel(page, "Memory")
            sheet.get_by_text("Nothing yet.").wait_for()
            assert page.sent("set-person") == []
            sheet.get_by_role("button", name="Nobody but me").click()
            sheet.get_by_text("What she remembers about you").wait_for()


def test_a_name_is_asked_for_beside_the_first_words(tmp_path: Path, browsers: Browsers) -> None:
    with live(tmp_path, repeating(remembers=True)) as server:
        with opened(browsers, server.url) as page:
            field = page.page.get_by_role("textbox", name="What is your name?")
            field.wait_for()
            expect(field).not_to_be_focused()
            assert violations(page.page) == []
            assert page.page.get_by_role("checkbox").count() == 0
            # What is said meanwhile is of nobody yet, and may be of who gives a name then.
            talk(page, "I live in Lyon.")
            assert page.page.get_by_role("checkbox").count() == 0  # nobody answers yet
            field.focus()
            page.page.get_by_text("Without the tick a new conversation begins").wait_for()
            expect(page.page.get_by_role("checkbox")).to_be_checked()
            assert violations(page.page) == []
            field.fill(" Ada ")
            field.press("Enter")
            field.wait_for(state="detached")
            expect(page.page.get_by_label("Message", exact=True)).to_be_focused()
            assert [one["takes_over"] for one in page.sent("set-person")] == [True]
            sheet = panel(page, "Memory")
            sheet.get_by_text("What she remembers about Ada").wait_for()
            sheet.get_by_text("I live in Lyon.").wait_for()
            page.page.reload()
            page.until(lambda: len(page.sent("set-person")) == 2)
            page.wait_for_status("Ready")
            assert field.count() == 0
        with opened(browsers, server.url, settings={"person": "Kim"}) as page:
            sheet = panel(page, "Memory")
            sheet.get_by_text("Nothing yet but the name.").wait_for()  # that is known
        with opened(browsers, server.url, width=PHONE[0], height=PHONE[1]) as page:
            skip = page.page.get_by_role("button", name="Skip")
            skip.wait_for()
            # One line: the conversation and the tools stay in view.
            bounds = page.page.locator("[data-names]").bounding_box()
            assert bounds
            assert bounds["height"] <= 64
            assert violations(page.page) == []
            assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            skip.click()
            field = page.page.get_by_role("textbox", name="What is your name?")
            field.wait_for(state="detached")
            page.page.get_by_role("button", name="Understood").wait_for()
            page.page.reload()
            page.page.get_by_role("button", name="Understood").wait_for()
            assert field.count() == 0
            assert page.sent("set-person") == []


def test_no_name_is_asked_for_where_nothing_is_remembered(
    tmp_path: Path, browsers: Browsers
) -> None:
    with page_alone(tmp_path, browsers) as page:
        page.wait_for("memory")
        page.page.get_by_role("button", name="Understood").wait_for()
        assert page.page.get_by_role("textbox", name="What is your name?").count() == 0


def test_it_is_switched_off_for_a_conversation_or_altogether(
    tmp_path: Path, browsers: Browsers
) -> None:
    with page_alone(tmp_path, browsers, remembers=True) as page:
        sheet = panel(page, "Memory")
        this = sheet.get_by_role("switch", name="Remember this conversation")
        this.click()
        expect(this).to_have_attribute("aria-checked", "false")
        page.page.keyboard.press("Escape")
        talk(page, "My name is Ada.", "My name is Grace.")
        sheet = panel(page, "Memory")
        sheet.get_by_text("My name is Grace.").wait_for()
        expect(this).to_have_attribute("aria-checked", "true")
        assert sheet.get_by_text("My name is Ada.").count() == 0

        at_all = sheet.get_by_role("switch", name="She remembers")
        at_all.click()
        expect(at_all).to_have_attribute("aria-checked", "false")
        this.wait_for(state="detached")
        values = yaml.safe_load((tmp_path / "conf.yaml").read_text("utf-8"))
        agent = values["character_config"]["agent_config"]["agent_settings"]
        assert agent["basic_memory_agent"]["remembers"] is False


def test_it_is_saved_and_taken_in_elsewhere(tmp_path: Path, browsers: Browsers) -> None:
    with page_alone(tmp_path, browsers, remembers=True) as page:
        sheet = filled(page, tmp_path)
        with page.page.expect_download() as download:
            sheet.get_by_role("button", name="Save as a file").click()
        kept = json.loads(download.value.path().read_text("utf-8"))
        by_text = {one["text"]: one for one in kept["facts"]}
        assert by_text == {one["text"]: one for one in FACTS}
        # Once more it is nothing new, and another file is none.
        sheet.locator("input[type=file]").set_input_files(download.value.path())
        page.page.get_by_text("3 things were loaded.").wait_for()
        assert rows(sheet).count() == 3
        other = tmp_path / "other.json"
        other.write_text("[]", "utf-8")
        sheet.locator("input[type=file]").set_input_files(other)
        page.page.get_by_text("This file was not saved here").wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_everybody_can_use_it(
    tmp_path: Path, browsers: Browsers, theme: str, size: tuple[int, int]
) -> None:
    """Nothing that axe-core finds, and nothing wider than a phone."""
    width, height = size
    long = fact("I have collected stamps since I was eleven years old, " * 6 + "all of them.")
    with (
        live(tmp_path, repeating(remembers=True)) as server,
        opened(browsers, server.url, width=width, height=height, settings={"theme": theme}) as page,
    ):
        sheet = filled(page, tmp_path, [*FACTS, long, fact("x" * 300)])
        assert violations(page.page) == []
        assert sheet.evaluate("sheet => sheet.scrollWidth <= sheet.clientWidth")
        sheet.get_by_role("button", name=f"Forget: {LYON}").click()
        sheet.get_by_role("button", name=f"Correct: {TEA}").click()
        assert violations(page.page) == []
        assert sheet.evaluate("sheet => sheet.scrollWidth <= sheet.clientWidth")


def test_it_speaks_chinese(tmp_path: Path, browsers: Browsers) -> None:
    with (
        live(tmp_path, repeating(remembers=True)) as server,
        opened(browsers, server.url, settings={"language": "zh"}) as page,
    ):
        page.page.get_by_role("button", name="记忆", exact=True).click()
        sheet = page.page.get_by_role("dialog", name="记忆")
        sheet.locator("input[type=file]").set_input_files(file(tmp_path))
        wedding = rows(sheet, "角色记得的事").filter(has_text=WEDDING)
        expect(wedding).to_contain_text("2026年5月9日周六")
        wedding.get_by_role("button", name=f"忘记：{WEDDING}").click()
        wedding.get_by_role("button", name="忘记", exact=True).click()
        wedding.wait_for(state="detached")
