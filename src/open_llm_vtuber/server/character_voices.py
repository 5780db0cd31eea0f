"""A character's voice: which engine speaks and who in it, as changes of the character's file."""

from __future__ import annotations

import re

from ..config import CharacterConfig, ConfigError
from ..config.editing import Change
from ..config.source import Location
from ..engines import registry
from ..engines.kinds import KINDS

_KEYS = ("voice", "voice_id", "default_voice")
"""How engines call whom they speak as."""
_ENGINE: Location = ("character_config", "tts_model")
_VOICE: Location = ("character_config", "voice")
"""As a page names them, wherever they stand in the file."""
_FILE = re.compile(r"[./~\\].*|[A-Za-z]:.*|.*\.\w{2,5}", re.DOTALL)
"""What names a file of the server: that is written by hand only."""


def voice_key(engine: str) -> str | None:
    """Return the key by which an engine is told whom it speaks as; None where it has one voice."""
    known = registry.engines("tts").get(engine)
    fields = known.Config.model_fields if known else {}
    return next((one for one in _KEYS if one in fields), None)


def voice_of(character: CharacterConfig) -> tuple[str, str]:
    """Return the engine that speaks for a character, and whom as; "" where it has one voice."""
    choice = character.engine("tts")
    key = next((one for one in _KEYS if hasattr(choice.config, one)), None)
    return choice.name, str(getattr(choice.config, key)) if key else ""


def voice_changes(
    character: CharacterConfig, tts_model: str | None, voice: str | None
) -> dict[Location, Change]:
    """Return what gives a character another voice. Raises ConfigError where there is none such."""
    record = KINDS["tts"]
    name = character.engine("tts").name if tts_model is None else tts_model
    changes: dict[Location, Change] = {}
    if tts_model is not None:
        if tts_model not in registry.engines("tts"):
            names = ", ".join(sorted(registry.engines("tts")))
            text = f"There is no voice engine {tts_model[:40]!r}; there are {names}."
            raise ConfigError([text], places=[_ENGINE])
        changes[record.selector] = tts_model
    if voice is not None:
        key = voice_key(name)
        if key is None:
            raise ConfigError([f"{name} has no voices to choose from here."], places=[_VOICE])
        if _FILE.fullmatch(voice):
            text = "A voice that is a file is named in the character's file by hand."
            raise ConfigError([text], places=[_VOICE])
        place: Location = (*record.sections, name, key)
        changes[place] = voice
    return changes
