"""How long an answer may keep silent before it begins, and between its pieces."""

from __future__ import annotations

import math
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

from ..agent.base import Piece
from ..agent.tools import ToolStatus
from ..config import Limits
from ..engines.base import EngineError
from ..engines.llm.base import Thought
from ..engines.work_time import WorkTime
from ..faults import fault
from .metrics import Times


async def in_time(
    reply: AsyncGenerator[Piece, None], limits: Limits, times: Times
) -> AsyncGenerator[Piece, None]:
    """Yield the pieces of `reply` as they come, and note in `times` when the first one did.

    Tools have limits of their own; after them the model begins anew. Raises EngineError where
    nothing comes for too long. Whoever reads this must not wait: its time would be counted.
    """
    patience, running = limits.llm_first_token_timeout_s, set[str]()
    # One time-out for all tokens, renewed now and then: a new one for each token would cost more
    # than reading it.
    renewed = -math.inf
    async with aclosing(reply):
        with WorkTime(patience) as time_left:
            async for piece in reply:
                if isinstance(piece, str | Thought):
                    now = time.perf_counter()
                    if times.first_token is None and (isinstance(piece, str) or piece.written):
                        times.first_token = now
                    patience = limits.llm_token_timeout_s
                    if now - renewed > patience / 10:
                        renewed = now
                        time_left.allow(patience)
                elif isinstance(piece, ToolStatus):
                    renewed = -math.inf
                    time_left.stop()
                    (running.add if piece.state == "running" else running.discard)(piece.id)
                    patience = limits.llm_first_token_timeout_s
                    if not running:
                        time_left.allow(patience)
                yield piece
    if time_left.is_over:
        raise EngineError(
            f"The language model sent nothing for {patience:g} s. "
            "Is it running, and is it fast enough? (system_config.limits)",
            fault("engine-timeout", "llm", limit_s=patience),
        )
