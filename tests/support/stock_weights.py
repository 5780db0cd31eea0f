"""The ears of the stock conf.yaml, fetched as ever, from a hub that has a small model in place of
the SenseVoice that cannot be had here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from open_llm_vtuber.engines.asr.sherpa_onnx_asr import STOCK
from open_llm_vtuber.weights import store
from open_llm_vtuber.weights.catalogue import (
    Catalogue,
    Entry,
    HubSource,
    WeightFile,
    packaged_catalogue,
)
from tests.engines.asr.tiny_models import sense_voice
from tests.support.live import PROJECT
from tests.weights.hub_server import HubServer

SMALL = ("silero-vad-16k", "smart-turn-v3.2", "multilingual-e5-small-q4")
"""Weights that are there already."""


@contextmanager
def stock_weights(models: Path, scratch: Path) -> Iterator[None]:
    """Let `models` be the weights of servers: the stock model is fetched by the first of them.

    The catalogue knows the small one by its name. Afterwards: it was fetched once.
    """
    for name in SMALL:
        (models / name).symlink_to(PROJECT / "models" / name)
    files = {one.name: one.read_bytes() for one in sense_voice(scratch)}
    server = HubServer(files)
    entry = Entry(
        name=STOCK,
        licence="CC0-1.0",
        files=tuple(
            WeightFile(name=name, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
            for name, data in files.items()
        ),
        sources=(HubSource(repository="somebody/small"),),
    )
    others = [one for one in packaged_catalogue().entries if one.name != STOCK]
    catalogue = Catalogue(entries=(entry, *others), groups=packaged_catalogue().groups)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "packaged_catalogue", lambda: catalogue)
        patch.setenv("HF_ENDPOINT", server.endpoint)
        yield
    server.close()
    assert sorted(name for name, _ in server.gets) == ["model.int8.onnx", "tokens.txt"]
