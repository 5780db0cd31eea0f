"""A bar in a terminal, a few lines in a log."""

from __future__ import annotations

import os
import struct
import sys

import pytest
from loguru import logger

from open_llm_vtuber.weights.progress import Progress, Throttle
from open_llm_vtuber.weights.progress_bar import ProgressBar


def test_a_log_gets_a_line_every_tenth() -> None:
    lines: list[str] = []
    sink = logger.add(lambda message: lines.append(message.record["message"]), level="INFO")
    try:
        with ProgressBar() as bar:
            for done in range(0, 2_000_001, 10_000):
                bar(Progress("small", done, 2_000_000))
    finally:
        logger.remove(sink)
    assert len(lines) == 11
    assert lines[5] == "weights small: 50 % of 2.0 MB"


def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    fcntl, pty, termios = map(pytest.importorskip, ("fcntl", "pty", "termios"))
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with ProgressBar() as bar:
            bar(Progress("small", 0, 2_000_000))
            bar(Progress("small", 2_000_000, 2_000_000))
            bar(Progress("left-open", 1, 2))
        written = b""
        while b"left-open:" not in written:
            written += os.read(ours, 65536)
    os.close(ours)
    shown = written.decode()
    assert "small: 100%" in shown
    assert "2.00M/2.00M" in shown
    assert "left-open:" in shown


def test_no_more_than_a_few_reports_and_always_the_end() -> None:
    reports: list[Progress] = []
    throttle = Throttle("small", 1_000_000, reports.append)
    for done in range(1_000_001):
        throttle(done)
    throttle.finish()
    assert reports[0].done_bytes == 0
    assert not any(report.finished for report in reports[:-1])
    assert reports[-1].finished
    assert len(reports) < 1000
