"""What is said to `bench.turn_taking`: sentences of people and of voices, with pauses in them.

People: the recordings of ../shared/speech, and the samples that the package `moonshine_voice` (from
which the weights of the recogniser come, too) brings with it. Where people hesitate is given by
hand as the time at which a word ends; the cut is at the quietest place nearby. Voices: sentences
with `|` where somebody may hesitate; where that is in their sound, Whisper tells.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile
import soxr

from open_llm_vtuber.audio import MIC_RATE, Pcm
from open_llm_vtuber.weights.catalogue import Catalogue, Entry, RegistrySource, WeightFile
from open_llm_vtuber.weights.store import WeightStore
from tests.support.live import PROJECT

SPEECH = PROJECT.parent / "shared" / "speech"
SAMPLES = Entry(
    name="moonshine-samples",
    licence="MIT",
    files=(
        WeightFile(
            name="two_cities.wav",
            bytes=4260326,
            sha256="f3348494d77cb74a02862f5e685ed09faf3e75832c5cc5c80703282c2cd8b52e",
        ),
        WeightFile(
            name="beckett.wav",
            bytes=318978,
            sha256="e5a26b3d29e5b0bc8dbd72c11d16a3808a4ec0ac45b21f12a27d2a2fe5c5ae61",
        ),
        WeightFile(
            name="endgame_nagg_nell.wav",
            bytes=1357352,
            sha256="78f44dc6d3da32ecab0c37f391700f0569f4612b8e0be2ecbaf33e1d3d566474",
        ),
        WeightFile(
            name="clone-test.wav",
            bytes=131560,
            sha256="ff0313f1b99468ac425304ba7f8deada003efbada014863a475cb8bda87a6191",
        ),
    ),
    sources=(
        RegistrySource(
            kind="registry",
            lock="moonshine-tiny-en.txt",
            platform="win_amd64",
            members={
                name: f"moonshine_voice/assets/{name}"
                for name in (
                    "two_cities.wav",
                    "beckett.wav",
                    "endgame_nagg_nell.wav",
                    "clone-test.wav",
                )
            },
        ),
    ),
)


@dataclass(frozen=True)
class Sentence:
    """Said without a long pause; `cuts` are where one may be put, in samples."""

    speaker: str
    pcm: Pcm = field(repr=False)
    cuts: tuple[int, ...]
    person: bool
    held_out: bool
    language: str = "en"


@dataclass(frozen=True)
class Case:
    """One turn, as a microphone hears it."""

    name: str
    pcm: Pcm = field(repr=False)
    end: int
    """Where the speech ends, in samples: what comes then is silence."""
    pauses: int
    """How many pauses were put into it."""
    person: bool
    held_out: bool
    language: str = "en"


# Of each recording, in s: where a sentence begins and ends, and after which words one hesitates.
_PEOPLE: dict[str, list[tuple[float, float, list[float]]]] = {
    "human_sns_0880.wav": [(0.0, 2.65, [0.52, 0.8, 1.3])],
    "human_goforward.wav": [(0.0, 1.85, [1.04, 1.46])],
    "human_jfk.wav": [
        (7.55, 10.5, [8.76, 9.04, 9.32, 9.78]),
    ],
    "clone-test.wav": [(0.0, 3.05, [1.22, 1.44, 2.24])],
    "two_cities.wav": [
        (0.85, 2.6, [1.68, 2.12]),
        (2.9, 4.45, [3.38, 3.84]),
        (5.0, 6.15, [5.38, 5.74]),
        (6.6, 8.05, [7.02, 7.44]),
        (8.65, 10.15, [9.0, 9.18, 9.72]),
        (10.7, 12.7, [11.14, 11.8]),
        (13.4, 14.65, [13.84, 14.28]),
        (15.05, 16.35, [15.5, 15.76]),
        (17.3, 18.7, [17.94, 18.38]),
        (18.9, 20.25, [19.36, 19.86]),
        (21.05, 22.62, [21.46, 22.18]),
        (22.66, 24.0, [22.92, 23.56]),
        (24.5, 25.95, [24.92, 25.16, 25.38]),
        (26.5, 28.2, [26.94, 27.46, 27.74]),
        (28.8, 41.5, [30.52, 31.26, 32.84, 33.16, 35.4, 37.06, 37.72, 38.9, 40.3]),
    ],
    "beckett.wav": [
        (0.0, 1.0, []),
        (1.6, 2.5, []),
        (3.25, 4.05, []),
        (4.7, 5.45, []),
        (6.3, 7.2, []),
        (7.85, 8.7, []),
    ],
    "endgame_nagg_nell.wav": [
        (0.0, 0.85, []),
        (1.45, 1.8, []),
        (4.6, 7.8, [6.32, 6.72, 7.24]),
        (8.45, 9.75, []),
        (10.0, 11.15, [10.3, 10.7]),
        (11.8, 14.0, [13.14, 13.36]),
        (14.55, 15.6, [15.02]),
        (17.4, 18.8, [18.0]),
        (20.2, 21.7, [20.92, 21.4]),
        (22.3, 23.0, []),
        (23.6, 27.3, [24.6, 25.34, 25.68, 26.52]),
    ],
}
_HELD_OUT = {"human_jfk.wav", "human_goforward.wav", "clone-test.wav", "endgame_nagg_nell.wav"}

ENGLISH = (
    "I would like to | go to the | market tomorrow morning.",
    "Can you tell me what the | weather is like in | London today?",
    "My sister wants to | learn how to play the | piano.",
    "I was thinking about | a trip to the | mountains next summer.",
    "Please remind me to | call the doctor at | three o'clock.",
    "We should buy some bread and | milk before the | shop closes.",
    "The film was good but | the ending was | much too long.",
    "Do you know where my | brother left the | keys?",
    "I think that | the red one is | better.",
    "Yesterday I went to the | park because | it was sunny.",
    "What is the best way to | cook rice with | vegetables?",
    "She told me that | her friends are | coming at eight.",
)
ENGLISH_HELD_OUT = (
    "Could you play the | song that I | liked so much?",
    "I have been working on | a story about | a small dragon.",
    "There is something I | wanted to | ask you about.",
    "If it rains we could | stay at home and | read a book.",
    "How many people live in | this part of the | country?",
    "My favourite food is | soup with | fresh bread.",
    "Let me show you the | picture of my | grandmother.",
    "I forgot to | water the | plants last week.",
)
CHINESE = (
    "我想要|去北京看我的|朋友。",
    "你能不能告诉我|今天的天气|怎么样？",
    "因为昨天下雨|所以我没有|去公园。",
    "我觉得这个|电影非常|好看。",
)
CHINESE_HELD_OUT = (
    "我妈妈说|明天早上要|去买菜。",
    "你知道这本书是|谁写的|吗？",
    "如果你有时间|我们一起|去吃饭吧。",
)


def catalogue() -> Catalogue:
    """Return where the samples come from."""
    return Catalogue(entries=(SAMPLES,))


def read(path: Path) -> Pcm:
    """Return a sound file at 16 kHz, mono."""
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    pcm: Pcm = soxr.resample(sound.mean(axis=1), rate, MIC_RATE).astype(np.float32)
    return pcm


async def people() -> list[Sentence]:
    """Return the sentences that people have recorded."""
    samples = await WeightStore(PROJECT / "models", catalogue=catalogue()).weights(SAMPLES.name)
    found: list[Sentence] = []
    for name, sentences in _PEOPLE.items():
        path = SPEECH / name if name.startswith("human_") else samples / name
        pcm = _levelled(read(path))
        for begin_s, end_s, cuts_s in sentences:
            begin = round(begin_s * MIC_RATE)
            said = pcm[begin : round(end_s * MIC_RATE)]
            cuts = tuple(_quietest(said, round((cut - begin_s) * MIC_RATE)) for cut in cuts_s)
            found.append(Sentence(name, said, cuts, person=True, held_out=name in _HELD_OUT))
    return found


def natural() -> Iterator[Case]:
    """Yield the recordings as they are, each one turn, silence behind it."""
    for path in sorted(SPEECH.glob("*.wav")):
        pcm = _levelled(read(path))
        language = "zh" if path.name.startswith("zh") else "en"
        person = path.name.startswith("human")
        yield _case(path.name, pcm, 0, person=person, held_out=True, language=language)


def voiced(
    speaker: str, text: str, pcm: Pcm, heard: list[tuple[str, float]], **known: object
) -> Sentence:
    """Return a sentence that a voice said; `heard` are its words, and when they end, in seconds."""
    chinese = not re.search("[a-z]", text)
    parts = text.split("|")

    def units(part: str) -> list[str]:
        bare = re.sub(r"[^\w\s]", "", part.lower())
        return list(bare.replace(" ", "")) if chinese else bare.split()

    said = [unit for part in parts for unit in units(part)]
    ends = [(unit, end) for word, end in heard for unit in units(word)]
    matched: dict[int, float] = {}
    for block in difflib.SequenceMatcher(
        a=said, b=[unit for unit, _ in ends]
    ).get_matching_blocks():
        for offset in range(block.size):
            matched[block.a + offset] = ends[block.b + offset][1]
    count, cuts = 0, []
    for part in parts[:-1]:
        count += len(units(part))
        if count - 1 in matched:
            cuts.append(_quietest(pcm, round(matched[count - 1] * MIC_RATE)))
    return Sentence(speaker, pcm, tuple(cuts), person=False, held_out=bool(known["held_out"]),
                    language="zh" if chinese else "en")  # fmt: skip


def in_a_row(sentences: list[Sentence], rng: np.random.Generator) -> Iterator[Case]:
    """Yield two sentences of one person at a time as one turn, with such a pause in between."""
    for one, other in itertools.pairwise(sentences):
        if one.speaker == other.speaker:
            pause = _silence(rng, rng.uniform(0.3, 1.5))
            said = np.concatenate([_faded(one.pcm), pause, _faded(other.pcm)])
            yield _case(f"two of {one.speaker}", said, 1, person=one.person,
                        held_out=one.held_out, language=one.language)  # fmt: skip


def with_pauses(
    sentence: Sentence, rng: np.random.Generator, noises: list[tuple[str, Pcm]]
) -> Case:
    """Return a sentence with a pause or two of 0.3 to 1.5 s where it may be cut, and noise."""
    count = min(len(sentence.cuts), int(rng.integers(1, 3)))
    cuts = sorted(rng.choice(sentence.cuts, count, replace=False)) if count else []
    pieces, begin = [], 0
    for cut in cuts:
        pieces += [_faded(sentence.pcm[begin:cut]), _silence(rng, rng.uniform(0.3, 1.5))]
        begin = int(cut)
    pieces.append(_faded(sentence.pcm[begin:]))
    said = np.concatenate(pieces)
    name, noise = noises[int(rng.integers(len(noises)))]
    case = _case(
        f"{sentence.speaker}, {count} pauses, {name}",
        said,
        count,
        person=sentence.person,
        held_out=sentence.held_out,
        language=sentence.language,
    )
    start = int(rng.integers(max(len(noise) - len(case.pcm), 1)))
    mixed = case.pcm + np.resize(noise[start:], len(case.pcm))
    return Case(case.name, mixed.astype(np.float32), case.end, count, case.person, case.held_out,
                case.language)  # fmt: skip


def _case(
    name: str, said: Pcm, pauses: int, *, person: bool, held_out: bool, language: str
) -> Case:
    rng = np.random.default_rng(len(said))
    before, after = _silence(rng, 0.7), _silence(rng, 3.5)
    end = len(before) + last_voiced(said)
    said = said[: last_voiced(said) + MIC_RATE // 50]
    pcm = np.concatenate([before, said, after]).astype(np.float32)
    return Case(name, pcm, end, pauses, person, held_out, language)


def first_voiced(said: Pcm) -> int:
    """Return the first sample that is within 26 dB of the loudest 10 ms."""
    return int(np.flatnonzero(_loud(said))[0]) * 160


def last_voiced(said: Pcm) -> int:
    """Return the last sample that is within 26 dB of the loudest 10 ms."""
    return (int(np.flatnonzero(_loud(said))[-1]) + 1) * 160


def _loud(said: Pcm) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    power = (said[: len(said) // 160 * 160].reshape(-1, 160) ** 2).mean(axis=1)
    loud: np.ndarray[tuple[int], np.dtype[np.bool_]] = power > power.max() / 400
    return loud


def _levelled(pcm: Pcm) -> Pcm:
    levelled: Pcm = (pcm * (0.3 / np.abs(pcm).max())).astype(np.float32)
    return levelled


def _silence(rng: np.random.Generator, seconds: float) -> Pcm:
    """Return the hiss of a quiet room."""
    return rng.normal(0, 3e-4, round(seconds * MIC_RATE)).astype(np.float32)


def _quietest(pcm: Pcm, near: int) -> int:
    """Return the middle of the quietest 10 ms within 60 ms of a sample."""
    low = max(near - MIC_RATE * 6 // 100, 0)
    around = pcm[low : near + MIC_RATE * 6 // 100] ** 2
    return low + int(np.argmin(np.convolve(around, np.ones(160), "same")))


def _faded(piece: Pcm) -> Pcm:
    """Return a piece without clicks at its ends."""
    faded: Pcm = piece.copy()
    ramp = np.linspace(0, 1, min(160, len(faded)), dtype=np.float32)
    faded[: len(ramp)] *= ramp
    faded[-len(ramp) :] *= ramp[::-1]
    return faded
