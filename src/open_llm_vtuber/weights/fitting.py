"""Which language model of a group fits this computer; no I/O."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ..hardware import Machine
from .catalogue import Entry

TOKENS_PER_S = 10.0
"""The speed from which an answer comes faster than it is spoken, with room for the voice's own
work."""
SHARE, SHARE_HERE = 0.6, 0.8
"""The part of the free memory that a model may take at most; if it is here already, it may take
more, so that nothing is fetched because a browser happens to be open."""
CORE_BYTES_PER_S = 9e9
"""Weights of four bits that one core works through in a second, if the memory delivers them: of
llama.cpp on a server's core of today, measured with 1.1 GB (one core 9 to 10 tokens a second, two
cores 14 to 17)."""
SHARE_GPU = 0.9
"""The part of a graphics processor's free memory that a model may take with its conversations."""
GPU_BYTES_PER_S = 60e9
"""What one works through in a second at least: half of what the memory of a small one delivers. An
estimate; never measured."""
CONTEXT_TOKENS = 2 * 4096
"""The tokens of the conversations that llama_cpp_llm holds unless it is told otherwise."""
WORK_BYTES = 300_000_000
"""What the runtime takes besides the weights and the conversations."""


@dataclass(frozen=True)
class Judged:
    """How a language model would do on this computer."""

    entry: Entry
    here: bool
    """Whether it need not be fetched."""
    tokens_per_s: float
    """How fast it would write, about."""
    has_room: bool
    """Whether there is the memory for it beside what is in use."""
    best: bool
    """Whether it is the one that would be chosen by itself."""


@dataclass(frozen=True)
class Fitting:
    """The entries of a group in the order in which they are tried, and why the first is first."""

    order: tuple[Entry, ...]
    reason: str


def is_language_model(entries: Sequence[Entry]) -> bool:
    """Whether these are language models, of which the computer decides which is the right one."""
    return all(entry.context_bytes for entry in entries)


def needed_bytes(entry: Entry) -> int:
    """Return the memory that a model takes with its conversations."""
    return entry.total_bytes + entry.context_bytes * CONTEXT_TOKENS + WORK_BYTES


def has_room(entry: Entry, machine: Machine, *, here: bool) -> bool:
    """Return whether there is the memory for a model, which is `here` or had to be fetched."""
    share = SHARE_HERE if here else SHARE
    return fits_gpu(entry, machine) or needed_bytes(entry) <= share * machine.free_bytes


def fits_gpu(entry: Entry, machine: Machine) -> bool:
    """Return whether a graphics processor here has the memory for all of a model."""
    gpu = machine.gpu
    return gpu is not None and needed_bytes(entry) <= SHARE_GPU * gpu.free_bytes


def tokens_per_s(entry: Entry, machine: Machine, bytes_per_s: float | None) -> float:
    """Return how fast a model would write; `bytes_per_s` is what was measured, if it was."""
    if fits_gpu(entry, machine):
        return GPU_BYTES_PER_S / entry.total_bytes
    speed = machine.cores * CORE_BYTES_PER_S
    return min(speed, bytes_per_s or speed) / entry.total_bytes


def fit(
    entries: Sequence[Entry],
    machine: Machine,
    bytes_per_s: float | None = None,
    *,
    here: Collection[str] = (),
    kept: str = "",
) -> Fitting:
    """Order `entries`, which are the best first, by how well they fit.

    What is `here` comes before what has to be fetched, if it fits well and is more than a stand-in;
    of these the `kept` one, which was used before, comes first. Then come those that have the
    memory and not the speed, the fastest first. What has not even the memory is left out, unless
    nothing has it.
    """
    room = [one for one in entries if has_room(one, machine, here=one.name in here)]
    if not room:
        smallest = sorted(entries, key=needed_bytes)
        return Fitting(tuple(smallest), _told(smallest[0], machine, bytes_per_s, "the smallest"))
    well = [
        one
        for one in room
        if not one.stand_in and tokens_per_s(one, machine, bytes_per_s) >= TOKENS_PER_S
    ]
    ready = sorted((one for one in well if one.name in here), key=lambda one: one.name != kept)
    slow = sorted(
        (one for one in room if one not in well), key=lambda one: (one.stand_in, one.total_bytes)
    )
    fetched = [one for one in well if one not in ready]
    order = (*ready, *fetched, *slow)
    why = "here already" if ready else "the best that fits" if well else "the fastest"
    return Fitting(order, _told(order[0], machine, bytes_per_s, why))


def _told(entry: Entry, machine: Machine, bytes_per_s: float | None, why: str) -> str:
    measured = f", {bytes_per_s / 1e9:.0f} GB/s measured" if bytes_per_s else ""
    if machine.gpu and fits_gpu(entry, machine):
        return (
            f"{entry.name} ({why}: on {machine.gpu.name}; {needed_bytes(entry) / 1e9:.1f} of "
            f"{machine.gpu.free_bytes / 1e9:.1f} GB of its free memory)"
        )
    return (
        f"{entry.name} ({why}: about {tokens_per_s(entry, machine, bytes_per_s):.0f} tokens a "
        f"second on {machine.cores} cores{measured}; {needed_bytes(entry) / 1e9:.1f} of "
        f"{machine.free_bytes / 1e9:.1f} GB of free memory)"
    )
