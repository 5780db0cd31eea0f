"""The overlay of a stream: what it shows and plays of a page's conversation, and what it hides."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import expect

from tests.support.live import Live, live
from tests.support.product import as_wren

from .axe import violations
from .browser import BLIND, DRAWS, QUIET, Browsers, Watched, opened, watch
from .instruments import EARS, EYES
from .test_page import LONG, configured

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server with Wren, who says LONG to whatever is said."""
    folder = tmp_path_factory.mktemp("overlay")
    with live(folder, as_wren(folder, configured(LONG, tone_s=1.0))) as running:
        yield running


@contextmanager
def overlay(
    browsers: Browsers, url: str, query: str = "", *, draws: bool = True, **device: Any
) -> Iterator[Watched]:
    """Open the overlay as OBS does; afterwards nothing was asked elsewhere or complained of."""
    arguments = (*QUIET, *(DRAWS if draws else BLIND))
    with browsers.tab(*arguments, **{"viewport": {"width": 800, "height": 600}, **device}) as tab:
        tab.add_init_script(EARS)
        tab.add_init_script(EYES)
        watched = watch(tab)
        tab.goto(f"{url}/?overlay{query}")
        watched.wait_for("set-model-and-conf")
        yield watched
        home = (url + "/", url.replace("http", "ws", 1) + "/")
        asked = [address.removeprefix("blob:") for address in watched.addresses]
        assert [one for one in asked if not one.startswith(home)] == []
        assert watched.complaints == []


def alpha(page: Watched) -> NDArray[np.uint8]:
    """Return how opaque each pixel is where the page itself paints nothing behind."""
    with Image.open(io.BytesIO(page.page.screenshot(omit_background=True))) as image:
        return np.asarray(image.convert("RGBA"))[..., 3]


def spoken(page: Watched) -> str:
    return str(page.page.locator(".caption").inner_text())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_not_her_is_seen_through(server: Live, browsers: Browsers, scheme: str) -> None:
    with overlay(browsers, server.url, color_scheme=scheme) as page:
        page.wait_for_avatar("rig")
        opaque = alpha(page)
        height, width = opaque.shape
        for corner in (opaque[:40, :40], opaque[:40, -40:], opaque[height // 2, :40]):
            assert corner.max() == 0
        assert opaque[height // 2, width // 2] == 255
        controls = page.page.locator("button, a, input, textarea, select, [tabindex]")
        assert controls.count() == 0
        assert violations(page.page) == []


def test_she_says_there_what_she_says_on_the_page(server: Live, browsers: Browsers) -> None:
    with (
        overlay(browsers, server.url) as stream,
        opened(browsers, server.url) as page,
    ):
        stream.wait_for_avatar("rig")
        stream.page.evaluate("instruments.loudest = 0, eyes.seen = []")
        page.write("My secret question.")
        stream.page.locator("[data-turn=speaking]").wait_for()
        expect(stream.page.locator(".caption")).to_have_text("And then there is a third.")
        stream.page.locator("[data-turn=idle]").wait_for()
        assert stream.page.evaluate("instruments.loudest") > 0.1
        shapes = stream.page.evaluate("[Math.min(...eyes.seen), Math.max(...eyes.seen)]")
        assert shapes[1] > shapes[0]  # her lips moved
        assert stream.page.locator(".caption").count() == 0
        assert not any("secret" in str(frame.message) for frame in stream.frames)
        assert stream.sent("frontend-playback-complete") == []


def test_silent_its_lips_and_captions_go_on(server: Live, browsers: Browsers) -> None:
    """No sound device is opened, so no browser holds anything back until a button is pressed."""
    with (
        overlay(browsers, server.url, "&sound=off") as stream,
        opened(browsers, server.url) as page,
    ):
        stream.wait_for_avatar("rig")
        stream.page.evaluate("eyes.seen = []")
        page.write("Hello.")
        expect(stream.page.locator(".caption")).to_have_text("And then there is a third.")
        stream.page.locator("[data-turn=idle]").wait_for()
        shapes = stream.page.evaluate("[Math.min(...eyes.seen), Math.max(...eyes.seen)]")
        assert shapes[1] > shapes[0]
        assert stream.page.evaluate("instruments.analyser") is None  # no loudspeaker was opened


def test_captions_and_she_can_be_left_out(server: Live, browsers: Browsers) -> None:
    with (
        overlay(browsers, server.url, "&captions=off") as her,
        overlay(browsers, server.url, "&character=off&sound=off") as words,
        opened(browsers, server.url) as page,
    ):
        her.wait_for_avatar("rig")
        page.write("Hello.")
        words.page.locator(".caption").wait_for()
        her.page.locator("[data-turn=speaking]").wait_for()
        assert her.page.locator("p").count() == 0
        assert words.page.locator("canvas").count() == 0
        page.wait_for("conversation-chain-end")


def test_who_is_stopped_on_the_page_is_silent_there(server: Live, browsers: Browsers) -> None:
    with (
        overlay(browsers, server.url, draws=False) as stream,
        opened(browsers, server.url) as page,
    ):
        page.write("Hello.")
        stream.page.locator("[data-turn=speaking]").wait_for()
        page.page.locator("[data-turn=speaking]").wait_for()
        page.page.keyboard.press("Escape")
        stream.wait_for("interrupt-signal")
        stream.page.locator("[data-turn=idle]").wait_for()
        assert stream.page.locator(".caption").count() == 0
        page.write("And again.")
        stream.page.locator("[data-turn=speaking]").wait_for()
        page.wait_for("conversation-chain-end")


def test_it_comes_back_with_its_server(tmp_path: Path, browsers: Browsers) -> None:
    values = as_wren(tmp_path, configured(LONG))
    with browsers.tab(*QUIET) as tab:
        watched = watch(tab)
        with live(tmp_path, values) as server:
            tab.goto(f"{server.url}/?overlay&character=off")
            watched.wait_for("set-model-and-conf")
        tab.locator("[data-link=lost]").wait_for()
        with live(tmp_path, values):
            watched.wait_for("set-model-and-conf", 2)
            tab.locator("[data-link=open]").wait_for()
        assert tab.get_by_role("status").count() == 0  # a stream is told nothing
