"""A file of the configuration is replaced as a whole, the old one kept, and nobody's work lost."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from open_llm_vtuber.config import ConfigError
from open_llm_vtuber.config.rewriting import (
    BACKUPS,
    ChangedMeanwhileError,
    Written,
    etag,
    restore,
    rewrite,
)
from open_llm_vtuber.config.source import Location, Source

CHANGES: dict[Location, str] = {("a",): "new"}


def taken(source: Source) -> object:
    return source.values["a"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "gb18030"])
def test_the_file_keeps_its_encoding_and_the_old_one_is_kept(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "conf.yaml"
    text = "a: 旧 # 这是我们的角色，她喜欢聊天，也喜欢看星星。\r\nb: 2\r\n"
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    path.write_bytes(before := mark + text.encode(encoding))
    written = rewrite(path, CHANGES, taken)
    assert written == Written(etag(before), etag(path.read_bytes()))
    assert path.read_bytes() == mark + text.replace("旧", "new").encode(encoding)
    assert (tmp_path / "conf.yaml.bak").read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["conf.yaml", "conf.yaml.bak"]


def test_what_is_refused_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "conf.yaml"
    path.write_text("a: 1\n")

    def refused(source: Source) -> object:
        raise ConfigError([f"{source.name}: no"])

    with pytest.raises(ConfigError, match="no"):
        rewrite(path, CHANGES, refused)
    path.write_text("a: [\n")
    with pytest.raises(ConfigError, match=r"conf\.yaml:2: not valid YAML"):
        rewrite(path, CHANGES, taken)
    assert path.read_text() == "a: [\n"
    assert [one.name for one in tmp_path.iterdir()] == ["conf.yaml"]


def test_what_somebody_writes_meanwhile_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "conf.yaml"
    path.write_text("a: 1\n")
    seen: list[dict[str, object]] = []

    def saved_meanwhile(source: Source) -> object:
        seen.append(dict(source.values))
        if len(seen) == 1:
            path.write_text("a: 1 # by hand\nb: 2\n")
        return None

    rewrite(path, CHANGES, saved_meanwhile)
    assert path.read_text() == "a: new # by hand\nb: 2\n"
    assert seen[-1] == {"a": "new", "b": 2}

    path.write_text("a: 1\n")

    def always(source: Source) -> object:
        path.write_text(f"{path.read_text()}b{len(path.read_text())}: {source.name}\n")
        return None

    with pytest.raises(ConfigError, match=r"somebody else is writing it.*by hand: a: new"):
        rewrite(path, CHANGES, always)


def test_what_is_there_already_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "conf.yaml"
    path.write_text("a: new\n")
    assert rewrite(path, CHANGES, taken) is None
    assert [one.name for one in tmp_path.iterdir()] == ["conf.yaml"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_a_link_stays_one_and_nobody_else_may_read_more(tmp_path: Path) -> None:
    real, link = tmp_path / "real.yaml", tmp_path / "conf.yaml"
    real.write_text("a: 1\n")
    real.chmod(0o600)
    link.symlink_to(real)
    rewrite(link, CHANGES, taken)
    assert link.is_symlink()
    assert real.read_text() == "a: new\n"
    for name in ("real.yaml", "real.yaml.bak"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def test_a_folder_that_cannot_be_written_is_told_with_what_to_write(tmp_path: Path) -> None:
    path = tmp_path / "conf.yaml"
    path.write_text("a: 1\n")
    (tmp_path / "conf.yaml.bak").mkdir()
    with pytest.raises(ConfigError, match=r"could not be written.*by hand: a: new"):
        rewrite(path, CHANGES, taken)
    assert path.read_text() == "a: 1\n"


def test_a_file_that_is_read_only_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "conf.yaml"
    path.write_text("a: 1\n")
    path.chmod(0o444)
    with pytest.raises(ConfigError, match="it is read-only"):
        rewrite(path, CHANGES, taken)
    assert path.read_text() == "a: 1\n"
    assert [one.name for one in tmp_path.iterdir()] == ["conf.yaml"]


def test_it_can_be_again_what_it_was(tmp_path: Path) -> None:
    path = tmp_path / "conf.yaml"
    path.write_text("a: 1 # mine\n")
    written = rewrite(path, CHANGES, taken)
    assert written is not None
    assert restore(path, written)
    assert path.read_text() == "a: 1 # mine\n"


def test_what_was_written_since_stays(tmp_path: Path) -> None:
    path = tmp_path / "conf.yaml"
    path.write_text("a: 1 # mine\n")
    written = rewrite(path, CHANGES, taken)
    assert written is not None
    path.write_text("a: by hand\n")
    assert not restore(path, written)
    assert path.read_text() == "a: by hand\n"


def test_a_change_of_what_is_no_longer_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "conf.yaml"
    path.write_text("a: 1\n")
    seen = etag(path.read_bytes())
    path.write_text("a: 2\n")
    with pytest.raises(ChangedMeanwhileError, match=r"conf\.yaml was changed by somebody else"):
        rewrite(path, CHANGES, taken, expected=seen)
    assert path.read_text() == "a: 2\n"

    def by_hand(source: Source) -> object:
        path.write_text("a: 3\n")
        return source

    with pytest.raises(ChangedMeanwhileError):
        rewrite(path, CHANGES, by_hand, expected=etag(path.read_bytes()))
    assert path.read_text() == "a: 3\n"
    assert rewrite(path, CHANGES, taken, expected=etag(path.read_bytes()))


def test_so_many_are_kept_and_each_change_can_be_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "conf.yaml"
    path.write_text("a: 0\n")
    done: list[Written] = []
    for number in range(1, 8):
        written = rewrite(path, {("a",): number}, taken)
        assert written is not None
        done.append(written)
    kept = [(tmp_path / f"conf.yaml{suffix}").read_text() for suffix in BACKUPS]
    assert kept == ["a: 6\n", "a: 5\n", "a: 4\n", "a: 3\n", "a: 2\n"]
    assert len(list(tmp_path.iterdir())) == 1 + len(BACKUPS)
    assert [restore(path, one) for one in reversed(done)] == [True] * 5 + [False] * 2
    assert path.read_text() == "a: 2\n"


def test_what_is_secret_is_kept_once_only(tmp_path: Path) -> None:
    path = tmp_path / "conf.yaml"
    path.write_text("a: 1\n")
    assert rewrite(path, CHANGES, taken, backups=False)
    assert [one.name for one in tmp_path.iterdir()] == ["conf.yaml"]
