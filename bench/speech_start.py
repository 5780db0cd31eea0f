"""How soon a voice is noticed, and how often noise is taken for one.

`uv run python -m bench.speech_start [--quick]`. Time is that of the sound: from the first voiced
sample to the end of the frame of 32 ms with which the server decides that somebody speaks, by the
VAD and the endpointing it uses. The time to compute that is not in it (`bench.live_microphones`
has it), nor the way over the network. First voiced is the first 10 ms within 26 dB of the loudest.

The voices are sentences that people have recorded, each with its beginning at four places of a
frame, in a quiet room (hiss) and under noise of 45 dB. Missed is a sentence in which nobody is
heard to speak; too early is where the noise before it was taken for a voice. The noises are made,
seven kinds at three levels in pieces of 10 s, each listened to by itself: in how many of them
somebody is heard to speak. Babble is of voices. The rule as configured stands beside that of the
documented keys alone, where both averages have to be reached for `required_hits` frames.
Goals: p50 100 ms, none missed, no noise taken for a voice that the documented rule does not.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from bench import noises
from bench.harness import percentile
from bench.turn_cases import Sentence, first_voiced, people
from bench.turn_taking import SEED, loaded
from open_llm_vtuber.audio import MIC_RATE, Pcm, levels_db
from open_llm_vtuber.conversation.listening.endpointing import Endpointer, Heard
from open_llm_vtuber.engines.vad.base import FRAME, AnyVAD, Thresholds

EARLY_S = 0.05
PIECE_S = 10
LEVELS_DB = (50.0, 60.0, 70.0)
FRAMES_AT_ONCE = 64


@dataclass(frozen=True)
class Frames:
    """A sound as the endpointing is told of it."""

    heard: list[tuple[float, float]]
    """Speech probability and level in dB of each frame."""

    def starts_s(self, thresholds: Thresholds) -> list[float]:
        """Return when somebody is heard to speak: at the end of the frame that decides it."""
        endpointer = Endpointer(thresholds)
        return [
            (number + 1) * FRAME / MIC_RATE
            for number, (probability, level_db) in enumerate(self.heard)
            if endpointer.push(probability, level_db) is Heard.START
        ]


async def _frames(vad: AnyVAD, pcm: Pcm) -> Frames:
    stream, probabilities = vad.open_stream(), list[float]()
    frames = pcm[: len(pcm) // FRAME * FRAME].reshape(-1, FRAME)
    for start in range(0, len(frames), FRAMES_AT_ONCE):
        probabilities += await stream.feed(frames[start : start + FRAMES_AT_ONCE])
    return Frames(list(zip(probabilities, levels_db(frames), strict=True)))


@dataclass
class Starts:
    """What became of sentences."""

    delays_ms: list[float] = field(default_factory=list)
    missed: int = 0
    early: int = 0

    def add(self, starts_s: list[float], voice_s: float) -> None:
        """Take in when somebody was heard in a sound whose voice begins at `voice_s`."""
        if not starts_s:
            self.missed += 1
        elif starts_s[0] <= voice_s - EARLY_S:
            self.early += 1
        else:
            self.delays_ms.append((starts_s[0] - voice_s) * 1000)

    def __str__(self) -> str:
        p50, p90 = (percentile(self.delays_ms, share) for share in (0.5, 0.9))
        count = len(self.delays_ms) + self.missed + self.early
        return (
            f"p50 {p50:.0f} ms, p90 {p90:.0f} ms, {self.missed} of {count} missed, "
            f"{self.early} too early"
        )


def _spoken(sentences: list[Sentence], *, noisy: bool) -> Iterator[tuple[Pcm, float]]:
    """Yield each sentence four times, a second of the room before it, and when its voice begins."""
    rng = np.random.default_rng(SEED)
    under = noises.noises(20, noises.QUIET_DB, [one.pcm for one in sentences])
    for number, one in enumerate(sentences):
        for place in range(4):
            before = MIC_RATE + place * FRAME // 4
            pcm = rng.normal(0, 3e-4, before + len(one.pcm) + MIC_RATE).astype(np.float32)
            pcm[before : before + len(one.pcm)] += one.pcm
            if noisy:
                _, noise = under[(number + place) % len(under)]
                pcm += np.resize(np.roll(noise, int(rng.integers(len(noise)))), len(pcm))
            yield pcm, (before + first_voiced(one.pcm)) / MIC_RATE


async def _main(*, quick: bool) -> None:
    vad: Any = await loaded("vad", "silero_vad")
    configured = vad.thresholds
    rules = {"documented": replace(configured, sure_frames=0), "as configured": configured}
    sentences = await people()
    for noisy in (False, True):
        found = {name: Starts() for name in rules}
        for pcm, voice_s in _spoken(sentences, noisy=noisy):
            frames = await _frames(vad, pcm)
            for name, thresholds in rules.items():
                found[name].add(frames.starts_s(thresholds), voice_s)
        for name, starts in found.items():
            print(f"{'under noise' if noisy else 'quiet room'}, {name}: {starts}", flush=True)
    pieces = 3 if quick else 30
    for level_db in LEVELS_DB:
        made = noises.noises(pieces * PIECE_S, level_db, [one.pcm for one in sentences])
        made.append(("coughs", noises.coughs(pieces * PIECE_S, level_db)))
        for kind, pcm in made:
            heard = [await _frames(vad, piece) for piece in np.split(pcm, pieces)]
            counts = [
                f"{name} {sum(bool(one.starts_s(thresholds)) for one in heard)}"
                for name, thresholds in rules.items()
            ]
            print(
                f"{kind} at {level_db:.0f} dB, of {pieces} pieces: {', '.join(counts)}", flush=True
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="half a minute of each noise")
    asyncio.run(_main(quick=parser.parse_args().quick))
