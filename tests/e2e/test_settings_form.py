"""Everything in conf.yaml, set on the page: real server, real engines, real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Locator, expect

from open_llm_vtuber.config.secrets import FILE
from tests.engines.llm.openai_server import OpenAIServer, Reply, openai_server_beside
from tests.support.live import conf

from .axe import violations
from .browser import Browsers, Watched, shoot
from .panels import PHONE
from .settings_scene import go_to_settings, quick, scene
from .test_page import Microphone

pytestmark = pytest.mark.browser

KEY = "planted-key-0123456789"
SENTENCE = "The weather has been fine all day, and so were we."
OUTCOME = re.compile(r"That is her voice|not done within 10 s")
"""A trial has ten seconds; a busy computer may need more for a voice of that size."""


def seconds(page: Watched, text: str) -> float:
    """Return how long her voice is when she says `text`."""
    said, ended = len(page.speech), len(page.received("conversation-chain-end"))
    page.write(text)
    page.wait_for("conversation-chain-end", ended + 1)
    return sum(len(frame.pcm) / frame.rate for frame in page.speech[said:])


@pytest.fixture
def service() -> Iterator[OpenAIServer]:
    """A language model of this computer that speaks OpenAI's API."""
    with (
        openai_server_beside() as running,
    ):
        yield running


def test_another_voice_and_speed_are_heard_in_the_next_turn(
    tmp_path: Path, browsers: Browsers
) -> None:
    with scene(tmp_path, browsers, quick(tts="kokoro_tts")) as it:
        before, remarks = seconds(it.page, SENTENCE), it.conf.count("#")
        sheet = it.open("Voice")
        sheet.get_by_role("button", name="Choose from its voices").click()
        sheet.get_by_role("button", name="Use the voice Adam").click()
        expect(sheet.get_by_role("button", name="Chosen: Adam")).to_be_focused()
        expect(sheet.get_by_role("textbox", name="Voice", exact=True)).to_have_value("am_adam")
        assert violations(it.page.page) == []
        with it.page.page.expect_request("**/api/config/try") as trial:
            sheet.get_by_role("button", name="Hear Adam").click()
        assert "am_adam" in (trial.value.post_data or "")
        sheet.get_by_text(OUTCOME).wait_for()
        speed = sheet.get_by_label("Speech speed", exact=True)
        speed.fill("3")
        it.save()
        # What is wrong is told at its field, and nothing is written.
        expect(sheet.get_by_role("alert")).to_contain_text("speed")
        expect(speed).to_have_attribute("aria-invalid", "true")
        assert "kokoro_tts" not in it.character["tts_config"]
        speed.fill("2,0")
        it.saved()
        assert it.character["tts_config"]["kokoro_tts"] == {"voice": "am_adam", "speed": 2}
        assert it.conf.count("#") == remarks
        it.page.page.keyboard.press("Escape")
        assert seconds(it.page, SENTENCE) < 0.75 * before

        sheet = it.open()
        sheet.get_by_role("button", name="Undo the last change").click()
        it.told("The last change is taken back.")
        expect(sheet.get_by_label("Speech speed", exact=True)).to_have_value("")
        assert "speed" not in it.character["tts_config"].get("kokoro_tts", {})
        it.page.page.keyboard.press("Escape")
        assert seconds(it.page, SENTENCE) > 0.9 * before

        # What is set most is on the first sheet as well, and holds at once.
        go_to_settings(it.page)
        first = it.page.page.get_by_role("dialog", name="Settings", exact=True)
        speed = first.get_by_role("slider", name="Speed")
        expect(speed).to_have_attribute("aria-valuetext", "1 ×")
        assert violations(it.page.page) == []
        first.get_by_role("button", name="Chosen: ").wait_for()
        speed.focus()
        it.page.page.keyboard.press("End")
        it.page.until(
            lambda: it.character["tts_config"].get("kokoro_tts", {}).get("speed") == 2, "speed"
        )
        bella = first.get_by_role("button", name="Use the voice Bella")
        bella.click()
        it.page.until(
            lambda: it.character["tts_config"]["kokoro_tts"].get("voice") == "af_bella", "a voice"
        )
        expect(first.get_by_role("button", name="Chosen: Bella")).to_be_focused()
        first.get_by_role("list", name="Language models").get_by_role("listitem").first.wait_for()
        assert it.conf.count("#") == remarks
        with it.page.page.expect_request("**/api/config/try") as trial:
            first.get_by_role("button", name="Hear Adam").click()
        assert "am_adam" in (trial.value.post_data or "")
        volume = first.get_by_role("slider", name="Volume")
        volume.focus()
        it.page.page.keyboard.press("ArrowLeft")
        expect(volume).to_have_attribute("aria-valuetext", "95 %")


