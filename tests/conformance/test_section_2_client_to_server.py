"""Protocol section 2: what a client sends, row by row (histories and groups have own files)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.conformance.conftest import Furnish
from tests.conformance.support import (
    ENGINES,
    OWN,
    WHOLE_TURN,
    character,
    echoing,
    quick,
    remembering,
    started,
)
from tests.conftest import Serve
from tests.support.client import Message, client, kinds, of_type, shown

pytestmark = pytest.mark.anyio

PICTURE = {"source": "camera", "data": "data:image/jpeg;base64,/9j/", "mime_type": "image/jpeg"}


async def test_fetch_backgrounds(furnish: Furnish) -> None:
    files: dict[str, str | bytes | dict[str, Any]] = {
        "backgrounds/room.jpeg": b"\xff\xd8",
        "backgrounds/notes.txt": "no picture",
    }
    async with client(furnish(quick(), files).url) as one:
        answer = await one.ask("fetch-backgrounds", "background-files")
    assert answer == {"type": "background-files", "files": ["room.jpeg"]}


async def test_fetch_configs(furnish: Furnish) -> None:
    files = {"characters/ada.yaml": character(conf_name="ada")}
    async with client(furnish(quick(), files).url) as one:
        answer = await one.ask("fetch-configs", "config-files")
    assert answer["configs"] == [  # `avatar` is an extension
        {"filename": "conf.yaml", "name": "tester", "avatar": "tester.png"},
        {"filename": "ada.yaml", "name": "ada", "avatar": "tester.png"},
    ]


async def test_text_input_starts_a_turn_and_is_not_echoed(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        messages = await one.say("Hello.")
    assert kinds(messages) == WHOLE_TURN
    assert of_type(messages, "user-input-transcription") == []


async def test_text_input_without_images(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        await one.send("text-input", text="Hello.")
        assert kinds(await one.turn()) == WHOLE_TURN


@pytest.mark.parametrize("source", ["camera", "screen", "clipboard", "upload"])
async def test_text_input_with_an_image(serve: Serve, source: str) -> None:
    async with client(serve(quick(llm=f"{OWN}PromptLLM")).url) as one:
        first = await one.say("Look.", images=[{**PICTURE, "source": source}])
        second = await one.say("Again.")
    assert "user=Look. pictures=1" in shown(first)
    assert "user=Look. pictures=0" in shown(second)


async def test_text_input_skips_an_image_that_is_no_data_url(serve: Serve) -> None:
    async with client(serve(quick(llm=f"{OWN}PromptLLM")).url) as one:
        messages = await one.say("Look.", images=[{**PICTURE, "data": "http://elsewhere/"}])
    assert "user=Look. pictures=0" in shown(messages)


@pytest.mark.parametrize("missing", ["source", "data", "mime_type"])
async def test_text_input_with_an_incomplete_image(serve: Serve, missing: str) -> None:
    image = {key: value for key, value in PICTURE.items() if key != missing}
    async with client(serve(quick()).url) as one:
        await one.send("text-input", text="Look.", images=[image])
        assert kinds(await one.settled()) == ["error"]


async def test_mic_audio_data_and_mic_audio_end(serve: Serve) -> None:
    async with client(serve(quick(asr=f"{OWN}MeasuringASR")).url) as one:
        await one.record(np.full(10_000, 0.5, np.float32))
        first = await one.turn()
        await one.record(np.full(5000, 0.25, np.float32))
        second = await one.turn()
    assert first[2] == {"type": "user-input-transcription", "text": "samples=10000 peak=0.50"}
    assert second[2]["text"] == "samples=5000 peak=0.25"


async def test_mic_audio_data_alone_is_not_answered(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        await one.send("mic-audio-data", audio=[0.0] * 4096)
        assert await one.settled() == []


async def test_ai_speak_signal(serve: Serve) -> None:
    async with client(serve(quick(llm=f"{OWN}PromptLLM")).url) as one:
        await one.send("ai-speak-signal", idle_time=-1, images=[])
        messages = await one.turn_end()
    texts = [m["text"] for m in of_type(messages, "full-text")]
    assert texts == ["AI wants to speak something...", "Thinking..."]
    assert of_type(messages, "audio")
    assert kinds(messages)[-1] == "conversation-chain-end"


async def test_interrupt_signal_is_not_answered_alone(serve: Serve) -> None:
    async with client(serve(echoing(delay_s=0.05)).url) as one:
        await started(one, "One. Two. Three. Four. Five.")
        await one.interrupt()
        later = await one.settled()
        assert "interrupt-signal" not in kinds(later)
        assert "conversation-chain-end" not in kinds(later)


async def test_audio_play_start_alone_is_not_answered(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        text = {"text": "x", "name": "Tester", "avatar": "tester.png"}
        await one.send("audio-play-start", display_text=text, forwarded=True)
        assert await one.settled() == []


async def test_frontend_playback_complete_releases_the_turn(serve: Serve) -> None:
    async with client(serve(quick(playback_grace_s=60)).url) as one:
        await one.send("text-input", text="Hello.", images=[])
        await one.until_type("backend-synth-complete", play=False)
        assert await one.settled() == []
        await one.send("frontend-playback-complete", request_id="unused")
        assert kinds(await one.turn_end()) == WHOLE_TURN[-2:]


async def test_frontend_playback_complete_is_ignored_when_none_waits(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        await one.send("frontend-playback-complete")
        assert await one.settled() == []


async def test_request_group_info(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        answer = await one.ask("request-group-info", "group-update")
    assert answer == {"type": "group-update", "members": [], "is_owner": False}


async def test_request_init_config(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        before: Message = one.model
        answer = await one.ask("request-init-config", "set-model-and-conf", client_id="x")
    assert answer == before
    assert answer["client_uid"] == one.uid


async def test_heartbeat(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        assert await one.ask("heartbeat", "heartbeat-ack") == {"type": "heartbeat-ack"}


# Histories


async def test_fetch_history_list(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        await one.say("Hello.")
        (entry,) = (await one.ask("fetch-history-list", "history-list"))["histories"]
        assert entry["uid"] == one.history_uid
    assert set(entry) == {"uid", "latest_message", "timestamp"}
    assert entry["latest_message"]["content"].strip() == "Hello."
    assert entry["latest_message"]["role"] == "ai"


async def test_create_new_history(serve: Serve) -> None:
    async with client(serve(remembering()).url) as one:
        await one.say("First.")
        before = one.history_uid
        answer = await one.new_conversation()
        assert set(answer) == {"type", "history_uid"}
        assert answer["history_uid"] != before
        assert shown(await one.say("Second.")).split() == ["user:", "Second."]


async def test_fetch_and_set_history(serve: Serve) -> None:
    async with client(serve(remembering()).url) as one:
        await one.say("First.")
        before = one.history_uid
        await one.new_conversation()
        answer = await one.ask("fetch-and-set-history", "history-data", history_uid=before)
        remembered = shown(await one.say("Second."))
    assert [m["role"] for m in answer["messages"]] == ["human", "ai"]
    assert answer["messages"][0]["content"] == "First."
    assert "First." in remembered


async def test_fetch_and_set_history_adopts_an_unknown_uid(serve: Serve) -> None:
    uid = "2026-01-02_03-04-05_" + "0" * 32
    async with client(serve(quick()).url) as one:
        answer = await one.ask("fetch-and-set-history", "history-data", history_uid=uid)
        assert answer == {"type": "history-data", "messages": []}
        await one.say("Hello.")
        (entry,) = (await one.ask("fetch-history-list", "history-list"))["histories"]
    assert entry["uid"] == uid


@pytest.mark.parametrize("uid", ["", None, 3, ["x"], "../conf", "a/b", "x" * 5000])
async def test_fetch_and_set_history_refuses_a_malformed_uid(serve: Serve, uid: object) -> None:
    async with client(serve(quick()).url) as one:
        await one.send("fetch-and-set-history", history_uid=uid)
        assert kinds(await one.settled()) == ["error"]
        assert kinds(await one.say("Hello.")) == WHOLE_TURN
        (entry,) = (await one.ask("fetch-history-list", "history-list"))["histories"]
        assert entry["uid"] == one.history_uid


async def test_delete_history(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        await one.say("Hello.")
        before = one.history_uid
        await one.new_conversation()
        answer = await one.ask("delete-history", "history-deleted", history_uid=before)
        assert answer == {"type": "history-deleted", "success": True, "history_uid": before}
        assert (await one.ask("fetch-history-list", "history-list"))["histories"] == []
        again = await one.ask("delete-history", "history-deleted", history_uid=before)
        assert again["success"] is False


async def test_delete_history_of_the_session(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        await one.say("Hello.")
        await one.ask("delete-history", "history-deleted", history_uid=one.history_uid)
        assert kinds(await one.say("Still here.")) == WHOLE_TURN


async def test_switch_config(furnish: Furnish) -> None:
    files = {"characters/ada.yaml": character(conf_name="ada", character_name="Ada")}
    async with client(furnish(quick(llm=f"{ENGINES}EchoLLM"), files).url) as one:
        uid = one.uid
        messages = await one.switch("ada.yaml")
        assert "client_uid" not in of_type(messages, "set-model-and-conf")[0]
        assert one.uid == uid
        (audio,) = of_type(await one.say("Hello."), "audio")
    assert audio["display_text"]["name"] == "Ada"


async def test_switch_config_failure_is_one_error(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        messages = await one.switch("nobody.yaml") + await one.settled()
        assert kinds(messages) == ["error"]
        (audio,) = of_type(await one.say("Hello."), "audio")
    assert audio["display_text"]["name"] == "Tester"
