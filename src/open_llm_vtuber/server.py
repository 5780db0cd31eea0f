"""What all connections share: the configuration, the engine pool, and the list of who is here."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

from .config import Config
from .context import ServiceContext
from .live2d import load_model_info
from .plugins import Kind
from .pool import EnginePool
from .weights.progress import Progress
from .weights.store import WeightStore

PICTURES = {".jpg", ".jpeg", ".png", ".gif"}

NAMES: dict[Kind, str] = {
    "vad": "the speech detector",
    "asr": "the ears",
    "llm": "the language model",
    "tts": "the voice",
}


class Server:
    """Belongs to one application and its event loop."""

    def __init__(
        self,
        config: Config,
        folder: Path,
        *,
        offline: bool = False,
        report: Callable[[Progress], None] | None = None,
    ) -> None:
        self.config = config
        self.folder = folder
        self._report = report
        store = WeightStore(folder / "models", offline=offline, report=self._progress)
        self._pool = EnginePool(store)
        model_name = config.character_config.live2d_model_name
        self._model_info = load_model_info(folder, model_name)
        self._contexts: set[ServiceContext] = set()
        self._resident: ServiceContext | None = None
        self._download: Progress | None = None

    @property
    def connections(self) -> int:
        """How many clients are connected."""
        return len(self._contexts)

    async def start(self) -> None:
        """Prepare the engines of the configured character and begin to load them, for good.

        What is in memory by then stays, so the garbage collector need not look at it ever again:
        the lexicon of a voice alone would stop all connections for 100 ms each time.
        """
        self._resident = ServiceContext(self.config, self._pool, self._model_info)
        await self._pool.prepared()
        gc.collect()
        gc.freeze()

    async def warm_up(self) -> None:
        """Wait for the language model and let it read the persona. Raises EngineError."""
        if self._resident:
            await self._resident.llm()

    async def close(self) -> None:
        """Close every engine."""
        if self._resident:
            self._resident.close()
        await self._pool.close()

    def admit(self) -> ServiceContext | None:
        """Return the context of one more client, or None when there are too many."""
        if len(self._contexts) >= self.config.system_config.limits.max_connections:
            return None
        context = ServiceContext(self.config, self._pool, self._model_info)
        self._contexts.add(context)
        return context

    def dismiss(self, context: ServiceContext) -> None:
        """Forget a client that has left."""
        self._contexts.discard(context)

    def loading_text(self, context: ServiceContext) -> str:
        """Return what is still missing, as a line for the page."""
        missing = ", ".join(NAMES[kind] for kind in context.loading())
        text = f"Getting ready: loading {missing}."
        if self._download is not None:
            megabytes = self._download.total_bytes / 1e6
            text += (
                f" Downloading {self._download.name}: "
                f"{self._download.fraction:.0%} of {megabytes:.0f} MB."
            )
        return text

    def backgrounds(self) -> list[str]:
        """Return the names of the pictures in backgrounds/. Reads the disk."""
        folder = self.folder / "backgrounds"
        if not folder.is_dir():
            return []
        return sorted(file.name for file in folder.iterdir() if file.suffix.lower() in PICTURES)

    def _progress(self, progress: Progress) -> None:
        self._download = None if progress.finished else progress
        if self._report:
            self._report(progress)
