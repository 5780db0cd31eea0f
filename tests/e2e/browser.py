"""A real Chromium on the page, and a record of what it did: console, requests, socket frames."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, WebSocket, expect

from tests.support.chunks import SpeechFrame, read_frame

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)
DRAWS = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")
"""WebGL on the processor, for the tests that look at her; it costs time."""
BLIND = ("--disable-gpu", "--disable-3d-apis")
"""No WebGL at all."""
PHONE: dict[str, Any] = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}
"""For `opened`: a phone, held upright."""
SETTINGS = "open-llm-vtuber:settings"
"""Where the page keeps what was chosen."""

TIMEOUT_MS = 60_000
"""For whatever a test waits for; generous, because continuous integration is slow."""


@dataclass(frozen=True)
class Frame:
    """One text frame on the socket."""

    by_page: bool
    message: dict[str, Any]

    @property
    def kind(self) -> str:
        """Its type, or the text of a control message; those of /tts-ws have none."""
        kind = self.message.get("type", "tts")
        return str(self.message["text"] if kind == "control" else kind)


@dataclass
class Watched:
    """A page and what it did."""

    page: Page
    frames: list[Frame] = field(default_factory=list)
    sound_bytes: int = 0
    """How much sound of the microphone was sent."""
    speech: list[SpeechFrame] = field(default_factory=list)
    """What it was sent of her voice, in chunks."""
    addresses: list[str] = field(default_factory=list)
    """Of all requests and sockets."""
    complaints: list[str] = field(default_factory=list)
    """Warnings and errors of the console, and uncaught exceptions."""

    def sent(self, kind: str) -> list[dict[str, Any]]:
        return [frame.message for frame in self.frames if frame.by_page and frame.kind == kind]

    def received(self, kind: str) -> list[dict[str, Any]]:
        return [frame.message for frame in self.frames if not frame.by_page and frame.kind == kind]

    def kinds(self) -> list[str]:
        """Return the kinds of all frames, in order; those of the page begin with `>`."""
        return [f">{frame.kind}" if frame.by_page else frame.kind for frame in self.frames]

    def until(self, holds: Callable[[], bool], what: str = "") -> None:
        """Wait until something holds that has no locator."""
        deadline = time.monotonic() + TIMEOUT_MS / 1000
        while not holds():
            assert time.monotonic() < deadline, f"waited in vain for {what}: {self.kinds()}"
            self.page.wait_for_timeout(20)

    def wait_for(self, kind: str, count: int = 1) -> None:
        """Wait until the page has received `count` messages of a kind."""
        self.until(lambda: len(self.received(kind)) >= count, kind)

    def bubbles(self, who: str) -> list[str]:
        """Return the texts of the bubbles of `human` or `ai`."""
        script = "all => all.map(one => one.textContent)"
        texts: list[str] = self.page.locator(f".bubble.{who}").evaluate_all(script)
        return texts

    def wait_for_bubbles(self, who: str, count: int) -> None:
        self.page.locator(f".bubble.{who}").nth(count - 1).wait_for()

    def wait_for_words(self, who: str) -> None:
        """Wait until the newest bubble of `who` holds a word that was said, not only written."""
        newest = self.page.locator(f".bubble.{who}").last
        expect(newest).to_have_attribute("data-heard", re.compile(r"\d"), timeout=TIMEOUT_MS)

    def heard(self) -> str:
        """Return what was heard of her newest bubble, which may show more."""
        newest = self.page.locator(".bubble.ai").last
        return self.bubbles("ai")[-1][: int(newest.get_attribute("data-heard") or 0)]

    def paste_picture(self) -> None:
        """Paste a picture into the message."""
        self.page.get_by_label("Message", exact=True).evaluate(
            """async box => {
                const canvas = new OffscreenCanvas(8, 8);
                canvas.getContext("2d").fillRect(0, 0, 8, 8);
                const blob = await canvas.convertToBlob();
                const clipboardData = new DataTransfer();
                clipboardData.items.add(new File([blob], "pasted.png", { type: blob.type }));
                box.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
            }"""
        )

    def wait_for_avatar(self, kind: str) -> None:
        """Wait until she is on the stage: drawn from a rig, by Live2D, or as a picture."""
        self.page.locator(f".stage[data-avatar={kind}]").wait_for()

    def wait_for_status(self, text: str) -> None:
        self.page.get_by_role("status").filter(has_text=text).wait_for()

    def write(self, text: str) -> None:
        """Type a message and send it with Enter."""
        box = self.page.get_by_label("Message", exact=True)
        box.fill(text)
        box.press("Enter")


def watch(page: Page) -> Watched:
    """Record what `page` does from now on."""
    watched = Watched(page)

    def keep(payload: str | bytes, *, by_page: bool) -> None:
        if isinstance(payload, bytes) and by_page:
            watched.sound_bytes += len(payload)
        elif isinstance(payload, bytes):
            watched.speech.append(read_frame(payload))
        else:
            watched.frames.append(Frame(by_page, orjson.loads(payload)))

    def follow(socket: WebSocket) -> None:
        watched.addresses.append(socket.url)
        socket.on("framesent", lambda payload: keep(payload, by_page=True))
        socket.on("framereceived", lambda payload: keep(payload, by_page=False))

    def complain(message: ConsoleMessage) -> None:
        if message.type in ("warning", "error"):
            watched.complaints.append(f"{message.text} ({message.location['url']})")

    page.set_default_timeout(TIMEOUT_MS)
    page.on("websocket", follow)
    page.on("request", lambda request: watched.addresses.append(request.url))
    page.on("console", complain)
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    return watched


class Browsers:
    """Chromium, started once for each set of arguments. Close it when all is done."""

    def __init__(self, playwright: Playwright) -> None:
        self.playwright = playwright
        self._running: dict[tuple[str, ...], Browser] = {}

    @contextmanager
    def tab(self, *arguments: str, **device: Any) -> Iterator[Page]:
        """Open an empty page that shares no storage, cache or permission with any other."""
        browser = self._running.get(arguments)
        if browser is None:
            path = find(self.playwright)
            browser = self.playwright.chromium.launch(executable_path=path, args=[*arguments])
            self._running[arguments] = browser
        context = browser.new_context(**device)
        try:
            yield context.new_page()
        finally:
            context.close()

    def close(self) -> None:
        for browser in self._running.values():
            browser.close()


@contextmanager
def opened(
    browsers: Browsers,
    url: str,
    *arguments: str,
    query: str = "",
    width: int = 1200,
    height: int = 800,
    settings: dict[str, Any] | None = None,
    may_complain: str | Sequence[str] = "",
    draws: bool = False,
    script: str = "",
    first_visit: bool = False,
    **device: Any,
) -> Iterator[Watched]:
    """Open the page at `url` as for the first time, with these choices made in its settings.

    Unless it is a `first_visit`, nothing is asked to set her up. `query` belongs to the page's
    address. `draws` gives it WebGL, `script` runs before the page does; `device` holds more of what
    Playwright can make a browser be.

    Afterwards: it asked nobody but `url`, and its console holds nothing but what contains
    `may_complain`, or one of several of them, if that is given.
    """
    if not first_visit:
        settings = {"hintsSeen": ["welcome"], **(settings or {})}
    size = {"width": width, "height": height}
    all_arguments = (*QUIET, *(DRAWS if draws else BLIND), *arguments)
    with browsers.tab(*all_arguments, viewport=size, **device) as tab:
        if script:
            tab.add_init_script(script)
        if settings:
            choose = (
                "([key, value]) => localStorage.getItem(key) ?? localStorage.setItem(key, value)"
            )
            chosen = [SETTINGS, orjson.dumps(settings).decode()]
            tab.add_init_script(f"({choose})({orjson.dumps(chosen).decode()})")
        watched = watch(tab)
        watched.page.goto(url + query)
        watched.wait_for("new-history-created")
        yield watched
    home = (url + "/", url.replace("http", "ws", 1) + "/")
    asked = [address.removeprefix("blob:") for address in watched.addresses]
    outside = [address for address in asked if not address.startswith(home)]
    assert not outside, outside
    allowed = [may_complain] if isinstance(may_complain, str) else may_complain
    unexpected = [
        text for text in watched.complaints if not any(one and one in text for one in allowed)
    ]
    assert not unexpected, "\n".join(unexpected)


def find(playwright: Playwright) -> str | None:
    """Return the path of a Chromium: of OLV_CHROMIUM, of the system, or Playwright's own."""
    if chosen := os.environ.get("OLV_CHROMIUM"):
        return chosen
    for name in NAMES:
        if path := shutil.which(name):
            return path
    own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def shoot(page: Watched, name: str, after_ms: int = 0) -> None:
    """Keep a picture in the folder OLV_SHOTS, where somebody wants to look at it."""
    if folder := os.environ.get("OLV_SHOTS"):
        page.page.wait_for_timeout(after_ms)
        page.page.screenshot(path=Path(folder) / f"{name}.png")
