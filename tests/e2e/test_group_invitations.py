"""Who is invited into a group is asked on their page: by keys, on a phone, in Chinese."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.live import live

from .axe import violations
from .browser import Browsers, Watched, opened
from .panels import DESKTOP, PHONE, panel, repeating
from .test_group import own_id

pytestmark = pytest.mark.browser

WORDS = {
    "en": ("Zoë asks you to join a group", "Join", "Not now", "Zoë does not invite you any more."),
    "zh": ("Zoë 邀请你加入群聊", "加入", "暂不", "Zoë 已不再邀请你。"),
}


@contextmanager
def two(
    folder: Path,
    browsers: Browsers,
    *,
    language: str = "en",
    theme: str = "light",
    size: tuple[int, int] = DESKTOP,
    timeout_s: float = 120,
) -> Iterator[tuple[Watched, Watched, str]]:
    """Open who invites, who is invited, and the id of the latter."""
    width, height = size
    values = repeating()
    values["system_config"]["limits"] = {"group_invitation_timeout_s": timeout_s}
    with ExitStack() as stack:
        server = stack.enter_context(live(folder, values))
        host = stack.enter_context(opened(browsers, server.url, settings={"person": "Zoë"}))
        settings = {"language": language, "theme": theme, "person": "Ben"}
        guest = stack.enter_context(
            opened(browsers, server.url, width=width, height=height, settings=settings)
        )
        guest.wait_for("new-history-created")
        uid = guest.received("set-model-and-conf")[-1]["client_uid"]
        yield host, guest, uid


def invite(host: Watched, uid: str) -> None:
    sheet = panel(host, "Group")
    sheet.get_by_role("textbox", name="Their id").fill(uid)
    sheet.get_by_role("button", name="Invite", exact=True).click()
    sheet.get_by_text("are asked to join").wait_for()


@pytest.mark.parametrize(
    ("language", "theme", "size"),
    [("en", "light", DESKTOP), ("zh", "dark", PHONE), ("en", "dark", (844, 390))],
    ids=["desktop", "phone in Chinese", "phone on its side"],
)
def test_who_is_invited_is_asked_with_the_keyboard(
    tmp_path: Path, browsers: Browsers, language: str, theme: str, size: tuple[int, int]
) -> None:
    title, join, decline, _ = WORDS[language]
    with two(tmp_path, browsers, language=language, theme=theme, size=size) as (host, guest, uid):
        box = guest.page.locator("textarea")
        box.fill("I am writing this")
        invite(host, uid)
        card = guest.page.locator("[data-invites]")
        expect(card.get_by_role("heading", name=title)).to_be_in_viewport()
        # It takes the focus from nothing, and covers neither the box nor what is in it.
        expect(box).to_be_focused()
        expect(box).to_have_value("I am writing this")
        for name in (join, decline):
            button = card.get_by_role("button", name=name, exact=True)
            expect(button).to_be_in_viewport(ratio=1)
            bounds = button.bounding_box()
            assert bounds
            assert bounds["height"] >= (44 if size == PHONE else 36)
        assert violations(guest.page) == []
        assert guest.received("group-update")[-1]["members"] == []
        # Shift+Tab leads back from the box to the card; Enter answers.
        button = card.get_by_role("button", name=join, exact=True)
        for _ in range(20):
            guest.page.keyboard.press("Shift+Tab")
            if button.evaluate("node => node === document.activeElement"):
                break
        expect(button).to_be_focused()
        guest.page.keyboard.press("Enter")
        expect(card).to_have_count(0)
        guest.until(lambda: len(guest.received("group-update")[-1]["members"]) == 2, "the group")
        expect(box).to_have_value("I am writing this")
        assert guest.complaints == []


def test_a_declined_invitation_is_told_to_who_invited(tmp_path: Path, browsers: Browsers) -> None:
    with two(tmp_path, browsers) as (host, guest, uid):
        invite(host, uid)
        guest.page.get_by_role("button", name="Not now").click()
        host.page.get_by_role("alert").filter(has_text="do not want to join").wait_for()
        expect(guest.page.locator("[data-invites]")).to_have_count(0)
        assert guest.received("group-update")[-1]["members"] == []
        # Who declined may invite, and then the other is asked.
        host_id = own_id(host.page.get_by_role("dialog", name="Group"))
        sheet = panel(guest, "Group")
        sheet.get_by_role("textbox", name="Their id").fill(host_id)
        sheet.get_by_role("button", name="Invite", exact=True).click()
        theirs = host.page.get_by_role("dialog", name="Group")
        theirs.get_by_role("heading", name="Ben asks you to join a group").wait_for()
        assert violations(host.page) == []
        theirs.get_by_role("button", name="Join", exact=True).click()
        sheet.get_by_role("listitem").nth(1).wait_for()


@pytest.mark.parametrize("how", ["is gone", "too late"])
def test_an_invitation_that_is_over_goes_and_is_told(
    tmp_path: Path, browsers: Browsers, how: str
) -> None:
    wait_s = 1.0 if how == "too late" else 120
    with two(tmp_path, browsers, timeout_s=wait_s) as (host, guest, uid):
        invite(host, uid)
        if how == "is gone":
            guest.page.locator("[data-invites]").wait_for()
            host.page.close()
            guest.page.get_by_text("Zoë does not invite you any more.").wait_for()
        else:
            guest.page.get_by_text("nobody answered it in time").wait_for()
            host.page.get_by_role("alert").filter(has_text="did not answer").wait_for()
        expect(guest.page.locator("[data-invites]")).to_have_count(0)
        assert guest.received("group-update")[-1]["members"] == []
