"""A message as an entry of a JSON file, as a row of the database, and as a model."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, cast

from ..protocol.outgoing import HistoryMessage
from .branches import ref_of

HIDDEN = "metadata"
"""The role of rows that are not messages: metadata, and entries nobody understands."""
MAX_QUERY_CHARS = 1000
_ROLES = {"human": "human", "user": "human", "system": "system", HIDDEN: HIDDEN}
_REMEMBERED = "remembered"
"""A key of entries: false where nothing was to be remembered when it was said."""
_NOT_STORED = {"id", "versions", "place", "pictures"}
"""Fields of messages that are told, say where one stands, or are kept beside it."""
_FIELDS = ("role", "timestamp", "content", "name", "avatar")
_UID_TIME = "%Y-%m-%d_%H-%M-%S"
_LATEST_S = 253_370_764_800.0
"""The year 9999: beyond, and before 1970, no moment becomes a local time everywhere."""


def storable(text: str) -> str:
    """Return `text` without what a database refuses: NUL and halves of surrogate pairs."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def fold(text: str) -> str:
    """Return `text` as it is compared in a search."""
    return unicodedata.normalize("NFKC", storable(text)).casefold()


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _readable(entry: Any) -> dict[str, Any]:
    """Return the fields of an entry of any kind; what is no message gets the hidden role."""
    if not isinstance(entry, dict) or not isinstance(entry.get("role"), str):
        return {"role": HIDDEN, "timestamp": "", "content": "", "name": None, "avatar": None}
    return {
        "role": _ROLES.get(entry["role"], "ai"),
        "timestamp": _text(entry.get("timestamp")),
        "content": _text(entry.get("content")),
        **{key: _text(entry[key]) if entry.get(key) else None for key in ("name", "avatar")},
    }


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: fields[key] for key in _FIELDS if fields[key] is not None}


def to_row(entry: Any) -> dict[str, Any]:
    """Return the columns that hold `entry`, any value of JSON, without losing anything."""
    row = {
        key: None if value is None else storable(value) for key, value in _readable(entry).items()
    }
    original = json.dumps(entry)
    row["original"] = None if json.dumps(_plain(row)) == original else original
    row["folded"] = "" if row["role"] == HIDDEN else fold(cast("str", row["content"]))
    return row


def to_entry(row: Mapping[str, Any]) -> Any:
    """Return the entry that `to_row` was given."""
    return _plain(row) if row["original"] is None else json.loads(row["original"])


def from_message(message: HistoryMessage) -> dict[str, Any]:
    """Return `message` as an entry; an unknown name or avatar has no key."""
    return message.model_dump(exclude=_NOT_STORED)


def to_message(row: Mapping[str, Any]) -> HistoryMessage:
    """Return the message of a row whose role is not hidden."""
    fields: Mapping[str, Any] = row
    if row["original"] is not None and "\ufffd" in row["content"]:
        fields = _readable(json.loads(row["original"]))  # a NUL may be shown, if not stored
    clean = {
        key: value and value.encode("utf-8", "replace").decode("utf-8")
        for key in _FIELDS[1:]
        for value in (fields[key],)
    }
    role = cast("Literal['human', 'ai', 'system']", row["role"])
    return HistoryMessage(role=role, **clean)


def to_message_of_group(row: Mapping[str, Any]) -> HistoryMessage:
    """Return the message of a row, with the mark of what another person said."""
    message = to_message(row)
    if is_of_other(row):
        message.other = True
    return message


def to_message_of_branch(
    row: Mapping[str, Any],
    versions: Mapping[str, list[str]],
    pictures: Mapping[int, list[str]],
) -> HistoryMessage:
    """Return the message of a row, with its id, its versions by that, and its pictures' names."""
    message = to_message_of_group(row)
    message.id = ref_of(row)
    message.versions = versions.get(message.id)
    message.pictures = pictures.get(row["id"])
    return message


def is_of_other(row: Mapping[str, Any]) -> bool:
    """Return whether another person in a group said the message of a row."""
    return _mark(row, "other") is True


def unremembered(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row of a message that is not to be remembered, though its conversation is."""
    return {**row, **to_row({**to_entry(row), _REMEMBERED: False})}


def is_unremembered(row: Mapping[str, Any]) -> bool:
    """Return whether the message of a row is not to be remembered, whatever its conversation is."""
    return _mark(row, _REMEMBERED) is False


def _mark(row: Mapping[str, Any], key: str) -> Any:
    """Return what an entry has under a key for which there is no column."""
    entry = json.loads(row["original"]) if row["original"] is not None else None
    return entry.get(key) if isinstance(entry, dict) else None


def moment_s(timestamp: str, history_uid: str) -> float:
    """Return when a message was written, in seconds since 1970, from whatever tells it; else 0."""
    for text, form in (
        (timestamp.strip().replace("Z", "+00:00"), None),
        (history_uid[:19], _UID_TIME),
    ):
        try:
            # Without a zone it is local time, as it was written.
            at = datetime.strptime(text, form) if form else datetime.fromisoformat(text)  # noqa: DTZ007
            moment = at.timestamp()
        except (ValueError, OverflowError, OSError):
            continue
        if 0 < moment < _LATEST_S:
            return moment
    return 0.0
