"""The lorebook of a character in a real browser: written, moved, saved, told, and put together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, expect

from open_llm_vtuber.cards.files import read
from tests.cards.makers import FILES

from .axe import violations
from .browser import Browsers, Watched, opened
from .panels import DESKTOP, PHONE, panel, talk
from .test_character_editor import RECITING, REFUSED, row, serving, until_focused

pytestmark = pytest.mark.browser


def edit(page: Watched, name: str) -> Locator:
    """Open the editor of a character; return her lorebook in it."""
    sheet = panel(page, "Characters")
    row(sheet, name).get_by_role("button", name=f"Edit {name}").click()
    return sheet.get_by_role("region", name="Lorebook")


def heads(lore: Locator) -> Locator:
    return lore.locator("[data-opens]")


def stored(url: str, file: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = httpx.get(f"{url}/character-lore/{file}").json()["entries"]
    return found


def save(page: Watched) -> None:
    page.page.get_by_role("button", name="Save", exact=True).click()
    page.page.get_by_text("All is saved").wait_for()


def test_entries_are_written_moved_saved_and_told(tmp_path: Path, browsers: Browsers) -> None:
    width, height = DESKTOP
    with (
        serving(tmp_path, llm=RECITING) as server,
        opened(browsers, server.url, width=width, height=height) as page,
    ):
        talk(page, "What of the lighthouse?")
        lore = edit(page, "tester")
        lore.get_by_text("She has none yet.").wait_for()
        for words, text in (("lighthouse, tower", "It burned down."), ("", "It rains.")):
            lore.get_by_role("button", name="Add an entry").click()
            expect(lore.get_by_label("Words").last).to_be_focused()
            lore.get_by_label("Words").last.fill(words)
            lore.get_by_label("What she is told then").last.fill(text)
        lore.get_by_text("She is never told this: give it a word").wait_for()
        lore.get_by_label("Always told").check()
        expect(lore.get_by_text("She is never told this")).to_have_count(0)
        lore.get_by_role("button", name="Move entry 2 up").click()
        # It is the first now, and can only go down.
        expect(lore.get_by_role("button", name="Move entry 1 down")).to_be_focused()
        assert violations(page.page) == []
        save(page)
        told = stored(server.url, "conf.yaml")
        assert [one["content"] for one in told] == ["It rains.", "It burned down."]
        assert [one["constant"] for one in told] == [True, False]
        assert told[1]["keys"] == ["lighthouse", "tower"]
        assert "card: " in (tmp_path / "conf.yaml").read_text("utf-8")
        # In the conversation that goes on she knows it.
        page.page.keyboard.press("Escape")
        talk(page, "What of the lighthouse?")
        newest = page.page.locator(".bubble.ai").last
        expect(newest).to_contain_text("It rains.")
        expect(newest).to_contain_text("It burned down.)")  # beside the words, not kept
        # Switched off, deleted, had back; nothing of that is saved before it is.
        lore = edit(page, "tester")
        heads(lore).nth(1).click()
        lore.get_by_label("Switched on").uncheck()
        heads(lore).nth(0).click()
        lore.get_by_role("button", name="Delete entry 1").click()
        expect(heads(lore)).to_have_count(1)
        expect(heads(lore).first).to_be_focused()
        page.page.get_by_role("button", name="Undo").click()
        expect(heads(lore)).to_have_count(2)
        assert stored(server.url, "conf.yaml") == told
        save(page)
        assert [one["enabled"] for one in stored(server.url, "conf.yaml")] == [True, False]
        card = httpx.get(f"{server.url}/character-cards/conf.yaml?form=json").content
        book = read(card).card.character_book
        assert book is not None
        assert sorted(one.content for one in book.entries) == ["It burned down.", "It rains."]


def test_what_is_wrong_is_told_and_what_was_left_is_kept(
    tmp_path: Path, browsers: Browsers
) -> None:
    with (
        serving(tmp_path) as server,
        opened(browsers, server.url, may_complain=REFUSED) as page,
    ):
        file = httpx.post(
            f"{server.url}/character-cards?save=true",
            files={"upload": ("x", FILES["botanist.json"])},
        ).json()["file"]
        before = stored(server.url, file)
        lore = edit(page, "Odile")
        expect(heads(lore)).to_have_count(len(before))
        lore.get_by_role("button", name="Add an entry").click()
        page.page.get_by_role("button", name="Save", exact=True).click()
        page.page.get_by_text("1 field needs to be changed.").wait_for()
        text = lore.get_by_label("What she is told then").last
        expect(text).to_be_focused()
        assert violations(page.page) == []
        text.fill("猫" * 1001)  # more than any lorebook may tell at once
        lore.get_by_label("Words").last.fill("猫，cat")
        lore.get_by_text("which is all that is told at once").wait_for()
        text.fill("She has a cat.")
        page.page.keyboard.press("Escape")  # by mistake
        page.page.reload()
        sheet = panel(page, "Characters")
        sheet.get_by_role("button", name="Go on with Odile").click()
        lore = sheet.get_by_role("region", name="Lorebook")
        expect(heads(lore)).to_have_count(len(before) + 1)
        expect(heads(lore).last).to_contain_text("猫，cat")
        # Meanwhile somebody else adds something.
        others = [*({"id": one["id"]} for one in before), {"keys": ["x"], "content": "Theirs."}]
        body = {"entries": others}
        httpx.put(f"{server.url}/character-lore/{file}", json=body).raise_for_status()
        page.page.get_by_role("button", name="Save", exact=True).click()
        lore.get_by_text("The lorebook was changed elsewhere meanwhile.").wait_for()
        assert violations(page.page) == []
        save(page)
        now = [(one["keys"], one["content"]) for one in stored(server.url, file)]
        assert (["x"], "Theirs.") in now
        assert (["猫", "cat"], "She has a cat.") in now
        assert len(now) == len(before) + 2
        # What is discarded comes back.
        heads(lore).last.click()
        lore.get_by_label("Words").fill("other")
        page.page.get_by_role("button", name="Discard").click()
        expect(lore.get_by_text("other")).to_have_count(0)


def test_by_keys_alone_on_a_phone_in_chinese(tmp_path: Path, browsers: Browsers) -> None:
    width, height = PHONE
    settings = {"language": "zh", "theme": "dark"}
    with (
        serving(tmp_path) as server,
        opened(browsers, server.url, width=width, height=height, settings=settings) as page,
    ):
        keys = page.page.keyboard
        page.page.get_by_role("button", name="更多", exact=True).press("Enter")
        page.page.get_by_role("menuitem", name="角色", exact=True).press("Enter")
        sheet = page.page.get_by_role("dialog", name="角色")
        sheet.get_by_role("button", name="编辑tester").press("Enter")
        lore = sheet.get_by_role("region", name="世界书")
        lore.get_by_text("还没有条目。").wait_for()
        lore.get_by_role("button", name="添加条目").press("Enter")
        expect(lore.get_by_label("触发词")).to_be_focused()
        keys.insert_text("灯塔，塔楼")
        keys.press("Tab")
        keys.insert_text("灯塔烧毁了。")
        small = lore.locator("button, input, textarea, label:has(input)").evaluate_all(
            """all => all.filter(one => one.type !== "checkbox")
                .map(one => [one.textContent || one.id, one.getBoundingClientRect()])
                .filter(([, box]) => box.height < 43.5).map(([name]) => name)"""
        )
        assert small == []
        assert page.page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page.page) == []
        target = sheet.get_by_role("button", name="保存", exact=True)
        until_focused(page, target)
        keys.press("Enter")
        page.page.get_by_text("tester已保存。").wait_for()
        (entry,) = stored(server.url, "conf.yaml")
        assert (entry["keys"], entry["content"]) == (["灯塔", "塔楼"], "灯塔烧毁了。")


def test_a_persona_that_is_too_long_is_told_before_it_is_sent(
    tmp_path: Path, browsers: Browsers
) -> None:
    with (
        serving(tmp_path, max_character_bytes=200_000) as server,
        opened(browsers, server.url) as page,
    ):
        sheet = panel(page, "Characters")
        row(sheet, "tester").get_by_role("button", name="Edit tester").click()
        sheet.get_by_label("Personality").fill("猫" * 90_000)
        sheet.get_by_role("button", name="Save", exact=True).click()
        sheet.get_by_text("This is too much at once: 264 KiB, and the server takes 195.").wait_for()
        assert violations(page.page) == []
        sheet.get_by_label("Personality").fill("猫" * 60_000)  # more than other requests may have
        sheet.get_by_role("button", name="Save", exact=True).click()
        page.page.get_by_text("All is saved").wait_for()
        assert "猫" * 60_000 in (tmp_path / "conf.yaml").read_text("utf-8")
