"""Which of many vectors are most like one."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from open_llm_vtuber.memory.vectors import NOTHING, VectorIndex, encoded


def much_alike(count: int, dimensions: int = 384, seed: int = 1) -> NDArray[np.float32]:
    """Return vectors whose cosines lie between 0.7 and 0.95, as those of sentences do."""
    random = np.random.default_rng(seed)
    common = random.normal(size=dimensions) * 2
    topics = random.normal(size=(count // 10 + 1, dimensions)) * 0.8
    rows = common + topics[np.arange(count) // 10] + random.normal(size=(count, dimensions)) * 0.6
    made: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return made.astype(np.float32)


def index_of(vectors: NDArray[np.float32], part: int = 700) -> VectorIndex:
    index = VectorIndex(vectors.shape[1])
    rows = list(enumerate(encoded(vectors)))
    for begin in range(0, len(rows), part):
        index.add(rows[begin : begin + part])
    return index


@pytest.mark.parametrize("part", [1, 700, 5000])
@pytest.mark.parametrize("dimensions", [384, 100])
def test_the_best_are_those_that_an_exact_search_finds(part: int, dimensions: int) -> None:
    vectors = much_alike(3000, dimensions)
    index = index_of(vectors, part)
    assert len(index) == 3000
    found = 0
    for place in range(0, 3000, 100):
        like = index.most_like(vectors[place] * 3, 10)
        exact = vectors @ vectors[place]
        assert next(iter(like.scores)) == place
        for key, cosine in like.scores.items():
            assert cosine == pytest.approx(exact[key], abs=0.01)
        assert list(like.scores.values()) == sorted(like.scores.values(), reverse=True)
        assert like.mean == pytest.approx(exact.mean(), abs=0.02)
        assert like.deviation == pytest.approx(exact.std(), abs=0.02)
        found += len(set(like.scores) & set(np.argsort(-exact)[:10].tolist()))
    assert found >= 285  # of 300


def test_what_is_discarded_is_not_found() -> None:
    vectors = much_alike(600)
    index = index_of(vectors)
    index.discard([5, 7, 10_000])
    assert len(index) == 598
    assert not {5, 7} & index.most_like(vectors[5], 598).scores.keys()
    assert next(iter(index.most_like(vectors[599], 5).scores)) == 599
    index.add([(5, encoded(vectors[5:6])[0])])
    assert next(iter(index.most_like(vectors[5], 5).scores)) == 5


def test_nothing_is_like_nothing() -> None:
    index = VectorIndex(384)
    assert index.most_like(much_alike(1)[0], 5) == NOTHING
    index.add([])
    index.add([(1, encoded(much_alike(1))[0])])
    assert index.most_like(np.zeros(384, np.float32), 5) == NOTHING
    assert index.most_like(much_alike(1)[0], 5).scores == {1: pytest.approx(1, abs=0.01)}
    index.discard([1])
    assert index.most_like(much_alike(1)[0], 5) == NOTHING


def test_a_vector_of_zeros_is_stored() -> None:
    assert encoded(np.zeros((1, 4), np.float32)) == [bytes(4)]
    assert encoded(np.array([[0.5, -0.25, 0, 0]], np.float32)) == [bytes([127, 192, 0, 0])]


def test_a_message_is_as_like_as_the_best_of_its_sentences() -> None:
    vectors = much_alike(3)
    index = VectorIndex(384)
    index.add([(7, vector) for vector in encoded(vectors[:2])] + [(8, encoded(vectors[2:])[0])])
    like = index.most_like(vectors[0], 3)
    assert list(like.scores) == [7, 8]
    assert like.scores[7] == pytest.approx(1, abs=0.01)
    index.discard([7])
    assert list(index.most_like(vectors[0], 3).scores) == [8]


def test_what_was_said_again_and_again_is_found_once_the_last_time() -> None:
    vectors = much_alike(30)
    index = index_of(vectors)
    again = encoded(vectors[4:5])[0]
    index.add([(100, again), (101, again)])
    like = index.most_like(vectors[4], 32)
    assert next(iter(like.scores)) == 101
    assert not {4, 100} & like.scores.keys()
    index.discard([101])
    assert next(iter(index.most_like(vectors[4], 32).scores)) == 100
