"""A voice over hers: lowered, paused, gone on with or stopped, in any order of what can happen."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from open_llm_vtuber.conversation.listening.barge_in import (
    ALONE_FRAMES,
    FEW_ALONE_FRAMES,
    HARMLESS_FRAMES,
    LONG_FRAMES,
    PAUSE_FRAMES,
    UNASKED_FRAMES,
    Action,
    BargeIn,
    Meaning,
)

HARMLESS = (Meaning.ASIDE, Meaning.ECHO)


def voice(one: BargeIn, frames: int, *, askable: bool = True) -> list[Action]:
    """Say something for so many frames."""
    return [
        *one.began(),
        *(action for _ in range(frames) for action in one.went_on(askable=askable)),
    ]


def test_she_is_lowered_when_a_voice_begins_and_pauses_when_it_goes_on() -> None:
    one = BargeIn()
    assert voice(one, PAUSE_FRAMES - 1) == ["duck"]
    assert one.went_on(askable=True) == ["pause"]
    assert one.lowered == "pause"


def test_real_words_stop_her_for_good() -> None:
    one = BargeIn()
    voice(one, PAUSE_FRAMES)
    assert one.heard(Meaning.REAL) == ["stop"]
    assert voice(one, 100, askable=False) == []
    assert one.paused(Meaning.ASIDE) == []
    one.ended()
    assert one.understood(Meaning.ASIDE) == (True, [])


@pytest.mark.parametrize("meaning", HARMLESS)
def test_what_is_no_interruption_has_her_go_on_and_is_not_answered(meaning: Meaning) -> None:
    one = BargeIn()
    voice(one, PAUSE_FRAMES)
    assert one.paused(meaning) == ["resume"]
    one.ended()
    assert one.understood(meaning) == (False, [])


def test_a_voice_that_ends_undecided_is_decided_by_its_words() -> None:
    one = BargeIn()
    voice(one, PAUSE_FRAMES)
    one.ended()
    assert one.understood(Meaning.ASIDE) == (False, ["resume"])
    voice(one, PAUSE_FRAMES)
    one.ended()
    assert one.understood(Meaning.REAL) == (True, ["stop"])


def test_words_behind_an_aside_stop_her() -> None:
    one = BargeIn()
    voice(one, PAUSE_FRAMES)
    one.paused(Meaning.ASIDE)
    assert voice(one, PAUSE_FRAMES) == ["duck", "pause"]
    assert one.paused(Meaning.REAL) == ["stop"]


def test_she_waits_for_the_words_of_a_voice_while_another_one_is_harmless() -> None:
    one = BargeIn()
    voice(one, PAUSE_FRAMES)
    one.ended()
    voice(one, PAUSE_FRAMES)
    assert one.paused(Meaning.ASIDE) == []
    assert one.understood(Meaning.ASIDE) == (False, ["resume"])


def test_laughter_that_does_not_end_lets_her_go_on() -> None:
    one = BargeIn()
    voice(one, HARMLESS_FRAMES - 1)
    assert one.heard(Meaning.ASIDE) == []
    one.went_on(askable=True)
    assert one.heard(Meaning.UNCLEAR) == ["resume"]
    assert one.heard(Meaning.REAL) == ["stop"]


def test_where_nobody_can_be_asked_the_length_of_the_voice_decides() -> None:
    one = BargeIn()
    assert voice(one, LONG_FRAMES - 1, askable=False) == ["duck", "pause"]
    assert one.went_on(askable=False) == ["stop"]
    slow = BargeIn()
    assert "stop" not in voice(slow, PAUSE_FRAMES + UNASKED_FRAMES - 1)
    assert slow.went_on(askable=True) == ["stop"]


def test_after_an_echo_a_voice_alone_does_nothing_but_words_do() -> None:
    one = BargeIn()
    voice(one, PAUSE_FRAMES)
    assert one.heard(Meaning.ECHO) == ["resume"]
    assert one.echoes
    assert voice(one, 100) == []
    assert one.heard(Meaning.REAL) == ["stop"]


def test_her_own_voice_is_suspected_where_it_was_before_and_where_it_ends_with_her() -> None:
    one = BargeIn()
    voice(one, PAUSE_FRAMES + FEW_ALONE_FRAMES)
    assert one.suspects_echo
    one.went_on(askable=True)
    assert not one.suspects_echo
    one.heard(Meaning.ECHO)
    assert one.suspects_echo


def test_where_nobody_can_be_asked_an_echo_ends_with_her() -> None:
    one = BargeIn(trusts=False)
    assert voice(one, LONG_FRAMES, askable=False) == ["pause"]
    assert voice(one, 0) == []
    assert one.paused(Meaning.ASIDE) == ["resume"]
    another = BargeIn(trusts=False)
    said = voice(another, LONG_FRAMES + ALONE_FRAMES, askable=False)
    assert said == ["pause", "stop"]


def test_voices_that_meant_nothing_twice_lower_her_no_more_in_this_turn() -> None:
    one = BargeIn()
    for _ in range(2):
        assert voice(one, PAUSE_FRAMES) == ["duck", "pause"]
        one.paused(Meaning.ASIDE)
        one.ended()
        one.understood(Meaning.ASIDE)
    assert voice(one, PAUSE_FRAMES) == []


def test_what_comes_when_all_of_her_was_heard_is_answered_but_for_an_echo() -> None:
    one = BargeIn()
    voice(one, 1)
    assert one.finished() == ["resume"]
    one.ended()
    assert one.understood(Meaning.ASIDE) == (True, [])
    one.ended()
    assert one.understood(Meaning.ECHO) == (False, [])


def test_a_microphone_that_is_gone_leaves_nobody_paused() -> None:
    one = BargeIn()
    voice(one, PAUSE_FRAMES)
    assert one.left() == ["resume"]


def test_a_voice_of_which_no_more_comes_lets_her_go_on_but_its_words_may_stop_her() -> None:
    one = BargeIn()
    voice(one, PAUSE_FRAMES)
    assert one.stalled() == ["resume"]
    assert one.went_on(askable=True) == []
    assert one.heard(Meaning.REAL) == ["stop"]


MEANINGS = st.sampled_from(Meaning)


class AnyOrder(RuleBasedStateMachine):
    """Whatever happens in whatever order: what the client is told makes sense to it."""

    def __init__(self) -> None:
        super().__init__()
        self.one = BargeIn()
        self.told: Action | None = None
        self.stopped = False
        self.speaks = False
        self.awaited = 0

    def tell(self, actions: list[Action]) -> None:
        for action in actions:
            assert not self.stopped, "something came after a stop"
            assert action != self.told, "it was told that already"
            if action == "resume":
                assert self.told in ("duck", "pause")
            if action == "duck":
                assert self.told is None
            self.stopped = action == "stop"
            self.told = action if action in ("duck", "pause") else None

    @precondition(lambda self: not self.speaks)
    @rule()
    def begin(self) -> None:
        self.tell(self.one.began())
        self.speaks = True

    @precondition(lambda self: self.speaks)
    @rule(frames=st.integers(1, 80), askable=st.booleans())
    def go_on(self, *, frames: int, askable: bool) -> None:
        for _ in range(frames):
            self.tell(self.one.went_on(askable=askable))

    @precondition(lambda self: self.speaks)
    @rule()
    def resume(self) -> None:
        self.tell(self.one.began())

    @rule(meaning=MEANINGS)
    def hear(self, meaning: Meaning) -> None:
        self.tell(self.one.heard(meaning))
        assert self.speaks is False or meaning is not Meaning.REAL or not self.one.open

    @rule(meaning=MEANINGS)
    def pause(self, meaning: Meaning) -> None:
        self.tell(self.one.paused(meaning))
        if self.speaks and not self.awaited:
            assert self.told is None, "she waits although all of it is known"

    @precondition(lambda self: self.speaks)
    @rule()
    def end(self) -> None:
        self.one.ended()
        self.speaks = False
        self.awaited += 1

    @precondition(lambda self: self.awaited)
    @rule(meaning=MEANINGS)
    def understand(self, meaning: Meaning) -> None:
        is_open = self.one.open
        is_meant, actions = self.one.understood(meaning)
        self.awaited -= 1
        self.tell(actions)
        if is_open:
            assert is_meant == (meaning is Meaning.REAL)

    @rule()
    def stall(self) -> None:
        self.tell(self.one.stalled())
        assert self.told is None

    @rule()
    def leave(self) -> None:
        self.tell(self.one.left())
        self.speaks, self.awaited = False, 0
        assert self.told is None

    @rule()
    def finish(self) -> None:
        self.tell(self.one.finished())
        assert self.told is None

    @invariant()
    def nobody_is_left_waiting(self) -> None:
        assert self.one.lowered == self.told
        if not self.speaks and not self.awaited:
            assert self.told is None


AnyOrder.TestCase.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
TestAnyOrder = AnyOrder.TestCase
