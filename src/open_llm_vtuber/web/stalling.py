"""Cuts a connection whose client takes nothing of what was written to it."""

from __future__ import annotations

import asyncio

from loguru import logger

HIGH_BYTES = 1
"""From here on a client is waited for. Not 0: TLS would be waiting with nothing to send."""


class StallWatch:
    """Told by a protocol when its transport begins and ends to wait for the client.

    The transport must count all as waiting that was not taken at once (`HIGH_BYTES`); so this
    also ends a connection that was closed but cannot be, because its last bytes are not taken.
    """

    def __init__(
        self, transport: asyncio.Transport, timeout_s: float, least_bytes: int = 1
    ) -> None:
        """The client must take `least_bytes` in each `timeout_s`, or all that waits."""
        self._transport = transport
        self._timeout_s = timeout_s
        self._least_bytes = least_bytes
        self._left = 0
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Something waits to be taken."""
        self._left = self._transport.get_write_buffer_size()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._timeout_s, self._look)

    def stop(self) -> None:
        """All was taken, or the connection has gone."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        if self._transport.get_write_buffer_size() <= self._left - self._least_bytes:
            self.start()
        else:
            self._timer = None
            logger.warning(
                "given up: a client took nothing, or next to nothing, for {:g} s "
                "(limits.send_timeout_s)",
                self._timeout_s,
            )
            self._transport.abort()
