"""Protocol section 10: the faults of the original that must not come back, one by one.

Those not named here are held by the test of the row they concern, in the files of the sections.
"""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from websockets.exceptions import InvalidStatus

from tests.conformance.support import OWN, WHOLE_TURN, echoing, quick, remembering, started
from tests.conftest import Serve
from tests.support.client import client, kinds, of_type, shown, socket_to

pytestmark = pytest.mark.anyio


async def test_isolation_a_new_history_of_one_keeps_the_memory_of_another(serve: Serve) -> None:
    url = serve(remembering()).url
    async with client(url) as one, client(url) as two:
        await one.say("I am Ada.")
        await two.new_conversation()
        assert "Ada" in shown(await one.say("Who?"))
        assert "Ada" not in shown(await two.say("Who?"))


async def test_isolation_an_interrupt_of_one_leaves_another_alone(serve: Serve) -> None:
    url = serve(echoing(delay_s=0.03)).url
    async with client(url) as one, client(url) as two:
        await started(one, "One. Two. Three. Four.")
        await started(two, "Five. Six. Seven. Eight.")
        await two.interrupt()
        assert kinds(await one.turn_end())[-1] == "conversation-chain-end"


async def test_isolation_a_listing_does_not_end_the_fresh_history_of_another(serve: Serve) -> None:
    url = serve(quick()).url
    async with client(url) as one, client(url) as two:
        await two.ask("fetch-history-list", "history-list")
        await one.say("Hello.")
        listed = (await two.ask("fetch-history-list", "history-list"))["histories"]
        assert [entry["uid"] for entry in listed] == [one.history_uid]


@pytest.mark.parametrize("asr", [f"{OWN}BrokenASR", "tests.support.engines:MuteASR"])
async def test_turns_a_failure_before_the_answer_ends_the_turn(serve: Serve, asr: str) -> None:
    async with client(serve(quick(asr=asr)).url) as one:
        await one.record(np.zeros(4000, np.float32))
        messages = await one.turn()
        assert kinds(messages).count("error") == 1
        assert kinds(messages)[-1] == "conversation-chain-end"
        assert "secret" not in str(messages)
        assert kinds(await one.say("Hello.")) == WHOLE_TURN


