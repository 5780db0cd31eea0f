"""Whether what was heard is what she says herself, come back from her loudspeaker; pure."""

from __future__ import annotations

from collections.abc import Sequence

from .spoken_words import words_of

MOST_HEARD, MOST_SAID = 30, 90
"""Words that are compared, the last of each: about 10 s and 30 s of speech."""
SHARE = 0.7
"""So much of what was heard, in letters, is hers: recognisers mishear what is faint."""
STRANGE = 2
"""So many words in a row at the end that are not hers are somebody else's."""
ALIKE = 0.6
"""So much of two longer words is the same when one may have been misheard for the other."""
LONG = 4
"""Letters of a word that may have been misheard."""


def is_echo(heard: str, said: str) -> bool:
    """Whether nearly all words of `heard` are in `said`, in its order."""
    ours, hers = words_of(heard)[-MOST_HEARD:], words_of(said)[-MOST_SAID:]
    if not ours or not hers:
        return False
    found = _found(ours, hers)
    strange = next((at for at, is_hers in enumerate(reversed(found)) if is_hers), len(ours))
    if strange >= STRANGE:
        return False
    letters = sum(len(word) for word, is_hers in zip(ours, found, strict=True) if is_hers)
    return letters >= SHARE * sum(map(len, ours))


def _found(ours: Sequence[str], hers: Sequence[str]) -> list[bool]:
    """Return which of `ours` belong to the longest part of it that is in `hers`, in order."""
    lengths = [[0] * (len(hers) + 1) for _ in range(len(ours) + 1)]
    same = [[_alike(one, other) for other in hers] for one in ours]
    for i in reversed(range(len(ours))):
        for j in reversed(range(len(hers))):
            skipped = max(lengths[i + 1][j], lengths[i][j + 1])
            taken = len(ours[i]) + lengths[i + 1][j + 1] if same[i][j] else 0
            lengths[i][j] = max(skipped, taken)
    found = [False] * len(ours)
    i = j = 0
    while i < len(ours) and j < len(hers):
        if same[i][j] and lengths[i][j] == len(ours[i]) + lengths[i + 1][j + 1]:
            found[i] = True
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            i += 1
        else:
            j += 1
    return found


def _alike(one: str, other: str) -> bool:
    """Whether two words are the same, or one is misheard or cut off."""
    if one == other:
        return True
    if min(len(one), len(other)) < LONG:
        return False
    pairs = [{word[at : at + 2] for at in range(len(word) - 1)} for word in (one, other)]
    return 2 * len(pairs[0] & pairs[1]) >= ALIKE * (len(pairs[0]) + len(pairs[1]))
