"""Services and servers with OpenAI's embeddings API, Ollama's among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar
from urllib.parse import urlsplit

import numpy as np
import orjson
from pydantic import Field

from ...faults import fault
from ...http_errors import Service
from ..about import About
from ..account import Address, is_own_key
from ..base import EngineConfig, EngineError
from ..http_engine import HttpEngine
from .base import Embedder, Vectors

_OPENAI = "api.openai.com"


class OpenAIEmbeddingConfig(EngineConfig):
    """Keys of the section `openai_embedding`."""

    base_url: Address = Field(
        "http://localhost:11434/v1",
        description="The address of the API, up to and without '/embeddings': Ollama's, that of "
        "another server of your own, or https://api.openai.com/v1.",
    )
    api_key: str = Field(
        "", repr=False, description="The key of your account; a server of your own may need none."
    )
    model: str = Field(
        "bge-m3",
        description="The model, as the server spells it. Messages are embedded anew when it "
        "changes; of its numbers the first 384 are kept.",
    )
    query_prefix: str = Field(
        "", description="What the model wants before a question, such as 'search_query: '."
    )
    passage_prefix: str = Field(
        "", description="What it wants before a text to be found, such as 'search_document: '."
    )


class OpenAIEmbedding(HttpEngine[OpenAIEmbeddingConfig], Embedder[OpenAIEmbeddingConfig]):
    """One `POST /embeddings` for up to 32 texts."""

    name: ClassVar[str] = "openai_embedding"
    about = About("server", "of the model", "of the server", tested="with a stand-in")
    Config = OpenAIEmbeddingConfig
    section = "memory_config"
    concurrency = 2
    at_once = 32

    @property
    def space(self) -> str:
        """The model, and what it is given before a text to be found."""
        return f"{self.config.model} {self.config.passage_prefix}".strip()

    def needs(self) -> Mapping[str, str]:
        """Return which keys it cannot do without."""
        ours = urlsplit(self.config.base_url).hostname != _OPENAI
        return {} if ours else {"api_key": "https://platform.openai.com/api-keys has it"}

    def service(self) -> Service:
        """Return who is asked."""
        return self.keyed_service(
            f"The embedding model {self.config.model}",
            self.config.base_url,
            self.config.api_key.strip(),
            not_found="has no such model, or no embeddings there",
        )

    def headers(self) -> dict[str, str]:
        """Return what every request says."""
        key = self.config.api_key.strip()
        return {"Authorization": f"Bearer {key}"} if is_own_key(key) else {}

    async def encode(self, texts: Sequence[str], *, query: bool) -> Vectors:
        """Return the vectors of `texts`. Raises EngineError."""
        prefix = self.config.query_prefix if query else self.config.passage_prefix
        asked = {
            "model": self.config.model,
            "input": [prefix + text for text in texts],
            "encoding_format": "float",
        }
        answer = await self.http.request("POST", "embeddings", json=asked)
        try:
            return await self.run(_vectors, answer, len(texts))
        except (ValueError, TypeError, LookupError) as error:
            raise EngineError(
                f"{self.http.service.whereabouts} sent an answer that is no list of vectors.",
                fault("service-failed"),
            ) from error


def _vectors(answer: bytes, count: int) -> Vectors:
    """Return the vectors of an answer. Raises ValueError, TypeError or LookupError if it has none.

    They come in any order, each with its number.
    """
    found = {one["index"]: one["embedding"] for one in orjson.loads(answer)["data"]}
    vectors = np.array([found[index] for index in range(count)], np.float32)
    if vectors.ndim != 2 or not vectors.size:
        raise ValueError("each text must have a list of numbers")
    return vectors
