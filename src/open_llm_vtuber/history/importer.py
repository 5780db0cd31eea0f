"""Taking in a `chat_history/` folder of JSON files, each file once; they stay as they are."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from loguru import logger

from ..text_encoding import UnknownEncodingError, decode
from . import entries
from .store import Conversation, HistoryStore, valid_uid

_ROWS_AT_ONCE = 2000  # one transaction: few enough that somebody who speaks does not wait


async def import_folder(store: HistoryStore, folder: Path) -> int:
    """Import `folder`/<conf_uid>/<history_uid>.json into `store`; return how many were new.

    A conversation that was imported before, deleted since or stored under the same name is left
    alone. What can not be read is logged and skipped; raises HistoryError if storing fails.
    """
    imported = 0
    for character in await asyncio.to_thread(_inside, folder, folders=True):
        known = await store.settled(character.name)
        files = await asyncio.to_thread(_files, character, known)
        while files:
            batch = await asyncio.to_thread(_take, files)
            if batch:
                imported += await store.settle(character.name, batch)
    if imported:
        logger.info("imported {} conversations from JSON files", imported)
    return imported


def _inside(folder: Path, *, folders: bool) -> list[Path]:
    try:
        paths = [path for path in sorted(folder.iterdir()) if path.is_dir() == folders]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        logger.warning("{} can not be imported: {}", folder.name, error.strerror)
        return []
    return [path for path in paths if entries.storable(path.name) == path.name]


def _files(folder: Path, known: set[str]) -> list[Path]:
    """Return the files that are not known yet, the last one first."""
    found = []
    for path in _inside(folder, folders=False):
        if path.suffix != ".json" or path.stem in known:
            continue
        if valid_uid(path.stem):
            found.append(path)
        else:
            _skip(path, "its name can not be that of a conversation; rename it")
    return found[::-1]


def _take(files: list[Path]) -> list[Conversation]:
    """Remove files from the end of the list and return their conversations."""
    taken: list[Conversation] = []
    rows = 0
    while files and rows < _ROWS_AT_ONCE:
        conversation = _read(files.pop())
        if conversation is not None:
            taken.append(conversation)
            rows += len(conversation.rows) + 1
    return taken


def _read(path: Path) -> Conversation | None:
    if path.exists() and not path.is_file():
        _skip(path, "it is no file")  # to read a pipe or a device might never end
        return None
    try:
        found = read_entries(path)
        if isinstance(found, list):
            return Conversation(path.stem, [entries.to_row(entry) for entry in found])
        why = "it holds no list of messages"
    except OSError as error:
        why = error.strerror or "it can not be read"
    except UnknownEncodingError as error:
        why = str(error)
    except (ValueError, RecursionError):
        why = "it holds no JSON; perhaps it was cut off"
    _skip(path, why)
    return None


def read_entries(path: Path) -> Any:
    """Return the JSON of a file; a list of entries, if it is a conversation.

    Raises OSError, UnknownEncodingError, ValueError and RecursionError.
    """
    return json.loads(decode(path.read_bytes()).text)


def _skip(path: Path, why: str) -> None:
    logger.warning("{}/{} is not imported: {}", path.parent.name, path.name, why)
