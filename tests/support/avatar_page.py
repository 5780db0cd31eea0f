"""A page with nothing but an avatar: built from frontend/test-pages, served, and opened."""

from __future__ import annotations

import base64
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.e2e.browser import BLIND, DRAWS, TIMEOUT_MS, Browsers
from tools.npm import ROOT, install, npm

RIG = "/live2d-models/wren/wren.rig.json"
MODEL: dict[str, Any] = {
    "name": "wren",
    "url": "/live2d-models/wren/wren.model3.json",
    "rig": RIG,
    "kScale": 0.5,
    "tapMotions": {"Head": {"TapHead": 1}, "Body": {"TapBody": 1}},
}
SOFTWARE_GL = ("--no-sandbox", *DRAWS)
NO_GL = ("--no-sandbox", *BLIND)


def build(folder: Path) -> Path:
    """Build the page into `folder`, which is emptied."""
    install()
    npm(["exec", "--", "vite", "build", "frontend/test-pages", "--outDir", str(folder)])
    return folder


def product_policy() -> str:
    """Return the Content-Security-Policy of the product's page."""
    html = (ROOT / "frontend" / "index.html").read_text("utf-8")
    found = re.search(r'http-equiv="Content-Security-Policy"\s+content="([^"]+)"', html)
    assert found, "frontend/index.html has no policy any more"
    return found[1]


@contextmanager
def served(folder: Path, extra: Mapping[str, str | bytes] | None = None) -> Iterator[str]:
    """Serve the built page, the project's models and `extra`, by path; yield the URL.

    All is served under the policy of the product's page.
    """
    texts = extra or {}
    policy = product_policy()

    class Handler(SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            name = path.partition("?")[0].lstrip("/")
            home = ROOT if name.startswith(("live2d-models/", "avatars/")) else folder
            return str(home / name)

        def do_GET(self) -> None:
            text = texts.get(self.path)
            if text is None:
                super().do_GET()
                return
            self.send_response(200)
            kind = "text/javascript" if self.path.endswith(".js") else "application/json"
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(text.encode() if isinstance(text, str) else text)

        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", policy)
            super().end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def stage(
    browsers: Browsers,
    url: str,
    *,
    arguments: tuple[str, ...] = SOFTWARE_GL,
    width: int = 600,
    height: int = 800,
    may_complain: tuple[str, ...] = (),
) -> Iterator[Page]:
    """Open the page; its console may hold nothing but what has a text of `may_complain` in it."""
    # A processor that draws is slow to read from, and Chromium says so.
    expected = ("GPU stall due to ReadPixels", *may_complain)
    complaints: list[str] = []
    with browsers.tab(*arguments, viewport={"width": width, "height": height}) as page:
        page.set_default_timeout(TIMEOUT_MS)
        page.on("pageerror", lambda error: complaints.append(f"{error}\n{error.stack}"))
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text) if message.type in ("warning", "error") else None
            ),
        )
        page.goto(f"{url}/avatar.html")
        until(page, "window.avatarPage !== undefined")
        yield page
    unexpected = [text for text in complaints if not any(part in text for part in expected)]
    assert unexpected == [], "\n".join(unexpected)


def load(page: Page, model: dict[str, Any], core: str | None = None, *, still: bool = False) -> str:
    """Show a model; return its kind, or the error's name and words."""
    result = page.evaluate("given => avatarPage.load(...given)", [model, core, still])
    assert isinstance(result, str)
    return result


def data_url(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode()


def png_of(url: str) -> bytes:
    return base64.b64decode(url.partition(",")[2])


def until(page: Page, expression: str) -> None:
    """Wait until a JavaScript expression is true; Playwright's own way is against the policy."""
    deadline = time.monotonic() + TIMEOUT_MS / 1000
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"never came true: {expression}"
        page.wait_for_timeout(20)
