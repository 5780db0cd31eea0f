"""An event loop that does what those of Windows do not do any less than they."""

from __future__ import annotations

import asyncio
from typing import Any, NoReturn


class WindowsLoop(asyncio.SelectorEventLoop):
    """Refuses what asyncio's documentation says that ProactorEventLoop refuses."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise NotImplementedError

    # Taking them away again is what asyncio's own sockets do here, so that stays.
    add_reader = add_writer = _refuse
    add_signal_handler = remove_signal_handler = _refuse
    create_unix_server = create_unix_connection = _refuse
