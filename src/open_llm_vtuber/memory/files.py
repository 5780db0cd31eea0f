"""The JSON files from which conversations were imported: what is forgotten goes from them too."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loguru import logger

from ..history.exporter import write_entries
from ..history.importer import read_entries
from ..history.uids import valid_uid
from ..text_encoding import UnknownEncodingError
from .cutting import corrected, cut


@dataclass(frozen=True)
class Taken:
    """An entry of a file, and where it stood when it was taken out."""

    at: int
    entry: Any


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

    def take_out(self, conf_uid: str, history_uid: str, gone: Sequence[Any]) -> list[Taken]:
        """Take entries out of a conversation's file, as often as they are `gone`."""
        taken: list[Taken] = []

        def without(found: list[Any]) -> list[Any]:
            for entry in gone:
                if entry in found:
                    taken.append(Taken(found.index(entry), entry))
                    found = [*found[: taken[-1].at], *found[taken[-1].at + 1 :]]
            return found

        self._change(conf_uid, history_uid, without)
        return taken

    def put_back(self, conf_uid: str, history_uid: str, taken: Sequence[Taken]) -> None:
        """Put entries back to where they were in a conversation's file."""

        def with_them(found: list[Any]) -> list[Any]:
            for one in reversed(taken):
                found = [*found[: one.at], one.entry, *found[one.at :]]
            return found

        self._change(conf_uid, history_uid, with_them)

    def delete(self, conf_uid: str, history_uid: str) -> None:
        """Delete a conversation's file."""
        with self._one_at_a_time:
            if path := self._path(conf_uid, history_uid):
                path.unlink(missing_ok=True)

    def _rewrite(self, conf_uid: str, history_uid: str, change: Callable[[Any], Any]) -> None:
        def changed(found: list[Any]) -> list[Any]:
            return [one for one in map(change, found) if one is not None]

        self._change(conf_uid, history_uid, changed)

    def _change(
        self, conf_uid: str, history_uid: str, change: Callable[[list[Any]], list[Any]]
    ) -> None:
        with self._one_at_a_time:
            path = self._path(conf_uid, history_uid)
            found = self._entries(path) if path else None
            if path and found is not None:
                left = change(found)
                if left != found:
                    write_entries(path, left)

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
