"""When Hibari says which word: its model works out how long each phoneme lasts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ...audio import Pcm
from ..onnx_outputs import with_output
from .speech import Speech, Word

DURATIONS = "/Cast_32_output_0"
"""The tensor in its model that has the length of each phoneme, in frames."""
LEAD_FRAMES = 3
"""So much earlier than its frames a phoneme is heard: as in Kokoro, from which it was made."""
_AROUND = re.compile(r"^\W+|\W+$")
"""Marks that stand at a word without a space."""


def timed_model(path: str) -> bytes:
    """Return the model at a path, with the lengths among what it gives out."""
    return with_output(Path(path).read_bytes(), DURATIONS)


@dataclass
class Phrase:
    """What the model says in one go."""

    numbers: list[int] = field(default_factory=lambda: [0])
    """The phonemes, by the numbers they have in the model; the first and the last are silent."""
    words: list[tuple[str, int, int]] = field(default_factory=list)
    """Each word with the place of its first phoneme, and of the one behind its last."""

    def add(self, text: str, numbers: list[int]) -> None:
        """Go on with a word, or a mark of punctuation."""
        start = len(self.numbers)
        self.numbers += numbers
        if numbers and (word := _AROUND.sub("", text)):
            self.words.append((word, start, len(self.numbers)))

    def end(self, space: int) -> Phrase:
        """Return it with nothing but silence behind it."""
        while self.numbers[-1] == space:
            self.numbers.pop()
        self.numbers.append(0)
        return self


def phrases(voice: Any, text: str) -> list[Phrase]:
    """Return what is said for a text, sentence by sentence; long ones are cut after a clause."""
    found = [phrase for one in voice.split_sentences(text) for phrase in _sentence(voice, one)]
    return [phrase for phrase in found if len(phrase.numbers) > 2]


def _sentence(voice: Any, text: str) -> Iterator[Phrase]:
    from hibari.tts import MAX_PHONEMES

    phrase, space = Phrase(), voice.vocab[" "]
    for clause in _clauses(voice, text):
        length = sum(len(numbers) for _, numbers in clause)
        if len(phrase.numbers) > 1 and len(phrase.numbers) + length > MAX_PHONEMES:
            yield phrase.end(space)
            phrase = Phrase()
        for word, numbers in clause:
            phrase.add(word, numbers)
    yield phrase.end(space)


def _clauses(voice: Any, text: str) -> Iterator[list[tuple[str, list[int]]]]:
    """Yield the words and marks with their phonemes, up to where a long sentence may be cut."""
    from hibari.g2p import normalize

    g2p, known = voice.g2p, voice.vocab
    clause: list[tuple[str, list[int]]] = []
    tokens = g2p.phonemize_tokens(g2p.tokenize(normalize(text)))
    for token in tokens:
        phonemes = token.phonemes or ""
        clause.append((token.text, [known[one] for one in phonemes if one in known]))
        if token.whitespace and token is not tokens[-1]:
            clause.append((" ", [known[" "]]))
            if phonemes.endswith((",", ";", ":", "—")):
                yield clause
                clause = []
    yield clause


def say(voice: Any, phrase: Phrase, speed: float, gain: float, after_s: float) -> Speech:
    """Return the speech of a phrase that begins `after_s` into the sound of its sentence."""
    from hibari import dsp

    inputs = {
        "ids": np.asarray([phrase.numbers], np.int64),
        "speed": np.asarray([speed], np.float32),
    }
    *parts, durations = voice.sess.run(None, inputs)
    sound: Pcm = dsp.synth(*(part[0] for part in parts), np.random.default_rng())
    pcm: Pcm = np.clip(sound * np.float32(gain), -1.0, 1.0)
    ends = np.cumsum(durations.reshape(-1))
    frame_s = float(len(pcm) / voice.sample_rate / ends[-1])

    def begin_s(place: int) -> float:
        return after_s + max(0, int(ends[place - 1]) - LEAD_FRAMES) * frame_s

    words = [Word(text, begin_s(first), begin_s(behind)) for text, first, behind in phrase.words]
    return Speech(pcm, tuple(words))
