"""Spoken turns with the real engines: Silero, Moonshine, Whisper, llama.cpp and Hibari."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import httpx
import numpy as np
import pytest
import soundfile

from open_llm_vtuber.audio import MIC_RATE, Pcm
from open_llm_vtuber.engines.asr.base import ASREngine
from open_llm_vtuber.engines.base import EngineConfig, Resources
from tests.support.client import (
    Client,
    Message,
    client,
    is_chain_end,
    kinds,
    of_type,
    resampled,
    shown,
    sound,
)
from tests.support.live import Live, conf, live
from tests.support.words import word_error_rate

pytestmark = pytest.mark.anyio

SMOLLM = {
    "llama_cpp_llm": {"model_path": "smollm2-135m-instruct", "max_tokens": 48, "n_threads": 1}
}

Speak = Callable[[Client, Pcm], AsyncIterator[list[Message]]]


@dataclass(frozen=True)
class Recording:
    pcm: Pcm
    transcript: str


@pytest.fixture(scope="session")
def recordings(speech: Path) -> dict[str, Recording]:
    """The recordings by file name, the Chinese one among them."""
    table = {}
    for line in (speech / "transcripts.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            name, _, transcript, _ = line.split("\t")
            pcm, rate = soundfile.read(speech / name, dtype="float32")
            assert rate == MIC_RATE
            table[name] = Recording(pcm, transcript)
    return table


@pytest.fixture
def english(recordings: dict[str, Recording]) -> list[Recording]:
    return [item for name, item in recordings.items() if not name.startswith("zh")]


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server with all the embedded engines; the smallest model answers."""
    values = conf(
        llm="llama_cpp_llm",
        tts="hibari_tts",
        sections=SMOLLM,
        persona="You are Wren. Answer in one short sentence.",
    )
    with live(tmp_path_factory.mktemp("embedded"), values) as server:
        yield server


async def test_recordings_come_back_as_words_an_answer_and_sound(
    embedded: Live, english: list[Recording]
) -> None:
    heard = []
    async with client(embedded.url) as one:
        for recording in english:
            await one.record(recording.pcm)
            messages = await one.turn(timeout_s=120)
            assert kinds(messages)[:2] == ["conversation-chain-start", "full-text"]
            assert kinds(messages)[-3:] == [
                "backend-synth-complete",
                "force-new-message",
                "conversation-chain-end",
            ]
            (transcription,) = of_type(messages, "user-input-transcription")
            heard.append(transcription["text"])
            assert len(shown(messages).split()) >= 1
            voiced = [sound(m) for m in of_type(messages, "audio") if m["audio"]]
            assert voiced
            assert all(np.abs(pcm).max() > 0.05 for pcm, _ in voiced)
    rate = word_error_rate([recording.transcript for recording in english], heard)
    assert rate <= 0.06, heard


SENTENCES = (
    "The kettle is already warm.",
    "I watched the rain from the kitchen window.",
    "Do you remember the name of that song?",
    "My radio only plays old jazz after midnight.",
    "We should bake bread this weekend.",
    "She left her umbrella on the train again.",
    "Nothing smells better than fresh coffee.",
    "The cat is asleep on the warm laptop.",
    "Tell me what made you laugh today.",
    "I would love to see the northern lights.",
    "The old bridge looks beautiful in the evening.",
    "There is a small garden behind the house.",
    "He has been waiting there for an hour.",
    "It was the best movie I have seen this year.",
    "Please close the door when you leave.",
    "My brother lives near the ocean now.",
    "The stars are very bright tonight.",
    "I never learned how to ride a bicycle.",
    "Could you speak a little more slowly?",
    "Tomorrow will be a better day.",
    "The library opens at nine in the morning.",
    "They walked home along the quiet river.",
)


async def test_the_voice_says_what_is_shown(tmp_path: Path) -> None:
    """What is displayed is sent back to be heard: the voice is understood."""
    values = conf(tts="hibari_tts", vad=None)
    said: list[str] = []
    heard: list[str] = []
    with live(tmp_path, values) as server:
        async with client(server.url) as speaker, client(server.url) as listener:
            messages = await speaker.say(" ".join(SENTENCES))
            for message in of_type(messages, "audio"):
                await listener.record(resampled(*sound(message)))
                turn = await listener.turn()
                said.append(message["display_text"]["text"])
                heard.append(of_type(turn, "user-input-transcription")[0]["text"])
    assert len(said) >= 20
    rate = word_error_rate(said, heard)
    assert rate <= 0.10, list(zip(said, heard, strict=True))


