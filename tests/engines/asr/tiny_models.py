"""Models of a few hundred bytes in the formats of sherpa-onnx: what is loud is a word to them.

Their names, shapes and metadata are those that the library reads (sherpa-onnx/csrc/*-model.cc).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FEATURES = 80
LOUDER = 6.0
"""Added to the mean of the log-mel features of a frame: positive where it is loud."""
LANGUAGES = ("auto", "zh", "en", "ja", "ko", "yue")
_F, _I64, _I32 = TensorProto.FLOAT, TensorProto.INT64, TensorProto.INT32


def sense_voice(folder: Path) -> tuple[Path, Path]:
    """Write a SenseVoice that says the language it was told, and `num` where numbers are digits."""
    # <blank>, the four marks of the beginning, then a word for each language without and with ITN
    words = ["<blk>", "<|a|>", "<|b|>", "<|c|>", "<|d|>"]
    words += [f"▁{language}" for language in LANGUAGES]
    words += [f"▁{language}num" for language in LANGUAGES]
    width = len(words)
    marks = np.zeros((1, 4, width), np.float32)
    marks[0, np.arange(4), np.arange(1, 5)] = 1
    nodes = [
        helper.make_node("ReduceMean", ["x"], ["mean"], axes=[2], keepdims=1),
        helper.make_node("Add", ["mean", "louder"], ["level"]),
        # which word it is: 5 + language + 6 where text_norm is with_itn (0), not without (1)
        helper.make_node("Sub", ["one", "text_norm"], ["digits"]),
        helper.make_node("Mul", ["digits", "six"], ["shift"]),
        helper.make_node("Add", ["language", "five"], ["spoken"]),
        helper.make_node("Add", ["spoken", "shift"], ["word"]),
        helper.make_node("OneHot", ["word", "width", "off_on"], ["hot"], axis=-1),
        helper.make_node("Unsqueeze", ["hot", "axis1"], ["row"]),
        helper.make_node("Mul", ["level", "row"], ["frames"]),
        helper.make_node("Concat", ["marks", "frames"], ["logits"], axis=1),
    ]
    constants = {
        "louder": np.float32(LOUDER),
        "one": np.array([1], np.int32),
        "six": np.array([6], np.int32),
        "five": np.array([5], np.int32),
        "width": np.array(width, np.int32),
        "off_on": np.array([0, 1], np.float32),
        "axis1": np.array([1], np.int64),
        "marks": marks,
    }
    metadata = {
        "model_type": "sense_voice_ctc",
        "comment": "tiny",
        "vocab_size": width,
        "lfr_window_size": 1,
        "lfr_window_shift": 1,
        "normalize_samples": 1,
        "with_itn": 0,
        "without_itn": 1,
        **{f"lang_{language}": number for number, language in enumerate(LANGUAGES)},
        "neg_mean": ",".join(["0"] * FEATURES),
        "inv_stddev": ",".join(["1"] * FEATURES),
    }
    inputs = [
        helper.make_tensor_value_info("x", _F, ["N", "T", FEATURES]),
        *(helper.make_tensor_value_info(n, _I32, ["N"]) for n in ("x_length", "language")),
        helper.make_tensor_value_info("text_norm", _I32, ["N"]),
    ]
    outputs = [helper.make_tensor_value_info("logits", _F, ["N", "L", width])]
    return _write(folder / "model.int8.onnx", nodes, inputs, outputs, constants, metadata, words)


def nemo_ctc(folder: Path, *, streaming: bool = False, word: str = "▁yes") -> tuple[Path, Path]:
    """Write a NeMo CTC model that says `word` once for each stretch that is loud."""
    nodes = [
        helper.make_node("Transpose", ["audio_signal"], ["frames"], perm=[0, 2, 1]),
        helper.make_node("ReduceMean", ["frames"], ["mean"], axes=[2], keepdims=1),
        helper.make_node("Add", ["mean", "louder"], ["level"]),
        helper.make_node("Mul", ["level", "zero"], ["blank"]),
        helper.make_node("Concat", ["level", "blank"], ["logits"], axis=2),
    ]
    inputs = [
        helper.make_tensor_value_info("audio_signal", _F, ["B", FEATURES, "T"]),
        helper.make_tensor_value_info("length", _I64, ["B"]),
    ]
    outputs = [helper.make_tensor_value_info("logits", _F, ["B", "T", 2])]
    metadata: dict[str, object] = {"vocab_size": 1, "subsampling_factor": 1, "normalize_type": ""}
    if streaming:
        caches = {"cache_last_channel": _F, "cache_last_time": _F, "cache_last_channel_len": _I64}
        shapes = [["B", 1, 1, 1], ["B", 1, 1, 1], ["B"]]
        nodes.append(helper.make_node("Identity", ["length"], ["logits_length"]))
        outputs.append(helper.make_tensor_value_info("logits_length", _I64, ["B"]))
        for (name, kind), shape in zip(caches.items(), shapes, strict=True):
            inputs.append(helper.make_tensor_value_info(name, kind, shape))
            nodes.append(helper.make_node("Identity", [name], [f"{name}_next"]))
            outputs.append(helper.make_tensor_value_info(f"{name}_next", kind, shape))
        metadata |= {"window_size": 16, "chunk_shift": 16}
        for cache in ("cache_last_channel", "cache_last_time"):
            metadata |= {f"{cache}_dim{number}": 1 for number in (1, 2, 3)}
    constants = {"louder": np.float32(LOUDER), "zero": np.float32(0)}
    words = [word, "<blk>"]
    return _write(folder / "model.onnx", nodes, inputs, outputs, constants, metadata, words)


def _write(
    path: Path,
    nodes: Sequence[onnx.NodeProto],
    inputs: Sequence[onnx.ValueInfoProto],
    outputs: Sequence[onnx.ValueInfoProto],
    constants: Mapping[str, object],
    metadata: Mapping[str, object],
    words: Sequence[str],
) -> tuple[Path, Path]:
    tensors = [numpy_helper.from_array(np.asarray(v), name) for name, v in constants.items()]
    graph = helper.make_graph(list(nodes), "tiny", list(inputs), list(outputs), tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    helper.set_model_props(model, {key: str(value) for key, value in metadata.items()})
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, str(path))
    tokens = path.with_name("tokens.txt")
    lines = (f"{word} {number}\n" for number, word in enumerate(words))
    tokens.write_text("".join(lines), "utf-8")
    return path, tokens
