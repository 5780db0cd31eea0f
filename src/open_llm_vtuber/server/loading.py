"""From the right to an engine to what a client is told of its loading."""

from __future__ import annotations

from ..engines.base import EngineError
from ..engines.kinds import Kind
from ..engines.pool import Lease
from ..protocol.extra import EngineProgress, EngineState
from ..weights.progress import Progress


def engine_progress(
    kind: Kind, name: str, lease: Lease | EngineError, arriving: Progress | None
) -> EngineProgress:
    """Return how far an engine is; `arriving` is the fetch it waits for, if any."""
    trouble = lease if isinstance(lease, EngineError) else lease.trouble
    return EngineProgress(
        kind=kind,
        name=name,
        state=_state(lease, arriving),
        done_bytes=arriving.done_bytes if arriving else None,
        total_bytes=arriving.total_bytes if arriving else None,
        message=str(trouble or ""),
        code=trouble.fault.code if trouble else None,
        params=dict(trouble.fault.params) or None if trouble else None,
    )


def _state(lease: Lease | EngineError, arriving: Progress | None) -> EngineState:
    if isinstance(lease, EngineError):
        return "failed"
    if not lease.waiting:
        return "ready" if lease.ready and not lease.trouble else "failed"
    if not lease.entry.prepared.is_set():
        return "waiting"
    return "fetching" if arriving else "loading"
