"""`--voices`, as a real process."""

from __future__ import annotations

from pathlib import Path

from open_llm_vtuber.cli.voices import table
from open_llm_vtuber.engines.tts.base import VoiceInfo
from tests.support.commands import run
from tests.support.live import conf

from .test_main import write


def test_it_lists_the_voices_of_the_chosen_engine(tmp_path: Path) -> None:
    write(tmp_path, conf(tts="hibari_tts"))
    done = run("--voices", "--offline", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["heart", "en-US", "female", "Heart"]


def test_an_engine_that_lists_none_is_told(tmp_path: Path) -> None:
    write(tmp_path, conf(tts="tests.support.engines:ToneTTS"))
    done = run("--voices", "--offline", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "does not list its voices" in done.stdout


def test_why_they_cannot_be_asked_for_is_one_line(tmp_path: Path) -> None:
    write(tmp_path, conf(tts="edge_tts"))
    done = run("--voices", "--offline", folder=tmp_path)
    assert done.returncode == 1
    assert "this is --offline" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_columns_stand_below_each_other() -> None:
    voices = [VoiceInfo("a", "Anna", ("en-US", "de-DE"), "female"), VoiceInfo("long", "L.")]
    assert table(voices) == "a     en-US de-DE  female  Anna\nlong                       L."
