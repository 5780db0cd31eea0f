"""The local service, and the smallest model as the weight store gives it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from open_llm_vtuber.engines.base import Resources
from open_llm_vtuber.engines.llm.llama_cpp.child import Settings
from open_llm_vtuber.engines.llm.llama_cpp.process import LlamaProcess
from open_llm_vtuber.weights.store import WeightStore
from tests.engines.llm.openai_server import OpenAIServer, openai_server

MODEL = "smollm2-135m-instruct"
MODELS = Path(os.environ.get("OLV_MODELS", Path(__file__).parents[3] / "models"))


@pytest.fixture
async def service() -> AsyncIterator[OpenAIServer]:
    async with openai_server() as server:
        yield server


class Weights(Resources):
    """The weights of the project's own store, with a folder of the test for what is derived."""

    offline = False

    def __init__(self, models_dir: Path) -> None:
        self.models_dir = models_dir
        self._store = WeightStore(MODELS)

    async def weights(self, name: str) -> Path:
        return await self._store.weights(name)


@pytest.fixture
def resources(tmp_path: Path) -> Weights:
    return Weights(tmp_path)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[LlamaProcess]:
    """The processes that were started, the latest last."""
    found: list[LlamaProcess] = []
    start = LlamaProcess.start

    async def noted(settings: Settings) -> LlamaProcess:
        found.append(await start(settings))
        return found[-1]

    monkeypatch.setattr(LlamaProcess, "start", noted)
    return found