def test_the_voice_is_heard_before_anything_is_saved(tmp_path: Path, browsers: Browsers) -> None:
    with scene(tmp_path, browsers, quick()) as it:
        before = it.conf
        sheet = it.open("Voice")
        sheet.get_by_role("button", name="Hear it").click()
        sheet.get_by_text("That is her voice.").wait_for()
        sheet.get_by_label("What she says").fill("BREAK")
        it.page.page.keyboard.press("Enter")
        expect(sheet.locator(".trial")).to_contain_text("this sentence breaks the voice")
        assert violations(it.page.page) == []
        assert it.conf == before


def test_another_mind_answers_and_its_key_is_never_told(
    tmp_path: Path, browsers: Browsers, service: OpenAIServer
) -> None:
    section = {"base_url": service.base_url, "model": "small"}
    with scene(tmp_path, browsers, quick(sections={"openai_compatible_llm": section})) as it:
        sheet = it.open("Mind")
        assert sheet.get_by_label("API key").count() == 0  # of engines that are not in use
        sheet.get_by_label("Language model engine", exact=True).select_option(
            "openai_compatible_llm"
        )
        key = sheet.get_by_label("API key: a new one")
        key.fill(KEY)
        expect(sheet.get_by_text("Will be set", exact=True)).to_be_visible()

        service.next = [Reply(status=401, error={"error": {"message": "a bad key"}})]
        sheet.get_by_role("button", name="Ask her").click()
        sheet.get_by_text("It does not work like that.").wait_for()
        expect(sheet.locator(".trial")).to_contain_text("key")
        sheet.get_by_label("Your question").fill("Who are you?")
        sheet.get_by_role("button", name="Ask her").click()
        sheet.get_by_text("She answers: “Hello, you.”").wait_for()
        asked = service.requests[-1]
        assert asked.headers["authorization"] == f"Bearer {KEY}"
        assert asked.body["messages"][-1]["content"] == "Who are you?"
        assert "openai_compatible_llm" not in str(it.character["agent_config"]["agent_settings"])
        it.saved()
        expect(sheet.get_by_text("Is set", exact=True)).to_be_visible()
        expect(key).to_have_value("")
        it.page.page.keyboard.press("Escape")
        it.page.write("And now?")
        expect(it.page.page.locator(".bubble.ai").last).to_contain_text("Hello, you.")
        assert KEY in (tmp_path / FILE).read_text("utf-8")

        it.page.page.reload()
        sheet = it.open("Mind")
        sheet.get_by_text("Is set", exact=True).wait_for()
        it.search("key")
        assert len(it.texts) > 5
        told = [*it.texts, it.page.page.content(), *map(str, it.page.frames), it.conf]
        assert [one for one in told if KEY in one] == []
        fields = it.page.page.locator("input, textarea")
        assert KEY not in fields.evaluate_all("all => all.map((one) => one.value)")

        sheet.get_by_role("button", name="Forget: API key").click()
        sheet.get_by_text("Will be forgotten").wait_for()
        it.saved()
        assert KEY not in (tmp_path / FILE).read_text("utf-8")


