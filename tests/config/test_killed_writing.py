"""Whenever the server is killed while it writes a setting, the file is whole: old or new."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from open_llm_vtuber.config.rewriting import BACKUPS
from tests.support.live import PROJECT

OLD, NEW = (f"a: {word}  # a remark\nb: 2\n" for word in ("old", "new"))

KILLED = """
import os, signal, sys
from itertools import count
from pathlib import Path

from open_llm_vtuber.config.rewriting import Written, etag, restore, rewrite

path, old, undo = Path(sys.argv[1]), sys.argv[2].encode(), sys.argv[3] == "undo"
new = old.replace(b"old", b"new")

def change(after):
    steps = count(1)

    def step(frame, event, _):
        if event in ("c_call", "c_return") and next(steps) == after:
            os.kill(os.getpid(), signal.SIGKILL)

    def writes(source):
        sys.setprofile(step)  # from here on it is written

    if undo:
        writes(None)
        restore(path, Written(etag(old), etag(new)))
    else:
        rewrite(path, {("a",): "new"}, writes)
    sys.setprofile(None)

for after in count(1):
    path.write_bytes(new if undo else old)
    (path.parent / "conf.yaml.bak").write_bytes(old if undo else b"a: earlier")
    if not (writer := os.fork()):
        change(after)
        os._exit(0)
    _, status = os.waitpid(writer, 0)
    print(path.read_bytes().hex())
    if os.WIFEXITED(status):
        sys.exit(os.WEXITSTATUS(status))
"""
"""Changes a key, or undoes that, again and again, killed each time one call of C later."""


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is killed like that there")
@pytest.mark.parametrize("what", ["change", "undo"])
def test_it_is_whole_whenever_the_writer_is_killed(tmp_path: Path, what: str) -> None:
    path = tmp_path / "conf.yaml"
    command = [sys.executable, "-c", KILLED, str(path), OLD, what]
    done = subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True)
    found = [bytes.fromhex(line).decode() for line in done.stdout.splitlines()]
    before, after = (NEW, OLD) if what == "undo" else (OLD, NEW)
    switch = found.index(after)
    assert switch > 20  # it was killed as often before
    assert found[:switch] == [before] * switch
    assert set(found[switch:]) == {after}
    # What the killed ones left behind is in nobody's way, and went with the next change.
    kept = {one.name for one in tmp_path.iterdir()} - {"conf.yaml"}
    assert kept <= {f"conf.yaml{suffix}" for suffix in BACKUPS}
    assert (tmp_path / "conf.yaml.bak").read_text() == OLD
