"""From the start command in an empty folder, nothing fetched before, to the first spoken answer.

`uv run python -m bench.first_visit [MODEL]`. The wheel is built and unpacked first, which is not
counted; it runs with the libraries at hand. Then the clock starts: the command is given in an empty
folder, a real Chromium opens the page as soon as the port answers, clicks through the four steps of
a first visit without waiting for anything, writes a message, and listens until it hears her voice.
All weights are fetched meanwhile, as pip and the hub bring them: pip keeps no cache of them.

It prints when each part was done, in seconds since the command. With the name of a language MODEL
of the catalogue, that one is named in conf.yaml instead of the default.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import sync_playwright

from tests.e2e.browser import BLIND, QUIET, Browsers, Watched, watch
from tests.e2e.instruments import EARS, loudness
from tests.support.live import PROJECT, free_port
from tests.support.program import running, unpacked

GOAL_S = 180
PATIENCE_S = 1800.0
HEARD = 0.01
"""The least sample of a voice, of 1."""


class Clock:
    """Says when something was done."""

    def __init__(self) -> None:
        self._started = time.perf_counter()

    @property
    def now(self) -> float:
        """Return the seconds since it was started."""
        return time.perf_counter() - self._started

    def tell(self, what: str) -> None:
        """Print that something is done."""
        print(f"{self.now:7.1f} s  {what}", flush=True)

    def wait(self, holds: Callable[[], bool], what: str, server: subprocess.Popen[bytes]) -> None:
        """Wait until something holds. Raises RuntimeError where it does not come to that."""
        while not holds():
            if self.now > PATIENCE_S or server.poll() is not None:
                raise RuntimeError(f"in vain: {what}")
            time.sleep(0.05)


def _health(url: str) -> dict[str, Any]:
    try:
        health: dict[str, Any] = httpx.get(f"{url}/health").json()
    except httpx.TransportError:
        return {}
    if health["failed"]:
        raise RuntimeError(f"an engine failed: {health['failed']}")
    return health


def _click_through(page: Watched, clock: Clock) -> None:
    card = page.page.locator("[data-welcome]")
    card.wait_for()
    clock.tell("she stands there, and the first step is asked")
    for number in range(1, 5):
        heading = card.get_by_role("heading").inner_text()
        card.locator("footer button").last.click()
        clock.tell(f"step {number} is done: {heading}")
    card.wait_for(state="detached")


def _visit(url: str, folder: Path, clock: Clock, server: subprocess.Popen[bytes]) -> None:
    with (
        sync_playwright() as playwright,
        closing(Browsers(playwright)) as browsers,
        browsers.tab(*QUIET, *BLIND, viewport={"width": 1280, "height": 800}) as tab,
    ):
        tab.add_init_script(EARS)
        page = watch(tab)
        clock.tell("the browser is there")
        tab.goto(url)
        _click_through(page, clock)
        clock.wait(lambda: bool(_health(url).get("ready")), "the engines", server)
        models = sum(one.stat().st_size for one in (folder / "models").rglob("*.*"))
        clock.tell(f"every engine is ready; {models / 1e6:.0f} MB are in models/")
        page.write("Hello!")
        tab.locator(".bubble.ai").first.wait_for(timeout=PATIENCE_S * 1000)
        clock.tell("the first words of her answer are written")
        clock.wait(lambda: loudness(page) > HEARD, "her voice", server)
        clock.tell(f"her voice is heard; the goal is {GOAL_S} s")


def _main(model: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        program, folder = unpacked(Path(name)), Path(name) / "home"
        folder.mkdir()
        if model:
            text = (PROJECT / "conf.yaml").read_text("utf-8")
            text = text.replace("model_path: default-llm", f"model_path: {model}")
            (folder / "conf.yaml").write_text(text, "utf-8")
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        clock = Clock()
        with running(program, folder, "--host", "127.0.0.1", "--port", str(port)) as server:
            clock.wait(lambda: bool(_health(url)), "the port", server)
            clock.tell("the port answers")
            _visit(url, folder, clock, server)


if __name__ == "__main__":
    _main(sys.argv[1] if len(sys.argv) > 1 else "")
