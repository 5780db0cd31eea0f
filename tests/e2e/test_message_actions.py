"""What a person does with messages on the page: by pointer, by keyboard, on a phone; kept by it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.engines.llm.openai_server import OpenAIServer, Reply
from tests.support.live import Live, live
from tests.support.tooling import asking

from .axe import violations
from .browser import PHONE, Browsers, Watched, opened, shoot

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory, model: OpenAIServer) -> Iterator[Live]:
    """A server whose voice takes eight seconds for a sentence."""
    values = asking(model.base_url)
    values["character_config"]["tts_config"]["tone_tts"]["seconds"] = 8
    with live(tmp_path_factory.mktemp("slow"), values) as server:
        yield server


@pytest.fixture
def page(running: Live, browsers: Browsers) -> Iterator[Watched]:
    with opened(browsers, running.url) as watched:
        watched.wait_for_status("Ready")
        yield watched


def ask(page: Watched, model: OpenAIServer, text: str, answer: str) -> None:
    model.reply = Reply((answer,))
    ended = len(page.received("conversation-chain-end"))
    page.write(text)
    page.wait_for("conversation-chain-end", ended + 1)


def turn(page: Watched, text: str) -> Locator:
    return page.page.locator("[role=log] article").filter(
        has=page.page.get_by_text(text, exact=True)
    )


def act(page: Watched, text: str, name: str) -> None:
    """Do something with a message by pointer."""
    turn(page, text).hover()
    turn(page, text).get_by_role("button", name=name, exact=True).click()


def says(page: Watched, *texts: str) -> None:
    """The list holds this, and no more."""
    expect(page.page.locator("[role=log] .bubble")).to_have_text([*texts])


def is_focused(locator: Locator) -> bool:
    return bool(locator.evaluate("one => one === document.activeElement"))


def test_an_answer_is_given_anew_and_one_steps_between_the_versions(
    page: Watched, model: OpenAIServer
) -> None:
    ask(page, model, "Tea?", "No.")
    model.reply = Reply(("Perhaps.",))
    act(page, "No.", "Answer anew")
    says(page, "Tea?", "Perhaps.")
    answer = turn(page, "Perhaps.")
    expect(answer.get_by_role("group", name="Version 2 of 2")).to_be_visible()
    page.wait_for("conversation-chain-end", 2)
    assert violations(page.page) == []
    shoot(page, "versions")
    ask(page, model, "Why?", "So.")
    earlier = turn(page, "Perhaps.").get_by_role("button", name="Earlier version")
    earlier.focus()
    page.page.keyboard.press("Enter")
    says(page, "Tea?", "No.")
    expect(turn(page, "No.").get_by_role("button", name="Later version")).to_be_focused()
    # What is chosen is what she knows, also after a reload.
    page.page.reload()
    says(page, "Tea?", "No.")
    turn(page, "No.").get_by_role("button", name="Later version").click()
    says(page, "Tea?", "Perhaps.", "Why?", "So.")


def test_by_keyboard_a_message_is_said_otherwise(page: Watched, model: OpenAIServer) -> None:
    ask(page, model, "Tea?", "No.")
    ask(page, model, "Why?", "So.")
    tools = turn(page, "Tea?").get_by_role("toolbar")
    page.page.locator("[role=log]").focus()
    page.page.keyboard.press("Tab")  # the whole row is one stop
    expect(tools.get_by_role("button", name="Copy")).to_be_focused()
    page.page.keyboard.press("ArrowRight")
    expect(tools.get_by_role("button", name="Edit and send again")).to_be_focused()
    page.page.keyboard.press("Enter")
    box = page.page.get_by_label("Your message")
    expect(box).to_be_focused()
    expect(box).to_have_value("Tea?")
    assert violations(page.page) == []
    shoot(page, "editing")
    page.page.keyboard.press("Escape")
    expect(turn(page, "Tea?").get_by_role("button", name="Edit and send again")).to_be_focused()
    page.page.keyboard.press("Enter")
    model.reply = Reply(("Gladly.",))
    box.fill("Coffee?")
    box.press("Enter")
    says(page, "Coffee?", "Gladly.")
    assert is_focused(page.page.locator("[role=log]"))
    turn(page, "Coffee?").get_by_role("button", name="Earlier version").click()
    says(page, "Tea?", "No.", "Why?", "So.")


def test_a_message_is_deleted_and_put_back(page: Watched, model: OpenAIServer) -> None:
    page.paste_picture()
    ask(page, model, "Tea?", "No.")
    act(page, "No.", "Delete")
    says(page, "Tea?")
    expect(page.page.locator("article img")).to_have_count(1)  # what is not stored stays
    shoot(page, "deleted")
    page.page.get_by_role("button", name="Undo").click()
    says(page, "Tea?", "No.")
    act(page, "Tea?", "Delete")
    says(page, "No.")
    page.page.reload()
    says(page, "No.")


def test_an_answer_is_said_again(page: Watched, model: OpenAIServer) -> None:
    ask(page, model, "Tea?", "No.")
    act(page, "No.", "Say again")
    page.wait_for("conversation-chain-end", 2)
    said = [one["display_text"]["text"] for one in page.received("audio")]
    assert said == ["No.", "No."]
    says(page, "Tea?", "No.")
    page.page.reload()
    says(page, "Tea?", "No.")


def test_what_was_not_answered_can_be_tried_again(page: Watched, model: OpenAIServer) -> None:
    model.reply = Reply(())
    page.write("Tea?")
    again = turn(page, "Tea?").get_by_role("button", name="Try again", exact=True)
    expect(again.first).to_be_attached()
    page.wait_for("conversation-chain-end")
    expect(turn(page, "Tea?").get_by_text("not answered")).to_be_visible()
    shoot(page, "unanswered")
    model.reply = Reply(("Yes.",))
    again.last.click()
    says(page, "Tea?", "Yes.")
    expect(turn(page, "Tea?").get_by_text("not answered")).to_have_count(0)


def test_the_text_comes_before_the_voice_and_what_was_cut_off_goes_on(
    slow: Live, browsers: Browsers, model: OpenAIServer
) -> None:
    with opened(browsers, slow.url) as page:
        page.wait_for_status("Ready")
        model.reply = Reply(("The first sentence is here. ", "The second one is, too."))
        page.write("Tell me.")
        # Both are to be read while the first is being said.
        whole = "The first sentence is here. The second one is, too."
        expect(page.page.locator(".bubble.ai")).to_have_text(whole)
        page.wait_for("audio")
        shoot(page, "written")
        page.page.wait_for_timeout(2500)  # so that something of the first was heard
        page.page.get_by_label("Message", exact=True).press("Escape")
        expect(page.page.get_by_text("interrupted")).to_be_visible()
        heard = page.bubbles("ai")[0]
        assert heard
        assert heard != whole
        assert whole.startswith(heard)
        shoot(page, "cut off")
        model.reply = Reply(("and it goes on.",))
        page.page.get_by_role("button", name="Go on", exact=True).last.click()
        expect(page.page.locator(".bubble.ai")).to_have_text(f"{heard} and it goes on.")
        page.page.get_by_label("Message", exact=True).press("Escape")


def test_on_a_phone_a_tap_shows_what_can_be_done(
    running: Live, browsers: Browsers, model: OpenAIServer
) -> None:
    for theme, language in (("light", "en"), ("dark", "zh")):
        chosen = {"theme": theme, "language": language}
        with opened(browsers, running.url, settings=chosen, **PHONE) as page:
            page.wait_for("capabilities")
            model.reply = Reply(("No.",))
            page.page.locator("textarea").fill("Tea?")
            page.page.locator("textarea").press("Enter")
            page.wait_for("conversation-chain-end")
            show = page.page.get_by_role("button", name="Show the conversation")
            if language == "zh":
                show = page.page.get_by_role("button", name="显示对话")
            show.tap()
            bubble = page.page.locator(".bubble.ai")
            bubble.tap()
            tools = page.page.locator("article.ai [role=toolbar]")
            expect(tools).to_be_visible()
            expect(tools.locator(".done")).to_have_count(0)  # nothing was pressed by that
            for button in tools.get_by_role("button").all():
                box = button.bounding_box()
                assert box is not None
                assert min(box["width"], box["height"]) >= 44
                assert box["x"] >= 0
                assert box["x"] + box["width"] <= PHONE["width"]
            assert violations(page.page) == []
            shoot(page, f"phone-{theme}")
            bubble.tap()
            expect(tools).to_be_hidden()


def test_a_finger_that_rests_on_a_message_shows_what_can_be_done(
    running: Live, browsers: Browsers, model: OpenAIServer
) -> None:
    with opened(browsers, running.url, settings={"showConversation": True}, **PHONE) as page:
        page.wait_for("capabilities")
        ask(page, model, "Tea?", "No, thank you, not today.")
        bubble = page.page.locator(".bubble.ai")
        tools = page.page.locator("article.ai [role=toolbar]")
        box = bubble.bounding_box()
        assert box is not None
        at = {"x": box["x"] + 30, "y": box["y"] + box["height"] / 2}
        touch = page.page.context.new_cdp_session(page.page)

        def press(held_ms: int, *moves: dict[str, float]) -> None:
            touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
            for point in moves:
                touch.send(
                    "Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]}
                )
            page.page.wait_for_timeout(held_ms)
            touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

        press(900)
        expect(tools).to_be_visible()
        assert page.page.evaluate("String(getSelection())") == ""
        page.page.wait_for_timeout(300)  # a click that follows would close it again
        expect(tools).to_be_visible()
        shoot(page, "long press")
        # Now its words can be selected; another press does not close it.
        assert bubble.evaluate("one => getComputedStyle(one).userSelect") in ("auto", "text")
        bubble.tap()
        expect(tools).to_be_hidden()
        assert bubble.evaluate("one => getComputedStyle(one).userSelect") == "none"
        press(900, {"x": at["x"] + 60, "y": at["y"]})  # that is no press
        expect(tools).to_be_hidden()


def test_only_the_message_that_is_pointed_at_has_its_tools(
    page: Watched, model: OpenAIServer
) -> None:
    ask(page, model, "Tea?", "No.")
    ask(page, model, "Why?", "So.")
    tools = page.page.get_by_role("toolbar")
    page.page.mouse.move(0, 0)
    page.page.get_by_label("Message", exact=True).focus()
    expect(tools).to_have_count(0)
    turn(page, "So.").hover()
    expect(tools).to_have_count(1)
    page.page.mouse.move(0, 0)
    expect(tools).to_have_count(0)
    # By keys every message is reached, forwards and backwards.
    page.page.locator("[role=log]").focus()
    reached = []
    for key in ["Tab"] * 4 + ["Shift+Tab"] * 3:
        page.page.keyboard.press(key)
        copy = page.page.get_by_role("toolbar").get_by_role("button", name="Copy")
        expect(copy).to_be_focused()
        focused = page.page.locator("article:focus-within .bubble")
        reached.append(focused.text_content())
        expect(tools).to_have_count(1)
    assert violations(page.page) == []
    assert reached == ["Tea?", "No.", "Why?", "So.", "Why?", "No.", "Tea?"]
