"""What the memory costs with many stored messages: indexing, a question, and forgetting.

    python -m bench.memory_store [--messages 100000] [--questions 200] [--url URL]

The messages are made up of words as often as people use them (by Zipf's law), in two scripts; the
vectors are drawn at random around topics and something common to all, as those of sentences lie. No
language model and no embedding is run.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from open_llm_vtuber.history.entries import from_message, to_row
from open_llm_vtuber.history.store import Conversation, HistoryStore
from open_llm_vtuber.memory.indexing import HAS_WORDS, store_vectors, waiting
from open_llm_vtuber.memory.keeper import MemoryKeeper
from open_llm_vtuber.memory.records import DrawnFact, Owner, QuestionVector
from open_llm_vtuber.memory.store import MemoryStore
from open_llm_vtuber.memory.vectors import encoded
from open_llm_vtuber.protocol.outgoing import HistoryMessage

OWNER = Owner("wren_001")
IN_ONE = 50
"""Messages of a conversation."""
DIMENSIONS, SPACE = 384, "random"
SECRET = "My cat is called Zanzibar"


class Talk:
    """Makes up what was said, and its vectors."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        letters = np.array(list("abcdefghijklmnoprstuvwy"))
        self._words = [
            "".join(self._random.choice(letters, 3 + rank % 6)) for rank in range(30_000)
        ]
        self._common = self._random.normal(size=DIMENSIONS) * 2
        self._topics = self._random.normal(size=(3000, DIMENSIONS)).astype(np.float32) * 0.8

    def line(self) -> str:
        """Return a sentence of 4 to 24 words, one in five in Chinese."""
        length = int(self._random.integers(4, 25))
        ranks = self._random.zipf(1.15, length) % len(self._words)
        if self._random.random() < 0.2:
            return "".join(chr(0x4E00 + rank % 3000) for rank in ranks)
        return " ".join(self._words[rank] for rank in ranks)

    async def embed(self, texts: Sequence[str], *, query: bool) -> NDArray[np.float32]:
        """Return vectors, much alike, somewhat more so within a topic."""
        topics = self._topics[self._random.integers(0, len(self._topics), len(texts))]
        rows = self._common + topics + self._random.normal(size=(len(texts), DIMENSIONS)) * 0.6
        made: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return made.astype(np.float32)


def draw(text: str, said_at: datetime) -> list[DrawnFact]:
    """Return the one fact there is."""
    return [DrawnFact(SECRET, "life", "cat/name")] if SECRET in text else []


async def fill(history: HistoryStore, talk: Talk, count: int) -> None:
    """Store messages; in the middle of them, one that is to be forgotten."""
    at = datetime(2020, 1, 1)  # noqa: DTZ001 - local, as it is stored
    for begin in range(0, count, IN_ONE):
        rows = []
        for number in range(begin, min(count, begin + IN_ONE)):
            text = f"Hello. {SECRET}." if number == count // 2 else talk.line()
            when = (at + timedelta(minutes=20 * number)).isoformat()
            role = "ai" if number % 2 else "human"
            rows.append(
                to_row(from_message(HistoryMessage(role=role, timestamp=when, content=text)))
            )
        await history.settle(OWNER.conf_uid, [Conversation(f"c{begin}", rows)])


async def timed(work: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """Return how long something takes, and how much computing of this process, in seconds."""
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    await work()
    return time.perf_counter() - wall_s, time.process_time() - cpu_s


def told(name: str, times_s: Sequence[tuple[float, float]]) -> None:
    """Print the median and the worst of some times."""
    wall, cpu = (np.array(kind) * 1000 for kind in zip(*times_s, strict=True))
    print(
        f"{name:34} {np.median(wall):8.1f} ms  (worst {wall.max():8.1f});"
        f"  computing {np.median(cpu):8.1f} ms"
    )


async def measure(url: str, file: Path | None, count: int, questions: int) -> None:
    """Print all figures."""
    talk = Talk(1)
    history = HistoryStore(url)
    await history.open()
    memory = MemoryStore(history)
    wall_s, _ = await timed(lambda: fill(history, talk, count))
    print(f"{count} messages stored in {wall_s:.1f} s")
    words = MemoryKeeper(history, memory, draw, lambda: None, lambda: False)
    wall_s, cpu_s = await timed(words.settled)
    print(f"words and facts: {count / wall_s:.0f} messages/s ({cpu_s:.1f} s of computing)")
    # All that the embedding itself costs is left out, and the pauses that leave others room.
    await memory.begin(SPACE)
    wall_s, _ = await timed(lambda: embed_all(history, talk))
    print(f"vectors stored: {count / wall_s:.0f} messages/s")
    told("vectors read into memory", [await timed(lambda: memory.warm(OWNER))])
    asked = [talk.line() for _ in range(questions)]
    vectors = [QuestionVector(SPACE, row) for row in await talk.embed(asked, query=True)]
    for name, given in (("a question, by words", None), ("a question, by both", vectors)):
        times = []
        for number, text in enumerate(asked):
            vector = given[number] if given else None
            times.append(
                await timed(lambda: memory.candidates(OWNER, text, vector, not_in="c0"))  # noqa: B023
            )
        told(name, times)
    told("all facts", [await timed(lambda: memory.facts(OWNER)) for _ in range(20)])
    (fact,) = await memory.facts(OWNER)
    ends = asyncio.Event()
    reading = asyncio.create_task(read_meanwhile(memory, vectors[0], ends))
    wall_s, cpu_s = await timed(lambda: memory.forget(OWNER, fact.id))
    ends.set()
    print(f"a fact forgotten for good in {wall_s:.2f} s ({cpu_s:.2f} s of computing)")
    told("a question meanwhile", await reading)
    if file:
        data = await asyncio.to_thread(bytes_of, file.parent)
        print(f"{len(data) / 1e6:.0f} MB; forgotten: {b'anzibar' not in data}")
    await history.close()


def bytes_of(folder: Path) -> bytes:
    """Return all that the files of a folder hold."""
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def embed_all(history: HistoryStore, talk: Talk) -> None:
    """Store a vector for each message, as the keeper does but without its pauses."""
    while found := await history.read(lambda connection: waiting(connection, HAS_WORDS, 100)):
        made = encoded(await talk.embed([one.text for one in found], query=False))
        rows = {one: [vector] for one, vector in zip(found, made, strict=True)}
        await history.write(lambda connection: store_vectors(connection, rows))  # noqa: B023


async def read_meanwhile(
    memory: MemoryStore, vector: QuestionVector, ends: asyncio.Event
) -> list[tuple[float, float]]:
    """Ask again and again until it ends; return how long each question took."""
    times = []
    while not ends.is_set():
        times.append(
            await timed(lambda: memory.candidates(OWNER, "some thing", vector, not_in=None))
        )
        await asyncio.sleep(0.01)
    return times


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--url", help="another database, an empty one; else a file of its own")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = None if options.url else Path(folder) / "history.db"
        url = options.url or f"sqlite:///{file}"
        asyncio.run(measure(url, file, options.messages, options.questions))


if __name__ == "__main__":
    main()
