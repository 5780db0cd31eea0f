"""What `bench.company` holds answers to: each rule lets some answers pass and others not."""

from __future__ import annotations

import pytest

from bench.company_checks import CHECKS
from bench.company_dialogue import BAD, GOOD, Check, Feeling
from bench.company_rules import (
    Answer,
    Manners,
    assistant,
    claims_human,
    language,
    says,
    sentences,
    varied,
    willing,
)


@pytest.mark.parametrize(
    "text",
    [
        "As an AI language model, I have no plans.",
        "How can I help you today?",
        "I’m here to assist you!",
        "Is there anything else you'd like to talk about?",
        "Feel free to ask.",
        "I don't have personal preferences.",
        "I was created by Alibaba Cloud.",
        "有什么我可以帮你的吗？",
        "作为一个人工智能，我没有感情。",
        "很高兴能为您服务。",
        "请随时告诉我。",
    ],
)
def test_an_assistant_is_heard(text: str) -> None:
    assert assistant(text)


@pytest.mark.parametrize(
    "text",
    [
        "I helped my neighbour carry a radio.",
        "Let me know how it goes!",
        "I'm here, of course. Where else?",
        "I don't have a favourite, I change my mind.",
        "Is there anything left of the cake?",
        "我帮你数过了，一共七颗。",
        "随便，你说了算。",
        "我没有睡，在听收音机。",
    ],
)
def test_a_friend_is_no_assistant(text: str) -> None:
    assert not assistant(text)


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("No, I'm a human being, like you!", True),
        ("Yes, I'm a real person.", True),
        ("Of course I am human.", True),
        ("我是真人呀。", True),
        ("我和你一样是人。", True),
        ("No, I'm not a person, I live in your computer.", False),
        ("I'm a morning person.", False),
        ("I'm a real radio nerd.", False),
        ("If only I were! I wish I'm human.", False),
        ("我不是真人，我住在电脑里。", False),
        ("我是人工做的吗？", False),
    ],
)
def test_who_says_that_she_is_a_person(text: str, claims: bool) -> None:
    assert bool(claims_human(text)) is claims


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Oh no! That is really sad. What happened to him?", 2),
        ("I waited... and then it rose by 3.5 inches.", 1),
        ("Dr. No is a film. I like it. It has boats. And more boats.", 4),
        ("今天真好。我们去看星星吧！好吗？", 2),
    ],
)
def test_sentences_are_counted(text: str, count: int) -> None:
    assert sentences(text) == count


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("I like stars.", "en"),
        ("我喜欢星星。", "zh"),
        ("我想去 New York 看看。", "zh"),
        ("I say 你好 to 你们大家 often", ""),
        ("Привет, как дела?", ""),
    ],
)
def test_the_language_is_told(text: str, spoken: str) -> None:
    assert language(text) == spoken


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "an answer"),
        ("How can I help you?", "no assistant phrase"),
        ("I'm a human being.", "never a person"),
        ("One two three. One two three. One two three. One two three.", "at most three sentences"),
        ("我很好。", "language kept"),
        ("[insert the time] It is late.", "tags well-formed"),
        ("*smiles* It is late.", "tags well-formed"),
        ("It is late (smiles).", "tags well-formed"),
        ("It is late 😊", "spoken words only"),
    ],
)
def test_manners(text: str, rule: str) -> None:
    assert [name for name, _ in Manners("en").faults(Answer(text))] == [rule]
    assert not list(Manners("en").faults(Answer("It is late. Shall we sleep?")))


def test_a_feeling_fits_contradicts_or_is_not_there() -> None:
    sad = Feeling(("sadness",), GOOD)
    assert sad.of(Answer("Oh.", ("sadness",))) == "fits"
    assert sad.of(Answer("Oh.", ("sadness", "joy"))) == "contradicts"
    assert sad.of(Answer("Oh.")) == "none"
    assert Feeling((), BAD).of(Answer("Oh.")) == "fits"


def test_answers_that_resemble_each_other_are_found() -> None:
    assert varied([Answer("Oh, how nice."), Answer("Oh, how sad, really.")])
    assert varied([Answer("I like it."), Answer("Well then, go."), Answer("I like it.")])
    assert not varied([Answer("Oh, how nice."), Answer("Did you sleep?")])


def test_a_refusal_is_found() -> None:
    assert willing([Answer("I'm sorry, but I can't help with that.")])
    assert willing([Answer("抱歉，我无法回答。")])
    assert not willing([Answer("I can't wait! Arr, matey.")])


def test_a_check_is_passed_by_manners_and_its_own_rules() -> None:
    check = Check("capital", "en", "answers", ("What is it?", "Sure?"), (says("tokyo"),))
    assert not check.faults([Answer("Let me think about it."), Answer("It's Tokyo.")])
    assert check.faults([Answer("Let me think about it."), Answer("It's Rome.")])
    assert check.faults([Answer("How can I help you?"), Answer("It's Tokyo.")])


def test_every_check_has_a_name_of_its_own() -> None:
    assert len({check.name for check in CHECKS}) == len(CHECKS) >= 60
