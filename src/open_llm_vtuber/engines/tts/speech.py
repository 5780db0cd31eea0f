"""What a voice yields: sound, and when its words are spoken, where it knows that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ...audio import Pcm


@dataclass(frozen=True)
class Word:
    """A word of a sentence, as it is spoken."""

    text: str
    """As in the sentence; numbers and the like may be written out."""
    start_s: float
    """From the beginning of the sentence's sound."""
    end_s: float


@dataclass(frozen=True, eq=False)
class Speech:
    """Some of the sound of a sentence, or all of it."""

    pcm: Pcm
    words: tuple[Word, ...] = ()
    """Those that begin in it, in order; none where the voice does not know."""


def joined(parts: Iterable[Speech]) -> Speech:
    """Return the parts of a sentence as one."""
    parts = list(parts)
    if len(parts) == 1:
        return parts[0]
    sounds = [part.pcm for part in parts]
    words = tuple(word for part in parts for word in part.words)
    return Speech(np.concatenate([*sounds, np.zeros(0, np.float32)]), words)
