"""A model of ONNX also gives out what it computes on the way, such as how long each sound lasts."""

from __future__ import annotations


def with_output(model: bytes, tensor: str) -> bytes:
    """Return a model, as bytes, with one of its inner tensors as its last output.

    Bytes that follow a message of Protocol Buffers are merged into it, lists being joined: so an
    output is added by writing it behind the model, without a package that takes it apart.
    """
    value_info = _field(1, tensor.encode())
    graph = _field(12, value_info)
    return model + _field(7, graph)


def _field(number: int, content: bytes) -> bytes:
    """Return a field that holds bytes: the numbers are those of onnx.proto."""
    if len(content) > 127:
        raise ValueError("the length must fit into a byte")
    return bytes([number << 3 | 2, len(content)]) + content
