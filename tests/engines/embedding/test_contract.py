"""What every embedder keeps to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.embedding.base import (
    DIMENSIONS,
    MAX_CHARS,
    AnyEmbedder,
    Embedder,
    fitted,
)
from open_llm_vtuber.engines.registry import find
from open_llm_vtuber.engines.trial import Trial
from open_llm_vtuber.weights.catalogue import Catalogue
from open_llm_vtuber.weights.store import WeightStore
from tests.engines import contract
from tests.support.live import PROJECT

from .embeddings_server import KEY, MODEL, embeddings_server

pytestmark = pytest.mark.anyio

NAMES = ("multilingual_e5", "openai_embedding")
TEXTS = ["The bus leaves at noon.", "猫在屋顶上睡觉。", "The bus leaves at noon."]


@pytest.fixture(params=NAMES)
async def embedder(request: pytest.FixtureRequest) -> AsyncIterator[AnyEmbedder]:
    engine_class = find("embedding", request.param)
    async with embeddings_server() as server:
        keys = {"base_url": server.url, "api_key": KEY, "model": MODEL}
        config = engine_class.Config(**(keys if request.param == "openai_embedding" else {}))
        engine = engine_class(config)
        await engine.run(engine.import_packages)
        await engine.load(WeightStore(PROJECT / "models"))
        assert isinstance(engine, Embedder)
        yield engine
        await engine.close()


def test_the_suite_runs_over_every_engine() -> None:
    contract.covers("embedding", set(NAMES))


async def test_each_text_has_a_vector_of_one_length(embedder: AnyEmbedder) -> None:
    vectors = await embedder.embed(TEXTS, query=False)
    assert vectors.shape == (len(TEXTS), DIMENSIONS)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors[[0, 2]], axis=1), 1, rtol=1e-5)
    assert vectors[0].tolist() == vectors[2].tolist()
    assert float(vectors[0] @ vectors[1]) < 0.9


async def test_no_texts_are_no_vectors(embedder: AnyEmbedder) -> None:
    assert (await embedder.embed([], query=True)).shape == (0, DIMENSIONS)


async def test_many_texts_are_those_one_by_one(embedder: AnyEmbedder) -> None:
    texts = [f"The bus leaves at {hour}, {'and stops' * hour}." for hour in range(40)]
    together = await embedder.embed(texts, query=False)
    alone = [await embedder.embed([text], query=False) for text in texts]
    np.testing.assert_allclose(together, np.concatenate(alone), atol=1e-6)


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n\t", "🦄", "\x00\ud83d", "\u202eabc", "a" * 100_000, "字" * 100_000, "</s><mask>"],
    ids=["nothing", "a space", "blanks", "emoji", "half", "a control", "long", "long zh", "marks"],
)
async def test_of_whatever_it_is_given_it_says_numbers(embedder: AnyEmbedder, text: str) -> None:
    for query in (True, False):
        (vector,) = await embedder.embed([text], query=query)
        assert np.isfinite(vector).all()
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5) or not vector.any()


async def test_space_between_words_means_nothing(embedder: AnyEmbedder) -> None:
    one, other = await embedder.embed(["a bus  leaves", " a bus\nleaves "], query=False)
    assert one.tolist() == other.tolist()


async def test_what_comes_after_the_first_part_of_a_long_text_is_not_looked_at(
    embedder: AnyEmbedder,
) -> None:
    start = "b" * MAX_CHARS
    one, other = await embedder.embed([start, start + " zebra"], query=False)
    assert one.tolist() == other.tolist()


async def test_it_names_the_model_whose_vectors_can_be_compared(embedder: AnyEmbedder) -> None:
    assert embedder.space


async def test_it_is_tried_with_a_sentence(embedder: AnyEmbedder) -> None:
    assert "ms for a sentence" in await embedder.trial(Trial())


async def test_a_cancelled_text_leaves_nothing(
    embedder: AnyEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    await contract.cancelled(
        embedder, "encode", lambda: embedder.embed(TEXTS[:1], query=True), monkeypatch
    )


async def test_it_can_be_closed_while_it_is_asked(embedder: AnyEmbedder) -> None:
    await contract.closed_while_busy(embedder, lambda: embedder.embed(TEXTS, query=False))


async def test_no_more_is_asked_at_once_than_it_takes(
    embedder: AnyEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    await contract.counted(
        embedder, "encode", lambda: embedder.embed(TEXTS, query=False), monkeypatch
    )


async def test_weights_that_cannot_be_had_are_named(tmp_path: Path) -> None:
    engine_class = find("embedding", "multilingual_e5")
    engine = engine_class(engine_class.Config())
    with pytest.raises(EngineError, match="weights"):
        await engine.load(WeightStore(tmp_path, catalogue=Catalogue(entries=())))


def test_vectors_of_any_length_are_brought_to_one() -> None:
    short = fitted(np.array([[3, 4]], np.float32))
    assert short[0, :3].tolist() == pytest.approx([0.6, 0.8, 0])
    long = fitted(np.ones((2, 1000), np.float32))
    assert long.shape == (2, DIMENSIONS)
    assert np.linalg.norm(long[0]) == pytest.approx(1)
    odd = fitted(np.array([[np.nan, np.inf, 1], [0, 0, 0]], np.float32))
    assert odd[0, :3].tolist() == [0, 0, 1]
    assert not odd[1].any()
