"""The JSON files from which conversations were imported: what is forgotten goes from them too."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from loguru import logger

from ..history.exporter import write_entries
from ..history.importer import read_entries
from ..history.uids import valid_uid
from ..text_encoding import UnknownEncodingError
from .cutting import corrected, cut


class ImportedFiles:
    """A `chat_history/` folder. Methods read and write the disk, and raise OSError.

    Threads take turns: else what one has cut out, another that read it before would write back.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._one_at_a_time = threading.Lock()

    def cut(self, conf_uid: str, history_uid: str, sentence: str) -> None:
        """Take a sentence out of a conversation's file."""
        self._rewrite(conf_uid, history_uid, lambda entry: cut(entry, sentence))

    def correct(self, conf_uid: str, history_uid: str, sentence: str, text: str) -> None:
        """Have a conversation's file say `text` where it says `sentence`."""
        self._rewrite(conf_uid, history_uid, lambda entry: corrected(entry, sentence, text))

    def remove(self, conf_uid: str, history_uid: str, entry: Any) -> None:
        """Take a message out of a conversation's file: of several that are the same, one."""
        is_there = True

        def without(one: Any) -> Any:
            nonlocal is_there
            if is_there and one == entry:
                is_there = False
                return None
            return one

        self._rewrite(conf_uid, history_uid, without)

    def delete(self, conf_uid: str, history_uid: str) -> None:
        """Delete a conversation's file."""
        with self._one_at_a_time:
            if path := self._path(conf_uid, history_uid):
                path.unlink(missing_ok=True)

    def _rewrite(self, conf_uid: str, history_uid: str, change: Callable[[Any], Any]) -> None:
        with self._one_at_a_time:
            path = self._path(conf_uid, history_uid)
            found = self._entries(path) if path else None
            if path and found is not None:
                left = [change(entry) for entry in found]
                if left != found:
                    write_entries(path, [entry for entry in left if entry is not None])

    def _path(self, conf_uid: str, history_uid: str) -> Path | None:
        """Return where the file of a conversation is, if there is one."""
        if not (valid_uid(conf_uid) and valid_uid(history_uid)):
            return None
        path = self._folder / conf_uid / f"{history_uid}.json"
        return path if path.is_file() else None

    def _entries(self, path: Path) -> list[Any] | None:
        try:
            found = read_entries(path)
        except (UnknownEncodingError, ValueError, RecursionError):
            found = None
        if not isinstance(found, list):
            logger.warning("{}/{} is no conversation: left as it is", path.parent.name, path.name)
            return None
        return found
