"""Who comes in, as a real browser asks for it: with the token, and from pages of other origins."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.support.live import PROJECT, conf, live

from .browser import opened

pytestmark = pytest.mark.browser


def test_the_page_and_all_its_parts_come_with_the_token_of_its_address(
    tmp_path: Path, playwright: Playwright
) -> None:
    values = conf(sections={"tone_tts": {"seconds": 0.3}})
    values["system_config"] |= {"host": "0.0.0.0", "access_token": "secret 1"}
    values["character_config"]["live2d_model_name"] = "wren"
    for name in ("live2d-models", "avatars", "backgrounds"):
        (tmp_path / name).symlink_to(PROJECT / name, target_is_directory=True)
    with (
        live(tmp_path, values) as server,
        opened(playwright, server.url, query="/?token=secret%201", draws=True) as page,
    ):
        page.wait_for_avatar("rig")
        picture = "document.querySelectorAll('.ground img')[0]?.naturalWidth"
        page.until(lambda: bool(page.page.evaluate(picture)))
        page.write("Hello.")
        page.wait_for("conversation-chain-end")
        assert len(page.received("audio")) == 1  # and the console did not complain of a refusal
