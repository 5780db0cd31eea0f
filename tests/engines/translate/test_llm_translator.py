"""A language model that translates: chosen in conf.yaml, and loaded once whoever uses it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from open_llm_vtuber.config import CharacterConfig, ConfigError, load_config
from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.pool import EnginePool
from open_llm_vtuber.engines.translate.base import AnyTranslate
from tests.support.engines import EchoLLM
from tests.support.live import conf

pytestmark = pytest.mark.anyio

ECHO = "tests.support.engines:EchoLLM"
MEMORY = "tests.support.engines:MemoryLLM"


def character(
    folder: Path, translator: dict[str, Any], llms: dict[str, Any] | None = None
) -> CharacterConfig:
    values = conf(llm=ECHO, asr="moonshine_asr", sections=llms or {})
    values["character_config"]["tts_preprocessor_config"] = {"translator_config": translator}
    path = folder / "conf.yaml"
    path.write_text(yaml.safe_dump(values), "utf-8")
    return load_config(path, environ={}).config.character_config


async def translator(pool: EnginePool, config: CharacterConfig) -> AnyTranslate:
    return cast("AnyTranslate", await pool.lease(config.engine("translate")).engine())


async def test_nothing_is_leased_unless_it_is_wanted(tmp_path: Path) -> None:
    config = character(tmp_path, {"translate_audio": False, "llm": {"target_lang": "French"}})
    assert [choice.kind for choice in config.engines()] == ["vad", "asr", "llm", "tts", "agent"]
    with pytest.raises(LookupError, match="no translation engine"):
        config.engine("translate")


async def test_the_language_model_of_the_character_translates_and_is_loaded_once(
    tmp_path: Path, pool: EnginePool
) -> None:
    config = character(
        tmp_path, {"translate_audio": True}, {"echo_llm": {"reply": " Bonjour à vous. "}}
    )
    own = pool.lease(config.engine("llm"))
    engine = await translator(pool, config)
    assert engine.name == "llm"
    assert await engine.in_turn("Hello there.") == "Bonjour à vous."
    llm = await own.engine()
    assert isinstance(llm, EchoLLM)
    assert await engine.other("llm_provider") is llm
    own.release()
    assert await engine.in_turn("Hello again.") == "Bonjour à vous."  # it still has its share


async def test_another_of_the_language_models_can_be_named(
    tmp_path: Path, pool: EnginePool
) -> None:
    section = {"llm_provider": MEMORY, "target_lang": "German"}
    config = character(tmp_path, {"translate_audio": True, "llm": section})
    engine = await translator(pool, config)
    assert engine.target == "German"
    assert await engine.in_turn("Was it you?") == "user: Was it you?"
    assert (await engine.other("llm_provider")).name == "memory_llm"


async def test_what_has_no_word_is_not_asked_for(tmp_path: Path, pool: EnginePool) -> None:
    config = character(tmp_path, {"translate_audio": True}, {"echo_llm": {"reply": "Asked!"}})
    engine = await translator(pool, config)
    for text in ("", " ", "…", "42!", "🙂"):
        assert await engine.in_turn(text) == text


async def test_a_translation_that_takes_too_long_or_is_none_is_told(
    tmp_path: Path, pool: EnginePool
) -> None:
    slow = character(tmp_path, {"translate_audio": True}, {"echo_llm": {"delay_s": 60}})
    engine = await translator(pool, slow)
    with pytest.raises(EngineError, match=r"longer than 0.05 s .*translate_timeout_s"):
        await engine.in_turn("Hello.", timeout_s=0.05)
    llm = cast("EchoLLM", await engine.other("llm_provider"))
    assert llm.active == 0
    assert not engine.busy
    mute = character(tmp_path, {"translate_audio": True}, {"echo_llm": {"reply": " "}})
    with pytest.raises(EngineError, match="no translation"):
        await (await translator(pool, mute)).in_turn("Hello.")


async def test_a_cancelled_translation_stops_the_language_model(
    tmp_path: Path, pool: EnginePool
) -> None:
    config = character(tmp_path, {"translate_audio": True}, {"echo_llm": {"delay_s": 60}})
    engine = await translator(pool, config)
    llm = cast("EchoLLM", await engine.other("llm_provider"))
    call = asyncio.create_task(engine.in_turn("Hello."))
    while not llm.active:
        await asyncio.sleep(0.001)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert llm.active == 0


async def test_characters_that_differ_in_language_share_the_translator(
    tmp_path: Path, pool: EnginePool
) -> None:
    engines = []
    for language in ("French", "Korean"):
        section = {"llm_provider": ECHO, "target_lang": language}
        config = character(tmp_path, {"translate_audio": True, "llm": section})
        lease = pool.lease(config.engine("translate"))
        engines.append((cast("AnyTranslate", await lease.engine()).target, lease.entry))
    assert [language for language, _ in engines] == ["French", "Korean"]
    assert engines[0][1] is engines[1][1]


async def test_the_key_of_a_language_model_that_only_translates_has_to_be_there(
    tmp_path: Path, pool: EnginePool
) -> None:
    section = {"translate_audio": True, "llm": {"llm_provider": "groq_llm"}}
    llms = {"groq_llm": {"llm_api_key": "${GROQ_KEY}"}, "openai_llm": {"llm_api_key": "${OTHER}"}}
    with pytest.raises(ConfigError) as caught:
        character(tmp_path, section, llms)
    (mistake,) = caught.value.problems
    assert "GROQ_KEY is not set" in mistake
    config = character(tmp_path, section, {"groq_llm": {}})
    with pytest.raises(EngineError, match=r"llm_configs\.groq_llm\.llm_api_key"):
        await pool.lease(config.engine("translate")).engine()


async def test_a_character_without_a_language_model_has_to_name_one(
    tmp_path: Path, pool: EnginePool
) -> None:
    config = character(tmp_path, {"translate_audio": True})
    alone = replace(config.engine("translate"), uses={})
    with pytest.raises(EngineError, match="'llm_provider'"):
        await pool.lease(alone).engine()
