"""An engine that is loading for as long as a test wants."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar

from open_llm_vtuber.engine import Resources
from tests.support.engines import EchoConfig, EchoLLM


class GatedConfig(EchoConfig):
    gate: str


class GatedLLM(EchoLLM):
    """Is ready once the file `gate` exists."""

    name: ClassVar[str] = "gated_llm"
    Config = GatedConfig
    config: GatedConfig

    async def load(self, resources: Resources) -> None:
        await super().load(resources)
        gate = Path(self.config.gate)
        while not await asyncio.to_thread(gate.exists):
            await asyncio.sleep(0.05)
