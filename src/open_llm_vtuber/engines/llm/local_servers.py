"""The servers of language models that people run on their own computers, and which of them run now.

They are told apart by the port that each has unless its owner chose another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson

from ...http_errors import Service
from ...http_settings import is_loopback
from ..base import EngineError, Resources

LOOK_S = 1.0
"""How long one of them may take to answer; on this computer they take some milliseconds."""
MAX_MODELS = 500


@dataclass(frozen=True)
class LocalServer:
    """A program that serves models over HTTP."""

    name: str
    port: int
    engine: str
    """Which engine of ours asks it."""
    start: str
    """How it is started."""
    listing: str = "/v1/models"
    """Where it lists its models."""

    @property
    def base_url(self) -> str:
        """Its address as conf.yaml has it."""
        return f"http://localhost:{self.port}/v1"

    @property
    def hint(self) -> str:
        """What a person is asked who waits for it."""
        return f"is {self.name} running ({self.start})"


LOCAL_SERVERS: Sequence[LocalServer] = (
    LocalServer("Ollama", 11434, "ollama_llm", "`ollama serve`", "/api/tags"),
    LocalServer("LM Studio", 1234, "lmstudio_llm", "its Developer tab, or `lms server start`"),
    LocalServer("llama-server", 8080, "openai_compatible_llm", "`llama-server -m MODEL.gguf`"),
)


@dataclass(frozen=True)
class RunningServer:
    """One that answered."""

    server: LocalServer
    base_url: str
    models: tuple[str, ...]
    """Those it can load, as it spells them."""


def known_server(base_url: str) -> LocalServer | None:
    """Return which program is likely to be meant by an address of this computer."""
    parts = urlsplit(base_url)
    if not is_loopback(parts.hostname or ""):
        return None
    return next((one for one in LOCAL_SERVERS if one.port == parts.port), None)


async def discover(
    resources: Resources, servers: Sequence[LocalServer] = LOCAL_SERVERS
) -> list[RunningServer]:
    """Return which of `servers` answer on this computer, and with which models; all at once."""
    found = await asyncio.gather(*(_look(resources, server) for server in servers))
    return [one for one in found if one is not None]


async def _look(resources: Resources, server: LocalServer) -> RunningServer | None:
    service = Service(server.name, f"http://127.0.0.1:{server.port}")
    client = await asyncio.to_thread(resources.http, service, connect_s=LOOK_S, silence_s=LOOK_S)
    try:
        # It may be any program that has this port: where it leads to is not asked.
        asked = client.request("GET", server.listing, follow_redirects=False)
        body = await asyncio.wait_for(asked, LOOK_S)
        return RunningServer(server, server.base_url, listed(body))
    except (EngineError, asyncio.TimeoutError, ValueError):
        return None  # it does not run, or something else does at its port
    finally:
        await client.close()


def listed(body: bytes) -> tuple[str, ...]:
    """Return the names in a list of models: `data` of `/v1/models`, `models` of `/api/tags`.

    Raises ValueError where it is no such list.
    """
    try:
        found = orjson.loads(body)
    except ValueError:
        found = None
    entries = found.get("data", found.get("models")) if isinstance(found, Mapping) else None
    if not isinstance(entries, list):
        raise ValueError("no list of models")  # noqa: TRY004 - it is a text that is wrong
    names = [_name(entry) for entry in entries[:MAX_MODELS]]
    return tuple(dict.fromkeys(name for name in names if name))


def _name(entry: Any) -> str:
    if not isinstance(entry, Mapping):
        return ""
    name = entry.get("id") or entry.get("name") or entry.get("model")
    return name if isinstance(name, str) else ""
