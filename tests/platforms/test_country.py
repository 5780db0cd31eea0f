"""In a country whose encoding has few letters, all is read, told and written all the same."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from tests.support.live import PROJECT, conf, give_model

COUNTRIES = {
    "Western Europe": {"PYTHONIOENCODING": "cp1252"},
    "China": {"PYTHONIOENCODING": "gbk"},
    "one that was never set up": {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"},
}
"""What Windows has for a pipe or a file; elsewhere the environment tells it."""


def python(*arguments: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[bytes]:
    """Run Python, which says where an encoding is left to the country."""
    known = {
        **os.environ,
        "PYTHONPATH": str(PROJECT),
        "PYTHONUTF8": "0",
        "PYTHONWARNDEFAULTENCODING": "1",
    } | dict(environment)
    return subprocess.run(
        [sys.executable, *arguments], cwd=PROJECT, env=known, capture_output=True, check=False
    )


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_chinese_configuration_is_checked(country: str, tmp_path: Path) -> None:
    folder = tmp_path / "小鹤 é ž"
    folder.mkdir()
    values = conf(asr="tests.support.engines:MuteASR", vad=None, persona="你叫小鹤。")
    values["character_config"].update(conf_name="小鹤", 心情="好")
    (folder / "conf.yaml").write_text(yaml.safe_dump(values, allow_unicode=True), "utf-8")
    give_model(folder)
    arguments = ("-m", "open_llm_vtuber.cli.main", "--config", str(folder / "conf.yaml"))
    done = python(*arguments, "--check", environment=COUNTRIES[country])
    said = done.stdout.decode("gbk" if country == "China" else "ascii")
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    mood = "心情" if country == "China" else r"\u5fc3\u60c5"
    assert f"character_config.{mood}: unknown key, ignored" in said
    assert "EchoLLM" in said
    warned = [line for line in done.stderr.splitlines() if b"EncodingWarning" in line]
    assert [line for line in warned if b"open_llm_vtuber" in line] == []


def test_time_zones_are_known_where_the_system_has_none() -> None:
    told = "from open_llm_vtuber.mcp.clock import told; print(*told('Europe/Berlin'))"
    done = python("-c", told, environment={"PYTHONTZPATH": ""})
    assert done.stdout.decode().strip().endswith("True"), done


def test_they_are_installed_there() -> None:
    requirements = map(Requirement, importlib.metadata.requires("open-llm-vtuber") or ())
    (wanted,) = [one for one in requirements if one.name == "tzdata"]
    assert wanted.marker is not None
    assert wanted.marker.evaluate({"sys_platform": "win32"})
    assert not wanted.marker.evaluate({"sys_platform": "linux"})
