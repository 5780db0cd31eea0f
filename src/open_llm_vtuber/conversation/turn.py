"""One turn: hear, think, script, speak. Read this file first."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial

import anyio
from loguru import logger

from ..agent.base import Agent, Heard, Notice
from ..agent.tools import ToolQuestion, ToolStatus
from ..audio import MIC_RATE
from ..engines.base import EngineError
from ..engines.kinds import KINDS, Kind
from ..faults import FaultError, fault
from ..history.branches import new_ref
from ..history.store import HistoryError
from ..protocol.frames import Frame
from ..protocol.outgoing import (
    BackendSynthComplete,
    Control,
    Error,
    ForceNewMessage,
    FullText,
    Outgoing,
    UserInputTranscription,
)
from .answer_stages import Part, parts_of, reply_lines, word_for_word
from .context import ServiceContext
from .draft import Draft
from .extensions import Extensions
from .groups.audience import Audience
from .listening.recognize import NothingHeardError, recognize
from .listening.utterance import Utterance
from .loading_report import tell_capabilities
from .metrics import Times
from .outbox import ClientGoneError, Outbox
from .playback import TAIL_S, Playback
from .reply_timeouts import in_time
from .rewriting import Again, RewritingError, found
from .speaking.questions import AskedAloud, QuestionLine, aloud
from .speaking.repetition import unrepeated
from .speaking.speech_text import Line
from .speaking.voice import Chunk, Sentence
from .tool_status import tool_call_status
from .turn_messages import WrittenLines, turn_messages
from .turn_record import EngineFailure, Outcome, TurnRecord
from .turn_request import Request


class Turn:
    """Runs once, as one task. Cancelling that task is all it takes to stop it."""

    def __init__(
        self,
        context: ServiceContext,
        request: Request,
        outbox: Outbox,
        extensions: Extensions,
        audience: Audience | None = None,
        draft: Draft | None = None,
    ) -> None:
        """`draft` is an answer that was begun before, which may be the one."""
        self._context = context
        self.request = request
        """What is answered."""
        self._outbox = outbox
        self._audience = audience
        self._extensions = extensions
        self._all_sent = False
        self.playback = Playback()
        """What of it is being played."""
        self._draft = draft
        self._pictures: tuple[str, ...] = ()
        """What is shown with what is answered, as data URLs."""
        self._again: Again | None = None
        """What was said before that it is about."""
        self.message_id = new_ref()
        """What its answer is called."""
        self._lines = reply_lines(context)
        self._shown: list[Line] = []
        self._voice_failed = False
        self.finished = False
        """Whether it is remembered, or stopped: then there is nothing left to interrupt."""
        self.stopped = False
        """Whether it was stopped."""
        self.disconnected = False
        """Whether it broke off because its client has gone."""
        self.outcome: Outcome = "silent"
        """How it ended, or would end now."""
        self._failures: list[EngineFailure] = []
        self.times = Times(arrived=request.arrived)
        self._measured = False
        self.id = secrets.token_hex(4)
        """Names it in the log, what of it waits to be sent, and that to a client that asked."""

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
            self.playback.complete.set()

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
                await self._send(Error.of(nothing))
        except EngineError as error:
            logger.warning("turn {} failed: {}", self.id, error)
            kind = "asr" if self.times.heard is None else "llm"
            self._failed(error, kind)
            await self._extensions.show_partial("")
            await self._send(Error.of(error, kind))
        except (HistoryError, RewritingError) as error:
            self.outcome = "failed"
            await self._send(Error.of(error))
        except Exception:  # noqa: BLE001 - the turn ends here; the person is told
            logger.exception("turn {} failed", self.id)
            self.outcome = "failed"
            failed = FaultError("This turn failed inside the server; its log says more.")
            await self._send(Error.of(failed))
        self._go_on()
        await self._measure()
        if self.playback.sounds:
            await self._await_playback()
        self._remember()
        try:
            await self._context.memory.saved()
        except (HistoryError, EngineError) as error:
            await self._outbox.send(Error.of(error), self.id)  # also if it was broken into
        if self._extensions.noted:
            await self._extensions.noted()
        logger.info("turn {}: {}", self.id, self.story)
        await self._everyone(ForceNewMessage())
        await self._everyone(Control(text="conversation-chain-end"))

    def record(self) -> TurnRecord:
        """Return what was measured of it, now that it is over."""
        said = self.request.said
        spoken = said if isinstance(said, Utterance) else None
        return TurnRecord(
            self.id,
            self.request.trigger,
            self.outcome,
            self.times,
            time.perf_counter(),
            spoken.samples / MIC_RATE if spoken else None,
            spoken.voiced_until if spoken else None,
            len(self._shown),
            self.playback.length_s,
            tuple(self._failures),
        )

    def _failed(self, error: EngineError, kind: Kind) -> None:
        """Note that an engine of this kind failed, unless the error names another."""
        kind = error.fault.about if error.fault.about in KINDS else kind
        name = self._context.engine_name(kind)
        self._failures.append(EngineFailure(kind, name, error.fault.code))
        if kind != "tts":  # then it is read
            self.outcome = "failed"

    def _go_on(self) -> None:
        """End here if it was stopped, whatever an engine made of that."""
        if self.stopped:
            raise asyncio.CancelledError

    async def _send(self, message: Outgoing | Frame) -> None:
        self._go_on()
        await self._outbox.send(message, self.id)

    async def _everyone(self, message: Outgoing) -> None:
        self._go_on()
        if self._audience:
            self._audience.tell(message, self.id)
        else:
            await self._send(message)

    async def _in_time(self) -> None:
        """Answer. Raises EngineError when that takes longer than a turn may."""
        limit = self._context.limits.turn_timeout_s
        with anyio.move_on_after(limit) as scope:
            await self._answer()
        if scope.cancelled_caught:
            raise EngineError(
                f"The answer was not finished within {limit:g} s and ends here "
                "(system_config.limits.turn_timeout_s).",
                fault("turn-timeout", "system_config.limits.turn_timeout_s", limit_s=limit),
            )

    async def _answer(self) -> None:
        """Hear, think, script, speak: each stage reads the one before, and ends it with itself.

        The model is read whether the client takes its answer or not: it is there for others too.
        """
        text = await self._recognize()
        spoken = await self._drafted(text) or await self._spoken(text)
        async with aclosing(spoken) as parts:
            async for part in parts:
                await self._deliver(part)
        if not (self.shown or self._may_be_silent or self._is_word_for_word):
            raise EngineError(
                "The language model gave no answer; try asking once more.", fault("no-answer")
            )

    @property
    def _is_word_for_word(self) -> bool:
        """Whether it is known what is said."""
        return self.request.greeting or (self._again is not None and not self._again.is_stored)

    async def _spoken(self, text: str) -> AsyncGenerator[Part, None]:
        memory, limits = self._context.memory, self._context.limits
        if self._is_word_for_word:  # no model is waited for
            reply = word_for_word(text)
        else:
            agent = await memory.prepare()
            reply = in_time(agent.reply(self._heard(text, agent)), limits, self.times)
        lines = self._lines.read(reply, self.times)
        self._tell_written()
        if self._may_be_silent:
            lines = unrepeated(lines, self._lines.said, memory.last_said)
        alone = self._audience is None
        return parts_of(self._context, lines, self._extensions if alone else None)

    async def _drafted(self, text: str) -> AsyncGenerator[Part, None] | None:
        """Return the answer that was begun before, if it is one to `text`; drop it if not."""
        draft, request = self._draft, self.request
        if draft is None:
            return None
        asked = request.trigger == "person" and not (request.images or request.rewrite)
        asked = asked and self._audience is None
        spoken = draft.take(self._context, text, self.times) if asked else None
        if spoken is None:
            await draft.drop()
            return None
        self._lines, self.times = draft.lines, draft.times
        self._tell_written()
        return spoken

    def _tell_written(self) -> None:
        """Have a client that asked for it told what is written, before it is said."""
        is_new = self._again is None or self._again.is_stored
        if is_new and "reply-text" in self._extensions and self._audience is None:
            self._lines.tell(WrittenLines(self._extensions, self.id))

    def _heard(self, text: str, agent: Agent) -> Heard:
        """Return what the agent is to answer. Raises EngineError if it may not be told that."""
        request = self.request
        if request.viewer and not agent.hears_viewers:
            raise EngineError(
                "This character does not answer viewers: its agent cannot keep what they say from "
                "its tools. basic_memory_agent can (conversation_agent_choice)."
            )
        unanswered = self._context.memory.unanswered if request.proactive else ()
        unasked = request.proactive or (self._again is not None and bool(self._again.said))
        return Heard(text, self._pictures, unasked, request.viewer, unanswered)

    @property
    def _may_be_silent(self) -> bool:
        """Whether nobody asked for it in any way: then nothing is said rather than said again."""
        return self.request.proactive and not self.request.asked_for

    async def _recognize(self) -> str:
        """Return what was said, transcribed if it was spoken, or is said or answered again."""
        request, memory = self.request, self._context.memory
        again = await found(self._context, request.rewrite) if request.rewrite else None
        said = again.text if again and again.text else request.said
        shown = again.pictures if again and not request.images else request.pictures
        text = await recognize(self._context, said, len(request.images or shown))
        if isinstance(request.said, Utterance):
            await self._send(UserInputTranscription(text=text))
            self._extensions.transcribed()
        elif request.chat:
            await self._extensions.send("live-chat", request.chat, self.id)
        self._pictures = shown
        self.times.heard = time.perf_counter()
        heard: str | None = None
        if again:
            self._again = again
            again.begin(memory)
        if request.trigger == "person":
            heard = memory.heard(text, again.place if again else None, shown)
        elif request.viewer:
            memory.heard_viewer()
        if self._audience is None:
            told = turn_messages(self.id, self.message_id, heard, request, again)
            await self._extensions.send("message-actions", told, self.id)
        return text

    async def _deliver(self, part: Part) -> None:
        if self.times.first_made is None and (isinstance(part, Chunk) or _sounds(part)):
            self.times.first_made = time.perf_counter()
        match part:
            case Sentence():
                await self._show(part)
            case Chunk():
                await self._sound(part)
            case ToolStatus():
                name = self._context.character.character_name
                await self._send(tool_call_status(part, name))
            case ToolQuestion():
                self._go_on()
                await self._ask(part)
            case AskedAloud(question=question):
                self._go_on()
                await self._extensions.questions.asked_aloud(question, self.id)
            case Notice():
                await self._send(Error.told(part.text, fault(part.code, "llm")))
                await tell_capabilities(self._context, self._extensions)

    async def _ask(self, question: ToolQuestion) -> None:
        """Put a question to the person, where the client can."""
        if "tool-permission" not in self._extensions:
            question.settle("unasked")
            return
        patience_s = self._context.limits.tool_question_timeout_s
        language = self._context.character.language
        asks_aloud = self._extensions.asks_aloud and self._audience is None
        words = aloud(question, language).speech if asks_aloud else ""
        saying = partial(self.playback.recent, TAIL_S)
        await self._extensions.questions.ask(question, self.id, patience_s, words, saying)

    async def _show(self, sentence: Sentence) -> None:
        line = sentence.line
        if self._lines.is_taken_back(line):
            return
        if isinstance(line, QuestionLine) and line.question.decision.done():
            return
        await self._tell(sentence.failure)
        if sentence.unspoken and not self._context.told_unspoken:
            self._context.told_unspoken = True
            logger.warning("turn {}: {}", self.id, sentence.unspoken)
            await self._send(Error.of(sentence.unspoken))
        await self._send(sentence.frame)
        if self._audience:
            self._audience.hear(sentence.frame)
        self._shown.append(sentence.line)
        if sentence.line.speech:
            await self._sent(sentence.line, sentence.seconds, sounds=sentence.sounds)

    async def _sound(self, chunk: Chunk) -> None:
        """Send some of the sound of what was shown last; of what was not shown nothing sounds."""
        if not self._shown or chunk.line is not self._shown[-1]:
            return
        if chunk.words:
            await self._send(chunk.words)
        await self._send(chunk.frame)
        await self._sent(chunk.line, chunk.seconds, sounds=True)
        await self._tell(chunk.failure)

    async def _sent(self, line: Line, seconds: float, *, sounds: bool) -> None:
        """Note that something was sent that is played for so long, after what was sent before."""
        self.playback.sent(line, seconds)
        if sounds and self.times.first_audio is None:
            self.times.first_audio = time.perf_counter()
            await self._measure()

    async def _tell(self, failure: EngineError | None) -> None:
        """Tell why something is not heard as it should be, once."""
        if failure and not self._voice_failed:
            self._voice_failed = True
            logger.warning("turn {}: {}", self.id, failure)
            self._failed(failure, "tts")
            await self._send(Error.of(failure, "tts"))
            if stand_in := self._context.stand_in:
                stand_in.told()

    async def _measure(self) -> None:
        """Tell a client that asked how long the turn took up to its first sound, once."""
        if not self._measured and "turn-metrics" in self._extensions:
            self._measured = True
            metrics = self.times.metrics(self.id, self.request.said)
            await self._extensions.send("turn-metrics", metrics, self.id)

    async def _await_playback(self) -> None:
        """Wait for the client to have played it all, but not much longer than it sounds."""
        self._all_sent = True
        await self._send(BackendSynthComplete())
        if self._audience:
            self._audience.all_sent()
        with self.playback.in_time(self._context.limits.playback_grace_s):
            await self.playback.complete.wait()
            if self._audience:
                await self._audience.silence()

    def _remember(self) -> None:
        self.finished = True
        if self.shown:
            if self.outcome == "silent":
                self.outcome = "answered"
            self._keep(self._lines.raw, self.shown, interrupted=False)
        else:
            self.undo()

    def _keep(self, said: str, shown: str, *, interrupted: bool) -> None:
        """Remember what was said, for the model and as it was shown, and what it is called."""
        request, memory, again = self.request, self._context.memory, self._again
        if again and not again.is_stored:
            return
        if request.greeting:
            memory.greeted(said, shown, interrupted=interrupted, message_id=self.message_id)
            return
        if again:
            again.forget_what_goes_on(memory)
            said, shown = again.whole(said), again.whole(shown)
        place = again.place if again and request.trigger == "again" else None
        if interrupted:
            memory.interrupted(
                shown,
                proactive=request.proactive,
                viewer=request.viewer,
                message_id=self.message_id,
                place=place,
            )
        else:
            memory.said(
                said,
                shown,
                proactive=request.proactive,
                viewer=request.viewer,
                message_id=self.message_id,
                place=place,
            )

    def undo(self) -> None:
        """Have all be as it was: nothing came of it."""
        if self._again:
            self._again.undo(self._context.memory)

    def interrupted(self, heard: str) -> str:
        """Remember, of the turn that was stopped, what was heard; return that without thoughts."""
        heard = self._lines.heard(heard, self._shown)
        if heard or not (self._again and self._again.may_come_to_nothing):
            self._keep(heard, heard, interrupted=True)
        else:
            self.undo()
        return heard


def _sounds(part: Part) -> bool:
    return isinstance(part, Sentence) and part.sounds
