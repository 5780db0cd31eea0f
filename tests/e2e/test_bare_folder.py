"""A first visit of the program as it is given to others, in a folder in which nothing is.

The wheel is started there with the libraries at hand. All weights are fetched by the server itself,
from where they are published; only the language model is named, as the default one is large.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import yaml
from playwright.sync_api import expect

from tests.support.live import PROJECT, free_port
from tests.support.product import SMALL_MODEL
from tests.support.program import running, unpacked

from .browser import Browsers, opened
from .instruments import EARS, loudness

pytestmark = pytest.mark.browser

FETCHED_S = 300


def test_from_nothing_to_a_spoken_answer(tmp_path: Path, browsers: Browsers) -> None:
    program, folder = unpacked(tmp_path), tmp_path / "home"
    folder.mkdir()
    with running(program, folder, "--engines") as listing:
        assert listing.wait(60) == 0
    assert [one.name for one in folder.iterdir()] == ["console.txt"]
    # A start that serves nothing puts there what is the user's.
    with running(program, folder, "--export-history", "nowhere") as export:
        assert export.wait(60) == 0, (folder / "console.txt").read_text("utf-8")
    conf = folder / "conf.yaml"
    assert conf.read_bytes() == (PROJECT / "conf.yaml").read_bytes()
    given = conf.read_text("utf-8")
    assert "model_path: default-llm" in given
    small = f"n_threads: 1\n        model_path: {SMALL_MODEL}"
    conf.write_text(given.replace("model_path: default-llm", small), "utf-8")
    assert not (folder / "models").exists()

    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with running(program, folder, "--host", "127.0.0.1", "--port", str(port)) as server:
        until(lambda: answers(url) or server.poll() is not None, "the port")
        with opened(browsers, url, first_visit=True, script=EARS) as one:
            page = one.page
            card = page.locator("[data-welcome]")
            for title in ("Which language?", "How she thinks", "How she sounds", "Your microphone"):
                expect(card.get_by_role("heading")).to_have_text(title)
                card.locator("footer button").last.click()
            expect(card).to_have_count(0)
            until(lambda: ready(url), f"the weights: {url}/health")
            one.write("Hello!")
            one.until(lambda: loudness(one) > 0.01, "her voice")
            one.wait_for_words("ai")
    fetched = {path.name for path in (folder / "models").iterdir()}
    assert {SMALL_MODEL, "silero-vad-16k", "moonshine-tiny-en"} <= fetched
    character = yaml.safe_load(conf.read_text("utf-8"))["character_config"]
    assert character["conf_name"] == "Wren"


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health").is_success
    except httpx.TransportError:
        return False


def ready(url: str) -> bool:
    health = httpx.get(f"{url}/health").json()
    assert not health["failed"], health
    return bool(health["ready"])


def until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + FETCHED_S
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.2)
