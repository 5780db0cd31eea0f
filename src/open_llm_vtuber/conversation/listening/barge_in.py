"""Whether a voice over hers is an interruption: what is heard in, what becomes of her out; pure.

| while she speaks             | she                                       |
|------------------------------|-------------------------------------------|
| a voice begins               | is lowered                                |
| and goes on                  | pauses                                    |
| real words                   | stops; that is final                      |
| a pause in it without such   | goes on                                   |
| a second of it without such  | goes on                                   |
| her own words                | goes on; of voices alone she takes no     |
|                              | notice any more, only of words            |
| nothing of it is understood  | goes on, or where nobody understands it   |
|                              | while it is said, stops: it is long       |
| no more sound comes          | goes on; words may still stop her         |
| all of her was heard         | has nothing to lower; words are answered  |
"""

from __future__ import annotations

from enum import Enum
from typing import Literal

from ...protocol.extra import Lowering

PAUSE_FRAMES = 6
"""Voiced frames of a voice, those included in which it was noticed, that make her pause: 0.19 s."""
LONG_FRAMES = 22
"""Voiced frames, 0.7 s, that are no aside where nobody can be asked what was said."""
ALONE_FRAMES = 16
"""Of those so many, 0.5 s, must have been said while she paused: her own voice ends with her."""
FEW_ALONE_FRAMES = 12
"""With so few, 0.38 s, said while she paused, a voice may have ended with hers."""
UNASKED_FRAMES = 60
"""The same, 1.9 s, where somebody could have been asked and never was free."""
HARMLESS_FRAMES = 31
"""After so many, 1 s, without real words she goes on, whatever goes on beside her."""
MOST_HARMLESS = 2
"""So many voices that meant nothing, in one turn, and voices alone mean nothing in it."""


class Meaning(Enum):
    """What was said over her."""

    REAL = "real"
    """Something that is said to her."""
    UNCLEAR = "unclear"
    """Too little to know yet."""
    ASIDE = "aside"
    """That she is being listened to, laughter, or a sound without words."""
    ECHO = "echo"
    """Her own words."""


Action = Lowering | Literal["stop"]
"""What becomes of what she says."""


class BargeIn:
    """Belongs to one turn of hers. A voice is one utterance of who speaks over her."""

    def __init__(self, *, trusts: bool = True) -> None:
        """`trusts`: whether a voice alone lowers her. Not where it was her own the last time."""
        self._trusts = trusts
        self.knows_echo = not trusts
        """Whether her own voice came back, in this turn or the one before."""
        self.echoes = False
        """Whether it came back in this one."""
        self._lowered: Lowering | None = None
        self._doubts = self._speaks = self._asked = False
        self._frames = self._alone = self._harmless = self._awaited = 0
        self.stopped = False
        self._over = False

    @property
    def lowered(self) -> Lowering | None:
        """What she was told while she is; None while she speaks as ever."""
        return self._lowered

    @property
    def open(self) -> bool:
        """Whether words may still stop her."""
        return not (self.stopped or self._over)

    @property
    def suspects_echo(self) -> bool:
        """Whether the voice may well be her own."""
        return not self._trusts or self._alone <= FEW_ALONE_FRAMES

    def may_answer(self, meaning: Meaning) -> bool:
        """Whether what was said when she was over is an answer to her.

        Where her own voice comes back, or may, a sound without words is perhaps the rest of it.
        """
        return meaning is Meaning.REAL or (meaning is Meaning.ASIDE and self._trusts)

    def began(self) -> list[Action]:
        """A voice begins, or goes on after a pause."""
        self._speaks = True
        self._frames, self._alone, self._asked = 0, 0, False
        if not self.open:
            return []
        self._doubts = True
        return self._lower("duck") if self._trusts and self._lowered is None else []

    def went_on(self, *, askable: bool) -> list[Action]:
        """Another frame of it is voiced. `askable`: its words may be asked for meanwhile."""
        self._frames += 1
        if not (self.open and self._doubts and self._speaks):
            return []
        is_long = self._frames >= LONG_FRAMES and not askable
        if self._lowered == "pause":
            self._alone += 1
            enough = ALONE_FRAMES if is_long else UNASKED_FRAMES
            if self._alone < enough:
                return []
            return self._dismiss(Meaning.ASIDE) if self._asked else self._stop()
        if is_long or (self._lowered == "duck" and self._frames >= PAUSE_FRAMES):
            return self._lower("pause")
        return []

    def heard(self, meaning: Meaning) -> list[Action]:
        """So much was understood of the voice that goes on."""
        self._asked = True
        if not (self.open and self._speaks):
            return []
        if meaning is Meaning.REAL:
            return self._stop()
        if meaning is Meaning.ECHO or self._frames >= HARMLESS_FRAMES:
            return self._dismiss(meaning)
        return []

    def paused(self, meaning: Meaning) -> list[Action]:
        """This is all, if the pause that goes on is the end of it."""
        if not (self.open and self._speaks):
            return []
        return self._stop() if meaning is Meaning.REAL else self._dismiss(meaning)

    def ended(self) -> None:
        """The voice is over; what it said is awaited."""
        self._awaited += 1
        self._speaks = False

    def understood(self, meaning: Meaning) -> tuple[bool, list[Action]]:
        """Return whether the voice that is over is to be answered, and what becomes of her."""
        self._awaited = max(0, self._awaited - 1)
        if not self.open:  # what would be no interruption is an answer to her
            return self.may_answer(meaning), []
        if meaning is Meaning.REAL:
            return True, self._stop()
        return False, self._dismiss(meaning)

    def finished(self) -> list[Action]:
        """All of her was heard, or she was silenced by others."""
        if not self.open:
            return []
        self._over = True
        return self._lower(None)

    def stalled(self) -> list[Action]:
        """No sound comes any more, and nobody said that the voice is over."""
        self._doubts = False
        return self._lower(None) if self.open else []

    def left(self) -> list[Action]:
        """Nobody listens any more: what is doubted is not going to be known."""
        self._doubts = self._speaks = False
        self._awaited = 0
        return self._lower(None) if self.open else []

    def _dismiss(self, meaning: Meaning) -> list[Action]:
        """It was no interruption."""
        if meaning is Meaning.ECHO:
            self._trusts, self.knows_echo, self.echoes = False, True, True
        elif self._doubts:
            self._harmless += 1
            self._trusts = self._trusts and self._harmless < MOST_HARMLESS
        if self._speaks:
            self._doubts = False
        if self._awaited or (self._doubts and self._speaks):
            return []
        self._doubts = False
        return self._lower(None)

    def _stop(self) -> list[Action]:
        self.stopped, self._doubts, self._lowered = True, False, None
        return ["stop"]

    def _lower(self, to: Lowering | None) -> list[Action]:
        if to == self._lowered:
            return []
        self._lowered = to
        return [to or "resume"]
