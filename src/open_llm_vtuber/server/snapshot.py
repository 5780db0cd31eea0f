"""How a server is at one moment: what waits, and who is here; numbers and engines' names alone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from ..conversation.groups.groups import Groups
from ..conversation.present_clients import PresentClients
from ..engines.pool import EngineState


@dataclass(frozen=True)
class Snapshot:
    """All of it read without waiting, on the event loop."""

    connected: int = 0
    """Clients with a connection."""
    waited_for: int = 0
    """Clients that have lost theirs, and may come back."""
    spectators: int = 0
    in_groups: int = 0
    turns_running: int = 0
    turns_waiting: int = 0
    held_bytes: int = 0
    """Of what was said and shown, and is not answered yet."""
    outbox_frames: int = 0
    outbox_bytes: int = 0
    outbox_fullest_bytes: int = 0
    """Of the client that takes its frames slowest."""
    tasks: int = 0
    threads: int = 0
    engines: tuple[EngineState, ...] = field(default=())


def taken(
    clients: PresentClients, groups: Groups, spectators: int, engines: Iterable[EngineState]
) -> Snapshot:
    """Return how all of that is now."""
    here = list(clients)
    connected = sum(one.is_connected for one in here)
    boxes = [one.outbox.waiting for one in here]
    sessions = [one.session for one in here if one.session]
    running = [one.turns.running for one in sessions]
    return Snapshot(
        connected=connected,
        waited_for=len(here) - connected,
        spectators=spectators,
        in_groups=sum(groups.of(one.uid) is not None for one in sessions),
        turns_running=sum(turn is not None for turn in running),
        turns_waiting=sum(one.turns.waiting for one in sessions),
        held_bytes=groups.held_bytes(),
        outbox_frames=sum(frames for frames, _ in boxes),
        outbox_bytes=sum(size for _, size in boxes),
        outbox_fullest_bytes=max((size for _, size in boxes), default=0),
        tasks=len(asyncio.all_tasks()),
        threads=threading.active_count(),
        engines=tuple(engines),
    )
