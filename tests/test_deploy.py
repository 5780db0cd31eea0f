"""What starts it elsewhere: the service of systemd, a double click, the parts of the container."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
from fnmatch import fnmatch
from pathlib import Path

import pytest

from open_llm_vtuber import __version__
from tests.support.live import PROJECT

DEPLOY = PROJECT / "deploy"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd")
def test_the_service_is_one(tmp_path: Path) -> None:
    unit = (DEPLOY / "open-llm-vtuber.service").read_text("utf-8")
    command = "/opt/open-llm-vtuber/bin/open-llm-vtuber"
    assert f"ExecStart={command}\n" in unit
    copy = tmp_path / "open-llm-vtuber.service"
    copy.write_text(unit.replace(f"ExecStart={command}", "ExecStart=/bin/true"))
    found = subprocess.run(
        ["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("uv") is None, reason="uv starts it")
def test_a_double_click_starts_it() -> None:
    start = PROJECT / "start.command"
    environment = {**os.environ, "UV_NO_SYNC": "1"}  # what the tests need stays installed
    done = subprocess.run(
        [start, "--version"], capture_output=True, text=True, check=True, env=environment
    )
    assert __version__ in done.stdout


def test_windows_can_read_its_own() -> None:
    lines = (PROJECT / "start.bat").read_bytes().splitlines(keepends=True)
    assert all(line.endswith(b"\r\n") for line in lines)
    assert any(b"uv run run_server.py" in line for line in lines)


def test_the_container_is_given_what_the_wheel_is_built_from() -> None:
    """Else the build fails, or the wheel lacks what a first start is given."""
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    given = {line[1:] for line in lines if line.startswith("!")}
    for name in given:
        assert (PROJECT / name).exists(), f"{name} is let in and is not there"
    build = ast.parse((PROJECT / "hatch_build.py").read_text("utf-8"))
    (first_start,) = (
        ast.literal_eval(one.value) for one in build.body if isinstance(one, ast.Assign)
    )
    needed = {
        *first_start,
        "conf.yaml",
        "mcp_servers.json",
        "characters",
        "src",
        "tools",
        "hatch_build.py",
    }
    needed |= {"package.json", "package-lock.json", "README.md", "LICENSE", "pyproject.toml"}
    assert needed <= given
    kept_out = [line for line in lines if line and line[0] not in "#!" and line != "*"]
    for name in ("frontend/node_modules", "frontend/dist", "src/a/__pycache__"):
        assert any(fnmatch(name, pattern) for pattern in kept_out)


def test_what_is_new_is_told_of_this_version() -> None:
    assert f"\n## {__version__}\n" in (PROJECT / "CHANGELOG.md").read_text("utf-8")
