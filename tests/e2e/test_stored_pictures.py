"""Pictures stay: in a conversation that is loaded anew, and beside what is being written."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.engines.llm.openai_server import OpenAIServer, Reply
from tests.support.live import PROJECT, Live

from .axe import violations
from .browser import PHONE, Browsers, Watched, opened, shoot

pytestmark = pytest.mark.browser

PICTURE = PROJECT / "avatars" / "wren.png"


def attach(page: Watched) -> None:
    page.page.set_input_files("input[type=file][multiple]", [PICTURE])


def seen(model: OpenAIServer) -> int:
    """Return how many pictures the model was shown last."""
    content = model.requests[-1].body["messages"][-1]["content"]
    return sum(one["type"] == "image_url" for one in content) if isinstance(content, list) else 0


def test_a_loaded_conversation_shows_its_pictures(
    running: Live, browsers: Browsers, model: OpenAIServer
) -> None:
    for name, settings, device in (
        ("desktop", {"theme": "light"}, {}),
        ("phone", {"theme": "dark", "showConversation": True}, PHONE),
    ):
        with opened(browsers, running.url, settings=settings, **device) as page:
            page.wait_for("capabilities")
            attach(page)
            page.page.get_by_alt_text("The picture that you showed").wait_for()
            model.reply = Reply(("A bird.",))
            page.write("What is it?")
            page.wait_for("conversation-chain-end")
            assert seen(model) == 1
            page.page.reload()
            small = page.page.get_by_role("button", name="Enlarge the picture")
            picture = small.locator("img")
            expect(picture).to_have_js_property("complete", value=True)
            page.until(lambda: picture.evaluate("one => one.naturalWidth") > 100)  # noqa: B023
            assert "/conversations/picture?" in (picture.get_attribute("src") or "")
            small.click()
            dialog = page.page.get_by_role("dialog")
            expect(dialog.get_by_alt_text("The picture that you showed")).to_be_visible()
            assert violations(page.page) == []
            shoot(page, f"enlarged {name}")
            dialog.get_by_role("button", name="Close the picture").click()
            shoot(page, f"loaded {name}")
            # What is answered anew is answered with it.
            model.reply = Reply(("A wren.",))
            answer = page.page.locator("article.ai")
            if device:
                answer.locator(".bubble").tap()
            else:
                answer.hover()
            answer.get_by_role("button", name="Answer anew").click()
            expect(page.page.locator(".bubble.ai")).to_have_text("A wren.")
            assert seen(model) == 1


def test_a_picture_that_is_gone_says_so(
    running: Live, browsers: Browsers, model: OpenAIServer
) -> None:
    gone = "Failed to load resource: the server responded with a status of 404"
    with opened(browsers, running.url, may_complain=gone) as page:
        page.wait_for("capabilities")
        attach(page)
        model.reply = Reply(("A bird.",))
        page.write("What is it?")
        page.wait_for("conversation-chain-end")
        page.page.route("**/conversations/picture?*", lambda route: route.continue_(
            url=route.request.url.replace("name=", "name=0")))  # fmt: skip
        page.page.reload()
        expect(page.page.get_by_text("This picture is no longer kept.")).to_be_visible()
        assert violations(page.page) == []


def test_pictures_of_a_draft_survive_a_reload(
    running: Live, browsers: Browsers, model: OpenAIServer
) -> None:
    with opened(browsers, running.url) as page:
        page.wait_for("capabilities")
        waiting = page.page.locator(".bottom").get_by_alt_text("The picture that you showed")
        attach(page)
        waiting.wait_for()
        kept = """() => new Promise((resolve) => {
            const opening = indexedDB.open("open-llm-vtuber");
            opening.onsuccess = () => {
                const names = opening.result.transaction("draft-sizes")
                    .objectStore("draft-sizes").getAllKeys();
                names.onsuccess = () => resolve(names.result.length);
            };
        })"""
        page.until(lambda: page.page.evaluate(kept) == 1)
        page.page.reload()
        waiting.wait_for()
        # Another conversation has none; here they are again.
        model.reply = Reply(("Yes.",))
        page.page.get_by_label("Message", exact=True).fill("Half a sentence")
        page.page.reload()
        waiting.wait_for()
        expect(page.page.get_by_label("Message", exact=True)).to_have_value("Half a sentence")
        page.page.get_by_label("Message", exact=True).press("Enter")
        page.wait_for("conversation-chain-end")
        assert seen(model) == 1
        page.until(lambda: page.page.evaluate(kept) == 0)
        page.page.reload()
        page.wait_for("history-data", 3)
        expect(waiting).to_have_count(0)
