"""What every turn detector keeps to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from open_llm_vtuber.audio import MIC_RATE, Pcm
from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.registry import find
from open_llm_vtuber.engines.trial import Trial
from open_llm_vtuber.engines.turn.base import AnyTurnDetector, TurnDetector
from open_llm_vtuber.weights.catalogue import Catalogue
from open_llm_vtuber.weights.store import WeightStore
from tests.engines import contract
from tests.support.live import PROJECT

pytestmark = pytest.mark.anyio

NAMES = ("smart_turn",)
PAUSE = np.zeros(MIC_RATE // 4, np.float32)


@pytest.fixture(params=NAMES)
async def detector(request: pytest.FixtureRequest) -> AsyncIterator[AnyTurnDetector]:
    engine_class = find("turn", request.param)
    engine = engine_class(engine_class.Config())
    await engine.run(engine.import_packages)
    await engine.load(WeightStore(PROJECT / "models"))
    assert isinstance(engine, TurnDetector)
    yield engine
    await engine.close()


def recording(folder: Path, name: str) -> Pcm:
    """Return what a person says, to its last voiced sample."""
    pcm, _ = soundfile.read(folder / name, dtype="float32")
    voiced: Pcm = pcm[: np.flatnonzero(np.abs(pcm) > 0.02)[-1]]
    return voiced


def test_the_suite_runs_over_every_engine() -> None:
    contract.covers("turn", set(NAMES))


async def test_a_sentence_that_is_said_is_told_from_one_that_goes_on(
    detector: AnyTurnDetector, speech: Path
) -> None:
    said = recording(speech, "human_goforward.wav")
    assert await detector.in_turn(np.concatenate([said, PAUSE])) > 0.5
    amid = recording(speech, "human_jfk.wav")
    amid = amid[: len(amid) // 2]  # "ask not"
    assert await detector.in_turn(np.concatenate([amid, PAUSE])) < 0.5


async def test_of_a_long_speech_it_hears_the_end(detector: AnyTurnDetector, speech: Path) -> None:
    end = np.concatenate([recording(speech, "human_jfk.wav"), PAUSE])
    end = end[-int(detector.window_s * MIC_RATE) :]
    hour = np.concatenate([np.ones(600 * MIC_RATE, np.float32), end])
    assert await detector.in_turn(hour) == await detector.in_turn(end)


@pytest.mark.parametrize(
    "pcm",
    [
        np.zeros(0, np.float32),
        np.zeros(1, np.float32),
        np.zeros(MIC_RATE, np.float32),
        np.full(MIC_RATE, np.nan, np.float32),
        np.full(MIC_RATE, np.inf, np.float32),
        np.full(MIC_RATE, 1e6, np.float32),
        np.random.default_rng(1).normal(size=MIC_RATE).astype(np.float32),
    ],
    ids=["nothing", "a sample", "silence", "no numbers", "endless", "far too loud", "noise"],
)
async def test_of_whatever_it_hears_it_says_a_probability(
    detector: AnyTurnDetector, pcm: Pcm
) -> None:
    assert 0.0 <= await detector.in_turn(pcm) <= 1.0


async def test_it_is_tried_with_what_the_voice_said(
    detector: AnyTurnDetector, speech: Path
) -> None:
    trial = Trial(recording(speech, "human_goforward.wav"))
    assert "complete at " in await detector.trial(trial)


async def test_a_cancelled_question_leaves_nothing(
    detector: AnyTurnDetector, monkeypatch: pytest.MonkeyPatch
) -> None:
    await contract.cancelled(detector, "complete", lambda: detector.in_turn(PAUSE), monkeypatch)


async def test_it_can_be_closed_while_it_is_asked(detector: AnyTurnDetector) -> None:
    await contract.closed_while_busy(detector, lambda: detector.in_turn(PAUSE))


async def test_no_more_questions_are_answered_at_once_than_it_takes(
    detector: AnyTurnDetector, monkeypatch: pytest.MonkeyPatch
) -> None:
    await contract.counted(detector, "complete", lambda: detector.in_turn(PAUSE), monkeypatch)


@pytest.mark.parametrize("name", NAMES)
async def test_weights_that_cannot_be_had_are_named(name: str, tmp_path: Path) -> None:
    engine_class = find("turn", name)
    engine = engine_class(engine_class.Config())
    with pytest.raises(EngineError, match="weights"):
        await engine.load(WeightStore(tmp_path, catalogue=Catalogue(entries=())))
