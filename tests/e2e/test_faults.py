"""What goes wrong in the page costs only itself, in a real browser against a real server."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.live import live

from .axe import violations
from .browser import SETTINGS, Browsers, opened, watch
from .servers import Servers
from .test_page import Microphone, configured

pytestmark = pytest.mark.browser

BREAKS = """{
    const { AbortController } = window;
    window.AbortController = class extends AbortController {
        constructor() {
            if (sessionStorage.broken) throw new Error("broken by the test");
            super();
        }
    };
}"""
"""To be run before the page: it fails as soon as the session's storage says so."""


CUT_OFF = """{
    const { decode } = HTMLImageElement.prototype;
    let cut = false;
    HTMLImageElement.prototype.decode = function () {
        if (cut || !this.src.includes("/bg/")) return decode.call(this);
        cut = true;
        return Promise.reject(new Error("cut off by the test"));
    };
}"""
"""To be run before the page: the first background does not come whole."""


def test_settings_of_another_kind_do_not_keep_the_page_from_coming(
    servers: Servers, browsers: Browsers
) -> None:
    wrong = {"language": "fr", "placements": [], "hintsSeen": 3, "captions": False}
    with opened(browsers, servers.url(configured()), settings=wrong) as page:
        page.wait_for_status("Ready")
        page.write("Hello.")
        page.wait_for("conversation-chain-end")
        assert page.page.locator("html").get_attribute("lang") == "en"


def test_a_page_that_fails_says_so_and_can_be_loaded_anew(
    servers: Servers, browsers: Browsers
) -> None:
    with (
        opened(
            browsers,
            servers.url(configured()),
            settings={"theme": "dark"},
            script=BREAKS,
            may_complain="broken by the test",
        ) as page,
    ):
        page.page.evaluate("sessionStorage.broken = 1")
        page.page.reload()
        page.page.get_by_role("heading", name="The page has failed").wait_for()
        assert violations(page.page) == []
        page.page.evaluate("sessionStorage.removeItem('broken')")
        page.page.get_by_role("button", name="Forget the settings").click()
        page.wait_for_status("Ready")
        theme = f"JSON.parse(localStorage.getItem('{SETTINGS}') ?? '{{}}').theme"
        assert page.page.evaluate(theme) in ("dark", None)  # the fixture may choose it again


def test_a_panel_that_fails_leaves_the_conversation_alone(
    servers: Servers, browsers: Browsers
) -> None:
    with opened(
        browsers, servers.url(configured("Hello there.")), may_complain="broken by the test"
    ) as page:
        page.page.evaluate(
            """() => {
                window.real = window.setInterval;
                window.setInterval = () => { throw new Error("broken by the test"); };
            }"""
        )
        page.page.get_by_role("button", name="Conversations", exact=True).click()
        failed = page.page.get_by_role("alert").filter(has_text="This part of the page has failed")
        failed.wait_for()
        page.page.evaluate("() => { window.setInterval = window.real; }")
        failed.get_by_role("button", name="Try again").click()
        page.page.get_by_role("searchbox").wait_for()
        page.page.keyboard.press("Escape")
        page.write("Are you there?")
        page.wait_for("conversation-chain-end")
        assert [text.strip() for text in page.bubbles("ai")] == ["Hello there."]


CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


def test_a_double_click_leaves_no_camera_on(servers: Servers, browsers: Browsers) -> None:
    streams = """{
        window.opened = [];
        const devices = MediaDevices.prototype;
        const { getUserMedia } = devices;
        devices.getUserMedia = async function (...given) {
            const stream = await getUserMedia.apply(this, given);
            window.opened.push(...stream.getTracks());
            return stream;
        };
    }"""
    with opened(browsers, servers.url(configured()), *CAMERA, script=streams) as page:
        page.page.get_by_label("see through your camera").dblclick()
        page.page.get_by_label("see through your camera").click()
        page.page.get_by_label("Camera", exact=True).wait_for()
        page.page.get_by_label("Camera: on").first.click()
        page.page.get_by_label("Camera", exact=True).wait_for(state="detached")
        states = "window.opened.map(({ readyState }) => readyState)"
        page.until(lambda: set(page.page.evaluate(states)) == {"ended"}, "the end of all cameras")
        assert len(page.page.evaluate(states)) > 0


def test_a_camera_that_fails_takes_neither_text_nor_pictures_with_it(
    servers: Servers, browsers: Browsers
) -> None:
    fails = """{
        const { play } = HTMLMediaElement.prototype;
        HTMLMediaElement.prototype.play = function () {
            const isShown = this.isConnected;
            return isShown ? play.call(this) : Promise.reject(new Error("broken by the test"));
        };
    }"""
    with opened(
        browsers,
        servers.url(configured("I see.")),
        *CAMERA,
        script=fails,
        may_complain="gave no picture",
    ) as page:
        page.page.get_by_label("see through your camera").click()
        page.page.get_by_label("Camera", exact=True).wait_for()
        page.paste_picture()
        page.page.get_by_label("Remove this picture").wait_for()
        page.write("What is this?")
        page.page.get_by_role("alert").filter(has_text="The camera shows nothing").wait_for()
        page.wait_for("conversation-chain-end")
        sent = page.sent("text-input")[0]
        assert sent["text"] == "What is this?"
        assert [image["source"] for image in sent["images"]] == ["clipboard"]
        assert page.bubbles("human") == ["What is this?"]


