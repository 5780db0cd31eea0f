"""Who uses the small language model is told of the servers that run on this computer."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from open_llm_vtuber.cli.nearby import nearby
from open_llm_vtuber.engines.llm.local_servers import LocalServer
from open_llm_vtuber.engines.registry import EngineChoice, find
from tests.engines.llm.conftest import Weights
from tests.engines.llm.openai_server import Reply, openai_server

pytestmark = pytest.mark.anyio


def chosen(name: str, **keys: str) -> EngineChoice:
    return EngineChoice("llm", name, name, find("llm", name).Config(**keys))


async def test_a_server_that_runs_here_is_named_with_its_models(tmp_path: Path) -> None:
    tags = {"models": [{"name": f"model-{number}"} for number in range(7)]}
    async with openai_server() as service:
        service.models = Reply(body=orjson.dumps(tags))
        port = int(service.base_url.rpartition(":")[2].partition("/")[0])
        servers = [LocalServer("Ollama", port, "ollama_llm", "", "/api/tags")]
        small = [chosen("llama_cpp_llm")]
        ((engine, line),) = await nearby(small, Weights(tmp_path), servers)
        assert engine == "ollama_llm"
        assert "Ollama runs here with model-0, model-1" in line
        assert "and 2 more" in line
        assert f"http://localhost:{port}/v1" in line
        others = [[chosen("llama_cpp_llm", model_path="a.gguf")], [chosen("ollama_llm")], []]
        for choices in others:
            assert not await nearby(choices, Weights(tmp_path), servers)
        service.models = Reply(body=b'{"models": []}')
        assert not await nearby(small, Weights(tmp_path), servers)
