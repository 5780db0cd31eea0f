"""Conversations whose memory is looked at, with rules and an embedding small enough to foretell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from open_llm_vtuber.history.store import HistoryStore
from open_llm_vtuber.memory.keeper import Draw, MemoryKeeper
from open_llm_vtuber.memory.records import Candidates, DrawnFact, Fact, Owner, QuestionVector
from open_llm_vtuber.memory.store import MemoryStore
from open_llm_vtuber.protocol.outgoing import HistoryMessage

CONF = "wren_001"
OWNER = Owner(CONF)
RULES = (
    (re.compile(r"I (?:live in|moved to) \w+"), "home"),
    (re.compile(r"My cat is called \w+"), "cat/name"),
    (re.compile(r"I like \w+"), ""),
    (re.compile(r"My exam is tomorrow"), "exam"),
)


def draw(text: str, said_at: datetime) -> list[DrawnFact]:
    """Return the sentences that a rule knows."""
    return [
        DrawnFact(
            found.group(),
            "life",
            slot,
            (said_at + timedelta(days=1)).date() if "tomorrow" in found.group() else None,
        )
        for rule, slot in RULES
        for found in rule.finditer(text)
    ]


class WordEmbedder:
    """Texts are alike as far as they have words in common."""

    def __init__(self, space: str = "words", dimensions: int = 384) -> None:
        self.space = space
        self.dimensions = dimensions
        self.asked: list[str] = []

    async def embed(self, texts: Sequence[str], *, query: bool) -> NDArray[np.float32]:
        self.asked += texts
        return np.array([self.vector(text) for text in texts], np.float32)

    def question(self, text: str) -> QuestionVector:
        return QuestionVector(self.space, self.vector(text))

    def vector(self, text: str) -> NDArray[np.float32]:
        common = np.random.default_rng(0).normal(size=self.dimensions)
        words = re.findall(r"\w+", text.lower())
        rows = [np.random.default_rng(crc32(word.encode())).normal(size=self.dimensions)
                for word in words]  # fmt: skip
        whole = np.sum([2 * common, *rows], axis=0)
        made: NDArray[np.float32] = whole / np.linalg.norm(whole)
        return made.astype(np.float32)


def said(
    text: str,
    role: Literal["human", "ai", "system"] = "human",
    at: str = "2026-05-03T10:00:00",
    *,
    other: bool | None = None,
) -> HistoryMessage:
    name = "Ann" if role == "human" else "Wren"
    return HistoryMessage(role=role, timestamp=at, content=text, name=name, other=other)


class Scene:
    """A history with its memory and keeper."""

    def __init__(self, history: HistoryStore, memory: MemoryStore, draw: Draw = draw) -> None:
        self.history = history
        self.memory = memory
        self._draw = draw
        self.embedder = WordEmbedder()
        self.keeper = self.new_keeper()

    def new_keeper(self) -> MemoryKeeper:
        return MemoryKeeper(
            self.history, self.memory, self._draw, lambda: self.embedder, lambda: False
        )

    async def say(self, uid: str, *messages: HistoryMessage | str, person: str = "") -> None:
        """Store what was said, and index it."""
        all_said = [said(one) if isinstance(one, str) else one for one in messages]
        await self.history.append(CONF, uid, all_said, person=person)
        await self.keeper.settled()

    async def facts(self, owner: Owner = OWNER) -> list[str]:
        return [fact.text for fact in await self.memory.facts(owner)]

    async def fact(self, text: str, owner: Owner = OWNER) -> Fact:
        (found,) = [fact for fact in await self.memory.facts(owner) if fact.text == text]
        return found

    async def ask(
        self,
        question: str,
        owner: Owner = OWNER,
        *,
        not_in: str | None = None,
        not_last: int | None = None,
    ) -> Candidates:
        vector = self.embedder.question(question)
        return await self.memory.candidates(
            owner, question, vector, not_in=not_in, not_last=not_last
        )

    async def by_words(self, question: str, owner: Owner = OWNER) -> list[str]:
        return [one.text for one in (await self.ask(question, owner)).by_words]

    async def messages(self, uid: str) -> list[str]:
        return [one.content for one in await self.history.messages(CONF, uid)]
