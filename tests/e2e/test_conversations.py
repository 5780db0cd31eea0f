"""The list of stored conversations in a real browser: titles, pins, places found, files, days."""

from __future__ import annotations

import json
import re
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from open_llm_vtuber.history.exporter import write_entries
from tests.support.live import live

from .axe import violations
from .browser import Browsers, Watched, opened
from .panels import DESKTOP, PHONE, page_alone, panel, repeating, said, talk

pytestmark = pytest.mark.browser

CONF = "tester_001"


def rows(sheet: Locator) -> Locator:
    return sheet.get_by_role("group", name="Stored conversations").locator("li.row-item")


def titles(sheet: Locator) -> list[str]:
    found: list[str] = sheet.locator(".title").all_inner_texts()
    return found


def menu_of(page: Watched, sheet: Locator, title: str, item: str) -> None:
    """Choose something in the menu of a conversation, with the keyboard alone."""
    more = sheet.get_by_role("button", name=f"More: {title}")
    more.focus()
    page.page.keyboard.press("Enter")
    chosen = page.page.get_by_role("menuitem", name=item)
    chosen.wait_for()
    for _ in range(6):
        if chosen.evaluate("node => node === document.activeElement"):
            break
        page.page.keyboard.press("ArrowDown")
    expect(chosen).to_be_focused()
    page.page.keyboard.press("Enter")


def remember(folder: Path, uid: str, *said: str, at: datetime) -> None:
    """Leave a conversation as the original does: the person and the character in turn."""
    entries = [
        {
            "role": "ai" if number % 2 else "human",
            "timestamp": (at + timedelta(seconds=number)).isoformat(timespec="seconds"),
            "content": text,
            "name": "Wren" if number % 2 else "Human",
        }
        for number, text in enumerate(said)
    ]
    metadata = {"role": "metadata", "timestamp": at.isoformat(timespec="seconds")}
    write_entries(folder / "chat_history" / CONF / f"{uid}.json", [metadata, *entries])


def test_one_is_named_pinned_and_saved_with_the_keyboard(
    tmp_path: Path, browsers: Browsers
) -> None:
    with page_alone(tmp_path, browsers) as page:
        talk(page, "An old radio.", "A paper boat.")
        sheet = panel(page, "Conversations")
        rows(sheet).nth(1).wait_for()
        assert titles(sheet) == ["A paper boat.", "An old radio."]
        menu_of(page, sheet, "An old radio.", "Rename")
        field = sheet.get_by_role("textbox", name="Title")
        expect(field).to_be_focused()
        expect(field).to_have_value("An old radio.")
        # Escape leaves it as it was; the sheet stays, and the focus is where it came from.
        field.fill("Nothing")
        page.page.keyboard.press("Escape")
        more = sheet.get_by_role("button", name="More: An old radio.")
        expect(more).to_be_focused()
        assert page.sent("rename-conversation") == []
        menu_of(page, sheet, "An old radio.", "Rename")
        field.fill("  <b>Radio</b> \u202e 📻 שלום ")
        page.page.keyboard.press("Enter")
        name = "<b>Radio</b> 📻 שלום"
        expect(sheet.get_by_role("button", name=f"More: {name}")).to_be_focused()
        menu_of(page, sheet, name, "Keep at the top")
        sheet.get_by_role("heading", name="Pinned").wait_for()
        assert titles(sheet) == [name, "A paper boat."]
        assert violations(page.page) == []
        # It holds after a reload, and is found by its name.
        page.page.reload()
        sheet = panel(page, "Conversations")
        rows(sheet).nth(1).wait_for()
        assert titles(sheet) == [name, "A paper boat."]
        sheet.get_by_role("searchbox").fill("שלום")
        sheet.get_by_role("status").filter(has_text="1 conversation with").wait_for()
        assert titles(sheet) == [name]
        sheet.get_by_role("button", name="Clear the search").click()
        rows(sheet).nth(1).wait_for()
        with page.page.expect_download() as saving:
            menu_of(page, sheet, name, "Save as text")
        assert saving.value.suggested_filename.endswith(".txt")
        text = saving.value.path().read_text("utf-8")
        assert text.startswith(f"{name}\n")
        assert "An old radio." in text
        with page.page.expect_download() as saving:
            menu_of(page, sheet, name, "Save as JSON")
        stored = json.loads(saving.value.path().read_text("utf-8"))
        assert [entry["role"] for entry in stored] == ["metadata", "human", "ai"]
        menu_of(page, sheet, name, "No longer at the top")
        sheet.get_by_role("heading", name="Pinned").wait_for(state="detached")
        # Without a name it is called by its beginning again.
        menu_of(page, sheet, name, "Rename")
        field.fill("")
        page.page.keyboard.press("Enter")
        sheet.get_by_role("button", name="More: An old radio.").wait_for()


