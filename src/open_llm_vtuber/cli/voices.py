"""`--voices`: what the configured engine can speak with, for the terminal."""

from __future__ import annotations

from typing import cast

from ..config import Config
from ..engines.base import Resources
from ..engines.pool import EnginePool
from ..engines.tts.base import AnyTTS, VoiceInfo


async def list_voices(config: Config, resources: Resources) -> str:
    """Return the voices of the engine that conf.yaml chose, one a line. Raises EngineError."""
    pool = EnginePool(resources)
    try:
        tts = cast("AnyTTS", await pool.lease(config.character_config.engine("tts")).engine())
        found = await tts.voices()
    finally:
        await pool.close()
    if not found:
        return (
            f"{tts.name} does not list its voices. What its section of conf.yaml takes is in "
            "docs/configuration.md, and in the manual of who made it."
        )
    return table(sorted(found, key=lambda voice: (voice.languages, voice.id)))


def table(voices: list[VoiceInfo]) -> str:
    """Return a line for each voice: its id, languages, gender and name."""
    rows = [(one.id, " ".join(one.languages), one.gender, one.name) for one in voices]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        lines.append("  ".join([*cells, row[3]]).rstrip())
    return "\n".join(lines)
