"""How long somebody pauses and then speaks on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from open_llm_vtuber.conversation.listening.pace import Pace


@pytest.mark.parametrize(
    ("pauses_s", "long_s"),
    [
        ([], None),
        ([0.2], 0.5),  # one pause is not yet a pace
        ([1.4], 1.4),  # but who was cut off once is slow
        ([0.2] * 4, 0.2),
        ([0.2] * 9 + [1.5], 1.5),
        ([0.2] * 19 + [1.5], 0.2),
        ([1.5] * 24 + [0.3] * 24, 0.3),  # what is long ago is forgotten
    ],
)
def test_a_long_pause(pauses_s: list[float], long_s: float | None) -> None:
    pace = Pace()
    for pause_s in pauses_s:
        pace.spoke_on(pause_s)
    assert pace.long_s == long_s


@given(st.lists(st.floats(0.1, 2), min_size=1, max_size=100))
def test_it_is_a_pause_that_was_made_or_the_usual_one(pauses_s: list[float]) -> None:
    pace = Pace()
    for pause_s in pauses_s:
        pace.spoke_on(pause_s)
    assert pace.long_s in {*pauses_s, 0.5}
