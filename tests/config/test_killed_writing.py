"""Whenever the server is killed while it writes a setting, the file is whole: old or new."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.live import PROJECT

OLD, NEW = (f"a: {word}  # a remark\nb: 2\n" for word in ("old", "new"))

KILLED = """
import os, signal, sys
from itertools import count
from pathlib import Path

from open_llm_vtuber.config.rewriting import rewrite

path, old = Path(sys.argv[1]), sys.argv[2].encode()

def change(after):
    steps = count(1)

    def step(frame, event, _):
        if event in ("c_call", "c_return") and next(steps) == after:
            os.kill(os.getpid(), signal.SIGKILL)

    def writes(source):
        sys.setprofile(step)  # from here on it is written

    rewrite(path, {("a",): "new"}, writes)
    sys.setprofile(None)

for after in count(1):
    path.write_bytes(old)
    if not (writer := os.fork()):
        change(after)
        os._exit(0)
    _, status = os.waitpid(writer, 0)
    print(path.read_bytes().hex())
    if os.WIFEXITED(status):
        sys.exit(os.WEXITSTATUS(status))
"""
"""Changes a key again and again, killed each time one call of a function of C later."""


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is killed like that there")
def test_it_is_whole_whenever_the_writer_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "conf.yaml"
    command = [sys.executable, "-c", KILLED, str(path), OLD]
    done = subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True)
    found = [bytes.fromhex(line).decode() for line in done.stdout.splitlines()]
    switch = found.index(NEW)
    assert switch > 20  # it was killed as often before
    assert found[:switch] == [OLD] * switch
    assert set(found[switch:]) == {NEW}
    # What the killed ones left behind is in nobody's way, and went with the next change.
    assert sorted(one.name for one in tmp_path.iterdir()) == ["conf.yaml", "conf.yaml.bak"]
