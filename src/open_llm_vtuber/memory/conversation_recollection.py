"""What a conversation is told of earlier ones: when it begins, and what words bring to mind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime

import anyio
from loguru import logger

from ..engines.errors import EngineError
from ..history.errors import HistoryError
from .asking import Wish, wish
from .meant import meant
from .moments import now_line, since_line
from .name_asking import whose_name
from .note import fact_line, hers_line, names_line, recalled_line, theirs_line
from .ranking import ranked
from .records import Fact, Owner, QuestionVector
from .store import MemoryStore
from .terms import terms

MOST_FACTS = 12
"""A conversation begins with so many: each is read by the model before the first answer."""
MOST_CHARS = 900
"""Of them, and of what words bring to mind."""
PATIENCE_S = 0.15
"""So long words are waited for to bring something to mind; then the answer does without."""

MOST_FOUND = 6
"""By words, and by meaning, where the model looks something up itself."""

Embed = Callable[[str], Awaitable[QuestionVector | None]]
"""Returns the vector of a question; None where none is made. Raises EngineError."""


class ConversationRecollection:
    """A Recollection over what is stored. Belongs to one conversation.

    Whoever speaks, where she is, and what is open may change: that is asked for each time.
    """

    def __init__(
        self,
        memories: MemoryStore,
        owner: Callable[[], Owner],
        history_uid: Callable[[], str | None],
        embed: Embed,
        *,
        character: str,
        chinese: bool,
        clock: Callable[[], datetime] = datetime.now,
    ) -> None:
        """`character` is what she is called.

        `chinese` says in which language the day is told; what was said is told in its own.
        """
        self._memories = memories
        self._owner = owner
        self._history_uid = history_uid
        self._embed = embed
        self._character = character
        self._chinese = chinese
        self._clock = clock
        self.acquainted = False
        self._words, self._reminder = "", ""
        """What was asked for last, and what it brought to mind."""
        self._openings = 0

    async def opening(self) -> str:
        """Return the day and time, when one last spoke, and what is known of the person."""
        now, owner, zh = self._clock(), self._owner(), self._chinese
        self._words = self._reminder = ""
        self._openings += 1
        lines = [now_line(now, chinese=zh)]
        try:
            last = await self._memories.last_spoke(owner, self._history_uid())
            self.acquainted = last is not None
            lines.append(since_line(last, now, chinese=zh))
            facts = await self._memories.facts(owner)
            with anyio.move_on_after(PATIENCE_S):  # a large memory goes on being read
                await self._memories.warm(owner)
        except HistoryError as error:
            logger.warning("nothing is remembered for now: {}", error)
            facts = []
        if owner.person:
            lines.append(names_line(self._character, owner.person, chinese=zh))
        lines += _bounded(fact_line(fact, now.date()) for fact in facts[:MOST_FACTS])
        return _in_brackets(lines, zh)

    async def recall(self, words: str, in_prompt: int) -> str:
        """Return what `words` bring to mind of what was said before, or "" where that takes long.

        Of this conversation the last `in_prompt` messages are left out. Words that ask for a name
        bring that to mind.
        """
        if line := self._name_asked(words):
            return _in_brackets([line], self._chinese)
        plain = words.strip(" .?!,…。？！，").casefold()
        if plain == self._words:
            return self._reminder
        opened = self._openings
        with anyio.move_on_after(PATIENCE_S):
            reminder = self._told(await self._found(words, in_prompt))
            if opened == self._openings:  # else it may be of before something was forgotten
                self._words, self._reminder = plain, reminder
        return self._reminder if plain == self._words else ""

    async def look_up(self, about: str) -> str:
        """Return what was said about something, a line each, in any conversation.

        Raises HistoryError.
        """
        owner, today = self._owner(), self._clock().date()
        vector = await self._vector(about)
        found = await self._memories.candidates(owner, about, vector, not_in=None)
        known = await asyncio.to_thread(_sharing, found.facts, about)
        best = [*found.by_vectors[:MOST_FOUND], *found.by_words[:MOST_FOUND]]
        lines = [fact_line(one, today) for one in known[:MOST_FOUND]]
        lines += [recalled_line(one, today) for one in best]
        return "\n".join(_bounded(dict.fromkeys(lines)))

    def _name_asked(self, words: str) -> str:
        """Return the name that words ask for, as a sentence; "" where they do not, or none knows.

        Small models take the name that stood last for the one that is asked for.
        """
        whose, person = whose_name(words), self._owner().person
        if whose == "hers" and self._character:
            return hers_line(self._character, chinese=self._chinese)
        if whose == "theirs" and person:
            return theirs_line(person, chinese=self._chinese)
        return ""

    async def _found(self, words: str, in_prompt: int) -> list[str]:
        """Return a line for each fact that the words are about, and for what else they recall."""
        if wish(words) < Wish.OWN:  # most turns are not held up at all
            return []
        owner, uid, now = self._owner(), self._history_uid(), self._clock()
        try:
            vector = await self._vector(words)
            candidates = await self._memories.candidates(
                owner, words, vector, not_in=uid, not_last=in_prompt
            )
        except HistoryError as error:
            logger.warning("nothing is remembered for now: {}", error)
            return []
        about, ranking = await asyncio.to_thread(
            lambda: (meant(candidates.facts, words), ranked(candidates, words, now))
        )
        told = {fact.message_id for fact in about}
        recalled = [one for one in ranking if one.message_id not in told]
        lines = [fact_line(one, now.date()) for one in about]
        return lines + [recalled_line(one, now.date()) for one in recalled]

    async def _vector(self, words: str) -> QuestionVector | None:
        try:
            return await self._embed(words)
        except EngineError as error:
            logger.debug("words alone bring things to mind: {}", error)
            return None

    def _told(self, lines: Sequence[str]) -> str:
        if not lines:
            return ""
        zh = self._chinese
        return _in_brackets(["你记得：" if zh else "You remember:", *_bounded(lines)], zh)


def _sharing(facts: Sequence[Fact], about: str) -> list[Fact]:
    """Return the facts that have a word of `about`."""
    asked = set(terms(about))
    return [one for one in facts if not asked.isdisjoint(terms(one.text))]


def _bounded(lines: Iterable[str]) -> list[str]:
    """Return the first of some lines, as many as there is room for."""
    kept: list[str] = []
    room = MOST_CHARS
    for line in lines:
        room -= len(line)
        if room < 0 and kept:
            break
        kept.append(line)
    return kept


def _in_brackets(lines: Sequence[str], chinese: bool) -> str:
    """Return what nobody says, so that it is told from what somebody does."""
    text = "\n".join(lines)
    return f"（{text}）" if chinese else f"({text})"
