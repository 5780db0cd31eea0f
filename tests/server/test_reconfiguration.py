"""A setting that was written and cannot hold is written back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import cast

import pytest
import yaml

from open_llm_vtuber.agent.basic_memory_agent import BasicMemoryConfig
from open_llm_vtuber.config import load_config
from open_llm_vtuber.config.characters import Characters
from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.pool import EnginePool
from open_llm_vtuber.server.reconfiguration import Reconfiguration
from open_llm_vtuber.weights.store import WeightStore
from tests.support.live import conf

pytestmark = pytest.mark.anyio


def configured(folder: Path) -> tuple[Path, Characters]:
    """Write a conf.yaml and return where it is, with the characters of its folder."""
    path = folder / "conf.yaml"
    path.write_text(f"# mine\n{yaml.safe_dump(conf(vad=None))}", encoding="utf-8")
    return path, Characters(folder, path, load_config(path).config)


def owner(characters: Characters, renew: Callable[[], Awaitable[None]]) -> Reconfiguration:
    """Return what writes the configuration, where nobody is asked for an engine."""
    pool, store = cast("EnginePool", None), cast("WeightStore", None)
    return Reconfiguration(characters, pool, store, (), renew)


async def test_what_cannot_hold_is_written_back(tmp_path: Path) -> None:
    path, characters = configured(tmp_path)
    before = path.read_bytes()

    async def renew() -> None:
        assert path.read_bytes() != before
        characters.read_base()
        raise EngineError("There is no room for another engine.")

    one = owner(characters, renew)
    with pytest.raises(EngineError, match="no room"):
        await one.choose_language("conf.yaml", "de")
    assert path.read_bytes() == before
    assert characters.load("conf.yaml").config.character_config.language == ""


async def test_where_nothing_had_to_be_written_nothing_is_written_back(tmp_path: Path) -> None:
    path, characters = configured(tmp_path)
    fails = False

    async def renew() -> None:
        if fails:
            raise EngineError("There is no room for another engine.")

    one = owner(characters, renew)
    await one.choose_language("conf.yaml", "de")
    edited = path.read_bytes() + b"# added by hand\n"
    path.write_bytes(edited)
    fails = True
    with pytest.raises(EngineError, match="no room"):
        await one.choose_language("conf.yaml", "de")
    assert path.read_bytes() == edited


async def test_what_somebody_wrote_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    path, characters = configured(tmp_path)
    edited = b""

    async def renew() -> None:
        nonlocal edited
        edited = path.read_bytes() + b"# added by hand\n"
        path.write_bytes(edited)
        raise EngineError("There is no room for another engine.")

    with pytest.raises(EngineError, match="no room"):
        await owner(characters, renew).choose_language("conf.yaml", "de")
    assert path.read_bytes() == edited


async def test_that_she_remembers_nothing_is_written_where_her_agent_is(tmp_path: Path) -> None:
    path, characters = configured(tmp_path)
    renewed: list[bool] = []

    async def renew() -> None:
        characters.read_base()
        renewed.append(remembers(characters, "conf.yaml"))

    one = owner(characters, renew)
    assert await one.choose_remembering("conf.yaml", remembers=False) == "conf.yaml"
    assert await one.choose_remembering("conf.yaml", remembers=True) == "conf.yaml"
    assert renewed == [False, True]
    assert path.read_text("utf-8").startswith("# mine\n")
    (tmp_path / "characters").mkdir()
    own = tmp_path / "characters" / "pirate.yaml"
    own.write_text("character_config:\n  conf_name: pirate\n  conf_uid: pirate\n", "utf-8")
    assert await one.choose_remembering("pirate.yaml", remembers=False) == "pirate.yaml"
    assert not remembers(characters, "pirate.yaml")
    assert remembers(characters, "conf.yaml")


async def test_an_agent_that_remembers_elsewhere_is_not_asked_to(tmp_path: Path) -> None:
    path, characters = configured(tmp_path)
    values = yaml.safe_load(path.read_text("utf-8"))
    values["character_config"]["agent_config"]["conversation_agent_choice"] = "mem0_agent"
    path.write_text(yaml.safe_dump(values), "utf-8")
    characters.read_base()
    before = path.read_bytes()

    async def renew() -> None:
        raise AssertionError("nothing was to be written")

    with pytest.raises(EngineError, match="elsewhere"):
        await owner(characters, renew).choose_remembering("conf.yaml", remembers=False)
    assert path.read_bytes() == before


def remembers(characters: Characters, filename: str) -> bool:
    agent = characters.load(filename).config.character_config.engine("agent")
    assert isinstance(agent.config, BasicMemoryConfig)
    return agent.config.remembers
