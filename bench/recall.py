"""How often what is asked for stands before the character, how often something else, and the cost.

`uv run python -m bench.recall [en|zh] [--stored N] [--words] [--why]`. A talk of 1,000 turns is
held in conversations of 25, each stored and indexed by the server's own keeper before the next
begins; at each turn is recalled what would be. 60 things are told, each asked for once, 30 to 900
turns later in other words, and four that are replaced in between; the rest asks for nothing that
was told, so that anything recalled there is wrong. Right is a message that holds what was told (the
later one, where it was replaced), or "with facts" the fact that was drawn from it; wrong is any
other message or fact that is brought, her own words included. `--stored` puts so many messages of
older talk before it; `--words` leaves out the embedding; `--why` tells what became of what was
asked for and not found.

What is told and asked was written before anything was measured. The numbers of the ranking were
chosen by every second one; the others are held out. CPU is of the whole process, from the person's
words to what is recalled.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

import numpy as np

from bench.recall_talk import Language, Told, Turn, older, told_plainly, turns
from open_llm_vtuber.engines.embedding.base import Vectors
from open_llm_vtuber.engines.embedding.multilingual_e5 import MultilingualE5, MultilingualE5Config
from open_llm_vtuber.history.store import HistoryStore
from open_llm_vtuber.memory.asking import Wish, told_parts, wish
from open_llm_vtuber.memory.drawing import draw
from open_llm_vtuber.memory.keeper import MAX_PARTS, MemoryKeeper
from open_llm_vtuber.memory.meant import meant
from open_llm_vtuber.memory.ranking import ranked
from open_llm_vtuber.memory.records import Candidates, Fact, Owner, QuestionVector, Recalled
from open_llm_vtuber.memory.store import MemoryStore
from open_llm_vtuber.protocol.outgoing import HistoryMessage
from open_llm_vtuber.weights.store import WeightStore
from tests.support.live import PROJECT

OWNER = Owner("bench")
TURNS_EACH = 25
"""Of one conversation."""
BEGIN = datetime(2026, 3, 2, 19)  # noqa: DTZ001 - local time, as conversations are stored


class OnceEmbedder:
    """Embeds a text once that is said again and again, as generated talk is."""

    def __init__(self, engine: MultilingualE5) -> None:
        self.engine = engine
        self._known: dict[str, Vectors] = {}

    @property
    def space(self) -> str:
        """The model."""
        return self.engine.space

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """Return the vectors of texts that are to be found."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        made = await self.engine.embed(new, query=query)
        self._known.update(zip(new, made, strict=True))
        return np.stack([self._known[text] for text in texts])


@dataclass(frozen=True)
class Brought:
    """What is put before the character for what a person says, and what else was found."""

    recalled: list[Recalled]
    facts: list[Fact]
    candidates: Candidates

    def has(self, right: str, *, facts: bool = False) -> bool:
        """Tell whether what is right is among the messages, or with `facts` among these too."""
        if any(right in one.text for one in self.recalled):
            return True
        return facts and any(fact.text in right for fact in self.facts)

    def has_else(self, right: str) -> bool:
        """Tell whether there is anything else."""
        if any(right not in one.text for one in self.recalled):
            return True
        return any(fact.text not in right for fact in self.facts)

    @property
    def anything(self) -> bool:
        """Whether anything is put before her."""
        return bool(self.recalled or self.facts)


@dataclass
class Figures:
    """What came of the turns."""

    asked: list[tuple[Told, Brought]] = field(default_factory=list)
    talk: list[tuple[str, Brought]] = field(default_factory=list)
    plain: list[tuple[Told, Brought]] = field(default_factory=list)
    """What is asked for at the end without looking for other words."""
    cpu_ms: list[float] = field(default_factory=list)

    def found(self, *, held_out: bool, facts: bool) -> tuple[int, int]:
        """Return of how many the right one was brought, and how many were asked for."""
        rights = [
            brought.has(told.right, facts=facts)
            for told, brought in self.asked
            if told.held_out or not held_out
        ]
        return sum(rights), len(rights)

    def found_plainly(self) -> tuple[int, int]:
        """Return the same of what is asked for plainly, facts and all."""
        rights = [brought.has(told.right, facts=True) for told, brought in self.plain]
        return sum(rights), len(rights)

    def wrong_when_asked(self) -> tuple[int, int]:
        """Return in how many prompts of questions something else stands, and how many there are."""
        wrong = [brought.has_else(told.right) for told, brought in self.asked]
        return sum(wrong), len(wrong)

    def wrong_in_talk(self) -> tuple[int, int]:
        """Return in how many prompts of talk anything stands, and how many there are."""
        return sum(brought.anything for _, brought in self.talk), len(self.talk)


