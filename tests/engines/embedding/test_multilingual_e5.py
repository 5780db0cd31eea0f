"""The model that comes with us: what is near to what, and that it computes what it should."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.embedding.e5_model import E5Model
from open_llm_vtuber.engines.embedding.multilingual_e5 import (
    LASTING,
    WEIGHTS,
    MultilingualE5,
    MultilingualE5Config,
)
from open_llm_vtuber.engines.embedding.packed_e5 import PackedE5
from open_llm_vtuber.engines.embedding.unigram import Unigram
from open_llm_vtuber.weights.store import WeightStore
from tests.support.live import PROJECT
from tools.lasting import direction

pytestmark = pytest.mark.anyio

FILE = "e5-small-q4.bin"
SAID = [
    "My sister's wedding is on Saturday.",
    "I can't eat peanuts, I get a rash.",
    "The dentist pulled one of my teeth out.",
    "我养了一只橘猫，叫年糕。",
    "我下个月要搬到成都去。",
    "I had pasta for lunch and watched a film.",
]


@pytest.fixture
async def e5() -> AsyncIterator[MultilingualE5]:
    engine = MultilingualE5(MultilingualE5Config())
    await engine.run(engine.import_packages)
    await engine.load(WeightStore(PROJECT / "models"))
    yield engine
    await engine.close()


@pytest.fixture
async def packed() -> PackedE5:
    folder = await WeightStore(PROJECT / "models").weights(WEIGHTS)
    return PackedE5(folder / FILE)


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("When does my sister get married?", 0),
        ("Which food am I allergic to?", 1),
        ("Do you remember what my cat is called?", 3),
        ("我要搬去哪个城市？", 4),
        ("我的宠物叫什么名字？", 3),
    ],
)
async def test_a_question_finds_what_was_said_in_other_words_and_languages(
    e5: MultilingualE5, question: str, meant: int
) -> None:
    (query,) = await e5.embed([question], query=True)
    said = await e5.embed(SAID, query=False)
    assert int((said @ query).argmax()) == meant


async def test_it_computes_what_its_weights_say(packed: PackedE5) -> None:
    """Beside a plain computation of the same layers; ours rounds what it multiplies to 8 bits."""
    model = E5Model(PROJECT / "models" / WEIGHTS / FILE)
    cut = Unigram(packed.vocabulary)
    for text in [*SAID, "word " * 600]:
        ours = model.vector(text)
        theirs = bert(packed, cut.numbers(f"query: {text}", packed.longest))
        alike = ours @ theirs / np.linalg.norm(ours) / np.linalg.norm(theirs)
        assert alike > 0.995


def bert(packed: PackedE5, numbers: list[int]) -> NDArray[Any]:
    """Return the mean of the last states of BERT, of the text's own pieces, in plain numbers."""
    size, heads = packed.size, packed.heads

    def matrix(name: str, columns: int) -> NDArray[Any]:
        halves, scales = packed.matrix(name, columns)
        weights = np.stack([halves & 15, halves >> 4], axis=-1).reshape(*halves.shape[:2], 32)
        whole = (weights.astype(np.float32) - 8) * scales.reshape(*halves.shape[:2], 1)
        flat: NDArray[Any] = whole.reshape(len(halves), columns)
        return flat

    def linear(name: str, states: NDArray[Any]) -> NDArray[Any]:
        bias = packed.numbers(f"{name}.b")
        product: NDArray[Any] = states @ matrix(f"{name}.w", states.shape[1]).T + bias
        return product

    def norm(name: str, states: NDArray[Any]) -> NDArray[Any]:
        even = states - states.mean(axis=1, keepdims=True)
        even /= np.sqrt((even**2).mean(axis=1, keepdims=True) + packed.epsilon)
        normed: NDArray[Any] = even * packed.numbers(f"{name}.w") + packed.numbers(f"{name}.b")
        return normed

    states = packed.rows("emb.word", numbers)
    states = states + packed.numbers("emb.pos").reshape(-1, size)[: len(numbers)]
    states = norm("emb.ln", states + packed.numbers("emb.type")[:size])
    for layer in (f"l{index}" for index in range(packed.layers)):
        query, key, value = (
            linear(f"{layer}.{part}", states).reshape(len(states), heads, -1).transpose(1, 0, 2)
            for part in "qkv"
        )
        weights = query @ key.transpose(0, 2, 1) / math.sqrt(size // heads)
        weights = np.exp(weights - weights.max(axis=2, keepdims=True))
        weights /= weights.sum(axis=2, keepdims=True)
        seen = (weights @ value).transpose(1, 0, 2).reshape(len(states), size)
        states = norm(f"{layer}.aln", states + linear(f"{layer}.ao", seen))
        wide = linear(f"{layer}.fi", states)
        wide = wide * (1 + np.vectorize(math.erf)(wide / math.sqrt(2))) / 2
        states = norm(f"{layer}.oln", states + linear(f"{layer}.fo", wide))
    mean: NDArray[Any] = states[4:-1].mean(axis=0)  # without its begin, "que", "ry", ":", its end
    return mean


async def test_a_question_passes_by_what_is_said_in_passing(e5: MultilingualE5) -> None:
    """It leans to what lasts, though a sentence is as like it that says nothing of the kind."""
    (asked,) = await e5.embed(["What makes my mornings hard?"], query=True)
    (said,) = await e5.embed(["What makes my mornings hard?"], query=False)
    lasting, passing = await e5.embed(
        ["I have had a bad knee for years.", "It was foggy this morning."], query=False
    )
    assert lasting @ asked - passing @ asked > lasting @ said - passing @ said + 0.01


@pytest.mark.usefixtures("e5")
async def test_what_lasts_is_told_by_these_weights() -> None:
    """`python -m tools.lasting` would write the same, but for what processors differ in."""
    made = direction(E5Model(PROJECT / "models" / WEIGHTS / FILE).vector)
    assert made @ np.load(LASTING) > 0.999


@pytest.mark.parametrize("damage", ["no file", "empty", "other", "cut"])
async def test_a_file_that_is_none_is_told(tmp_path: Path, damage: str) -> None:
    path = tmp_path / WEIGHTS / FILE
    path.parent.mkdir()
    whole = (PROJECT / "models" / WEIGHTS / FILE).read_bytes()
    if damage != "no file":
        path.write_bytes({"empty": b"", "other": b"x" * 1000, "cut": whole[:1000]}[damage])

    class Folder(WeightStore):
        async def weights(self, name: str) -> Path:
            return path.parent

    engine = MultilingualE5(MultilingualE5Config())
    with pytest.raises(EngineError, match="embedding model cannot be opened"):
        await engine.load(Folder(tmp_path))
    await engine.close()
