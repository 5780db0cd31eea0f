"""What is done for one client beside the messages that come in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from loguru import logger

from ..faults import FaultError
from ..history.store import HistoryError
from ..protocol.outgoing import Error
from .outbox import ClientGoneError, Outbox
from .turn_limits import TooManyWaitingError


class Tasks:
    """Belongs to one client."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._running: set[asyncio.Task[None]] = set()

    def start(
        self, work: Coroutine[Any, Any, None], at_end: Callable[[], None] | None = None
    ) -> asyncio.Task[None]:
        """Do something as long as the client is here; what fails is told.

        `at_end` is called afterwards, also when the client left before it began.
        """
        task = asyncio.create_task(self._told(work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        task.add_done_callback(lambda _: work.close())  # a task cancelled early never began it
        if at_end:
            task.add_done_callback(lambda _: at_end())
        return task

    async def close(self) -> None:
        """Stop everything, and wait until it has ended."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _told(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except ClientGoneError:
            return
        except (TooManyWaitingError, HistoryError) as error:
            self._outbox.post(Error.of(error))
        except Exception:  # noqa: BLE001 - the task ends here
            logger.exception("something failed beside the conversation")
            failed = FaultError("This failed inside the server; its log says more.")
            self._outbox.post(Error.of(failed))
