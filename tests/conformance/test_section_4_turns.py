"""Protocol sections 4.1 to 4.4: a turn, its playback, its interrupt, and the server's VAD."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest
import soundfile

from open_llm_vtuber.audio import Pcm
from tests.conformance.support import OWN, WHOLE_TURN, echoing, quick, remembering, started
from tests.conftest import Serve
from tests.support.client import Client, client, kinds, of_type, shown

pytestmark = pytest.mark.anyio


async def test_4_1_order_of_a_typed_turn(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        assert kinds(await one.say("Hello.")) == WHOLE_TURN


async def test_4_1_order_of_a_spoken_turn(serve: Serve) -> None:
    async with client(serve(quick(asr=f"{OWN}MeasuringASR")).url) as one:
        await one.record(np.full(4000, 0.5, np.float32))
        expected = [*WHOLE_TURN[:2], "user-input-transcription", *WHOLE_TURN[2:]]
        assert kinds(await one.turn()) == expected


async def test_4_1_the_answer_is_stored_before_the_turn_is_reported_done(serve: Serve) -> None:
    async with client(serve(quick()).url) as one, client(one_more := serve(quick()).url) as _:
        assert one_more
        await one.say("Hello.")
        (entry,) = (await one.ask("fetch-history-list", "history-list"))["histories"]
        assert entry["latest_message"]["role"] == "ai"


async def test_4_1_the_human_message_is_stored_before_the_model_answers(serve: Serve) -> None:
    async with client(serve(echoing(delay_s=0.2)).url) as one:
        await one.type("One two three four five.")
        await one.until(lambda m: m.get("text") == "Thinking...")
        await asyncio.sleep(0.1)
        (entry,) = (await one.ask("fetch-history-list", "history-list"))["histories"]
        assert entry["latest_message"]["role"] == "human"
        assert entry["latest_message"]["name"] == "Human"


async def test_4_1_without_speakable_text_nothing_is_waited_for(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        expected = [kind for kind in WHOLE_TURN if kind != "backend-synth-complete"]
        assert kinds(await one.say("😊")) == expected


async def test_4_1_a_failure_of_the_model_amid_its_answer(serve: Serve) -> None:
    async with client(serve(quick(llm=f"{OWN}BrokenLLM")).url) as one:
        messages = await one.say("Go.")
    assert kinds(messages).count("error") == 1
    assert shown(messages).strip() == "This much was said. And then"
    assert kinds(messages)[-2:] == WHOLE_TURN[-2:]


async def test_4_1_a_second_trigger_waits(serve: Serve) -> None:
    async with client(serve(echoing(delay_s=0.02)).url) as one:
        await one.send("text-input", text="One two three.", images=[])
        await one.send("text-input", text="Four five six.", images=[])
        first, second = await one.turn(), await one.turn()
    assert kinds(first) == kinds(second) == WHOLE_TURN


async def test_4_2_a_playback_report_before_its_turn_is_lost(serve: Serve) -> None:
    async with client(serve(echoing(delay_s=0.2, playback_grace_s=60)).url) as one:
        await one.send("text-input", text="Hello.", images=[])
        await one.send("frontend-playback-complete")
        await one.until_type("backend-synth-complete", play=False)
        await asyncio.sleep(0.1)
        assert await one.settled() == []
        await one.send("frontend-playback-complete")
        await one.turn_end()


async def test_4_3_interrupt_ends_the_turn_without_chain_end(serve: Serve) -> None:
    async with client(serve(echoing(delay_s=0.03)).url) as one:
        await started(one, "One. Two. Three. Four. Five. Six. Seven.")
        await one.interrupt()
        await one.settled()
        await asyncio.sleep(0.2)
        assert await one.settled() == []
        assert kinds(await one.say("Next.")) == WHOLE_TURN


async def test_4_3_what_was_heard_is_remembered_and_stored(serve: Serve) -> None:
    async with client(serve(remembering(playback_grace_s=60)).url) as one:
        await one.send("text-input", text="First.", images=[])
        await one.until_type("backend-synth-complete", play=False)
        await one.send("interrupt-signal", text="user: Fi")
        remembered = shown(await one.say("Second."))
        uid = one.history_uid
        data = await one.ask("fetch-and-set-history", "history-data", history_uid=uid)
    assert "assistant: user: Fi..." in remembered
    assert "[Interrupted by user]" in remembered
    assert [m["content"] for m in data["messages"]][:2] == ["First.", "user: Fi"]
    assert "system" not in [m["role"] for m in data["messages"]]


async def test_4_3_a_session_that_never_started_ignores_it(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        await one.send("interrupt-signal", text="")
        assert await one.settled() == []


async def heard_by_then(one: Client, pcm: Pcm) -> None:
    """Send a running microphone until `pcm`, which comes again and again, has been noticed.

    Sound is not listened to before the VAD is there.
    """
    sound = np.concatenate([pcm, np.zeros(20 * 1024, np.float32)])
    heard: list[str] = []
    for _ in range(50):
        for start in range(0, len(sound), 4096):
            await one.send("raw-audio-data", audio=sound[start : start + 4096].tolist())
        heard += kinds(await one.settled())
        if "mic-audio-end" in heard:
            break
        await asyncio.sleep(0.2)
    assert "interrupt" in heard
    assert "mic-audio-end" in heard
    assert "error" not in heard


async def test_4_4_raw_audio_data(serve: Serve, speech: Path) -> None:
    pcm, rate = soundfile.read(speech / "synth_flite_slt.wav", dtype="float32")
    assert rate == 16000
    silence = np.zeros(2 * rate, np.float32)
    values = quick(asr=f"{OWN}MeasuringASR", vad="silero_vad")
    async with client(serve(values).url) as one:
        if "loading" in str(one.model):
            await one.settled()
        await asyncio.sleep(2)
        sent = np.concatenate([silence, pcm, silence])
        for start in range(0, len(sent), 4096):
            await one.send("raw-audio-data", audio=sent[start : start + 4096].tolist())
        heard = await one.until(lambda m: m.get("text") == "mic-audio-end")
        assert "interrupt" in kinds(heard)
        await one.send("mic-audio-end", images=[])
        (text,) = of_type(await one.turn(), "user-input-transcription")
    count, peak = (part.split("=")[1] for part in text["text"].split())
    assert int(count) > 8000
    assert float(peak) <= 1.5


async def test_4_4_raw_audio_data_without_vad(serve: Serve, speech: Path) -> None:
    """The original answers each with an error; here the default VAD follows it."""
    pcm, _ = soundfile.read(speech / "synth_flite_slt.wav", dtype="float32")
    values = quick()
    values["character_config"]["vad_config"] = {"vad_model": None}
    async with client(serve(values).url) as one:
        await heard_by_then(one, pcm)
