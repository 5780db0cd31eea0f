"""The page as it is installed: what the browser keeps, and what is shown without the server."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page

from tests.support.live import PROJECT, live

from .browser import QUIET, Browsers, opened, watch
from .servers import Servers
from .test_page import configured

pytestmark = pytest.mark.browser

ICONS = {"icon-192.png": 192, "icon-512.png": 512, "icon-maskable-512.png": 512}
KEPT = """async () => {
    const all = [];
    for (const name of await caches.keys()) {
        for (const request of await (await caches.open(name)).keys()) all.push(request.url);
    }
    return all;
}"""
HASHED = re.compile(r"/assets/[^/]+-[\w-]{8}\.\w+$")
CONTROLLED = "navigator.serviceWorker.controller !== null"


def ready(page: Page) -> None:
    """Wait for the service worker, and load the page as it is with it."""
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    page.reload()
    page.wait_for_function(CONTROLLED)
    page.get_by_role("status").filter(has_text="Ready").wait_for()


def test_a_browser_can_install_it(servers: Servers, browsers: Browsers) -> None:
    with opened(browsers, servers.url(configured())) as page:
        session = page.page.context.new_cdp_session(page.page)
        told: dict[str, Any] = session.send("Page.getAppManifest")
        assert told["errors"] == []
        assert told["url"].endswith("/manifest.webmanifest")
        for name, side in ICONS.items():
            load = """async name => {
                const image = new Image();
                image.src = name;
                await image.decode();
                return [image.naturalWidth, image.naturalHeight];
            }"""
            assert page.page.evaluate(load, name) == [side, side]
            assert f'"{name}"' in told["data"]
            assert len(httpx.get(f"{servers.url(configured())}/{name}").content) < 10_000


def test_only_files_named_by_their_content_are_kept(servers: Servers, browsers: Browsers) -> None:
    with opened(browsers, servers.url(configured())) as page:
        ready(page.page)
        page.write("A secret.")
        page.wait_for("conversation-chain-end")
        kept = page.page.evaluate(KEPT)
        assert kept
        assert [url for url in kept if not HASHED.search(url)] == []


@pytest.mark.parametrize(
    ("locale", "title", "again"),
    [
        ("en-GB", "The server cannot be reached", "Try again"),
        ("zh-CN", "无法连接服务器", "重试"),
    ],
)
def test_without_its_server_it_says_what_to_do(
    tmp_path: Path, browsers: Browsers, locale: str, title: str, again: str
) -> None:
    values = configured()
    with browsers.tab(*QUIET, locale=locale) as tab:
        with live(tmp_path, values) as server:
            tab.goto(server.url)
            tab.evaluate("navigator.serviceWorker.ready.then(() => 0)")
            tab.reload()
            tab.wait_for_function(CONTROLLED)
        tab.reload()
        tab.get_by_role("heading", name=title).wait_for()
        assert tab.get_by_text("uv run run_server.py").is_visible()
        assert tab.locator("script").count() == 0
        with live(tmp_path, values):
            tab.get_by_role("link", name=again).click()
            tab.locator(".page[data-link=open]").wait_for()


def test_a_kept_page_never_hides_an_updated_one(tmp_path: Path, browsers: Browsers) -> None:
    built = PROJECT / "frontend" / "dist"
    shutil.copytree(built, tmp_path / "frontend")
    values = configured()
    with (
        live(tmp_path, values, pages=False) as server,
        browsers.tab(*QUIET) as tab,
    ):
        tab.goto(server.url)
        ready(tab)
        index = tmp_path / "frontend" / "index.html"
        text = index.read_text("utf-8")
        entry = re.search(r"assets/index-[\w-]{8}\.js", text)
        assert entry is not None
        fresh = "assets/index-abcdefgh.js"
        shutil.move(tmp_path / "frontend" / entry[0], tmp_path / "frontend" / fresh)
        index.write_text(text.replace(entry[0], fresh), "utf-8")
        tab.reload()
        tab.locator(f"script[src$='{fresh}']").wait_for(state="attached")
        tab.get_by_role("status").filter(has_text="Ready").wait_for()


def test_an_overlay_keeps_nothing(servers: Servers, browsers: Browsers) -> None:
    with browsers.tab(*QUIET) as tab:
        watched = watch(tab)
        tab.goto(servers.url(configured()) + "/?overlay&character=off")
        watched.wait_for("set-model-and-conf")
        count = "navigator.serviceWorker.getRegistrations().then(all => all.length)"
        assert tab.evaluate(count) == 0