def test_the_ears_write_down_what_is_said_to_them(
    tmp_path: Path, browsers: Browsers, microphone: Microphone
) -> None:
    says = microphone("human_goforward", silence_s=30.0)
    values = conf(vad=None, sections={"tone_tts": {"seconds": 0.1}})
    with scene(tmp_path, browsers, values, *says) as it:
        sheet = it.open("Ears")
        sheet.get_by_role("button", name="Say something").click()
        sheet.get_by_text("Listening: say something").wait_for()
        assert violations(it.page.page) == []
        it.page.page.wait_for_timeout(4500)  # the recording is that long
        sheet.get_by_role("button", name="Done, write it down").click()
        expect(sheet.locator(".trial")).to_contain_text(re.compile("Heard: .*forward"))
        # It was for the ears alone: she has not been told.
        assert not it.page.sent("mic-stream-start")


def test_what_was_changed_by_hand_meanwhile_is_shown_and_not_overwritten(
    tmp_path: Path, browsers: Browsers
) -> None:
    with scene(tmp_path, browsers, quick()) as it:
        sheet = it.open("She")
        name = sheet.get_by_label("Her name", exact=True)
        name.fill("Bo")
        sheet.get_by_label("Personality", exact=True).fill("You are Bo.\nYou like the sea.")
        by_hand = it.conf.replace("character_name: Tester", "character_name: Cy")
        by_hand = by_hand.replace("of_ours", "of_mine")
        (tmp_path / "conf.yaml").write_text(by_hand, "utf-8")
        it.save()
        told = sheet.get_by_role("alert")
        expect(told).to_contain_text("conf.yaml was changed elsewhere meanwhile")
        expect(told).to_contain_text("was Tester, is now Cy")
        expect(told).to_contain_text("yours: Bo")
        assert violations(it.page.page) == []
        assert it.conf == by_hand
        told.get_by_role("button", name="Her name: take what is there").click()
        expect(name).to_have_value("Cy")
        it.saved()
        assert it.character["character_name"] == "Cy"
        assert it.character["persona_prompt"] == "You are Bo.\nYou like the sea."
        assert "of_mine" in it.conf


def test_a_dangerous_change_wants_the_code_of_the_console(
    tmp_path: Path, browsers: Browsers
) -> None:
    with scene(tmp_path, browsers, quick()) as it:
        sheet = it.open()
        it.search("host")
        host = sheet.get_by_label("Addresses it listens at", exact=True)
        expect(host).to_have_value("127.0.0.1")
        host.fill("0.0.0.0")
        before = it.conf
        it.save()
        dialog = it.page.page.get_by_role("dialog", name="This needs the code")
        expect(dialog).to_contain_text("system_config.host")
        code = dialog.get_by_label("Code")
        expect(code).to_be_focused()
        assert violations(it.page.page) == []
        code.fill(it.wrong_code)
        it.page.page.keyboard.press("Enter")
        expect(dialog).to_contain_text("That is not the code.")
        # Escape closes the question alone, and the focus is where it was.
        it.page.page.keyboard.press("Escape")
        dialog.wait_for(state="detached")
        expect(sheet.get_by_role("button", name="Save", exact=True)).to_be_focused()
        assert it.conf == before
        it.page.page.keyboard.press("Enter")
        code.fill(it.code)
        it.page.page.keyboard.press("Enter")
        it.told("This counts once the server is started anew: Addresses it listens at")
        assert yaml.safe_load(it.conf)["system_config"]["host"] == "0.0.0.0"


