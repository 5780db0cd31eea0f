"""Below a path of another site, behind a real proxy: nothing is asked outside of it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from functools import partial
from urllib.parse import urljoin

import httpx
import pytest

from tests.support.live import live
from tests.support.product import as_wren
from tests.support.reverse_proxies import PACKAGES, PREFIX, ReverseProxy, program, reverse_proxy

from .browser import QUIET, Browsers, opened, watch
from .panels import panel, repeating

pytestmark = pytest.mark.browser

LOADED = """sheet => [...sheet.querySelectorAll("img")]
    .filter(one => one.checkVisibility())
    .every(one => one.complete && one.naturalWidth)"""
"""Whether all pictures of a sheet are there."""


@pytest.fixture(scope="module", params=PACKAGES)
def proxy(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ReverseProxy]:
    """A server with Wren, behind a proxy."""
    name: str = request.param
    if program(name) is None:
        if os.environ.get("CI"):
            pytest.fail(f"{name} is not installed: apt-get install {PACKAGES[name]}")
        pytest.skip(f"{name} is not installed")
    folder = tmp_path_factory.mktemp("proxied")
    with (
        live(folder, as_wren(folder, repeating())) as server,
        reverse_proxy(name, folder / name, server.url) as running,
    ):
        yield running


def test_the_page_and_all_its_parts_are_below_the_path(
    proxy: ReverseProxy, browsers: Browsers
) -> None:
    with opened(browsers, proxy.url, query="/", draws=True, width=1280) as page:
        page.wait_for_avatar("rig")
        picture = "document.querySelectorAll('.ground img')[0]?.naturalWidth"
        page.until(lambda: bool(page.page.evaluate(picture)), "the background")
        page.write("Hello.")
        page.wait_for("conversation-chain-end")
        for name in ("Conversations", "Memory", "Backgrounds", "Characters", "Group", "Settings"):
            sheet = panel(page, name)
            page.until(partial(sheet.evaluate, LOADED), name)
            page.page.keyboard.press("Escape")
            sheet.wait_for(state="detached")
        for kind in ("live2d-models", "bg", "assets"):
            assert any(f"{PREFIX}/{kind}/" in address for address in page.addresses), kind
    while not any("client-ws" in path for path in proxy.asked()):
        time.sleep(0.05)  # a socket is noted once it has ended
    assert proxy.asked_outside() == []


def test_the_path_without_its_slash_leads_to_it(proxy: ReverseProxy, browsers: Browsers) -> None:
    with opened(browsers, proxy.url, query="/?theme=1") as page:
        assert page.page.url == f"{proxy.url}/?theme=1"
    answer = httpx.get(f"{proxy.url}?token=x")
    assert urljoin(proxy.url, answer.headers["location"]) == f"{proxy.url}/?token=x"


def test_the_web_tool_is_below_the_path(proxy: ReverseProxy, browsers: Browsers) -> None:
    with browsers.tab(*QUIET) as tab:
        watched = watch(tab)
        tab.goto(f"{proxy.url}/web-tool")
        assert tab.url == f"{proxy.url}/web-tool/index.html"
        tab.get_by_role("link", name="Back to the character").wait_for()
        said = "fetch(new URL('../health', document.baseURI)).then(answer => answer.status)"
        assert tab.evaluate(said) == 200
        tab.get_by_role("link", name="Back to the character").click()
        tab.wait_for_url(f"{proxy.url}/")
        watched.wait_for("new-history-created")
        home = (proxy.url + "/", proxy.url.replace("http", "ws", 1) + "/")
        asked = [address.removeprefix("blob:") for address in watched.addresses]
        outside = [one for one in asked if not one.startswith(home)]
        assert not outside, outside
        assert not watched.complaints, watched.complaints
    assert proxy.asked_outside() == []
