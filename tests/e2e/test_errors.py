"""Errors say what was wrong and what to do, once, with the button that does it."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.engines.llm.openai_server import OpenAIServer, Reply
from tests.support.live import Live, free_port, live
from tests.support.tooling import asking

from .axe import violations
from .browser import PHONE, Browsers, Watched, opened, shoot
from .panels import panel
from .test_page import configured

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Case:
    """What a service answers, as its documentation has it, and what a person reads of that."""

    name: str
    reply: Reply
    wrong: str
    mend: str
    button: str


def refusal(status: int, message: str, kind: str, code: str | None = None) -> Reply:
    """https://platform.openai.com/docs/guides/error-codes"""
    error = {"message": message, "type": kind, "param": None, "code": code}
    return Reply(status=status, error={"error": error})


CASES = (
    Case(
        "quota",
        refusal(
            429,
            "You exceeded your current quota, please check your plan and billing details.",
            "insufficient_quota",
            "insufficient_quota",
        ),
        "its quota is used up.",
        "Top up the account there, or choose another service in the settings.",
        "Open settings",
    ),
    Case(
        "rate",
        refusal(
            429,
            "Rate limit reached for small on requests per min (RPM): Limit 3, Used 3, Requested 1."
            " Please try again in 20s.",
            "requests",
            "rate_limit_exceeded",
        ),
        "takes no more requests for now.",
        "Wait a moment, then try again.",
        "Try again",
    ),
    Case(
        "404",
        refusal(
            404,
            "The model `small` does not exist or you do not have access to it.",
            "invalid_request_error",
            "model_not_found",
        ),
        "does not have what it was asked for.",
        "Correct the name of the model or voice, or its address, in the settings.",
        "Open settings",
    ),
    Case(
        "500",
        refusal(500, "The server had an error while processing your request.", "server_error"),
        "The service of the language model failed.",
        "Try again;",
        "Try again",
    ),
    Case(
        "nothing",
        Reply(tokens=()),
        "The language model gave no answer.",
        "Try again, or ask in other words.",
        "Try again",
    ),
)


def told(page: Watched) -> Locator:
    return page.page.locator(".notice.error")


def headline(notice: Locator) -> str:
    """Return what it says without its details."""
    text: str = notice.evaluate(
        "one => [...one.querySelector('p').childNodes].filter(each => each.nodeType === 3)"
        ".map(each => each.data).join('').trim()"
    )
    return text


def ask(page: Watched, text: str) -> None:
    ended = len(page.received("conversation-chain-end"))
    page.page.locator("form textarea").fill(text)
    page.page.locator("form textarea").press("Enter")
    page.wait_for("conversation-chain-end", ended + 1)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_refusal_says_what_to_do(
    running: Live, browsers: Browsers, model: OpenAIServer, case: Case
) -> None:
    with opened(browsers, running.url) as page:
        page.wait_for("capabilities")
        model.reply = case.reply
        for count in (1, 2):  # what fails the same twice is told once
            ask(page, f"Hello {count}?")
            expect(told(page)).to_have_count(1)
        notice = told(page)
        assert headline(notice).startswith(("The ", "Something "))
        assert case.wrong in headline(notice)
        assert case.mend in headline(notice)
        expect(notice).to_contain_text("×2")
        said = (case.reply.error or {}).get("error", {}).get("message", "")
        if said:
            assert said not in headline(notice)
            copy = notice.get_by_role("button", name="Copy details")
            expect(copy).to_be_visible()
        assert "sk-abcde" not in notice.inner_text()
        assert violations(page.page) == []
        shoot(page, f"error {case.name}")
        button = notice.get_by_role("button", name=case.button)
        model.reply = Reply(("Now it works.",))
        button.click()
        if case.button == "Try again":
            expect(page.page.locator(".bubble.ai")).to_have_text("Now it works.")
            assert page.sent("answer-anew")
            expect(told(page)).to_have_count(0)
        else:
            page.page.get_by_role("dialog").get_by_role("searchbox").wait_for()
            page.page.keyboard.press("Escape")


def test_a_wrong_key_is_told_in_the_card_of_the_engines(
    running: Live, browsers: Browsers, model: OpenAIServer
) -> None:
    said = "Incorrect API key provided: sk-abcde***wxyz."
    with opened(browsers, running.url) as page:
        page.wait_for("capabilities")
        model.reply = refusal(401, said, "invalid_request_error", "invalid_api_key")
        ask(page, "Hello?")
        card = page.page.locator("section.card")
        alert = card.get_by_role("alert")
        expect(alert).to_contain_text("no valid key from you. Set the right one in the settings.")
        expect(told(page)).to_have_count(0)
        assert "sk-abcde" not in card.inner_text()
        assert violations(page.page) == []
        shoot(page, "error 401")
        card.get_by_role("button", name="Open settings").click()
        page.page.get_by_role("dialog").get_by_role("searchbox").wait_for()
        page.page.keyboard.press("Escape")
        # What is said once it is mended is answered, and the card goes.
        model.reply = Reply(("Now it works.",))
        ask(page, "Hello again?")
        card.wait_for(state="detached")


