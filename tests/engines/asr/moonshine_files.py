"""The Moonshine model of our catalogue, as sherpa-onnx reads it: real weights."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from open_llm_vtuber.weights.store import WeightStore
from tests.support.live import PROJECT


async def moonshine_keys(folder: Path) -> dict[str, Any]:
    """Return the keys of conf.yaml for it; its tokens are written into `folder`."""
    weights = await WeightStore(PROJECT / "models").weights("moonshine-tiny-en")
    tokens = folder / "tokens.txt"
    lines = (
        f"{base64.b64encode(token or b'<>').decode()} {number}\n"
        for number, token in enumerate(_tokens((weights / "tokenizer.bin").read_bytes()))
    )
    tokens.write_text("".join(lines), "utf-8")
    return {
        "model_type": "moonshine",
        "encoder": str(weights / "encoder_model.ort"),
        "decoder": str(weights / "decoder_model_merged.ort"),
        "tokens": str(tokens),
        "num_threads": 2,
    }


def _tokens(packed: bytes) -> list[bytes]:
    """Return the tokens of a tokenizer.bin: each its length (7 bits, then more), and its bytes."""
    tokens, at = [], 0
    while at < len(packed):
        length, at = packed[at], at + 1
        if length >= 128:
            length, at = length - 128 + packed[at] * 128, at + 1
        tokens.append(packed[at : at + length])
        at += length
    return tokens