def test_she_waits_while_one_writes_or_does_not_look(servers: Servers, browsers: Browsers) -> None:
    """Twice as long as she waits, while something is being written and while the page is hidden."""
    hide = """hidden => {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    with opened(
        browsers, servers.url(configured("Still there?")), settings={"proactiveAfterS": 1}
    ) as page:
        box = page.page.get_by_label("Message", exact=True)
        box.fill("I am just wri")
        page.page.wait_for_timeout(2000)
        assert page.sent("ai-speak-signal") == []
        page.page.evaluate(hide, True)
        box.fill("")
        page.page.wait_for_timeout(2000)
        assert page.sent("ai-speak-signal") == []
        page.page.evaluate(hide, False)
        page.wait_for("conversation-chain-end")
        assert page.sent("ai-speak-signal")[0]["images"] == []


def test_pictures_sent_with_speech_are_shown_with_it(
    servers: Servers, browsers: Browsers, microphone: Microphone
) -> None:
    says = microphone("human_goforward")
    with opened(browsers, servers.url(configured("I see.", hears=True)), *says) as page:
        page.paste_picture()
        page.page.get_by_label("Remove this picture").wait_for()
        page.page.get_by_label("Microphone", exact=True).click()
        page.wait_for("conversation-chain-end")
        assert len(page.sent("mic-audio-end")[0]["images"]) == 1
        assert page.page.locator("[role=log] article.human img").count() == 1
        assert page.page.get_by_label("Remove this picture").count() == 0


def test_a_microphone_that_falls_silent_says_so(
    servers: Servers, browsers: Browsers, microphone: Microphone
) -> None:
    contexts = """{
        window.contexts = [];
        window.AudioContext = class extends AudioContext {
            constructor(...given) {
                super(...given);
                window.contexts.push(this);
            }
        };
    }"""
    says = microphone("human_goforward")
    with opened(browsers, servers.url(configured(hears=True)), *says, script=contexts) as page:
        page.page.get_by_label("Microphone", exact=True).click()
        page.wait_for_status("Listening")
        page.page.evaluate("Promise.all(window.contexts.map((context) => context.suspend()))")
        page.wait_for_status("No sound comes from the microphone")
        assert page.page.get_by_label("Microphone", exact=True).get_attribute("aria-pressed") == (
            "false"
        )
        page.page.evaluate("Promise.all(window.contexts.map((context) => context.resume()))")
        page.wait_for_status("Listening")


def test_an_update_of_the_server_is_told(tmp_path: Path, browsers: Browsers) -> None:
    values = configured()
    refused = "ERR_CONNECTION_REFUSED"
    with ExitStack() as running:
        server = running.enter_context(live(tmp_path, values))
        with opened(browsers, server.url, may_complain=refused) as page:
            page.page.locator(".ground img").wait_for()
            running.close()
            page.wait_for_status("trying again")
            with live(tmp_path, values):
                page.wait_for_status("Ready")
                page.wait_for("history-data")
                page.page.wait_for_timeout(500)
                assert page.page.get_by_text("The server was updated").count() == 0
            page.wait_for_status("trying again")
            updated = page.page.content().replace("index-", "index-other-")
            page.page.route(server.url + "/", lambda route: route.fulfill(body=updated))
            with live(tmp_path, values):
                page.page.get_by_text("The server was updated").wait_for()
                page.page.unroute_all()
                page.page.get_by_role("button", name="Load anew").click()
                page.wait_for_status("Ready")
                page.page.locator(".ground img").wait_for()  # before the server goes
                assert page.page.get_by_text("The server was updated").count() == 0


def test_a_background_that_was_cut_off_is_asked_for_again(
    servers: Servers, browsers: Browsers
) -> None:
    with opened(
        browsers, servers.url(configured()), script=CUT_OFF, may_complain="cut off"
    ) as page:
        page.until(lambda: bool(page.complaints), "the complaint")
        assert page.page.locator(".ground img").count() == 0
        page.page.get_by_role("button", name="Backgrounds").click()
        page.page.locator(".ground img").wait_for()


def test_a_tab_that_is_duplicated_has_a_conversation_of_its_own(
    servers: Servers, browsers: Browsers
) -> None:
    with opened(browsers, servers.url(configured())) as page:
        page.write("In the first tab.")
        page.wait_for("conversation-chain-end")
        with page.page.context.expect_page() as opening:
            page.page.evaluate("window.open(location.href, '_blank', 'opener')")
        other = watch(opening.value)
        kept = other.page.evaluate("sessionStorage.getItem('open-llm-vtuber:conversation')")
        assert kept  # the browser copies it, as for a tab that is duplicated
        other.page.get_by_text("goes on in another tab").wait_for()
        other.write("In the second tab.")
        other.page.locator(".bubble.ai").wait_for()
        assert other.bubbles("human") == ["In the second tab."]
        assert page.bubbles("human") == ["In the first tab."]


def test_a_model_that_cannot_see_is_told_at_the_buttons(
    servers: Servers, browsers: Browsers
) -> None:
    blind = """{
        window.WebSocket = class extends WebSocket {
            set onmessage(listener) {
                super.onmessage = (event) => {
                    if (typeof event.data !== "string") return listener(event);
                    const message = JSON.parse(event.data);
                    if (message.type === "capabilities") message.images = false;
                    listener(new MessageEvent("message", { data: JSON.stringify(message) }));
                };
            }
        };
    }"""
    with opened(browsers, servers.url(configured()), script=blind) as page:
        assert "capabilities" in page.sent("hello")[0]["extensions"]
        page.page.get_by_label("Add a picture (this language model sees no pictures)").wait_for()
        page.paste_picture()
        page.page.get_by_role("status").filter(has_text="they are left out").wait_for()
        assert violations(page.page) == []
