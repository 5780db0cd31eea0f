"""The JSON Schema of conf.yaml takes what the program takes, and underlines what it would tell."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import httpx
import pytest
import yaml
from jsonschema import Draft202012Validator

from open_llm_vtuber.config.json_schema import conf_schema
from open_llm_vtuber.engines.kinds import KINDS
from open_llm_vtuber.engines.registry import engines
from tests.conftest import Serve
from tests.support.live import PROJECT, conf
from tests.support.stock import LANGUAGES, VERSIONS, stock

SHIPPED: dict[str, Any] = yaml.safe_load((PROJECT / "conf.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    found = conf_schema()
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found)


def changed(path: str, value: object) -> dict[str, Any]:
    """Return the shipped conf.yaml with another value at `path`."""
    found = deepcopy(SHIPPED)
    *sections, key = path.split(".")
    section = found
    for one in sections:
        section = section.setdefault(one, {})
    section[key] = value
    return found


def test_it_takes_the_shipped_file(schema: Draft202012Validator) -> None:
    assert [*schema.iter_errors(SHIPPED)] == []


@pytest.mark.parametrize("file", sorted((PROJECT / "characters").glob("*.yaml")))
def test_it_takes_the_characters(schema: Draft202012Validator, file: Any) -> None:
    character = yaml.safe_load(file.read_text("utf-8"))["character_config"]
    whole = {**SHIPPED["character_config"], **character}
    assert [*schema.iter_errors({**SHIPPED, "character_config": whole})] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("version", VERSIONS)
def test_it_takes_the_stock_files(
    schema: Draft202012Validator, version: str, language: str
) -> None:
    assert [*schema.iter_errors(stock(version, language))] == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("system_config.port", "${PORT}"),
        ("system_config.port", None),
        ("system_config", None),
        ("character_config.asr_config.asr_model", "my_package.ears:Ears"),
        ("character_config.tts_config.a_plugin", {"loud": True}),
        ("character_config.vad_config.vad_model", None),
        ("character_config.vad_config.silero_vad.prob_threshold", "${P}"),
        ("character_config.vad_config.silero_vad.prob_threshold", "0.4"),
        ("character_config.tts_config.gpt_sovits_tts", {"batch_size": "1"}),
        ("character_config.tts_config.gpt_sovits_tts", {"streaming_mode": True}),
        ("character_config.tts_config.gpt_sovits_tts", {"streaming_mode": 2}),
        ("character_config.tts_config.minimax_tts", {"group_id": 1234567890}),
        ("character_config.tts_config.azure_tts", {"pitch": 26, "rate": 1}),
        ("system_config.enable_proxy", "true"),
    ],
)
def test_it_takes_what_is_read(schema: Draft202012Validator, path: str, value: object) -> None:
    assert [*schema.iter_errors(changed(path, value))] == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("system_config.prot", 1),
        ("system_config.port", "many"),
        ("system_config.enable_proxy", "perhaps"),
        ("character_config.conf_uid", ""),
        ("character_config.conf_name", 5),
        ("character_config.asr_config.asr_model", "moonshin"),
        ("character_config.asr_config.faster_whisper.model", "base"),
        ("character_config.vad_config.silero_vad.prob_threshold", 2),
        ("character_config.agent_config.agent_settings.basic_memory_agent.llm_provider", "gpt"),
        ("charakter_config", {}),
    ],
)
def test_it_underlines_mistakes(schema: Draft202012Validator, path: str, value: object) -> None:
    assert [*schema.iter_errors(changed(path, value))] != []


@pytest.mark.parametrize("kind", KINDS)
def test_it_has_every_engine(schema: Draft202012Validator, kind: str) -> None:
    record = KINDS[kind]
    for name, engine in engines(kind).items():
        fields = engine.Config.model_fields
        section = {key: one.default for key, one in fields.items() if not one.is_required()}
        section |= {key: "${ANY}" for key, one in fields.items() if one.is_required()}
        section = {key: one for key, one in section.items() if isinstance(one, str | int | float)}
        path = ".".join((*record.sections, name))
        assert [*schema.iter_errors(changed(path, section))] == [], name
        assert [*schema.iter_errors(changed(f"{path}.no_such_key", 1))] != [], name


def test_a_server_has_it_with_its_plugins(serve: Serve) -> None:
    found = httpx.get(f"{serve(conf()).url}/conf.schema.json")
    assert found.json() == conf_schema()
