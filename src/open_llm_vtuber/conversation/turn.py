"""One turn: hear, think, script, speak. Read this file first."""

from __future__ import annotations

import asyncio
import math
import secrets
import time
from collections.abc import Iterable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from functools import partial
from typing import Literal

import anyio
from loguru import logger

from ..agent.tools import ToolStatus
from ..engines.base import EngineError
from ..engines.llm.base import AnyLLM, Thought
from ..engines.llm.thoughts import Unsaid
from ..engines.work_time import WorkTime
from ..history.store import HistoryError
from ..portions import portions
from ..protocol.incoming import Image
from ..protocol.outgoing import (
    BackendSynthComplete,
    Control,
    Error,
    ForceNewMessage,
    FullText,
    Outgoing,
    ToolCallStatus,
    UserInputTranscription,
)
from .context import ServiceContext
from .extensions import Extensions
from .groups.audience import Audience
from .listening.recognition import NothingHeardError, recognize
from .listening.utterance import Utterance
from .loading_report import capabilities
from .metrics import Times
from .outbox import ClientGoneError, Outbox
from .speaking.reply_lines import ReplyLines
from .speaking.speech_text import Line, Script
from .speaking.synthesis import Say, Sentence, Voice, speak

TurnTrigger = Literal["person", "proactive", "group"]
"""Why a character speaks: it was spoken to, of its own accord, or because it is its turn in a
group."""


@dataclass(frozen=True)
class Request:
    """What a person said, or typed, and showed; or what else makes the character speak."""

    said: str | Utterance
    images: tuple[Image, ...] = ()
    asked_for: bool = True
    """False when the server took the turn itself: then silence is no news to anyone."""
    trigger: TurnTrigger = "person"
    arrived: float = field(default_factory=time.perf_counter)
    """When the text came, or the decision that the person is done."""

    @property
    def size_bytes(self) -> int:
        """Return how much memory it takes while it waits, about."""
        said = self.said.size_bytes if isinstance(self.said, Utterance) else len(self.said) * 4
        return said + self.images_bytes

    @property
    def images_bytes(self) -> int:
        """Return how much of that are its images."""
        return sum(len(image.data) for image in self.images)

    def drop(self) -> None:
        """Stop transcriptions that nobody will use."""
        if isinstance(self.said, Utterance):
            self.said.drop()

    def hear_anew(self) -> None:
        """Stop transcriptions: another engine will make them, when its turn has come."""
        if isinstance(self.said, Utterance):
            self.said.hear_anew()


