"""A short loss of the network: she goes on, and what was said is neither lost nor said twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from playwright.sync_api import expect

from tests.support.fault_proxy import Fault, FaultProxy, fault_proxy
from tests.support.live import conf, live

from .browser import Browsers, Watched, opened, shoot

pytestmark = pytest.mark.browser

LONG = " ".join(f"This is sentence number {number} of the story." for number in range(1, 7))
TWO_SENTENCES_BYTES = 100_000
"""Of their sound."""
FAILS = ("WebSocket connection to", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE")
"""Chromium itself reports each failed attempt."""


class Network:
    """What is between the page and the server, steered from the test."""

    def __init__(self, portal: BlockingPortal, proxy: FaultProxy, url: str) -> None:
        self._portal = portal
        self.proxy = proxy
        self.url = url

    def cut(self) -> None:
        self._portal.call(partial(self.proxy.cut, reset=True))

    def mend(self) -> None:
        self._portal.call(self.proxy.mend)


@contextmanager
def network(folder: Path, **limits: Any) -> Iterator[Network]:
    """Run a server whose every sentence sounds for a second, behind a network that can fail."""
    values: dict[str, Any] = conf(
        asr="tests.support.engines:MuteASR",
        vad=None,
        sections={"tone_tts": {"seconds": 1.0}},
        **limits,
    )
    with (
        live(folder, values) as server,
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(fault_proxy(server.url)) as proxy,
    ):
        yield Network(portal, proxy, proxy.of(server.url))


def loaded(page: Watched) -> None:
    """All pictures and parts of the page are there: what fails then is the conversation's."""
    page.page.wait_for_load_state("networkidle")


def begun(page: Watched, way: Network) -> None:
    """She has begun to tell the story; the line is slow, and most of it is still to come."""
    loaded(page)
    way.proxy.to_client = Fault(pace_s=0.012)
    page.write(LONG)
    page.wait_for_bubbles("ai", 1)
    page.wait_for_words("ai")
    assert len(page.received("audio")) < 6


def told_once(page: Watched) -> None:
    """She tells the story to its end: one answer, all of it heard, nothing of it sent twice."""
    page.wait_for("conversation-chain-end")
    page.wait_for_status("Ready")
    assert page.bubbles("human") == [LONG]
    (answer,) = page.bubbles("ai")
    assert answer.split() == LONG.split()
    assert page.heard().split() == LONG.split()
    ended = [frame.segment for frame in page.speech if frame.last]
    assert ended == sorted(set(ended))
    assert len(ended) == len(page.received("audio"))


def test_her_voice_goes_on_where_it_stopped(tmp_path: Path, browsers: Browsers) -> None:
    with (
        network(tmp_path) as way,
        opened(browsers, way.url, may_complain=FAILS) as page,
    ):
        begun(page, way)
        way.cut()
        way.mend()
        page.wait_for("resumed")
        told_once(page)
        assert len(page.sent("hello")) == 1
        assert page.received("history-data") == []
        assert page.received("resumed")[0]["missed"] is False
        page.write("And then?")
        page.wait_for("conversation-chain-end", 2)
        assert page.bubbles("human") == [LONG, "And then?"]


def test_a_network_that_is_silently_gone_is_noticed_when_another_comes(
    tmp_path: Path, browsers: Browsers
) -> None:
    with (
        network(tmp_path) as way,
        opened(browsers, way.url, may_complain=FAILS) as page,
    ):
        begun(page, way)
        way.proxy.swallows = True
        page.page.evaluate("() => void dispatchEvent(new Event('online'))")
        page.wait_for_status("Reconnecting")
        shoot(page, "reconnecting")
        way.mend()
        page.wait_for("resumed")
        told_once(page)
        assert len(page.sent("hello")) == 1


def test_what_was_written_while_the_network_was_going_is_answered_once(
    tmp_path: Path, browsers: Browsers
) -> None:
    with (
        network(tmp_path) as way,
        opened(browsers, way.url, may_complain=FAILS) as page,
    ):
        loaded(page)
        way.proxy.swallows = True
        page.write("Did this come?")
        way.proxy.refuses = True
        way.cut()
        page.wait_for_status("Reconnecting")
        page.write("And this?")
        page.wait_for_bubbles("human", 2)
        way.mend()
        page.wait_for("conversation-chain-end", 2)
        page.wait_for_status("Ready")
        assert page.bubbles("human") == ["Did this come?", "And this?"]
        assert [text.strip() for text in page.bubbles("ai")] == ["Did this come?", "And this?"]
        assert len(page.received("conversation-chain-start")) == 2


def test_what_was_written_in_a_loss_that_lasts_comes_back_into_the_box(
    tmp_path: Path, browsers: Browsers
) -> None:
    with (
        network(tmp_path, resume_grace_s=3.0) as way,
        opened(browsers, way.url, may_complain=FAILS) as page,
    ):
        page.write("First.")
        page.wait_for("conversation-chain-end")
        loaded(page)
        way.proxy.refuses = True
        way.cut()
        page.wait_for_status("Reconnecting")
        page.write("Second.")
        page.wait_for_bubbles("human", 2)
        page.wait_for_status("trying again")
        way.mend()
        page.wait_for("history-data")
        page.wait_for_status("Ready")
        assert page.bubbles("human") == ["First."]
        expect(page.page.get_by_label("Message", exact=True)).to_have_value("Second.")


def test_after_a_long_loss_the_conversation_is_loaded_anew(
    tmp_path: Path, browsers: Browsers
) -> None:
    with (
        network(tmp_path, resume_grace_s=1.0) as way,
        opened(browsers, way.url, may_complain=FAILS) as page,
    ):
        begun(page, way)
        way.proxy.refuses = True
        way.cut()
        page.wait_for_status("trying again")
        way.mend()
        page.wait_for("history-data")
        page.wait_for_status("Ready")
        assert page.bubbles("human") == [LONG]
        assert LONG.startswith(page.bubbles("ai")[0].strip())


def test_who_missed_too_much_sees_the_conversation_as_it_is(
    tmp_path: Path, browsers: Browsers
) -> None:
    with (
        network(tmp_path, max_unreceived_messages=1) as way,
        opened(browsers, way.url, may_complain=FAILS) as page,
    ):
        begun(page, way)
        way.proxy.swallows = True
        page.until(lambda: way.proxy.swallowed_bytes > TWO_SENTENCES_BYTES, "what is missed")
        way.proxy.refuses = True
        way.cut()
        page.wait_for_status("Reconnecting")
        way.mend()
        page.wait_for("resumed")
        assert page.received("resumed")[0]["missed"] is True
        page.wait_for("history-data")
        page.wait_for_status("Ready")
        assert page.bubbles("human") == [LONG]
        page.write("And then?")
        page.wait_for_bubbles("human", 2)
        page.page.locator("[data-turn=idle]").wait_for()
        assert len(page.sent("hello")) == 1
