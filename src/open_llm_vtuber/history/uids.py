"""The names of conversations, which are also names of files."""

from __future__ import annotations

import re
import uuid
from datetime import datetime

from ..file_names import DEVICES

_MAX_BYTES = 200  # with `.json` behind it, below the 255 of every file system
# Neither separators nor what Windows refuses in a name, nor halves of surrogate pairs.
_NAME = re.compile(r'(?![.\s])[^\x00-\x1f\x7f<>:"/\\|?*\ud800-\udfff]+(?<![.\s])')


def new_uid() -> str:
    """Return a name for a new conversation: a local date, a time and a random part."""
    return f"{datetime.now().astimezone():%Y-%m-%d_%H-%M-%S}_{uuid.uuid4().hex}"


def valid_uid(text: object) -> bool:
    """Return whether `text` may name a conversation: it must do as the name of a file anywhere."""
    return (
        isinstance(text, str)
        and _NAME.fullmatch(text) is not None
        and DEVICES.fullmatch(text) is None
        and len(text.encode()) <= _MAX_BYTES
    )
