"""What is to be changed in imported files: noted with the change of the database, then done."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterable
from dataclasses import astuple, dataclass

from sqlalchemy import Connection, delete, insert, select

from ..history.memory_schema import memory_state
from .files import ImportedFiles

_KEY = "file:"
"""The keys of `memory_state` that name such a change begin like this, the earliest first."""


@dataclass(frozen=True)
class FileChange:
    """Of a conversation's file: a sentence that is to go, or to say `text`; or all of it."""

    conf_uid: str
    history_uid: str
    sentence: str | None = None
    """None: the whole file is deleted."""
    text: str | None = None

    def do(self, files: ImportedFiles) -> None:
        """Change the file; nothing happens where that was done. Raises OSError."""
        names = self.conf_uid, self.history_uid
        if self.sentence is None:
            files.delete(*names)
        elif self.text is None:
            files.cut(*names, self.sentence)
        else:
            files.correct(*names, self.sentence, self.text)


def note(connection: Connection, changes: Iterable[FileChange]) -> None:
    """Have changes done, if need be by the next server: one that is killed loses none."""
    begins = f"{_KEY}{time.time_ns():020}:"
    rows = [
        {"key": f"{begins}{uuid.uuid4()}", "value": json.dumps(astuple(change))}
        for change in changes
    ]
    if rows:
        connection.execute(insert(memory_state), rows)


def noted(connection: Connection) -> dict[str, FileChange]:
    """Return the changes that are not done, by their keys."""
    found = select(memory_state).where(memory_state.c.key.startswith(_KEY, autoescape=True))
    rows = connection.execute(found.order_by(memory_state.c.key))
    return {key: FileChange(*json.loads(value)) for key, value in rows}


def done(connection: Connection, key: str) -> None:
    """Forget a change that is done."""
    connection.execute(delete(memory_state).where(memory_state.c.key == key))
