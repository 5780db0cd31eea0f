"""The one-time step for Live2D models on the page, with a stand-in for Live2D's own server."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.support.live import PROJECT, conf, free_port, live
from tests.web.sdk import Vendor, archive, sdk

from .axe import violations
from .browser import Browsers, Watched, opened
from .test_live2d_avatar import STAND_INS

pytestmark = pytest.mark.browser

HEAD = "/** Live2D Cubism Core 5.0.0, a stand-in: Live2DCubismCore */\n"
CORE = (HEAD + STAND_INS["/core.js"]).encode()
"""Passes for the Core at the server, and knows an empty model in the page."""
TOO_NEW = (HEAD + STAND_INS["/newer-core.js"]).encode()
TITLE = "This character is a Live2D model"
DENIED = "status of 502"
"""Chromium itself reports a request that fails."""
REFUSED = "status of 400"


def configured(folder: Path, core_url: str) -> dict[str, Any]:
    """Return a conf.yaml of a character who has no rig; what is fetched is the folder's own."""
    models = folder / "live2d-models"
    models.mkdir()
    shutil.copytree(PROJECT / "live2d-models" / "wren", models / "wren")
    files = json.loads(STAND_INS["/empty.model3.json"])
    text = json.dumps(files).replace("live2d-models/", "")
    (models / "empty.model3.json").write_text(text, "utf-8")
    entry = {"name": "empty", "url": "/live2d-models/empty.model3.json", "kScale": 0.5}
    (folder / "model_dict.json").write_text(json.dumps([entry]), "utf-8")
    (folder / "models").mkdir()
    values = conf(
        asr="tests.support.engines:MuteASR",
        vad=None,
        sections={"echo_llm": {"reply": "Hello there."}, "tone_tts": {"seconds": 0.3}},
    )
    values["character_config"]["live2d_model_name"] = "empty"
    values["system_config"]["live2d_core_url"] = core_url
    return values


@contextmanager
def page_of(
    folder: Path, browsers: Browsers, core_url: str, may_complain: str = ""
) -> Iterator[Watched]:
    values = configured(folder, core_url)
    with (
        live(folder, values) as server,
        opened(browsers, server.url, draws=True, may_complain=may_complain) as page,
    ):
        yield page


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    server = Vendor(archive(sdk(CORE)))
    yield server
    server.close()


def step(page: Watched) -> Locator:
    return page.page.get_by_role("region", name=TITLE)


def accept(page: Watched) -> None:
    step(page).get_by_role("checkbox").check()


def button(page: Watched, name: str) -> Locator:
    return step(page).get_by_role("button", name=name, exact=True)


def test_it_is_explained_accepted_fetched_and_remembered(
    tmp_path: Path, browsers: Browsers, vendor: Vendor
) -> None:
    with page_of(tmp_path, browsers, vendor.url()) as page:
        step(page).get_by_text("proprietary").wait_for()
        licence = step(page).get_by_role("link", name="Live2D's licence")
        address = licence.get_attribute("href")
        assert address is not None
        assert address.startswith("https://www.live2d.com/eula/")
        assert licence.get_attribute("rel") == "noopener noreferrer"
        for name in ("Fetch it from Live2D", "Choose a file that I have"):
            assert button(page, name).is_disabled()
        assert violations(page.page) == []
        assert vendor.asked == []
        accept(page)
        button(page, "Fetch it from Live2D").click()
        page.wait_for_avatar("live2d")
        step(page).wait_for(state="detached")
        assert vendor.asked == ["/sdk.zip"]
        assert page.page.locator(".stage canvas").count() == 1
        page.page.reload()
        page.wait_for_avatar("live2d")
        assert step(page).count() == 0
        page.write("Are you there?")
        page.wait_for("conversation-chain-end")
        assert vendor.asked == ["/sdk.zip"]


