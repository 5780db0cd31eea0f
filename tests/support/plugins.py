"""Packages with engines, as a package manager would have installed them."""

from __future__ import annotations

from pathlib import Path

CHIRP = '''
"""Chirp: says everything as a beep."""

from collections.abc import AsyncGenerator
from typing import ClassVar

import numpy as np
{imports}
from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.engines.base import EngineConfig, Resources
from open_llm_vtuber.engines.tts.base import TTSEngine


class ChirpTTS(TTSEngine[EngineConfig]):
    """One beep a sentence."""

    name: ClassVar[str] = "{name}"
    Config = EngineConfig
    sample_rate = 16_000

    async def load(self, resources: Resources) -> None:
        return

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        yield np.full(1600, 0.5, np.float32)
'''


def install(site: Path, package: str, source: str, *, kind: str, name: str, item: str) -> None:
    """Put the package `package` of one file into the folder `site`.

    It announces its class `item` as the engine `name` of `kind`.
    """
    module = package.replace("-", "_")
    (site / f"{module}.py").write_text(source, "utf-8")
    info = site / f"{module}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    point = f"[open_llm_vtuber.{kind}]\n{name} = {module}:{item}\n"
    (info / "entry_points.txt").write_text(point)
