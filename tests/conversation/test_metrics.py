"""The stages of a turn, from moments on a clock to milliseconds that add up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from open_llm_vtuber.conversation.listening.utterance import Utterance
from open_llm_vtuber.conversation.metrics import Times
from open_llm_vtuber.protocol.extra import TurnMetrics


def stages(metrics: TurnMetrics) -> list[int | None]:
    return [
        metrics.endpointing_ms,
        metrics.asr_ms,
        metrics.first_token_ms,
        metrics.first_audio_ms,
    ]


@pytest.mark.parametrize(
    ("said", "times", "expected"),
    [
        (
            Utterance(voiced_until=9.2),
            Times(arrived=10.0, decided=10.0, heard=10.084, first_token=10.204, first_audio=10.51),
            [800, 84, 120, 306],
        ),
        (
            Utterance(),  # cut out by the client: nobody knows when the last word was said
            Times(arrived=10.0, decided=10.0, heard=10.1, first_token=10.2, first_audio=10.3),
            [None, 100, 100, 100],
        ),
        (
            "typed",
            Times(arrived=10.0, decided=12.0, heard=12.0, first_token=12.1, first_audio=12.4),
            [None, None, 2100, 300],  # it waited for another turn
        ),
        ("typed", Times(arrived=10.0, heard=10.0, first_token=10.1), [None, None, 100, None]),
        (Utterance(voiced_until=9.5), Times(arrived=10.0), [500, None, None, None]),
        ("typed", Times(arrived=10.0), [None, None, None, None]),
    ],
)
def test_each_stage_is_counted_from_the_one_before(
    said: str | Utterance, times: Times, expected: list[int | None]
) -> None:
    metrics = times.metrics("3f2a", said)
    assert stages(metrics) == expected
    assert metrics.total_ms == sum(stage or 0 for stage in expected)


MOMENTS = st.lists(st.floats(0, 100), min_size=5, max_size=5).map(sorted)


@given(MOMENTS, st.lists(st.booleans(), min_size=4, max_size=4))
def test_the_stages_always_add_up(moments: list[float], known: list[bool]) -> None:
    voiced, arrived, heard, token, audio = moments
    times = Times(
        arrived=arrived,
        heard=heard if known[1] else None,
        first_token=token if known[2] else None,
        first_audio=audio if known[3] else None,
    )
    said = Utterance(voiced_until=voiced if known[0] else None)
    metrics = times.metrics("3f2a", said)
    assert sum(stage or 0 for stage in stages(metrics)) == metrics.total_ms
    assert all(stage is None or stage >= 0 for stage in stages(metrics))
