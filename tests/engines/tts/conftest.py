"""The stand-in for the online voice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import soundfile

from .edge_server import EdgeService, edge_service


@pytest.fixture
async def edge(speech: Path) -> AsyncIterator[EdgeService]:
    pcm, _ = soundfile.read(speech / "zh_pangram.wav", dtype="float32")
    async with edge_service(pcm) as service:
        yield service
