"""What the voices on PyTorch have in common: a package that you bring, a sentence at a time."""

from __future__ import annotations

import importlib
import pickle
from abc import abstractmethod
from collections.abc import AsyncGenerator
from typing import Any

import numpy as np

from ...audio import Pcm
from ...faults import fault
from ..base import C, EngineError, Resources
from .base import TTSEngine

_TROUBLE = (
    *(RuntimeError, OSError, ValueError, LookupError, AssertionError, AttributeError),
    *(TypeError, ImportError, pickle.UnpicklingError),
)
"""What such packages raise over a model, a network or a device that is not there."""


class TorchTTS(TTSEngine[C]):
    """A class of it says how its model is opened (`open_model`) and a sentence is said (`say`).

    Its package is none of our extras: PyTorch, of 2 GB and more, is installed by who wants it.
    """

    concurrency = 1

    def __init__(self, config: C) -> None:
        super().__init__(config)
        self.model: Any = None

    @abstractmethod
    def open_model(self, resources: Resources) -> Any:
        """Return the opened model, and set `sample_rate`. It blocks.

        Raises EngineError, and what the package raises.
        """

    @abstractmethod
    def say(self, text: str) -> Any:
        """Return the samples of a sentence, between -1 and 1. It blocks.

        Raises EngineError, and what the package raises.
        """

    def missing_package(self, error: ImportError) -> EngineError:
        """Return what is told: its package is none of our extras."""
        module = next(iter(self.requires))
        if not isinstance(error, ModuleNotFoundError) or error.name != module:
            return super().missing_package(error)
        return EngineError(
            f"{self.name} needs the package {module}, which brings PyTorch (2 GB and more) and is "
            f"none of our extras: `{self.install}`. Voices without it: hibari_tts, kokoro_tts, "
            "piper_tts and others (`python run_server.py --engines`).",
            fault("package-missing", name=self.name, package=module),
        )

    async def load(self, resources: Resources) -> None:
        """Open the model, which its package fetches if need be, and say a word.

        Raises EngineError.
        """
        self.model = await self.run(self._opened, resources)
        await self.run(self._said, "One.")  # the first sentence of all takes longer

    def _opened(self, resources: Resources) -> Any:
        if resources.offline:
            stay_off_the_network()
        try:
            return self.open_model(resources)
        except _TROUBLE as error:
            raise EngineError(
                f"{self.name}: its model cannot be opened: {_reason(error)}"
                + (" The server runs offline: start it once with a network." * resources.offline)
            ) from error

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        """Yield the speech for `text` as one chunk. Raises EngineError."""
        yield await self.run(self._said, text)

    def _said(self, text: str) -> Pcm:
        if self.model is None:
            raise self._gone()
        if not any(char.isalnum() for char in text):
            return np.zeros(0, np.float32)
        try:
            made = self.say(text.replace("\0", " "))
        except _TROUBLE as error:
            raise EngineError(f"{self.name} cannot say a sentence: {_reason(error)}") from error
        return np.clip(np.asarray(made, np.float32).reshape(-1), -1.0, 1.0)

    async def close(self) -> None:
        """Free the model."""
        await super().close()
        self.model = None


def stay_off_the_network() -> None:
    """Have the client of the model hub, and what is built on it, look into its folder only."""
    constants: Any = importlib.import_module("huggingface_hub.constants")
    constants.HF_HUB_OFFLINE = True


def best_device(wanted: str) -> str:
    """Return where PyTorch computes: what is `wanted`, or a GPU if there is one."""
    if wanted.strip().lower() not in ("", "auto"):
        return wanted.strip()
    torch = importlib.import_module("torch")
    return "cuda" if torch.cuda.is_available() else "cpu"


def _reason(error: BaseException) -> str:
    words = " ".join(str(error).split())[:300]
    return f"{words or type(error).__name__}."
