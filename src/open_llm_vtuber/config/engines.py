"""Which engine of each kind conf.yaml chooses, and the keys that it gives to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import GenericAlias, MappingProxyType

from pydantic import TypeAdapter
from pydantic_core import PydanticCustomError

from ..engines import registry
from ..engines.base import EngineConfig
from ..engines.registry import AnyEngine, EngineChoice, Kind
from .source import Location, lookup

DEFAULTS: Mapping[Kind, str] = MappingProxyType(
    {
        "vad": "silero_vad",
        "asr": "moonshine_asr",
        "llm": "llama_cpp_llm",
        "tts": "hibari_tts",
    }
)
"""What is used where conf.yaml chooses nothing."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


DOCUMENTED: Mapping[Kind, frozenset[str]] = MappingProxyType(
    {
        "vad": _names("silero_vad"),
        "asr": _names(
            "azure_asr faster_whisper fun_asr groq_whisper_asr sherpa_onnx_asr whisper whisper_cpp"
        ),
        "llm": _names(
            "claude_llm deepseek_llm gemini_llm groq_llm llama_cpp_llm lmstudio_llm mistral_llm "
            "ollama_llm openai_compatible_llm openai_llm stateless_llm_with_template zhipu_llm"
        ),
        "tts": _names(
            "azure_tts bark_tts cartesia_tts coqui_tts cosyvoice2_tts cosyvoice_tts edge_tts "
            "elevenlabs_tts fish_api_tts gpt_sovits_tts melo_tts minimax_tts openai_tts piper_tts "
            "pyttsx3_tts sherpa_onnx_tts siliconflow_tts spark_tts x_tts"
        ),
    }
)
"""The names the documented conf.yaml may choose, whether or not this installation has them."""

_PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*")


@dataclass(frozen=True)
class EngineLocation:
    """Where conf.yaml names the engine of a kind, and where it keeps the engines' sections."""

    selector: Location
    sections: Location


def _place(section: str, *selector: str, sections: tuple[str, ...] = ()) -> EngineLocation:
    top = ("character_config", section)
    return EngineLocation((*top, *selector), (*top, *sections))


PLACES: Mapping[Kind, EngineLocation] = MappingProxyType(
    {
        "vad": _place("vad_config", "vad_model"),
        "asr": _place("asr_config", "asr_model"),
        "llm": _place(
            "agent_config",
            *("agent_settings", "basic_memory_agent", "llm_provider"),
            sections=("llm_configs",),
        ),
        "tts": _place("tts_config", "tts_model"),
    }
)


def known_names(kind: Kind) -> frozenset[str]:
    """Return the name of every engine of `kind` that is installed or documented."""
    return DOCUMENTED[kind].union(registry.engines(kind))


def installed(kind: Kind, name: str) -> AnyEngine | None:
    """Return the engine class that `name` chooses, None if this installation has none."""
    if ":" in name and not _PATH.fullmatch(name):
        return None
    try:
        return registry.find(kind, name)
    except registry.UnknownEngineError:
        return None


def selected(kind: Kind, values: Mapping[str, object]) -> tuple[str, AnyEngine | None] | None:
    """Return the section key and the class of the engine that the raw `values` choose, if any."""
    name = lookup(values, PLACES[kind].selector) or DEFAULTS[kind]
    if not isinstance(name, str):
        return None
    engine = installed(kind, name)
    return (engine.name if engine else name), engine


def check_name(kind: Kind, name: str) -> str:
    """Return `name` if an engine of `kind` has it, installed or documented.

    Raises PydanticCustomError, whose text names the nearest ones.
    """
    if name in DOCUMENTED[kind] or installed(kind, name):
        return name
    if ":" in name:
        reason = f'"{name}" (module:Class) leads to no engine that can be imported'
        raise PydanticCustomError("unknown_engine", "{reason}", {"reason": reason})
    near = get_close_matches(name, sorted(known_names(kind)))
    hint = (
        f"did you mean {' or '.join(near)}?"
        if near
        else f"there are {', '.join(sorted(registry.engines(kind)))}"
    )
    reason = f'no {kind.upper()} engine is called "{name}"; {hint}'
    raise PydanticCustomError("unknown_engine", "{reason}", {"reason": reason})


def choose(kind: Kind, name: str, sections: Mapping[str, object]) -> EngineChoice:
    """Return the choice of the engine `name` with the keys of its section; none means defaults.

    Raises ValidationError, located in the section.
    """
    engine = installed(kind, name)
    key = engine.name if engine else name
    section = sections.get(key)
    model = engine.Config if engine else EngineConfig
    # A mapping of one, so that an error's location starts with the section.
    adapter: TypeAdapter[dict[str, EngineConfig]] = TypeAdapter(GenericAlias(dict, (str, model)))  # type: ignore[arg-type]
    config = adapter.validate_python({key: {} if section is None else section})[key]
    return EngineChoice(kind, name, key, config, available=engine is not None)
