"""Which languages a character can have, and which of its engines stay whatever is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..config.languages import LANGUAGES, NAMES, Chosen, normal, recognizer, voice
from ..config.source import Location, Source, lookup
from ..protocol.extra import LanguageChoice, LanguageEngine, Languages, NamedEngine
from ..weights.store import WeightStore

LANGUAGE: Location = ("character_config", "language")
_NAMED: Sequence[tuple[str, Location]] = (
    ("asr", ("character_config", "asr_config", "asr_model")),
    ("tts", ("character_config", "tts_config", "tts_model")),
)


def told(source: Source, filename: str, language: str, store: WeightStore) -> Languages:
    """Return what a client is told of the languages of the character that `source` describes.

    Looks at the disk.
    """
    return Languages(
        language=normal(language) if language else "",
        languages=[_choice(code, store.here) for code in LANGUAGES],
        stays=[
            NamedEngine.model_validate(
                {"kind": kind, "engine": str(engine), "place": f"{source.name}:{source.line(at)}"}
            )
            for kind, at in _NAMED
            if (engine := lookup(source.values, at))
        ],
        file=filename,
    )


def _choice(code: str, is_here: Callable[[str], bool]) -> LanguageChoice:
    return LanguageChoice(
        language=code,
        name=NAMES[code],
        asr=_engine(recognizer(code), is_here),
        tts=_engine(voice(code), is_here),
    )


def _engine(one: Chosen, is_here: Callable[[str], bool]) -> LanguageEngine:
    here = all(is_here(name) for name in one.weights)
    return LanguageEngine(
        engine=one.engine,
        fetches_mb=0 if here else one.fetches_mb,
        online=one.engine == "edge_tts",
        advice=one.warning,
    )
