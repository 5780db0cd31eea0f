"""What makes a character speak: what a person said, typed or showed, or something else."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from ..protocol.extra import ViewerMessage
from ..protocol.incoming_parts import Image
from .listening.utterance import Utterance
from .rewriting import Rewrite

TurnTrigger = Literal["person", "viewer", "proactive", "greeting", "group", "again"]
"""Why a character speaks: it was spoken to, by its person or by somebody in the audience of a
stream, of its own accord, because a conversation begins, because it is its turn in a group, or
because something is to be said again, answered anew or gone on with."""


def pictures_in(images: Iterable[Image]) -> tuple[str, ...]:
    """Return those that a model can be shown, as data URLs."""
    return tuple(one.data for one in images if one.data.startswith("data:image"))


@dataclass(frozen=True)
class Request:
    """What is to be answered."""

    said: str | Utterance
    images: tuple[Image, ...] = ()
    asked_for: bool = True
    """False when the server took the turn itself, or the page did after a silence: then it is no
    news to anyone that nothing is said."""
    trigger: TurnTrigger = "person"
    chat: ViewerMessage | None = None
    """The message of a viewer, where it came from a chat that this server reads."""
    rewrite: Rewrite | None = None
    """What of the conversation it is about, where that is not its end."""
    request_id: str | None = None
    """Of the message that asks for it, where it has one."""
    arrived: float = field(default_factory=time.perf_counter)
    """When the text came, or the decision that the person is done."""

    @property
    def proactive(self) -> bool:
        """Whether nobody said anything, and the character thinks of something to say."""
        return self.trigger == "proactive"

    @property
    def greeting(self) -> bool:
        """Whether it is what the character says first, word for word."""
        return self.trigger == "greeting"

    @property
    def viewer(self) -> bool:
        """Whether somebody in the audience of a stream said it."""
        return self.trigger == "viewer"

    @property
    def pictures(self) -> tuple[str, ...]:
        """The images that a model can be shown, as data URLs."""
        return pictures_in(self.images)

    @property
    def shows(self) -> bool:
        """Whether the person chose a picture for it; camera and screen go with anything."""
        return any(one.source in ("upload", "clipboard") for one in self.images)

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
        """Stop transcriptions: nobody will use them, or another engine will make them."""
        if isinstance(self.said, Utterance):
            self.said.drop()
