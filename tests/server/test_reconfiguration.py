"""A setting that was written and cannot hold is written back."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
import yaml

from open_llm_vtuber.config import load_config
from open_llm_vtuber.config.characters import Characters
from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.pool import EnginePool
from open_llm_vtuber.server.reconfiguration import Reconfiguration
from open_llm_vtuber.weights.store import WeightStore
from tests.support.live import conf

pytestmark = pytest.mark.anyio


async def test_what_cannot_hold_is_written_back(tmp_path: Path) -> None:
    path = tmp_path / "conf.yaml"
    path.write_text(f"# mine\n{yaml.safe_dump(conf(vad=None))}", encoding="utf-8")
    before = path.read_bytes()
    characters = Characters(tmp_path, path, load_config(path).config)

    async def renew() -> None:
        assert path.read_bytes() != before
        characters.read_base()
        raise EngineError("There is no room for another engine.")

    pool, store = cast("EnginePool", None), cast("WeightStore", None)  # nobody is asked for one
    one = Reconfiguration(characters, pool, store, (), renew)
    with pytest.raises(EngineError, match="no room"):
        await one.choose_language("conf.yaml", "de")
    assert path.read_bytes() == before
    assert characters.load("conf.yaml").config.character_config.language == ""
