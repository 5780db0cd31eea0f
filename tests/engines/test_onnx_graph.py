"""A model written by us is what the package `onnx` would write, and runs."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime

from open_llm_vtuber.engines.onnx_graph import CONTRIB, Graph


def model() -> bytes:
    """Return a model that adds (1, 2), norms, and then adds (3, 3)."""
    graph = Graph()
    inputs = ["x", graph.weight("one", np.array([1, 2], np.float32))]
    total = graph.node("Add", inputs, "sum")
    scale, shift = np.full(2, 2, np.float32), np.zeros(2, np.float32)
    norm = [total, graph.weight("scale", scale), graph.weight("shift", shift)]
    graph.node("LayerNormalization", norm, "norm", axis=1, epsilon=1e-12)
    skip = ["norm", graph.weight("bias", np.full(2, 3, np.float32))]
    graph.node("Add", skip, "y")
    return graph.model("x", "y", ("any", 2))


def test_it_is_whole_to_who_takes_it_apart() -> None:
    found = onnx.load_from_string(model())
    onnx.checker.check_model(found)
    assert [node.op_type for node in found.graph.node] == ["Add", "LayerNormalization", "Add"]
    assert [one.name for one in found.graph.initializer] == ["one", "scale", "shift", "bias"]
    (dims,) = [one.type.tensor_type.shape.dim for one in found.graph.input]
    assert (dims[0].dim_param, dims[1].dim_value) == ("any", 2)
    attributes = {
        one.name: onnx.helper.get_attribute_value(one) for one in found.graph.node[1].attribute
    }
    assert attributes["axis"] == 1
    assert abs(attributes["epsilon"] - 1e-12) < 1e-15


def test_it_computes() -> None:
    session = onnxruntime.InferenceSession(model())
    (y,) = session.run(None, {"x": np.array([[0, 5], [0, 0]], np.float32)})
    np.testing.assert_allclose(y, [[1, 5], [1, 5]], atol=1e-5)


def test_operators_of_onnxruntime_and_long_tensors() -> None:
    graph = Graph()
    bias = graph.weight("bias", np.arange(70_000, dtype=np.float32) - 35_000)
    graph.node("BiasGelu", ["x", bias], "y", CONTRIB)
    session = onnxruntime.InferenceSession(graph.model("x", "y", (1, 70_000)))
    (y,) = session.run(None, {"x": np.zeros((1, 70_000), np.float32)})
    assert y[0, 0] == 0
    assert y[0, -1] == 34_999
