"""The life of a character in a real browser: made, tried, changed, talked with, saved, deleted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Locator, expect

from open_llm_vtuber.cards.files import read
from tests.support.live import Live, live

from .axe import violations
from .browser import Browsers, Watched, opened
from .panels import DESKTOP, PHONE, panel, repeating, talk

pytestmark = pytest.mark.browser

RECITING = "tests.web.reciting:RecitingLLM"
REFUSED = "the server responded with a status of 4"
"""What the browser says of an answer that is a refusal."""


@contextmanager
def serving(folder: Path, **given: Any) -> Iterator[Live]:
    """Run a server whose model repeats what it is told."""
    with live(folder, repeating(**given)) as server:
        yield server


def section(folder: Path, file: str) -> dict[str, Any]:
    text = (folder / "characters" / file).read_text("utf-8")
    found: dict[str, Any] = yaml.safe_load(text)["character_config"]
    return found


def fill(sheet: Locator, **fields: str) -> None:
    for label, text in fields.items():
        sheet.get_by_label(label.replace("_", " "), exact=True).fill(text)


def row(sheet: Locator, name: str) -> Locator:
    return (
        sheet.get_by_role("list", name="Characters").get_by_role("listitem").filter(has_text=name)
    )


def choose(page: Watched, sheet: Locator, name: str, what: str) -> None:
    """Choose from the menu of a character."""
    row(sheet, name).get_by_role("button", name=f"More for {name}").click()
    page.page.get_by_role("menuitem", name=what).click()


def is_focused(locator: Locator) -> bool:
    return bool(locator.evaluate("one => one === document.activeElement"))


def test_the_life_of_a_character(tmp_path: Path, browsers: Browsers) -> None:
    width, height = DESKTOP
    with (
        serving(tmp_path, llm=RECITING) as server,
        opened(browsers, server.url, width=width, height=height) as page,
    ):
        sheet = panel(page, "Characters")
        sheet.get_by_role("button", name="New character").click()
        expect(sheet.get_by_role("heading", name="New character")).to_be_focused()
        make = sheet.get_by_role("button", name="Create", exact=True)
        make.click()  # what is missing is told where it is missing
        expect(sheet.get_by_text("2 fields need to be changed.")).to_be_visible()
        expect(sheet.get_by_label("Name", exact=True)).to_be_focused()
        expect(sheet.get_by_label("Name", exact=True)).to_have_accessible_description(
            "This is needed. What she is called when she speaks"
        )
        fill(sheet, Name="Ada", Personality="You are {{char}}, a sailor.", Greeting="Ahoy!")
        fill(sheet, What_she_calls_you="Bo")
        sheet.get_by_role("button", name="Add an example").click()
        fill(sheet, You_say="Hi.", She_says="Aye, {{user}}.")
        assert violations(page.page) == []

        # She is asked and heard as she is written: there is no file of her yet.
        sheet.get_by_label("Your question").fill("Who are you?")
        sheet.get_by_label("Your question").press("Enter")
        expect(sheet).to_contain_text("system: You are Ada, a sailor.")
        expect(sheet).to_contain_text("assistant: Aye, Bo.")
        sheet.get_by_role("button", name="Hear it").click()
        sheet.get_by_role("region", name="Voice").get_by_text("after").wait_for()
        assert not (tmp_path / "characters").exists()

        make.click()
        page.page.get_by_text("Ada is here. Talk now?").wait_for()
        expect(row(sheet, "Ada").get_by_role("button", name="Edit Ada")).to_be_focused()
        assert section(tmp_path, "ada.yaml")["example_dialogue"] == [
            {"human": "Hi.", "character": "Aye, {{user}}."}
        ]

        page.page.get_by_role("button", name="Talk", exact=True).click()
        page.wait_for("config-switched")
        page.page.get_by_role("dialog").wait_for(state="detached")
        expect(page.page.locator(".bubble.ai").first).to_contain_text("Ahoy!")
        talk(page, "Who are you?")
        expect(page.page.locator(".bubble.ai").last).to_contain_text("You are Ada, a sailor.")

        # Who is talked with is changed; only that is written which was changed.
        sheet = panel(page, "Characters")
        row(sheet, "Ada").get_by_role("button", name="Edit Ada").click()
        sheet.get_by_label("Personality").fill("You are {{char}}, a cook.")
        expect(sheet.get_by_text("Not saved yet")).to_be_visible()
        sheet.get_by_role("button", name="Save", exact=True).click()
        page.page.get_by_text("Ada is saved.").wait_for()
        expect(sheet.get_by_text("All is saved")).to_be_visible()
        expect(sheet.get_by_role("button", name="Save", exact=True)).to_be_disabled()
        page.page.keyboard.press("Escape")
        talk(page, "And now?")
        expect(page.page.locator(".bubble.ai").last).to_contain_text("You are Ada, a cook.")

        sheet = panel(page, "Characters")
        for what, kind in (("Save as a picture", "png"), ("Save as text", "json")):
            with page.page.expect_download() as loading:
                choose(page, sheet, "Ada", what)
            assert loading.value.suggested_filename == f"ada.{kind}"
            card = read(Path(loading.value.path()).read_bytes()).card
            assert (card.name, card.first_mes) == ("Ada", "Ahoy!")

        choose(page, sheet, "Ada", "Make a copy")
        row(sheet, "Ada (2)").wait_for()
        choose(page, sheet, "Ada (2)", "Delete")
        told = page.page.get_by_role("status").filter(has_text="Deleted: Ada (2)")
        told.wait_for()
        row(sheet, "Ada (2)").wait_for(state="detached")
        assert not (tmp_path / "characters" / "ada_2.yaml").exists()
        told.get_by_role("button", name="Undo").click()
        row(sheet, "Ada (2)").wait_for()
        choose(page, sheet, "Ada (2)", "Delete")
        row(sheet, "Ada (2)").wait_for(state="detached")
        sheet.get_by_text("Deleted (1)").click()
        sheet.get_by_role("button", name="Have Ada (2) back").click()
        row(sheet, "Ada (2)").wait_for()
        assert (tmp_path / "characters" / "ada_2.yaml").exists()
        row(sheet, "tester").get_by_role("button", name="More for tester").click()
        assert page.page.get_by_role("menuitem", name="Delete").count() == 0
        assert violations(page.page) == []
        page.page.keyboard.press("Escape")  # of the menu alone
        expect(page.page.get_by_role("menu")).to_have_count(0)
        expect(row(sheet, "tester").get_by_role("button", name="More for tester")).to_be_focused()


def test_what_is_not_saved_is_kept_and_a_change_by_hand_is_noticed(
    tmp_path: Path, browsers: Browsers
) -> None:
    with (
        serving(tmp_path) as server,
        opened(browsers, server.url, may_complain=REFUSED) as page,
    ):
        sheet = panel(page, "Characters")
        sheet.get_by_role("button", name="New character").click()
        fill(sheet, Name="Ada", Personality="You are Ada.")
        sheet.get_by_role("button", name="Create", exact=True).click()
        row(sheet, "Ada").get_by_role("button", name="Edit Ada").click()
        sheet.get_by_label("Greeting").fill("Hey.")
        page.page.keyboard.press("Escape")  # by mistake
        page.page.reload()
        sheet = panel(page, "Characters")
        sheet.get_by_text("Your changes to Ada are not saved yet.").wait_for()
        assert violations(page.page) == []
        sheet.get_by_role("button", name="Go on with Ada").click()
        expect(sheet.get_by_label("Greeting")).to_have_value("Hey.")

        path = tmp_path / "characters" / "ada.yaml"
        text = path.read_text("utf-8")
        path.write_text(f"{text}  greeting: Ahoy.\n  human_name: Bo\n", "utf-8")
        save = sheet.get_by_role("button", name="Save", exact=True)
        save.click()
        sheet.get_by_text("ada.yaml was changed elsewhere meanwhile.").wait_for()
        expect(sheet.get_by_label("What she calls you")).to_have_value("Bo")
        assert violations(page.page) == []
        sheet.get_by_label("In the file Ahoy.").check()
        expect(sheet.get_by_label("Greeting", exact=True)).to_have_value("Ahoy.")
        sheet.get_by_label("Here Hey.").check()
        save.click()
        page.page.get_by_text("Ada is saved.").wait_for()
        assert section(tmp_path, "ada.yaml")["greeting"] == "Hey."
        assert section(tmp_path, "ada.yaml")["human_name"] == "Bo"
        sheet.get_by_label("Greeting", exact=True).fill("Ho.")
        sheet.get_by_role("button", name="Discard").click()
        expect(sheet.get_by_label("Greeting", exact=True)).to_have_value("Hey.")
        sheet.get_by_role("button", name="Back to the list").click()
        row(sheet, "Ada").wait_for()
        assert sheet.get_by_text("not saved yet").count() == 0


def jpeg(page: Watched, width: int, height: int) -> bytes:
    """Return a picture whose left half is red, and the right one blue."""
    data = page.page.evaluate(
        """async ([width, height]) => {
            const canvas = new OffscreenCanvas(width, height);
            const context = canvas.getContext("2d");
            context.fillStyle = "red";
            context.fillRect(0, 0, width / 2, height);
            context.fillStyle = "blue";
            context.fillRect(width / 2, 0, width / 2, height);
            const blob = await canvas.convertToBlob({ type: "image/jpeg" });
            return [...new Uint8Array(await blob.arrayBuffer())];
        }""",
        [width, height],
    )
    return bytes(data)


def test_a_picture_is_cut_to_a_square_by_keys_and_is_a_png(
    tmp_path: Path, browsers: Browsers
) -> None:
    width, height = PHONE
    with (
        serving(tmp_path) as server,
        opened(
            browsers, server.url, width=width, height=height, settings={"theme": "dark"}
        ) as page,
    ):
        sheet = panel(page, "Characters")
        row(sheet, "tester").get_by_role("button", name="Edit tester").click()
        picker = sheet.locator("input[type=file]")
        picker.set_input_files({"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"no"})
        sheet.get_by_text("no picture that the browser can read").wait_for()
        picker.set_input_files(
            {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": jpeg(page, 400, 200)}
        )
        square = sheet.get_by_role("application")
        expect(square).to_be_focused()
        assert violations(page.page) == []
        for _ in range(30):  # to the right edge, and not beyond
            page.page.keyboard.press("ArrowRight")
        page.page.keyboard.press("Tab")
        page.page.keyboard.press("ArrowRight")  # larger
        sheet.get_by_role("button", name="Use it").press("Enter")
        expect(sheet.get_by_role("button", name="Choose a picture")).to_be_focused()
        sheet.get_by_role("button", name="Save", exact=True).click()
        page.page.get_by_text("is saved.").wait_for()
        (picture,) = (tmp_path / "avatars").iterdir()
        assert picture.suffix == ".png"
        assert picture.read_bytes().startswith(b"\x89PNG")
        colour = page.page.evaluate(
            """async (url) => {
                const bitmap = await createImageBitmap(await (await fetch(url)).blob());
                const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
                const context = canvas.getContext("2d");
                context.drawImage(bitmap, 0, 0);
                return [bitmap.width, bitmap.height, ...context.getImageData(9, 9, 1, 1).data];
            }""",
            f"{server.url}/avatars/{picture.name}",
        )
        assert colour[:2] == [512, 512]
        assert colour[2] < 40 < 200 < colour[4]  # blue: what was at the right
        assert violations(page.page) == []


def test_a_character_is_made_by_keys_alone_in_chinese(tmp_path: Path, browsers: Browsers) -> None:
    width, height = PHONE
    settings = {"language": "zh", "theme": "dark"}
    with (
        serving(tmp_path) as server,
        opened(browsers, server.url, width=width, height=height, settings=settings) as page,
    ):
        keys = page.page.keyboard
        more = page.page.get_by_role("button", name="更多", exact=True)
        more.focus()
        keys.press("Enter")
        page.page.get_by_role("menuitem", name="角色", exact=True).press("Enter")
        sheet = page.page.get_by_role("dialog", name="角色")
        create = sheet.get_by_role("button", name="新建角色")
        create.wait_for()
        until_focused(page, create)
        keys.press("Enter")
        until_focused(page, sheet.get_by_label("名字", exact=True))
        keys.type("小雅")
        until_focused(page, sheet.get_by_label("性格设定"))
        keys.type("你是小雅。")
        expect(sheet.get_by_text("5 个字符，约 5 个 token")).to_be_visible()
        assert violations(page.page) == []
        until_focused(page, sheet.get_by_role("button", name="创建", exact=True))
        keys.press("Enter")
        edit = sheet.get_by_role("button", name="编辑小雅")
        expect(edit).to_be_focused()
        keys.press("Tab")
        keys.press("Enter")
        page.page.get_by_role("menuitem", name="删除").wait_for()
        assert violations(page.page) == []
        keys.press("End")
        keys.press("Enter")
        page.page.get_by_text("已删除：小雅").wait_for()
        expect(sheet.get_by_role("button", name="tester的更多操作")).to_be_focused()
        assert page.page.evaluate("document.documentElement.scrollWidth") <= width


def until_focused(page: Watched, target: Locator) -> None:
    """Go on by Tab until something has the focus."""
    for _ in range(60):
        if is_focused(target):
            return
        page.page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached by Tab")


def test_who_may_not_configure_sees_the_list_and_why(tmp_path: Path, browsers: Browsers) -> None:
    forwarded = {"X-Forwarded-For": "203.0.113.7"}
    with (
        serving(tmp_path) as server,
        opened(browsers, server.url, extra_http_headers=forwarded) as page,
    ):
        sheet = panel(page, "Characters")
        sheet.get_by_text("Characters are made and changed on the server's own computer").wait_for()
        row(sheet, "tester").wait_for()
        assert sheet.get_by_role("button", name="New character").count() == 0
        assert sheet.get_by_role("button", name="Edit tester").count() == 0
        assert [address for address in page.addresses if "/deleted-characters" in address] == []


def test_what_costs_is_counted_and_a_refusal_of_the_server_stands_at_its_field(
    tmp_path: Path, browsers: Browsers
) -> None:
    with (
        serving(tmp_path) as server,
        opened(browsers, server.url, may_complain=REFUSED) as page,
    ):
        sheet = panel(page, "Characters")
        row(sheet, "tester").get_by_role("button", name="Edit tester").click()
        sheet.get_by_label("Personality").fill("word " * 2500)
        sheet.get_by_text("12,500 characters, about 3,125 tokens").wait_for()
        sheet.get_by_text("a small model hardly has room").wait_for()
        sheet.get_by_label("Voice engine").select_option("edge_tts")
        speaker = sheet.get_by_label("Speaks as")
        speaker.fill("../voice.json")
        sheet.get_by_role("button", name="Save", exact=True).click()
        expect(speaker).to_be_focused()
        expect(speaker).to_have_accessible_description(
            "A voice that is a file is named in the character's file by hand. "
            "The name or id of a voice of this engine"
        )
        assert "word word" not in (tmp_path / "conf.yaml").read_text("utf-8")
        sheet.get_by_role("button", name="Hear it").click()
        sheet.get_by_role("status").filter(has_text="A voice that is a file").wait_for()


def test_one_that_cannot_be_used_is_deleted(tmp_path: Path, browsers: Browsers) -> None:
    (tmp_path / "characters").mkdir()
    (tmp_path / "characters" / "broken.yaml").write_text("character_config: [", "utf-8")
    with serving(tmp_path) as server, opened(browsers, server.url) as page:
        sheet = panel(page, "Characters")
        row(sheet, "broken.yaml").get_by_text("Cannot be used:").wait_for()
        assert sheet.get_by_role("button", name="Edit broken.yaml").count() == 0
        row(sheet, "broken.yaml").get_by_role("button", name="More for broken.yaml").click()
        expect(page.page.get_by_role("menuitem")).to_have_text(["Delete"])
        page.page.get_by_role("menuitem", name="Delete").click()
        row(sheet, "broken.yaml").wait_for(state="detached")
        assert not (tmp_path / "characters" / "broken.yaml").exists()


def test_looks_that_are_installed_can_be_chosen(tmp_path: Path, browsers: Browsers) -> None:
    place = tmp_path / "live2d-models" / "robin"
    place.mkdir(parents=True)
    (place / "robin.model3.json").write_text(json.dumps({"Version": 3, "FileReferences": {}}))
    values = repeating()
    values["character_config"]["live2d_model_name"] = "ghost"
    with live(tmp_path, values) as server, opened(browsers, server.url) as page:
        sheet = panel(page, "Characters")
        sheet.get_by_role("button", name="New character").click()
        fill(sheet, Name="Ada", Personality="You are Ada.")
        looks = sheet.get_by_role("radiogroup", name="How she looks")
        expect(looks.get_by_label("ghost (its files are not here)")).to_be_checked()
        looks.get_by_label("robin").check()
        sheet.get_by_role("button", name="Create", exact=True).click()
        row(sheet, "Ada").wait_for()
        assert section(tmp_path, "ada.yaml")["live2d_model_name"] == "robin"
