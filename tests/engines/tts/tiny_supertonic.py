"""Supertonic with models of a few hundred bytes: their names, shapes and files are the real ones.

As the package `supertonic` calls them (supertonic/core.py): a character takes a while, and what is
heard is noise.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import onnx
import pytest
from onnx import TensorProto, helper

from open_llm_vtuber.engines.tts.supertonic_tts import REPOSITORY, VOICES
from tests.weights.hub_server import HubServer

CHUNK, COMPRESSED = 64, 6
"""Samples of a part of the latent, and how many of them are one column of it."""
RATE = 44_100
CHARACTER_S = 0.06
_F, _I64 = TensorProto.FLOAT, TensorProto.INT64
_TEXT = {"text_ids": (_I64, [1, "text"]), "text_mask": (_F, [1, 1, "text"])}


def _model(
    nodes: list[onnx.NodeProto],
    inputs: dict[str, tuple[int, list[object]]],
    output: str,
    constants: dict[str, tuple[int, list[int], list[float]]],
) -> bytes:
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, *one) for name, one in inputs.items()],
        [helper.make_tensor_value_info(output, _F, None)],
        [helper.make_tensor(name, *one) for name, one in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    content: bytes = model.SerializeToString()
    return content


def files() -> dict[str, bytes]:
    """Return what the repository has, by the names of the files."""
    style: tuple[int, list[object]] = (_F, [1, 2, 3])
    latent: tuple[int, list[object]] = (_F, [1, CHUNK * COMPRESSED, "columns"])
    duration = _model(
        [
            helper.make_node("ReduceSum", ["text_mask", "axes"], ["letters"], keepdims=0),
            helper.make_node("Mul", ["letters", "each"], ["duration"]),
        ],
        {**_TEXT, "style_dp": style},
        "duration",
        {"axes": (_I64, [2], [1, 2]), "each": (_F, [1], [CHARACTER_S])},
    )
    encoder = _model(
        [helper.make_node("Identity", ["style_ttl"], ["text_emb"])],
        {**_TEXT, "style_ttl": style},
        "text_emb",
        {},
    )
    estimator = _model(
        [helper.make_node("Mul", ["noisy_latent", "latent_mask"], ["denoised"])],
        {
            "noisy_latent": latent,
            "text_emb": style,
            "style_ttl": style,
            "text_mask": _TEXT["text_mask"],
            "latent_mask": (_F, [1, 1, "columns"]),
            "current_step": (_F, [1]),
            "total_step": (_F, [1]),
        },
        "denoised",
        {},
    )
    vocoder = _model(
        [
            helper.make_node("Transpose", ["latent"], ["columns"], perm=[0, 2, 1]),
            helper.make_node("Reshape", ["columns", "flat"], ["samples"]),
            helper.make_node("Mul", ["samples", "softer"], ["soft"]),
            helper.make_node("Tanh", ["soft"], ["wav"]),
        ],
        {"latent": latent},
        "wav",
        {"flat": (_I64, [2], [1, -1]), "softer": (_F, [1], [0.2])},
    )
    about = {
        "ae": {"sample_rate": RATE, "base_chunk_size": CHUNK},
        "ttl": {"chunk_compress_factor": COMPRESSED, "latent_dim": CHUNK},
    }
    known = [number if chr(number).isprintable() else -1 for number in range(0x250)]
    part = {"dims": [1, 2, 3], "data": [[[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]]}
    voice = json.dumps({"style_ttl": part, "style_dp": part}).encode()
    return {
        "duration_predictor.onnx": duration,
        "text_encoder.onnx": encoder,
        "vector_estimator.onnx": estimator,
        "vocoder.onnx": vocoder,
        "tts.json": json.dumps(about).encode(),
        "unicode_indexer.json": json.dumps(known).encode(),
        **{f"{name}.json": voice for name in VOICES},
    }


@contextmanager
def supertonic_hub() -> Iterator[HubServer]:
    """Run a model hub that has them."""
    server = HubServer(files())
    server.repository, server.folder = REPOSITORY, "(?:onnx/|voice_styles/)"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_ENDPOINT", server.endpoint)
        try:
            yield server
        finally:
            server.close()
