"""Writing the stored conversations as a `chat_history/` folder of JSON files."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Collection
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .errors import HistoryError
from .store import HistoryStore, valid_uid


async def export_folder(store: HistoryStore, folder: Path) -> int:
    """Write every conversation to `folder`/<conf_uid>/<history_uid>.json; return how many.

    Files of the same name are replaced, each as a whole. Raises HistoryError.
    """
    exported = 0
    for conf_uid in await store.characters():
        # A conf_uid is whatever somebody wrote in a conf.yaml.
        name = conf_uid if valid_uid(conf_uid) else _quoted(conf_uid)
        for uid in await store.uids(conf_uid):
            found = await store.entries(conf_uid, uid)
            try:
                home = await asyncio.to_thread(_home, folder, name)
                await asyncio.to_thread(write_entries, home / f"{uid}.json", found)
            except OSError as error:
                raise HistoryError(
                    f"The conversations can not be exported ({error.strerror}). Choose a folder "
                    "that this user may write to, with enough space."
                ) from error
            exported += 1
    return exported


def _quoted(name: str) -> str:
    quoted = quote(name, safe=" ").replace(".", "%2E")
    return quoted if valid_uid(quoted) else f"%{sha256(quoted.encode()).hexdigest()}"


def kept_apart(name: str, there: Collection[str]) -> str:
    """Return under which name a folder is told from others, `there` being what is beside it.

    It has been made already. Where capitals are not told apart, it is another's with them.
    """
    if name in there or all(name.casefold() != one.casefold() for one in there):
        return name
    return f"{name[:150]}%{sha256(name.encode()).hexdigest()[:8]}"


def _home(folder: Path, name: str) -> Path:
    """Make the folder of a character in `folder`."""
    (folder / name).mkdir(parents=True, exist_ok=True)
    return folder / kept_apart(name, {one.name for one in folder.iterdir()})


def write_entries(path: Path, found: list[Any]) -> None:
    """Write a conversation as a JSON file, whole or not at all. Raises OSError."""
    text = json.dumps(found, indent=2, ensure_ascii=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        # Halves of surrogate pairs, which UTF-8 has not, become the escapes that JSON has.
        part.write_bytes(text.encode("utf-8", "backslashreplace"))
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
