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


Given = Mapping[str, Permission | Mapping[str, Permission]]
"""By `server/tool`, by `server`, or for all others; under a server's name also by tool."""


@dataclass(frozen=True)
class _Meant:
    """What a key is about: a tool, or where that is "*" all other tools of a server."""

    server: str
    tool: str


class Permissions:
    """What the section of an agent says of the tools of some servers.

    A tool is never found by its own name alone: any server may give its tool the name of another's.
    Names of servers, and of tools, may have a slash in them; a key that can be read in two ways
    allows nothing.
    """

    def __init__(self, given: Given, servers: Collection[str] = ()) -> None:
        """`servers` are those that the character may use; else they are guessed from the keys."""
        self._others: Permission | None = None
        self._given = given
        self._servers = servers or {key.partition("/")[0] for key in given}
        self._chosen: dict[_Meant, Permission] = {}
        tools: dict[_Meant, Permission] = {}
        for key, said in given.items():
            if isinstance(said, str):
                if key == OTHERS:
                    self._others = said
                meant = self._readings(key)
                careful = "ask" if len(meant) > 1 and said == "allow" else said
                self._chosen |= dict.fromkeys(meant, careful)
            else:
                tools |= {_Meant(key, tool): permission for tool, permission in said.items()}
        self._chosen |= tools  # which cannot be misread

    def of(self, server: str, tool: str, *, ours: bool) -> Permission:
        """Return whether a tool may be used.

        Ours is the clock alone, which runs inside this process and only tells the time. A server
        of mcp_servers.json is a program of somebody else, fetched perhaps in a newer version at
        each start, even where the entry came with this project.
        """
        by_name = self._chosen.get(_Meant(server, tool))
        chosen = by_name or self._chosen.get(_Meant(server, OTHERS))
        return chosen or ("allow" if ours else self._others or "ask")

    def problems(self) -> list[str]:
        """Return a line for each key that is about no server that may be used, or about two."""
        lines = []
        for key, said in self._given.items():
            meant = self._readings(key) if isinstance(said, str) else [_Meant(key, OTHERS)]
            known = any(one.server in self._servers for one in meant)
            if len(meant) > 1:
                either = " or ".join(_worded(one) for one in meant)
                lines.append(
                    f"{KEY}.{key}: this can mean {either}, so it allows nothing; write the tool "
                    f"under its server: {meant[0].server}: {{{meant[0].tool}: {said}}}"
                )
            elif key != OTHERS and not known:
                near = nearest(key, sorted(self._servers))
                lines.append(
                    f"{KEY}.{key}: there is no such server in mcp_enabled_servers, so this does "
                    f"nothing{near}; write server, server/tool or {OTHERS}"
                )
        return lines

    def _readings(self, key: str) -> list[_Meant]:
        """Return what a key can be about, of the servers that may be used."""
        if key == OTHERS:
            return []
        found = [
            _Meant(server, key[len(server) + 1 :])
            for server in self._servers
            if key.startswith(f"{server}/")
        ]
        return [*found, _Meant(key, OTHERS)] if key in self._servers or not found else found


def _worded(meant: _Meant) -> str:
    if meant.tool == OTHERS:
        return f"all tools of {meant.server}"
    return f"{meant.tool} of {meant.server}"


def fingerprint(tool: mcp_types.Tool) -> str:
    """Return what changes with anything that a model is told of a tool."""
    told = [tool.name, tool.description or "", tool.input_schema]
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()


def is_ours(name: str, *, has_entry: bool) -> bool:
    """Return whether a server is the clock of this process, and not one of mcp_servers.json."""
    return name == CLOCK and not has_entry
