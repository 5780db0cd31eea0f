"""The page that tests ASR and TTS, in a real browser against real engines."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.support.live import PROJECT, conf, live

from .browser import QUIET, find, watch
from .conftest import SPEECH

pytestmark = pytest.mark.browser


def test_it_hears_a_file_and_says_a_text(tmp_path: Path, playwright: Playwright) -> None:
    (tmp_path / "web_tool").symlink_to(PROJECT / "web_tool", target_is_directory=True)
    values = conf(llm="tests.support.engines:EchoLLM", tts="hibari_tts")
    browser = playwright.chromium.launch(executable_path=find(playwright), args=list(QUIET))
    try:
        with live(tmp_path, values) as server:
            watched = watch(browser.new_page())
            page = watched.page
            page.goto(server.url + "/web-tool")
            assert page.url == server.url + "/web-tool/index.html"
            page.get_by_label("choose a file").set_input_files(SPEECH / "human_jfk.wav")
            page.get_by_label("What was said").filter(has_text="your country").wait_for()
            page.get_by_label("Text").fill("Hello there. This is the second sentence.")
            page.get_by_role("button", name="Speak").click()
            page.get_by_text("First sound after").wait_for()
            assert page.get_by_role("listitem").count() == 2
            page.wait_for_function("document.querySelectorAll('audio')[1].ended")
            broken = {"name": "x.wav", "mimeType": "audio/wav", "buffer": b"no sound" * 20}
            page.get_by_label("choose a file").set_input_files(broken)  # type: ignore[arg-type]
            page.get_by_text("This is not a sound file").wait_for()
    finally:
        browser.close()
    assert all(address.split("//")[1].startswith(server.url[7:]) for address in watched.addresses)
    assert [text for text in watched.complaints if "400" not in text] == []
