"""Pieces of sound: the first at once, none too short, none too long, nothing lost."""

from __future__ import annotations

import numpy as np
import pytest

from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.conversation.speaking.pieces import Pieces

RATE = 1000


def cut(*lengths: int) -> list[list[int]]:
    """Return how long the pieces are that come of each sound; at last, what is left."""
    pieces = Pieces(RATE)
    found = [[len(piece) for piece in pieces.add(tone(length))] for length in lengths]
    return [*found, [len(pieces.rest())]]


def tone(length: int) -> Pcm:
    return np.full(length, 0.5, np.float32)


@pytest.mark.parametrize(
    ("lengths", "pieces"),
    [
        ((), [[0]]),
        ((10,), [[10], [0]]),
        ((10, 10), [[10], [], [10]]),
        ((10, *[10] * 10), [[10], *[[]] * 9, [100], [0]]),
        ((10, 99, 1), [[10], [], [100], [0]]),
        ((500,), [[500], [0]]),
        ((501,), [[500], [1]]),
        ((600,), [[500, 100], [0]]),
        ((599, 1), [[500], [100], [0]]),
        ((2000,), [[500] * 4, [0]]),
        ((0, 10, 0), [[], [10], [], [0]]),
    ],
)
def test_pieces(lengths: tuple[int, ...], pieces: list[list[int]]) -> None:
    assert cut(*lengths) == pieces


def test_all_of_the_sound_comes_in_its_order() -> None:
    rng = np.random.default_rng(1)
    whole = rng.uniform(-1, 1, 5000).astype(np.float32)
    pieces = Pieces(RATE)
    parts = np.split(whole, [3, 200, 201, 1700, 1750, 1790])
    came = [piece for part in parts for piece in pieces.add(part)]
    assert np.array_equal(np.concatenate([*came, pieces.rest()]), whole)
    assert len(came) > 9


def test_silence_waits_for_a_sound_and_comes_with_it() -> None:
    pieces = Pieces(RATE)
    assert list(pieces.add(np.zeros(200, np.float32))) == []
    assert [len(piece) for piece in pieces.add(tone(10))] == [210]
