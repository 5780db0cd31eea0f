"""What was said before somebody spoke on is answered with that; where it is too long, by itself."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from open_llm_vtuber.audio import MIC_RATE
from open_llm_vtuber.config import Limits
from open_llm_vtuber.conversation.context import ServiceContext
from open_llm_vtuber.conversation.listening.microphone import Microphone
from open_llm_vtuber.conversation.listening.pace import Pace
from open_llm_vtuber.conversation.listening.recognizer import Recognizer
from open_llm_vtuber.conversation.listening.utterance import Utterance
from open_llm_vtuber.faults import FaultError


def utterance(seconds: float) -> Utterance:
    return Utterance([np.zeros(int(seconds * MIC_RATE), np.float32)])


def microphone() -> Microphone:
    """Return one that takes utterances of 10 s."""
    context = SimpleNamespace(limits=Limits(max_utterance_s=10))

    async def complain(error: FaultError) -> None:
        raise error

    return Microphone(
        cast("ServiceContext", context),
        cast("Recognizer", None),
        complain,
        lambda _: True,
        lambda _: None,
        Pace(),
    )


@pytest.mark.parametrize(
    ("earlier_s", "then_s", "answered_s"),
    [(None, 4, [4]), (6, 4, [10]), (6, 5, [6, 5]), (10, 1, [10, 1])],
)
def test_nothing_of_what_was_said_is_lost(
    earlier_s: float | None, then_s: float, answered_s: list[float]
) -> None:
    one = microphone()
    one.earlier = utterance(earlier_s) if earlier_s is not None else None
    found = one.with_earlier(utterance(then_s))
    assert [each.samples / MIC_RATE for each in found] == answered_s
    assert one.earlier is None
