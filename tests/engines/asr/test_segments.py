"""Where long sound is cut, and how the words of its parts are joined."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from open_llm_vtuber.audio import MIC_RATE
from open_llm_vtuber.engines.asr.segments import MARGIN_FRAMES, PAUSE_FRAMES, Cut, Segmenter, joined
from open_llm_vtuber.engines.vad.base import FRAME

LONGEST = 100
MAX_S = LONGEST * FRAME / MIC_RATE


def cuts(voiced: str, *, max_s: float | None = MAX_S) -> list[Cut]:
    """Return the cuts of a sound: v is a voiced frame, q a quiet one, any other is noise."""
    segmenter = Segmenter(max_s, 3)
    pushed = (segmenter.push(one == "v", 20.0 if one == "q" else 60.0) for one in voiced)
    return [cut for cut in pushed if cut]


def test_what_is_not_longer_than_a_segment_is_not_cut() -> None:
    assert cuts("v" * (LONGEST - 1)) == []
    assert cuts("v" * 30 + "q" * 10 + "v" * 9) == []


def test_it_is_cut_in_the_middle_of_the_first_pause_of_its_second_half() -> None:
    (cut,) = cuts("v" * 20 + "q" * 10 + "v" * 30 + "q" * PAUSE_FRAMES + "v" * 30)
    assert cut == Cut(60 + PAUSE_FRAMES // 2, 0, 60 + PAUSE_FRAMES // 2)


def test_a_pause_at_half_is_one_to_cut_at() -> None:
    (cut,) = cuts("v" * 40 + "q" * 10)
    assert cut.frames == 50 - PAUSE_FRAMES // 2


def test_without_a_pause_it_is_cut_where_it_is_quietest() -> None:
    (cut,) = cuts("v" * 70 + "q" * 5 + "v" * 25)
    assert cut.frames == 72
    (quieter,) = cuts("v" * 55 + "n" * 5 + "v" * 10 + "q" * 5 + "v" * 25)
    assert quieter.frames == 72


def test_sound_in_which_nothing_is_said_is_thrown_away() -> None:
    found = cuts("n" * 300)
    assert found
    assert all(cut.begin == cut.end for cut in found)
    kept = 300 - sum(cut.frames for cut in found)
    assert MARGIN_FRAMES <= kept < LONGEST // 2


def test_a_segment_is_not_much_longer_than_what_is_said_in_it() -> None:
    (cut,) = cuts("n" * 25 + "v" * 5 + "q" * 20)
    assert (cut.begin, cut.end) == (25 - MARGIN_FRAMES, 46)
    (late,) = cuts("v" * 10 + "n" * 40)
    assert (late.begin, late.end) == (0, 10 + MARGIN_FRAMES)


def test_a_click_is_no_speech() -> None:
    segmenter = Segmenter(MAX_S, 3)
    for one in "qvvqvqvv":
        segmenter.push(one == "v", 0.0)
    assert not segmenter.speaks
    segmenter.push(True, 0.0)
    assert segmenter.speaks


def test_an_engine_that_takes_any_length_is_given_all_at_once() -> None:
    assert cuts("v" * 1000, max_s=None) == []


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 90)), max_size=600))
def test_no_speech_is_lost_and_no_segment_too_long(frames: list[tuple[bool, float]]) -> None:
    segmenter, begin = Segmenter(MAX_S, 1), 0
    covered: set[int] = set()
    for voiced, level_db in frames:
        if cut := segmenter.push(voiced, level_db):
            assert 0 < cut.frames <= LONGEST
            covered.update(range(begin + cut.begin, begin + cut.end))
            begin += cut.frames
    assert len(frames) - begin < LONGEST
    if segmenter.speaks:
        covered.update(range(begin, len(frames)))
    assert {place for place, (voiced, _) in enumerate(frames) if voiced} <= covered


@pytest.mark.parametrize(
    ("texts", "whole"),
    [
        ([], ""),
        (["", "One.", "", "Two."], "One. Two."),
        (["天地玄黄，", "宇宙洪荒。", "OK."], "天地玄黄，宇宙洪荒。 OK."),
        (["안녕하세요.", "네."], "안녕하세요. 네."),
    ],
)
def test_the_words_of_the_parts_are_joined(texts: list[str], whole: str) -> None:
    assert joined(texts) == whole