async def test_chinese_is_heard_as_chinese(
    tmp_path: Path, recordings: dict[str, Recording]
) -> None:
    """Whisper's base model writes homophones on this recording, so only script and length count."""
    recording = recordings["zh_pangram.wav"]
    whisper = {"faster_whisper": {"model_path": "base", "language": "zh"}}
    values = conf(asr="faster_whisper", vad=None, sections=whisper)
    with live(tmp_path, values) as server:
        async with client(server.url) as one:
            await one.record(recording.pcm)
            messages = await one.turn(timeout_s=120)
    (transcription,) = of_type(messages, "user-input-transcription")
    characters = re.sub(r"[\W_]", "", transcription["text"])
    chinese = re.findall(r"[\u4e00-\u9fff]", characters)
    assert len(chinese) / len(characters) >= 0.9, characters
    assert 12 <= len(chinese) <= 20, characters
    assert shown(messages).strip()


# The running microphone


def microphone(recording: Recording) -> list[Pcm]:
    """Return a recording as a microphone gives it: silence around it, in frames of 32 ms."""
    quiet = np.zeros(MIC_RATE, np.float32)
    sound_ = np.concatenate([quiet, recording.pcm, quiet, quiet])
    return [sound_[start : start + 512] for start in range(0, len(sound_), 512)]


async def test_raw_audio_is_cut_by_the_server_and_answered_at_the_clients_word(
    embedded: Live, recordings: dict[str, Recording]
) -> None:
    recording = recordings["human_sns_0880.wav"]
    async with client(embedded.url) as one:
        await ready(one)
        for frame in microphone(recording):
            await one.send("raw-audio-data", audio=frame.tolist())
        before = await one.until(lambda m: m.get("text") == "mic-audio-end")
        assert [kind for kind in kinds(before) if kind != "full-text"] == [
            "interrupt",
            "mic-audio-end",
        ]
        await one.send("heartbeat")
        assert kinds([await one.receive()]) == ["heartbeat-ack"], "a turn started by itself"
        await one.send("mic-audio-end", images=[])
        messages = await one.turn(timeout_s=120)
    heard = of_type(messages, "user-input-transcription")[0]["text"]
    assert word_error_rate([recording.transcript], [heard]) <= 0.15, heard
    assert of_type(messages, "audio")


async def test_the_hands_free_stream_takes_its_turn_and_is_stopped_by_speech(
    embedded: Live, recordings: dict[str, Recording]
) -> None:
    recording = recordings["synth_flite_slt.wav"]
    frames = [(frame * 32767).astype("<i2").tobytes() for frame in microphone(recording)]
    async with client(embedded.url) as one:
        await ready(one)
        await one.send("mic-stream-start")
        for frame in frames:
            await one.socket.send(frame)
        messages = await one.until(lambda m: m["type"] == "audio", play=False, timeout_s=120)
        heard = of_type(messages, "user-input-transcription")[0]["text"]
        assert word_error_rate([recording.transcript], [heard]) <= 0.1, heard
        # The person speaks again while the answer is played: nothing of it comes any more.
        for frame in frames:
            await one.socket.send(frame)
        await one.until(is_interrupt, play=False)
        second = await one.until(is_chain_end, timeout_s=120)
    assert kinds(second)[0] == "conversation-chain-start"
    assert kinds(second).count("conversation-chain-start") == 1


async def test_with_a_turn_detector_half_a_second_of_silence_is_enough(
    tmp_path: Path, recordings: dict[str, Recording]
) -> None:
    """The rest of the pause comes so slowly that the detector has answered before it is over."""
    voice = recordings["human_goforward.wav"].pcm
    voice = voice[: np.flatnonzero(np.abs(voice) > 0.02)[-1]]
    sound_ = np.concatenate([np.zeros(MIC_RATE, np.float32), voice])
    said = (sound_ * 32767).astype("<i2").tobytes()
    with live(tmp_path, conf(turn="smart_turn")) as server:
        async with client(server.url) as one:
            await until_loaded(server)
            await one.send("mic-stream-start")
            await one.socket.send(said)
            turn = asyncio.create_task(one.until(is_chain_end, timeout_s=60))
            for _ in range(18):  # 0.58 s, where 0.77 s end a turn by themselves
                await one.socket.send(bytes(1024))
                await asyncio.wait([turn], timeout=0.25)
            messages = await turn
    assert "user-input-transcription" in kinds(messages)


