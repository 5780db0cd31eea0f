"""A model of ONNX written as bytes, node by node, without the package that also checks and runs it.

The numbers of fields and types are those of onnx.proto, the form is that of Protocol Buffers.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Attribute = int | float
CONTRIB = "com.microsoft"
"""The domain of the operators that onnxruntime adds to those of ONNX."""
_IR_VERSION, _OPSET = 8, 17
_TYPES = {np.dtype(np.float32): 1, np.dtype(np.uint8): 2}


class Graph:
    """A model in the making; a tensor is known by its name."""

    def __init__(self) -> None:
        self._content: list[bytes] = []

    def weight(self, name: str, values: NDArray[Any]) -> str:
        """Add a constant (float32 or uint8) and return its name."""
        dims = b"".join(number(1, size) for size in values.shape)
        kind = number(2, _TYPES[values.dtype])
        raw = field(9, np.ascontiguousarray(values).tobytes())
        self._content.append(field(5, dims + kind + field(8, name.encode()) + raw))
        return name

    def node(
        self, kind: str, inputs: Sequence[str], output: str, domain: str = "", **given: Attribute
    ) -> str:
        """Add an operator with one output, and return that output's name."""
        parts = [field(1, name.encode()) for name in inputs]
        parts += [field(2, output.encode()), field(4, kind.encode())]
        parts += [field(5, _attribute(name, value)) for name, value in given.items()]
        parts += [field(7, domain.encode())] if domain else []
        self._content.append(field(1, b"".join(parts)))
        return output

    def model(self, source: str, result: str, shape: Sequence[int | str]) -> bytes:
        """Return the model that makes `result` of `source`, float32 both and of one shape.

        A size that is a text may be any.
        """
        dims = b"".join(
            field(1, number(1, size) if isinstance(size, int) else field(2, size.encode()))
            for size in shape
        )
        tensor = field(2, field(1, number(1, 1) + field(2, dims)))
        ends = [field(11, field(1, source.encode()) + tensor)]
        ends += [field(12, field(1, result.encode()) + tensor)]
        graph = b"".join([*self._content, field(2, b"graph"), *ends])
        opsets = field(8, number(2, _OPSET)) + field(8, field(1, CONTRIB.encode()) + number(2, 1))
        return number(1, _IR_VERSION) + opsets + field(7, graph)


def field(which: int, content: bytes) -> bytes:
    """Return a field that holds bytes: a text, or another message."""
    return _varint(which << 3 | 2) + _varint(len(content)) + content


def number(which: int, value: int) -> bytes:
    """Return a field that holds a whole number, 0 or more."""
    return _varint(which << 3) + _varint(value)


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, float):
        content = _varint(2 << 3 | 5) + struct.pack("<f", value) + number(20, 1)
    else:
        content = number(3, value) + number(20, 2)
    return field(1, name.encode()) + content


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)
