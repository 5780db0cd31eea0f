"""What a page is told of the settings: hints that come from the models, and no secret."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from open_llm_vtuber.config import ConfigError
from open_llm_vtuber.config.editing import REMOVED, Change
from open_llm_vtuber.config.settings import SettingsSchema
from open_llm_vtuber.config.source import Location
from open_llm_vtuber.engines.kinds import KINDS
from tests.support.live import PROJECT

SCHEMA = SettingsSchema()
CHARACTER = "character_config"
TTS = (CHARACTER, "tts_config")
LLMS = (CHARACTER, "agent_config", "llm_configs")
AGENTS = (CHARACTER, "agent_config", "agent_settings")
AGENT = (*AGENTS, "basic_memory_agent")


def fields(schema: dict[str, Any], at: Location = ()) -> Iterator[tuple[Location, dict[str, Any]]]:
    """Yield every key that can be set, with what is told of it."""
    while "$ref" in schema:
        schema = SCHEMA.schema["$defs"][schema["$ref"].rpartition("/")[2]]
    for name, inner in schema.get("properties", {}).items():
        below = list(fields(inner, (*at, name)))
        yield from below or [((*at, name), inner)]


FIELDS = {at: found for at, found in fields(SCHEMA.schema) if "$ref" not in found}


@pytest.mark.parametrize(
    ("location", "change"),
    [
        ((CHARACTER, "language"), "de"),
        ((CHARACTER, "persona_prompt"), "You are."),
        ((CHARACTER, "greeting"), "Hey!"),
        ((CHARACTER, "example_dialogue"), [{"human": "a", "character": "b"}]),
        ((*TTS, "tts_model"), "edge_tts"),
        ((*TTS, "tts_model"), REMOVED),
        ((*TTS, "fallback"), ""),
        ((*TTS, "edge_tts", "voice"), "de-DE-KatjaNeural"),
        ((*TTS, "kokoro_tts", "speed"), 1.2),
        ((*LLMS, "openai_llm", "model"), "gpt-5"),
        ((*LLMS, "openai_llm", "llm_api_key"), "abc"),
        ((*AGENT, "llm_provider"), "ollama_llm"),
        ((*AGENT, "remembers"), False),
        (("system_config", "limits", "max_connections"), 3),
    ],
)
def test_what_a_page_may_set_by_itself(location: Location, change: Change) -> None:
    assert not SCHEMA.is_dangerous(location, change)


@pytest.mark.parametrize(
    ("location", "change"),
    [
        ((*TTS, "tts_model"), "os:system"),
        ((*TTS, "fallback"), "os:system"),
        ((*TTS, "piper_tts", "model_path"), "/etc/passwd"),
        ((*TTS, "supertonic_tts", "voice"), "/etc/passwd"),
        ((*TTS, "gpt_sovits_tts", "ref_audio_path"), "/etc/passwd"),
        ((*TTS, "edge_tts", "proxy"), "http://else.example"),
        ((*TTS, "azure_tts", "region"), "else.example/"),
        ((CHARACTER, "asr_config", "sherpa_onnx_asr", "tokens"), "x"),
        ((*LLMS, "openai_llm", "base_url"), "http://else.example"),
        ((*LLMS, "llama_cpp_llm", "model_path"), "x.gguf"),
        ((*AGENT, "llm_provider"), "os:system"),
        ((*AGENT, "use_mcpp"), True),
        ((*AGENT, "mcp_enabled_servers"), ["shell"]),
        ((*AGENT, "tool_permissions"), {"*": "allow"}),
        ((*AGENTS, "mem0_agent", "vector_store"), {"provider": "x", "config": {"path": "/etc"}}),
        ((CHARACTER, "conf_uid"), "../x"),
        ((CHARACTER, "tool_prompts"), {"a": "../../x"}),
        (("system_config", "host"), "0.0.0.0"),
        (("system_config", "port"), 80),
        (("system_config", "access_token"), "none"),
        (("system_config", "access_token"), REMOVED),
        (("system_config", "allowed_origins"), ["http://else.example"]),
        (("system_config", "enable_proxy"), True),
        (("system_config", "history_url"), "sqlite:////etc/x"),
    ],
)
def test_what_could_run_or_open_something_is_dangerous(location: Location, change: Change) -> None:
    assert SCHEMA.is_dangerous(location, change)


def test_every_text_that_nobody_declared_is_dangerous() -> None:
    words = ("path", "url", "dir", "host", "endpoint")
    for at, found in FIELDS.items():
        if "enum" not in found and any(word in str(at[-1]).split("_") for word in words):
            assert found.get("danger"), at


def test_each_engine_can_be_chosen_and_is_described() -> None:
    for kind in KINDS.values():
        found = FIELDS[kind.selector]
        assert kind.default in found["enum"]
        assert all(found["labels"].values())
    fallback = (*TTS, "fallback")
    assert FIELDS[fallback]["enum"][0] == ""


def test_a_section_tells_its_group_and_when_it_counts() -> None:
    definitions = SCHEMA.schema["$defs"]
    groups = {name: one.get("group") for name, one in definitions.items() if one.get("group")}
    assert set(groups.values()) == {"voice", "ears", "mind", "character", "server"}
    assert groups["TTSConfig"] == "voice"
    assert groups["CharacterConfig"] == "character"
    restart = {name for name, one in definitions.items() if one.get("restart")}
    assert restart == {"SystemConfig", "LiveConfig"}


def test_every_key_that_holds_a_secret_says_so() -> None:
    others = {"secret", "access_token", "deeplx_token", "secret_id", "secret_key", "sessdata"}
    for at, found in FIELDS.items():
        name = str(at[-1])
        assert bool(found.get("secret")) == (name.endswith("api_key") or name in others), at


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ((), "no such setting"),
        (("system_config", "prot"), "no such setting"),
        ((*TTS, "edge_tts", "voice", "x"), "no such setting"),
        ((*TTS, "edge_tts"), "set its keys one by one"),
        (("system_config",), "set its keys one by one"),
    ],
)
def test_what_is_no_key_is_refused(location: Location, why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        SCHEMA.field(location)


def test_no_secret_is_told() -> None:
    values = yaml.safe_load(
        (PROJECT / "tests" / "config" / "data" / "full.yaml").read_text("utf-8")
    )
    planted = "planted0123456789"
    values["system_config"]["access_token"] = planted
    values["system_config"]["history_url"] = f"postgresql+asyncpg://me:{planted}@host/db"
    values["system_config"]["proxy_url"] = f"ws://host/client-ws?token={planted}"
    values["mine"] = {"my_key": planted, "deep": [{"Authorization": f"Bearer {planted}"}]}
    llms = values[CHARACTER]["agent_config"]["llm_configs"]
    llms["openai_llm"]["llm_api_key"] = "${PLANTED}"
    llms["gemini_llm"]["llm_api_key"] = "${ABSENT}"
    llms["ollama_llm"]["llm_api_key"] = "none"
    llms["someone_llm"] = {"llm_api_key": planted, "openai_key": planted}
    agent = values[CHARACTER]["agent_config"]["agent_settings"]["basic_memory_agent"]
    agent["tool_permissions"] = {"shop/get_token": "allow", "x": planted + "://a:" + planted + "@b"}
    mem0 = {"vector_store": {"provider": "x", "config": {"api_key": planted, "path": "y"}}}
    values[CHARACTER]["agent_config"]["agent_settings"]["mem0_agent"] = mem0
    told: Any = SCHEMA.told(values, {"PLANTED": planted})
    assert planted not in json.dumps(told)
    told_agent = told[CHARACTER]["agent_config"]["agent_settings"]["basic_memory_agent"]
    assert told_agent["tool_permissions"] == {"shop/get_token": "allow", "x": {"set": True}}
    told_store = told[CHARACTER]["agent_config"]["agent_settings"]["mem0_agent"]["vector_store"]
    assert told_store["config"] == {"api_key": {"set": True}, "path": "y"}
    told_llms = told[CHARACTER]["agent_config"]["llm_configs"]
    assert told_llms["openai_llm"]["llm_api_key"] == {"set": True}
    assert told_llms["gemini_llm"]["llm_api_key"] == {"set": False}
    assert told_llms["ollama_llm"]["llm_api_key"] == {"set": False}
    assert told["system_config"]["access_token"] == {"set": True}
    assert told[CHARACTER]["persona_prompt"] == values[CHARACTER]["persona_prompt"]
    assert told["system_config"]["port"] == values["system_config"]["port"]
    asr = told[CHARACTER]["asr_config"]["sherpa_onnx_asr"]
    assert asr["tokens"] == values[CHARACTER]["asr_config"]["sherpa_onnx_asr"]["tokens"]