def test_two_pages_that_rename_at_once_show_the_same(tmp_path: Path, browsers: Browsers) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(live(tmp_path, repeating()))
        one = stack.enter_context(opened(browsers, server.url))
        talk(one, "An old radio.")
        two = stack.enter_context(opened(browsers, server.url))
        sheets = [(page, panel(page, "Conversations")) for page in (one, two)]
        for page, sheet in sheets:
            menu_of(page, sheet, "An old radio.", "Rename")
            sheet.get_by_role("textbox", name="Title").fill(f"of {len(page.frames)}")
        for page, _ in sheets:
            page.page.keyboard.press("Enter")
        for page, _ in sheets:
            page.wait_for("conversation-changed", 2)
        last = one.received("conversation-changed")[-1]["conversation"]["title"]
        for _, sheet in sheets:
            expect(sheet.locator(".title")).to_have_text(last)
        # What one deletes goes from the other's list.
        one.page.keyboard.press("Escape")
        sheet = sheets[1][1]
        sheet.get_by_role("button", name=f"Delete: {last}").click()
        two.page.get_by_role("button", name="Dismiss").click()
        one.wait_for("conversation-deleted")
        panel(one, "Conversations").get_by_text("Nothing is stored yet").wait_for()


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_search_leads_to_the_place(
    tmp_path: Path, browsers: Browsers, size: tuple[int, int]
) -> None:
    long = [f"Line {number}" for number in range(120)]
    long[30] = "The old KETTLE on the shelf, and the kettle lid."
    long[31] = "A kettle."
    remember(tmp_path, "old", *long, at=datetime(2026, 3, 1, 10))  # noqa: DTZ001
    with (
        live(tmp_path, repeating()) as server,
        opened(browsers, server.url, width=size[0], height=size[1]) as page,
    ):
        sheet = panel(page, "Conversations")
        sheet.get_by_role("searchbox").fill("kettle")
        places = sheet.get_by_role("list", name="Where it was said: Line 0")
        places.wait_for()
        assert places.get_by_role("listitem").count() == 2
        # One day stands above them, so that all of them have the time alone.
        times = [*rows(sheet).locator("time").all_inner_texts()]
        assert all(re.fullmatch(r"10:0[0-2]\sAM", one.strip()) for one in times), times
        assert violations(page.page) == []
        places.get_by_role("button").filter(has_text="shelf").click()
        sheet.wait_for(state="detached")
        message = page.page.locator("[data-entry]").filter(has_text="The old KETTLE")
        expect(message).to_be_in_viewport()
        expect(message).to_be_focused()
        assert "looked" in (message.get_attribute("class") or "")
        marked = page.page.evaluate(
            "[...CSS.highlights.get('found')].map(range => range.toString())"
        )
        assert marked == ["KETTLE", "kettle"]
        assert page.page.get_by_role("button", name="Go to the newest").count() == 1
        # When it is open already it is scrolled to as well, and marked until somebody speaks.
        sheet = panel(page, "Conversations")
        sheet.get_by_role("searchbox").fill("line 119")
        sheet.get_by_role("status").filter(has_text="1 conversation with").wait_for()
        sheet.get_by_role("button", name="Open: Line 0").click()
        sheet.wait_for(state="detached")
        newest = page.page.locator("[data-entry]").filter(has_text="Line 119")
        expect(newest).to_be_in_viewport()
        expect(newest).to_be_focused()
        page.write("Hello.")
        expect(page.page.locator(".looked")).to_have_count(0)


