"""An event loop that can do no more than those of Windows."""

from __future__ import annotations

import asyncio
from typing import Any


def refuse(*_: Any, **__: Any) -> Any:
    """Do what asyncio's documentation says that ProactorEventLoop does."""
    raise NotImplementedError


class WindowsLoop(asyncio.SelectorEventLoop):
    """Refuses what that refuses; but that asyncio's own sockets take a writer away again."""

    add_reader: Any = refuse
    add_writer: Any = refuse
    add_signal_handler: Any = refuse
    remove_signal_handler: Any = refuse
    create_unix_server: Any = refuse
    create_unix_connection: Any = refuse
