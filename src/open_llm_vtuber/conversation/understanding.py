"""Messages whose words are needed before it is known who answers: a group, or an open question."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from ..engines.base import EngineError
from ..faults import over
from ..protocol import outgoing as send
from .extensions import Extensions
from .listening.recognize import NothingHeardError, recognize
from .listening.utterance import Utterance
from .outbox import Outbox
from .turn_limits import TooManyWaitingError
from .turn_queue import Turns
from .turn_request import Request


class Understanding:
    """Belongs to one client."""

    def __init__(
        self,
        turns: Turns,
        outbox: Outbox,
        extensions: Extensions,
        start: Callable[[Coroutine[Any, Any, None], Callable[[], None]], asyncio.Task[None]],
    ) -> None:
        """`start` runs what is done beside the messages, then something else."""
        self._turns = turns
        self._outbox = outbox
        self._extensions = extensions
        self._start = start
        self._requests: list[Request] = []

    @property
    def is_busy(self) -> bool:
        """Whether there is one."""
        return bool(self._requests)

    @property
    def unheard(self) -> list[Request]:
        """The messages whose words are not known yet."""
        return list(self._requests)

    @property
    def size_bytes(self) -> int:
        """How much memory the messages take."""
        return sum(request.size_bytes for request in self._requests)

    def add(self, request: Request, then: Callable[[str], None]) -> None:
        """Understand a message, then do something with its words. Raises TooManyWaitingError."""
        limit = self._turns.context.limits.max_queued_turns
        if len(self._requests) >= limit:
            request.drop()
            raise TooManyWaitingError(
                f"{limit} messages are being understood already "
                "(system_config.limits.max_queued_turns); wait until that is done.",
                over("max_queued_turns", limit),
            )

        def understood() -> None:
            self._requests.remove(request)
            request.drop()

        self._requests.append(request)
        self._start(self._understand(request, then), understood)

    async def _understand(self, request: Request, then: Callable[[str], None]) -> None:
        try:
            text = await recognize(self._turns.context, request.said, len(request.images))
        except (EngineError, NothingHeardError) as error:
            await self._extensions.show_partial("")
            if request.asked_for or isinstance(error, EngineError):
                await self._outbox.send(send.Error.of(error, "asr"))
            return
        if isinstance(request.said, Utterance):
            await self._outbox.send(send.UserInputTranscription(text=text))
            self._extensions.transcribed()
        then(text)