async def measure(
    language: Language, stored: int, embedder: OnceEmbedder | None, folder: Path
) -> Figures:
    """Hold the talk of a language over a memory that is in `folder`."""
    history = HistoryStore(f"sqlite:///{folder}/history.db")
    await history.open()
    memory = MemoryStore(history)
    keeper = MemoryKeeper(history, memory, draw, lambda: embedder, lambda: False)
    talk = older(language)
    begin = BEGIN - timedelta(days=1 + stored // 2 // TURNS_EACH)
    for first in range(0, stored // 2, TURNS_EACH):
        before = [next(talk) for _ in range(TURNS_EACH)]
        await store(history, before, begin + timedelta(days=first // TURNS_EACH))
        if embedder:  # here it need not make pauses for others, as the keeper does
            lines = (line for turn in before for line in (turn.text, turn.answer))
            await embedder.embed([part for line in lines for part in told_parts(line, MAX_PARTS)])
    figures, whole = Figures(), turns(language)
    for first in range(0, len(whole), TURNS_EACH):
        await keeper.settled()
        await memory.warm(OWNER)
        now = BEGIN + timedelta(days=first // TURNS_EACH)
        part = whole[first : first + TURNS_EACH]
        for turn in part:
            started_s = time.process_time()
            brought = await recall(memory, embedder, turn.text, now)
            figures.cpu_ms.append((time.process_time() - started_s) * 1000)
            if turn.asks:
                figures.asked.append((turn.asks, brought))
            else:
                figures.talk.append((turn.text, brought))
        await store(history, part, now)
    await keeper.settled()
    for plain in told_plainly(language):
        figures.plain.append((plain, await recall(memory, embedder, plain.asked, now)))
    await history.close()
    return figures


async def recall(
    memory: MemoryStore, embedder: OnceEmbedder | None, text: str, now: datetime
) -> Brought:
    """Do what is done when a person says `text`."""
    vector = None
    if embedder:
        (numbers,) = await embedder.engine.embed([text], query=True)
        vector = QuestionVector(embedder.space, numbers)
    candidates = await memory.candidates(OWNER, text, vector, not_in=None)
    if wish(text) < Wish.OWN:
        return Brought([], [], candidates)
    return Brought(ranked(candidates, text, now), meant(candidates.facts, text), candidates)


async def store(history: HistoryStore, said: Iterable[Turn], at: datetime) -> None:
    """Store a conversation, a turn each minute."""
    messages: list[HistoryMessage] = []
    for minute, turn in enumerate(said):
        timestamp = (at + timedelta(minutes=minute)).isoformat()
        for role, text in (("human", turn.text), ("ai", turn.answer)):
            messages.append(HistoryMessage(role=role, timestamp=timestamp, content=text))
    await history.append(OWNER.conf_uid, history.new_uid(), messages)


def row(name: str, figures: Figures) -> str:
    """Return the figures as a line of a table."""
    cells = [
        figures.found(held_out=held_out, facts=facts)
        for facts in (False, True)
        for held_out in (False, True)
    ]
    cells += [figures.found_plainly(), figures.wrong_when_asked(), figures.wrong_in_talk()]
    cells.append((cells[5][0] + cells[6][0], cells[5][1] + cells[6][1]))
    shares = [f"{part / whole:.1%} ({part} of {whole})" for part, whole in cells]
    median, most = np.percentile(figures.cpu_ms, (50, 99))
    return " | ".join([f"| {name}", *shares, f"{median:.0f} / {most:.0f} |"])


HEAD = """\
| | recall@5 | held out | with facts | held out | asked plainly | wrong beside it | wrong in talk \
| wrong in all prompts | CPU ms p50 / p99 |
|---|---|---|---|---|---|---|---|---|---|"""


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("language", nargs="?", choices=get_args(Language))
    parser.add_argument("--stored", type=int, default=0, metavar="N")
    parser.add_argument("--words", action="store_true")
    parser.add_argument("--why", action="store_true", help="print why something was not found")
    given = parser.parse_args()
    engine = MultilingualE5(MultilingualE5Config())
    if not given.words:
        await engine.run(engine.import_packages)
        await engine.load(WeightStore(PROJECT / "models"))
    print(HEAD)
    for language in [given.language] if given.language else get_args(Language):
        embedder = None if given.words else OnceEmbedder(engine)
        with tempfile.TemporaryDirectory() as folder:
            figures = await measure(language, given.stored, embedder, Path(folder))
        name = f"{language}, {'words' if given.words else 'words and meaning'}, {given.stored}"
        print(row(name, figures))
        if given.why:
            why(figures)
    await engine.close()


def why(figures: Figures) -> None:
    """Print of each question that is not held out why its answer was not brought, as a table."""
    print("\n| asked | told | why |\n|---|---|---|")
    for told, brought in figures.asked:
        if not told.held_out and not brought.has(told.right, facts=True):
            print(f"| {told.asked} | {told.right} | {reason(told, brought)} |")


def reason(told: Told, brought: Brought) -> str:
    """Return why what was told was not brought."""
    if wish(told.asked) < Wish.OWN:
        return "does not seem to ask for what was told"
    found = brought.candidates
    rights = [n for n, one in enumerate(found.by_vectors, 1) if told.right in one.text]
    if not rights:
        return f"not among the {len(found.by_vectors)} most like it"
    if found.by_vectors[rights[0] - 1].message_id in found.superseded:
        return "a later fact took its place"
    return f"number {rights[0]} of those most like it"


if __name__ == "__main__":
    asyncio.run(main())
