"""Pictures that the page made are files of avatars/, whatever the list of them says."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import yaml

from open_llm_vtuber.config import load_config
from open_llm_vtuber.config.characters import Characters
from open_llm_vtuber.server.made_pictures import LEDGER, MadePictures
from tests.support.live import conf


def test_nothing_elsewhere_is_deleted(tmp_path: Path) -> None:
    path = tmp_path / "conf.yaml"
    path.write_text(yaml.safe_dump(conf(vad=None)), "utf-8")
    characters = Characters(tmp_path, path, load_config(path).config)
    characters.folder.mkdir()
    characters.avatars.mkdir()
    elsewhere, ours = tmp_path / "notes.png", characters.avatars / "maren.png"
    for one in (elsewhere, ours):
        one.write_bytes(b"x")
    long_unused = {"sha256": sha256(b"x").hexdigest(), "unused_since_s": 1.0}
    names = ("../notes.png", str(elsewhere), ours.name)
    (characters.folder / LEDGER).write_text(json.dumps(dict.fromkeys(names, long_unused)), "utf-8")
    MadePictures(characters).sweep()
    assert elsewhere.exists()
    assert not ours.exists()
