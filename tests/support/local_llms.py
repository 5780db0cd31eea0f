"""A stand-in for Ollama on this computer, and how a server is told where to look for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import yaml

from open_llm_vtuber.engines.llm.local_servers import LocalServer
from tests.engines.llm.openai_server import OpenAIServer, Reply, openai_server


@asynccontextmanager
async def ollama(*models: str) -> AsyncIterator[tuple[OpenAIServer, LocalServer]]:
    """Serve Ollama's API with these models; what it says of them is what Ollama says."""
    async with openai_server() as service:
        has(service, *models)
        port = int(service.base_url.rpartition(":")[2].partition("/")[0])
        yield service, LocalServer("Ollama", port, "ollama_llm", "`ollama serve`", "/api/tags")


def has(service: OpenAIServer, *models: str) -> None:
    """Let it have these models: https://docs.ollama.com/api/tags."""
    listed = [{"name": name, "model": name, "size": 1} for name in models]
    service.models = Reply(body=orjson.dumps({"models": listed}))


def commented(values: dict[str, Any]) -> str:
    """Return a conf.yaml with a remark at the end of many a line, and an unknown key."""
    lines = yaml.safe_dump({**values, "of_ours": [1, 2]}, sort_keys=False).splitlines()
    said = [f"{line}  # line {number}" for number, line in enumerate(lines)]
    return "\n".join(["# ours", *said, "", "# the end", ""])
