"""The panels around the conversation in a real browser, against a real server."""

from __future__ import annotations

import json
import shutil
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Locator

from tests.support.live import PROJECT, conf, live

from .browser import Browsers, Watched, opened

pytestmark = pytest.mark.browser

Microphone = Callable[..., list[str]]
GATED = "tests.e2e.gated:GatedLLM"
BROKEN = "tests.e2e.gated:BrokenLLM"
PHONE = (360, 740)
DESKTOP = (1280, 800)


def configured() -> dict[str, Any]:
    """Return a conf.yaml whose model repeats what it is told, in a short tone."""
    return conf(sections={"tone_tts": {"seconds": 0.1}})


@contextmanager
def page_of(
    folder: Path,
    browsers: Browsers,
    *,
    size: tuple[int, int] = DESKTOP,
) -> Iterator[Watched]:
    """Open a page of a new server."""
    width, height = size
    with (
        live(folder, configured()) as server,
        opened(browsers, server.url, width=width, height=height) as page,
    ):
        yield page


def panel(page: Watched, name: str) -> Locator:
    """Open the panel of that name; on phones the panels are in a menu."""
    if menu(page).is_visible():
        menu(page).click()
        page.page.get_by_role("menuitem", name=name, exact=True).click()
    else:
        page.page.get_by_role("button", name=name, exact=True).click()
    sheet = page.page.get_by_role("dialog", name=name)
    sheet.wait_for()
    return sheet


def menu(page: Watched) -> Locator:
    return page.page.get_by_role("button", name="More", exact=True)


def talk(page: Watched, *texts: str) -> None:
    """Have one conversation for each text, the last of which goes on."""
    for count, text in enumerate(texts):
        if count:
            panel(page, "Conversations").get_by_role("button", name="New conversation").click()
            page.wait_for("new-history-created", count + 1)
            page.page.get_by_role("dialog").wait_for(state="detached")
        ended = len(page.received("conversation-chain-end"))
        page.write(text)
        page.wait_for("conversation-chain-end", ended + 1)


def rows(sheet: Locator) -> Locator:
    return sheet.get_by_role("list", name="Stored conversations").get_by_role("listitem")


def said(page: Watched, *texts: str) -> None:
    """Wait until the conversation that is shown holds these texts of the person."""
    page.until(lambda: page.bubbles("human") == list(texts))


# Conversations


def test_conversations_are_listed_found_and_opened(tmp_path: Path, browsers: Browsers) -> None:
    with page_of(tmp_path, browsers) as page:
        sheet = panel(page, "Conversations")
        sheet.get_by_text("Nothing is stored yet").wait_for()
        page.page.keyboard.press("Escape")
        talk(page, "An old radio.", "A paper boat.", "The moon.")
        sheet = panel(page, "Conversations")
        sheet.get_by_role("button", name="Open: the moon").wait_for()
        assert rows(sheet).count() == 3
        assert sheet.locator("[aria-current=true]").count() == 1
        assert "Current" in rows(sheet).first.inner_text()
        search = sheet.get_by_role("searchbox")
        search.fill("RADIO")
        sheet.get_by_role("status").filter(has_text="1 conversation with “RADIO”").wait_for()
        assert rows(sheet).count() == 1
        assert rows(sheet).locator("mark").inner_text() == "radio"
        search.fill("nobody said this")
        sheet.get_by_text("Nobody said").wait_for()
        sheet.get_by_role("button", name="Clear the search").click()
        rows(sheet).nth(2).wait_for()
        sheet.get_by_role("button", name="Open: an old radio").click()
        page.page.get_by_role("dialog").wait_for(state="detached")
        said(page, "An old radio.")
        sheet = panel(page, "Conversations")
        current = sheet.locator("[aria-current=true]")
        current.wait_for()
        assert "old radio" in current.inner_text().lower()


