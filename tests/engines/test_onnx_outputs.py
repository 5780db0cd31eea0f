"""An inner tensor becomes an output, and the others stay as they were."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

from open_llm_vtuber.engines.onnx_outputs import with_output


def model() -> bytes:
    """Return a model that adds its input to itself, and squares that."""
    shape = {"elem_type": TensorProto.FLOAT, "shape": [None]}
    graph = helper.make_graph(
        [helper.make_node("Add", ["x", "x"], ["sum"]), helper.make_node("Mul", ["sum"] * 2, ["y"])],
        "square",
        [helper.make_tensor_value_info("x", **shape)],
        [helper.make_tensor_value_info("y", **shape)],
    )
    whole = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    as_bytes: bytes = whole.SerializeToString()
    return as_bytes


def test_the_inner_tensor_comes_last() -> None:
    session = onnxruntime.InferenceSession(with_output(model(), "sum"))
    square, double = session.run(None, {"x": np.array([1.5, 2], np.float32)})
    assert double.tolist() == [3, 4]
    assert square.tolist() == [9, 16]


def test_it_is_the_same_to_who_takes_it_apart() -> None:
    found = onnx.load_from_string(with_output(model(), "sum"))
    assert [one.name for one in found.graph.output] == ["y", "sum"]


def test_a_name_may_be_long() -> None:
    found = onnx.load_from_string(with_output(model(), "x" * 1000))
    assert [len(one.name) for one in found.graph.output] == [1, 1000]
