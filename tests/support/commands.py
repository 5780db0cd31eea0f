"""`run_server.py` as a process of its own that does not import everything anew.

One process has imported what the commands import, and forks for each of them: half a second of work
in place of two and a half. How a start imports, and is ended meanwhile, is for tests that start
Python themselves.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import runpy
import subprocess
import sys
import tempfile
import threading
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.live import PROJECT

IMPORTED = (
    *("cli.check", "cli.commands", "cli.engines", "cli.serving", "cli.voices"),
    *("server.server", "history.exporter"),
)
"""What the commands import when they are asked for."""
PATIENCE_S = 60


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `run_server.py` with the conf.yaml of `folder` to its end.

    Raises subprocess.TimeoutExpired after a minute.
    """
    command = ["run_server.py", "--config", str(folder / "conf.yaml"), *arguments]
    with tempfile.TemporaryDirectory() as name:
        said = [Path(name) / "out", Path(name) / "err"]
        job = {"argv": command, "said": [str(one) for one in said], "env": dict(os.environ)}
        code = _asked(_nursery(), job)
        out, err = (one.read_text("utf-8") for one in said)
    return subprocess.CompletedProcess(command, code, out, err)


@cache
def _nursery() -> subprocess.Popen[str]:
    """Start what forks, once for each process that runs tests."""
    started = subprocess.Popen(
        [sys.executable, "-m", __name__],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    atexit.register(_close, started)
    return started


def _close(nursery: subprocess.Popen[str]) -> None:
    nursery.communicate()  # it ends with its input


def _asked(nursery: subprocess.Popen[str], job: dict[str, Any]) -> int:
    """Return the exit code of a job; negative for a signal, as subprocess has it."""
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write(json.dumps(job) + "\n")
    nursery.stdin.flush()
    pid = int(nursery.stdout.readline())
    late = threading.Event()

    def end() -> None:
        late.set()
        os.kill(pid, 9)

    timer = threading.Timer(PATIENCE_S, end)
    timer.start()
    try:
        code = int(nursery.stdout.readline())
    finally:
        timer.cancel()
    if late.is_set():
        raise subprocess.TimeoutExpired(str(job["argv"]), PATIENCE_S)
    return code


def main() -> None:
    """Fork for each job on standard input; say its process's id, and then its exit code."""
    for name in IMPORTED:
        importlib.import_module(f"open_llm_vtuber.{name}")
    from open_llm_vtuber.engines import registry
    from open_llm_vtuber.engines.kinds import KINDS

    for kind in KINDS:
        registry.engines(kind)
    for line in sys.stdin:
        job = json.loads(line)
        if (pid := os.fork()) == 0:
            _become(job)
            return
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become(job: dict[str, Any]) -> None:
    """Be `run_server.py`, in this process; it raises SystemExit."""
    out, err = job["said"]
    for number, path in ((0, os.devnull), (1, out), (2, err)):
        flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT
        opened = os.open(path, flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(job["env"])
    sys.argv = list(job["argv"])
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()
