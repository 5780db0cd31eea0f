"""Configurations with tools: the MCP server of the tests, and what a stand-in model asks of it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tests.support.live import Live, conf, live
from tests.support.waiting import until

SCRIPT = Path(__file__).parent / "mcp_server.py"


def numbers(*arguments: str, **keys: Any) -> dict[str, Any]:
    """Return an entry of mcp_servers.json for the server of the tests."""
    return {"command": sys.executable, "args": [str(SCRIPT), *arguments], **keys}


def write_entries(folder: Path, **servers: Any) -> None:
    """Write mcp_servers.json."""
    (folder / "mcp_servers.json").write_text(json.dumps({"mcp_servers": servers}), "utf-8")


def asking(
    base_url: str,
    *servers: str,
    permissions: Mapping[str, str] = MappingProxyType({"*": "allow"}),
    **changes: Any,
) -> dict[str, Any]:
    """Return a configuration with a model at `base_url` that may use `servers`, unasked."""
    values = conf(
        **{
            "asr": "tests.support.engines:MuteASR",
            "vad": None,
            "llm": "openai_compatible_llm",
            "sections": {
                "openai_compatible_llm": {"base_url": base_url, "model": "small"},
                "tone_tts": {"seconds": 0.05},
            },
            **changes,
        }
    )
    settings = values["character_config"]["agent_config"]["agent_settings"]["basic_memory_agent"]
    settings.update(
        use_mcpp=True, mcp_enabled_servers=list(servers), tool_permissions=dict(permissions)
    )
    return values


def call(name: str, arguments: Mapping[str, Any] | str, index: int = 0) -> dict[str, Any]:
    """Return the whole call of a tool as one piece of a streamed reply."""
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    function = {"name": name, "arguments": text}
    return {"index": index, "id": f"call_{name}_{index}", "type": "function", "function": function}


@contextmanager
def with_tools(folder: Path, values: dict[str, Any], **servers: Any) -> Iterator[Live]:
    """Run a server with an mcp_servers.json beside its conf.yaml."""
    write_entries(folder, **servers)
    with live(folder, values) as running:
        yield running


async def all_started(running: Live) -> None:
    """Wait until no engine is being loaded, and no MCP server is starting.

    Who connects before is told in the middle of a turn that all is loaded.
    """
    await until(lambda: not running.server.condition()[0])
    await asyncio.wrap_future(servers_settled(running))


def servers_settled(running: Live) -> Future[None]:
    """Return what is done once every MCP server is there or has failed to start."""
    return asyncio.run_coroutine_threadsafe(running.server.mcp.settled(), running.loop)


def alive(pid: int) -> bool:
    """Return whether a process is there; one that nobody has waited for yet is not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


async def gone(pid: int, patience_s: float = 20) -> bool:
    """Wait for the end of a process; return whether it came."""
    for _ in range(int(patience_s / 0.05)):
        if not alive(pid):
            return True
        await asyncio.sleep(0.05)
    return False
