"""Where a long answer ends."""

import pytest

from open_llm_vtuber.engines.llm.llama_cpp.length import Length


def ends_after(max_tokens: int, pieces: list[str]) -> int:
    """Return how many pieces an answer has."""
    length = Length(max_tokens)
    return next((count for count, one in enumerate(pieces, 1) if length.reached(one)), len(pieces))


@pytest.mark.parametrize("end", [".", "!", "?", '."', "。", "！", "\n", ".\n\n"])
def test_it_ends_with_a_sentence_in_the_last_quarter(end: str) -> None:
    sentence = [" one", " two", " three", " four", end]
    assert ends_after(20, sentence * 10) == 20
    assert ends_after(24, sentence * 10) == 20
    assert ends_after(28, sentence * 10) == 25


def test_it_does_not_end_amid_one() -> None:
    assert ends_after(8, [" one"] * 30) == 30
    assert ends_after(8, [" v", "1", ".5", " is", ",", " so", ":", " far", " good"] * 2) == 18
