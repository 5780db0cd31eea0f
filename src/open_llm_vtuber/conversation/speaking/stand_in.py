"""The voice that speaks while the chosen one does not work: when it takes over, how long."""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from loguru import logger

from ...engines.base import EngineError
from ...engines.tts.base import AnyTTS

RETRY_S = 60.0
"""How long it speaks before the chosen voice is tried again."""


class StandIn:
    """That voice for one client, from turn to turn."""

    def __init__(
        self,
        name: str,
        tts: Callable[[], Awaitable[AnyTTS]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`tts` returns its engine, and raises EngineError where that cannot be had."""
        self.name = name
        self.tts = tts
        self._clock = clock
        self.notice: EngineError | None = None
        """What a person has still to be told of it."""
        self._failed_at = -math.inf
        self._told = False

    @property
    def speaks(self) -> bool:
        """Whether the chosen voice has failed so lately that it is not tried yet."""
        return self._clock() - self._failed_at < RETRY_S

    @contextmanager
    def trying(self) -> Iterator[None]:
        """Within it the chosen voice is tried; where that fails, this one speaks from now on."""
        try:
            yield
        except EngineError as error:
            self.take_over(error)
        else:
            self._step_back()

    def take_over(self, failure: EngineError) -> None:
        """Speak from now on."""
        self._failed_at = self._clock()
        if self._told:
            logger.debug("the chosen voice still fails: {}", failure)
            return
        text = f"{failure} Until it works again, {self.name} speaks."
        self.notice = EngineError(text, failure.fault)

    def told(self) -> None:
        """Note that the person was told; with an answer that is never sent, nobody is."""
        if self.notice:
            self.notice, self._told = None, True

    def _step_back(self) -> None:
        """Note that the chosen voice works: should it fail again, that is told again."""
        self.notice, self._told = None, False