async def test_who_pauses_amid_a_sentence_is_not_cut_off(
    tmp_path: Path, recordings: dict[str, Recording]
) -> None:
    """At the speed of a real microphone: two of the pauses are longer than the usual one."""
    recording = recordings["human_jfk.wav"]
    frames = microphone(recording)
    frames += [np.zeros(512, np.float32)] * 40
    loop = asyncio.get_running_loop()
    with live(tmp_path, conf(turn="smart_turn")) as server:
        async with client(server.url) as one:
            await until_loaded(server)
            await one.send("mic-stream-start")
            began = loop.time()
            for number, frame in enumerate(frames):
                await asyncio.sleep(began + number * 0.032 - loop.time())
                await one.socket.send((frame * 32767).astype("<i2").tobytes())
            messages = await one.until(is_chain_end, timeout_s=60)
            assert await one.settled() == []
    (heard,) = [m["text"] for m in of_type(messages, "user-input-transcription")]
    assert word_error_rate([recording.transcript], [heard]) <= 0.2, heard
    assert kinds(messages).count("conversation-chain-start") == 1


async def test_a_stream_with_images_is_answered_when_they_have_come(
    embedded: Live, recordings: dict[str, Recording]
) -> None:
    recording = recordings["human_goforward.wav"]
    async with client(embedded.url) as one:
        await ready(one)
        await one.send("mic-stream-start", with_images=True, pause_ms=500)
        for frame in microphone(recording):
            await one.socket.send((frame * 32767).astype("<i2").tobytes())
        asked = await one.until(lambda m: m.get("text") == "mic-audio-end", timeout_s=60)
        assert "conversation-chain-start" not in kinds(asked)
        picture = {"source": "camera", "data": "data:image/png;base64,", "mime_type": "image/png"}
        await one.send("mic-audio-end", images=[picture])
        messages = await one.until(is_chain_end, timeout_s=120)
        (heard,) = [m["text"] for m in of_type(messages, "user-input-transcription")]
        assert word_error_rate([recording.transcript], [heard]) <= 0.1, heard


async def test_the_words_are_shown_while_they_are_spoken(
    tmp_path: Path, recordings: dict[str, Recording]
) -> None:
    """At the speed of a real microphone: the engine is asked between the frames that come in.

    The pauses are long ones, so that a computer that does much else finds the time, too.
    """
    names = ("human_goforward.wav", "synth_flite_slt.wav")
    spoken = Recording(np.concatenate([recordings[name].pcm for name in names]), "")
    patient = {"silero_vad": {"pause_misses": 60, "required_misses": 80}}
    loop = asyncio.get_running_loop()
    with live(tmp_path, conf(sections=patient)) as server:
        async with client(server.url) as one:
            await ready(one)
            await one.send("enable-extensions", extensions=["partial-transcripts", "turn-metrics"])
            await one.send("mic-stream-start")

            async def speak() -> None:
                began = loop.time()
                quiet = [np.zeros(512, np.float32)] * 40
                for number, frame in enumerate([*microphone(spoken), *quiet]):
                    await asyncio.sleep(began + number * 0.032 - loop.time())
                    await one.socket.send((frame * 32767).astype("<i2").tobytes())

            speaking = asyncio.create_task(speak())
            messages = await one.until(is_chain_end, timeout_s=120)
            await speaking
    partials = [m["text"] for m in of_type(messages, "partial-transcript")]
    order = kinds(messages)
    assert len(partials) >= 2, order
    other = [text for text in partials if not text.lower().startswith("go")]
    assert len(other) <= 1, partials  # a sound that ends amid a word may be heard as another
    assert "" not in other
    last = len(order) - order[::-1].index("partial-transcript")
    assert last <= order.index("user-input-transcription")
    heard = of_type(messages, "user-input-transcription")[0]["text"]
    transcript = " ".join(recordings[name].transcript for name in names)
    assert word_error_rate([transcript], [heard]) <= 0.2, heard
    (metrics,) = of_type(messages, "turn-metrics")
    stages = ("endpointing_ms", "asr_ms", "first_token_ms", "first_audio_ms")
    assert sum(metrics[stage] for stage in stages) == metrics["total_ms"]


class FickleASR(ASREngine[EngineConfig]):
    """Hears something at first, and in the end nothing."""

    name: ClassVar[str] = "fickle_asr"
    Config = EngineConfig

    async def load(self, resources: Resources) -> None:
        self._calls_so_far = 0

    async def transcribe(self, pcm: Pcm) -> str:
        self._calls_so_far += 1
        return "Perhaps a word?" if self._calls_so_far == 1 else ""


