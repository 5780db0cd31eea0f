"""What one client says: its microphone followed, its utterances handed on, partials shown."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from ...audio import Pcm
from ...engines.base import EngineError
from ...faults import FaultError
from ...protocol.incoming import MicStreamStart
from ..context import ServiceContext
from ..extensions import Extensions
from .endpointing import Heard
from .microphone import Microphone
from .pace import Pace
from .recognizer import Recognizer
from .utterance import Utterance
from .voice_over import BargeInControl, VoiceOver

STALLED_S = 2.0
"""A microphone that is followed and sends nothing for so long holds up nobody."""


class Ahead(Protocol):
    """Gets an answer ready before it is certain what was said."""

    def listen(self, words: str) -> None:
        """A person is saying something that begins like this."""

    def draft(self, words: str) -> None:
        """A person who pauses is perhaps done, and said this."""

    def withdraw(self) -> None:
        """The person was not done."""


class Speaker(Protocol):
    """Who is told of what a client says."""

    def barge_in(self, *, stop: bool) -> Utterance | None:
        """Somebody begins to speak: tell the client, and `stop` what is being answered.

        Returns the utterance that was being answered, if it was not recognized yet.
        """

    @property
    def ahead(self) -> Ahead | None:
        """Who gets an answer ready before it is certain what was said; None where nobody may."""

    def said(self, utterance: Utterance) -> None:
        """Answer an utterance that is complete."""

    def recorded(self) -> None:
        """An utterance was added to the recording: the client says when it is answered."""

    async def complain(self, error: FaultError) -> None:
        """Tell the client what is wrong with its sound."""

    def may_hold(self, more_bytes: int) -> bool:
        """Whether there is room in the server for so many bytes more."""


class Hearing:
    """Belongs to one client."""

    def __init__(
        self,
        context: ServiceContext,
        speaker: Speaker,
        barge_in: BargeInControl,
        extensions: Extensions,
        start: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
    ) -> None:
        """`start` runs what is done beside the messages, as long as the client is here."""
        self._speaker = speaker
        self._barge_in = barge_in
        self._extensions = extensions
        self._start = start
        self._pace = Pace()
        self._microphone = self._plug_in(context)
        self._listening = asyncio.Lock()
        """Held while the microphone is listened to: it is not exchanged amid that."""
        self._stall: asyncio.TimerHandle | None = None
        """Has her go on where no more sound comes of a voice that she waits for."""

    @property
    def held_bytes(self) -> int:
        """How much memory what is recorded and what is being said take."""
        return self._microphone.held_bytes

    @property
    def stream_options(self) -> MicStreamStart | None:
        """How the hands-free stream is listened to, while it is open."""
        return self._microphone.stream

    @property
    def speaks(self) -> bool:
        """Whether the person is speaking."""
        return self._microphone.speaks

    def open(self, stream: MicStreamStart) -> None:
        """Sound comes in binary frames from now on, or is listened to in another way."""
        self._microphone.open(stream)

    async def finish(self) -> None:
        """The stream ends: what was being said is complete."""
        self._await_sound(waits=False)
        takes_turns = self._microphone.takes_turns
        if utterance := self._microphone.finish():
            await self._end(utterance, takes_turns)

    async def stream(self, data: bytes) -> None:
        """Listen to a binary frame of an open stream. Raises ProtocolError, and EngineError."""
        await self.listen(self._microphone.pcm(data))

    async def listen(self, pcm: Pcm) -> None:
        """Follow what the microphone hears (16 kHz). Raises EngineError, once."""
        async with self._listening:
            try:
                async for heard, utterance in self._microphone.listen(pcm):
                    await self._follow(heard, utterance)
            except EngineError:
                self._voice.leave()
                raise
            self._voice.follow(self._microphone.voiced_samples)
            if self._voice.take_echo():
                self._microphone.forget()
            self._await_sound(waits=self._voice.lowers)

    def _await_sound(self, *, waits: bool) -> None:
        if self._stall:
            self._stall.cancel()
        loop = asyncio.get_running_loop()
        self._stall = loop.call_later(STALLED_S, self._voice.stalls) if waits else None

    async def _follow(self, heard: Heard, utterance: Utterance) -> None:
        if heard is Heard.START:
            stream = self._microphone.stream
            is_meant = stream is None or stream.held  # a key is
            if is_meant:
                self._voice.leave()
            if is_meant or not self._voice.begins():
                stopped = self._speaker.barge_in(stop=stream is not None)
                self._microphone.earlier = stopped or self._microphone.earlier
        elif heard is Heard.RESUME:
            self._voice.goes_on()
            if ahead := self._speaker.ahead:
                ahead.withdraw()
        elif heard is Heard.END:
            self._voice.follow(utterance.voiced_samples)
            await self._end(utterance, self._microphone.takes_turns)

    def heard_out(self) -> None:
        """The person has heard the answer to its end: they were not cut off."""
        self._microphone.heard_out()

    async def record(self, pcm: Pcm) -> None:
        """Add sound to the recording that the client cuts itself."""
        await self._microphone.record(pcm)

    def take_recording(self) -> Utterance:
        """Return what was recorded since the last time."""
        return self._microphone.take_recording()

    async def change(self, context: ServiceContext) -> None:
        """Hear with the engines of another character; an open stream goes on."""
        async with self._listening:
            stream = self._microphone.stream
            self._await_sound(waits=False)
            self._voice.leave()
            self._microphone.close()
            self._microphone = self._plug_in(context)
            if stream:
                self._microphone.open(stream)

    def close(self) -> None:
        """Stop everything."""
        self._await_sound(waits=False)
        self._voice.leave()
        self._microphone.close()

    def _plug_in(self, context: ServiceContext) -> Microphone:
        recognizer = Recognizer(context, self._wants_partials, self._heard_so_far, self._start)
        self._voice = VoiceOver(self._barge_in, lambda: recognizer.answers_early)
        speaker = self._speaker
        return Microphone(
            context, recognizer, speaker.complain, speaker.may_hold, self._guessed, self._pace
        )

    def _guessed(self, words: str) -> None:
        is_meant = self._voice.pauses(words)
        if is_meant and self._microphone.takes_turns and (ahead := self._speaker.ahead):
            ahead.draft(words)

    async def _heard_so_far(self, words: str) -> None:
        self._voice.heard(words)
        if not words or self._voice.doubts:
            return
        await self._extensions.show_partial(words)
        if self._microphone.takes_turns and (ahead := self._speaker.ahead):
            ahead.listen(words)

    async def _end(self, utterance: Utterance, takes_turns: bool) -> None:
        if knows := self._voice.ends(utterance):
            self._start(self._decide(utterance, takes_turns, knows))
        else:
            await self._complete(utterance, takes_turns)

    async def _decide(
        self, utterance: Utterance, takes_turns: bool, knows: Coroutine[Any, Any, bool]
    ) -> None:
        """Have an utterance answered if that was meant by it."""
        if not await knows:
            utterance.drop()
            if ahead := self._speaker.ahead:
                ahead.withdraw()
            if self.speaks:
                return
            if earlier := self._microphone.take_earlier():
                await self._complete(earlier, takes_turns)
            else:
                await self._extensions.show_partial("")
        elif self.speaks and takes_turns:
            *whole, self._microphone.earlier = self._microphone.with_earlier(utterance)
            for one in whole:
                self._speaker.said(one)
        else:
            await self._complete(utterance, takes_turns)

    async def _complete(self, utterance: Utterance, takes_turns: bool) -> None:
        """Have an utterance answered, or the client say when, and what is to be seen with it."""
        for one in self._microphone.with_earlier(utterance):
            if takes_turns:
                self._speaker.said(one)
            else:
                await self._microphone.record(one)
        if not takes_turns:
            self._speaker.recorded()

    def _wants_partials(self) -> bool:
        streams = self._microphone.stream is not None
        return streams and (self._voice.doubts or "partial-transcripts" in self._extensions)
