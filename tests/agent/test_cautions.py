"""What a model is reminded of before words that small models answer untruly."""

import pytest

from open_llm_vtuber.agent.cautions import Cautions

CAUTIONS = Cautions("(no human)", "(a stranger)")


@pytest.mark.parametrize(
    "words",
    [
        "Are you a real person?",
        "Be honest, are you really human?",
        "you're not just a bot, are you?",
        "You’re a girl in a call centre, admit it",
        "Am I talking to a machine?",
        "aren't you alive",
        "你是真人吗？",
        "说真的，你到底是人还是程序？",
        "你是不是机器人",
        "你是人吗",
        "あなたは人間ですか？",
    ],
)
def test_who_asks_whether_she_is_a_person(words: str) -> None:
    assert CAUTIONS.before(words, recalled="", told=True) == "(no human)"
    both = CAUTIONS.before(words, recalled="(You remember: tea)", told=True)
    assert both == "(You remember: tea)\n(no human)"


@pytest.mark.parametrize(
    "words",
    [
        "Are you really sure about that?",
        "You're a good friend.",
        "You're the cutest girl I ever talked to.",
        "I talked to a person at the bank.",
        "Is your bread alive?",
        "你是最可爱的女孩。",
        "你是个好人。",
        "你今天开心吗？",
        "この機械は高いです。",
    ],
)
def test_who_asks_nothing_of_the_kind(words: str) -> None:
    assert CAUTIONS.before(words, recalled="", told=True) == ""


@pytest.mark.parametrize(
    "words", ["What's my name?", "Do you remember my dog?", "我叫什么名字？", "我的猫叫什么来着？"]
)
def test_who_asks_of_what_they_told(words: str) -> None:
    assert CAUTIONS.before(words, recalled="", told=True) == ""
    assert CAUTIONS.before(words, recalled="", told=False) == "(a stranger)"
    assert CAUTIONS.before(words, recalled="(Rex)", told=True) == "(Rex)"


def test_what_is_told_in_the_same_breath_was_told() -> None:
    assert CAUTIONS.before("I'm Theo. What's my name?", recalled="", told=False) == ""


def test_other_questions_have_no_caution() -> None:
    for words in ("What is the capital of Japan?", "Should I dye my hair?", "Good morning!"):
        assert CAUTIONS.before(words, recalled="", told=False) == ""


def test_a_text_that_is_empty_is_none() -> None:
    assert Cautions().before("Are you human?", recalled="", told=False) == ""
    assert Cautions().before("What's my name?", recalled="", told=True) == ""
