"""A phone in the house: it has the authority installed, and its microphone works."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error, Page

from tests.support.live import conf
from tests.support.two_doors import TwoDoors, two_doors

from .browser import BLIND, QUIET, Browsers, find, watch
from .test_page import Microphone

pytestmark = pytest.mark.browser


def install(authority: Path, home: Path) -> None:
    """Have Chromium, in a home of its own, trust an authority as a person has it do so."""
    database = home / ".pki" / "nssdb"
    database.mkdir(parents=True)
    certutil = ["certutil", "-d", f"sql:{database}"]
    subprocess.run([*certutil, "-N", "--empty-password"], check=True)
    added = [*certutil, "-A", "-t", "C,,", "-n", "open-llm-vtuber", "-i", str(authority)]
    subprocess.run(added, check=True)


@contextmanager
def phone(browsers: Browsers, home: Path, *arguments: str) -> Iterator[Page]:
    playwright = browsers.playwright
    environment: dict[str, Any] = {**os.environ, "HOME": str(home)}
    browser = playwright.chromium.launch(
        executable_path=find(playwright),
        args=[*QUIET, *BLIND, *arguments],
        env=environment,
    )
    try:
        device = playwright.devices["Pixel 7"]
        yield browser.new_context(**device, permissions=["microphone"]).new_page()
    finally:
        browser.close()


def test_a_phone_that_trusts_hears_what_is_said_to_it(
    tmp_path: Path, browsers: Browsers, microphone: Microphone
) -> None:
    values = conf(asr="moonshine_asr", sections={"echo_llm": {"reply": "I hear you."}})
    says = microphone("human_goforward")
    with two_doors(tmp_path, values) as served:
        home = tmp_path / "home"
        install(served.authority, home)
        with phone(browsers, home, *says) as page:
            watched = watch(page)
            page.goto(f"{served.others}/?token={served.token}")
            assert page.evaluate("isSecureContext")
            watched.wait_for_status("Ready")
            page.get_by_label("Microphone", exact=True).click()
            watched.wait_for("user-input-transcription")
            watched.wait_for("conversation-chain-end")
            assert "forward" in watched.received("user-input-transcription")[0]["text"].lower()
            assert watched.complaints == []


def test_a_phone_that_does_not_trust_is_warned_and_told_how(
    tmp_path: Path, browsers: Browsers
) -> None:
    values = conf(asr="tests.support.engines:MuteASR", vad=None)
    with two_doors(tmp_path, values) as served:
        (tmp_path / "home").mkdir()
        with (
            phone(browsers, tmp_path / "home") as page,
            pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"),
        ):
            page.goto(f"{served.others}/?token={served.token}")
        # It goes on past the warning, to the page that says how.
        with phone(browsers, tmp_path / "home", "--ignore-certificate-errors") as page:
            told(page, served)


def told(page: Page, served: TwoDoors) -> None:
    page.goto(f"{served.others}/trust")
    page.get_by_text("iPhone and iPad", exact=True).click()
    page.get_by_text("Certificate Trust Settings").wait_for()
    with page.expect_download() as given:
        page.get_by_role("link", name="Download the certificate").click()
    assert given.value.suggested_filename == "open-llm-vtuber.crt"
    assert Path(given.value.path()).stat().st_size > 300
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
