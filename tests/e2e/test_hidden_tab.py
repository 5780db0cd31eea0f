"""A tab that another one covers: she calls once by a notification, and it goes when one is back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .browser import Browsers, Watched, opened
from .servers import Servers
from .test_page import configured

pytestmark = pytest.mark.browser

SHOWN = """navigator.serviceWorker.ready
    .then((worker) => worker.getNotifications())
    .then((all) => all.map(({ title, body }) => [title, body]))"""


def shown(page: Watched) -> list[list[str]]:
    """Return title and text of the notifications that the system shows of the page."""
    found: list[list[str]] = page.page.evaluate(SHOWN)
    return found


@pytest.mark.parametrize("notifies", [True, False])
def test_she_calls_from_a_tab_that_is_covered(
    servers: Servers, browsers: Browsers, notifies: bool
) -> None:
    settings = {"notifies": notifies, "proactiveAfterS": 1}
    url = servers.url(configured("Are you still there?"))
    with opened(browsers, url, settings=settings, permissions=["notifications"]) as page:
        page.wait_for_status("Ready")
        page.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        box = page.page.get_by_label("Message", exact=True)
        box.fill("I am just wri")  # so that she waits
        # Playwright has every tab believe that it is looked at.
        devtools = page.page.context.new_cdp_session(page.page)
        devtools.send("Emulation.setFocusEmulationEnabled", {"enabled": False})
        other = page.page.context.new_page()
        other.bring_to_front()
        page.until(lambda: bool(page.page.evaluate("document.hidden")), "a hidden tab")
        box.fill("")
        if not notifies:
            page.page.wait_for_timeout(2500)
            assert page.sent("ai-speak-signal") == []
            assert shown(page) == []
            return
        page.wait_for("conversation-chain-end")
        page.until(lambda: bool(shown(page)), "a notification")
        assert [text for _, text in shown(page)] == ["Are you still there?"]
        page.page.wait_for_timeout(2500)
        assert len(page.sent("ai-speak-signal")) == 1  # once is enough for an empty room
        page.page.bring_to_front()
        page.until(lambda: not shown(page), "the notification's end")
        expect(page.page.locator(".bubble.ai").first).to_have_text("Are you still there?")
