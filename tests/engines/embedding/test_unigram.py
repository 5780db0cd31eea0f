"""Texts are cut into the pieces that the package `tokenizers` cuts them into."""

from __future__ import annotations

import pytest
from tokenizers import Tokenizer, models

from open_llm_vtuber.engines.embedding.multilingual_e5 import WEIGHTS
from open_llm_vtuber.engines.embedding.packed_e5 import PackedE5, Vocabulary
from open_llm_vtuber.engines.embedding.unigram import Unigram
from open_llm_vtuber.weights.store import WeightStore
from tests.support.live import PROJECT

pytestmark = pytest.mark.anyio

TEXTS = (
    "query: When is my sister's wedding?",
    "Donaudampfschifffahrtsgesellschaft, 3.14 % of 1,000,000",
    "我妹妹下周六结婚，你记得吗？",
    "昨日は雨でしたが、今日は晴れです。",
    "안녕하세요 여러분",
    "uh my name's ada",
    "zzzxqxq 🦄🦄🦄 ok",
    "",
)


async def vocabulary() -> Vocabulary:
    folder = await WeightStore(PROJECT / "models").weights(WEIGHTS)
    return PackedE5(folder / "e5-small-q4.bin").vocabulary


async def test_they_are_cut_as_by_tokenizers() -> None:
    words = await vocabulary()
    rows = [("", -100.0)] * len(words.scores)
    for piece, number in words.pieces.items():
        rows[number] = (piece, words.scores[number])
    theirs = Tokenizer(models.Unigram(rows, unk_id=words.unknown, byte_fallback=False))
    ours = Unigram(words)
    for text in TEXTS:
        plain = "\u2581" + text.replace("，", ",").replace("？", "?").replace(" ", "\u2581")
        expected = theirs.encode(plain, add_special_tokens=False).ids
        assert ours.numbers(text, 512) == [words.begin, *expected, words.end], text


async def test_what_stands_for_no_text_is_cut_like_any_other() -> None:
    words = await vocabulary()
    cut = Unigram(words).numbers("</s><mask><pad>", 512)
    assert not {words.begin, words.end, 1, words.unknown} & set(cut[1:-1])


async def test_forms_of_a_letter_are_one() -> None:
    cut = Unigram(await vocabulary())
    assert cut.numbers("Ｆｕｌｌ　ｗｉｄｔｈ", 99) == cut.numbers("Full width", 99)
    assert cut.numbers("cafe\u0301", 99) == cut.numbers("café", 99)


async def test_a_long_text_is_cut_off_between_its_ends() -> None:
    words = await vocabulary()
    numbers = Unigram(words).numbers("word " * 1000, 512)
    assert len(numbers) == 512
    assert (numbers[0], numbers[-1]) == (words.begin, words.end)
