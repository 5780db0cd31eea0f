"""A tab behind another one: when she speaks unasked she calls by a notification, if wanted."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from tests.support.cdp import Tab, chromium
from tests.support.live import live

from .browser import BLIND, QUIET, SETTINGS, Browsers, find
from .test_page import configured

pytestmark = pytest.mark.browser

SAYS = "I was just thinking of you."
SEEN = """navigator.serviceWorker.getRegistration()
    .then(worker => worker.getNotifications())
    .then(all => all.map(one => [one.title, one.body]))"""

TURN = "document.querySelector('[data-turn]').dataset.turn"
TURNS = """new Promise(done => {
    const turns = [];
    const page = document.querySelector("[data-turn]");
    new MutationObserver(() => turns.push(page.dataset.turn)).observe(page, { attributes: true });
    setTimeout(() => done(turns), 5000);
})"""
"""What becomes of turns in five seconds, of which each silence lasts one or two."""


def hidden(tab: Tab) -> bool:
    return bool(tab.evaluate("document.visibilityState === 'hidden'"))


@pytest.mark.parametrize("wanted", [True, False], ids=["wanted", "not wanted"])
def test_she_calls_who_looks_at_another_tab(
    tmp_path: Path, browsers: Browsers, wanted: bool
) -> None:
    program = find(browsers.playwright)
    assert program
    settings = {
        "proactiveAfterS": 1,
        "notifies": wanted,
        "language": "en",
        "hintsSeen": ["welcome", "person", "microphone"],
    }
    with (
        live(tmp_path, configured(SAYS, 0.2)) as server,
        chromium(program, tmp_path / "profile", [*QUIET, *BLIND]) as browser,
        browser.tab() as page,
    ):
        page.call("Page.enable")
        page.call("Browser.grantPermissions", origin=server.url, permissions=["notifications"])
        kept = orjson.dumps([SETTINGS, orjson.dumps(settings).decode()]).decode()
        # The first visit keeps the settings and installs the service worker, the second uses them.
        page.call("Page.navigate", url=f"{server.url}/?overlay")
        page.until("location.pathname === '/' && document.readyState === 'complete'")
        page.evaluate(f"localStorage.setItem(...{kept})")
        install = "navigator.serviceWorker.register('service_worker.js', {type: 'module'})"
        page.evaluate(f"{install}.then(() => 1)")
        page.until("navigator.serviceWorker.ready.then(one => one.active?.state === 'activated')")
        with browser.tab():
            page.until("document.hidden")
            page.call("Page.navigate", url=server.url)
            page.until("document.querySelector('[data-link=open]') !== null")
            assert hidden(page)
            if wanted:
                (told,) = page.until(f"{SEEN}.then(all => all.length ? all : null)")
                assert told[1] == SAYS
                # Once is enough for an empty room, however long it is silent.
                page.until(f"{TURN} === 'idle'")
            else:
                assert page.evaluate(SEEN) == []
            assert page.evaluate(TURNS) == []
            assert len(page.evaluate(SEEN)) == wanted
            # Who comes back needs no notification any more, and she talks to them again.
            page.call("Target.activateTarget", targetId=page.target)
            page.until("!document.hidden")
            page.until(f"{SEEN}.then(all => all.length === 0)")
            page.until(f"{TURN} !== 'idle'")
