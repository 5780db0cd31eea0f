"""Who speaks while she does: how soon she is silent, and how often for nothing.

`uv run python -m bench.barge_in [--quick] [--plot FILE.svg]`. A real server, with the shipped VAD,
recogniser and voice and an instant language model; a client that behaves as the page, and hears as
much of its own loudspeaker as it is told. Everything is at the pace of real speech. Said over her
are:

* interruptions: the recordings of `shared/speech`, and short sentences of the shipped voice and of
  espeak-ng where it is installed. From their first voiced sample, as the VAD finds it in the clean
  sound, to `pause` (she falls silent in 15 ms more) and to `interrupt`.
* asides: "mm-hm" and the like in the same voices and in two of Kokoro's; bursts of noise in the
  shape of coughs. No person coughs or nods here: these are made, seeded. How many interrupt her;
  from their last voiced sample to `resume`, which holds the pause of 0.26 s that is waited for.
* her own voice, mixed into the microphone at -6, -12 and -20 dB, 64 ms late, through a whole
  answer; and a person over that.

Goals: p50 250 ms to silence, at most 2 % false interruptions.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import shutil
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import soundfile

from bench import noises
from bench.harness import PROJECT, our_server, percentile, socket_to, until
from bench.plot import plot, shares
from open_llm_vtuber.audio import MIC_RATE, Pcm
from open_llm_vtuber.engines.base import Engine
from open_llm_vtuber.engines.tts.base import AnyTTS
from open_llm_vtuber.engines.tts.hibari_tts import HibariConfig, HibariTTS
from open_llm_vtuber.engines.tts.kokoro_tts import KokoroConfig, KokoroTTS
from open_llm_vtuber.engines.vad.silero_vad import SileroConfig, SileroVAD
from open_llm_vtuber.weights.store import WeightStore
from tests.support.client import resampled
from tests.support.live import conf
from tests.support.room import FRAME, FRAME_S, Room

SPEECH = PROJECT.parent / "shared" / "speech"
RECORDINGS = (
    "human_goforward",
    "human_jfk",
    "human_sns_0880",
    "synth_espeak_f3",
    "synth_flite_slt",
)
SENTENCES = (
    "Stop.",
    "Wait a moment, please.",
    "No, I meant the other one.",
    "What is a lighthouse?",
    "Yeah, but what about tomorrow?",
    "Could you say that again?",
)
ASIDES = ("Mm-hm.", "Uh-huh.", "Yeah.", "Okay.", "Right.", "Hmm.", "Wow.", "Haha.", "I see.", "Oh.")
STORY = (
    "The old lighthouse keeper climbed the stairs every evening and lit the lamp himself. "
    "One night a small boat came out of the fog, and nobody was on board of it. "
    "He went down to the beach, and found a letter under the seat. "
    "It was written in blue ink, and it was addressed to his grandmother."
)
KOKORO = ("am_michael", "bf_emma")
ECHOES_DB = (-6, -12, -20)
MOST_S = 6.0
"""So much of a recording is said."""


@dataclass(frozen=True)
class Said:
    """Something that is said over her."""

    name: str
    pcm: Pcm
    first_s: float
    last_s: float
    """Where its voice begins and ends; 0 and its length where the VAD finds none."""


Say = Callable[[str], Awaitable[Said]]


class Sounds:
    """Makes what is said."""

    def __init__(self, vad: SileroVAD) -> None:
        self._vad = vad
        self._rng = np.random.default_rng(11)

    async def recording(self, name: str) -> Said:
        """Return the beginning of a recording."""
        pcm = soundfile.read(SPEECH / f"{name}.wav", dtype="float32")[0]
        return await self._said(name, pcm[: int(MOST_S * MIC_RATE)])

    def by(self, voice: AnyTTS, name: str) -> Say:
        """Return what says a text in a voice of ours."""

        async def say(text: str) -> Said:
            pcm = await voice.in_turn(text)
            return await self._said(f"{name}: {text}", resampled(pcm, voice.sample_rate))

        return say

    async def espeak(self, text: str) -> Said:
        """Return a text in the voice of espeak-ng."""
        command = ["espeak-ng", "-v", "en-us", "--stdout", text]
        made = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=True)
        wav: bytes = made.stdout
        pcm, rate = soundfile.read(io.BytesIO(wav), dtype="float32")
        return await self._said(f"espeak: {text}", resampled(pcm, rate))

    async def cough(self, bursts: int, loudness: float) -> Said:
        """Return somebody who coughs."""
        pcm = noises.cough(self._rng, bursts) * np.float32(loudness)
        return await self._said(f"cough of {bursts}", pcm)

    async def _said(self, name: str, pcm: Pcm) -> Said:
        """Find the voice in a sound, as loud as the others."""
        pcm = (pcm * (0.5 / max(np.abs(pcm).max(), 1e-3))).astype(np.float32)
        quiet = np.zeros(20 * FRAME, np.float32)
        frames = np.concatenate([quiet, pcm, quiet])
        frames = frames[: len(frames) // FRAME * FRAME].reshape(-1, FRAME)
        probabilities = await self._vad.open_stream().feed(frames)
        voiced = [at - 20 for at, one in enumerate(probabilities) if one >= 0.4]
        if not voiced:
            return Said(name, pcm, 0.0, len(pcm) / MIC_RATE)
        return Said(name, pcm, max(0, voiced[0]) * FRAME_S, (voiced[-1] + 1) * FRAME_S)


@dataclass(frozen=True)
class Outcome:
    """What came of something that was said over her; times in ms, None for what did not happen."""

    duck: int | None
    pause: int | None
    interrupt: int | None
    resume: int | None
    """From the last voiced sample; the others from the first."""


async def _over(room: Room, said: Said, rng: np.random.Generator, after_s: float = 1.0) -> Outcome:
    """Say something over an answer of hers."""
    await room.ask("Tell me a story.")
    start_s = after_s + rng.uniform(0, 1)
    await room.until(lambda: room.heard_s >= start_s)
    begun = room.say(said.pcm)
    await room.until(lambda: room.is_quiet)
    frames = len(room.played)
    await room.until(lambda: len(room.played) >= frames + round(1.6 / FRAME_S))
    first, last = begun + said.first_s, begun + said.last_s
    times = {action: room.first(action) for action in ("duck", "pause", "interrupt", "resume")}
    await room.interrupt()
    await asyncio.sleep(0.2)

    def since(action: str, moment: float) -> int | None:
        at = times[action]
        return None if at is None else round((at - moment) * 1000)

    return Outcome(
        since("duck", first), since("pause", first), since("interrupt", first),
        since("resume", last),
    )  # fmt: skip


@asynccontextmanager
async def _room(url: str, echo_db: float | None = None) -> AsyncIterator[Room]:
    async with socket_to(url) as socket:
        await until(socket, "start-mic")
        await socket.send('{"type":"create-new-history"}')
        await until(socket, "new-history-created")
        echo = 0.0 if echo_db is None else 10 ** (echo_db / 20)
        async with Room(socket, echo) as room:
            yield room


def _told(name: str, values: list[int | None], of: int) -> str:
    found = [float(one) for one in values if one is not None]
    if not found:
        return f"{name}: none of {of}"
    p90 = percentile(found, 0.9)
    return f"{name}: p50 {median(found):.0f} ms, p90 {p90:.0f} ms ({len(found)} of {of})"


async def _main(quick: bool, file: Path | None) -> None:
    rng = np.random.default_rng(3)
    store = WeightStore(PROJECT / "models")
    vad, hibari = SileroVAD(SileroConfig()), HibariTTS(HibariConfig())
    others = [] if quick else [KokoroTTS(KokoroConfig(voice=name)) for name in KOKORO]
    engines: list[Engine[Any]] = [vad, hibari, *others]
    for engine in engines:
        await engine.run(engine.prepare)
        await engine.load(store)
    sounds = Sounds(vad)
    voices: list[Say] = [sounds.by(hibari, "hibari")]
    if shutil.which("espeak-ng"):
        voices.append(sounds.espeak)
    few = 2 if quick else None
    interruptions = [await sounds.recording(name) for name in RECORDINGS[:few]]
    interruptions += [await say(text) for say in voices for text in SENTENCES[:few]]
    voices += [sounds.by(one, one.config.voice) for one in others]
    asides = [await say(text) for say in voices for text in ASIDES[:few]]
    asides += [await sounds.cough(1 + n % 3, 0.2 + 0.1 * (n % 4)) for n in range(few or 6)]
    for engine in engines:
        await engine.close()
    values = conf(tts="hibari_tts", sections={"echo_llm": {"reply": STORY}})
    with our_server(values) as server:
        async with _room(server.url) as room:
            await room.ask("Hello.")
            await room.interrupt()
            real = []
            for said in interruptions:
                real.append(outcome := await _over(room, said, rng))
                print(f"  {said.name}: {outcome}", flush=True)
        print(_told("to duck", [one.duck for one in real], len(real)))
        print(_told("to pause", [one.pause for one in real], len(real)))
        print(_told("to interrupt", [one.interrupt for one in real], len(real)), flush=True)
        false = []
        async with _room(server.url) as room:
            for said in asides:
                false.append(outcome := await _over(room, said, rng))
                print(f"  {said.name}: {outcome}", flush=True)
        stopped = sum(one.interrupt is not None for one in false)
        print(f"false interruptions: {stopped} of {len(false)}")
        paused = [one.resume for one in false if one.pause is not None]
        print(_told("from the end of an aside to resume", paused, len(paused)), flush=True)
        if file:
            times = {
                "paused": [one.pause for one in real],
                "interrupted": [one.interrupt for one in real],
                "resumed after an aside": paused,
            }
            curves = [
                shares(name, [float(one) for one in found if one is not None])
                for name, found in times.items()
            ]
            title = "Over her voice: done within"
            plot(curves, "ms", "of all, %", title, file, names_below=True)
        for level_db in ECHOES_DB:
            async with _room(server.url, level_db) as room:
                told = await _alone(room)
                person = await _over(room, interruptions[-1 if quick else 4], rng)
            print(f"her own voice at {level_db} dB, a whole answer: {', '.join(told) or 'nothing'}")
            print(f"  a person over it: {person}", flush=True)


async def _alone(room: Room) -> list[str]:
    """Return what becomes of an answer over which nobody speaks."""
    await room.ask("Tell me a story.")
    await room.until(lambda: room.has("conversation-chain-end"))
    return [action for _, action in room.actions]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="a few of each")
    parser.add_argument("--plot", type=Path, help="write the curves into this SVG file")
    given = parser.parse_args()
    asyncio.run(_main(given.quick, given.plot))
