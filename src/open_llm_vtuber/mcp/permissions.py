"""Which tools may be used: what conf.yaml says of them, and by what a tool is known again."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from ..agent.tools import Permission
from ..config.explain import nearest
from .entries import CLOCK

if TYPE_CHECKING:
    import mcp_types

OTHERS = "*"
"""The key for all that is not named."""
KEY = "agent_config.agent_settings.basic_memory_agent.tool_permissions"


@dataclass(frozen=True)
class Permissions:
    """What the section of an agent says, by `server/tool`, by `server`, or for all others.

    A tool is never found by its own name alone: any server may give its tool the name of another's.
    """

    given: Mapping[str, Permission]

    def of(self, server: str, tool: str, *, ours: bool) -> Permission:
        """Return whether a tool may be used.

        Ours is the clock alone, which runs inside this process and only tells the time. A server
        of mcp_servers.json is a program of somebody else, fetched perhaps in a newer version at
        each start, even where the entry came with this project.
        """
        given = self.given
        chosen = given.get(f"{server}/{tool}") or given.get(server)
        return chosen or ("allow" if ours else given.get(OTHERS, "ask"))

    def problems(self, enabled: Collection[str]) -> list[str]:
        """Return a line for each key that is about no server that the character may use."""
        return [
            f"{KEY}.{key}: there is no such server in mcp_enabled_servers, so this does nothing"
            f"{nearest(key, sorted(enabled))}; write server, server/tool or {OTHERS}"
            for key in self.given
            if key != OTHERS and not any(key == one or key.startswith(f"{one}/") for one in enabled)
        ]


def fingerprint(tool: mcp_types.Tool) -> str:
    """Return what changes with anything that a model is told of a tool."""
    told = [tool.name, tool.description or "", tool.input_schema]
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()


def is_ours(name: str, *, has_entry: bool) -> bool:
    """Return whether a server is the clock of this process, and not one of mcp_servers.json."""
    return name == CLOCK and not has_entry
