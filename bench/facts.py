"""What of what people say is taken for a fact: how much of it is junk, and what is missed.

`uv run python -m bench.facts [FILE...]`. Talks that are made up, in English and Chinese
(facts_talk.py), are read message by message. Of each it is known what it tells; whatever else is
drawn from it counts as junk. All that differs is printed.

With files, one message a line, all that is drawn from them is printed instead, to be judged by
reading it.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bench.facts_talk import CHINESE, ENGLISH
from open_llm_vtuber.memory.drawing import draw

SAID_AT = datetime(2026, 5, 6, 20, 15)  # noqa: DTZ001 - as stored: local, without a zone


@dataclass
class Score:
    """What was drawn from the messages of a talk."""

    messages: int = 0
    drawn: int = 0
    told: int = 0
    junk: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, said: str, expected: list[str]) -> None:
        """Read one message that should give the slots `expected`."""
        began = time.perf_counter()
        found = draw(said, SAID_AT)
        self.seconds += time.perf_counter() - began
        self.messages += 1
        self.drawn += len(found)
        self.told += len(expected)
        open_ = list(expected)
        for fact in found:
            names = (fact.slot, fact.kind)
            fitting = next((one for one in open_ if any(_fits(name, one) for name in names)), None)
            if fitting is None:
                self.junk.append(f"{said}  ->  {fact.kind} {fact.slot}")
            else:
                open_.remove(fitting)
        self.missed += [f"{said}  ->  {one}" for one in open_]


def _fits(name: str, expected: str) -> bool:
    return name.startswith(expected[:-1]) if expected.endswith("*") else name == expected


def measure(name: str, talk: str) -> None:
    """Read a talk, and print what was right and what was not."""
    score = Score()
    for line in talk.strip().splitlines():
        said, _, slots = line.rpartition("|")
        score.add(said.strip(), [one.strip() for one in slots.split(",") if one.strip()])
    junk = len(score.junk) / max(1, score.drawn)
    found = 1 - len(score.missed) / score.told
    print(
        f"{name}: {score.messages} messages tell {score.told} facts. Drawn {score.drawn}, of which "
        f"{len(score.junk)} junk ({junk:.0%}); found {found:.0%}. "
        f"{score.seconds / score.messages * 1e6:.0f} us a message"
    )
    for heading, lines in (("junk", score.junk), ("missed", score.missed)):
        for line in lines:
            print(f"    {heading}: {line}")


def show(file: Path) -> None:
    """Print all that is drawn from a file, one message a line."""
    lines = file.read_text("utf-8").splitlines()
    count = 0
    for line in lines:
        for fact in draw(line, SAID_AT):
            count += 1
            print(f"{fact.kind:8} {fact.slot:28} {fact.day or '':10}  {fact.text}")
    print(f"{file.name}: {count} facts in {len(lines)} messages")


def main() -> None:
    """Measure, or show what is drawn from the files that are named."""
    if files := sys.argv[1:]:
        for file in files:
            show(Path(file))
        return
    measure("English", ENGLISH)
    measure("Chinese", CHINESE)


if __name__ == "__main__":
    main()