def test_lists_tables_and_choices_are_set_and_go_back_to_their_defaults(
    tmp_path: Path, browsers: Browsers
) -> None:
    with scene(tmp_path, browsers, quick()) as it:
        sheet = it.open("She")
        sheet.get_by_role("button", name="Example talk: add one").click()
        first = sheet.get_by_label("Example talk 1, You")
        expect(first).to_be_focused()
        first.fill("hey")
        sheet.get_by_label("Example talk 1, She").fill("Hey you!")
        it.search("words")
        sheet.get_by_role("button", name="Words for feelings: add one").click()
        sheet.get_by_label("Words for feelings 1, key").fill("comfy")
        sheet.get_by_label("Words for feelings 1, value").fill("joy")
        it.search("summarises")
        sheet.get_by_label("Sums up long conversations", exact=True).select_option("No")
        it.search("as_friend")
        friend = sheet.get_by_role("switch", name="Talks as a friend")
        expect(friend).to_be_checked()
        friend.click()
        it.saved()
        agent = it.character["agent_config"]["agent_settings"]["basic_memory_agent"]
        assert (agent["summarises"], agent["as_friend"]) == (False, False)
        assert it.character["face_config"]["words"] == {"comfy": "joy"}
        assert it.character["example_dialogue"] == [{"human": "hey", "character": "Hey you!"}]
        sheet.get_by_role("button", name="Talks as a friend: back to the default").click()
        expect(friend).to_be_checked()
        it.saved()
        agent = it.character["agent_config"]["agent_settings"]["basic_memory_agent"]
        assert "as_friend" not in agent


def test_settings_are_found_by_name_description_and_value(
    tmp_path: Path, browsers: Browsers
) -> None:
    with scene(tmp_path, browsers, quick(persona="You collect old radios.")) as it:
        sheet = it.open()
        it.search("RADIOS old")
        expect(sheet.get_by_label("Personality", exact=True)).to_have_value(
            "You collect old radios."
        )
        assert sheet.locator(".field-row").count() == 1
        it.search("gabriela")
        assert sheet.get_by_text("No setting has “gabriela”").count() == 1
        it.search("boost")  # of an engine that is not in use
        sheet.get_by_role("button", name="Show 2 more, of engines that are not in use").click()
        sheet.get_by_label("Nearer to the original").wait_for()
        sheet.get_by_role("button", name="Clear the search").click()
        sheet.get_by_role("tab", name="Voice").wait_for()


def test_with_the_keyboard_alone(tmp_path: Path, browsers: Browsers) -> None:
    with scene(tmp_path, browsers, quick()) as it:
        keys = it.page.page.keyboard
        it.page.page.get_by_role("button", name="Settings", exact=True).focus()
        keys.press("Enter")
        opener = it.page.page.get_by_role("button", name="All settings of the server")
        tab_to(it.page, opener)
        keys.press("Enter")
        it.sheet.locator(".field-row").first.wait_for()
        expect(it.sheet).to_be_focused()
        tab_to(it.page, it.sheet.get_by_role("tab", name="Voice"))
        for _ in range(3):
            keys.press("ArrowRight")
        name = it.sheet.get_by_label("Your name", exact=True)
        tab_to(it.page, name)
        keys.press("Control+A")
        keys.type("Sam")
        tab_to(it.page, it.sheet.get_by_role("button", name="Your name: take the change back"))
        keys.press("Enter")
        expect(name).to_be_focused()
        keys.press("Control+A")
        keys.type("Kim")
        tab_to(it.page, it.sheet.get_by_role("button", name="Save", exact=True), back=True)
        keys.press("Enter")
        it.told("Saved. It holds from the next turn on.")
        assert it.character["human_name"] == "Kim"
        expect(it.sheet.get_by_role("button", name="Save", exact=True)).to_be_focused()
        keys.press("Escape")
        it.sheet.wait_for(state="detached")


def tab_to(page: Watched, wanted: Locator, *, back: bool = False) -> None:
    """Go there with Tab; fails where it cannot be reached."""
    for _ in range(120):
        if wanted.count() and wanted.evaluate("one => one === document.activeElement"):
            return
        page.page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"{wanted} is not reached with Tab")


