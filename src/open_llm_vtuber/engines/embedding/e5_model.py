"""The model multilingual-e5-small, out of its packed file: its layers run in onnxruntime."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..onnx_graph import CONTRIB, Graph
from ..onnx_session import open_session
from .packed_e5 import BLOCK, PackedE5
from .unigram import Unigram

_BEFORE = "query:"
"""What the model was trained to see before a text. It has another word for what is to be found by a
question; of what people say in a sentence or two, more is found without that."""
_INT8 = 4
"""How exactly is computed: what comes in is rounded to 8 bits, as by who packed the model."""


class E5Model:
    """Open, for any number of texts, one after another."""

    def __init__(self, path: Path) -> None:
        """Open the file at `path`. It blocks. Raises OSError and ValueError."""
        packed = PackedE5(path)
        self._packed = packed
        self._cut = Unigram(packed.vocabulary)
        self._first = len(self._cut.numbers(_BEFORE, packed.longest)) - 1
        """The place of the first piece of the text itself."""
        kinds = packed.numbers("emb.type")[: packed.size]
        self._places = packed.numbers("emb.pos").reshape(-1, packed.size) + kinds
        self._session = open_session(_encoder(packed))

    def vector(self, text: str) -> NDArray[np.float32]:
        """Return what `text` means; of a long one, its first 507 pieces. It blocks.

        It is the mean of what its own pieces mean: in a short text what is the same in all would
        count as much.
        """
        numbers = self._cut.numbers(f"{_BEFORE} {text}", self._packed.longest)
        tokens = self._packed.rows("emb.word", numbers) + self._places[: len(numbers)]
        (states,) = self._session.run(None, {"tokens": tokens[None]})
        own = states[0, self._first : -1]
        mean: NDArray[np.float32] = (own if len(own) else states[0]).mean(axis=0)
        return mean


def _encoder(packed: PackedE5) -> bytes:
    """Return the layers as a model of ONNX: the tokens of one text in, their states out."""
    graph, size = Graph(), packed.size
    for name in ("emb.ln.w", "emb.ln.b"):
        graph.weight(name, packed.numbers(name))
    norm = ["tokens", "emb.ln.w", "emb.ln.b"]
    state = graph.node("LayerNormalization", norm, "state", epsilon=packed.epsilon, axis=2)
    for layer in range(packed.layers):
        state = _layer(graph, packed, f"l{layer}", state)
    return graph.model("tokens", state, (1, "length", size))


def _layer(graph: Graph, packed: PackedE5, name: str, state: str) -> str:
    """Add one layer, and return the name of what comes out of it."""
    size = packed.size

    def numbers(part: str) -> str:
        return graph.weight(f"{name}.{part}", packed.numbers(f"{name}.{part}"))

    def linear(part: str, source: str, columns: int = size) -> str:
        """Multiply by a matrix; what is to be added is left to the next step."""
        halves, scales = packed.matrix(f"{name}.{part}.w", columns)
        inputs = [
            source,
            graph.weight(f"{name}.{part}.w", halves),
            graph.weight(f"{name}.{part}.s", scales),
        ]
        sizes = {"K": columns, "N": len(halves), "bits": 4, "block_size": BLOCK}
        output = f"{name}.{part}"
        return graph.node("MatMulNBits", inputs, output, CONTRIB, **sizes, accuracy_level=_INT8)

    def add_and_norm(part: str, new: str, old: str, bias: str) -> str:
        inputs = [new, old, numbers(f"{part}.w"), numbers(f"{part}.b"), bias]
        output, epsilon = f"{name}.{part}", packed.epsilon
        return graph.node("SkipLayerNormalization", inputs, output, CONTRIB, epsilon=epsilon)

    biases = np.concatenate([packed.numbers(f"{name}.{part}.b") for part in "qkv"])
    heads = [*(linear(part, state) for part in "qkv"), graph.weight(f"{name}.qkv.b", biases)]
    seen = f"{name}.seen"
    graph.node("MultiHeadAttention", heads, seen, CONTRIB, num_heads=packed.heads)
    state = add_and_norm("aln", linear("ao", seen), state, numbers("ao.b"))
    wide = f"{name}.wide"
    graph.node("BiasGelu", [linear("fi", state), numbers("fi.b")], wide, CONTRIB)
    columns = len(packed.numbers(f"{name}.fi.b"))
    return add_and_norm("oln", linear("fo", wide, columns), state, numbers("fo.b"))
