"""What runs on this computer tells nobody of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.live import PROJECT

MODEL = PROJECT / "models" / "silero-vad-16k" / "silero_vad_16k_op15.onnx"
CODE = f"import open_llm_vtuber, onnxruntime; onnxruntime.InferenceSession({str(MODEL)!r})"
QUIET = ("CI", "GITHUB_ACTIONS", "ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME")
"""Where one of these says so it tells nothing anyway, or keeps the number elsewhere."""


@pytest.mark.skipif(sys.platform == "win32", reason="there it is the system that tells")
def test_onnxruntime_keeps_no_number_for_this_computer(tmp_path: Path) -> None:
    """It makes one before all else where it may tell its maker what it runs."""
    kept = {name: value for name, value in os.environ.items() if name not in QUIET}
    closed = {"https_proxy": "http://127.0.0.1:9"}
    environment = {**kept, **closed, "HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", CODE], env=environment, check=True)
    assert [*tmp_path.rglob("*")] == []
