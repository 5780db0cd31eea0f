"""Every sheet and state, on a desktop and a phone, in the light and the dark, in both languages.

Each is opened once on each device, and looked at in two looks: over both devices, each language is
seen in the light and in the dark.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.support.live import PROJECT, conf, live
from tests.support.product import furnish, with_wren

from .browser import BLIND, QUIET, Browsers, Watched, opened, shoot, watch
from .inspection import faults, unreached
from .states import MARKDOWN, STATES, choose, go_home
from .test_page import MUTE

pytestmark = pytest.mark.browser

DEVICES: dict[str, dict[str, Any]] = {
    "desktop": {"width": 1280, "height": 800},
    "phone": {"width": 390, "height": 844, "has_touch": True, "is_mobile": True},
}
APPEARANCES = {
    "desktop": (("light", "en"), ("dark", "zh")),
    "phone": (("dark", "en"), ("light", "zh")),
}
REFUSED = "server responded with a status of 4"
"""What Chromium itself says of what is refused."""


@dataclass(frozen=True)
class Look:
    """A page on one device."""

    page: Watched
    device: str

    def inspect(self, name: str) -> None:
        """Look at what is open, in each appearance; all that is wrong is told together."""
        wrong: list[str] = []
        is_touched = self.device == "phone"
        for theme, language in APPEARANCES[self.device]:
            choose(self.page, theme=theme, language=language)
            self.shoot(f"{name}-{self.device}-{language}-{theme}")
            found = faults(self.page.page, is_touched=is_touched)
            wrong += [f"{theme} {language}: {one}" for one in found]
        if not is_touched:
            wrong += unreached(self.page.page)
        assert not wrong, "\n".join(wrong)
        assert [one for one in self.page.complaints if REFUSED not in one] == []

    def shoot(self, name: str) -> None:
        """Keep a picture, where somebody wants to look at it."""
        shoot(self.page, name, after_ms=100)  # colours change from the outside inwards


def furnished(folder: Path) -> Path:
    """Put what the page shows of ours into a folder; what it may change is a copy."""
    for name in ("characters", "avatars"):
        shutil.copytree(PROJECT / name, folder / name)
    furnish(folder)
    return folder


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = furnished(tmp_path_factory.mktemp("matrix"))
    sections: dict[str, dict[str, Any]] = {
        "echo_llm": {"reply": MARKDOWN},
        "tone_tts": {"seconds": 0.05},
    }
    values = with_wren(conf(asr=MUTE, vad=None, remembers=True, sections=sections))
    with live(folder, values, console=lambda _: None) as server:
        yield server.url


@pytest.fixture(scope="module", params=DEVICES)
def look(request: pytest.FixtureRequest, url: str, browsers: Browsers) -> Iterator[Look]:
    device = DEVICES[request.param]
    still: dict[str, Any] = {"reduced_motion": "reduce", "may_complain": REFUSED}
    with opened(browsers, url, settings={"language": "en"}, **device, **still) as page:
        page.wait_for_status("Ready")
        yield Look(page, request.param)


@pytest.mark.parametrize("state", STATES)
def test_what_one_page_shows(look: Look, state: str) -> None:
    go_home(look.page)
    STATES[state](look.page)
    look.inspect(state)


@pytest.fixture(scope="module")
def talker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose voice can be chosen, as on a first visit."""
    folder = furnished(tmp_path_factory.mktemp("talker"))
    values = with_wren(conf(asr=MUTE, vad=None, tts="hibari_tts", remembers=True))
    with live(folder, values) as server:
        yield server.url


@pytest.mark.parametrize("device", DEVICES)
def test_the_first_visit(talker: str, browsers: Browsers, device: str) -> None:
    given = {**DEVICES[device], "reduced_motion": "reduce", "first_visit": True}
    settings = {"language": "en", "theme": "light"}
    with opened(browsers, talker, settings=settings, **given) as page:
        look = Look(page, device)
        page.wait_for_status("Ready")
        card = page.page.locator("[data-welcome]")
        for number, title in enumerate(
            ("Which language?", "How she thinks", "How she sounds", "Your microphone")
        ):
            choose(page, language="en")
            expect(card.get_by_role("heading")).to_have_text(title)
            for place in ("Here", "Ollama & co.", "A service") if number == 1 else ("",):
                choose(page, language="en")
                if place:
                    card.get_by_text(place, exact=True).click()
                look.inspect(f"first-visit-{number + 1}{place[:1].lower()}")
            choose(page, language="en")
            card.locator("footer button").last.click()
        page.page.get_by_label("What is your name?").wait_for()
        look.inspect("name")


@pytest.mark.parametrize("device", DEVICES)
def test_two_in_a_group(url: str, browsers: Browsers, device: str) -> None:
    given = {**DEVICES[device], "reduced_motion": "reduce", "settings": {"language": "en"}}
    with opened(browsers, url, **given) as page, opened(browsers, url) as guest:
        for one in (page, guest):
            one.wait_for_status("Ready")
        STATES["group"](guest)
        theirs = guest.page.get_by_role("textbox", name="Your id").input_value()
        STATES["group"](page)
        page.page.get_by_role("textbox", name="Their id").fill(theirs)
        page.page.get_by_role("button", name="Invite", exact=True).click()
        guest.page.get_by_role("button", name="Join", exact=True).click()
        page.page.get_by_role("dialog").get_by_role("listitem").nth(1).wait_for()
        look = Look(page, device)
        look.inspect("group-of-two")
        go_home(page)
        look.inspect("in-a-group")


@pytest.mark.parametrize("device", DEVICES)
def test_the_overlay(url: str, browsers: Browsers, device: str) -> None:
    size = {"width": DEVICES[device]["width"], "height": DEVICES[device]["height"]}
    with browsers.tab(*QUIET, *BLIND, viewport=size, reduced_motion="reduce") as tab:
        page = watch(tab)
        tab.goto(f"{url}/?overlay")
        page.wait_for("set-model-and-conf")
        Look(page, device).shoot(f"overlay-{device}")
        assert faults(tab, is_touched=device == "phone") == []
        assert page.complaints == []


@pytest.mark.parametrize("device", DEVICES)
def test_a_server_that_is_gone(url: str, browsers: Browsers, device: str) -> None:
    sockets: list[WebSocketRoute] = []

    def breaks(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        if len(sockets) > 1:
            socket.close()
        else:
            socket.connect_to_server()

    size = {key: DEVICES[device][key] for key in ("width", "height")}
    more = {key: value for key, value in DEVICES[device].items() if key not in size}
    with browsers.tab(*QUIET, *BLIND, viewport=size, reduced_motion="reduce", **more) as tab:
        tab.route_web_socket(re.compile("/client-ws"), breaks)
        page = watch(tab)
        tab.goto(url)
        choose(page, hintsSeen=["welcome"])
        tab.get_by_role("status").filter(has_text="Ready").wait_for()
        sockets[0].close()
        tab.get_by_role("button", name="Try now").wait_for()
        Look(page, device).inspect("lost")


@pytest.mark.parametrize("device", DEVICES)
def test_an_engine_that_cannot_be_loaded(tmp_path: Path, browsers: Browsers, device: str) -> None:
    values = with_wren(conf(asr=MUTE, vad=None, llm="tests.e2e.gated:BrokenLLM"))
    given = {**DEVICES[device], "reduced_motion": "reduce", "settings": {"language": "en"}}
    with (
        live(furnished(tmp_path), values) as server,
        opened(browsers, server.url, **given) as page,
    ):
        page.page.get_by_text("Something could not be loaded").wait_for()
        Look(page, device).inspect("failed-engine")
