"""How the character is drawn: its entry of model_dict.json, as users keep it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
from loguru import logger

ModelInfo = dict[str, Any]
"""The entry as it stands in the file: clients get all of its keys, also those we do not know."""


def load_model_info(folder: Path, name: str) -> ModelInfo:
    """Return the entry called `name` of `folder`/model_dict.json.

    Without such a file or entry it is one that points to where the model would be, since clients
    need a `url`. A file that cannot be read is logged and counts as none.
    """
    path = folder / "model_dict.json"
    fallback: ModelInfo = {"name": name, "url": f"/live2d-models/{name}/{name}.model3.json"}
    if not path.is_file():
        return fallback
    try:
        entries = orjson.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        logger.error("{} cannot be read, so no model of it is used: {}", path.name, error)
        return fallback
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and entry.get("name") == name and "url" in entry:
            return entry
    logger.warning("{} has no model called {!r} with a url", path.name, name)
    return fallback


def emotions(info: ModelInfo) -> dict[str, int | str]:
    """Return the words that stand for an expression, in lower case, and the expression of each."""
    table = info.get("emotionMap")
    if not isinstance(table, dict):
        return {}
    return {str(key).lower(): value for key, value in table.items() if isinstance(value, int | str)}
