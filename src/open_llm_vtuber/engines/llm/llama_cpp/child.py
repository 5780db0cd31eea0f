"""The child process of `llama_cpp_llm`: loads a GGUF model and serves it on a loopback port.

It is started with `python -m`, apart from the server because the runtime holds the interpreter lock
while it loads, and imports nothing but the runtime, so that it starts at once. It reads its
Settings as a line of JSON on stdin, writes its Report as a line of JSON on stdout, logs to stderr,
and ends when stdin does: with its parent, however that ended.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from dataclasses import asdict, dataclass
from typing import Any

BATCH = 32
"""Tokens read at a time. A request that was given up stops between batches, and a second
conversation goes on between them; on a CPU twice as many are read a tenth faster."""
REUSED = 8
"""Tokens that stay read when what is before them changes: models that may think have marks of that
before an answer when they write it, and not when it is read again."""
NICENESS = 5
"""Speech and the sockets come before the text that is not spoken yet."""


@dataclass(frozen=True)
class Settings:
    """What the parent tells the child."""

    model: str
    api_key: str
    state_dir: str
    n_ctx: int
    slots: int
    n_threads: int
    n_gpu_layers: int
    verbosity: int


@dataclass(frozen=True)
class Report:
    """What the child tells the parent when it has loaded the model, or could not."""

    version: str = ""
    address: str = ""
    error: str = ""


def main() -> None:
    """Serve until stdin ends."""
    # As bytes: JSON is UTF-8, and what the locale or Windows makes of text is something else.
    settings = Settings(**json.loads(sys.stdin.buffer.readline()))
    reports = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the runtime prints goes to the log
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    threading.Thread(target=_end_with_parent, daemon=True).start()

    import xllamacpp

    try:
        server = xllamacpp.Server(_params(xllamacpp, settings))
    except RuntimeError as error:
        report = Report(xllamacpp.__version__, error=str(error))
    else:
        report = Report(xllamacpp.__version__, address=server.listening_address)
    print(json.dumps(asdict(report)), file=reports, flush=True)
    if report.address:
        threading.Event().wait()


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def _params(xllamacpp: Any, settings: Settings) -> Any:
    params = xllamacpp.CommonParams()
    params.model.path = settings.model
    params.n_gpu_layers = settings.n_gpu_layers
    params.fit_params = False
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = settings.n_threads
    params.n_batch = params.n_ubatch = BATCH
    # The context is divided evenly among the slots.
    params.n_parallel = settings.slots
    params.n_ctx = settings.n_ctx * settings.slots
    params.slot_save_path = os.path.join(settings.state_dir, "")  # noqa: PTH118 - ends in a separator
    # The parent chooses the slot of each request, and the runtime's own cache is for those that
    # leave it the choice.
    params.cache_ram_mib = 0
    params.cache_idle_slots = False
    params.n_cache_reuse = REUSED
    # Weights rearranged for the CPU would be a second copy of them: 600 MB for a model of 1.1 GB,
    # and 2 s of loading, for 6 % more speed.
    params.no_extra_bufts = True
    params.api_keys = [settings.api_key]
    params.cors_origins = ""
    params.ui = False
    params.verbosity = settings.verbosity
    return params


if __name__ == "__main__":
    main()
