"""Public faults of the pages of other programs of this kind, each tried in a real browser."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import orjson
import pytest
from playwright.sync_api import expect

from tests.engines.llm.openai_server import OpenAIServer, Reply
from tests.support.live import Live

from .browser import Browsers, opened

pytestmark = pytest.mark.browser

NAMES = ("gatewayUrl", "wsUrl", "ws", "baseUrl", "base_url", "server", "serverUrl", "url", "host")
"""What pages call the address of their server, the original's client among them."""


@contextmanager
def elsewhere() -> Iterator[socket.socket]:
    """Listen on a port of which the page should know nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


def test_openclaw_cve_2026_25253_an_address_sends_the_page_to_no_other_server(
    running: Live, browsers: Browsers, model: OpenAIServer
) -> None:
    """A link with `gatewayUrl` in it had the page send its token to whoever wrote the link."""
    model.reply = Reply(("Still here.",))
    with elsewhere() as trap:
        port = trap.getsockname()[1]
        told = dict.fromkeys(NAMES, f"ws://127.0.0.1:{port}/")
        kept = "".join(f"localStorage.setItem('{key}', '{to}');" for key, to in told.items())
        query = f"/?{urlencode(told)}#{urlencode(told)}"
        with opened(browsers, running.url, query=query, script=kept) as page:
            page.write("Are you there?")
            page.wait_for("conversation-chain-end")
            assert page.complaints == []
            # a script that got in could not do it either
            refused = page.page.evaluate(
                """url => new Promise(done => {
                    addEventListener("securitypolicyviolation", event => done(event.blockedURI));
                    try { new WebSocket(url); } catch (error) { done(String(error)); }
                    fetch(url.replace("ws", "http")).catch(() => {});
                })""",
                f"ws://127.0.0.1:{port}/",
            )
            assert str(port) in refused
            page.complaints.clear()
        with pytest.raises(BlockingIOError):
            trap.accept()


def test_open_webui_cve_2025_64496_a_service_that_thinks_runs_nothing_on_the_page(
    running: Live, browsers: Browsers, model: OpenAIServer
) -> None:
    """A model's service sent an event `execute`, and its code ran with the token in reach."""
    evil = "window.ran = true; fetch('/health')"
    answer = f"""<img src=x onerror="{evil}"><script>{evil}</script> [x](javascript:{evil})"""
    chunk = {"choices": [{"index": 0, "delta": {"content": answer}, "finish_reason": None}]}
    execute = orjson.dumps({"type": "execute", "data": {"code": evil}, "code": evil}).decode()
    model.next = [
        Reply(
            body=(
                f"event: execute\ndata: {execute}\n\n"
                f"data: {orjson.dumps(chunk).decode()}\n\n"
                "data: [DONE]\n\n"
            ).encode()
        )
    ]
    with opened(browsers, running.url, settings={"showConversation": True}) as page:
        page.write("Do something for me.")
        page.wait_for("conversation-chain-end")
        expect(page.page.locator(".bubble.ai").last).to_contain_text("<script>window.ran")
        assert page.page.evaluate("window.ran") is None
        assert page.page.locator(".bubble.ai :is(img, script, a[href^=javascript])").count() == 0