class Turn:
    """Runs once, as one task. Cancelling that task is all it takes to stop it."""

    def __init__(
        self,
        context: ServiceContext,
        request: Request,
        outbox: Outbox,
        extensions: Extensions,
        audience: Audience | None = None,
    ) -> None:
        self._context = context
        self.request = request
        """What is answered."""
        self._outbox = outbox
        self._audience = audience
        self._extensions = extensions
        self._played = asyncio.Event()
        self._all_sent = False
        self._lines = ReplyLines(
            Script(context.emotions, context.character.tts_preprocessor_config),
            first_clause=context.faster_first_response,
            max_thought_chars=context.limits.max_reply_chars,
        )
        self._shown: list[Line] = []
        self._sound_until: float | None = None
        self._voice_failed = False
        self.finished = False
        """Whether it is remembered, or stopped: then there is nothing left to interrupt."""
        self.stopped = False
        """Whether it was stopped."""
        self.disconnected = False
        """Whether it broke off because its client has gone."""
        self.times = Times(arrived=request.arrived)
        self._measured = False
        self.id = secrets.token_hex(2)
        """Names it in the log, and what of it waits to be sent."""

    @property
    def story(self) -> str:
        """Its times, for the log."""
        return self.times.story(self.request.said)

    @property
    def shown(self) -> str:
        """What has been sent of the answer so far, as it is shown, without its thoughts."""
        return self._lines.said(self._shown)

    def playback_complete(self) -> None:
        """The client has played everything. Said too early, it means an older turn."""
        if self._all_sent:
            self._played.set()

    async def run(self) -> None:
        """Answer the request, in the documented order of messages.

        Whatever fails is told once, and the turn ends as it should. Raises ClientGoneError when
        the client has gone: that is no failure.
        """
        if self.request.trigger == "proactive":
            await self._send(FullText(text="AI wants to speak something..."))
        await self._everyone(Control(text="conversation-chain-start"))
        await self._everyone(FullText(text="Thinking..."))
        try:
            await self._in_time()
        except ClientGoneError:
            raise
        except NothingHeardError as nothing:
            await self._extensions.show_partial("")
            if self.request.asked_for:
                await self._send(Error(message=str(nothing)))
        except EngineError as error:
            logger.warning("turn {} failed: {}", self.id, error)
            await self._extensions.show_partial("")
            await self._send(Error(message=str(error)))
        except Exception:  # noqa: BLE001 - the turn ends here; the person is told
            logger.exception("turn {} failed", self.id)
            await self._send(
                Error(message="This turn failed inside the server; its log says more.")
            )
        await self._measure()
        if self._sound_until is not None:
            await self._await_playback()
        self._remember()
        try:
            await self._context.dialogue.history.saved()
        except HistoryError as error:
            await self._send(Error(message=str(error)))
        await self._everyone(ForceNewMessage())
        await self._everyone(Control(text="conversation-chain-end"))
        logger.info("turn {}: {}", self.id, self.story)

    async def _send(self, message: Outgoing | str) -> None:
        await self._outbox.send(message, self.id)

    async def _everyone(self, message: Outgoing) -> None:
        if self._audience:
            self._audience.tell(message, self.id)
        else:
            await self._send(message)

    async def _in_time(self) -> None:
        """Hear and answer. Raises EngineError when that takes longer than a turn may."""
        limit = self._context.limits.turn_timeout_s
        with anyio.move_on_after(limit) as scope:
            await self._answer(await self._hear())
        if scope.cancelled_caught:
            raise EngineError(
                f"The answer was not finished within {limit:g} s and ends here "
                "(system_config.limits.turn_timeout_s)."
            )

    async def _hear(self) -> str:
        """Return what was said, transcribed if it was spoken."""
        request = self.request
        text = await recognize(self._context, request.said, len(request.images))
        if isinstance(request.said, Utterance):
            await self._send(UserInputTranscription(text=text))
            self._extensions.transcribed()
        self.times.heard = time.perf_counter()
        if request.trigger == "person":
            self._context.dialogue.heard(text)
        return text

    async def _answer(self, text: str) -> None:
        context = self._context
        character = context.character
        voice = Voice(
            context.tts,
            character.character_name,
            character.avatar,
            context.limits.tts_timeout_s,
        )
        await speak(
            partial(self._think, text), voice, context.limits.synthesis_ahead, self._deliver
        )
        if not self.shown:
            raise EngineError("The language model gave no answer; try asking once more.")

    async def _think(self, text: str, say: Say) -> None:
        """Have the model answer and hand out its lines, each as soon as its end is certain."""
        context, limits, lines = self._context, self._context.limits, self._lines

        def hand_out(pieces: list[Line]) -> None:
            for line in pieces:
                self.times.first_line = self.times.first_line or time.perf_counter()
                say(line)

        llm = await context.llm()
        images = tuple(image.data for image in self.request.images if _is_picture(image))
        agent = context.dialogue.agent
        remembered = self.request.trigger != "proactive"
        prompt = agent.ask(llm, text, images) if remembered else agent.propose(llm, text, images)
        patience, running = limits.llm_first_token_timeout_s, set[str]()
        failure: EngineError | None = None
        # Nothing in here waits for the client: the model is there for others as well.
        # One time-out for all tokens, renewed now and then: a new one for each token would cost
        # more than reading it.
        renewed = -math.inf
        with WorkTime(patience) as time_left:
            try:
                async with aclosing(agent.answer(llm, prompt)) as deltas:
                    async for delta in deltas:
                        if isinstance(delta, str | Thought):
                            now = time.perf_counter()
                            if isinstance(delta, str) or delta.written:
                                self.times.first_token = self.times.first_token or now
                            for portion in _portions(delta):
                                if pieces := lines.feed(portion):
                                    hand_out(pieces)
                                    await _give_way()
                                if lines.length >= limits.max_reply_chars:
                                    break
                            if lines.length >= limits.max_reply_chars:
                                break
                            patience = limits.llm_token_timeout_s
                            if now - renewed > patience / 10:
                                renewed = now
                                time_left.allow(patience)
                        elif isinstance(delta, ToolStatus):
                            # Tools have limits of their own; after them the model begins anew.
                            renewed = -math.inf
                            time_left.stop()
                            hand_out(lines.flush())
                            say(partial(self._send, self._status(delta)))
                            (running.add if delta.state == "running" else running.discard)(delta.id)
                            patience = limits.llm_first_token_timeout_s
                            if not running:
                                time_left.allow(patience)
                        elif isinstance(delta, Unsaid):
                            lines.take_back()
                        else:
                            say(partial(self._tell, delta.text, llm))
            except EngineError as error:
                failure = error  # after what was said before it
        if time_left.is_over:
            failure = EngineError(
                f"The language model sent nothing for {patience:g} s. "
                "Is it running, and is it fast enough? (system_config.limits)"
            )
        hand_out(lines.flush())
        if failure:
            raise failure

    async def _tell(self, notice: str, llm: AnyLLM) -> None:
        """Tell what the answer had to do without, and what that says of the engine."""
        await self._send(Error(message=notice))
        await self._extensions.show_capabilities(capabilities(llm))

    def _status(self, status: ToolStatus) -> ToolCallStatus:
        now = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        return ToolCallStatus(
            tool_id=status.id,
            tool_name=status.name,
            status=status.state,
            content=status.content,
            timestamp=now.replace("+00:00", "Z"),
            name=self._context.character.character_name,
            browser_view=status.browser_view,
        )

    async def _deliver(self, sentence: Sentence) -> None:
        if self._lines.is_taken_back(sentence.line):
            return
        if sentence.failure and not self._voice_failed:
            self._voice_failed = True
            logger.warning("turn {}: {}", self.id, sentence.failure)
            await self._send(Error(message=str(sentence.failure)))
        if sentence.unspoken and not self._context.told_unspoken:
            self._context.told_unspoken = True
            logger.warning("turn {}: {}", self.id, sentence.unspoken)
            await self._send(Error(message=sentence.unspoken))
        await self._send(sentence.frame)
        if self._audience:
            self._audience.hear(sentence.frame)
        self._shown.append(sentence.line)
        now = time.perf_counter()
        if sentence.sounds and self.times.first_audio is None:
            self.times.first_audio = now
            await self._measure()
        if sentence.line.speech:
            self._sound_until = max(self._sound_until or now, now) + sentence.seconds

    async def _measure(self) -> None:
        """Tell a client that asked how long the turn took up to its first sound, once."""
        if not self._measured and "turn-metrics" in self._extensions:
            self._measured = True
            metrics = self.times.metrics(self.id, self.request.said)
            await self._extensions.send("turn-metrics", metrics, self.id)

    async def _await_playback(self) -> None:
        """Wait for the client to have played it all, but not much longer than it sounds."""
        assert self._sound_until is not None  # noqa: S101 - the caller has looked
        self._all_sent = True
        await self._send(BackendSynthComplete())
        if self._audience:
            self._audience.all_sent()
        grace = self._context.limits.playback_grace_s
        with anyio.move_on_after(self._sound_until - time.perf_counter() + grace):
            await self._played.wait()
            if self._audience:
                await self._audience.silence()

    def _remember(self) -> None:
        self.finished = True
        if self.shown:
            proactive = self.request.trigger == "proactive"
            self._context.dialogue.said(self._lines.raw, self.shown, proactive=proactive)

    def interrupted(self, heard: str) -> str:
        """Remember, of the turn that was stopped, what was heard; return that without thoughts."""
        proactive = self.request.trigger == "proactive"
        heard = self._lines.heard(heard, self._shown)
        self._context.dialogue.interrupted(heard, proactive=proactive)
        return heard


def _is_picture(image: Image) -> bool:
    return image.data.startswith("data:image")


def _portions(delta: str | Thought) -> Iterable[str | Thought]:
    if isinstance(delta, str):
        return portions(delta)
    return (replace(delta, text=portion) for portion in portions(delta.text))


async def _give_way() -> None:
    """Let the voice of what was handed out begin, and leave if it is instant."""
    await asyncio.sleep(0)
    await asyncio.sleep(0)