def test_a_deletion_can_be_taken_back(tmp_path: Path, browsers: Browsers) -> None:
    with page_of(tmp_path, browsers) as page:
        talk(page, "An old radio.", "A paper boat.")
        sheet = panel(page, "Conversations")
        # The one that goes on: its place is taken by a new one, and then by itself again.
        sheet.get_by_role("button", name="Delete: a paper boat").click()
        sheet.get_by_role("button", name="Open: a paper boat").wait_for(state="detached")
        page.wait_for("new-history-created", 3)
        undo = page.page.get_by_role("button", name="Undo")
        undo.click()
        undo.wait_for(state="detached")
        sheet.get_by_role("button", name="Open: a paper boat").wait_for()
        said(page, "A paper boat.")
        # Another one, with the keyboard alone.
        sheet.get_by_role("button", name="Delete: an old radio").focus()
        page.page.keyboard.press("Enter")
        sheet.get_by_role("button", name="Open: an old radio").wait_for(state="detached")
        assert sheet.get_by_role("button", name="Open: a paper boat").evaluate(
            "node => node === document.activeElement"
        )
        for _ in range(12):
            page.page.keyboard.press("Tab")
            if undo.evaluate("node => node === document.activeElement"):
                break
        page.page.keyboard.press("Enter")
        sheet.get_by_role("button", name="Open: an old radio").wait_for()
        assert page.sent("delete-history") == []


def test_a_deletion_is_done_when_the_notice_is_gone(tmp_path: Path, browsers: Browsers) -> None:
    with page_of(tmp_path, browsers) as page:
        talk(page, "An old radio.", "A paper boat.", "The moon.")
        sheet = panel(page, "Conversations")
        sheet.get_by_role("button", name="Delete: an old radio").click()
        page.page.get_by_role("button", name="Undo").wait_for()
        page.page.get_by_role("button", name="Dismiss").click()
        page.page.get_by_role("button", name="Undo").wait_for(state="detached")
        page.wait_for("history-deleted")
        assert page.received("history-deleted")[0]["success"]
        # Leaving the page ends the time to take it back as well.
        sheet.get_by_role("button", name="Delete: a paper boat").click()
        page.page.get_by_role("button", name="Undo").wait_for()
        page.page.reload()
        sheet = panel(page, "Conversations")
        sheet.get_by_role("button", name="Open: the moon").wait_for()
        assert rows(sheet).count() == 1
        said(page, "The moon.")


# Characters and backgrounds


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
    with page_of(tmp_path, browsers) as page:
        talk(page, "Remember me.")
        sheet = panel(page, "Characters")
        sheet.get_by_text("no TTS engine is called").wait_for()
        assert sheet.get_by_role("button", name="broken.yaml").is_disabled()
        assert "tester" in sheet.locator("[aria-current=true]").inner_text()
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
    values = configured()
    values["system_config"]["conf_version"] = "v1.2.1"
    values["character_config"]["human_nam"] = "Ann"
    with live(tmp_path, values) as server, opened(browsers, server.url) as page:
        notice = page.page.get_by_role("status").filter(has_text="2 settings do nothing")
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
    with page_of(tmp_path, browsers) as page:
        talk(page, "Are you there?")
        sheet = panel(page, "Characters")
        sheet.get_by_role("button", name="Talk with owl").click()
        page.wait_for("config-switched")
        page.wait_for("error")
        page.page.get_by_role("alert").wait_for()
        sheet.locator("[aria-current=true]").filter(has_text="owl").wait_for()
        sheet.get_by_role("progressbar").first.wait_for(state="detached")
        sheet.get_by_role("button", name="Talk with tester").click()  # and back
        page.wait_for("config-switched", 2)
        sheet.locator("[aria-current=true]").filter(has_text="tester").wait_for()
        page.page.keyboard.press("Escape")
        page.page.get_by_role("dialog").wait_for(state="detached")


