"""Opens a model with onnxruntime, as all engines do that run one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

QUIET = 4
"""The severity at which not even an error is logged: of a call that is stopped on purpose."""


def open_session(
    model: Path | bytes, threads: int = 1, *, spins: bool = True, severity: int = 3
) -> Any:
    """Return a session that runs a model, a file or what is in one, on the processor. It blocks.

    Threads that do not `spin` leave the processors to others while they wait for one another.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = severity
    if not spins:
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    source = model if isinstance(model, bytes) else str(model)
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
