"""Silero VAD as an ONNX model; the frames of all connections are run in one batch."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from pydantic import Field

from ...audio import MIC_RATE, Pcm
from ..about import About
from ..base import EngineConfig, EngineError, Resources
from ..onnx_session import open_session
from .base import FRAME, Thresholds, VADEngine

CONTEXT = 64
"""The model wants the last 64 samples of the frame before in front of each frame."""
WEIGHTS = "silero-vad-16k"
BATCH_EVERY_S = 0.005
"""From the beginning of one batch to that of the next, at least: a frame in a batch of ten costs a
quarter of one by itself, with its way into the thread and back. A single microphone never waits."""
BATCH_MOST = 32
"""Microphones in a batch, at most. More of them save next to nothing, and what they make of the
answers comes one after the other on the event loop, where others wait for that."""


class SileroConfig(EngineConfig):
    """Thresholds of the endpointing that reads the probabilities, in frames of 32 ms."""

    orig_sr: int = Field(16000, description="Sample rate of the microphone; 16000 is what is sent.")
    target_sr: int = Field(16000, description="Sample rate of the model; only 16000 is supported.")
    prob_threshold: float = Field(0.4, ge=0, le=1, description="Speech probability that counts.")
    db_threshold: float = Field(
        40, description="Loudness that counts, in dB of 16-bit samples; a quiet room is below 40."
    )
    required_hits: int = Field(3, gt=0, description="Voiced frames that begin an utterance.")
    sure_hits: int = Field(
        2,
        ge=0,
        description="Frames in a row that are surely voiced, each by itself, begin it at once; "
        "0: none do.",
    )
    required_misses: int = Field(
        24,
        gt=0,
        description="Unvoiced frames that end it: 24 are 0.77 s of silence. With "
        "`turn_config.detect_turns` that is for a pause of which nothing is known: it is shorter "
        "after what sounds complete, and longer after what does not.",
    )
    pause_misses: int = Field(
        6, gt=0, description="Unvoiced frames after which transcription begins on a guess."
    )
    smoothing_window: int = Field(5, gt=0, description="Frames over which both are averaged.")


@dataclass(eq=False)
class SileroStream:
    """The recurrent state of one microphone: about 1.3 KB."""

    engine: SileroVAD
    state: npt.NDArray[np.float32] = field(init=False)
    context: npt.NDArray[np.float32] = field(init=False)

    def __post_init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget what was heard."""
        self.state = np.zeros((2, 128), np.float32)
        self.context = np.zeros(CONTEXT, np.float32)

    async def feed(self, frames: Pcm) -> list[float]:
        """Return the speech probability of each frame of `frames` (float32, n x 512, 16 kHz)."""
        return await self.engine.infer(self, frames)


@dataclass(eq=False)
class _Job:
    stream: SileroStream
    frames: Pcm
    done: asyncio.Future[list[float]]
    probabilities: list[float] = field(default_factory=list)


class SileroVAD(VADEngine[SileroConfig]):
    """One session for everybody. What arrives while a batch runs, or just ran, is the next one."""

    name: ClassVar[str] = "silero_vad"
    about = About("here", "any", "MIT", tested="for real")
    Config = SileroConfig
    requires: ClassVar = {"onnxruntime": ""}

    def __init__(self, config: SileroConfig) -> None:
        super().__init__(config)
        self._session: Any = None
        self._waiting: deque[_Job] = deque()
        self._worker: asyncio.Task[None] | None = None
        self._next_at = 0.0
        """When the next batch may begin, on the clock of the event loop."""

    async def load(self, resources: Resources) -> None:
        """Fetch the model (1.3 MB) and open it. Raises EngineError."""
        if self.config.target_sr != MIC_RATE or self.config.orig_sr != MIC_RATE:
            raise EngineError("silero_vad: orig_sr and target_sr must both be 16000.")
        folder = await resources.weights(WEIGHTS)
        self._session = await self.run(open_session, folder / "silero_vad_16k_op15.onnx")

    @property
    def thresholds(self) -> Thresholds:
        """The configured thresholds."""
        config = self.config
        return Thresholds(
            probability=config.prob_threshold,
            level_db=config.db_threshold,
            start_frames=config.required_hits,
            pause_frames=config.pause_misses,
            end_frames=config.required_misses,
            smoothing_frames=config.smoothing_window,
            sure_frames=config.sure_hits,
        )

    def open_stream(self) -> SileroStream:
        """Return the state for one more microphone."""
        return SileroStream(self)

    async def infer(self, stream: SileroStream, frames: Pcm) -> list[float]:
        """Return the speech probability of each of the frames (n x 512) of one stream.

        Raises EngineError, also for what still waits when the engine is closed.
        """
        job = _Job(stream, frames, asyncio.get_running_loop().create_future())
        self._waiting.append(job)
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())
        return await job.done

    async def close(self) -> None:
        """Free the session; whoever waits is told by the worker, which can run nothing any more."""
        await super().close()
        if self._worker is not None:
            await asyncio.wait([self._worker])
        self._session = None

    async def _work(self) -> None:
        jobs: list[_Job] = []
        try:
            while self._waiting:
                now = asyncio.get_running_loop().time()
                if now < self._next_at and len(self._waiting) < BATCH_MOST:
                    await asyncio.sleep(self._next_at - now)
                    continue
                self._next_at = now + BATCH_EVERY_S
                count = min(len(self._waiting), BATCH_MOST)
                jobs = [self._waiting.popleft() for _ in range(count)]
                await self.run(_run_batch, self._session, jobs)
                for job in jobs:
                    if not job.done.done():
                        job.done.set_result(job.probabilities)
        except Exception as error:  # noqa: BLE001 - handed to everyone who waits for it
            for job in [*jobs, *self._waiting]:
                if not job.done.done():
                    job.done.set_exception(error)
            self._waiting.clear()
        finally:
            self._worker = None


def _run_batch(session: Any, jobs: list[_Job]) -> None:
    """Run step after step; in each, the next frame of every job that still has one."""
    rate = np.array(MIC_RATE, np.int64)
    for step in range(max(len(job.frames) for job in jobs)):
        active = [job for job in jobs if step < len(job.frames)]
        batch = np.empty((len(active), CONTEXT + FRAME), np.float32)
        for row, job in zip(batch, active, strict=True):
            row[:CONTEXT] = job.stream.context
            row[CONTEXT:] = job.frames[step]
        state = np.stack([job.stream.state for job in active], axis=1)
        output, state = session.run(None, {"input": batch, "state": state, "sr": rate})
        for index, job in enumerate(active):
            job.probabilities.append(float(output[index, 0]))
            job.stream.state = state[:, index].copy()  # of a view, the whole batch would stay
            job.stream.context = batch[index, FRAME:].copy()
