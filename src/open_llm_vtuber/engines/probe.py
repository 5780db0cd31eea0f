"""Opens a model in a child process first, of a library that ends its process over a wrong file."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys

PROBE_S = 300.0
"""How long a model may take to open."""


def trouble_with(function: str, *arguments: object) -> str:
    """Return why a child that calls `module:function` with these, as JSON, does not end well.

    "" if it does. It blocks.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__, function],
            input=json.dumps(arguments),
            capture_output=True,
            timeout=PROBE_S,
            # Where there is a debugger, ggml has it write a page behind its reason.
            env={**os.environ, "GGML_NO_BACKTRACE": "1"},
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"it was not open after {PROBE_S:.0f} s"
    if done.returncode == 0:
        return ""
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    last = lines[-1] if lines else "the library gave no reason"
    if last.startswith("/") and " " in last:  # where in the library's source it was said
        last = last.partition(" ")[2]
    return last[:300].rstrip(".")


def main() -> None:
    """Call what the command line names, with what standard input holds."""
    module, _, name = sys.argv[1].partition(":")
    getattr(importlib.import_module(module), name)(*json.load(sys.stdin))


if __name__ == "__main__":
    main()
