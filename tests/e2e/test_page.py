"""The page at / in a real browser, against a real server."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.live import PROJECT, conf, live

from .axe import violations
from .browser import Browsers, opened
from .servers import Servers

pytestmark = pytest.mark.browser

Microphone = Callable[..., list[str]]

LONG = "This is the first sentence. Here comes the second one. And then there is a third."


MUTE = "tests.support.engines:MuteASR"


def configured(
    reply: str = "", tone_s: float = 0.3, *, hears: bool = False, **given: Any
) -> dict[str, Any]:
    """Return a conf.yaml whose model gives `reply`, or repeats, in a voice of `tone_s` each.

    Who `hears` has the embedded engines for it, whose weights take a second to load.
    """
    if not hears:
        given = {"asr": MUTE, "vad": None, **given}
    sections: dict[str, dict[str, Any]] = {
        "echo_llm": {"reply": reply},
        "tone_tts": {"seconds": tone_s},
    }
    return conf(sections=sections, **given)


def test_it_connects_and_says_so(servers: Servers, browsers: Browsers) -> None:
    with opened(browsers, servers.url(configured())) as page:
        page.wait_for_status("Ready")
        assert page.kinds()[0] == ">hello"
        assert page.kinds().count(">create-new-history") == 0
        assert page.page.title() == "tester"
        assert page.page.get_by_role("alert").count() == 0


def test_it_tells_what_is_being_loaded(tmp_path: Path, browsers: Browsers) -> None:
    gate = tmp_path / "open"
    values = conf(
        asr=MUTE,
        vad=None,
        llm="tests.e2e.gated:GatedLLM",
        sections={"gated_llm": {"gate": str(gate)}, "tone_tts": {"seconds": 0.3}},
    )
    with live(tmp_path, values) as server, opened(browsers, server.url) as page:
        page.page.get_by_role("heading", name="Getting ready").wait_for()
        page.write("Are you there?")  # answered as soon as it can be
        page.page.locator("[data-turn=thinking]").wait_for()
        page.wait_for_status("Getting ready")  # she cannot think yet
        gate.touch()
        page.wait_for("conversation-chain-end")
        page.wait_for_status("Ready")
        page.page.get_by_role("heading", name="Getting ready").wait_for(state="hidden")
        assert words(page.bubbles("ai")) == "are you there"


def test_typed_text_is_answered_aloud(servers: Servers, browsers: Browsers) -> None:
    with opened(browsers, servers.url(configured(LONG))) as page:
        page.write("What is the news?")
        page.wait_for("conversation-chain-end")
        page.wait_for_status("Ready")
        assert page.bubbles("human") == ["What is the news?"]
        assert [text.strip() for text in page.bubbles("ai")] == [LONG]
        # The server ends a turn when the page has played it, and the tones take their time.
        kinds = page.kinds()
        assert kinds.count(">frontend-playback-complete") == 1
        assert kinds.index(">frontend-playback-complete") < kinds.index("conversation-chain-end")
        page.write("Once more, please.")
        page.wait_for("conversation-chain-end", 2)
        assert [text.strip() for text in page.bubbles("ai")] == [LONG, LONG]


def test_captions_follow_her_voice_and_all_is_there_to_read(
    servers: Servers, browsers: Browsers
) -> None:
    with opened(browsers, servers.url(configured(LONG, tone_s=2.0))) as page:
        page.page.evaluate(
            """() => {
                window.heard = new Set();
                new MutationObserver(() => {
                    const heard = document.querySelector(".caption span");
                    if (heard) window.heard.add(heard.textContent);
                }).observe(document.body, { characterData: true, childList: true, subtree: true });
            }"""
        )
        page.write("Tell me.")
        expect(page.page.locator(".bubble.ai")).to_have_text(LONG)
        assert len(page.heard()) < len(LONG)  # it is written before it is heard
        page.wait_for("conversation-chain-end")
        heard = [text for text in page.page.evaluate("[...heard]") if text.strip()]
        assert len(heard) > 6  # word by word, through three sentences
        assert all(part.strip() in LONG for part in heard)
        assert page.heard() == page.bubbles("ai")[0]
        assert page.heard().strip() == LONG


def test_the_stop_button_ends_the_answer(servers: Servers, browsers: Browsers) -> None:
    with opened(browsers, servers.url(configured(LONG, tone_s=2.0))) as page:
        page.write("Tell me.")
        page.wait_for_bubbles("ai", 1)
        page.wait_for_words("ai")
        page.page.get_by_label("Stop the answer").click()
        page.wait_for_status("Ready")
        heard = page.bubbles("ai")
        turn = page.received("audio")[0]["turn"]
        told = {"type": "interrupt-signal", "text": heard[0], "turn": turn}
        assert page.sent("interrupt-signal") == [told]
        page.write("And now?")
        page.wait_for_bubbles("ai", 2)
        assert page.bubbles("ai")[0] == heard[0]
        assert heard[0].strip() != LONG
        page.page.keyboard.press("Escape")
        page.wait_for_status("Ready")
        assert len(page.sent("interrupt-signal")) == 2
        assert not page.sent("frontend-playback-complete")


def test_typing_into_the_answer_interrupts_it(servers: Servers, browsers: Browsers) -> None:
    with opened(browsers, servers.url(configured(LONG, tone_s=2.0))) as page:
        page.write("Tell me.")
        page.wait_for_bubbles("ai", 1)
        page.wait_for_words("ai")
        page.write("Wait, something else!")
        page.wait_for_bubbles("ai", 2)
        heard = page.bubbles("ai")[0]
        assert heard.strip() != LONG
        assert page.sent("interrupt-signal")[0]["text"] == heard
        page.page.get_by_text("interrupted").wait_for()
        ordered = [kind for kind in page.kinds() if kind in (">interrupt-signal", ">text-input")]
        assert ordered == [">text-input", ">interrupt-signal", ">text-input"]


def test_speaking_is_heard_and_answered(
    servers: Servers, browsers: Browsers, microphone: Microphone
) -> None:
    says = microphone("human_goforward")
    with opened(browsers, servers.url(configured(hears=True)), *says) as page:
        page.page.get_by_label("Microphone", exact=True).click()
        page.wait_for_status("Listening")
        page.wait_for("conversation-chain-end")
        assert words(page.bubbles("human")) == "go forward ten meters"
        assert words(page.bubbles("ai")) == words(page.bubbles("human"))
        assert page.sent("frontend-playback-complete")
        page.page.get_by_label("Microphone", exact=True).click()
        page.wait_for_status("Ready")
        assert len(page.sent("mic-stream-start")) == len(page.sent("mic-stream-stop")) == 1
        assert page.sound_bytes % 1024 == 0  # whole frames of 512 samples


def test_speaking_into_the_answer_interrupts_it(
    servers: Servers, browsers: Browsers, microphone: Microphone
) -> None:
    says = microphone("human_goforward", "synth_flite_slt", silence_s=4.0)
    values = configured(LONG, tone_s=20.0, hears=True)
    with opened(browsers, servers.url(values), *says) as page:
        page.page.get_by_label("Microphone", exact=True).click()
        page.wait_for_bubbles("ai", 2)
        question = "hello there could you tell me what the weather is like today"
        assert words(page.bubbles("human")) == f"go forward ten meters {question}"
        heard = page.bubbles("ai")[0]
        turn = page.received("audio")[0]["turn"]
        told = {"type": "interrupt-signal", "text": heard, "turn": turn}
        assert page.sent("interrupt-signal") == [told]
        assert heard.strip() != LONG


def test_a_page_that_may_not_hear_says_why(tmp_path: Path, browsers: Browsers) -> None:
    """Reached under another name than localhost and without https, a page has no microphone."""
    values = configured()
    port = values["system_config"]["port"]
    values["system_config"] |= {
        "host": "0.0.0.0",
        "access_token": "none",
        "allowed_origins": [f"http://companion.test:{port}"],
    }
    named = "--host-resolver-rules=MAP companion.test 127.0.0.1"
    with live(tmp_path, values), opened(browsers, f"http://companion.test:{port}", named) as page:
        page.page.get_by_label("Microphone", exact=True).click()
        notice = page.page.get_by_role("alert").filter(has_text=f"http://localhost:{port}")
        notice.wait_for()
        assert page.page.get_by_label("Microphone", exact=True).is_enabled()
        assert not page.sent("mic-stream-start")


def test_the_conversation_goes_on_when_the_server_comes_back(
    tmp_path: Path, browsers: Browsers
) -> None:
    values = configured("Hello there.")
    refused = "ERR_CONNECTION_REFUSED"  # Chromium itself reports each failed attempt
    with ExitStack() as running:
        server = running.enter_context(live(tmp_path, values))
        with opened(browsers, server.url, may_complain=refused) as page:
            page.write("First.")
            page.wait_for("conversation-chain-end")
            running.close()
            page.wait_for_status("trying again")
            assert page.page.get_by_label("Send").is_disabled()
            assert page.bubbles("human") == ["First."]  # what was said stays readable
            with live(tmp_path, values):
                page.wait_for_status("Ready")
                page.wait_for("history-data")
                page.write("Second.")
                page.wait_for("conversation-chain-end", 2)
                assert page.bubbles("human") == ["First.", "Second."]
                assert [text.strip() for text in page.bubbles("ai")] == ["Hello there."] * 2
                assert page.kinds().count("new-history-created") == 1


def test_the_server_dies_in_the_middle_of_an_answer(tmp_path: Path, browsers: Browsers) -> None:
    values = configured(LONG, tone_s=3.0)
    refused = "ERR_CONNECTION_REFUSED"
    with ExitStack() as running:
        server = running.enter_context(live(tmp_path, values))
        with opened(browsers, server.url, may_complain=refused) as page:
            page.write("Tell me.")
            page.wait_for_bubbles("ai", 1)
            page.wait_for_words("ai")
            running.close()
            page.wait_for_status("trying again")
            page.page.locator("[data-turn=idle]").wait_for()  # she does not go on without it
            again = configured("Here I am again.")
            again["system_config"]["port"] = values["system_config"]["port"]
            with live(tmp_path, again):
                page.wait_for_status("Ready")
                page.write("Are you there?")
                page.wait_for("conversation-chain-end")
                assert page.bubbles("ai")[-1].strip() == "Here I am again."


def test_a_reload_goes_on_with_the_conversation(servers: Servers, browsers: Browsers) -> None:
    with opened(browsers, servers.url(configured("Hello there."))) as page:
        page.write("First.")
        page.wait_for("conversation-chain-end")
        page.page.reload()
        page.wait_for("history-data")
        page.wait_for_bubbles("ai", 1)
        assert page.bubbles("human") == ["First."]
        assert page.kinds().count("new-history-created") == 1


def test_what_is_being_said_is_shown_while_it_is_said(
    servers: Servers, browsers: Browsers, microphone: Microphone
) -> None:
    says = microphone("synth_flite_slt")
    with opened(browsers, servers.url(configured(hears=True)), *says) as page:
        page.page.get_by_label("Microphone", exact=True).click()
        page.wait_for("partial-transcript")
        page.page.get_by_text("I hear:").wait_for()
        page.wait_for("user-input-transcription")
        page.page.get_by_text("I hear:").wait_for(state="hidden")


def test_it_hears_only_while_the_key_is_held(
    servers: Servers, browsers: Browsers, microphone: Microphone
) -> None:
    says = microphone("human_goforward", silence_s=30.0)
    with opened(
        browsers, servers.url(configured(hears=True)), *says, settings={"pushToTalk": True}
    ) as page:
        page.page.get_by_role("group").first.focus()
        page.page.keyboard.down(" ")
        page.wait_for_status("Listening")
        all_of_it = 4 * 16_000 * 2  # the silence before the recording, and its 2.7 s
        page.until(lambda: page.sound_bytes >= all_of_it, "the end of the recording")
        page.page.keyboard.up(" ")
        page.wait_for("conversation-chain-end")
        assert words(page.bubbles("human")) == "go forward ten meters"
        sent = page.sound_bytes
        page.page.wait_for_timeout(500)
        assert page.sound_bytes == sent
        assert len(page.sent("mic-stream-stop")) == 1


def test_a_pause_ends_nothing_while_the_key_is_held(
    servers: Servers, browsers: Browsers, microphone: Microphone
) -> None:
    says = microphone("human_goforward", "synth_flite_slt", silence_s=2.5)
    with opened(
        browsers, servers.url(configured(hears=True)), *says, settings={"pushToTalk": True}
    ) as page:
        page.page.get_by_role("group").first.focus()
        page.page.keyboard.down(" ")
        all_of_it = 11 * 16_000 * 2  # both recordings and the silence between them
        page.until(lambda: page.sound_bytes >= all_of_it, "the end of the recordings")
        assert "conversation-chain-start" not in page.kinds()
        page.page.keyboard.up(" ")
        page.wait_for("conversation-chain-end")
        (said,) = page.bubbles("human")
        assert words([said]).startswith("go forward")
        assert words([said]).endswith("what the weather is like today")


def test_who_only_presses_what_is_to_be_held_is_told(
    servers: Servers, browsers: Browsers, microphone: Microphone
) -> None:
    says = microphone(silence_s=30.0)
    with opened(
        browsers, servers.url(configured(hears=True)), *says, settings={"pushToTalk": True}
    ) as page:
        page.page.get_by_role("button", name="Microphone: Hold to talk").click()
        page.page.get_by_role("button", name="Hold it while you speak").wait_for()


def test_pictures_go_with_the_message(servers: Servers, browsers: Browsers) -> None:
    with opened(browsers, servers.url(configured())) as page:
        page.page.set_input_files("input[type=file][multiple]", [PROJECT / "avatars" / "wren.png"])
        page.page.get_by_label("Remove this picture").wait_for()
        page.paste_picture()
        page.page.get_by_label("Remove this picture").nth(1).wait_for()
        page.page.set_input_files("input[type=file][multiple]", [PROJECT / "README.md"])
        page.page.get_by_role("alert").filter(has_text="README.md is not a picture").wait_for()
        page.write("What is this?")
        page.wait_for("conversation-chain-end")
        images = page.sent("text-input")[0]["images"]
        assert [image["source"] for image in images] == ["upload", "clipboard"]
        assert all(image["data"].startswith("data:image/jpeg;base64,/9j/") for image in images)
        assert page.page.locator("[role=log] img").count() == 2
        assert page.page.get_by_label("Remove this picture").count() == 0


def test_the_camera_goes_with_what_is_said(servers: Servers, browsers: Browsers) -> None:
    camera = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    with opened(browsers, servers.url(configured()), *camera) as page:
        page.page.get_by_label("see through your camera").click()
        page.page.get_by_label("Camera", exact=True).wait_for()
        page.write("What do you see?")
        page.wait_for("conversation-chain-end")
        assert [image["source"] for image in page.sent("text-input")[0]["images"]] == ["camera"]
        page.page.get_by_label("Camera: on").first.click()
        page.write("And now?")
        page.wait_for("conversation-chain-end", 2)
        assert page.sent("text-input")[1]["images"] == []


def test_she_speaks_of_her_own_accord(servers: Servers, browsers: Browsers) -> None:
    with opened(
        browsers, servers.url(configured("Still there?")), settings={"proactiveAfterS": 1}
    ) as page:
        page.wait_for("conversation-chain-end")
        signal = page.sent("ai-speak-signal")[0]
        assert signal["idle_time"] >= 1
        page.page.get_by_label("say something").click()
        page.wait_for("conversation-chain-end", 2)
        assert any(signal["idle_time"] == -1 for signal in page.sent("ai-speak-signal"))


def test_it_speaks_chinese(servers: Servers, browsers: Browsers) -> None:
    with opened(browsers, servers.url(configured()), settings={"language": "zh"}) as page:
        page.wait_for_status("就绪")
        page.page.get_by_label("消息", exact=True).fill("你好")
        page.page.get_by_label("发送", exact=True).click()
        page.wait_for("conversation-chain-end")
        assert page.page.evaluate("document.documentElement.lang") == "zh-CN"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_everybody_can_use_it(servers: Servers, browsers: Browsers, theme: str, width: int) -> None:
    """Nothing that axe-core finds."""
    with (
        opened(
            browsers,
            servers.url(configured(LONG)),
            width=width,
            settings={"theme": theme, "showConversation": True},
        ) as page,
    ):
        page.write("Tell me.")
        page.wait_for("conversation-chain-end")
        page.wait_for_status("Ready")
        assert violations(page.page) == []


def test_what_fails_is_told_and_can_be_dismissed(servers: Servers, browsers: Browsers) -> None:
    with opened(browsers, servers.url(configured())) as page:
        page.write("BREAK the voice")
        notice = page.page.get_by_role("alert")
        told = notice.filter(has_text="The voice failed.")  # in the words of the page
        told.filter(has_text="this sentence breaks the voice").wait_for()
        page.wait_for("conversation-chain-end")
        assert words(page.bubbles("ai")) == "break the voice"  # shown although it is not heard
        notice.get_by_label("Dismiss").click()
        notice.wait_for(state="hidden")


def test_it_fits_a_phone(servers: Servers, browsers: Browsers) -> None:
    with opened(browsers, servers.url(configured(LONG)), width=320, height=640) as page:
        page.write("Averyveryverylongwordwithoutanyspace" * 4)
        page.wait_for("conversation-chain-end")
        root = "document.documentElement"
        assert page.page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
        assert page.page.evaluate(f"{root}.scrollHeight <= {root}.clientHeight")
        for label in ("Message", "Send", "Microphone"):
            assert page.page.get_by_label(label, exact=True).is_visible()


def words(texts: list[str]) -> str:
    """Return the words alone, in lower case."""
    letters = "".join(c if c.isalnum() else " " for c in " ".join(texts).lower())
    return " ".join(letters.split())
