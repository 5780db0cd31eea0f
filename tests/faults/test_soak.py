"""Two minutes of all kinds of clients: every turn ends, nothing is left, and nothing grows."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from bench.flatness import BLOCKS, slope
from bench.soak import soak
from bench.soak_load import PARTS, hands_free

pytestmark = pytest.mark.anyio

BOUNDS = {"rss_mib": 30.0, "uss_mib": 30.0, "files": 10.0, "threads": 5.0, "tasks": 15.0}
"""Growth a minute. Memory is still being filled then, so that only a gross leak is seen in it; half
an hour of `bench.soak` has narrow bounds. That nothing is left afterwards is the sharper test."""


CERTAIN = tuple(part for part in PARTS if part is not hands_free)
"""Not the open microphone: with so much beside it, what is said into it is at times not answered,
which `bench.soak` tells as a turn that did not end."""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells what the server holds")
@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="a kernel without it")
async def test_every_turn_ends_and_nothing_is_left() -> None:
    result = await soak(2, 1, 1, characters=("echo.yaml",), bounds=BOUNDS, parts=CERTAIN)
    assert result.failures == []
    assert result.trouble == []
    assert result.unended == 0
    assert not result.left
    assert [one.line() for one in result.slopes if one.grows] == []
    for part in CERTAIN:
        assert result.counts[part.__name__] > 1, part.__name__


def test_growth_is_told_from_noise() -> None:
    noise = np.random.default_rng(1).normal(0, 3, 600)
    at_s = list(range(600))
    assert not slope("still", at_s, list(100 + noise), 0.5).grows
    growing = slope("growing", at_s, list(100 + noise + np.arange(600) / 60 * 2), 0.5)
    assert growing.grows
    assert abs(growing.per_minute - 2) < growing.error
    assert not slope("allowed", at_s, list(100 + noise + np.arange(600) / 60 * 2), 5).grows
    with pytest.raises(ValueError, match="too few"):
        slope("short", at_s[:BLOCKS], list(noise[:BLOCKS]), 1)
