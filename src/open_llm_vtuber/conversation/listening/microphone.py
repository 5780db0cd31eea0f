"""One client's microphone: recordings it cuts itself, and streams in which the server listens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import numpy as np
from loguru import logger

from ...audio import MIC_RATE, Pcm
from ...engines.base import EngineError
from ...engines.vad.base import Thresholds
from ...faults import FaultError, fault, over
from ...protocol.incoming import MicStreamStart, ProtocolError
from ..context import ServiceContext
from .endpointing import Heard
from .listener import Listener
from .pace import Pace
from .recognizer import Recognizer
from .turn_end import TurnEnd
from .utterance import Utterance

_PCM16 = np.dtype("<i2")
_STEP = np.float32(1 / 32768)
"""Between two 16-bit samples."""
WEIGHED = 2**18
"""After so many samples, 16 s, a recording is weighed with all that the server holds."""


class Microphone:
    """Belongs to one client and one character."""

    def __init__(
        self,
        context: ServiceContext,
        recognizer: Recognizer,
        complain: Callable[[FaultError], Awaitable[None]],
        may_hold: Callable[[int], bool],
        guessed: Callable[[str], None],
        pace: Pace,
    ) -> None:
        """`may_hold` says whether there is room in the server for so many bytes more.

        `guessed` is told, while a pause goes on, what was said if that is all; `pace` is that of
        the person at it.
        """
        self._context = context
        self._recognizer = recognizer
        self._complain = complain
        self._may_hold = may_hold
        self._guessed = guessed
        self._pace = pace
        self._recording = Utterance()
        self._full = False
        self._listener: Listener | None = None
        self._configured: Thresholds | None = None
        self._deaf = False
        self.earlier: Utterance | None = None
        """What seemed complete before the person spoke on, and is not answered yet."""
        self.stream: MicStreamStart | None = None
        """How the hands-free stream is listened to, while it is open."""

    @property
    def takes_turns(self) -> bool:
        """Whether the server begins a turn by itself when an utterance ends."""
        return self.stream is not None and not self.stream.with_images

    def open(self, stream: MicStreamStart) -> None:
        """Binary frames come from now on, or are listened to in another way."""
        self.stream, self._deaf = stream, False
        if self._listener and self._configured:
            self._listener.tune(_tuned(self._configured, stream))

    def heard_out(self) -> None:
        """The person has heard the answer to its end."""
        if self._listener:
            self._listener.heard_out()

    def close(self) -> None:
        """Stop everything."""
        if self._listener:
            self._listener.close()
        self._recording.drop()

    def with_earlier(self, utterance: Utterance) -> list[Utterance]:
        """Return an utterance behind the earlier one, if there is one.

        Where that is too long for one utterance, they are two.
        """
        earlier = self.take_earlier()
        if earlier is None:
            return [utterance]
        earlier.drop()
        if earlier.samples + utterance.samples > self._context.limits.max_utterance_s * MIC_RATE:
            return [earlier, utterance]
        earlier.extend(utterance)
        return [earlier]

    def take_earlier(self) -> Utterance | None:
        """Return what was said before and is to be answered now, if anything."""
        earlier, self.earlier = self.earlier, None
        return earlier

    @property
    def held_bytes(self) -> int:
        """How much memory what is recorded and what is being said take."""
        speech = self._listener.utterance if self._listener else None
        others = sum(one.size_bytes for one in (speech, self.earlier) if one)
        return self._recording.size_bytes + others

    def take_recording(self) -> Utterance:
        """Return what was recorded since the last time."""
        recording, self._recording, self._full = self._recording, Utterance(), False
        return recording

    async def record(self, said: Utterance | Pcm) -> None:
        """Append to the recording; once there is no room, that is told and the rest not heard."""
        full = None if self._full else self._no_room(said)
        if not (self._full or full):
            if isinstance(said, Utterance):
                self._recording.extend(said)
            else:
                self._recording.append(said)
            return
        if isinstance(said, Utterance):
            said.drop()
        if full:
            self._full = True
            await self._complain(full)

    def _no_room(self, said: Utterance | Pcm) -> FaultError | None:
        """Return why no more can be recorded, if so."""
        limit = self._context.limits.max_utterance_s
        before = self._recording.samples
        more = said.samples if isinstance(said, Utterance) else len(said)
        if before + more > limit * MIC_RATE:
            return FaultError(
                f"The recording is longer than {limit:g} s (system_config.limits.max_utterance_s);"
                " the rest of the recording is not heard.",
                over("max_utterance_s", limit),
            )
        grows = (before + more) // WEIGHED > before // WEIGHED
        if grows and isinstance(said, np.ndarray) and not self._may_hold(more * 4):
            return FaultError(
                "So much is being said to this server that there is no room for more "
                "(system_config.limits.max_held_bytes); the rest of the recording is not heard.",
                over("max_held_bytes", self._context.limits.max_held_bytes),
            )
        return None

    def pcm(self, data: bytes) -> Pcm:
        """Return the samples of a binary frame: 16-bit PCM, 16 kHz, mono, little-endian.

        Raises ProtocolError.
        """
        if self.stream is None:
            raise ProtocolError("Binary frames are microphone sound after mic-stream-start.")
        if len(data) % 2:
            raise ProtocolError("A binary frame must hold whole 16-bit samples.")
        pcm: Pcm = np.frombuffer(data, _PCM16) * _STEP
        return pcm

    async def listen(self, pcm: Pcm) -> AsyncIterator[tuple[Heard, Utterance]]:
        """Follow a running microphone and yield what it decides. Raises EngineError, once."""
        if self._listener is None:
            if self._deaf or "vad" in self._context.loading():
                return
            try:
                self._listener = await self._open_listener()
            except EngineError:
                self._deaf = True
                raise
        try:
            async for decision in self._listener.feed(pcm):
                yield decision
        except EngineError:
            raise
        except Exception as error:  # a library's; the next frame would fare no better
            logger.exception("a microphone could not be followed")
            self._listener.close()
            self._listener, self._deaf = None, True
            raise EngineError(
                "The microphone is not listened to any more: that failed inside the server, whose "
                "log says more. Turn it off and on to try again.",
                fault("engine-failed", "vad"),
            ) from error

    @property
    def voiced_samples(self) -> int:
        """How much of what is being said is voiced; 0 when nothing is said."""
        utterance = self._listener.utterance if self._listener else None
        return utterance.voiced_samples if utterance else 0

    def forget(self) -> None:
        """What was said up to now is not wanted; what follows is."""
        if self._listener:
            self._listener.forget()

    @property
    def speaks(self) -> bool:
        """Whether the person is speaking."""
        return self._listener is not None and self._listener.utterance is not None

    def finish(self) -> Utterance | None:
        """End the hands-free stream; return what was being said, if anything."""
        self.stream = None
        return self._listener.finish() if self._listener else None

    async def _open_listener(self) -> Listener:
        vad = await self._context.vad()
        limits = self._context.limits
        adaptive = self._context.character.turn_config.detect_turns
        thresholds = self._configured = replace(vad.thresholds, adaptive=adaptive)
        if self.stream:
            thresholds = _tuned(thresholds, self.stream)
        most = int(limits.max_utterance_s * MIC_RATE)

        def is_full(samples: int) -> bool:
            return samples >= most or (samples % WEIGHED == 0 and not self._may_hold(0))

        turn_end = TurnEnd(self._context, self._pace, self._recognizer.start)
        return Listener(
            vad.open_stream(), thresholds, self._recognizer, turn_end, is_full, self._guessed
        )


def _tuned(thresholds: Thresholds, stream: MicStreamStart) -> Thresholds:
    return thresholds.tuned(stream.sensitivity, stream.pause_ms, held=stream.held)
