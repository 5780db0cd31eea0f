"""One client: receives its messages, starts and stops its turns, one after another."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import numpy as np
from loguru import logger

from ..audio import MIC_RATE, Pcm
from ..context import ServiceContext
from ..engine import EngineError
from ..protocol import incoming as recv
from ..protocol import outgoing as send
from .endpointing import Heard
from .listening import Listener, Utterance
from .turn import Request, Turn

Send = Callable[[send.Outgoing | str], Awaitable[None]]
"""Sends a message, or one that is already a text frame. Raises ConnectionClosed."""

ANNOUNCE_S = 1.0
"""How often a client is told how far the loading is."""


class ConnectionClosed(Exception):  # noqa: N818 - an end, not an error
    """The client has gone."""


@dataclass(frozen=True)
class _Running:
    turn: Turn
    task: asyncio.Task[None]


class Session:
    """Lives as long as its socket. Turns never overlap: one task runs them in order."""

    def __init__(
        self,
        context: ServiceContext,
        send_message: Send,
        loading_text: Callable[[ServiceContext], str],
        backgrounds: Callable[[], list[str]],
    ) -> None:
        self._context = context
        self._send = send_message
        self._loading_text = loading_text
        self._backgrounds = backgrounds
        self._requests: asyncio.Queue[Request] = asyncio.Queue(context.limits.max_queued_turns)
        self._running: _Running | None = None
        self._unsettled: Turn | None = None
        self._recording = Utterance()
        self._recording_full = False
        self._listener: Listener | None = None
        self._hands_free = False
        self._deaf = False
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Greet the client, in the documented order."""
        await self._send(send.GroupUpdate())
        await self._send(send.FullText(text="Connection established"))
        await self._send(self._model_and_conf())
        await self._send(send.GroupUpdate())
        await self._send(send.Control(text="start-mic"))
        self._tasks.append(asyncio.create_task(self._run_turns()))
        if self._context.loading() or self._context.failures():
            self._tasks.append(asyncio.create_task(self._announce()))

    async def close(self) -> None:
        """Stop everything that belongs to this client and give its engines back."""
        if self._listener:
            self._listener.close()
        self._recording.drop_guess()
        tasks = [*self._tasks, self._running.task] if self._running else self._tasks
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        while not self._requests.empty():
            _drop(self._requests.get_nowait())
        self._context.close()

    async def receive(self, frame: str | bytes) -> None:
        """Handle one frame: text is a message, bytes are sound of the hands-free stream.

        What is wrong with it is told to the client, and nobody else notices.
        """
        try:
            if isinstance(frame, str):
                await self._handle(recv.parse(frame))
            else:
                await self._listen(self._pcm(frame))
        except ConnectionClosed:
            raise
        except (recv.ProtocolError, EngineError) as error:
            await self._error(str(error))
        except Exception:  # noqa: BLE001 - one message fails; the connection goes on
            logger.exception("a message could not be handled")
            await self._error("This message failed inside the server; its log says more.")

    def _pcm(self, data: bytes) -> Pcm:
        """Return the samples of a binary frame: 16-bit PCM, 16 kHz, mono, little-endian."""
        if not self._hands_free:
            raise recv.ProtocolError("Binary frames are microphone sound after mic-stream-start.")
        if len(data) % 2:
            raise recv.ProtocolError("A binary frame must hold whole 16-bit samples.")
        pcm: Pcm = np.frombuffer(data, "<i2").astype(np.float32) / np.float32(32768)
        return pcm

    async def _handle(self, message: recv.AnyIncoming) -> None:
        match message:
            case recv.MicAudioData(audio=pcm):
                await self._record(Utterance(chunks=[pcm]))
            case recv.RawAudioData(audio=pcm):
                await self._listen(pcm)
            case recv.MicAudioEnd(images=images):
                recording, self._recording = self._recording, Utterance()
                self._recording_full = False
                await self._ask(Request(recording, tuple(images)))
            case recv.TextInput(text=text, images=images):
                await self._ask(Request(text, tuple(images)))
            case recv.InterruptSignal(text=heard):
                self._interrupt(heard)
            case recv.FrontendPlaybackComplete():
                if self._running:
                    self._running.turn.playback_complete()
            case recv.Heartbeat():
                await self._send(send.HeartbeatAck())
            case recv.RequestInitConfig():
                await self._send(self._model_and_conf())
            case recv.RequestGroupInfo():
                await self._send(send.GroupUpdate())
            case recv.FetchBackgrounds():
                files = await asyncio.to_thread(self._backgrounds)
                await self._send(send.BackgroundFiles(files=files))
            case recv.FetchConfigs():
                name = self._context.character.conf_name
                own = send.ConfigFile(filename="conf.yaml", name=name)
                await self._send(send.ConfigFiles(configs=[own]))
            case recv.FetchHistoryList():
                await self._send(send.HistoryList(histories=self._context.history.list()))
            case recv.CreateNewHistory():
                await self._new_conversation()
            case recv.MicStreamStart():
                self._hands_free = True
            case recv.MicStreamStop():
                await self._stop_stream()
            case recv.AudioPlayStart():
                pass  # of interest to a group only, and this client is alone

    # Hearing

    async def _record(self, utterance: Utterance) -> None:
        """Append to the recording that `mic-audio-end` will take."""
        limit = self._context.limits.max_utterance_s
        if self._recording.samples + utterance.samples <= limit * MIC_RATE:
            self._recording.extend(utterance)
        else:
            utterance.drop_guess()
            if not self._recording_full:
                self._recording_full = True
                await self._error(
                    f"The recording is longer than {limit:g} s "
                    "(system_config.limits.max_utterance_s); the rest of it is not heard."
                )

    async def _listen(self, pcm: Pcm) -> None:
        """Follow a running microphone and act on what it decides."""
        if self._listener is None:
            if self._deaf or "vad" in self._context.loading():
                return
            try:
                self._listener = await self._open_listener()
            except EngineError:
                self._deaf = True
                raise
        async for heard, utterance in self._listener.feed(pcm):
            if heard is Heard.START:
                await self._send(send.Control(text="interrupt"))
                if self._hands_free:
                    self._barge_in()
            elif heard is Heard.END and self._hands_free:
                await self._ask(Request(utterance, asked_for=False))
            elif heard is Heard.END:
                await self._record(utterance)
                await self._send(send.Control(text="mic-audio-end"))

    async def _open_listener(self) -> Listener:
        vad = await self._context.vad()

        async def transcribe(pcm: Pcm) -> str:
            return await (await self._context.asr()).transcribe(pcm)

        limit = int(self._context.limits.max_utterance_s * MIC_RATE)
        return Listener(vad.open_stream(), vad.thresholds, transcribe, limit)

    async def _stop_stream(self) -> None:
        self._hands_free = False
        if self._listener and (utterance := self._listener.finish()):
            await self._ask(Request(utterance, asked_for=False))

    # Turns

    async def _ask(self, request: Request) -> None:
        try:
            self._requests.put_nowait(request)
        except asyncio.QueueFull:
            _drop(request)
            await self._error(
                f"{self._requests.maxsize} messages are waiting to be answered already "
                "(system_config.limits.max_queued_turns); wait for an answer or interrupt it."
            )

    async def _run_turns(self) -> None:
        while True:
            request = await self._requests.get()
            if self._unsettled:
                self._settle(self._unsettled.shown)
            turn = Turn(self._context, request, self._send)
            task = asyncio.create_task(turn.run())
            self._running = _Running(turn, task)
            # A stopped turn may still wait for a native call to end; the next begins after that.
            await asyncio.wait([task])
            self._running = None
            _drop(request)
            if not task.cancelled() and (error := task.exception()):
                if isinstance(error, ConnectionClosed):
                    return
                logger.opt(exception=error).error("a turn broke off")

    def _stop(self) -> Turn | None:
        """Stop the running turn; from here on nothing of it is sent. None if there is none."""
        running = self._running
        if running is None or running.turn.over or running.task.done():
            return None
        running.task.cancel()
        running.turn.over = True
        return running.turn

    def _interrupt(self, heard: str) -> None:
        """The client broke in, and says what had been heard of the answer."""
        self._unsettled = self._stop() or self._unsettled
        self._settle(heard[: self._context.limits.max_reply_chars])

    def _barge_in(self) -> None:
        """Stop speaking because the person speaks; what they had heard is told a moment later."""
        self._unsettled = self._stop() or self._unsettled

    def _settle(self, heard: str) -> None:
        """Remember of a stopped turn what was heard of it."""
        turn, self._unsettled = self._unsettled, None
        if turn is None or turn.times.heard is None:
            return
        logger.info("turn {}: interrupted; {}", turn.id, turn.story)
        character = self._context.character
        self._context.agent.interrupted(heard)
        if heard:
            self._context.history.add("ai", heard, character.character_name, character.avatar)
        self._context.history.add("system", "[Interrupted by user]")

    async def _new_conversation(self) -> None:
        self._stop()
        self._unsettled = None
        self._context.agent.forget()
        await self._send(send.NewHistoryCreated(history_uid=self._context.history.begin()))

    # Telling

    async def _error(self, text: str) -> None:
        await self._send(send.Error(message=text))

    def _model_and_conf(self) -> send.SetModelAndConf:
        context = self._context
        return send.SetModelAndConf(
            model_info=context.model_info,
            conf_name=context.character.conf_name,
            conf_uid=context.character.conf_uid,
            client_uid=context.client_uid,
        )

    async def _announce(self) -> None:
        """Say how far the engines are until all are there, and which cannot be had."""
        told = ""
        try:
            while self._context.loading():
                text = self._loading_text(self._context)
                if text != told:
                    await self._send(send.FullText(text=text))
                    told = text
                await asyncio.sleep(ANNOUNCE_S)
            failures = self._context.failures()
            for failure in failures:
                await self._error(failure)
            if not failures:
                await self._send(send.FullText(text="Ready: speak or type."))
        except ConnectionClosed:
            return


def _drop(request: Request) -> None:
    if isinstance(request.said, Utterance):
        request.said.drop_guess()