async def test_words_that_were_none_are_taken_back(
    tmp_path: Path, recordings: dict[str, Recording]
) -> None:
    voice = recordings["synth_flite_slt.wav"].pcm[: 512 * 40]
    quiet = np.zeros(512 * 15, np.float32)  # longer than a pause, shorter than an end
    spoken = Recording(np.concatenate([voice, quiet, voice]), "")
    with live(tmp_path, conf(asr="tests.test_spoken_turns:FickleASR")) as server:
        async with client(server.url) as one:
            await ready(one)
            await one.send("enable-extensions", extensions=["partial-transcripts"])
            await one.send("mic-stream-start")
            for frame in microphone(spoken):
                await one.socket.send((frame * 32767).astype("<i2").tobytes())
                await asyncio.sleep(0.003)
            messages = await one.until(is_chain_end)
    texts = [m["text"] for m in of_type(messages, "partial-transcript")]
    assert texts == ["Perhaps a word?", ""]
    assert of_type(messages, "user-input-transcription") == []


async def test_two_microphones_do_not_mix(embedded: Live, recordings: dict[str, Recording]) -> None:
    """Protocol section 10: one VAD state for all connections."""
    names = ("human_goforward.wav", "synth_espeak_f3.wav")
    silent = Recording(np.zeros(3 * MIC_RATE, np.float32), "")

    async def hear(recording: Recording) -> str | None:
        async with client(embedded.url) as one:
            await ready(one)
            for frame in microphone(recording):
                await one.send("raw-audio-data", audio=frame.tolist())
                await asyncio.sleep(0.001)
            if not recording.transcript:
                await one.send("heartbeat")
                assert "interrupt" not in kinds(await one.until_type("heartbeat-ack"))
                return None
            await one.until(lambda m: m.get("text") == "mic-audio-end")
            await one.send("mic-audio-end")
            messages = await one.until_type("user-input-transcription", timeout_s=120)
            return str(messages[-1]["text"])

    first, second = (recordings[name] for name in names)
    heard = await asyncio.gather(hear(first), hear(second), hear(silent))
    assert word_error_rate([first.transcript, second.transcript], list(heard[:2])) <= 0.1, heard  # type: ignore[arg-type]
    assert heard[2] is None


async def test_a_barge_in_stops_the_real_engines(embedded: Live) -> None:
    async with client(embedded.url) as one:
        await one.send("text-input", text="Tell me a long story about the sea.", images=[])
        before = await one.until(lambda m: m["type"] == "audio", timeout_s=120)
        await one.send("interrupt-signal", text=shown(before))
        await one.send("heartbeat")
        await one.until_type("heartbeat-ack")
        await asyncio.sleep(0.5)
        await one.send("heartbeat")
        assert kinds([await one.receive()]) == ["heartbeat-ack"]
        messages = await one.say("Hello again.")
        assert of_type(messages, "audio")


async def test_a_held_key_is_a_held_turn(tmp_path: Path, recordings: dict[str, Recording]) -> None:
    """However long the pauses: the answer comes when the key is let go."""
    names = ("human_goforward.wav", "synth_flite_slt.wav")
    frames = [frame for name in names for frame in microphone(recordings[name])]
    with live(tmp_path, conf()) as server:
        async with client(server.url) as one:
            await until_loaded(server)
            await one.send("mic-stream-start", pause_ms=300, held=True)
            for frame in frames:
                await one.socket.send((frame * 32767).astype("<i2").tobytes())
            before = kinds(await one.settled())
            assert "interrupt" in before
            assert "conversation-chain-start" not in before
            await one.send("mic-stream-stop")
            messages = await one.turn()
            (heard,) = [m["text"] for m in of_type(messages, "user-input-transcription")]
            assert await one.settled() == []
    transcript = " ".join(recordings[name].transcript for name in names)
    assert word_error_rate([transcript], [heard]) <= 0.2, heard


async def until_loaded(server: Live) -> None:
    """Wait until every engine is there: before, a stream is not listened to."""
    async with httpx.AsyncClient() as http:
        while not (await http.get(f"{server.url}/health")).json()["ready"]:
            await asyncio.sleep(0.1)


def is_interrupt(message: Message) -> bool:
    return kinds([message]) == ["interrupt"]


async def ready(one: Client) -> None:
    """Wait until the server has loaded its engines: an answer means that it hears, too."""
    await one.say("Hi.")


async def test_a_stream_is_listened_to_where_no_vad_was_chosen(
    tmp_path: Path, recordings: dict[str, Recording]
) -> None:
    """Every conf.yaml of the original says `vad_model: null`."""
    recording = recordings["synth_flite_slt.wav"]
    values = conf()
    values["character_config"]["vad_config"] = {"vad_model": None}
    with live(tmp_path, values) as server:
        async with client(server.url) as one:
            await until_loaded(server)
            await one.send("mic-stream-start")
            for frame in microphone(recording):
                await one.socket.send((frame * 32767).astype("<i2").tobytes())
            messages = await one.turn()
    (heard,) = [m["text"] for m in of_type(messages, "user-input-transcription")]
    assert word_error_rate([recording.transcript], [heard]) <= 0.1, heard
