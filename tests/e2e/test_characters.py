"""The panel of the characters in a real browser: she is changed, and stays after a reload."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.live import PROJECT, live

from .browser import Browsers, opened
from .panels import page_alone, panel, repeating, said, talk

pytestmark = pytest.mark.browser

GATED = "tests.e2e.gated:GatedLLM"
BROKEN = "tests.e2e.gated:BrokenLLM"


def character(folder: Path, file: str, name: str, **more: Any) -> None:
    (folder / "characters").mkdir(exist_ok=True)
    values = {"character_config": {"conf_name": name, "conf_uid": f"{name}_001", **more}}
    (folder / "characters" / file).write_text(yaml.safe_dump(values), "utf-8")


def test_the_character_is_changed(tmp_path: Path, browsers: Browsers) -> None:
    gate = tmp_path / "open"
    settings = {"agent_settings": {"basic_memory_agent": {"llm_provider": GATED}}}
    gated = {**settings, "llm_configs": {"gated_llm": {"gate": str(gate)}}}
    character(tmp_path, "owl.yaml", "owl", agent_config=gated)
    character(tmp_path, "broken.yaml", "broken", tts_config={"tts_model": "no_such_tts"})
    with page_alone(tmp_path, browsers) as page:
        talk(page, "Remember me.")
        sheet = panel(page, "Characters")
        sheet.get_by_text("no TTS engine is called").wait_for()
        assert sheet.get_by_role("button", name="broken.yaml", exact=True).is_disabled()
        assert "tester" in sheet.locator("[aria-current=true]").inner_text()
        assert sheet.get_by_text("owl.yaml").count() == 0  # a name says enough
        sheet.get_by_role("button", name="Talk with owl").click()
        sheet.get_by_role("status").filter(has_text="owl is getting ready").wait_for()
        sheet.get_by_role("progressbar", name="Language model").wait_for()
        page.wait_for("config-switched")
        here = sheet.locator("[aria-current=true]").filter(has_text="owl")
        here.wait_for()
        page.wait_for("new-history-created", 2)
        gate.touch()
        sheet.get_by_role("status").filter(has_text="getting ready").wait_for(state="detached")
        page.page.keyboard.press("Escape")
        page.page.get_by_role("dialog").wait_for(state="detached")
        said(page)
        panel(page, "Conversations").get_by_text("Nothing is stored yet").wait_for()
        page.page.reload()  # and she is still here
        sheet = panel(page, "Characters")
        sheet.locator("[aria-current=true]").filter(has_text="owl").wait_for()


def test_settings_that_do_nothing_are_told_and_listed(tmp_path: Path, browsers: Browsers) -> None:
    values = repeating()
    values["system_config"]["conf_version"] = "v1.2.1"
    values["character_config"]["human_nam"] = "Ann"
    with live(tmp_path, values) as server, opened(browsers, server.url) as page:
        notice = page.page.get_by_role("status").filter(
            has_text="2 things to know about the settings"
        )
        notice.get_by_role("button", name="Show").click()
        sheet = page.page.get_by_role("dialog", name="Characters")
        lines = sheet.locator("[class~=idle] li")
        sheet.get_by_text("system_config.conf_version").wait_for()
        assert lines.count() == 2
        assert 'did you mean "human_name"?' in lines.nth(0).inner_text()


def test_a_character_lacks_an_engine_and_comes_all_the_same(
    tmp_path: Path, browsers: Browsers
) -> None:
    gated = {"agent_settings": {"basic_memory_agent": {"llm_provider": BROKEN}}}
    character(tmp_path, "owl.yaml", "owl", agent_config=gated)
    with page_alone(tmp_path, browsers) as page:
        talk(page, "Are you there?")
        sheet = panel(page, "Characters")
        sheet.get_by_role("button", name="Talk with owl").click()
        page.wait_for("config-switched")
        page.wait_for("error")
        page.page.get_by_role("alert").first.wait_for()
        sheet.locator("[aria-current=true]").filter(has_text="owl").wait_for()
        sheet.get_by_role("progressbar").first.wait_for(state="detached")
        sheet.get_by_role("button", name="Talk with tester").click()  # and back
        page.wait_for("config-switched", 2)
        sheet.locator("[aria-current=true]").filter(has_text="tester").wait_for()
        page.page.keyboard.press("Escape")
        page.page.get_by_role("dialog").wait_for(state="detached")


def models(folder: Path, *names: str) -> None:
    """Give a server models of these names, each with files of its own."""
    drawn, *_ = json.loads((PROJECT / "model_dict.json").read_text("utf-8"))
    entries = []
    for name in names:
        shutil.copytree(PROJECT / "live2d-models" / "wren", folder / "live2d-models" / name)
        entry = json.dumps(drawn | {"name": name})
        entries.append(entry.replace("/live2d-models/wren/", f"/live2d-models/{name}/"))
    (folder / "model_dict.json").write_text(f"[{', '.join(entries)}]", "utf-8")


def test_after_a_reload_she_is_there_from_the_start(tmp_path: Path, browsers: Browsers) -> None:
    models(tmp_path, "robin", "owl")
    character(tmp_path, "owl.yaml", "owl", live2d_model_name="owl")
    values = repeating()
    values["character_config"]["live2d_model_name"] = "robin"
    with live(tmp_path, values) as server, opened(browsers, server.url, draws=True) as page:
        page.wait_for_avatar("rig")
        panel(page, "Characters").get_by_role("button", name="Talk with owl").click()
        page.wait_for("new-history-created", 2)
        page.page.keyboard.press("Escape")
        page.page.get_by_role("dialog").wait_for(state="detached")
        talk(page, "Are you an owl?")
        frames, addresses = len(page.frames), len(page.addresses)
        page.page.reload()
        page.wait_for("history-data")
        page.wait_for_avatar("rig")
        said(page, "Are you an owl?")
        since, asked = page.frames[frames:], page.addresses[addresses:]
    # The page before may have had a word left to say, or to hear.
    kinds = [one.kind for one in since if "history-list" not in one.kind]
    assert kinds[0] == "hello"
    characters = [one.message for one in since if one.kind == "set-model-and-conf"]
    assert [(one["conf_name"], one["file"]) for one in characters] == [("owl", "owl.yaml")]
    drawn = [address for address in asked if "/live2d-models/" in address]
    assert drawn
    assert [address for address in drawn if "/live2d-models/owl/" not in address] == []
    assert "switch-config" not in kinds
