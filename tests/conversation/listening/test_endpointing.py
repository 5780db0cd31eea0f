"""Endpointing: where speech begins, pauses and ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from open_llm_vtuber.conversation.listening.endpointing import Endpointer, Heard
from open_llm_vtuber.engines.vad.base import Thresholds

START, PAUSE, RESUME, END = Heard.START, Heard.PAUSE, Heard.RESUME, Heard.END


def thresholds(**changes: float) -> Thresholds:
    values = {
        "probability": 0.4,
        "level_db": 60,
        "start_frames": 3,
        "pause_frames": 8,
        "end_frames": 24,
        "smoothing_frames": 1,
        **changes,
    }
    return Thresholds(**values)  # type: ignore[arg-type]


def heard(frames: str, **changes: float) -> list[tuple[int, Heard]]:
    """Return what each frame decided: `x` is voiced, `q` voiced but quiet, `.` is silence."""
    endpointer = Endpointer(thresholds(**changes))
    kinds = {"x": (0.9, 70.0), "q": (0.9, 20.0), ".": (0.05, 70.0)}
    decisions = [endpointer.push(*kinds[frame]) for frame in frames]
    return [(index, decision) for index, decision in enumerate(decisions) if decision]


@pytest.mark.parametrize(
    ("frames", "decisions"),
    [
        ("." * 50, []),
        ("xx", []),
        ("." * 5 + "xxx", [(7, START)]),
        ("xxx", [(2, START)]),
        ("xx.xx.xx", []),
        ("qqqqqq", []),
        ("xxx" + "." * 7 + "x", [(2, START)]),
        ("xxx" + "." * 8 + "x", [(2, START), (10, PAUSE), (11, RESUME)]),
        ("xxx" + "." * 23, [(2, START), (10, PAUSE)]),
        ("xxx" + "." * 24, [(2, START), (10, PAUSE), (26, END)]),
        ("xxx" + "." * 24 + "xxx", [(2, START), (10, PAUSE), (26, END), (29, START)]),
        (
            "xxx" + "." * 20 + "x" + "." * 24,
            [(2, START), (10, PAUSE), (23, RESUME), (31, PAUSE), (47, END)],
        ),
    ],
)
def test_decisions(frames: str, decisions: list[tuple[int, Heard]]) -> None:
    assert heard(frames) == decisions


@pytest.mark.parametrize(
    ("end_frames", "silence", "decisions"),
    [
        (10, 12, [(10, PAUSE), (12, END)]),
        (9, 12, [(10, PAUSE), (11, END)]),
        (30, 29, [(10, PAUSE)]),
        (30, 30, [(10, PAUSE), (32, END)]),
    ],
)
def test_a_pause_may_be_asked_to_be_shorter_or_longer_than_configured(
    end_frames: int, silence: int, decisions: list[tuple[int, Heard]]
) -> None:
    endpointer = Endpointer(thresholds())
    found = [endpointer.push(0.9, 70.0, end_frames) for _ in range(3)]
    found += [endpointer.push(0.05, 70.0, end_frames) for _ in range(silence)]
    assert [(index, one) for index, one in enumerate(found) if one] == [(2, START), *decisions]


def test_what_a_pause_must_be_may_change_while_it_goes_on() -> None:
    endpointer = Endpointer(thresholds())
    for _ in range(3):
        endpointer.push(0.9, 70.0)
    assert [endpointer.push(0.05, 70.0, 40) for _ in range(9)] == [None] * 7 + [PAUSE, None]
    assert endpointer.silent_frames == 9
    assert endpointer.push(0.05, 70.0, 10) is END
    assert endpointer.silent_frames == 0


@pytest.mark.parametrize(
    ("frames", "sure_frames", "decisions"),
    [
        ("....SS", 2, [(5, START)]),
        ("....S.S.S", 2, []),
        ("....SSxxxx", 0, [(8, START)]),
        ("....xxxxx", 2, [(8, START)]),
        ("....ssssss", 2, []),
        ("....SSS", 3, [(6, START)]),
    ],
)
def test_what_is_surely_a_voice_begins_at_once(
    frames: str, sure_frames: int, decisions: list[tuple[int, Heard]]
) -> None:
    """`S` is surely voiced, `s` too but quiet, `x` voiced; averaged, they need two frames more."""
    endpointer = Endpointer(thresholds(sure_frames=sure_frames, smoothing_frames=5))
    kinds = {"S": (0.81, 70.0), "s": (0.9, 40.0), "x": (0.75, 70.0), ".": (0.05, 70.0)}
    found = [endpointer.push(*kinds[frame]) for frame in frames]
    assert [(index, one) for index, one in enumerate(found) if one] == decisions


def test_how_sure_a_voice_must_be_follows_what_counts() -> None:
    assert thresholds().sure_probability == pytest.approx(0.8)
    assert thresholds(probability=0.9).sure_probability == pytest.approx(0.9 + 0.2 / 3)
    assert thresholds(probability=1.0).sure_probability == 1


@pytest.mark.parametrize("adaptive", [False, True])
def test_where_it_adapts_a_pause_is_as_long_as_its_silence(adaptive: bool) -> None:
    """The average of five needs three silent frames until it is unvoiced."""
    endpointer = Endpointer(thresholds(smoothing_frames=5, adaptive=adaptive))
    for _ in range(10):
        endpointer.push(0.9, 70.0)
    found = [endpointer.push(0.0, 70.0) for _ in range(12)]
    late = 0 if adaptive else 2
    assert found.index(PAUSE) == 7 + late
    assert endpointer.silent_frames == 12 - late


def test_where_it_adapts_nobody_is_cut_off_amid_the_first_sound_after_a_pause() -> None:
    endpointer = Endpointer(thresholds(smoothing_frames=5, adaptive=True))
    for _ in range(10):
        endpointer.push(0.9, 70.0)
    for _ in range(23):
        assert endpointer.push(0.0, 70.0) is not END
    found = [endpointer.push(0.9, 70.0) for _ in range(6)]
    assert found == [None] * 5 + [RESUME]


@pytest.mark.parametrize(
    ("frames", "decisions"),
    [
        ("xxx" + "." * 12 + "x" * 3 + "." * 9, [(2, START), (10, PAUSE), (26, END)]),
        (
            "xxx" + "." * 12 + "x" * 3 + "." * 4 + "xx" + "." * 3,
            [(2, START), (10, PAUSE), (26, END)],
        ),
        ("xxx" + "." * 4 + "xx" + "." * 3, [(2, START), (10, PAUSE)]),
        ("xxx" + "." * 12 + "x" * 4, [(2, START), (10, PAUSE), (18, RESUME)]),
        (
            "xxx" + "." * 12 + "x" * 4 + "." * 24,
            [(2, START), (10, PAUSE), (18, RESUME), (26, PAUSE), (42, END)],
        ),
        ("xxx" + "." * 23 + "xxx", [(2, START), (10, PAUSE)]),
        ("xxx" + "." * 23 + "xxx.", [(2, START), (10, PAUSE), (29, END)]),
    ],
)
def test_where_it_adapts_a_breath_does_not_begin_the_pause_anew(
    frames: str, decisions: list[tuple[int, Heard]]
) -> None:
    """It holds the count; over, it counts as silence, so that it costs no time."""
    assert heard(frames, adaptive=True) == decisions


def test_the_end_takes_required_misses_once_not_twice() -> None:
    """Protocol section 10: 24 misses of 32 ms are 0.77 s."""
    assert heard("xxx" + "." * 24)[-1] == (26, END)


def test_a_pause_as_long_as_the_end_is_only_the_end() -> None:
    assert heard("xxx" + "." * 24, pause_frames=24) == [(2, START), (26, END)]


def test_a_single_click_is_smoothed_away() -> None:
    assert heard("." * 10 + "x" + "." * 10, start_frames=1, smoothing_frames=5) == []


def test_after_a_reset_nothing_is_remembered() -> None:
    endpointer = Endpointer(thresholds())
    assert START in [endpointer.push(0.9, 70) for _ in range(10)]
    endpointer.reset()
    assert endpointer.push(0.9, 70) is None
    assert START in [endpointer.push(0.9, 70) for _ in range(10)]


FRAMES = st.lists(
    st.tuples(st.floats(0, 1), st.floats(0, 96)), max_size=300
) | st.lists(st.sampled_from([(0.9, 70.0), (0.0, 10.0)]), max_size=400)  # fmt: skip


@pytest.mark.parametrize(
    ("probability", "level_db", "voiced"),
    [(0.5, 60, True), (0.499, 60, False), (0.5, 59.9, False)],
)
def test_a_threshold_is_reached_by_what_is_just_as_large(
    probability: float, level_db: float, voiced: bool
) -> None:
    endpointer = Endpointer(thresholds(probability=0.5, start_frames=1))
    assert endpointer.push(probability, level_db) == (START if voiced else None)


def test_the_mean_of_the_last_frames_counts() -> None:
    endpointer = Endpointer(thresholds(probability=0.5, start_frames=1, smoothing_frames=2))
    assert endpointer.push(0.25, 50) is None
    assert endpointer.push(0.75, 60) is None
    assert endpointer.push(0.25, 60) == START


def test_how_far_off_a_pause_is() -> None:
    endpointer = Endpointer(thresholds())
    distances = [endpointer.frames_to_pause]
    for frame in "xxx" + "." * 10 + "x.":
        endpointer.push(0.9 if frame == "x" else 0, 70)
        distances.append(endpointer.frames_to_pause)
    assert distances == [8, 8, 8, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0, 8, 7]


@given(
    FRAMES,
    st.integers(1, 5),
    st.integers(1, 10),
    st.integers(1, 12),
    st.integers(1, 6),
    st.booleans(),
)
def test_decisions_follow_the_grammar(
    frames: list[tuple[float, float]],
    start: int,
    pause: int,
    end: int,
    smoothing: int,
    adaptive: bool,
) -> None:
    """(START (PAUSE RESUME)* PAUSE? END)*, and END never within `end` frames of START."""
    endpointer = Endpointer(
        thresholds(
            start_frames=start,
            pause_frames=pause,
            end_frames=end,
            smoothing_frames=smoothing,
            adaptive=adaptive,
        )
    )
    allowed = {
        None: {START},
        START: {PAUSE, END},
        PAUSE: {RESUME, END},
        RESUME: {PAUSE, END},
        END: {START},
    }
    last: Heard | None = None
    since_start = 0
    for frame in frames:
        decision = endpointer.push(*frame)
        since_start += 1
        if decision is None:
            continue
        assert decision in allowed[last]
        if decision is START:
            since_start = 0
        if decision is END:
            assert since_start >= end
        last = decision


@given(st.lists(st.booleans(), max_size=200), st.booleans())
def test_silence_always_ends_it(voiced: list[bool], adaptive: bool) -> None:
    endpointer = Endpointer(thresholds(smoothing_frames=5, adaptive=adaptive))
    decisions = [endpointer.push(0.9 if one else 0.0, 70) for one in voiced]
    decisions += [endpointer.push(0.0, 0) for _ in range(24 + 5)]
    assert [one for one in decisions if one][-1:] in ([], [END])


def test_a_person_may_be_heard_more_or_less_readily() -> None:
    usual = thresholds()
    assert usual.tuned(None, None) == usual.tuned(0.5, None) == usual
    whisper, shout = usual.tuned(1, None), usual.tuned(0, None)
    assert (whisper.probability, shout.probability) == pytest.approx((0.1, 0.9))
    assert whisper.level_db < usual.level_db < shout.level_db
    assert whisper.end_frames == shout.end_frames == usual.end_frames


def test_the_pause_that_ends_an_utterance_may_be_chosen() -> None:
    patient, hasty = thresholds().tuned(None, 1600), thresholds().tuned(None, 130)
    assert (patient.end_frames, patient.pause_frames) == (50, 8)
    assert (hasty.end_frames, hasty.pause_frames) == (4, 4)
