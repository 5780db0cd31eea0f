"""The turns of one client: they wait for each other, and one at most is running."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from loguru import logger

from ..bounded_queue import BoundedQueue
from ..closing import cancelled
from ..engines.base import EngineError
from ..engines.llm.base import AnyLLM
from ..faults import over
from .context import ServiceContext
from .draft import Draft
from .extensions import Extensions
from .groups.audience import Audience
from .listening.utterance import Utterance
from .outbox import ClientGoneError, Outbox
from .turn import Turn
from .turn_limits import TooManyWaitingError, too_many_turns
from .turn_record import Outcome, TurnWatch, Unwatched
from .turn_request import Request

REST_S = 2.0
"""When nobody has said anything for so long, it is done what can wait."""


class Turns:
    """Lives as long as its client, over whatever connections."""

    def __init__(
        self,
        context: ServiceContext,
        outbox: Outbox,
        extensions: Extensions,
        start: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
        answering: Callable[[], int] = lambda: 0,
        watch: TurnWatch | None = None,
    ) -> None:
        """`start` runs what is done beside the turns, as long as the client is here.

        `answering` tells how many clients of the server are being answered; `watch` is told of
        each turn.
        """
        self.context = context
        """Who answers the next request."""
        self._outbox = outbox
        self._extensions = extensions
        self._start = start
        self._answering = answering
        self._watch = watch or Unwatched()
        limits = context.limits
        self._waiting: BoundedQueue[Request] = BoundedQueue(
            limits.max_queued_turns, limits.max_queued_turns_bytes
        )
        self._turn_lock = asyncio.Lock()
        self.moving = asyncio.Lock()
        """Held while another conversation is being opened: no turn begins meanwhile, so that what
        waits to be answered is answered there."""
        self._turn: Turn | None = None
        self._task: asyncio.Task[None] | None = None
        self._unsettled: Turn | None = None
        self.latest: Turn | None = None
        """The turn that runs or ran last."""
        self._draft: Draft | None = None
        self._reading: asyncio.Task[None] | None = None
        """What has what is being said read ahead."""
        self._resting: asyncio.Task[None] | None = None
        """What is done while nobody says anything."""
        self._dropping = set[asyncio.Task[None]]()
        """What stops that, and answers that were begun on a wrong guess."""

    @property
    def held_bytes(self) -> int:
        """How much memory the requests take that wait or are being answered."""
        return self._waiting.size_bytes + (self._turn.request.size_bytes if self._turn else 0)

    @property
    def unheard(self) -> list[Request]:
        """The requests that wait or are being answered, and whose words are not known yet."""
        running = self._turn
        unheard = [running.request] if running and running.times.heard is None else []
        return [*unheard, *self._waiting]

    @property
    def waiting(self) -> int:
        """How many requests wait to be answered."""
        return len(self._waiting)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being answered, nor waits to be."""
        return self._turn is None and not self._waiting and not self._turn_lock.locked()

    async def serve(self) -> None:
        """Answer the requests in their order until the client has gone."""
        while True:
            turn = await self.perform(await self._waiting.get())
            if turn.disconnected:
                return

    async def close(self) -> None:
        """Drop what waits, stop what runs, and wait for its last native call.

        Of an answer that is cut off like this, what was delivered is kept.
        """
        self._drop_waiting()
        self.leave()
        self.withdraw()
        self._stop_resting()
        if self._dropping:
            await asyncio.wait(self._dropping)
        async with self._turn_lock:
            self._drop_waiting()

    def draft(self, words: str) -> None:
        """Begin an answer to what a person perhaps has said, if that can be and costs nobody."""
        if self._draft and self._draft.words == words:
            return
        self.withdraw()
        self._stop_resting()
        if self._free_llm():
            before = [*self._dropping, *([self._reading] if self._reading else [])]
            self._draft = Draft(self.context, words, self._extensions, before)

    def listen(self, words: str) -> None:
        """Have what a person is saying read ahead, if that can be and holds up nobody."""
        self._stop_resting()
        llm = self._free_llm()
        if llm and llm.reads_ahead and not (self._is_used_ahead or self._draft):
            self._reading = self._start(self._read(words))

    async def _read(self, words: str) -> None:
        try:
            await self.context.memory.listen(words)
        except EngineError as error:
            logger.debug("what is being said is not read ahead: {}", error)

    def _free_llm(self) -> AnyLLM | None:
        """Return who would answer, if it may be asked on a guess and has nothing else to do."""
        if self._turn or self._waiting or self._unsettled or self.moving.locked():
            return None
        llm = self.context.ready_llm()
        if llm is None or not llm.speculates or self.context.memory.waits_for_person:
            return None
        return None if llm.busy and not self._is_used_ahead else llm

    @property
    def _is_used_ahead(self) -> bool:
        """Whether the model still does, or ends, what it was asked before this."""
        reads = self._reading is not None and not self._reading.done()
        return reads or bool(self._dropping)

    def withdraw(self) -> None:
        """Stop what was begun on a guess: it was wrong."""
        if draft := self._taken_draft():
            self._drop(draft.drop())

    def _drop(self, ending: Coroutine[Any, Any, None]) -> None:
        dropping = asyncio.create_task(ending)
        self._dropping.add(dropping)
        dropping.add_done_callback(self._dropping.discard)

    def _stop_resting(self) -> None:
        resting, self._resting = self._resting, None
        if resting and not resting.done():
            self._drop(cancelled([resting]))

    async def _rest(self) -> None:
        """Have done what can wait, once nobody has said anything for a while."""
        await asyncio.sleep(REST_S)
        async with self._turn_lock:  # what changes what is known goes first
            rest = self.context.memory.rest()
        if rest:
            await rest()

    def _stop_ahead(self) -> None:
        """Stop all that is done ahead for a character who goes."""
        self.withdraw()
        self._stop_resting()
        if self._reading:
            self._reading.cancel()

    def _taken_draft(self) -> Draft | None:
        draft, self._draft = self._draft, None
        return draft

    def ask(self, request: Request) -> None:
        """Have a request answered after those that wait. Raises TooManyWaitingError."""
        begins = self.is_idle and not request.greeting
        if begins and (full := too_many_turns(self._answering(), self.context.limits)):
            request.drop()
            raise full
        bound = self._waiting.refuses(request.size_bytes)
        if not bound:
            self._waiting.put(request, request.size_bytes)
            return
        request.drop()
        if bound == "number":
            raise TooManyWaitingError(
                f"{len(self._waiting)} messages are waiting to be answered already "
                "(system_config.limits.max_queued_turns); wait for an answer or interrupt it.",
                over("max_queued_turns", self._waiting.most),
            )
        raise TooManyWaitingError(
            f"{self._waiting.size_bytes / 2**20:.0f} MiB of messages are waiting to be answered "
            "already (system_config.limits.max_queued_turns_bytes); wait for an answer or "
            "interrupt it.",
            over("max_queued_turns_bytes", self._waiting.most_bytes),
        )

    async def perform(self, request: Request, audience: Audience | None = None) -> Turn:
        """Answer one request now, once the running turn is over; return its turn.

        Cancelling it stops the turn, keeps what was delivered of it, and waits for a native call
        of it that cannot be stopped.
        """
        async with self._turn_lock:
            self._stop_resting()
            if self._reading:
                await cancelled([self._reading])
            if self._dropping:
                await asyncio.wait(self._dropping)
            async with self.moving:
                if self._unsettled:
                    self.commit_interrupted(self._unsettled.shown)
                draft = self._taken_draft()
                turn = Turn(self.context, request, self._outbox, self._extensions, audience, draft)
                self._turn = self.latest = turn
                self._watch.begun(request.trigger)
                task = self._task = asyncio.create_task(turn.run())
            try:
                # A stopped turn may still wait for a native call; the next begins after that.
                await asyncio.wait([task])
            finally:
                if not task.done():
                    self.leave()
                    if not turn.stopped:
                        task.cancel()  # it was about to end
                    await asyncio.wait([task])
                if draft:
                    await draft.drop()
                self._turn = self._task = None
                request.drop()
                if not task.cancelled() and (error := task.exception()):
                    if not turn.finished:
                        turn.finished = True
                        self._keep_delivered(turn)
                    turn.disconnected = True
                    turn.outcome = "disconnected"
                    if not isinstance(error, ClientGoneError):
                        logger.opt(exception=error).error("a turn broke off")
                self._watch.ended(turn.record())
            if not turn.disconnected:
                self._resting = self._start(self._rest())
            return turn

    @property
    def running(self) -> Turn | None:
        """The turn that can be interrupted, if there is one."""
        turn, task = self._turn, self._task
        return None if turn is None or task is None or turn.finished or task.done() else turn

    def played(self, turn_id: str | None = None) -> None:
        """The client has played everything it was sent, of a certain turn if it says so."""
        if self._turn and turn_id in (None, self._turn.id):
            self._turn.playback_complete()

    def stop(self, outcome: Outcome = "interrupted") -> Utterance | None:
        """Stop the running turn; from here on nothing of it is sent.

        What had been heard of it is told by `commit_interrupted`, at the latest before the next
        turn. Returns the utterance that it answers if that was not recognized yet.
        """
        turn, task = self.running, self._task
        if turn is None or task is None:
            return None
        task.cancel()
        self._outbox.discard(turn.id)
        turn.finished = turn.stopped = True
        turn.outcome = outcome
        self._unsettled = turn
        said = turn.request.said
        return said if isinstance(said, Utterance) and turn.times.heard is None else None

    def end_untold(self) -> None:
        """Where a turn is over but for being stored: its end needs no telling any more."""
        if self._turn and self._turn.finished:
            self._turn.stopped = True

    def interrupt(self, heard: str, turn_id: str | None = None) -> str:
        """The client broke in, and says what had been heard; return that without thoughts.

        Where it says of which turn, and that is over, it comes too late and changes nothing.
        """
        known = {one.id for one in (self._turn, self._unsettled) if one}
        if turn_id is not None and turn_id not in known:
            return heard
        self.stop()
        return self.commit_interrupted(heard[: self.context.limits.max_reply_chars])

    def commit_interrupted(self, heard: str) -> str:
        """Remember of a stopped turn what was heard of it; return that without thoughts."""
        turn, self._unsettled = self._unsettled, None
        if turn is None or turn.times.heard is None:
            return heard
        logger.info("turn {}: interrupted; {}", turn.id, turn.story)
        return turn.interrupted(heard)

    def leave(self) -> bool:
        """Stop the running turn, whose conversation is left; return whether there was one.

        What was delivered of it is kept.
        """
        self.stop("left")
        turn, self._unsettled = self._unsettled, None
        if turn is not None:
            self._keep_delivered(turn)
        return turn is not None

    def discard(self) -> None:
        """Stop the running turn and keep nothing of it: its conversation is deleted."""
        self.stop("left")
        self._unsettled = None

    async def change(self, context: ServiceContext) -> ServiceContext:
        """Let another character answer from now on; return the one that goes.

        What waits is transcribed by the ears of the new one.
        """
        self.leave()
        self._stop_ahead()
        async with self._turn_lock:
            before, self.context = self.context, context
            for request in self._waiting:
                request.drop()
            return before

    def when_quiet(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do something once no turn is running, before another one begins."""
        self._start(self._quietly(work))

    async def _quietly(self, work: Callable[[], Awaitable[None]]) -> None:
        async with self._turn_lock:
            self.leave()  # what was heard of a stopped turn is kept
            await work()

    async def pause(self) -> None:
        """Wait until no turn is running."""
        async with self._turn_lock:
            return

    async def renew(
        self, context: ServiceContext, hand_over: Callable[[ServiceContext], Awaitable[None]]
    ) -> ServiceContext:
        """Let the character answer as it is now, once no turn is running; return what goes.

        `hand_over` tells the new one what was said so far, before anything else is. Where it fails,
        nothing has changed.
        """
        async with self._turn_lock:
            self.leave()  # what was heard of a stopped turn is kept
            await hand_over(self.context)
            self._stop_ahead()
            before, self.context = self.context, context
            for request in self._waiting:
                request.drop()
            return before

    def _keep_delivered(self, turn: Turn) -> None:
        if turn.shown:
            logger.info("turn {}: cut off; {}", turn.id, turn.story)
            turn.interrupted(turn.shown)
        else:
            turn.undo()

    def _drop_waiting(self) -> None:
        for request in self._waiting:
            request.drop()
        self._waiting.clear()
