"""What is to be changed in imported files: noted with the change of the database, then done."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import astuple, dataclass

from sqlalchemy import Connection, delete, insert, select, update

from ..history.memory_schema import memory_state
from ..history.writes import note_wipe
from .files import ImportedFiles

_KEY = "file:"
"""The keys of `memory_state` that name such a change begin like this, the earliest first."""


_HELD = "held:"
"""Of what is not to be changed yet, because what was deleted can still be put back."""


@dataclass(frozen=True)
class FileChange:
    """Of a conversation's file: a sentence that is to go, or to say `text`; an entry; or all."""

    conf_uid: str
    history_uid: str
    sentence: str | None = None
    """None: the whole file is deleted, unless there is an `entry`."""
    text: str | None = None
    entry: str | None = None
    """The JSON of a message that is to go."""

    def do(self, files: ImportedFiles) -> None:
        """Change the file; nothing happens where that was done. Raises OSError."""
        names = self.conf_uid, self.history_uid
        if self.entry is not None:
            files.remove(*names, json.loads(self.entry))
        elif self.sentence is None:
            files.delete(*names)
        elif self.text is None:
            files.cut(*names, self.sentence)
        else:
            files.correct(*names, self.sentence, self.text)


def note(connection: Connection, changes: Iterable[FileChange]) -> None:
    """Have changes done, if need be by the next server: one that is killed loses none."""
    _put(connection, _KEY, changes)


def hold(connection: Connection, changes: Iterable[FileChange]) -> Sequence[str]:
    """Have changes done once they are released; return their keys."""
    return _put(connection, _HELD, changes)


def release(connection: Connection, keys: Sequence[str] | None = None) -> None:
    """Have changes done that were held; None: all, for nobody puts back what another server had."""
    held = memory_state.c.key.startswith(_HELD, autoescape=True)
    if keys is not None:
        held &= memory_state.c.key.in_(keys)
    for key in list(connection.execute(select(memory_state.c.key).where(held)).scalars()):
        renamed = update(memory_state).where(memory_state.c.key == key)
        connection.execute(renamed.values(key=_KEY + key.removeprefix(_HELD)))


def drop(connection: Connection, keys: Sequence[str]) -> None:
    """Forget changes that were held: what was deleted is there again."""
    connection.execute(delete(memory_state).where(memory_state.c.key.in_(keys)))


def drop_of(connection: Connection, conf_uid: str, history_uids: Collection[str]) -> None:
    """Forget changes that were held of conversations whose files are deleted as a whole."""
    held = memory_state.c.key.startswith(_HELD, autoescape=True)
    found = select(memory_state.c.key, memory_state.c.value).where(held)
    for key, value in list(connection.execute(found)):
        change = FileChange(*json.loads(value))
        if change.conf_uid == conf_uid and change.history_uid in history_uids:
            done(connection, key)


def _put(connection: Connection, kind: str, changes: Iterable[FileChange]) -> Sequence[str]:
    begins = f"{kind}{time.time_ns():020}:"
    rows = [
        {"key": f"{begins}{uuid.uuid4()}", "value": json.dumps(astuple(change))}
        for change in changes
    ]
    if rows:
        connection.execute(insert(memory_state), rows)
    return [row["key"] for row in rows]


def noted(connection: Connection) -> dict[str, FileChange]:
    """Return the changes that are not done, by their keys."""
    found = select(memory_state).where(memory_state.c.key.startswith(_KEY, autoescape=True))
    rows = connection.execute(found.order_by(memory_state.c.key))
    return {key: FileChange(*json.loads(value)) for key, value in rows}


def done(connection: Connection, key: str) -> None:
    """Forget a change that is done, and have its bytes wiped: it says what was to go."""
    connection.execute(delete(memory_state).where(memory_state.c.key == key))
    note_wipe(connection)
