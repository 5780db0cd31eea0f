"""The panels around the conversation, as one who drives a browser opens them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator

from tests.support.live import live

from .browser import Browsers, Watched, opened
from .servers import Servers
from .test_page import configured

PHONE = (360, 740)
DESKTOP = (1280, 800)


def repeating(**given: Any) -> dict[str, Any]:
    """Return a conf.yaml whose model repeats what it is told, in a short tone."""
    return configured(tone_s=0.1, **given)


@contextmanager
def page_of(
    servers: Servers, browsers: Browsers, *, size: tuple[int, int] = DESKTOP
) -> Iterator[Watched]:
    """Open a page of the server that the tests of a module share."""
    width, height = size
    with opened(browsers, servers.url(repeating()), width=width, height=height) as page:
        yield page


@contextmanager
def page_alone(folder: Path, browsers: Browsers, **given: Any) -> Iterator[Watched]:
    """Open a page of a new server, which has nothing stored but what is in `folder`."""
    width, height = DESKTOP
    with (
        live(folder, repeating(**given)) as server,
        opened(browsers, server.url, width=width, height=height) as page,
    ):
        yield page


def panel(page: Watched, name: str) -> Locator:
    """Open the panel of that name; on phones the panels are in a menu, Speed always is."""
    button = page.page.get_by_role("button", name=name, exact=True)
    if button.is_visible():
        button.click()
    else:
        (menu(page) if menu(page).is_visible() else tools(page)).click()
        page.page.get_by_role("menuitem", name=name, exact=True).click()
    sheet = page.page.get_by_role("dialog", name=name)
    sheet.wait_for()
    return sheet


def menu(page: Watched) -> Locator:
    return page.page.get_by_role("button", name="More", exact=True)


def tools(page: Watched) -> Locator:
    """Return the button of the menu of tools, where the panels have buttons of their own."""
    return page.page.get_by_role("button", name="Tools and views", exact=True)


def talk(page: Watched, *texts: str) -> None:
    """Have one conversation for each text, the last of which goes on."""
    for count, text in enumerate(texts):
        if count:
            panel(page, "Conversations").get_by_role("button", name="New conversation").click()
            page.wait_for("new-history-created", count + 1)
            page.page.get_by_role("dialog").wait_for(state="detached")
        ended = len(page.received("conversation-chain-end"))
        page.write(text)
        page.wait_for("conversation-chain-end", ended + 1)


def said(page: Watched, *texts: str) -> None:
    """Wait until the conversation that is shown holds these texts of the person."""
    page.until(lambda: page.bubbles("human") == list(texts))