async def test_turns_an_empty_recording_ends_the_turn(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        await one.send("mic-audio-end", images=[])
        messages = await one.turn()
    assert kinds(messages).count("error") == 1
    assert kinds(messages)[-1] == "conversation-chain-end"


async def test_turns_an_empty_transcription_does_not_reach_the_model(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        await one.record(np.zeros(4000, np.float32))
        assert of_type(await one.turn(), "audio") == []


async def test_turns_a_client_that_never_reports_is_not_waited_for_without_end(
    serve: Serve,
) -> None:
    values = quick(sections={"tone_tts": {"seconds": 0.1}}, playback_grace_s=0.2)
    async with client(serve(values).url) as one:
        await one.send("text-input", text="Hello.", images=[])
        messages = await one.until(lambda m: m.get("text") == "conversation-chain-end", play=False)
    assert kinds(messages).count("backend-synth-complete") == 1


async def test_turns_synth_complete_never_overtakes_sound(serve: Serve) -> None:
    text = " ".join(f"This is sentence number {n}." for n in range(12))
    values = quick(sections={"tone_tts": {"seconds": 20}})
    async with client(serve(values).url) as one:
        messages = await one.say(text)
    order = [kind for kind in kinds(messages) if kind in ("audio", "backend-synth-complete")]
    assert order == ["audio"] * 12 + ["backend-synth-complete"]


async def test_turns_an_interrupt_after_the_end_stores_nothing(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        await one.say("Hello.")
        await one.send("interrupt-signal", text="something else")
        uid = one.history_uid
        data = await one.ask("fetch-and-set-history", "history-data", history_uid=uid)
    assert [m["content"].strip() for m in data["messages"]] == ["Hello.", "Hello."]


async def test_turns_nothing_of_a_proactive_turn_is_stored_unless_answered(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        await one.send("ai-speak-signal", idle_time=5, images=[])
        await one.turn()
        assert (await one.ask("fetch-history-list", "history-list"))["histories"] == []
        await one.say("Hello.")
        uid = one.history_uid
        data = await one.ask("fetch-and-set-history", "history-data", history_uid=uid)
    assert [m["role"] for m in data["messages"]] == ["ai", "human", "ai"]


async def test_turns_an_error_of_the_model_is_not_spoken_and_not_stored(serve: Serve) -> None:
    async with client(serve(quick(llm=f"{OWN}BrokenLLM")).url) as one:
        messages = await one.say("Fail at once.")
        assert of_type(messages, "audio") == []
        (error,) = of_type(messages, "error")
        assert "429" in error["message"]
        uid = one.history_uid
        data = await one.ask("fetch-and-set-history", "history-data", history_uid=uid)
    assert "429" not in str(data)


@pytest.mark.parametrize(
    "text",
    ["Pi is 3.14 or so.", "It is v1.2.1 now.", "That makes 1,000 of them.", "a | b is a choice."],
)
async def test_text_is_not_cut_inside_a_number(serve: Serve, text: str) -> None:
    async with client(serve(quick()).url) as one:
        (audio,) = of_type(await one.say(text), "audio")
    assert audio["display_text"]["text"].strip() == text


async def test_text_before_a_tag_is_not_lost(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        messages = await one.say("Hello there. I am <think>who?</think> Ada.")
    assert "I am" in shown(messages)


async def test_text_keeps_the_spaces_between_sentences(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        assert shown(await one.say("One. Two. Three.")).strip() == "One. Two. Three."
        listed = (await one.ask("fetch-history-list", "history-list"))["histories"]
    assert listed[0]["latest_message"]["content"].strip() == "One. Two. Three."


@pytest.mark.parametrize("text", ["2 * 3 * 4 = 24.", "If a < b and c > d.", "It (is open."])
async def test_text_that_is_no_markup_is_spoken(serve: Serve, text: str) -> None:
    async with client(serve(quick(tts=f"{OWN}ParrotTTS")).url) as one:
        (audio,) = of_type(await one.say(text), "audio")
    assert len(audio["volumes"]) * 2 >= len(text) - 4


@pytest.mark.parametrize("audio", ["[NaN]", "[null]", '["x"]', "[1e9]", "null", "3"])
async def test_audio_that_is_no_sound_is_refused(serve: Serve, audio: str) -> None:
    async with client(serve(quick()).url) as one:
        await one.socket.send(f'{{"type":"mic-audio-data","audio":{audio}}}')
        assert kinds(await one.settled()) == ["error"]


async def test_audio_of_the_microphone_is_limited(serve: Serve) -> None:
    async with client(serve(quick(max_utterance_s=1)).url) as one:
        for _ in range(10):
            await one.send("mic-audio-data", audio=[0.0] * 4096)
        assert kinds(await one.settled()) == ["error"]


async def test_config_nobody_waits_while_a_long_answer_is_made(serve: Serve) -> None:
    url = serve(quick(sections={"tone_tts": {"seconds": 60}})).url
    async with client(url) as one, client(url) as other:
        await one.send("text-input", text="Long.", images=[])
        answers = await asyncio.gather(*(other.settled() for _ in range(1)))
    assert answers == [[]]


async def test_security_a_foreign_page_cannot_connect(serve: Serve) -> None:
    url = serve(quick()).url
    with pytest.raises(InvalidStatus) as refused:
        async with socket_to(url, origin="https://evil.example"):
            pass
    assert refused.value.response.status_code == 403
    async with socket_to(url, origin=url) as mine, socket_to(url, origin="file://") as local:
        assert await mine.recv()
        assert await local.recv()


async def test_security_errors_hold_no_internals(serve: Serve) -> None:
    async with client(serve(quick(asr=f"{OWN}BrokenASR")).url) as one:
        await one.record(np.full(1000, 0.5, np.float32))
        (error,) = of_type(await one.turn(), "error")
    assert "/" not in error["message"]
    assert "RuntimeError" not in error["message"]
