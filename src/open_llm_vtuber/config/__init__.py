"""conf.yaml as typed models, and the loader whose errors name file, line and mend."""

from .limits import Limits
from .live import LiveConfig
from .loader import LoadedConfig, load_character, load_config
from .models import (
    AgentConfig,
    CharacterConfig,
    Config,
    SpeechFilter,
    TranslatorConfig,
    TTSPreprocessorConfig,
)
from .source import ConfigError
from .system import SystemConfig

__all__ = [
    "AgentConfig",
    "CharacterConfig",
    "Config",
    "ConfigError",
    "Limits",
    "LiveConfig",
    "LoadedConfig",
    "SpeechFilter",
    "SystemConfig",
    "TTSPreprocessorConfig",
    "TranslatorConfig",
    "load_character",
    "load_config",
]
