"""multilingual-e5-small: what sentences of 94 languages mean, on this computer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ..about import About
from ..base import EngineConfig, EngineError, Resources
from .base import Embedder, Vectors
from .e5_model import E5Model

WEIGHTS = "multilingual-e5-small-q4"
LASTING = Path(__file__).with_name("lasting.npy")
"""The direction from what is said in passing to what lasts, of length 1; by tools/lasting.py."""
_HOW = 2
"""Counted up when the vector of a text is made in another way."""
_LEANS = 0.15
"""How far a question leans to what lasts, of its own length."""


class MultilingualE5Config(EngineConfig):
    """Keys of the section `multilingual_e5`: none."""


class MultilingualE5(Embedder[MultilingualE5Config]):
    """One model for everybody; a sentence takes some milliseconds of one processor."""

    name: ClassVar[str] = "multilingual_e5"
    about = About("here", "94", "MIT", tested="for real")
    Config = MultilingualE5Config
    requires: ClassVar = {"onnxruntime": ""}

    def __init__(self, config: MultilingualE5Config) -> None:
        super().__init__(config)
        self._model: _Model | None = None

    @property
    def space(self) -> str:
        """The weights, and how they are used."""
        return f"{WEIGHTS} {_HOW}"

    async def load(self, resources: Resources) -> None:
        """Fetch the model (72 MB) and open it. Raises EngineError."""
        folder = await resources.weights(WEIGHTS)
        try:
            self._model = await self.run(_Model, folder / "e5-small-q4.bin")
        except (OSError, ValueError) as error:
            raise EngineError(f"The embedding model cannot be opened: {error}") from error

    async def close(self) -> None:
        """Free the model."""
        await super().close()
        self._model = None

    async def encode(self, texts: Sequence[str], *, query: bool) -> Vectors:
        """Return the vectors of `texts`. Raises EngineError."""
        return await self.run(_vectors, self._model, texts, query)


class _Model:
    """Open, with what a question leans to."""

    def __init__(self, path: Path) -> None:
        """Open the file at `path`. It blocks. Raises OSError and ValueError."""
        self._e5 = E5Model(path)
        self._lasting: NDArray[np.float32] = np.load(LASTING)

    def vector(self, text: str, *, query: bool) -> NDArray[np.float32]:
        """Return what `text` means. It blocks."""
        made = self._e5.vector(text)
        if query:
            made = made + _LEANS * np.linalg.norm(made).astype(np.float32) * self._lasting
        return made


def _vectors(model: _Model | None, texts: Sequence[str], query: bool) -> Vectors:
    assert model is not None  # noqa: S101 - it is loaded
    return np.stack([model.vector(text, query=query) for text in texts])
