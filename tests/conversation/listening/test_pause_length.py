"""How long a pause must be: by what is known of it, and within which bounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from open_llm_vtuber.conversation.listening.pause_length import CEILING_S, Evidence, needed_s
from open_llm_vtuber.conversation.listening.words_cue import Cue

USUAL_S = 0.77
ORDER = (Cue.COMPLETE, Cue.UNKNOWN, Cue.OPEN, Cue.INCOMPLETE)
CUES = st.sampled_from(ORDER)
CHANCES = st.floats(0, 1)
ANSWERS = st.lists(CHANCES, max_size=3).map(tuple)
PACES = st.none() | st.floats(0.05, 2)
USUALS = st.floats(0.1, 5)
EVIDENCE = st.builds(Evidence, ANSWERS, CUES, pace_s=PACES)


@pytest.mark.parametrize(
    ("answers", "cue", "pace_s", "least_s", "most_s"),
    [
        ((), Cue.UNKNOWN, None, 0.77, 0.77),  # nothing known: as configured
        ((), Cue.COMPLETE, None, 0.4, 0.55),
        ((), Cue.OPEN, None, 1.4, 1.5),
        ((), Cue.INCOMPLETE, None, 1.6, 2.0),
        ((0.97,), Cue.UNKNOWN, None, 0.5, 0.51),  # the sound alone does not end it at once
        ((0.97,), Cue.COMPLETE, None, 0.25, 0.35),
        ((0.97,), Cue.INCOMPLETE, None, 1.6, 2.0),  # "and so my fellow Americans"
        ((0.03,), Cue.COMPLETE, None, 0.8, 1.0),
        ((0.03,), Cue.UNKNOWN, None, 1.2, 1.5),
        ((0.03, 0.97), Cue.UNKNOWN, None, 0.7, 0.85),  # one against the other
        ((0.5,), Cue.UNKNOWN, None, 0.77, 0.77),
        ((), Cue.UNKNOWN, 1.2, 1.0, 1.2),  # somebody slow
        ((), Cue.UNKNOWN, 0.2, 0.6, 0.7),  # somebody quick
    ],
)
def test_the_rule(
    answers: tuple[float, ...], cue: Cue, pace_s: float | None, least_s: float, most_s: float
) -> None:
    assert (
        least_s - 1e-9 <= needed_s(Evidence(answers, cue, pace_s=pace_s), USUAL_S) <= most_s + 1e-9
    )


@given(ANSWERS, PACES, USUALS)
def test_words_that_are_being_written_down_are_waited_for(
    answers: tuple[float, ...], pace_s: float | None, usual_s: float
) -> None:
    before = needed_s(Evidence(answers, awaits_words=True, pace_s=pace_s), usual_s)
    assert before >= 1.3 * usual_s
    assert before >= needed_s(Evidence(answers, pace_s=pace_s), usual_s)


@given(USUALS)
def test_of_a_pause_of_which_nothing_is_known_the_usual_one_is_asked(usual_s: float) -> None:
    assert needed_s(Evidence(), usual_s) == pytest.approx(usual_s)


@given(EVIDENCE, USUALS, st.floats(0.01, 0.99))
def test_the_bounds_hold(evidence: Evidence, usual_s: float, neutral: float) -> None:
    found = needed_s(evidence, usual_s, neutral)
    assert 0.4 * usual_s - 1e-9 <= found <= 2.4 * usual_s + 1e-9
    assert min(0.2, usual_s) - 1e-9 <= found <= max(CEILING_S, usual_s) + 1e-9


@given(EVIDENCE, USUALS, CHANCES, CHANCES)
def test_the_more_complete_it_sounds_the_shorter(
    evidence: Evidence, usual_s: float, one: float, other: float
) -> None:
    before = evidence.detector
    low = Evidence((*before, min(one, other)), evidence.cue, pace_s=evidence.pace_s)
    high = Evidence((*before, max(one, other)), evidence.cue, pace_s=evidence.pace_s)
    assert needed_s(high, usual_s) <= needed_s(low, usual_s) + 1e-9


@given(EVIDENCE, USUALS)
def test_the_more_complete_the_words_the_shorter(evidence: Evidence, usual_s: float) -> None:
    lengths = [
        needed_s(Evidence(evidence.detector, cue, pace_s=evidence.pace_s), usual_s) for cue in ORDER
    ]
    assert lengths == sorted(lengths)


@given(EVIDENCE, USUALS, st.floats(0.05, 2), st.floats(0.05, 2))
def test_the_slower_the_person_the_longer(
    evidence: Evidence, usual_s: float, one: float, other: float
) -> None:
    quick = Evidence(evidence.detector, evidence.cue, pace_s=min(one, other))
    slow = Evidence(evidence.detector, evidence.cue, pace_s=max(one, other))
    assert needed_s(quick, usual_s) <= needed_s(slow, usual_s) + 1e-9


@given(EVIDENCE, USUALS, USUALS)
def test_the_more_patient_the_longer(evidence: Evidence, one: float, other: float) -> None:
    quick, calm = min(one, other), max(one, other)
    assert needed_s(evidence, quick) <= needed_s(evidence, calm) + 1e-9


@given(ANSWERS.filter(bool), USUALS, st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_the_surer_it_must_be_the_longer(
    answers: tuple[float, ...], usual_s: float, one: float, other: float
) -> None:
    easy, strict = min(one, other), max(one, other)
    evidence = Evidence(answers)
    assert needed_s(evidence, usual_s, easy) <= needed_s(evidence, usual_s, strict) + 1e-9
