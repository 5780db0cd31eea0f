"""What an assistant would say is left out of an answer, however it comes in pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from open_llm_vtuber.agent.stock_phrases import StockPhrases


def said(text: str, size: int = 1) -> str:
    stock = StockPhrases()
    pieces = [stock.feed(text[at : at + size]) for at in range(0, len(text), size)]
    return "".join([*pieces, stock.flush()])


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("How can I help you today?", ""),
        ("Hi! [joy] How can I assist you? I missed you.", "Hi! I missed you."),
        ("Hi! How can I assist you? I missed you.", "Hi! I missed you."),
        ("As an AI language model, I can't. But I like it.", "But I like it."),
        ("I’m here to help! Soup?", "Soup?"),
        ("你好呀！有什么我可以帮你的吗？今天冷。", "你好呀！今天冷。"),
        ("作为一个 AI，我不吃饭。哈哈。", "哈哈。"),
        ("Nice! If you need anything else, feel free to ask. Soup?", "Nice! Soup?"),
        ("I'm sorry, but I can't assist with that. Soup?", "Soup?"),
        ("I'm sorry, but I can't sing.", "I'm sorry, but I can't sing."),
        ("I was designed to be nice. But I bite.", "But I bite."),
        ("如果您还有问题，可以问我。今天冷。", "今天冷。"),
        ("If you have any soup left, I'm coming.", "If you have any soup left, I'm coming."),
        (
            "I'm here, where else? How can I not laugh.",
            "I'm here, where else? How can I not laugh.",
        ),
        ("As an aid to sleep I count stars.", "As an aid to sleep I count stars."),
        ("Is there any", "Is there any"),
        ("I don't have a favourite.", "I don't have a favourite."),
    ],
)
def test_sentences_of_an_assistant_are_left_out(text: str, left: str, size: int) -> None:
    assert " ".join(said(text, size).split()) == left


@given(st.lists(st.text(max_size=12), max_size=12))
def test_what_is_given_out_and_left_out_is_the_answer(pieces: list[str]) -> None:
    stock = StockPhrases()
    out = "".join([*(stock.feed(piece) for piece in pieces), stock.flush()])
    assert len(out) + len(stock.dropped) == len("".join(pieces))


def test_an_ordinary_sentence_waits_for_its_first_letters_only() -> None:
    stock = StockPhrases()
    assert stock.feed("We") == "We"
    assert stock.feed(" bake") == " bake"
    assert stock.feed(". A") == ". "
    assert stock.feed("nd") == "And"
