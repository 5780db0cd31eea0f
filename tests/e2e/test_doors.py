"""Who comes in, as a real browser asks for it: with the token, and from pages of other origins."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page
from websockets.http11 import Request
from websockets.sync.server import ServerConnection, serve

from tests.support.live import PROJECT, conf, live

from .browser import QUIET, Browsers, find, opened

pytestmark = pytest.mark.browser


def test_the_page_and_all_its_parts_come_with_the_token_of_its_address(
    tmp_path: Path, browsers: Browsers
) -> None:
    values = conf(
        asr="tests.support.engines:MuteASR", vad=None, sections={"tone_tts": {"seconds": 0.3}}
    )
    values["system_config"] |= {"host": "0.0.0.0", "access_token": "secret 1"}
    values["character_config"]["live2d_model_name"] = "wren"
    for name in ("live2d-models", "avatars", "backgrounds", "model_dict.json"):
        (tmp_path / name).symlink_to(PROJECT / name)
    with (
        live(tmp_path, values) as server,
        opened(browsers, server.url, query="/?token=secret%201", draws=True) as page,
    ):
        page.wait_for_avatar("rig")
        picture = "document.querySelectorAll('.ground img')[0]?.naturalWidth"
        page.until(lambda: bool(page.page.evaluate(picture)))
        page.write("Hello.")
        page.wait_for("conversation-chain-end")
        assert len(page.received("audio")) == 1  # and the console did not complain of a refusal


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def site(folder: Path) -> Iterator[str]:
    """Serve a folder on a port of its own, as another program on this computer does."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def recorder() -> Iterator[tuple[str, list[str | None]]]:
    """Take every socket and keep the origin that it came from."""
    origins: list[str | None] = []

    def keep(_: ServerConnection, request: Request) -> None:
        origins.append(request.headers.get("Origin"))

    with serve(lambda _: None, "127.0.0.1", 0, process_request=keep) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}/", origins
        finally:
            server.shutdown()
            thread.join()


def connects(page: Page | Frame, url: str) -> bool:
    """Return whether a script of `page` can open a socket."""
    opened: bool = page.evaluate(
        """url => new Promise(done => {
            const socket = new WebSocket(url);
            socket.onopen = () => { socket.close(); done(true); };
            socket.onerror = () => done(false);
        })""",
        url,
    )
    return opened


def test_what_a_browser_says_of_a_page_decides_whether_it_comes_in(
    tmp_path: Path, browsers: Browsers
) -> None:
    (tmp_path / "foreign.html").write_text("<title>another page</title>")
    frame = """const frame = document.createElement("iframe"); frame.sandbox = "allow-scripts";
        frame.src = location.href; document.body.append(frame);"""
    values = conf(asr="tests.support.engines:MuteASR", vad=None)
    browser = browsers.playwright.chromium.launch(
        executable_path=find(browsers.playwright), args=[*QUIET]
    )
    try:
        with recorder() as (recording, origins), site(tmp_path) as other, site(tmp_path) as listed:
            values["system_config"]["allowed_origins"] = [listed]
            with live(tmp_path, values) as server:
                own = f"{server.url}/health"
                socket = server.url.replace("http", "ws", 1) + "/client-ws"
                disk = (tmp_path / "foreign.html").as_uri()
                for address, origin, may in (
                    (own, server.url, True),
                    (f"{listed}/foreign.html", listed, True),
                    (f"{other}/foreign.html", other, False),
                    (own.replace("127.0.0.1", "localhost"), None, False),
                    (disk, "null", False),
                ):
                    page = browser.new_page(bypass_csp=True)  # to tell its origin elsewhere, too
                    page.goto(address)
                    assert connects(page, recording)
                    assert origins[-1] == (origin or server.url.replace("127.0.0.1", "localhost"))
                    assert connects(page, socket) is may, address
                page.goto(f"{listed}/foreign.html")
                with page.expect_event("framenavigated"):
                    page.evaluate(frame)
                assert connects(page.frames[1], recording)
                assert origins[-1] == "null"
                assert not connects(page.frames[1], socket)
    finally:
        browser.close()
