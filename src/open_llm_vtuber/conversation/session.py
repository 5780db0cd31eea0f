"""One client: receives its messages and has each done by who is there for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from loguru import logger

from ..closing import close_each
from ..faults import FaultError
from ..protocol import incoming as recv
from ..protocol import outgoing as send
from ..protocol.extensions import Extension
from ..protocol.extra import ExtensionsEnabled
from ..protocol.incoming_parts import Identified
from ..protocol.incoming_settings import AboutSettings, ToolPermissionAnswer, ToolQuestionPlayed
from ..protocol.message_actions import AboutMessage, DeleteMessage
from ..protocol.presence import AnswerGroupInvitation, SetGroupName, TellActivity
from .barge_in_control import ClientBargeInControl
from .character_change import CharacterChange
from .context import ServiceContext
from .extensions import Extensions
from .going_on import GoingOn
from .groups.groups import Group
from .groups.presence import Presence
from .introduction import DEFAULT_FILE, NOT_FIRST, Introduction
from .library import LASTING, LEADS_ELSEWHERE, Library
from .listening.hearing import Hearing
from .listening.utterance import Utterance
from .loading_report import LoadingReport
from .message_actions import MessageActions
from .outbox import ClientGoneError, Outbox
from .requests import Requests
from .services import ServerServices
from .settings import Settings
from .tasks import Tasks
from .tool_questions import Addressed
from .turn_limits import TooManyWaitingError, no_room, too_much_sound
from .turn_queue import Turns
from .turn_request import Request, TurnTrigger
from .understanding import Understanding
from .viewers import ClientResponder

LITTLE_BYTES = 2 * 2**20
"""What a client may hold however much others do: half a minute of speech, or a picture."""


class Session:
    """Lives as long as its client, over whatever connections."""

    def __init__(
        self,
        context: ServiceContext,
        outbox: Outbox,
        services: ServerServices,
        *,
        may_configure: bool = False,
        may_resume: bool = False,
        noted: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """`may_configure`: the server's settings; `may_resume`: after its connection is lost."""
        self.uid = context.client_uid
        self.presence = Presence()
        self._extensions = Extensions(outbox, may_configure=may_configure, may_resume=may_resume)
        self._extensions.noted = noted
        self._questions = self._extensions.questions
        self._tasks = Tasks(outbox)
        told = (services.groups.answering, services.watch)
        self.turns = Turns(context, outbox, self._extensions, self._tasks.start, *told)
        limits = context.limits
        bounds = (limits.max_queued_requests, limits.max_queued_turns_bytes)
        self._requests = Requests(*bounds, self._tasks.start)
        self._choices = Requests(*bounds, self._tasks.start)  # a model may take its time to load
        self._library = Library(self.turns, self._extensions, services)
        self._message_actions = MessageActions(
            self.turns,
            outbox,
            self._extensions,
            self._library,
            services,
            self._group,
            self.may_hold,
        )
        self._outbox = outbox
        self._services = services
        self._barge_in = ClientBargeInControl(self.turns, self._extensions, self._group, self.post)
        self._hearing = Hearing(context, self, self._barge_in, self._extensions, self._tasks.start)
        self._understanding = Understanding(self.turns, outbox, self._extensions, self._tasks.start)
        self._responder = ClientResponder(self.turns, self._extensions, self._group, self._is_busy)
        self._loading = LoadingReport(services, self._extensions, outbox.send, self._tasks.start)
        self._introduction = Introduction(self.turns, outbox, self._extensions, self._loading)
        self._settings = Settings(services.reconfiguration, self._introduction, self._extensions)
        self._change = CharacterChange(
            lambda file: services.character(file, self.uid),
            self.turns,
            self._hearing,
            self._introduction,
            self._loading,
            self._extensions,
            outbox,
            services.history,
            lambda: services.groups.renamed(self),
        )

    @property
    def context(self) -> ServiceContext:
        """The character that this client talks with."""
        return self.turns.context

    @property
    def held_bytes(self) -> int:
        """How much memory is taken by what this client said and showed, until it is answered."""
        said = self._understanding.size_bytes + self._hearing.held_bytes
        return said + self.turns.held_bytes

    def has(self, extension: Extension) -> bool:
        """Whether the client asked for an extension."""
        return extension in self._extensions

    def post(self, message: send.Outgoing | str, turn: str = "") -> None:
        """Send what somebody else has caused, without waiting."""
        self._outbox.post(message, turn)

    def discard(self, turn: str) -> None:
        """Take back what waits to be sent of somebody's turn."""
        self._outbox.discard(turn)

    def renew(self) -> None:
        """Have the character as its files say now, once nothing is being said."""
        self._change.renew_soon(self._tasks.start, partial(self._request, changes=True, ours=True))

    def cut_off(self) -> None:
        """End the turn that is running, and keep nothing of it: its conversation is deleted."""
        self._barge_in.cut_off()

    def retell(self, *, shows: bool) -> None:
        """Have known what is stored now, once nothing is said; `shows`: by the client, too."""
        self.turns.when_quiet(partial(self._library.retell, shows=shows))

    async def open(self) -> None:
        """Greet the client as documented, and be there for it from now on."""
        await self._introduction.greet(self.uid)
        self.begin()

    def begin(self) -> None:
        """Be there for a client that has been greeted."""
        self._services.groups.arrive(self)
        self._services.responders.add(self._responder)
        self._tasks.start(self.turns.serve())
        self._loading.begin(self.context)

    @property
    def unheard(self) -> bool:
        """Whether the words of a message that has come are not known yet."""
        return bool(self._understanding.unheard or self.turns.unheard)

    def going_on(self) -> GoingOn:
        """Return what another process needs to know to go on with it."""
        return GoingOn(
            uid=self.uid,
            file=self._introduction.file,
            history_uid=self.context.memory.history.uid,
            extensions=self._extensions.names,
            said_hello=self._extensions.said_hello,
            name=self.presence.name,
            person=self.context.memory.history.person,
            stream=self._hearing.stream_options,
        )

    async def take_up(self, going: GoingOn) -> None:
        """Have the character and the conversation of a session that another process had.

        Nothing is told. Raises ConfigError, HistoryError.
        """
        self._extensions.said_hello = going.said_hello
        self._extensions.enable(going.extensions)
        self.presence.name = going.name
        await self._change.begin_with(going.file)
        memory, conf_uid = self.context.memory, self.context.character.conf_uid
        memory.history.person = going.person
        if uid := going.history_uid:
            memory.resume(uid, await self._services.history.branch(conf_uid, uid))
        if going.stream:
            self._hearing.open(going.stream)

    async def open_as_asked(self, frame: str) -> bool:
        """Greet a client as its first message asks, if that is a `hello`; return whether it is."""
        try:
            hello = recv.parse(frame)
        except recv.ProtocolError:
            return False  # as is told when it is handled
        if not isinstance(hello, recv.Hello):
            return False
        self._extensions.said_hello = True
        enabled = self._extensions.enable(hello.extensions)
        await self._outbox.send(ExtensionsEnabled(extensions=enabled))
        file = hello.file or DEFAULT_FILE
        begin = partial(self._change.begin_with, file)
        known = file == DEFAULT_FILE or await self._told(begin, hello)
        await self.open()
        await self._introduction.warn()
        if (uid := hello.history_uid) and known:
            wish = recv.FetchAndSetHistory(history_uid=uid, request_id=hello.request_id)
            if await self._told(partial(self._reply, wish), hello):
                return True
        await self._told(partial(self._reply, recv.CreateNewHistory()))
        return True

    async def close(self) -> None:
        """Stop everything that belongs to this client and give its engines back.

        Of an answer that is cut off by this, what was delivered is kept.
        """
        await close_each(
            {
                "the answer": self.turns.leave,
                "the responders": lambda: self._services.responders.remove(self._responder),
                "the place in a group": lambda: self._services.groups.leave(self),
                "the microphone": self._hearing.close,
                "the tasks": self._tasks.close,
                "the turns": self.turns.close,
                "the outbox": self._outbox.close,
                "the requests": self._requests.close,
                "what was deleted": self._message_actions.close,
                "the memory": lambda: self.context.memory.close(),
                "the context": lambda: self.context.close(),
            }
        )

    async def receive(self, frame: str | bytes) -> None:
        """Handle one frame: text is a message, bytes are sound of the hands-free stream.

        What is wrong with it is told to the client, and nobody else notices.
        """
        if isinstance(frame, bytes):
            await self._told(lambda: self._hearing.stream(frame))
            return
        try:
            message = recv.parse(frame)
        except recv.ProtocolError as error:
            await self.complain(error)
        else:
            await self._told(partial(self._handle, message, len(frame)), message)

    async def _told(
        self, handle: Callable[[], Awaitable[None]], message: recv.AnyIncoming | None = None
    ) -> bool:
        """Do something for the client, as a `message` asks, and tell it what is wrong with that.

        Returns whether it was done.
        """
        try:
            await handle()
        except ClientGoneError:
            raise
        except FaultError as error:
            await self.complain(error, message)
            if isinstance(error, TooManyWaitingError):
                await self._extensions.show_partial("")
        except Exception:  # noqa: BLE001 - one message fails; the connection goes on
            logger.exception("a message could not be handled")
            failed = FaultError("This message failed inside the server; its log says more.")
            await self.complain(failed, message)
        else:
            return True
        return False

    async def _handle(self, message: recv.AnyIncoming, size_bytes: int) -> None:
        match message:
            case recv.MicAudioData(audio=pcm):
                await self._hearing.record(pcm)
            case recv.RawAudioData(audio=pcm):
                await self._hearing.listen(pcm)
            case recv.MicAudioEnd(images=images):
                self._ask(Request(self._hearing.take_recording(), tuple(images)))
            case recv.TextInput(text=text, images=images, viewer=viewer, request_id=request_id):
                trigger: TurnTrigger = "viewer" if viewer else "person"
                asked = Request(text, tuple(images), trigger=trigger, request_id=request_id)
                self._ask(asked)
            case recv.AISpeakSignal(images=images, idle_time=idle_s):
                prompt, asked_for = self.context.prompts.proactive(), idle_s is None or idle_s < 0
                self._ask(Request(prompt, tuple(images), asked_for, "proactive"))
            case recv.InterruptSignal(text=heard, turn=turn_id):
                self._interrupt(heard, turn_id)
                if not self._hearing.speaks:
                    await self._extensions.show_partial("")
            case recv.FrontendPlaybackComplete(turn=turn_id):
                self.turns.played(turn_id)
                self._hearing.heard_out()
                if (group := self._group()) and group.talk:
                    group.talk.played(self, turn_id)
            case recv.AudioPlayStart(display_text=text):
                if text is not None:
                    self._services.groups.forward(self, text)
            case recv.MicStreamStart():
                self._hearing.open(message)
            case recv.MicStreamStop():
                await self._hearing.finish()
            case recv.AddClientToGroup(invitee_uid=uid):
                self._services.groups.add(self, uid)
            case recv.RemoveClientFromGroup(target_uid=uid):
                self._services.groups.remove(self, uid)
            case recv.SwitchConfig():
                self._request(partial(self._change.answer, message), message, changes=True)
            case recv.EnableExtensions(extensions=names):
                await self._introduction.enable(names)
            case recv.Hello() | recv.Resume():
                raise recv.ProtocolError(NOT_FIRST)
            case recv.Received():
                return  # nothing is kept for who has not the extension
            case recv.RequestInitConfig():
                await self._introduction.show_character(self.uid)
            case SetGroupName(name=name):
                self._services.groups.call(self, name)
            case TellActivity(activity=activity):
                self._services.groups.does(self, activity)
            case AnswerGroupInvitation(id=invitation, accept=accept):
                self._services.groups.invitations.answer(self, invitation, accept=accept)
            case recv.RequestGroupInfo():
                await self._outbox.send(self._services.groups.update(self.uid))
            case ToolPermissionAnswer(id=question, allow=allow, remember=remember):
                self._questions.answer(question, allow=allow, remember=remember)
            case ToolQuestionPlayed(id=asked):
                self._questions.played(asked)
            case recv.Heartbeat():
                await self._outbox.send(send.HeartbeatAck())
            case AboutMessage():
                self._request(
                    partial(self._message_actions.take, message),
                    message,
                    size_bytes=size_bytes,
                    changes=True,
                    lasting=isinstance(message, DeleteMessage),
                )
            case AboutSettings():
                told = partial(self._told, partial(self._settings.answer, message), message)
                self._choices.add(told)
            case _:
                changes = isinstance(message, LEADS_ELSEWHERE)
                self._request(
                    partial(self._reply, message),
                    message,
                    size_bytes=size_bytes,
                    changes=changes,
                    lasting=isinstance(message, LASTING),
                )

    def _is_busy(self) -> bool:
        return self._hearing.speaks or self._requests.changing or self._understanding.is_busy

    def _request(
        self,
        work: Callable[[], Awaitable[None]],
        message: recv.AnyIncoming | None = None,
        *,
        size_bytes: int = 0,
        changes: bool,
        lasting: bool = False,
        ours: bool = False,
    ) -> None:
        """Have something done after the requests that wait. Raises TooManyWaitingError."""
        told = partial(self._told, work, message)
        self._requests.add(told, size_bytes=size_bytes, changes=changes, lasting=lasting, ours=ours)

    async def _reply(self, message: recv.AnyIncoming) -> None:
        await self._outbox.send(await self._library.answer(message))
        if isinstance(message, recv.CreateNewHistory):
            self._greet()

    def _greet(self) -> None:
        """Have the character say what a conversation begins with, if anything; not in a group."""
        context = self.context
        greeting = context.prompts.greeting(context.character, context.owner.person)
        if greeting and self._group() is None:
            self.turns.ask(Request(greeting, asked_for=False, trigger="greeting"))

    # Hearing

    def barge_in(self, *, stop: bool) -> Utterance | None:
        """Break in, as the barge-in's control does.

        Who may be answering a question stops nothing before that is understood.
        """
        self._services.groups.does(self, "talking")
        return None if self._questions.begins_to_speak() else self._barge_in.break_in(stop=stop)

    @property
    def ahead(self) -> Turns | None:
        """Who gets an answer ready before it is certain what was said; nobody does in a group."""
        return self.turns if self._group() is None else None

    def said(self, utterance: Utterance) -> None:
        """Answer an utterance. Raises TooManyWaitingError."""
        self._services.groups.does(self, "none")
        self._ask(Request(utterance, asked_for=False))

    def recorded(self) -> None:
        """Have the client say when the recording is answered, and what is to be seen with it."""
        self._services.groups.does(self, "none")
        self.post(send.Control(text="mic-audio-end"))

    async def complain(self, error: FaultError, message: recv.AnyIncoming | None = None) -> None:
        """Tell the client what is wrong with its sound, or with a message of it."""
        about = message.type if message else ""
        request_id = message.request_id if isinstance(message, Identified) else None
        if isinstance(error, recv.ProtocolError) and message is None:
            request_id = error.request_id
        await self._outbox.send(send.Error.of(error, about, request_id))

    def may_hold(self, more_bytes: int) -> bool:
        """Whether so many bytes more are little, or fit in with what all clients hold."""
        if self.held_bytes + more_bytes <= LITTLE_BYTES:
            return True
        most = self.context.limits.max_held_bytes
        return self._services.groups.held_bytes() + more_bytes <= most

    # Talking

    def _group(self) -> Group | None:
        return self._services.groups.of(self.uid)

    def _ask(self, request: Request) -> None:
        """Have a request answered, by who is there and in the conversation that is open then.

        Raises TooManyWaitingError.
        """
        if request.images and not self.may_hold(request.images_bytes):
            request.drop()
            raise no_room(self.context.limits)
        waiting = [*self._understanding.unheard, *self.turns.unheard]
        if full := too_much_sound(request, waiting, self.context.limits):
            request.drop()
            raise full
        if not self._requests.changing:
            self._begin(request)
            return

        async def begin() -> None:
            self._begin(request)

        request.drop()  # who answers it may have other ears
        self._request(begin, size_bytes=request.size_bytes, changes=True)

    def _begin(self, request: Request) -> None:
        if request.viewer and self._group():  # whose members may use tools
            raise recv.ProtocolError("In a group nobody answers what viewers say.")
        addressed = None
        if request.trigger == "person":
            spoken = isinstance(request.said, Utterance)
            addressed = self._questions.addressed(spoken=spoken)
        if self._group() is None and addressed is None:
            self.turns.ask(request)
            return
        self._understanding.add(request, partial(self._understood, request, addressed))

    def _understood(self, request: Request, addressed: Addressed | None, text: str) -> None:
        """Take a message that is for the group, unless it answers a question.

        If it does not, it breaks into the turn that asked.
        """
        group = self._group()
        if addressed:
            if not request.shows and self._questions.answered_by(addressed, text):
                return
            self._make_way(group)
        if group is None:
            asked = Request(
                text, request.images, trigger=request.trigger, request_id=request.request_id
            )
            self.turns.ask(asked)
        elif request.trigger == "proactive":
            self._services.groups.talk(group).prompt(self, text, request.images)
        else:
            self._services.groups.talk(group).say(self, text, request.images)

    def _make_way(self, group: Group | None) -> None:
        """Break into what goes on: something else is to be answered."""
        if group is None:
            self._barge_in.break_in()
        else:
            self._interrupt(turn.shown if (turn := self.turns.running) else "", None)

    def _interrupt(self, heard: str, turn_id: str | None) -> None:
        group = self._group()
        if group and group.talk and not group.talk.finished:
            group.talk.interrupt(heard[: self.context.limits.max_reply_chars], turn_id)
        else:
            self.turns.interrupt(heard, turn_id)
