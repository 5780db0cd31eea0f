"""mcp_servers.json as typed entries; mistakes are named with their key and mend."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..config import ConfigError
from ..config.explain import nearest
from ..config.source import read_text
from ..config.variables import substitute

FILE, SECTION = "mcp_servers.json", "mcp_servers"
_TOO_DEEP = "is nested too deeply"
CLOCK = "time"
"""The server that is there without an entry."""


class Entry(BaseModel):
    """How one server is started."""

    model_config = ConfigDict(frozen=True)

    command: str = Field(min_length=1)
    args: tuple[str, ...] = ()
    env: dict[str, str] = {}
    cwd: str | None = None
    timeout: float | None = Field(default=None, gt=0)
    """Seconds a call may take."""
    per_connection: bool = False
    """Whether each conversation has a process of its own. An extension."""


@dataclass(frozen=True)
class Entries:
    """What mcp_servers.json holds, good and bad."""

    entries: Mapping[str, Entry]
    problems: Mapping[str, str]
    """By the name of the server, what is wrong with its entry."""
    trouble: str = ""
    """What is wrong with the whole file."""
    idle: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By the name of the server, a line for each key of its entry that means nothing."""

    def problem(self, name: str) -> str:
        """Return why there is no entry `name`, and what to do."""
        if name in self.problems:
            return self.problems[name]
        if self.trouble:
            return self.trouble
        hint = nearest(name, sorted({*self.entries, *self.problems, CLOCK}))
        return f'{FILE}: {SECTION} has no "{name}"{hint or "; add it there"}'


def read_entries(folder: Path, environ: Mapping[str, str] = os.environ) -> Entries:
    """Read the file beside conf.yaml. It blocks; it never fails, but may know of trouble."""
    path = folder / FILE
    if not path.exists():
        text = f'there is no {FILE} beside conf.yaml; the only server without it is "{CLOCK}"'
        return Entries({}, {}, text)
    try:
        servers = _servers(path)
    except ConfigError as error:
        return Entries({}, {}, str(error))
    entries: dict[str, Entry] = {}
    problems: dict[str, str] = {}
    idle: dict[str, Sequence[str]] = {}
    known = list(Entry.model_fields)
    for name, given in servers.items():
        where = f"{FILE}: {SECTION}.{name}"
        if not isinstance(given, Mapping):
            problems[name] = f"{where}: expected an object with a command"
            continue
        try:
            values, unset = substitute(given, environ)
        except RecursionError:
            problems[name] = f"{where}: {_TOO_DEEP}"
            continue
        if unset:
            key, variable = next(iter(unset.items()))
            place = ".".join(map(str, key))
            problems[name] = f"{where}.{place}: the environment variable {variable} is not set"
            continue
        try:
            entries[name] = Entry.model_validate(values)
        except ValidationError as error:
            problems[name] = f"{where}{_explained(error, values)}"
        idle[name] = [
            f"{where}.{key}: unknown key, ignored{nearest(key, known)}"
            for key in values
            if key not in known
        ]
    return Entries(entries, problems, idle=idle)


def _servers(path: Path) -> Mapping[str, object]:
    try:
        content = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        hint = "; JSON has no comments" if "//" in error.doc else ""
        if "escape" in error.msg:
            hint = "; write / or \\\\ for each \\ of a Windows path"
        raise ConfigError([f"{FILE}:{error.lineno}: is not JSON: {error.msg}{hint}"]) from None
    except RecursionError:
        raise ConfigError([f"{FILE}: {_TOO_DEEP}"]) from None
    servers = content.get(SECTION) if isinstance(content, Mapping) else None
    if isinstance(servers, Mapping):
        return servers
    other = content if isinstance(content, Mapping) else {}
    found = [key for key in ("mcpServers", "servers") if key in other]
    hint = f'; rename "{found[0]}"' if found else ""
    raise ConfigError([f'{FILE}: expected {{"{SECTION}": {{...}}}} with the servers by name{hint}'])


def _explained(error: ValidationError, values: Mapping[str, object]) -> str:
    first = error.errors()[0]
    key = ".".join(map(str, first["loc"]))
    if first["type"] == "missing" and "url" in values:
        return ".url: servers at an address are not supported; name a command that connects to it"
    return f".{key}: {'is missing' if first['type'] == 'missing' else first['msg']}"
