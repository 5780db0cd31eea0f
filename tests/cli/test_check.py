"""What `--check` finds of an engine that one can do without."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from open_llm_vtuber.cli.check import check, table
from open_llm_vtuber.config import load_config
from open_llm_vtuber.weights.store import WeightStore
from tests.support.live import conf

pytestmark = pytest.mark.anyio


async def test_a_turn_detector_that_cannot_be_had_is_no_failure(tmp_path: Path) -> None:
    path = tmp_path / "conf.yaml"
    values = conf(asr="tests.support.engines:MuteASR", turn="tests.web.failing:FailingTurn")
    values["character_config"]["vad_config"] = {"vad_model": "tests.support.scarce:LoudVAD"}
    path.write_text(yaml.safe_dump(values), "utf-8")
    findings = await check(load_config(path).config, WeightStore(tmp_path / "models"), tmp_path)
    (found,) = [one for one in findings if one.label == "turn detection"]
    assert found.ok
    assert found.text == "All goes without it: failing_turn: its weights could not be fetched."
    assert "cannot be used" not in table([found], [], path)