def models(folder: Path, *names: str) -> None:
    """Give a server models of these names, each with files of its own."""
    (drawn,) = json.loads((PROJECT / "model_dict.json").read_text("utf-8"))
    entries = []
    for name in names:
        shutil.copytree(PROJECT / "live2d-models" / "wren", folder / "live2d-models" / name)
        entry = json.dumps(drawn | {"name": name})
        entries.append(entry.replace("/live2d-models/wren/", f"/live2d-models/{name}/"))
    (folder / "model_dict.json").write_text(f"[{', '.join(entries)}]", "utf-8")


def test_after_a_reload_she_is_there_from_the_start(tmp_path: Path, browsers: Browsers) -> None:
    models(tmp_path, "robin", "owl")
    character(tmp_path, "owl.yaml", "owl", live2d_model_name="owl")
    values = configured()
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
    # The page before may have had a word left to say.
    kinds = [one.kind for one in since if one.kind != "fetch-history-list"]
    assert kinds[0] == "hello"
    characters = [one.message for one in since if one.kind == "set-model-and-conf"]
    assert [(one["conf_name"], one["file"]) for one in characters] == [("owl", "owl.yaml")]
    drawn = [address for address in asked if "/live2d-models/" in address]
    assert drawn
    assert [address for address in drawn if "/live2d-models/owl/" not in address] == []
    assert "switch-config" not in kinds