def test_on_a_phone_in_chinese(tmp_path: Path, browsers: Browsers) -> None:
    with scene(tmp_path, browsers, quick(), size=PHONE, settings={"language": "zh"}) as it:
        go_to_settings(it.page, "更多", "设置")
        page = it.page.page
        page.get_by_role("button", name="服务器的所有设置").click()
        sheet = page.get_by_role("dialog", name="所有设置")
        sheet.get_by_role("searchbox").fill("语速")
        sheet.get_by_text("属于未使用的引擎").wait_for()
        sheet.get_by_role("searchbox").fill("性格设定")
        sheet.get_by_label("性格设定", exact=True).fill("你是测试。")
        sheet.get_by_role("button", name="保存", exact=True).click()
        sheet.get_by_text("已保存，从下一轮对话起生效。").wait_for()
        assert it.character["persona_prompt"] == "你是测试。"


def test_all_that_is_shown_of_a_setting_is_chinese(tmp_path: Path, browsers: Browsers) -> None:
    chinese = {"language": "zh", "theme": "dark"}
    with scene(tmp_path, browsers, quick(), settings=chinese) as it:
        go_to_settings(it.page, "更多", "设置")
        page = it.page.page
        page.get_by_role("button", name="服务器的所有设置").click()
        sheet = page.get_by_role("dialog", name="所有设置")
        sheet.locator(".field-row").first.wait_for()
        for tab in ("声音", "听觉", "思维", "角色", "服务器"):
            sheet.get_by_role("tab", name=tab).click()
            sheet.locator(".field-row").first.wait_for(state="attached")
            sheet.locator("details").evaluate_all("all => all.forEach((one) => (one.open = true))")
            names = sheet.locator(".field-row .head label").all_inner_texts()
            assert names
            assert [one for one in names if not re.search(r"[\u4e00-\u9fff]", one)] in (
                [],
                ["Cookie SESSDATA"],
            )
            told = sheet.locator(".field-row .about p[lang=en]").all_inner_texts()
            assert told == []
            shoot(it.page, f"zh-{tab}", 200)


def test_what_is_chosen_automatically_is_not_what_is_named(
    tmp_path: Path, browsers: Browsers
) -> None:
    with scene(tmp_path, browsers, quick()) as it:
        sheet = it.open("Mind")
        agent = sheet.get_by_label("Agent", exact=True)
        first = agent.locator("option").first
        expect(first).to_have_text("basic_memory_agent (chosen automatically)")
        agent.select_option("basic_memory_agent")
        it.saved()
        expect(agent.locator("option:checked")).to_have_text("basic_memory_agent")
        expect(first).to_have_text("Chosen automatically")


def test_who_may_not_configure_is_told_why(tmp_path: Path, browsers: Browsers) -> None:
    elsewhere = {"X-Forwarded-For": "192.0.2.1"}
    with scene(tmp_path, browsers, quick(), extra_http_headers=elsewhere) as it:
        go_to_settings(it.page)
        it.page.page.get_by_role("button", name="All settings of the server").click()
        sheet = it.sheet
        sheet.get_by_text("The server's settings cannot be changed from here").wait_for()
        expect(sheet).to_contain_text("opened with the access token")
        assert sheet.locator(".field-row").count() == 0
        assert sheet.get_by_role("button", name="Save").count() == 0
        assert violations(it.page.page) == []


def test_what_is_not_saved_is_there_when_the_sheet_is_opened_again(
    tmp_path: Path, browsers: Browsers
) -> None:
    with scene(tmp_path, browsers, quick()) as it:
        sheet = it.open("She")
        sheet.get_by_label("Your name", exact=True).fill("Sam")
        it.page.page.keyboard.press("Escape")
        sheet.wait_for(state="detached")
        sheet = it.open()
        expect(sheet.get_by_label("Your name", exact=True)).to_have_value("Sam")
        it.told("1 change is not saved")
        sheet.get_by_role("button", name="Discard").click()
        expect(sheet.get_by_label("Your name", exact=True)).to_have_value("")
        sheet.get_by_role("button", name="Back to the settings of this browser").click()
        it.page.page.get_by_role("dialog", name="Settings", exact=True).wait_for()
