"""The embedder that asks a server with OpenAI's API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import yaml

from open_llm_vtuber.config import load_config
from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.embedding.base import AnyEmbedder
from open_llm_vtuber.engines.pool import EnginePool
from tests.support.live import conf
from tests.support.waiting import until

from .embeddings_server import KEY, MODEL, Embeddings, embeddings_server

pytestmark = pytest.mark.anyio


@pytest.fixture
async def server() -> AsyncIterator[Embeddings]:
    async with embeddings_server() as server:
        yield server


async def opened(url: str, folder: Path, pool: EnginePool, **more: str) -> AnyEmbedder:
    """Load the embedder that conf.yaml chooses."""
    section = {"base_url": url, "api_key": KEY, "model": MODEL, **more}
    values = conf(embedding="openai_embedding", sections={"openai_embedding": section})
    path = folder / "conf.yaml"
    path.write_text(yaml.safe_dump(values), "utf-8")
    loaded = load_config(path, environ={})
    assert loaded.warnings == ()
    choice = loaded.config.character_config.engine("embedding")
    return cast("AnyEmbedder", await pool.lease(choice).engine())


async def test_texts_are_asked_for_in_portions_and_kept_in_order(
    server: Embeddings, tmp_path: Path, pool: EnginePool
) -> None:
    embedder = await opened(server.url, tmp_path, pool)
    letters = [chr(ord("a") + index % 26) * (index + 1) for index in range(70)]
    vectors = await embedder.embed(letters, query=False)
    assert vectors.argmax(axis=1).tolist() == [index % 26 for index in range(70)]
    assert sorted(map(len, server.asked)) == [6, 32, 32]


async def test_a_model_is_given_what_it_wants_before_a_text(
    server: Embeddings, tmp_path: Path, pool: EnginePool
) -> None:
    prefixes = {"query_prefix": "search_query: ", "passage_prefix": "search_document: "}
    embedder = await opened(server.url, tmp_path, pool, **prefixes)
    await embedder.embed(["Where?"], query=True)
    await embedder.embed(["There."], query=False)
    assert server.asked == [["search_query: Where?"], ["search_document: There."]]
    plain = await opened(server.url, tmp_path, pool)
    assert embedder.space != plain.space


async def test_vectors_of_a_larger_model_are_cut(
    server: Embeddings, tmp_path: Path, pool: EnginePool
) -> None:
    server.size = 1024
    embedder = await opened(server.url, tmp_path, pool)
    (vector,) = await embedder.embed(["aab"], query=True)
    np.testing.assert_allclose(vector[:2], np.array([2, 1]) / np.sqrt(5), rtol=1e-6)


ODD = {
    "nothing": b"",
    "a page": b"<html>",
    "a list": b"[]",
    "none": b'{"data": []}',
    "no vector": b'{"data": [{"index": 0}]}',
    "an empty one": b'{"data": [{"index": 0, "embedding": []}]}',
    "base64": b'{"data": [{"index": 0, "embedding": "AAAA"}]}',
    "deep": b'{"data": [{"index": 0, "embedding": [[1]]}]}',
    "another's": b'{"data": [{"index": 1, "embedding": [1]}]}',
}


@pytest.mark.parametrize("body", ODD.values(), ids=list(ODD))
async def test_an_answer_that_is_none_is_told(
    server: Embeddings, tmp_path: Path, pool: EnginePool, body: bytes
) -> None:
    embedder = await opened(server.url, tmp_path, pool)
    server.body = body
    with pytest.raises(EngineError, match="no list of vectors") as told:
        await embedder.embed(["Where?"], query=True)
    assert told.value.fault.code == "service-failed"
    server.body = None
    assert (await embedder.embed(["Where?"], query=True)).any()


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [("api_key", "sk-another", "key-wrong"), ("model", "elsewhere", "model-unknown")],
)
async def test_what_the_server_refuses_is_told(
    server: Embeddings, tmp_path: Path, pool: EnginePool, key: str, value: str, code: str
) -> None:
    embedder = await opened(server.url, tmp_path, pool, **{key: value})
    with pytest.raises(EngineError) as told:
        await embedder.embed(["Where?"], query=True)
    assert told.value.fault.code == code
    assert KEY not in str(told.value)
    assert code != "key-wrong" or "memory_config.openai_embedding.api_key" in str(told.value)


async def test_a_server_that_is_down_is_told(tmp_path: Path, pool: EnginePool) -> None:
    embedder = await opened("http://127.0.0.1:1/v1", tmp_path, pool)
    with pytest.raises(EngineError, match=r"refused.*memory_config\.openai_embedding\.base_url"):
        await embedder.embed(["Where?"], query=True)


async def test_openai_wants_a_key(tmp_path: Path, pool: EnginePool) -> None:
    with pytest.raises(EngineError, match=r"openai_embedding\.api_key .* not set"):
        await opened("https://api.openai.com/v1", tmp_path, pool, api_key="")


async def test_who_stops_waiting_hangs_up(
    server: Embeddings, tmp_path: Path, pool: EnginePool
) -> None:
    embedder = await opened(server.url, tmp_path, pool)
    server.held = True
    asking = asyncio.ensure_future(embedder.embed(["Where?"], query=True))
    await until(lambda: server.answering == 1)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    await until(lambda: server.answering == 0)
    assert not embedder.busy


async def test_only_a_server_of_ones_own_is_asked_on_a_guess(
    server: Embeddings, tmp_path: Path, pool: EnginePool
) -> None:
    assert (await opened(server.url, tmp_path, pool)).speculates
    service = await opened("https://api.openai.com/v1", tmp_path, pool)
    assert not service.speculates