def picture(path: Path) -> None:
    """Write a PNG of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    image = zlib.compress(b"\0\x40\x60\x80")
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", image) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + parts)


def test_backgrounds_are_chosen_with_the_keyboard(tmp_path: Path, browsers: Browsers) -> None:
    (tmp_path / "backgrounds").mkdir()
    for name in ("tea house.png", "meadow.png"):
        picture(tmp_path / "backgrounds" / name)
    with page_of(tmp_path, browsers) as page:
        sheet = panel(page, "Backgrounds")
        sheet.get_by_role("radio", name="tea house").wait_for()
        widths = "all => all.map(one => one.naturalWidth)"
        page.until(lambda: sheet.locator("img").evaluate_all(widths) == [1, 1])
        sheet.get_by_role("radio", name="None").check(force=True)
        page.page.keyboard.press("ArrowDown")
        assert sheet.get_by_role("radio", name="meadow").is_checked()
        page.page.keyboard.press("ArrowRight")
        assert sheet.get_by_role("radio", name="tea house").is_checked()
        page.page.reload()
        sheet = panel(page, "Backgrounds")
        sheet.get_by_role("radio", name="tea house").wait_for()
        assert sheet.get_by_role("radio", name="tea house").is_checked()


# Group


def own_id(sheet: Locator) -> str:
    return sheet.get_by_role("textbox", name="Your id").input_value()


def test_two_pages_form_a_group(tmp_path: Path, browsers: Browsers) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(live(tmp_path, configured()))
        host = stack.enter_context(opened(browsers, server.url))
        sheet = panel(host, "Group")
        sheet.get_by_text("You are in no group.").wait_for()
        sheet.get_by_role("img", name="QR code").wait_for()
        host_id = own_id(sheet)
        # The address in the code: it offers, and does nothing before it is told to.
        guest = stack.enter_context(opened(browsers, server.url))
        guest.page.goto(f"{server.url}/?invite={host_id}")
        offer = guest.page.get_by_role("dialog", name="Group")
        offer.get_by_role("button", name="Yes, invite").wait_for()
        assert guest.sent("add-client-to-group") == []
        offer.get_by_role("button", name="Yes, invite").click()
        guest_id = own_id(offer)
        sheet.get_by_text("invited you").wait_for()
        assert "invite" not in guest.page.url
        members = sheet.get_by_role("listitem")
        members.nth(1).wait_for()
        assert sheet.get_by_role("button", name="Remove", exact=False).count() == 0
        # Who invited owns the group, and can take the other out.
        offer.get_by_text("Began the group").wait_for()
        # They have names; two of one name are told apart.
        members.filter(has_text="Human 1").filter(has_text=guest_id[:8]).wait_for()
        members.filter(has_text="Human 2").filter(has_text="You").wait_for()
        offer.get_by_role("button", name="Remove Human 2").click()
        sheet.get_by_text("You were removed from the group.").wait_for()
        sheet.get_by_text("You are in no group.").wait_for()
        # Now by a pasted id, and one leaves.
        sheet.get_by_role("textbox", name="Their id").fill(f" {guest_id} ")
        sheet.get_by_role("button", name="Invite", exact=True).click()
        offer.get_by_role("button", name="Leave the group").click()
        sheet.get_by_text("You are in no group.").wait_for()
        # A wrong id is told.
        sheet.get_by_role("textbox", name="Their id").fill("nobody")
        sheet.get_by_role("button", name="Invite", exact=True).click()
        host.page.get_by_role("alert").filter(has_text="no page with this id").wait_for()


def test_an_invitation_can_be_declined(tmp_path: Path, browsers: Browsers) -> None:
    with page_of(tmp_path, browsers, size=PHONE) as page:
        page.page.goto(f"{page.page.url}?invite=somebody")
        sheet = page.page.get_by_role("dialog", name="Group")
        sheet.get_by_role("button", name="No", exact=True).click()
        sheet.get_by_text("into a conversation together").wait_for(state="detached")
        greeted = len(page.received("set-model-and-conf"))
        page.page.reload()
        page.wait_for("set-model-and-conf", greeted + 1)
        assert page.page.get_by_role("dialog").count() == 0
        assert page.sent("add-client-to-group") == []


def test_the_id_is_copied(tmp_path: Path, browsers: Browsers) -> None:
    with page_of(tmp_path, browsers) as page:
        page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        sheet = panel(page, "Group")
        sheet.get_by_role("button", name="Copy your id").click()
        sheet.get_by_text("Copied").wait_for()
        assert page.page.evaluate("navigator.clipboard.readText()") == own_id(sheet)


# Settings


def test_settings_last_and_can_be_reset(tmp_path: Path, browsers: Browsers) -> None:
    with page_of(tmp_path, browsers, size=PHONE) as page:
        sheet = panel(page, "Settings")
        sheet.get_by_role("radio", name="Dark").check(force=True)
        page.until(lambda: root(page, "dataset.theme") == "dark")
        sheet.get_by_role("switch", name="Captions").click()
        sheet.get_by_role("tab", name="Talking").click()
        assert sheet.get_by_text("as in conf.yaml").count() == 2
        slider = sheet.get_by_role("slider", name="Sensitivity")
        slider.focus()
        page.page.keyboard.press("ArrowRight")
        assert slider.get_attribute("aria-valuetext") == "55 %"
        sheet.get_by_role("switch", name="Push to talk").click()
        page.page.reload()
        sheet = panel(page, "Settings")
        assert root(page, "dataset.theme") == "dark"
        assert not sheet.get_by_role("switch", name="Captions").is_checked()
        sheet.get_by_role("tab", name="Talking").click()
        assert sheet.get_by_role("switch", name="Push to talk").is_checked()
        slider = sheet.get_by_role("slider", name="Sensitivity")
        assert slider.get_attribute("aria-valuetext") == "55 %"
        sheet.get_by_role("button", name="Sensitivity: use the value").click()
        assert slider.get_attribute("aria-valuetext") == "as in conf.yaml"
        assert slider.evaluate("node => node === document.activeElement")
        sheet.get_by_role("tab", name="General").click()
        sheet.get_by_role("button", name="Reset all settings").click()
        page.until(lambda: root(page, "dataset.theme") == "auto")
        assert sheet.get_by_role("switch", name="Captions").is_checked()
        page.page.get_by_role("button", name="Undo").click()
        page.until(lambda: root(page, "dataset.theme") == "dark")


def root(page: Watched, what: str) -> Any:
    return page.page.evaluate(f"document.documentElement.{what}")


def test_the_language_is_changed(tmp_path: Path, browsers: Browsers) -> None:
    with page_of(tmp_path, browsers) as page:
        sheet = panel(page, "Settings")
        sheet.get_by_role("radio", name="中文").check(force=True)
        page.page.get_by_role("dialog", name="设置").wait_for()
        page.until(lambda: root(page, "lang") == "zh-CN")
        page.page.reload()
        panel(page, "对话记录").get_by_text("还没有保存的对话").wait_for()


def test_devices_are_named_once_they_may_be_used(
    tmp_path: Path, browsers: Browsers, microphone: Microphone
) -> None:
    says = microphone()
    with (
        live(tmp_path, configured()) as server,
        opened(browsers, server.url, *says) as page,
    ):
        sheet = panel(page, "Settings")
        sheet.get_by_role("tab", name="Devices").click()
        pick = sheet.get_by_role("combobox", name="Microphone")
        pick.wait_for()
        allow = sheet.get_by_role("button", name="Show the devices")
        if allow.count():
            allow.click()
        pick.locator("option", has_text="Fake").first.wait_for(state="attached")
        label = pick.locator("option", has_text="Fake").first.inner_text()
        pick.select_option(label=label)
        page.page.reload()
        sheet = panel(page, "Settings")
        sheet.get_by_role("tab", name="Devices").click()
        pick = sheet.get_by_role("combobox", name="Microphone")
        assert pick.input_value() != ""


# Speed


def test_the_waterfall_shows_a_turn(tmp_path: Path, browsers: Browsers) -> None:
    with page_of(tmp_path, browsers) as page:
        sheet = panel(page, "Speed")
        sheet.get_by_text("Say or type something").wait_for()
        page.page.keyboard.press("Escape")
        page.page.get_by_role("dialog").wait_for(state="detached")
        talk(page, "How fast are you?")
        page.write("And now?")
        page.wait_for("conversation-chain-end", 2)
        page.wait_for("turn-metrics", 2)
        sheet = panel(page, "Speed")
        table = sheet.get_by_role("table", name="Length of each stage of the last answers")
        lines = table.get_by_role("row")
        assert lines.count() == 3  # with the head
        cells = lines.nth(1).get_by_role("cell").all_inner_texts()
        assert cells[:2] == ["–", "–"]  # typed: there was nothing to hear
        assert all("ms" in cell or "s" in cell for cell in cells[2:])
        newest = page.received("turn-metrics")[-1]
        assert cells[2] == f"{newest['first_token_ms']}\u00a0ms"
        assert sheet.locator(".stages li").count() == 3
        assert sheet.locator(".earlier li").count() == 1


# The sheet itself


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_panel_holds_the_focus_and_gives_it_back(
    tmp_path: Path, browsers: Browsers, size: tuple[int, int]
) -> None:
    with page_of(tmp_path, browsers, size=size) as page:
        sheet = panel(page, "Settings")
        for _ in range(25):
            page.page.keyboard.press("Tab")
            assert sheet.evaluate("node => node.contains(document.activeElement)")
        fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        assert page.page.evaluate(fits)
        page.page.keyboard.press("Escape")
        sheet.wait_for(state="detached")
        doors = page.page.get_by_role("button", name="Settings", exact=True)
        opener = menu(page) if size == PHONE else doors
        page.until(lambda: bool(opener.evaluate("node => node === document.activeElement")))


def test_closing_a_panel_does_not_interrupt(tmp_path: Path, browsers: Browsers) -> None:
    values = conf(sections={"tone_tts": {"seconds": 20.0}})
    with live(tmp_path, values) as server, opened(browsers, server.url) as page:
        page.write("Tell me.")
        page.wait_for_bubbles("ai", 1)
        sheet = panel(page, "Speed")
        page.page.keyboard.press("Escape")
        sheet.wait_for(state="detached")
        assert page.sent("interrupt-signal") == []
        page.page.keyboard.press("Escape")
        page.until(lambda: len(page.sent("interrupt-signal")) == 1, "the interrupt")
