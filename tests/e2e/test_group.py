"""Two pages in a group, and its panel: both hear who speaks, and know who said what."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.support.live import live

from .axe import violations
from .browser import Browsers, Watched, opened
from .instruments import EARS, loudness
from .panels import PHONE, page_of, panel, repeating
from .servers import Servers
from .test_page import configured

pytestmark = pytest.mark.browser


def names(page: Watched) -> list[str]:
    """Return who said what is in the list, the newest last."""
    names: list[str] = page.page.locator(".turn .who > span:first-child").all_inner_texts()
    return names


def test_both_pages_hear_the_character_that_speaks(tmp_path: Path, browsers: Browsers) -> None:
    values = configured("I am here.", 1.5)
    values["system_config"]["group_rounds"] = 1
    with ExitStack() as stack:
        server = stack.enter_context(live(tmp_path, values))
        host = stack.enter_context(opened(browsers, server.url, script=EARS))
        guest = stack.enter_context(opened(browsers, server.url, script=EARS))
        for page in (host, guest):
            page.page.get_by_role("button", name="Group", exact=True).click()
        guest_id = guest.page.get_by_role("textbox", name="Your id").input_value()
        host.page.get_by_role("textbox", name="Their id").fill(guest_id)
        host.page.get_by_role("button", name="Invite", exact=True).click()
        guest.page.get_by_role("button", name="Join", exact=True).click()
        for page in (host, guest):
            page.page.get_by_role("listitem").filter(has_text="Human 2").wait_for()
        for page in (host, guest):
            page.page.keyboard.press("Escape")
        box = host.page.get_by_label("Message", exact=True)
        box.fill("Is anybody there?")
        box.press("Enter")
        # The host's character: the guest hears it, and is not left thinking.
        guest.wait_for("audio")
        assert guest.received("audio")[0]["forwarded"]
        guest.until(lambda: loudness(guest) > 0.1, "the sound of the other page's character")
        expect(guest.page.locator(".coming")).to_have_count(0)
        # Then the guest's own one, which the host hears.
        for page in (host, guest):
            page.wait_for("conversation-chain-end", 2)
            assert [message["forwarded"] for message in page.received("audio")].count(True) == 1
            assert all(message["audio"] for message in page.received("audio"))
            page.wait_for_bubbles("ai", 2)
        assert guest.bubbles("human") == ["Is anybody there?"]
        assert names(host)[0] == "You"
        assert names(guest)[0] == "Human 1"
        # It is still known when the conversation is read again.
        guest.page.reload()
        guest.wait_for_bubbles("human", 1)
        assert names(guest)[0] == "Human 1"


def own_id(sheet: Locator) -> str:
    return sheet.get_by_role("textbox", name="Your id").input_value()


def test_two_pages_form_a_group(tmp_path: Path, browsers: Browsers) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(live(tmp_path, repeating()))
        host = stack.enter_context(opened(browsers, server.url))
        sheet = panel(host, "Group")
        sheet.get_by_text("You are in no group.").wait_for()
        # Nobody else reaches this server: there is no code that leads nowhere.
        sheet.get_by_text("cannot reach this server yet").wait_for()
        assert sheet.get_by_role("img", name="QR code").count() == 0
        host_id = own_id(sheet)
        # The address that a code would have: it offers, and does nothing before it is told to.
        guest = stack.enter_context(opened(browsers, server.url))
        guest.page.goto(f"{server.url}/?invite={host_id}")
        offer = guest.page.get_by_role("dialog", name="Group")
        offer.get_by_role("button", name="Yes, invite").wait_for()
        assert guest.sent("add-client-to-group") == []
        offer.get_by_role("button", name="Yes, invite").click()
        guest_id = own_id(offer)
        # Who is invited is asked; the other is told that it waits for them.
        offer.get_by_text("are asked to join").wait_for()
        sheet.get_by_text("You are in no group.").wait_for()
        sheet.get_by_role("heading", name="asks you to join a group").wait_for()
        sheet.get_by_role("button", name="Join", exact=True).click()
        sheet.get_by_text("You are in a group with").wait_for()
        assert "invite" not in guest.page.url
        members = sheet.get_by_role("listitem")
        members.nth(1).wait_for()
        assert sheet.get_by_role("button", name="Remove", exact=False).count() == 0
        # Who invited owns the group, and can take the other out.
        offer.get_by_text("Began the group").wait_for()
        # They have names; two of one name are told apart.
        members.filter(has_text="Human 1").filter(has_text=guest_id[:8]).wait_for()
        members.filter(has_text="Human 2").filter(has_text="You").wait_for()
        offer.get_by_role("button", name="Remove Human 2").click()
        sheet.get_by_text("You were removed from the group.").wait_for()
        sheet.get_by_text("You are in no group.").wait_for()
        # Now by a pasted id, and one leaves.
        sheet.get_by_role("textbox", name="Their id").fill(f" {guest_id} ")
        sheet.get_by_role("button", name="Invite", exact=True).click()
        offer.get_by_role("button", name="Join", exact=True).click()
        offer.get_by_role("button", name="Leave the group").click()
        sheet.get_by_text("You are in no group.").wait_for()
        # A wrong id is told.
        sheet.get_by_role("textbox", name="Their id").fill("nobody")
        sheet.get_by_role("button", name="Invite", exact=True).click()
        host.page.get_by_role("alert").filter(has_text="no page with this id").wait_for()


def test_an_invitation_can_be_declined(servers: Servers, browsers: Browsers) -> None:
    with page_of(servers, browsers, size=PHONE) as page:
        page.page.goto(f"{page.page.url}?invite=somebody")
        sheet = page.page.get_by_role("dialog", name="Group")
        sheet.get_by_role("button", name="No", exact=True).click()
        sheet.get_by_text("into a conversation together").wait_for(state="detached")
        greeted = len(page.received("set-model-and-conf"))
        page.page.reload()
        page.wait_for("set-model-and-conf", greeted + 1)
        assert page.page.get_by_role("dialog").count() == 0
        assert page.sent("add-client-to-group") == []


def test_the_id_is_copied(servers: Servers, browsers: Browsers) -> None:
    with page_of(servers, browsers) as page:
        page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        sheet = panel(page, "Group")
        sheet.get_by_role("button", name="Copy your id").click()
        sheet.get_by_text("Copied").wait_for()
        assert page.page.evaluate("navigator.clipboard.readText()") == own_id(sheet)


CONTRAST = """node => {
    const light = (text) => {
        const [r, g, b] = text.match(/[0-9.]+/g).slice(0, 3).map((part) => part / 255)
            .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = document.createElement("i");
    ground.style.color = "var(--surface)";
    document.body.append(ground);
    const two = [light(getComputedStyle(node).color), light(getComputedStyle(ground).color)];
    ground.remove();
    return (Math.max(...two) + 0.05) / (Math.min(...two) + 0.05);
}"""
"""How a text is told from the ground of the page, as WCAG counts it."""


def invite(host: Watched, guest: Watched) -> None:
    """Have `host` take `guest` into a group, and close the sheets."""
    guest_id = own_id(panel(guest, "Group"))
    sheet = panel(host, "Group")
    sheet.get_by_role("textbox", name="Their id").fill(guest_id)
    sheet.get_by_role("button", name="Invite", exact=True).click()
    guest.page.get_by_role("button", name="Join", exact=True).click()
    sheet.get_by_role("listitem").nth(1).wait_for()
    for page in (host, guest):
        page.page.keyboard.press("Escape")
        page.page.get_by_role("dialog").wait_for(state="detached")


def strip(page: Watched) -> Locator:
    return page.page.get_by_role("list", name="Who is here")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_who_is_there_writes_and_answers_is_seen_by_name(
    tmp_path: Path, browsers: Browsers, theme: str
) -> None:
    other = tmp_path / "characters" / "kai.yaml"
    other.parent.mkdir()
    kai = "character_config:\n  conf_name: Kai\n  conf_uid: kai_1\n  character_name: Kai\n"
    other.write_text(kai, "utf-8")
    values = configured("I am here.", 1.5)
    values["system_config"]["group_rounds"] = 1
    width, height = PHONE
    with ExitStack() as stack:
        server = stack.enter_context(live(tmp_path, values))
        # One has given a name before, and is asked for no other.
        host = stack.enter_context(
            opened(browsers, server.url, settings={"person": "Zoë", "theme": theme}, script=EARS)
        )
        guest = stack.enter_context(
            opened(
                browsers,
                server.url,
                width=width,
                height=height,
                settings={"theme": theme, "showConversation": True},
                script=EARS,
            )
        )
        panel(guest, "Characters").get_by_role("button", name="Talk with Kai").click()
        guest.wait_for("config-switched")
        guest.page.keyboard.press("Escape")
        invite(host, guest)
        expect(strip(guest).get_by_role("listitem").nth(0)).to_contain_text("Zoë")
        # The other gives a name, with the keyboard alone; it is changed for all at once.
        sheet = panel(guest, "Group")
        field = sheet.get_by_role("textbox", name="Your name in groups")
        field.focus()
        guest.page.keyboard.type("Ben <b>")
        guest.page.keyboard.press("Enter")
        sheet.get_by_text("The others see you as Ben <b> now.").wait_for()
        assert violations(guest.page) == []
        guest.page.keyboard.press("Escape")
        expect(strip(host).get_by_role("listitem").nth(1)).to_contain_text("Ben <b>")
        # Who writes is seen by the other, until it is sent or deleted.
        box = guest.page.get_by_label("Message", exact=True)
        box.fill("Hello")
        expect(strip(host).get_by_role("listitem").nth(1)).to_contain_text("writes")
        box.fill("")
        expect(strip(host).get_by_role("listitem").nth(1)).not_to_contain_text("writes")
        box.fill("Hello both.")
        box.press("Enter")
        # Each character answers once: the ring is at its member, and at its own page's stage.
        for page in (host, guest):
            expect(strip(page).locator("li.speaks")).to_have_count(1, timeout=30_000)
        host.page.locator(".stage[data-speaks]").wait_for(state="attached")
        guest.page.get_by_role("status").filter(has_text="speaks").first.wait_for()
        guest.page.locator(".stage[data-speaks]").wait_for(state="attached")
        for page in (host, guest):
            page.wait_for("conversation-chain-end", 2)
            assert all(message["audio"] for message in page.received("audio"))
            expect(strip(page).locator("li.speaks")).to_have_count(0)
            assert violations(page.page) == []
        assert names(host)[0] == "Ben <b>"
        assert "Kai" in names(host)
        for name in host.page.locator(".turn .who > span:first-child[class*=name-colour]").all():
            assert name.evaluate(CONTRAST) >= 4.5
        # Leaving is told to who stays, by name.
        panel(guest, "Group").get_by_role("button", name="Leave the group").click()
        host.page.get_by_text("Ben <b> has left the group.").wait_for()
        expect(strip(host)).to_have_count(0)
