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
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

BATCH = 32
"""Tokens read at a time. A request that was given up stops between batches, and a second
conversation goes on between them; on a CPU twice as many are read a tenth faster."""
REUSED = 8
"""Tokens that stay read when what is before them changes: models that may think have marks of that
before an answer when they write it, and not when it is read again."""
ROOM, CONTEXT_BYTES = 1.1, 150_000
"""What a graphics processor has to have room for: so many times the weights, and so much for each
token of a conversation, which is a model of 8 billion parameters' share."""
NICENESS = 5
"""Speech and the sockets come before the text that is not spoken yet."""
SPINS = 1000
"""How often a thread of the runtime looks whether the others are done before it sleeps. They wait
for each other some hundred times a word: where OpenMP has them wait awake as long as it does by
itself, one core that another program keeps busy costs nine tenths of the pace and more. So it costs
half, and nothing where all are free (`bench.llm_pace --busy`). It is what OpenMP does where it has
more threads than cores."""


@dataclass(frozen=True)
class Settings:
    """What the parent tells the child."""

    model: str
    api_key: str
    state_dir: str
    n_ctx: int
    slots: int
    n_threads: int
    n_gpu_layers: int | None
    """None: all, if a graphics processor has the memory for them."""
    verbosity: int


@dataclass(frozen=True)
class Report:
    """What the child tells the parent when it has loaded the model, or could not."""

    version: str = ""
    address: str = ""
    error: str = ""
    gpu: str = ""
    """The graphics processor that computes; empty where none does."""


def main() -> None:
    """Serve until stdin ends."""
    # As bytes: JSON is UTF-8, and what the locale or Windows makes of text is something else.
    settings = Settings(**json.loads(sys.stdin.buffer.readline()))
    reports = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the runtime prints goes to the log
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    os.environ.setdefault("GOMP_SPINCOUNT", str(SPINS))  # read when the runtime is loaded
    threading.Thread(target=_end_with_parent, daemon=True).start()

    import xllamacpp

    gpu = chosen_gpu(xllamacpp.get_device_info(), settings)
    report, server = _served(xllamacpp, settings, gpu)
    if gpu and settings.n_gpu_layers is None and server is None:
        sys.stderr.write(f"{gpu} does not take the model: {report.error}\n")
        report, server = _served(xllamacpp, settings, "")
    print(json.dumps(asdict(report)), file=reports, flush=True)
    if report.address:
        threading.Event().wait()


def chosen_gpu(devices: Sequence[Mapping[str, Any]], settings: Settings) -> str:
    """Return the graphics processor that is to compute, "" where none is.

    Unless the person says how many layers, it has to have the memory for all of them.
    """
    gpus = [one for one in devices if one["type"].name.endswith("GPU")]
    if not gpus or settings.n_gpu_layers == 0:
        return ""
    largest = max(gpus, key=lambda one: int(one["memory_free"]))
    wanted = ROOM * os.path.getsize(settings.model)  # noqa: PTH202 - pathlib is not needed here
    wanted += CONTEXT_BYTES * settings.n_ctx * settings.slots
    if settings.n_gpu_layers is None and int(largest["memory_free"]) < wanted:
        return ""
    return str(largest["description"] or largest["name"])


def _served(xllamacpp: Any, settings: Settings, gpu: str) -> tuple[Report, Any]:
    layers = settings.n_gpu_layers if settings.n_gpu_layers is not None else -1 if gpu else 0
    try:
        server = xllamacpp.Server(server_params(xllamacpp, settings, layers))
    except RuntimeError as error:
        return Report(xllamacpp.__version__, error=str(error)), None
    return Report(xllamacpp.__version__, server.listening_address, gpu=gpu), server


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def server_params(xllamacpp: Any, settings: Settings, layers: int) -> Any:
    """Return the runtime's parameters for so many layers on a graphics processor."""
    params = xllamacpp.CommonParams()
    params.model.path = settings.model
    params.n_gpu_layers = layers
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