def test_offline_one_is_told_what_to_do_and_can_do_it(tmp_path: Path, browsers: Browsers) -> None:
    """The file is loaded by another way and handed over; a wrong one is refused with the reason."""
    nobody = f"http://127.0.0.1:{free_port()}/sdk.zip"
    with page_of(tmp_path, browsers, nobody, may_complain="server responded with a") as page:
        accept(page)
        button(page, "Fetch it from Live2D").click()
        told = step(page).get_by_role("alert")
        expect(told).to_contain_text("Load the Cubism SDK for Web yourself")
        chooser = step(page).locator("input[type=file]")
        wrong = {"name": "wrong.js", "mimeType": "text/javascript", "buffer": b"alert(1)"}
        chooser.set_input_files(wrong)  # type: ignore[arg-type]
        expect(told).not_to_contain_text("yourself")
        expect(told).to_contain_text("Core")
        with page.page.expect_file_chooser() as choosing:
            button(page, "Choose a file that I have").click()
        right = {"name": "sdk.zip", "mimeType": "application/zip", "buffer": archive(sdk(CORE))}
        choosing.value.set_files(right)  # type: ignore[arg-type]
        page.wait_for_avatar("live2d")
        step(page).wait_for(state="detached")
    assert any(DENIED in text for text in page.complaints)
    assert any(REFUSED in text for text in page.complaints)


def test_it_can_be_put_off(tmp_path: Path, browsers: Browsers, vendor: Vendor) -> None:
    """One talks without seeing her, and is asked again at the next visit."""
    with page_of(tmp_path, browsers, vendor.url()) as page:
        button(page, "Not now").click()
        step(page).wait_for(state="detached")
        page.write("Are you there?")
        page.wait_for("conversation-chain-end")
        assert [text.strip() for text in page.bubbles("ai")] == ["Hello there."]
        assert page.page.get_by_role("alert").count() == 0
        page.page.reload()
        step(page).wait_for()
        assert vendor.asked == []


def test_a_file_that_cannot_draw_can_be_replaced(
    tmp_path: Path, browsers: Browsers, vendor: Vendor
) -> None:
    """What the server takes for the Core may still be of no use in the page."""
    vendor.body = archive(sdk(TOO_NEW))
    with page_of(tmp_path, browsers, vendor.url()) as page:
        accept(page)
        button(page, "Fetch it from Live2D").click()
        expect(step(page).get_by_role("alert")).to_contain_text("is too new for this program")
        page.page.reload()  # it is not asked for again, and is still too new
        expect(step(page).get_by_role("alert")).to_contain_text("is too new for this program")
        assert vendor.asked == ["/sdk.zip"]
        vendor.body = archive(sdk(CORE))
        accept(page)
        button(page, "Fetch it from Live2D").click()
        page.wait_for_avatar("live2d")


def test_the_step_comes_before_what_is_loading(
    tmp_path: Path, browsers: Browsers, vendor: Vendor
) -> None:
    """Both want the middle of the page at a first start; clicks on one never reach the other."""
    gate = tmp_path / "open"
    values = configured(tmp_path, vendor.url())
    agent = values["character_config"]["agent_config"]
    agent["agent_settings"]["basic_memory_agent"]["llm_provider"] = "tests.e2e.gated:GatedLLM"
    agent["llm_configs"]["gated_llm"] = {"gate": str(gate)}
    with (
        live(tmp_path, values) as server,
        opened(browsers, server.url, draws=True, width=390, height=740) as page,
    ):
        card = page.page.get_by_role("region", name="Getting ready")
        accept(page)
        assert card.count() == 0
        button(page, "Not now").click()
        card.wait_for()
        covered = card.evaluate(
            """card => {
                const { left, top, width, height } = card.getBoundingClientRect();
                const at = document.elementFromPoint(left + width / 2, top + height - 4);
                return card.contains(at);
            }"""
        )
        assert covered
        assert violations(page.page) == []
        card.get_by_role("button", name="Close").click()
        card.wait_for(state="detached")
        gate.touch()
        page.write("Hello.")
        page.wait_for("conversation-chain-end")
