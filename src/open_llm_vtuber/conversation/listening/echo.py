"""Whether what was heard is what she says herself, come back from her loudspeaker; pure."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .spoken_words import words_of

MOST_HEARD, MOST_SAID = 80, 800
"""Letters that are compared, the last of each: about 6 s and a minute of speech. It takes 1 ms."""
SHARE, SUSPECTED_SHARE = 0.75, 0.6
"""So much of what was heard is hers, letter by letter: recognisers mishear what is faint, and where
words begin. Less is enough where an echo is suspected anyway."""
FEW_LETTERS = 7
"""So few are hers only if they are her words ("no" is no part of "nobody"), and where an echo is
certain: who is asked for tea or coffee says one of them."""
TAIL_WORDS, TAIL_LETTERS, TAIL_SHARE = 2, 6, 0.5
"""The last words are somebody else's where so many of them, of so many letters, are less hers."""


def is_echo(heard: str, said: str, *, suspected: bool = False, known: bool = False) -> bool:
    """Whether nearly all of `heard` is in `said`, in its order.

    `known`: whether there was an echo before; `suspected`: whether this is likely to be one.
    """
    words, others = words_of(heard), words_of(said)
    ours, hers = "".join(words)[-MOST_HEARD:], "".join(others)[-MOST_SAID:]
    if len(ours) <= FEW_LETTERS:
        return known and bool(ours) and f" {' '.join(words)} " in f" {' '.join(others)} "
    if not hers or _share(ours, hers) < (SUSPECTED_SHARE if suspected else SHARE):
        return False
    tail = "".join(words[-TAIL_WORDS:])
    return len(tail) < TAIL_LETTERS or _share(tail, hers) >= TAIL_SHARE


def _share(ours: str, hers: str) -> float:
    """Return how much of `ours` is alike to the part of `hers` that is most alike to it.

    1 less the fewest letters to be changed, added or left out, as a share of its length.
    """
    text = np.array([ord(sign) for sign in hers], np.int32)
    places: npt.NDArray[np.int32] = np.arange(len(text) + 1, dtype=np.int32)
    changes = np.zeros(len(text) + 1, np.int32)  # it may begin anywhere
    for count, sign in enumerate(ours, 1):
        row = np.empty_like(changes)
        row[0] = count
        row[1:] = np.minimum(changes[1:] + 1, changes[:-1] + (text != ord(sign)))
        # What is left out of hers: the least of all before, and one for each letter since.
        changes = np.minimum.accumulate(row - places) + places
    return 1 - int(changes.min()) / len(ours)
