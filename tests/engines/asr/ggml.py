"""Writes Whisper's weights, as faster_whisper has them, into the form that whisper.cpp reads.

The form of the first is CTranslate2's (`converters/utils`, `specs/model_spec.py`), that of the
other whisper.cpp's (`models/convert-pt-to-ggml.py`).
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
from faster_whisper.feature_extractor import FeatureExtractor

Array = npt.NDArray[Any]
LAYERS, STATE, HEADS, MELS = 6, 512, 8, 80
"""Of the size "base"."""
WINDOW = 256
"""Frames of 20 ms that the encoder is given: of 1500 it would hear no better, and take longer."""
_TYPES = {0: "<f4", 1: "<i1", 2: "<i2", 3: "<i4", 4: "<f2"}
_KEPT = ("conv1.bias", "conv2.bias", "positional_embedding")
"""What stays float32 though it is no vector."""


def write_ggml(weights: Path, file: Path) -> None:
    """Write the weights in the folder `weights` (model.bin, tokenizer.json) to `file`."""
    found = _read(weights / "model.bin")
    with file.open("wb") as out:
        vocabulary = len(found["decoder/embeddings/weight"])
        header = (vocabulary, WINDOW, STATE, HEADS, LAYERS, 448, STATE, HEADS, LAYERS, MELS, 1)
        out.write(struct.pack("<i11i", 0x67676D6C, *header))
        filters = _mel_filters()
        out.write(struct.pack("<2i", *filters.shape) + filters.tobytes())
        tokens = list(_tokens(weights / "tokenizer.json"))
        out.write(struct.pack("<i", len(tokens)))
        for token in tokens:
            out.write(struct.pack("<i", len(token)) + token)
        for name, tensor in _tensors(found):
            _write(out, name, tensor)


def _write(out: BinaryIO, name: str, tensor: Array) -> None:
    small = tensor.ndim < 2 or name.endswith(_KEPT)
    data = np.ascontiguousarray(tensor, "<f4" if small else "<f2")
    out.write(struct.pack("<3i", data.ndim, len(name), 0 if small else 1))
    out.write(struct.pack(f"<{data.ndim}i", *reversed(data.shape)))
    out.write(name.encode() + data.tobytes())


def _tensors(found: Mapping[str, Array]) -> Iterator[tuple[str, Array]]:
    for number in (1, 2):
        conv = f"encoder/conv{number}"
        yield f"encoder.conv{number}.weight", found[f"{conv}/weight"]
        yield f"encoder.conv{number}.bias", found[f"{conv}/bias"].reshape(-1, 1)
    yield "decoder.token_embedding.weight", found["decoder/embeddings/weight"]
    for part, last in (("encoder", "encoder.ln_post"), ("decoder", "decoder.ln")):
        positions = found[f"{part}/position_encodings/encodings"]
        yield f"{part}.positional_embedding", positions[: WINDOW if part == "encoder" else None]
        yield from _norm(found, f"{part}/layer_norm", last)
        for layer in range(LAYERS):
            theirs, ours = f"{part}/layer_{layer}", f"{part}.blocks.{layer}"
            yield from _attention(found, f"{theirs}/self_attention", f"{ours}.attn")
            if part == "decoder":
                yield from _attention(found, f"{theirs}/attention", f"{ours}.cross_attn")
            yield from _norm(found, f"{theirs}/ffn/layer_norm", f"{ours}.mlp_ln")
            for linear, place in ((0, 0), (1, 2)):
                for kind in ("weight", "bias"):
                    tensor = found[f"{theirs}/ffn/linear_{linear}/{kind}"]
                    yield f"{ours}.mlp.{place}.{kind}", tensor


def _norm(found: Mapping[str, Array], theirs: str, ours: str) -> Iterator[tuple[str, Array]]:
    yield f"{ours}.weight", found[f"{theirs}/gamma"]
    yield f"{ours}.bias", found[f"{theirs}/beta"]


def _attention(found: Mapping[str, Array], theirs: str, ours: str) -> Iterator[tuple[str, Array]]:
    """Queries, keys and values are one matrix, or queries one and the other two another."""
    yield from _norm(found, f"{theirs}/layer_norm", f"{ours}_ln")
    linears = 3 if f"{theirs}/linear_2/weight" in found else 2
    for kind in ("weight", "bias"):
        *inner, out = (found[f"{theirs}/linear_{number}/{kind}"] for number in range(linears))
        query, key, value = np.split(np.concatenate(inner), 3)
        yield f"{ours}.query.{kind}", query
        if kind == "weight":
            yield f"{ours}.key.{kind}", key
        yield f"{ours}.value.{kind}", value
        yield f"{ours}.out.{kind}", out


def _read(file: Path) -> dict[str, Array]:
    """Return the arrays of a CTranslate2 model by name."""
    data = file.read_bytes()
    at = 4  # the version

    def take(form: str) -> Any:
        nonlocal at
        (value,) = struct.unpack_from(form, data, at)
        at += struct.calcsize(form)
        return value

    def text() -> str:
        nonlocal at
        length = take("<H")
        at += length
        return data[at - length : at - 1].decode()

    text()  # the name of the specification
    take("<I")  # and its revision
    found: dict[str, Array] = {}
    for _ in range(take("<I")):
        name = text()
        shape = [take("<I") for _ in range(take("<B"))]
        kind, size = _TYPES[take("<B")], take("<I")
        found[name] = np.frombuffer(data, kind, size // np.dtype(kind).itemsize, at).reshape(shape)
        at += size
    return found


def _tokens(file: Path) -> Iterator[bytes]:
    """Yield the bytes of each token that is not special, in their order."""
    vocabulary: dict[str, int] = json.loads(file.read_text("utf-8"))["model"]["vocab"]
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = {chr(byte): byte for byte in plain}
    others = (byte for byte in range(256) if byte not in plain)
    letters.update((chr(256 + number), byte) for number, byte in enumerate(others))
    for token in sorted(vocabulary, key=vocabulary.__getitem__)[:50257]:
        yield bytes(letters[letter] for letter in token)


def _mel_filters() -> Array:
    filters: Array = np.ascontiguousarray(FeatureExtractor().mel_filters, "<f4")
    return filters
