"""The page asks before a tool is used: by card, by key, in words; a real MCP server behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.engines.llm.openai_server import OpenAIServer, Reply
from tests.support.live import Live
from tests.support.tooling import asking, call, numbers, servers_settled, with_tools

from .axe import violations
from .browser import Browsers, Watched, opened

pytestmark = pytest.mark.browser

HOSTILE = '<img src="x" onerror="document.title = 1"> txt.\u202eexe\u0007'
"""Markup, a mark that turns the order of what follows round, and a bell."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, model: OpenAIServer) -> Iterator[Live]:
    folder: Path = tmp_path_factory.mktemp("permissions")
    values = asking(model.base_url, "numbers", permissions={})
    with with_tools(folder, values, numbers=numbers()) as server:
        servers_settled(server).result(60)
        yield server


@pytest.fixture
def page(running: Live, browsers: Browsers) -> Iterator[Watched]:
    with opened(browsers, running.url) as watched:
        watched.wait_for_status("Ready")
        yield watched


def card(page: Watched) -> Locator:
    return page.page.locator("section[data-asks]")


def is_focused(page: Watched, locator: Locator) -> bool:
    return bool(locator.evaluate("one => one === document.activeElement"))


def test_what_is_asked_is_seen_heard_and_answered_by_keys(
    page: Watched, model: OpenAIServer
) -> None:
    long = "Never mind. " * 40
    arguments = {"text": HOSTILE}
    model.next = [
        Reply(tokens=("Let me ", "see."), calls=(call("remember", arguments),)),
        Reply(tokens=("I keep ", "it."), calls=(call("remember", {"text": long}),)),
        Reply(tokens=("And ", "that.")),
    ]
    page.write("Keep this.")
    asked = card(page)
    asked.wait_for()
    heading = asked.get_by_role("alert")
    expect(heading).to_have_text("May tester use the tool remember from numbers?")
    # Text, whatever is in it; and nothing in it is hidden.
    shown = '<img src="x" onerror="document.title = 1"> txt.\\u{202e}exe\\u{7}'
    expect(asked.locator("dd pre")).to_have_text(shown)
    assert asked.locator("img").count() == 0
    expect(page.page.locator("[role=log] details.running")).to_contain_text(
        "waits for your permission"
    )
    assert violations(page.page) == []
    # Nothing has taken the focus from who writes; the card is before the message in the tab order.
    box = page.page.get_by_label("Message", exact=True)
    assert is_focused(page, box)
    for _ in range(20):
        if is_focused(page, asked.get_by_role("button", name="Allow once")):
            break
        page.page.keyboard.press("Shift+Tab")
    page.page.keyboard.press("Enter")
    # The next call is asked for, too: it was allowed once. What is long is folded.
    asked.locator("dd details").wait_for()
    assert is_focused(page, box)
    assert not asked.get_by_text(long.strip()).is_visible()
    asked.locator("dd summary").click()
    asked.locator("dd pre").filter(has_text="Never mind. Never mind.").wait_for()
    asked.get_by_role("button", name="No", exact=True).click()
    page.wait_for("conversation-chain-end")
    assert asked.count() == 0
    assert [one["outcome"] for one in page.received("tool-permission-closed")] == [
        "allowed",
        "refused",
    ]
    assert [one["status"] for one in page.received("tool_call_status")] == [
        "running",
        "completed",
        "running",
        "error",
    ]


def test_an_answer_in_words_is_no_turn_and_anything_else_is_one(
    page: Watched, model: OpenAIServer
) -> None:
    model.next = [
        Reply(tokens=("So.",), calls=(call("add", {"a": 2, "b": 3}),)),
        Reply(tokens=("It is ", "five.")),
    ]
    page.write("Add.")
    card(page).wait_for()
    page.write("Yes, please.")
    page.wait_for("conversation-chain-end")
    assert page.received("tool_call_status")[-1]["content"] == "5"
    assert card(page).count() == 0
    assert page.sent("interrupt-signal") == []

    model.next = [
        Reply(tokens=("So.",), calls=(call("add", {"a": 2, "b": 3}),)),
        Reply(tokens=("It adds.",)),
    ]
    page.write("Again.")
    card(page).wait_for()
    page.write("What does it do?")
    page.wait_for("conversation-chain-end", 2)
    assert card(page).count() == 0
    assert page.received("tool-permission-closed")[-1]["outcome"] == "withdrawn"
    expect(page.page.locator(".bubble.ai").last).to_contain_text("It adds.")


def test_what_is_always_allowed_is_asked_no_more(page: Watched, model: OpenAIServer) -> None:
    talk = call("talk", {"length": 3})
    model.next = [Reply(tokens=("So.",), calls=(talk,)), Reply(tokens=("Once.",))]
    page.write("Talk.")
    card(page).get_by_role("button", name="Always").click()
    page.wait_for("conversation-chain-end")
    model.next = [Reply(tokens=("So.",), calls=(talk,)), Reply(tokens=("Twice.",))]
    page.write("Talk.")
    page.wait_for("conversation-chain-end", 2)
    assert len(page.received("tool-permission-request")) == 1
    assert page.received("tool_call_status")[-1]["content"] == "xxx"
    # It is taken back in the settings, and asked for again.
    page.page.get_by_role("button", name="Settings").click()
    page.page.get_by_role("tab", name="Talking").click()
    again = page.page.get_by_role("button", name="Ask again before using talk from numbers")
    again.wait_for()
    assert violations(page.page) == []
    again.click()
    page.page.get_by_text("Here you can take back what you allow always.").wait_for()
    page.page.keyboard.press("Escape")
    model.next = [Reply(tokens=("So.",), calls=(talk,)), Reply(tokens=("Thrice.",))]
    page.write("Talk.")
    card(page).get_by_role("button", name="No", exact=True).click()
    page.wait_for("conversation-chain-end", 3)


def test_she_asks_aloud_and_the_page_tells_when_that_was_heard(
    page: Watched, model: OpenAIServer
) -> None:
    model.next = [
        Reply(tokens=("Let me see.",), calls=(call("add", {"a": 2, "b": 3}),)),
        Reply(tokens=("It is five.",)),
    ]
    page.write("Add.")
    card(page).wait_for()
    page.wait_for("tool-question-asked")
    page.until(lambda: bool(page.sent("tool-question-played")), "the end of the question")
    (question,) = page.received("tool-permission-request")
    assert page.sent("tool-question-played") == [
        {"type": "tool-question-played", "id": question["id"]}
    ]
    # Two segments have sounded: what she said before, and the question, which is no part of it.
    assert [one["display_text"]["text"] for one in page.received("audio")] == ["Let me see. ", ""]
    assert len({frame.segment for frame in page.speech}) == 2
    assert page.bubbles("ai")[-1].strip() == "Let me see."
    card(page).get_by_role("button", name="Allow once").click()
    page.wait_for("conversation-chain-end")
    assert page.page.locator("[role=log]").get_by_text("May I use").count() == 0


def test_an_interrupt_takes_the_question_away(page: Watched, model: OpenAIServer) -> None:
    model.next = [Reply(tokens=("So.",), calls=(call("pid", {}),))]
    page.write("Who?")
    card(page).wait_for()
    expect(card(page)).to_contain_text("It is used without any details.")
    page.page.keyboard.press("Escape")
    card(page).wait_for(state="detached")
    page.wait_for_status("Ready")
    assert page.received("tool-permission-closed")[-1]["outcome"] == "withdrawn"
