"""Who looks on, such as an overlay: is sent what one client is sent of her, and nothing private."""

from __future__ import annotations

from collections.abc import Callable

import orjson
from loguru import logger

from ..protocol.frames import Frame, ProtocolError, kind_of, read_frame
from ..protocol.outgoing import Interrupted, SetModelAndConf
from .outbox import Outbox

SHOWN = frozenset(
    {
        *("set-model-and-conf", "control", "audio", "speech-words", "playback-control"),
        *("interrupt-signal", "force-new-message", "viewer-message", "backend-synth-complete"),
    }
)
"""What those who look on are sent. What the person says, and what is stored, is none of it."""

_CONTROLS = ("conversation-chain-start", "conversation-chain-end", "interrupt")
_STOPS = frozenset({"new-history-created", "history-data", "config-switched"})
"""Messages that end a running turn, whose end is then not told."""
_INTERRUPT = "interrupt-signal"


class Stage:
    """What others may see of one client's conversation. Lives as long as that client."""

    def __init__(self, spectators: Spectators) -> None:
        self._spectators = spectators
        self.character: str | None = None
        """The message that says who is talked with."""
        self.turn: str | None = None
        """The message with which the turn began that goes on."""
        self.has_talked = False

    def sent(self, frame: Frame) -> None:
        """Take notice of what the client was sent."""
        if isinstance(frame, bytes):
            self._spectators.show(self, frame)
            return
        kind = kind_of(frame)
        if kind in _STOPS:
            self._stop()
        if kind not in SHOWN:
            return
        if kind == "set-model-and-conf":
            frame = self.character = _without_uid(frame)
        elif kind == "control":
            text = orjson.loads(frame)["text"]
            if text not in _CONTROLS:
                return
            begins = text == "conversation-chain-start"
            self.turn = frame if begins else None
            if begins and not self.has_talked:
                self.has_talked = True
                if self._spectators.began(self):
                    return  # that was told with all else
        self._spectators.show(self, frame)

    def received(self, frame: Frame) -> None:
        """Take notice of what the client has sent, after it was handled: an interrupt is no answer.

        One that means an earlier turn does nothing to this one.
        """
        if self.turn is None or isinstance(frame, bytes) or _INTERRUPT not in frame:
            return
        try:
            message = read_frame(frame)
        except ProtocolError:
            return
        if not isinstance(message, dict) or message.get("type") != _INTERRUPT:
            return
        running, meant = orjson.loads(self.turn).get("turn"), message.get("turn")
        if not (running and meant) or running == meant:
            self._stop()

    def close(self) -> None:
        """The client has gone."""
        self._stop()
        self._spectators.end(self)

    def _stop(self) -> None:
        if self.turn is not None:
            self.turn = None
            self._spectators.show(self, Interrupted().frame())


class Spectators:
    """Belongs to one server.

    They look on at the first conversation in which something is said, for as long as its client is
    there: another page that is opened, on a phone perhaps, does not take her off the stream.
    """

    def __init__(self, default: Callable[[], SetModelAndConf | None], most: int) -> None:
        """`default` is shown while nobody is connected; there are `most` at once."""
        self._default = default
        self._most = most
        self._stages: list[Stage] = []
        self._followed: Stage | None = None
        self._outboxes: list[Outbox] = []

    @property
    def number(self) -> int:
        """How many look on."""
        return len(self._outboxes)

    def enter(self, outbox: Outbox) -> bool:
        """Let one look on; False when there are too many."""
        if len(self._outboxes) >= self._most:
            return False
        self._outboxes.append(outbox)
        logger.info("/watch-ws: {} look on", len(self._outboxes))
        if self._followed and self._followed.character:
            for frame in _known(self._followed):
                outbox.post(frame)
        elif (character := self._default()) is not None:
            outbox.post(character)
        return True

    def leave(self, outbox: Outbox) -> None:
        """One looks on no longer."""
        self._outboxes.remove(outbox)

    def open(self) -> Stage:
        """Return what is to be told of one more client."""
        stage = Stage(self)
        self._stages.append(stage)
        self._followed = self._followed or stage
        return stage

    def end(self, stage: Stage) -> None:
        """A client has gone."""
        self._stages.remove(stage)
        if stage is self._followed:
            others = [*(one for one in self._stages if one.has_talked), *self._stages]
            self._follow(others[0] if others else None)

    def began(self, stage: Stage) -> bool:
        """Something is said for the first time; return whether that is looked at from now on."""
        if stage is self._followed or (self._followed and self._followed.has_talked):
            return False
        self._follow(stage)
        return True

    def show(self, stage: Stage, frame: Frame) -> None:
        """Show a message, or sound, of a client to those who look on, if they look at that."""
        if stage is self._followed:
            for outbox in list(self._outboxes):
                outbox.post(frame)

    def _follow(self, stage: Stage | None) -> None:
        self._followed = stage
        if stage:
            for frame in _known(stage):
                self.show(stage, frame)


def _known(stage: Stage) -> list[str]:
    return [frame for frame in (stage.character, stage.turn) if frame]


def _without_uid(frame: str) -> str:
    """Return who is talked with, without the id by which the client is invited into groups."""
    message = orjson.loads(frame)
    message.pop("client_uid", None)
    return orjson.dumps(message).decode()
