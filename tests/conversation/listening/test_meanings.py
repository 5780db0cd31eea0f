"""What is said over her: words that interrupt, words that do not, and her own."""

from __future__ import annotations

import pytest

from open_llm_vtuber.conversation.listening.barge_in import Meaning
from open_llm_vtuber.conversation.listening.echo import is_echo
from open_llm_vtuber.conversation.listening.meanings import meaning_of

REAL, UNCLEAR, ASIDE, ECHO = Meaning.REAL, Meaning.UNCLEAR, Meaning.ASIDE, Meaning.ECHO
HERS = "The old lighthouse keeper climbed the stairs every evening, and lit the lamp himself."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "...",
        "[cough]",
        "(laughs)",
        "*clears throat*",
        "（笑）",
        "Mm-hmm.",
        "Mm, mm, mm.",
        "Yeah.",
        "Yeah, yeah, right.",
        "Uh-huh, okay.",
        "Oh, I see.",
        "Hahaha!",
        "嗯。",
        "对对对",
        "好的，明白了。",
        "原来如此",
        "哈哈哈",
        "うん、うん。",
        "そうですね",
        "なるほど。",
        "あはは",
        "Ja, genau.",
        "Ach so!",
        "D'accord.",
        "Oui, bien sûr.",
        "Sí, claro.",
        "Jajaja",
        "Butter.",
    ],
)
def test_asides(text: str) -> None:
    assert meaning_of(text, 0.5, HERS, complete=True) is ASIDE


@pytest.mark.parametrize(
    "text",
    [
        "Stop.",
        "Wait!",
        "No, no.",
        "No.",
        "What?",
        "Hold on.",
        "Excuse me.",
        "Yeah, but what about tomorrow?",
        "Okay, stop.",
        "Right, so tell me more.",
        "What is a keeper?",
        "停一下",
        "不是",
        "等等",
        "对，但是我想问你",
        "待って",
        "ちょっと待ってください",
        "なるほど、でも質問があります",
        "Nein, warte!",
        "Ja, aber wann?",
        "Attends.",
        "Oui, mais pourquoi ?",
        "Espera.",
        "Sí, pero no.",
    ],
)
def test_what_interrupts(text: str) -> None:
    assert meaning_of(text, 0.5, HERS, complete=True) is REAL


def test_one_word_is_an_aside_only_while_it_is_short() -> None:
    assert meaning_of("Tomorrow.", 0.5, HERS, complete=True) is ASIDE
    assert meaning_of("Tomorrow.", 0.7, HERS, complete=True) is REAL


def test_of_a_very_short_sound_words_are_made_up() -> None:
    assert meaning_of("The orb, the orb", 0.3, HERS, complete=True) is ASIDE
    assert meaning_of("Stop it!", 0.3, HERS, complete=True) is REAL
    assert meaning_of("It was fine.", 0.6, HERS, complete=True) is ASIDE
    assert meaning_of("It was fine.", 0.7, HERS, complete=True) is REAL
    assert meaning_of("Okay, louder.", 0.5, HERS, complete=True) is REAL


def test_what_is_written_down_of_a_beginning_does_not_count_but_a_command() -> None:
    assert meaning_of("I'm going to", 0.3, HERS, complete=False) is UNCLEAR
    assert meaning_of("I'm going to", 0.8, HERS, complete=False) is REAL
    assert meaning_of("Butter", 0.8, HERS, complete=False) is UNCLEAR
    assert meaning_of("Stop", 0.3, HERS, complete=False) is REAL


@pytest.mark.parametrize(
    "text",
    [
        "The old lighthouse keeper",
        "keeper climbed the stairs every evening",
        "old light house keeper climb the stairs",  # misheard
        "every evening and lit the lamp him",  # cut off
        "Housekeeper climbed the stairs every evening.",
        "And let the lamp himself.",
        "The old lighthouse key key key key",
    ],
)
def test_her_own_words_are_an_echo(text: str) -> None:
    assert meaning_of(text, 1.0, HERS, complete=False) is ECHO
    assert meaning_of(text, 1.0, "", complete=False) is REAL


@pytest.mark.parametrize(
    "text",
    [
        "every evening climbed the lighthouse old",  # not in order
        "climbed the stairs stop please",
        "I would like to ask something",
        "Does the keeper like the stairs?",
        "stop",
        "What is a lighthouse?",
    ],
)
def test_what_somebody_else_says_is_none(text: str) -> None:
    assert meaning_of(text, 1.0, HERS, complete=True) is REAL


def test_signs_are_compared_one_by_one() -> None:
    hers = "从前有一座灯塔，里面住着一位老人。"
    assert is_echo("灯塔里面住着一位", hers)
    assert not is_echo("灯塔里面有什么东西", hers)


def test_where_an_echo_is_suspected_less_of_it_is_enough() -> None:
    heard = "The all of light"
    assert meaning_of(heard, 0.7, HERS, complete=True) is REAL
    assert meaning_of(heard, 0.7, HERS, complete=True, suspected=True) is ECHO
    assert meaning_of("Mm-hmm, out", 0.7, HERS, complete=True, suspected=True) is ASIDE
    assert meaning_of("Mm-hmm, out", 0.7, HERS, complete=False, suspected=True) is UNCLEAR
    assert meaning_of("Stop it", 0.7, HERS, complete=True, suspected=True) is REAL
    assert meaning_of("I would like to ask", 0.7, HERS, complete=True, suspected=True) is REAL


def test_a_short_word_is_no_part_of_a_longer_one_of_hers() -> None:
    assert not is_echo("No.", "Nobody was on board.")
    assert not is_echo("No.", "Nobody was on board.", known=True)
    assert is_echo("on board", "Nobody was on board.", known=True)


def test_a_word_or_two_of_hers_may_be_an_answer_where_there_was_no_echo() -> None:
    hers = "Would you like tea, or coffee?"
    assert meaning_of("Coffee!", 0.4, hers, complete=True, suspected=True) is ASIDE
    assert meaning_of("Coffee!", 0.4, hers, complete=True, suspected=True, known=True) is ECHO


def test_of_nothing_there_is_no_echo() -> None:
    assert not is_echo("", HERS)
    assert not is_echo("words", "")


def test_long_texts_are_compared_by_their_ends() -> None:
    hers = " ".join(f"word{number} " for number in range(5000))
    assert is_echo("word4990 word4991 word4993", hers)
    assert not is_echo("word1 word2 word3", hers)
