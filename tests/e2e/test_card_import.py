"""Character cards dropped onto the page and chosen there, in a real browser."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import FilePayload, Locator, expect

from open_llm_vtuber.cards.files import read
from tests.cards.makers import FILES, PICTURE, in_png, json_card, text, with_icon

from .axe import violations
from .browser import Browsers, Watched, opened
from .panels import PHONE, panel
from .test_character_editor import REFUSED, jpeg, row, serving

pytestmark = pytest.mark.browser


def drop(page: Watched, target: Locator, files: dict[str, bytes]) -> None:
    """Drag files from elsewhere over something, and drop them there."""
    given = [[name, list(data)] for name, data in files.items()]
    target.evaluate(
        """(target, files) => {
            const dataTransfer = new DataTransfer();
            for (const [name, data] of files) {
                const type = name.endsWith(".png") ? "image/png" : "";
                dataTransfer.items.add(new File([new Uint8Array(data)], name, { type }));
            }
            for (const kind of ["dragenter", "dragover", "drop"]) {
                const options = { dataTransfer, bubbles: true, cancelable: true };
                target.dispatchEvent(new DragEvent(kind, options));
            }
        }""",
        given,
    )


def card(sheet: Locator, name: str) -> Locator:
    cards = sheet.get_by_role("list", name="Cards", exact=True)
    return cards.locator("> li").filter(has=sheet.page.get_by_text(name, exact=True))


def test_a_card_that_is_dropped_is_looked_at_and_then_taken_in(
    tmp_path: Path, browsers: Browsers
) -> None:
    keeper = in_png(text("chara", json_card("keeper_v1")), text("ccv3", json_card("smith_v3")))
    with serving(tmp_path) as server, opened(browsers, server.url) as page:
        sheet = panel(page, "Characters")
        sheet.get_by_role("button", name="New character").wait_for()
        drop(page, row(sheet, "tester"), {"card.png": keeper})
        expect(sheet.get_by_role("heading", name="Import cards")).to_be_focused()
        found = card(sheet, "Ishara")
        found.wait_for()
        assert found.locator("img").evaluate("one => one.naturalWidth") == 8
        assert violations(page.page) == []
        # Nothing of it is a picture for the message, and nothing is saved yet.
        assert page.page.locator(".drop").count() == 0
        assert page.page.locator(".speak img").count() == 0
        assert not (tmp_path / "characters").exists()

        found.get_by_role("button", name="Import Ishara").click()
        talk = found.get_by_role("button", name="Talk with Ishara")
        expect(talk).to_be_focused()
        (file,) = (tmp_path / "characters").glob("*.yaml")
        found.get_by_role("button", name="Edit Ishara").click()
        expect(sheet.get_by_label("Name", exact=True)).to_have_value("Ishara")
        sheet.get_by_role("button", name="Back to the list").click()
        row(sheet, "Ishara").get_by_role("button", name="Talk with Ishara").click()
        page.wait_for("config-switched")
        assert page.received("set-model-and-conf")[-1]["file"] == file.name


def test_several_at_once_odd_ones_among_them(tmp_path: Path, browsers: Browsers) -> None:
    width, height = PHONE
    with (
        serving(tmp_path) as server,
        opened(
            browsers,
            server.url,
            width=width,
            height=height,
            settings={"theme": "dark"},
            may_complain=REFUSED,
        ) as page,
    ):
        sheet = panel(page, "Characters")
        sheet.get_by_role("button", name="Import cards").wait_for()
        files = {
            **{name: FILES[name] for name in ("botanist.json", "smith.charx", "teahouse.png")},
            "photo.png": PICTURE,
            "notes.json": b"nothing",
        }
        sheet.locator("input[type=file]").set_input_files(
            [
                FilePayload(name=name, mimeType="application/octet-stream", buffer=data)
                for name, data in files.items()
            ]
        )
        sheet.get_by_role("button", name="Import all 3").wait_for()
        expect(card(sheet, "photo.png")).to_contain_text("holds no character card")
        expect(card(sheet, "notes.json")).to_contain_text("neither PNG nor JSON")
        expect(card(sheet, "Odile")).to_contain_text("a lorebook with 5 entries")
        expect(card(sheet, "Odile")).to_contain_text("2 other greetings stay in the card")
        expect(card(sheet, "阿槿")).to_contain_text("The newer of two cards in the file is broken")
        assert violations(page.page) == []
        sheet.get_by_role("button", name="Leave out 阿槿").click()
        sheet.get_by_role("button", name="Leave out photo.png").click()
        expect(sheet.get_by_role("button", name="Leave out notes.json")).to_be_focused()
        sheet.get_by_role("button", name="Import all 2").click()
        page.page.get_by_text("2 characters were imported.").wait_for()
        assert len([*(tmp_path / "characters").glob("*.yaml")]) == 2
        sheet.get_by_role("button", name="Back to the list").click()
        row(sheet, "Odile").get_by_role("button", name="Edit Odile").click()
        lore = sheet.get_by_role("region", name="Lorebook")
        expect(lore.get_by_role("listitem")).to_have_count(5)
        expect(lore.get_by_text("Always told").first).to_be_visible()
        assert violations(page.page) == []


def test_a_portrait_that_is_a_jpeg_is_on_the_card_that_is_saved(
    tmp_path: Path, browsers: Browsers
) -> None:
    with serving(tmp_path) as server, opened(browsers, server.url) as page:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("card.json", with_icon(json_card("smith_v3")))
            archive.writestr("assets/icon/images/main.png", jpeg(page, 40, 20))
        sheet = panel(page, "Characters")
        drop(page, row(sheet, "tester"), {"smith.charx": packed.getvalue()})
        card(sheet, "Ishara").get_by_role("button", name="Import Ishara").click()
        card(sheet, "Ishara").get_by_role("button", name="Edit Ishara").wait_for()
        (file,) = (tmp_path / "characters").glob("*.yaml")
        exported = httpx.get(f"{server.url}/character-cards/{file.name}").content
        assert struct.unpack(">II", exported[16:24]) == (40, 20)
        assert read(exported).card.nickname == "Ishara"


def test_a_file_that_is_dropped_beside_the_sheet_is_a_picture_for_the_message(
    tmp_path: Path, browsers: Browsers
) -> None:
    with serving(tmp_path) as server, opened(browsers, server.url) as page:
        panel(page, "Characters")
        drop(page, page.page.locator("body"), {"photo.png": PICTURE})
        page.page.locator(".speak img").wait_for()
