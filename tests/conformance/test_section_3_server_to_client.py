"""Protocol section 3: what the server sends, row by row; 3.1 audio and 3.2 model_info."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timezone
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.conformance.conftest import Furnish
from tests.conformance.support import OWN, WHOLE_TURN, character, echoing, order, quick
from tests.conftest import Serve
from tests.engines.llm.openai_server import Reply, openai_server
from tests.support.client import client, kinds, of_type, shown, sound
from tests.support.tooling import all_started, asking, call, numbers, with_tools

pytestmark = pytest.mark.anyio

KEYS = {"type", "audio", "volumes", "slice_length", "display_text", "actions", "forwarded"}
MODEL = {
    "name": "tester",
    "url": "/live2d-models/tester/runtime/tester.model3.json",
    "kScale": 0.5,
    "initialXshift": 0,
    "kXOffset": 1150,
    "idleMotionGroupName": "Idle",
    "emotionMap": {"Joy": 3, "anger": 2, "smirk": "exp_smirk"},
    "tapMotions": {"HitAreaBody": {"": 30}},
    "rig": "/live2d-models/tester/tester.rig.json",
    "picture": "/avatars/tester.png",
    "unknownToUs": {"kept": [1, 2]},
}
MODELS = json.dumps([{"name": "other", "url": "/other.model3.json"}, MODEL])


DOCUMENTED = {
    *("group-update", "full-text", "set-model-and-conf", "control", "audio"),
    *("backend-synth-complete", "force-new-message", "user-input-transcription"),
    *("background-files", "config-files", "history-list", "history-data", "new-history-created"),
    *("config-switched", "history-deleted", "group-operation-result", "interrupt-signal"),
    *("tool_call_status", "error", "heartbeat-ack"),
}


async def test_who_asks_for_no_extension_is_sent_what_is_documented(serve: Serve) -> None:
    async with client(serve(quick(asr=f"{OWN}MeasuringASR")).url, opened=False) as one:
        messages = await one.open()
        messages += await one.say("Hello. How are you?")
        await one.record(np.full(16_000, 0.1, np.float32))
        messages += await one.turn()
        await one.type("Stop at once.")
        await one.interrupt()
        await one.send("no-such-message")
        messages += await one.settled()
    assert {message["type"] for message in messages} <= DOCUMENTED
    assert {"audio", "user-input-transcription", "error"} <= {one["type"] for one in messages}


async def test_full_text(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        (thinking,) = of_type(await one.say("Hello."), "full-text")
    assert thinking == {"type": "full-text", "text": "Thinking..."}


async def test_control(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        controls = of_type(await one.say("Hello."), "control")
    assert [set(one) for one in controls] == [{"type", "text"}] * 2


async def test_backend_synth_complete_and_force_new_message_have_no_fields(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        messages = await one.say("Hello.")
    assert {"type": "backend-synth-complete"} in messages
    assert {"type": "force-new-message"} in messages


async def test_config_switched(furnish: Furnish) -> None:
    files = {"characters/ada.yaml": character(conf_name="ada")}
    async with client(furnish(quick(), files).url) as one:
        messages = await one.switch("ada.yaml")
    wanted = ("set-model-and-conf", "config-switched", "history-list", "new-history-created")
    assert order(messages, *wanted) == list(wanted)
    (switched,) = of_type(messages, "config-switched")
    assert set(switched) == {"type", "message"}


async def test_history_list_is_newest_first_without_empty_ones(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        uids = [one.history_uid]
        await one.say("First.")
        for text in ("Second.", "Third."):
            uids.append((await one.new_conversation())["history_uid"])
            await one.say(text)
        await one.new_conversation()
        listed = (await one.ask("fetch-history-list", "history-list"))["histories"]
    assert {entry["uid"] for entry in listed} == set(uids)
    stamps = [entry["timestamp"] for entry in listed]
    assert stamps == sorted(stamps, reverse=True)


async def test_history_data_has_neither_system_entries_nor_other_keys(serve: Serve) -> None:
    async with client(serve(echoing(delay_s=0.05)).url) as one:
        await one.type("One. Two. Three. Four. Five. Six.")
        await one.until_type("audio")
        await one.interrupt()
        uid = one.history_uid
        data = await one.ask("fetch-and-set-history", "history-data", history_uid=uid)
    assert [m["role"] for m in data["messages"]] == ["human", "ai"]
    for message in data["messages"]:
        assert set(message) <= {"role", "timestamp", "content", "name", "avatar"}
    assert data["messages"][1]["content"].strip() == "One."


async def test_tool_call_status(tmp_path: Path) -> None:
    async with openai_server() as model:
        wrong = call("add", "[", 1)
        model.next = [
            Reply(tokens=("Let me see.",), calls=(call("add", {"a": 2, "b": 3}), wrong)),
            Reply(tokens=("Five.",)),
        ]
        values = asking(model.base_url, "numbers")
        with with_tools(tmp_path, values, numbers=numbers()) as running:
            await all_started(running)
            async with client(running.url) as one:
                turn = await one.say("Two plus three?")
    told = of_type(turn, "tool_call_status")
    keys = {"type", "tool_id", "tool_name", "status", "content", "timestamp", "name"}
    assert all(set(message) == keys for message in told)
    assert [(m["tool_id"], m["status"], m["content"]) for m in told] == [
        ("call_add_0", "running", 'Input: {"a": 2, "b": 3}'),
        ("call_add_1", "error", "Error: the arguments are not a JSON object."),
        ("call_add_0", "completed", "5"),
    ]
    assert {(m["tool_name"], m["name"]) for m in told} == {("add", "Tester")}
    for message in told:
        zulu = message["timestamp"]
        assert zulu.endswith("Z")
        assert "+" not in zulu
        at = datetime.fromisoformat(zulu[:-1] + "+00:00")
        assert abs((datetime.now(timezone.utc) - at).total_seconds()) < 3600
    assert order(turn, "audio", "tool_call_status") == [
        "audio",
        *["tool_call_status"] * 3,
        "audio",
    ]


# 3.1 audio


async def test_audio_has_all_keys_and_a_whole_wav(serve: Serve) -> None:
    async with client(serve(quick(tts=f"{OWN}ParrotTTS")).url) as one:
        (audio,) = of_type(await one.say("Hello."), "audio")
    assert set(audio) == KEYS
    data = base64.b64decode(audio["audio"])
    assert (data[:4], data[8:12], data[12:16]) == (b"RIFF", b"WAVE", b"fmt ")
    assert int.from_bytes(data[20:22], "little") == 1
    assert int.from_bytes(data[34:36], "little") in (8, 16, 24)
    pcm, rate = sound(audio)
    slices = -(-len(pcm) // (rate * audio["slice_length"] // 1000))
    assert audio["slice_length"] == 20
    assert len(audio["volumes"]) == slices
    assert all(0 <= volume <= 1 for volume in audio["volumes"])
    assert max(audio["volumes"]) == pytest.approx(1, abs=0.11)
    assert audio["forwarded"] is False


@pytest.mark.parametrize("text", ["😊", "🎵🎵"])
async def test_audio_is_silent_for_text_without_speakable_characters(
    serve: Serve, text: str
) -> None:
    async with client(serve(quick()).url) as one:
        messages = await one.say(text)
    (audio,) = of_type(messages, "audio")
    assert (audio["audio"], audio["volumes"]) == (None, [])
    assert kinds(messages)[-2:] == WHOLE_TURN[-2:]


async def test_audio_is_silent_where_the_voice_fails(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        messages = await one.say("First is good. Second will BREAK here. Third is good.")
    audios = of_type(messages, "audio")
    assert [audio["audio"] is None for audio in audios] == [False, True, False]
    assert audios[1]["volumes"] == []
    assert set(audios[1]) == KEYS


async def test_audio_of_nothing_but_zeros_does_not_break_the_turn(serve: Serve) -> None:
    async with client(serve(quick(tts=f"{OWN}QuietTTS")).url) as one:
        messages = await one.say("Hello.")
    (audio,) = of_type(messages, "audio")
    assert audio["display_text"]["text"].strip() == "Hello."
    assert of_type(messages, "error") == []
    assert not any(audio["volumes"])


async def test_audio_thoughts_are_silent_in_parentheses(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        audios = of_type(await one.say("<think>Who is it?</think>Hello."), "audio")
    texts = [audio["display_text"]["text"].strip() for audio in audios]
    assert texts == ["(", "Who is it?", ")", "Hello."]
    assert [audio["audio"] is None for audio in audios] == [True, True, True, False]


async def test_audio_actions_are_the_expressions_of_the_tags_in_order(furnish: Furnish) -> None:
    async with client(furnish(quick(), {"model_dict.json": MODELS}).url) as one:
        audios = of_type(await one.say("[joy] Hi [SMIRK] there. Bye then."), "audio")
    assert audios[0]["actions"] == {"expressions": [3, "exp_smirk"]}
    assert audios[1]["actions"] == {}
    assert audios[0]["display_text"]["text"].strip() == "[joy] Hi [SMIRK] there."


@pytest.mark.parametrize("switch", [True, False])
async def test_audio_actions_are_what_the_words_show_where_there_is_no_tag(
    furnish: Furnish, switch: bool
) -> None:
    values = quick()
    values["character_config"]["face_config"] = {"moods_from_words": switch}
    said = "That is wonderful news! The bus leaves at nine. I'm so happy for you."
    async with client(furnish(values, {"model_dict.json": MODELS}).url) as one:
        audios = of_type(await one.say(said), "audio")
    glad = {"expressions": [3]} if switch else {}
    assert [audio["actions"] for audio in audios] == [glad, {}, {}]


async def test_audio_a_stage_direction_is_neither_shown_nor_said(furnish: Furnish) -> None:
    values = quick()
    values["character_config"]["face_config"] = {"words": {"comfy": "joy"}}
    said = "[Happy] Hi, （微笑） it is [insert the current time]. *smirks* Bye. [comfy] So."
    async with client(furnish(values, {"model_dict.json": MODELS}).url) as one:
        audios = of_type(await one.say(said), "audio")
    assert shown(audios).strip() == "Hi, it is. Bye. So."
    faces = [face for one in audios for face in one["actions"].get("expressions", ())]
    assert faces == [3, 3, "exp_smirk", 3]


async def test_audio_text_in_brackets_is_shown_and_not_spoken(serve: Serve) -> None:
    values = quick(tts=f"{OWN}ParrotTTS")
    kinds_left_out = ("brackets", "parentheses", "asterisks", "angle_brackets")
    as_documented = {f"ignore_{kind}": True for kind in kinds_left_out}
    values["character_config"]["tts_preprocessor_config"] = as_documented
    async with client(serve(values).url) as one:
        (audio,) = of_type(await one.say("Hello (softly) *waves* [x] you."), "audio")
    assert "(softly)" in audio["display_text"]["text"]
    assert len(sound(audio)[0]) <= 160 * len("Hello    you.")


async def test_audio_comes_in_sentence_order(serve: Serve) -> None:
    text = "One is here. Two is here. Three is here. Four is here."
    async with client(serve(quick(tts=f"{OWN}UnevenTTS")).url) as one:
        messages = await one.say(text)
    assert shown(messages).strip() == text


# 3.2 model_info


async def test_model_info_is_the_entry_of_model_dict_json_unchanged(furnish: Furnish) -> None:
    async with client(furnish(quick(), {"model_dict.json": MODELS}).url) as one:
        assert one.model["model_info"] == MODEL


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
async def test_model_info_in_other_encodings(furnish: Furnish, encoding: str) -> None:
    text = json.dumps([{**MODEL, "description": "小猫的模型"}], ensure_ascii=False)
    files = {"model_dict.json": text.encode(encoding)}
    async with client(furnish(quick(), files).url) as one:
        assert one.model["model_info"]["description"] == "小猫的模型"


async def test_model_info_always_has_a_url(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        assert one.model["model_info"]["url"].endswith(".model3.json")


async def test_model_info_expressions_are_put_in_the_system_prompt(furnish: Furnish) -> None:
    values = quick(llm=f"{OWN}PromptLLM", persona="Use [<insert_emomap_keys>] well")
    async with client(furnish(values, {"model_dict.json": MODELS}).url) as one:
        prompt = shown(await one.say("Hello."))
    positions = [prompt.index(f"[{key}]") for key in ("joy", "anger", "smirk")]
    assert all(a < b for a, b in pairwise(positions))
    assert np.all(np.array(positions) > 0)