def test_in_chinese_and_on_a_phone_too(
    running: Live, browsers: Browsers, model: OpenAIServer
) -> None:
    settings = {"language": "zh", "theme": "dark"}
    with opened(browsers, running.url, settings=settings, **PHONE) as page:
        page.wait_for("capabilities")
        model.reply = CASES[0].reply
        ask(page, "你好")
        notice = told(page)
        expect(notice).to_have_count(1)
        assert "额度已用完" in headline(notice)
        assert len(re.findall("。", headline(notice))) == 2
        for button in notice.get_by_role("button").all():
            box = button.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= PHONE["width"]
        assert violations(page.page) == []
        shoot(page, "error phone zh")


def test_a_voice_that_fails_is_told_once_not_for_each_sentence(
    tmp_path: Path, browsers: Browsers, model: OpenAIServer
) -> None:
    url = f"http://127.0.0.1:{free_port()}/v1"
    values = asking(
        model.base_url,
        tts="openai_tts",
        sections={
            "openai_compatible_llm": {"base_url": model.base_url, "model": "small"},
            "openai_tts": {"base_url": url},
        },
    )
    agents = values["character_config"]["agent_config"]["agent_settings"]
    agents["basic_memory_agent"]["use_mcpp"] = False
    with live(tmp_path, values) as server, opened(browsers, server.url) as page:
        page.wait_for("capabilities")
        model.reply = Reply(("One is here. ", "Two is here. ", "Three is here."))
        ask(page, "Hello?")
        expect(told(page)).to_have_count(1)
        assert "The service of the voice cannot be reached." in headline(told(page))
        expect(told(page)).not_to_contain_text("×")
        # Who is not heard can be read; there is nothing to be answered anew.
        expect(told(page).get_by_role("button", name="Try again")).to_have_count(0)


def test_a_sheet_that_cannot_be_loaded_while_the_server_is_away_comes_with_it(
    tmp_path: Path, browsers: Browsers
) -> None:
    values = configured()
    refused = ("ERR_CONNECTION_REFUSED", "is not known", "Couldn't load preload assets")
    with ExitStack() as running:
        server = running.enter_context(live(tmp_path, values))
        with opened(browsers, server.url, may_complain=refused) as page:
            page.wait_for_status("Ready")
            page.page.locator(".ground img").wait_for()
            running.close()
            page.wait_for_status("trying again")
            sheet = panel(page, "Looks")
            expect(sheet.get_by_role("alert")).to_contain_text("The server is away")
            expect(sheet).not_to_contain_text("Failed to fetch")
            assert page.page.get_by_text("The server was updated").count() == 0
            assert violations(page.page) == []
            shoot(page, "sheet away")
            with live(tmp_path, values):
                sheet.get_by_role("alert").wait_for(state="detached")
                page.page.keyboard.press("Escape")
                page.wait_for_status("Ready")


def test_a_notice_that_comes_under_a_resting_pointer_goes_by_itself(
    running: Live, browsers: Browsers, model: OpenAIServer
) -> None:
    with opened(browsers, running.url) as page:
        page.wait_for("capabilities")
        model.reply = Reply(("No.",))
        ask(page, "Tea?")
        notice = page.page.locator(".notice")

        def delete() -> None:
            page.page.locator("article.ai").hover()
            page.page.get_by_role("button", name="Delete").last.focus()

        delete()
        page.page.keyboard.press("Enter")
        notice.wait_for()
        box = notice.bounding_box()
        assert box is not None
        x, y = box["x"] + 40, box["y"] + box["height"] / 2
        notice.get_by_role("button", name="Undo").click()
        notice.wait_for(state="detached")
        delete()
        page.page.mouse.move(x, y)
        page.page.keyboard.press("Enter")
        notice.wait_for()
        notice.wait_for(state="detached")  # although the pointer is there
        # One that is pointed at stays as long as that.
        page.page.mouse.move(0, 0)
        model.reply = Reply(("Yes.",))
        ask(page, "Coffee?")
        delete()
        page.page.keyboard.press("Enter")
        notice.wait_for()
        page.page.mouse.move(x, y)
        page.page.mouse.move(x + 10, y)
        page.page.wait_for_timeout(7500)
        expect(notice).to_be_visible()
        page.page.mouse.move(0, 0)
        notice.wait_for(state="detached")
