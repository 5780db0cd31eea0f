"""`--check`: tries every engine of the configuration for real, and says how to mend what fails."""

from __future__ import annotations

import asyncio
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from ..agent.basic_memory_agent import LLMAgentConfig
from ..agent.prompts import Prompts
from ..config import Config, ConfigError, LoadedConfig
from ..config.characters import Characters
from ..conversation.speaking.feelings import Faces
from ..engines import registry
from ..engines.base import EngineError, Resources
from ..engines.kinds import KINDS
from ..engines.pool import EnginePool
from ..engines.registry import EngineChoice
from ..engines.trial import Stopwatch, Trial
from ..live2d.models import emotions, load_model_info, model_problems
from ..mcp.entries import FILE, read_entries
from ..mcp.permissions import Permissions
from ..mcp.servers import McpServers
from .nearby import nearby

PATIENCE_S = 300.0
"""For one engine, its weights already fetched."""


@dataclass(frozen=True)
class Finding:
    """What became of one engine, or of an MCP server."""

    label: str
    """Of the kind of engine, or "MCP"."""
    name: str
    ok: bool
    load_s: float
    text: str
    """How fast it is, or what is wrong and how to mend it."""


async def check(config: Config, resources: Resources, folder: Path) -> list[Finding]:
    """Try the engines one after another; one that fails does not keep the others from it.

    Then the MCP servers of `folder`, that of conf.yaml, are tried.
    """
    pool = EnginePool(resources)
    engines = config.character_config.all_engines()
    engines.sort(key=lambda choice: KINDS[choice.kind].trial)
    trial = Trial()
    try:
        findings = [await _try(choice, pool, trial) for choice in engines]
    finally:
        await pool.close()
    others = [
        Finding("LLM", name, True, 0.0, text) for name, text in await nearby(engines, resources)
    ]
    return [*findings, *others, *await _tools(config, folder)]


async def _tools(config: Config, folder: Path) -> list[Finding]:
    """Start the MCP servers of the configured character, if it may use any."""
    settings = config.character_config.engine("agent").config
    if not isinstance(settings, LLMAgentConfig):
        return []
    mcp = McpServers(folder, config.system_config.limits)
    started = time.perf_counter()
    try:
        await mcp.lend(settings)
        found = await mcp.findings()
    finally:
        await mcp.close()
    load_s = time.perf_counter() - started
    return [
        Finding("MCP", name, not failure, load_s, failure or f"{count} tool{'s' * (count != 1)}")
        for name, count, failure in found
    ]


def look_over(loaded: LoadedConfig, config_path: Path) -> list[str]:
    """Return a line for each thing in the user's files that does nothing or cannot be read."""
    folder, character = config_path.parent, loaded.config.character_config
    characters = Characters(folder, config_path, loaded.config, loaded.warnings)
    chosen = loaded.config.system_config.tool_prompts | character.tool_prompts
    prompts = Prompts(folder, chosen, character.spoken_language)
    settings = character.engine("agent").config
    tools: list[str] = []
    if isinstance(settings, LLMAgentConfig) and settings.use_mcpp and (folder / FILE).exists():
        entries = read_entries(folder)
        tools += [entries.trouble] if entries.trouble else []
        for name in settings.mcp_enabled_servers:
            tools += entries.idle.get(name, ())
    if isinstance(settings, LLMAgentConfig) and settings.use_mcpp:
        tools += Permissions(settings.tool_permissions, settings.mcp_enabled_servers).problems()
    models = _model_problems(characters, folder)
    return [
        *_host_problems(config_path.name, loaded.config.system_config.host),
        *loaded.warnings,
        *registry.problems(),
        *prompts.problems,
        *tools,
        *models,
        *characters.findings(),
    ]


def _host_problems(file: str, host: str) -> list[str]:
    """Return what keeps a server from listening at `host`, on a port that nobody else has."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host or None, 0, type=socket.SOCK_STREAM)[
            0
        ]
        with socket.socket(family, kind) as probe:
            probe.bind(address)
    except (OSError, UnicodeError):
        return [
            f"{file}: system_config.host: {host} is no name or address of this computer; "
            "localhost is for this computer alone, 0.0.0.0 lets others connect"
        ]
    return []


def _model_problems(characters: Characters, folder: Path) -> list[str]:
    """Return what is wrong with how the characters are drawn, once for each model and table."""
    wanted: dict[tuple[str, tuple[tuple[str, str], ...]], str] = {}
    for file in characters.list():
        try:
            config = characters.load(file.filename).config
        except ConfigError:
            continue  # told by `findings`
        character = config.character_config
        words = tuple(character.face_config.words.items())
        wanted.setdefault((character.live2d_model_name, words), file.filename)
    lines: list[str] = []
    for (name, words), filename in wanted.items():
        info = load_model_info(folder, name)
        found = model_problems(folder, name, info)
        own = [f"{filename}: {one}" if one.startswith("live2d_model") else one for one in found]
        own += [f"{filename}: {one}" for one in Faces(emotions(info), dict(words)).problems()]
        lines += [line for line in own if line not in lines]
    return lines


def table(findings: list[Finding], warnings: list[str], config_path: Path) -> str:
    """Return the findings, and the lines of `look_over`, for the terminal."""
    rows = [("", "engine", "name", "loaded in", "")]
    for one in findings:
        mark, load = ("ok", f"{one.load_s:.1f} s") if one.ok else ("FAILED", "")
        rows.append((mark, one.label, one.name, load, one.text))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        lines.append("  ".join([*cells, row[4]]).rstrip())
    if warnings:
        lines += ["\nThis does nothing, or not what it says:", *(f"  {one}" for one in warnings)]
    failed = sum(not one.ok for one in findings)
    if failed:
        lines.append(f"\n{failed} of {len(findings)} cannot be used; see {config_path.name}.")
    elif warnings:
        lines.append("\nEvery engine works; the rest is as listed above.")
    else:
        lines.append(f"\nEverything in {config_path.name} works.")
    return "\n".join(lines)


async def _try(choice: EngineChoice, pool: EnginePool, trial: Trial) -> Finding:
    """Load an engine and let it do what it is for."""
    label, loading, load_s = KINDS[choice.kind].label, Stopwatch(), 0.0
    try:
        engine = await pool.lease(choice).engine()
        load_s = loading.ms / 1000
        text = await asyncio.wait_for(engine.trial(trial), PATIENCE_S)
    except EngineError as error:
        if KINDS[choice.kind].optional:
            return Finding(label, choice.name, True, load_s, f"All goes without it: {error}")
        return Finding(label, choice.name, False, load_s, str(error))
    except asyncio.TimeoutError:
        text = f"It did not answer within {PATIENCE_S:.0f} s."
        return Finding(label, choice.name, False, load_s, text)
    return Finding(label, choice.name, True, load_s, text)
