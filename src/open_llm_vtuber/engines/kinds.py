"""The kinds of engine: what is known of each, once; every table and message derives from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

Kind = str
"""The name of a kind: a key of `KINDS`."""


@dataclass(frozen=True)
class EngineKind:
    """One kind of engine."""

    name: Kind
    """Installed packages announce engines of it as entry points of `open_llm_vtuber.<name>`."""
    label: str
    """Before the word "engine", in messages and logs."""
    role: str
    """What it is to a person, as in "loading the voice"."""
    package: str
    """Where ours are: each module in it is an engine, or helps one."""
    base: str
    """The class that every engine of it is, as `module:Class`."""
    selector: tuple[str, ...]
    """Where conf.yaml names the engine."""
    sections: tuple[str, ...]
    """Where conf.yaml has the sections of the engines."""
    default: str
    """What is used where conf.yaml names none."""
    documented: frozenset[str]
    """The names that the documented conf.yaml may have, whether or not there is such an engine."""
    switch: tuple[str, ...] = ()
    """Of a kind that one can do without: the key that is true where an engine is wanted."""
    usual: bool = False
    """Whether one is wanted where that key is not given."""
    optional: bool = False
    """Whether all goes on without it: where it cannot be had, nobody waits and nothing failed."""
    trial: int = 0
    """When `--check` tries it: those with a higher one are tried with what others made."""

    @property
    def entry_points(self) -> str:
        """The group of entry points that announce engines of it."""
        return f"open_llm_vtuber.{self.name}"


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ENGINES = __name__.rpartition(".")[0]
_CHARACTER = "character_config"
_TRANSLATOR = (_CHARACTER, "tts_preprocessor_config", "translator_config")
_TURN = (_CHARACTER, "turn_config")
_MEMORY = (_CHARACTER, "memory_config")
_BASIC_MEMORY = ("agent_config", "agent_settings", "basic_memory_agent")

_ALL = (
    EngineKind(
        name="vad",
        label="VAD",
        role="the speech detector",
        package=f"{_ENGINES}.vad",
        base=f"{_ENGINES}.vad.base:VADEngine",
        selector=(_CHARACTER, "vad_config", "vad_model"),
        sections=(_CHARACTER, "vad_config"),
        default="silero_vad",
        documented=_names("silero_vad"),
    ),
    EngineKind(
        name="turn",
        label="turn detection",
        role="the sense for whose turn it is",
        package=f"{_ENGINES}.turn",
        base=f"{_ENGINES}.turn.base:TurnDetector",
        selector=(*_TURN, "turn_model"),
        sections=_TURN,
        default="smart_turn",
        documented=frozenset(),
        switch=(*_TURN, "detect_turns"),
        usual=True,
        optional=True,
        trial=1,  # with what the voice said
    ),
    EngineKind(
        name="asr",
        label="ASR",
        role="the ears",
        package=f"{_ENGINES}.asr",
        base=f"{_ENGINES}.asr.base:ASREngine",
        selector=(_CHARACTER, "asr_config", "asr_model"),
        sections=(_CHARACTER, "asr_config"),
        default="moonshine_asr",
        documented=_names(
            "azure_asr faster_whisper fun_asr groq_whisper_asr sherpa_onnx_asr whisper whisper_cpp"
        ),
        trial=1,  # with what the voice said
    ),
    EngineKind(
        name="llm",
        label="LLM",
        role="the language model",
        package=f"{_ENGINES}.llm",
        base=f"{_ENGINES}.llm.base:LLMEngine",
        selector=(_CHARACTER, *_BASIC_MEMORY, "llm_provider"),
        sections=(_CHARACTER, "agent_config", "llm_configs"),
        default="llama_cpp_llm",
        documented=_names(
            "claude_llm deepseek_llm gemini_llm groq_llm llama_cpp_llm lmstudio_llm mistral_llm "
            "ollama_llm openai_compatible_llm openai_llm stateless_llm_with_template zhipu_llm"
        ),
        trial=2,  # it takes longest
    ),
    EngineKind(
        name="tts",
        label="TTS",
        role="the voice",
        package=f"{_ENGINES}.tts",
        base=f"{_ENGINES}.tts.base:TTSEngine",
        selector=(_CHARACTER, "tts_config", "tts_model"),
        sections=(_CHARACTER, "tts_config"),
        default="hibari_tts",
        documented=_names(
            "azure_tts bark_tts cartesia_tts coqui_tts cosyvoice2_tts cosyvoice_tts edge_tts "
            "elevenlabs_tts fish_api_tts gpt_sovits_tts melo_tts minimax_tts openai_tts piper_tts "
            "pyttsx3_tts sherpa_onnx_tts siliconflow_tts spark_tts x_tts"
        ),
    ),
    EngineKind(
        name="agent",
        label="agent",
        role="the agent",
        # Above this package: found by name like a plugin, not imported.
        package=f"{_ENGINES.rpartition('.')[0]}.agent",
        base=f"{_ENGINES.rpartition('.')[0]}.agent.base:AgentEngine",
        selector=(_CHARACTER, "agent_config", "conversation_agent_choice"),
        sections=(_CHARACTER, "agent_config", "agent_settings"),
        default="basic_memory_agent",
        documented=_names("basic_memory_agent hume_ai_agent letta_agent mem0_agent"),
        trial=4,
    ),
    EngineKind(
        name="translate",
        label="translation",
        role="the translator",
        package=f"{_ENGINES}.translate",
        base=f"{_ENGINES}.translate.base:TranslateEngine",
        selector=(*_TRANSLATOR, "translate_provider"),
        sections=_TRANSLATOR,
        default="llm",
        documented=_names("deeplx tencent"),
        switch=(*_TRANSLATOR, "translate_audio"),
        trial=3,  # with what the language model can
    ),
    EngineKind(
        name="embedding",
        label="embedding",
        role="the sense for what is meant",
        package=f"{_ENGINES}.embedding",
        base=f"{_ENGINES}.embedding.base:Embedder",
        selector=(*_MEMORY, "embedding_model"),
        sections=_MEMORY,
        default="multilingual_e5",
        documented=frozenset(),
        switch=(*_MEMORY, "by_meaning"),
        usual=True,
        optional=True,
    ),
)

KINDS: Mapping[Kind, EngineKind] = MappingProxyType({kind.name: kind for kind in _ALL})
"""Every kind, by name, in the order in which they are listed."""
