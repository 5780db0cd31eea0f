"""A language model of the catalogue fetched, tried and chosen, while she goes on talking."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from loguru import logger

from ..config import ConfigError
from ..engines.base import EngineError
from ..faults import ErrorCode, Fault, FaultError, fault
from ..weights.fitting import Judged
from ..weights.store import WeightStore
from .language_models import SMALL
from .reconfiguration import Reconfiguration

Stage = Literal["fetching", "trying", "done", "failed", "cancelled"]


class SwitchBusyError(FaultError):
    """Another model is on its way."""

    code: ClassVar[ErrorCode] = "trial-busy"


@dataclass(frozen=True)
class Switch:
    """How far it is."""

    model: str
    stage: Stage
    done_bytes: int = 0
    total_bytes: int = 0
    """Of what has to be fetched; 0 where that is not known yet, or nothing is."""
    error: str = ""
    """Why it failed, and how to mend it."""
    fault: Fault | None = None
    """The same for programs."""


class ModelSwitch:
    """One at a time; it goes on when the page that asked for it is closed. Belongs to a server."""

    def __init__(self, store: WeightStore, reconfiguration: Reconfiguration) -> None:
        self._store = store
        self._reconfiguration = reconfiguration
        self._task: asyncio.Task[None] | None = None
        self._now: Switch | None = None

    @property
    def now(self) -> Switch | None:
        """How far the last one is; None where there was none."""
        now = self._now
        if now is None or now.stage != "fetching":
            return now
        arriving = self._store.progress(now.model)
        if arriving is None:
            return now
        return Switch(now.model, now.stage, arriving.done_bytes, arriving.total_bytes)

    async def models(self) -> Sequence[Judged]:
        """Return which models there are, the best first, and how each would do here."""
        return await self._store.judged(SMALL)

    def begin(self, filename: str, model: str) -> None:
        """Begin to have `model` think for a character.

        Raises SwitchBusyError, and EngineError where there is no such model.
        """
        if self._task and not self._task.done():
            raise SwitchBusyError("Another language model is on its way: wait, or cancel it.")
        if model not in self._store.members(SMALL):
            raise EngineError(f"There is no language model {model[:80]!r} to be run here.")
        self._now = Switch(model, "fetching")
        self._task = asyncio.create_task(self._run(filename, model))

    async def cancel(self) -> None:
        """Stop it; what has arrived is kept. Nothing happens where nothing is on its way."""
        if self._task and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task])

    close = cancel

    async def _run(self, filename: str, model: str) -> None:
        try:
            await self._reconfiguration.find(filename)  # before anything is fetched for nobody
            await self._store.weights(model)
            self._now = Switch(model, "trying")
            await self._reconfiguration.choose_own_model(filename, model)
        except asyncio.CancelledError:
            self._now = Switch(model, "cancelled")
            raise
        except (ConfigError, EngineError) as error:
            logger.info("{} does not think for {}: {}", model, filename, error)
            error.within("llm")
            self._now = Switch(model, "failed", error=str(error), fault=error.fault)
        except Exception:  # noqa: BLE001 - the task ends here; who asked is told
            logger.exception("{} could not be chosen", model)
            self._now = Switch(
                model,
                "failed",
                error="It failed; the server's log says more.",
                fault=fault("internal"),
            )
        else:
            self._now = Switch(model, "done")
