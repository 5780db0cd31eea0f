"""/tts-ws: text in, its sentences as sound files, each as soon as it is ready; not translated."""

from __future__ import annotations

import asyncio
from collections import deque
from itertools import islice
from typing import cast

from fastapi import APIRouter, WebSocket
from loguru import logger
from pydantic import BaseModel, ValidationError
from starlette.websockets import WebSocketDisconnect

from ..audio import Pcm, wav_bytes
from ..bounded_queue import BoundedQueue
from ..conversation.speaking.feelings import Faces
from ..conversation.speaking.sentences import SentenceSplitter
from ..conversation.speaking.speech_text import Line, Script
from ..conversation.speaking.stand_in import StandIn
from ..engines.base import EngineError
from ..engines.tts.base import AnyTTS
from ..portions import portions
from ..protocol.frames import ProtocolError, read_frame
from ..protocol.tts import TTSComplete, TTSError, TTSPartial, TTSRequest
from ..server.server import Server
from .oversize import TOO_LARGE
from .sound_cache import SoundCache

router = APIRouter()

GONE = (WebSocketDisconnect, RuntimeError)
"""What sending raises when the client has gone."""


@router.websocket("/tts-ws")
async def tts_ws(socket: WebSocket) -> None:
    """Serve one client until it leaves; messages that come meanwhile wait, a few of them."""
    await socket.accept()
    server: Server = socket.app.state.server
    limits = server.config.system_config.limits
    waiting: BoundedQueue[str | TTSError] = BoundedQueue(
        limits.max_queued_turns, limits.max_queued_turns_bytes
    )

    stand_in = server.stand_in()

    async def speak_all() -> None:
        while True:
            asked = await waiting.get()
            if isinstance(asked, TTSError):
                await _send(socket, asked)
            else:
                await _Speaking(socket, server, stand_in).answer(asked)

    speaking = asyncio.create_task(speak_all())
    try:
        while True:
            event = await socket.receive()
            if event["type"] == "websocket.disconnect":
                return
            frame = event.get("text")
            if frame is None:
                refusal = event.get(TOO_LARGE, "Send a JSON object with a text.")
                await _send(socket, TTSError(message=str(refusal)))
                continue
            asked = _read(frame, limits.max_text_chars)
            size = len(asked.encode()) if isinstance(asked, str) else 0
            if waiting.refuses(size):
                text = f"{len(waiting)} texts are waiting already; wait for one to be spoken."
                await _send(socket, TTSError(message=text))
                continue
            if asked:  # nothing is said of an empty text, as documented
                waiting.put(asked, size)
    except GONE:
        logger.debug("/tts-ws: the client has gone")
    finally:
        speaking.cancel()
        (ended,) = await asyncio.gather(speaking, return_exceptions=True)
        if not isinstance(ended, (asyncio.CancelledError, *GONE)):
            logger.opt(exception=ended).error("/tts-ws: the speaking broke off")


def _read(frame: str, most_chars: int) -> str | TTSError:
    """Return the text to be spoken, or what is wrong with the request; no more of it is kept."""
    try:
        text = TTSRequest.model_validate(read_frame(frame)).text
    except ProtocolError as error:
        return TTSError(message=f"This is not a request. {error}")
    except ValidationError:
        message = 'This is not a request: send a JSON object such as {"text": "Hello."}.'
        return TTSError(message=message)
    if len(text) > most_chars:
        return TTSError(message=f"The text is over {most_chars} characters; send parts.")
    return text


async def _send(socket: WebSocket, message: BaseModel) -> None:
    await socket.send_text(message.model_dump_json())


class _Speaking:
    """One text."""

    def __init__(self, socket: WebSocket, server: Server, stand_in: StandIn | None) -> None:
        self._socket = socket
        self._server = server
        self._stand_in = stand_in
        self._limits = server.config.system_config.limits
        self._cache: SoundCache = socket.app.state.cache
        self._spoke = False
        self._said_s = 0.0
        self._unspoken = ""
        """Why nothing is heard of some of it."""

    async def answer(self, text: str) -> None:
        """Speak a text; whatever fails is told, and the socket goes on."""
        try:
            await self._speak(await self._lines(text))
        except EngineError as error:
            logger.warning("/tts-ws: {}", error)
            self._server.engine_failed("tts", error)
            await _send(self._socket, TTSError(message=str(error)))
        except OSError as error:
            logger.error("/tts-ws: a sound could not be written: {}", error.strerror)
            await _send(self._socket, TTSError(message="The server cannot write to cache/."))
        else:
            silent = self._unspoken and not self._spoke
            end = TTSError(message=self._unspoken) if silent else TTSComplete()
            await _send(self._socket, end)

    async def _lines(self, text: str) -> list[Line]:
        """Cut a text, a portion at a time: a long one would hold up everybody else."""
        splitter = SentenceSplitter(first_clause=False)
        script = Script(Faces({}), self._server.config.character_config.tts_preprocessor_config)
        lines: list[Line | None] = []
        for portion in portions(text):
            lines += map(script.read, splitter.feed(portion))
            await asyncio.sleep(0)
        lines += map(script.read, splitter.flush())
        return [line for line in lines if line]

    async def _speak(self, lines: list[Line]) -> None:
        """Synthesise a few sentences at once, and tell of each in its order."""
        waiting = iter(lines)
        ahead: deque[tuple[Line, asyncio.Task[str]]] = deque()
        try:
            while True:
                for line in islice(waiting, self._limits.synthesis_ahead - len(ahead)):
                    ahead.append((line, asyncio.create_task(self._file(line))))
                if not ahead:
                    return
                line, task = ahead[0]
                if name := await task:
                    self._spoke = True
                    text = line.display.strip()
                    partial = TTSPartial(audioPath=f"cache/{name}", text=text)
                    await _send(self._socket, partial)
                ahead.popleft()
        finally:
            for _, task in ahead:
                task.cancel()
            await asyncio.gather(*(task for _, task in ahead), return_exceptions=True)

    async def _file(self, line: Line) -> str:
        """Return the name of the file with a sentence, "" if there is nothing to say in it."""
        if not line.speech:
            return ""
        stand_in = self._stand_in
        if stand_in is None:
            return await self._said_by(await self._chosen(), line)
        if not stand_in.speaks:
            with stand_in.trying():
                return await self._said_by(await self._chosen(), line)
        if stand_in.notice:
            logger.warning("/tts-ws: {}", stand_in.notice)
            stand_in.told()
        return await self._said_by(await stand_in.tts(), line)

    async def _chosen(self) -> AnyTTS:
        return cast("AnyTTS", await self._server.engine("tts"))

    async def _said_by(self, tts: AnyTTS, line: Line) -> str:
        speech = tts.speakable(line.speech)
        if not speech:
            self._unspoken = str(tts.silence(line.speech))
            return ""
        pcm = await tts.in_turn(speech, before_s=self._said_s, timeout_s=self._limits.tts_timeout_s)
        self._said_s += len(pcm) / tts.sample_rate
        return await asyncio.to_thread(self._write, pcm, tts.sample_rate)

    def _write(self, pcm: Pcm, rate: int) -> str:
        return self._cache.write(wav_bytes(pcm, rate))
