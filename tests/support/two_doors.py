"""A server as `run_server.py --https` starts it, with what its terminal says."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .live import PROJECT, free_port, give_model

STARTS_S = 120


@dataclass(frozen=True)
class TwoDoors:
    """Where a server is to be found."""

    own: str
    """On this computer: http://127.0.0.1:port."""
    others: str
    """From others: https://address:port."""
    token: str
    fingerprint: str
    authority: Path
    """The certificate that other devices are to trust, as PEM; missing for one's own."""


@contextmanager
def two_doors(folder: Path, values: dict[str, Any], *arguments: str) -> Iterator[TwoDoors]:
    """Run one whose conf.yaml holds `values`, and end it as Ctrl+C does."""
    values["system_config"]["https_port"] = free_port()
    (folder / "conf.yaml").write_text(yaml.safe_dump(values), "utf-8")
    give_model(folder)
    for name in ("frontend", "web_tool"):
        if not (folder / name).exists():
            (folder / name).symlink_to(PROJECT / name, target_is_directory=True)
    command = ["run_server.py", "--https", *arguments, "--config", str(folder / "conf.yaml")]
    process = subprocess.Popen(
        [sys.executable, *command], cwd=PROJECT, text=True, stderr=subprocess.PIPE
    )
    lines: list[str] = []
    assert process.stderr
    reading = threading.Thread(target=lines.extend, args=[iter(process.stderr.readline, "")])
    reading.start()
    own = f"http://127.0.0.1:{values['system_config']['port']}"
    try:
        _wait(own, process)
        told = "".join(lines)
        others = re.search(r"Other devices open (https://\S+?)/\?token=(\S+)", told)
        assert others, told
        known = re.search(r"SHA-256 of its authority: (\S+)", told)
        authority = folder / "certificates" / "authority.crt"
        yield TwoDoors(own, others[1], others[2], known[1] if known else "", authority)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        finally:
            process.kill()
            reading.join(10)
            process.stderr.close()
    assert process.returncode == 0, "".join(lines)
    assert "Traceback" not in "".join(lines), "".join(lines)


def _wait(url: str, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + STARTS_S
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(f"{url}/health"):
            return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")
