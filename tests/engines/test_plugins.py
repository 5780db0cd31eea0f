"""Engines of other packages: each costs only itself, and none takes the place of another."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from open_llm_vtuber.engines.registry import engines
from tests.support.live import PROJECT, conf
from tests.support.plugins import CHIRP, install

LOOK = """
import json, sys
from pathlib import Path
from open_llm_vtuber.cli.check import look_over
from open_llm_vtuber.config import ConfigError, load_config
from open_llm_vtuber.engines import registry
from open_llm_vtuber.engines.pool import EnginePool
from open_llm_vtuber.weights.store import WeightStore
path = Path(sys.argv[1])
found = {
    "engines": {name: one.__module__ for name, one in registry.engines("tts").items()},
    "problems": registry.problems(),
}
try:
    loaded = load_config(path)
except ConfigError as error:
    found["mistakes"] = error.problems
else:
    found["warnings"] = list(loaded.warnings)
    found["look_over"] = look_over(loaded, path)
    try:
        EnginePool(WeightStore(path.parent, offline=True)).lease(
            loaded.config.character_config.engine("tts")
        )
    except Exception as error:
        found["lease"] = str(error)
print(json.dumps(found))
"""
"""What a program finds that was started with the packages."""


def chirp(name: str, imports: str = "") -> str:
    return CHIRP.format(name=name, imports=imports)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    return folder


def look(site: Path, tts: str = "hibari_tts") -> dict[str, Any]:
    path = site.parent / "conf.yaml"
    path.write_text(yaml.safe_dump(conf(tts=tts, asr="moonshine_asr", vad="silero_vad")), "utf-8")
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(site), str(PROJECT)])}
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(path)], env=environ, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_plugins_that_are_no_good_cost_only_themselves_and_are_named(site: Path) -> None:
    entries = {
        "good-chirp": (chirp("chirp_tts"), "chirp_tts", "ChirpTTS"),
        "lacking": (chirp("lacking_tts", "import a_package_of_mars"), "lacking_tts", "ChirpTTS"),
        "raising": (chirp("raising_tts", "1 / 0"), "raising_tts", "ChirpTTS"),
        "mistyped": ("def :", "mistyped_tts", "ChirpTTS"),
        "nameless": (chirp("x"), "nameless_tts", "Chirp"),
        "wrong-kind": (
            "from open_llm_vtuber.engines.asr.moonshine_asr import MoonshineASR",
            "wrong_tts",
            "MoonshineASR",
        ),
        "no-class": ("item = 3", "three_tts", "item"),
        "half": (chirp("half_tts").replace("async def synthesize", "async def say"), "half_tts",
                 "ChirpTTS"),
    }  # fmt: skip
    for package, (source, name, item) in entries.items():
        install(site, package, source, kind="tts", name=name, item=item)
    found = look(site)
    assert set(found["engines"]) - set(engines("tts")) == {"chirp_tts"}
    lines = {line.split()[3]: line for line in found["problems"]}
    assert set(lines) == {name for _, name, _ in entries.values()} - {"chirp_tts"}
    for name, reason in {
        "lacking_tts": "of the package lacking cannot be imported: ModuleNotFoundError: No module "
        "named 'a_package_of_mars'",
        "raising_tts": "of the package raising cannot be imported: ZeroDivisionError: ",
        "mistyped_tts": "of the package mistyped cannot be imported: SyntaxError: ",
        "nameless_tts": "of the package nameless cannot be imported: AttributeError: ",
        "wrong_tts": "of the package wrong-kind is no TTS engine: it has to be ",
        "three_tts": "of the package no-class is no TTS engine: ",
        "half_tts": "of the package half is not whole: its class lacks synthesize",
    }.items():
        assert lines[name].startswith(f"the TTS engine {name} {reason}")
    assert found["warnings"] == []
    assert set(found["problems"]) <= set(found["look_over"])


def test_a_plugin_takes_nobodys_place(site: Path) -> None:
    for package, name in (
        ("a-bird", "hibari_tts"),
        ("b-bird", "chirp_tts"),
        ("c-bird", "chirp_tts"),
    ):
        install(site, package, chirp(name), kind="tts", name=name, item="ChirpTTS")
    found = look(site)
    assert found["engines"]["hibari_tts"] == "open_llm_vtuber.engines.tts.hibari_tts"
    assert found["engines"]["chirp_tts"] == "b_bird"
    assert found["problems"] == [
        "the TTS engine hibari_tts of the package a-bird is not used: an engine of ours is called "
        "hibari_tts, too",
        "the TTS engine chirp_tts of the package c-bird is not used: that of another package is "
        "called chirp_tts, too",
    ]


def test_a_broken_plugin_that_is_chosen_leaves_the_rest_of_the_character(site: Path) -> None:
    source = chirp("lacking_tts", "import a_package_of_mars")
    install(site, "lacking", source, kind="tts", name="lacking_tts", item="ChirpTTS")
    found = look(site, "lacking_tts")
    (warning,) = found["warnings"]
    reason = "the TTS engine lacking_tts of the package lacking cannot be imported: "
    assert reason in warning
    assert found["lease"].startswith("The" + reason[3:])


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("lacking:ChirpTTS", "cannot be imported: ModuleNotFoundError: No module named 'mars'"),
        ("lacking:", "is no path of the form package.module:Class"),
        ("chirping:Chirp", "cannot be imported: AttributeError: "),
        ("tests.support.engines:MuteASR", "is no TTS engine: it has to be a class, a TTSEngine"),
    ],
)
def test_a_path_that_leads_to_no_engine_says_why(site: Path, path: str, reason: str) -> None:
    (site / "lacking.py").write_text(chirp("lacking_tts", "import mars"), "utf-8")
    (site / "chirping.py").write_text(chirp("chirp_tts"), "utf-8")
    (mistake,) = look(site, path)["mistakes"]
    assert reason in mistake
    assert "tts_model" in mistake
