"""The page answers the viewers of a stream: a chat on a local server, and two pages open."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from playwright.sync_api import expect

from tests.live.platforms import TwitchServer, running
from tests.support.live import Live, conf, live

from .axe import violations
from .browser import Browsers, Watched, opened

pytestmark = pytest.mark.browser


class Stream:
    """A channel of Twitch in which a test writes."""

    def __init__(self, portal: BlockingPortal, platform: TwitchServer) -> None:
        self._portal = portal
        self._platform = platform
        self._socket = portal.call(platform.came.get)

    def write(self, name: str, text: str) -> None:
        self._portal.call(self._socket.send, self._platform.line(name, text))


@contextmanager
def streaming(folder: Path) -> Iterator[tuple[Live, Stream]]:
    """Run a channel and a server that reads it; yield both."""
    values = conf(
        asr="tests.support.engines:MuteASR", vad=None, sections={"tone_tts": {"seconds": 0.2}}
    )
    with start_blocking_portal() as portal:
        platform = portal.call(asyncio.to_thread, TwitchServer)
        with portal.wrap_async_context_manager(running(platform)):
            twitch = {"channel": "ann", "url": f"ws://127.0.0.1:{platform.port}"}
            values["live_config"] = {"twitch": twitch, "pause_s": 0}
            with live(folder, values) as server:
                yield server, Stream(portal, platform)


def answered(page: Watched, count: int) -> None:
    page.wait_for("conversation-chain-end", count)
    page.wait_for_status("Ready")


def test_a_viewer_is_shown_as_such_and_answered_on_the_first_page(
    tmp_path: Path, browsers: Browsers
) -> None:
    hostile = '<img src="x" onerror="document.title = 1">'
    with streaming(tmp_path) as (server, stream), opened(browsers, server.url) as page:
        page.wait_for_status("Ready")
        with opened(browsers, server.url) as other:
            other.wait_for_status("Ready")
            stream.write("Bob", f"Hello there {hostile}")
            answered(page, 1)
            line = page.page.locator("article.turn.viewer")
            expect(line.locator(".who")).to_contain_text("Bob")
            expect(line.locator(".platform")).to_have_text("viewer on Twitch")
            expect(line.locator(".bubble")).to_have_text(f"Hello there {hostile}")
            assert page.page.locator(".log img").count() == 0
            assert "Bob in the chat says" in page.bubbles("ai")[-1]
            assert page.bubbles("human") == []
            assert violations(page.page) == []
            # What the person says is hers alone, and what the other page says is another matter.
            page.write("And I?")
            answered(page, 2)
            assert page.bubbles("human") == ["And I?"]
            assert line.count() == 1
            other.write("Nobody here?")
            answered(other, 1)
            assert other.page.locator("article.turn.viewer").count() == 0
            page.page.close()
            other.until(lambda: server.server.connections == 1, "the end of the other page")
            # A name as long as Twitch has them, of the widest letter, stays within the list.
            eve = "Eve" + "W" * 22
            stream.write(eve, "Is somebody left? " * 3)
            answered(other, 2)
            line = other.page.locator("article.turn.viewer")
            expect(line.locator(".who")).to_contain_text(eve)
            beyond = "one => one.scrollWidth - one.clientWidth"
            assert other.page.locator(".log").evaluate(beyond) == 0
            other.page.reload()
            other.wait_for("history-data")
            other.wait_for_bubbles("human", 1)
            assert other.page.locator("article.turn.viewer").count() == 0
