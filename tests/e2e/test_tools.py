"""Tools are shown as they run: a real MCP server, and a model service that asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Locator

from tests.engines.llm.openai_server import OpenAIServer, Reply, openai_server_beside
from tests.support.tooling import asking, call, numbers, servers_settled, with_tools

from .axe import violations
from .browser import Browsers, Watched, opened

pytestmark = pytest.mark.browser


@pytest.fixture
def model() -> Iterator[OpenAIServer]:
    with (
        openai_server_beside() as service,
    ):
        yield service


@contextmanager
def page_of(folder: Path, browsers: Browsers, model: OpenAIServer) -> Iterator[Watched]:
    values = asking(model.base_url, "numbers")
    with (
        with_tools(folder, values, numbers=numbers()) as running,
        opened(browsers, running.url) as page,
    ):
        page.wait_for_status("Ready")
        page.until(servers_settled(running).done)
        yield page


def row(page: Watched, name: str, state: str) -> Locator:
    """Return the row of a tool in that state."""
    return page.page.locator(f"[role=log] details.{state}").filter(has_text=name)


def test_a_tool_is_seen_running_and_then_done(
    tmp_path: Path, browsers: Browsers, model: OpenAIServer
) -> None:
    model.next = [
        Reply(tokens=("Let me ", "see."), calls=(call("wait", {"seconds": 3}),)),
        Reply(tokens=("That took ", "a while.")),
    ]
    with page_of(tmp_path, browsers, model) as page:
        page.write("How long does it take?")
        row(page, "wait is being used", "running").wait_for()
        done = row(page, "wait was used", "completed")
        done.wait_for()
        page.wait_for("conversation-chain-end")
        done.locator("summary").click()
        done.get_by_text('{"seconds": 3}').wait_for()
        done.get_by_text("waited 3 s").wait_for()
        assert violations(page.page) == []
        # In its place: between what she said before and after it.
        entries = page.page.locator("[role=log] > *").all_inner_texts()
        order = [
            next(at for at, entry in enumerate(entries) if text in entry)
            for text in ("Let me see.", "wait was used", "That took a while.")
        ]
        assert order == sorted(order)


def test_a_tool_that_fails_says_why(
    tmp_path: Path, browsers: Browsers, model: OpenAIServer
) -> None:
    model.next = [
        Reply(tokens=(), calls=(call("fail", {}), call("add", {"a": 2, "b": 3}, 1))),
        Reply(tokens=("One of them ", "failed.")),
    ]
    with page_of(tmp_path, browsers, model) as page:
        page.write("Count.")
        failed = row(page, "fail failed", "error")
        failed.wait_for()
        row(page, "add was used", "completed").wait_for()
        page.wait_for("conversation-chain-end")
        failed.locator("summary").click()
        failed.get_by_text("the numbers are out of order").wait_for()


def test_a_tool_that_is_interrupted_is_marked(
    tmp_path: Path, browsers: Browsers, model: OpenAIServer
) -> None:
    note = tmp_path / "note"
    waits = call("wait", {"seconds": 600, "note": str(note)})
    model.next = [Reply(tokens=("One moment.",), calls=(waits,)), Reply(tokens=("Gladly.",))]
    with page_of(tmp_path, browsers, model) as page:
        page.write("Wait for long.")
        row(page, "wait is being used", "running").wait_for()
        page.page.keyboard.press("Escape")
        row(page, "wait interrupted", "cut").wait_for()
        page.wait_for_status("Ready")
        page.until(note.exists, "the tool's own note that it was cancelled")
        page.write("Never mind.")
        page.wait_for("conversation-chain-end")
        assert row(page, "wait", "running").count() == 0
        assert page.bubbles("ai")[-1].strip() == "Gladly."
