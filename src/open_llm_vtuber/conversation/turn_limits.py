"""How much one client may have waiting, and how many are answered at once; pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from ..audio import MIC_RATE
from ..config import Limits
from ..faults import ErrorCode, FaultError, over
from .listening.utterance import Utterance
from .turn_request import Request


class TooManyWaitingError(FaultError):
    """As many requests as may wait are waiting already."""

    code: ClassVar[ErrorCode] = "limit-reached"


def no_room(limits: Limits) -> TooManyWaitingError:
    """Return what is told when all clients together hold as much as they may."""
    return TooManyWaitingError(
        "So much is waiting in this server that there is no room for more "
        "(system_config.limits.max_held_bytes); try again in a moment.",
        over("max_held_bytes", limits.max_held_bytes),
    )


def too_many_turns(answering: int, limits: Limits) -> TooManyWaitingError | None:
    """Return why one more client is not answered beside so many others, if so."""
    if answering < limits.max_turns:
        return None
    return TooManyWaitingError(
        f"{answering} others are being answered already (system_config.limits.max_turns); "
        "try again in a moment.",
        over("max_turns", limits.max_turns),
    )


def too_much_sound(
    request: Request, waiting: Iterable[Request], limits: Limits
) -> TooManyWaitingError | None:
    """Return why a client's sound is not taken beside what is `waiting` of it, if so.

    Where nothing waits one utterance may be longer.
    """
    before = sum(map(_seconds, waiting))
    most = limits.max_waiting_sound_s
    if not before or before + _seconds(request) <= most:
        return None
    return TooManyWaitingError(
        f"{before:.0f} s of what you said are not written down yet "
        "(system_config.limits.max_waiting_sound_s); wait until that is done.",
        over("max_waiting_sound_s", most),
    )


def _seconds(request: Request) -> float:
    return request.said.samples / MIC_RATE if isinstance(request.said, Utterance) else 0.0