def test_long_lists_come_in_parts_under_their_days(tmp_path: Path, browsers: Browsers) -> None:
    today = datetime.now().replace(hour=0, minute=0, second=1, microsecond=0)  # noqa: DTZ005
    for number in range(130):
        at = today - timedelta(days=number // 2)
        remember(tmp_path, f"c{number:03}", f"Number {number:03}", "Yes.", at=at)
    with (
        live(tmp_path, repeating()) as server,
        opened(browsers, server.url) as page,
    ):
        sheet = panel(page, "Conversations")
        rows(sheet).nth(49).wait_for()
        headings = sheet.get_by_role("heading", level=3)
        assert headings.all_inner_texts()[:2] == ["Today", "Yesterday"]
        # Whoever scrolls to the end is shown more.
        for count in (99, 129):
            sheet.locator(".body").evaluate("body => body.scrollTo(0, body.scrollHeight)")
            rows(sheet).nth(count).wait_for()
        assert rows(sheet).count() == 130
        assert len(set(titles(sheet))) == 130
        expect(sheet.get_by_role("button", name="Show more")).to_have_count(0)
        sheet.get_by_role("searchbox").fill("number")
        sheet.get_by_text("More than 50 conversations with “number”").wait_for()


def test_conversations_with_all_characters(tmp_path: Path, browsers: Browsers) -> None:
    other = tmp_path / "characters" / "pirate.yaml"
    other.parent.mkdir()
    other.write_text("character_config:\n  conf_name: Pirate\n  conf_uid: pirate_1\n", "utf-8")
    entries = [
        {"role": "human", "timestamp": "2026-03-01T10:00:00", "content": "Where is the treasure?"},
        {"role": "ai", "timestamp": "2026-03-01T10:00:01", "content": "Arr.", "name": "Pirate"},
    ]
    write_entries(tmp_path / "chat_history" / "pirate_1" / "old.json", entries)
    with (
        live(tmp_path, repeating()) as server,
        opened(browsers, server.url) as page,
    ):
        talk(page, "An old radio.")
        sheet = panel(page, "Conversations")
        rows(sheet).first.wait_for()
        assert titles(sheet) == ["An old radio."]
        sheet.get_by_label("With all characters").check()
        rows(sheet).nth(1).wait_for()
        assert titles(sheet) == ["An old radio.", "Where is the treasure?"]
        expect(rows(sheet).nth(1)).to_contain_text("with Pirate")
        assert violations(page.page) == []
        sheet.get_by_role("button", name="Open: Where is the treasure?").click()
        sheet.wait_for(state="detached")
        said(page, "Where is the treasure?")
        assert page.received("set-model-and-conf")[-1]["conf_name"] == "Pirate"
        sheet = panel(page, "Conversations")
        rows(sheet).first.wait_for()
        assert titles(sheet) == ["Where is the treasure?"]


def test_it_speaks_chinese_on_a_phone(tmp_path: Path, browsers: Browsers) -> None:
    remember(tmp_path, "old", "你好，水壶在哪里？", "在架子上。", at=datetime(2026, 3, 1, 10))  # noqa: DTZ001
    width, height = PHONE
    with (
        live(tmp_path, repeating()) as server,
        opened(
            browsers,
            server.url,
            width=width,
            height=height,
            settings={"language": "zh", "theme": "dark"},
            has_touch=True,
        ) as page,
    ):
        page.page.get_by_role("button", name="更多", exact=True).click()
        page.page.get_by_role("menuitem", name="对话记录", exact=True).click()
        sheet = page.page.get_by_role("dialog")
        sheet.get_by_role("heading", name="3月1日").wait_for()
        sheet.get_by_role("button", name="更多：你好").click()
        items = page.page.get_by_role("menuitem")
        assert items.all_inner_texts() == ["重命名", "置顶", "保存为文本", "保存为 JSON"]
        boxes = [box for one in items.all() if (box := one.bounding_box())]
        assert all(box["height"] >= 44 for box in boxes)
        assert violations(page.page) == []
        items.first.click()
        sheet.get_by_label("标题").fill("水壶")
        sheet.get_by_role("button", name="保存", exact=True).click()
        sheet.get_by_role("button", name="更多：水壶").wait_for()
        assert violations(page.page) == []
