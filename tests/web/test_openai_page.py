"""What docs/openai.md shows works as it stands there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.conftest import Serve
from tests.support.live import PROJECT, conf


def test_the_example_runs(serve: Serve, tmp_path: Path) -> None:
    page = (PROJECT / "docs/openai.md").read_text("utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    code = example.replace("http://localhost:12393", serve(conf()).url)
    assert code != example
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Hi!" in done.stdout
    assert (tmp_path / "morning.mp3").stat().st_size > 1000
