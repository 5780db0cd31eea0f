"""Archives are unpacked within bounds, and nothing leads out of them."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest

from open_llm_vtuber.looks import archive
from open_llm_vtuber.looks.archive import Unpacked, unpack
from open_llm_vtuber.looks.errors import LookError, LookTooLargeError
from tests.looks.makers import PICTURE, cat, linked, model3, zipped, zipped_as


def unpacked(tmp_path: Path, data: bytes) -> Unpacked:
    upload, folder = tmp_path / "upload", tmp_path / "files"
    upload.write_bytes(data)
    folder.mkdir()
    return unpack(upload, folder)


def written(tmp_path: Path) -> list[str]:
    """Return all that is on the disk besides the upload."""
    found = (one.relative_to(tmp_path).as_posix() for one in tmp_path.rglob("*") if one.is_file())
    return sorted(one for one in found if one != "upload")


def test_a_models_files_are_taken_and_others_are_not(tmp_path: Path) -> None:
    files = {
        **cat("joy"),
        "cat/readme.txt": b"You may stroke her.",
        "cat/run.js": b"alert(1)",
        "cat/index.HTML": b"<script>",
        "cat/picture.svg": b"<svg/>",
        "cat/cat.cmo3": b"a source",
        "cat/.hidden.json": b"{}",
        "__MACOSX/cat/._cat.png": b"x",
        "cat/.git/config.json": b"{}",
    }
    found = unpacked(tmp_path, zipped(files))
    assert sorted(found.files) == sorted(cat("joy"))
    assert written(tmp_path) == sorted(f"files/{one}" for one in cat("joy"))
    assert found.licence == "You may stroke her."
    left_out = {"cat/run.js", "cat/index.HTML", "cat/picture.svg", "cat/cat.cmo3"}
    assert set(found.left_out) == left_out | {"cat/.git/config.json"}


@pytest.mark.parametrize(
    "name",
    [
        "../evil.json",
        "cat/../../evil.json",
        "/etc/evil.json",
        "..\\evil.json",
        "cat\\..\\..\\evil.json",
        "C:\\evil.json",
        "c:evil.json",
        "\\\\host\\share\\evil.json",
        "../evil.txt",
    ],
)
def test_paths_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(LookError, match="leads out"):
        unpacked(tmp_path, zipped({**cat(), name: b"{}"}))
    assert written(tmp_path) == []


@pytest.mark.parametrize(
    "name",
    ["con.json", "cat/nul.png", "cat/a:b.json", "cat/end./x.json", "cat/\x07.json", "a/CAT~1.json"],
)
def test_names_that_some_system_cannot_keep_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(LookError, match="name"):
        unpacked(tmp_path, zipped({name: b"{}"}))
    assert written(tmp_path) == []


def test_names_that_are_too_long_are_refused(tmp_path: Path) -> None:
    for number, name in enumerate(("a" * 300 + ".json", "/".join("a" * 30) + "/x.json")):
        place = tmp_path / str(number)
        place.mkdir()
        with pytest.raises(LookError, match="too long"):
            unpacked(place, zipped({name: b"{}"}))


def test_a_link_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LookError, match="link"):
        unpacked(tmp_path, linked("cat/out.json", "/etc/passwd"))
    assert written(tmp_path) == []


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LookError, match="one name"):
        unpacked(tmp_path, zipped({"cat/a.json": b"{}", "cat/A.json": b"{}"}))


def test_a_file_and_a_folder_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LookError, match="one name"):
        unpacked(tmp_path, zipped({"cat.json": b"{}", "cat.json/a.json": b"{}"}))


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    data = zipped({f"{number}.wav": bytes(40 * 2**20) for number in range(3)})
    assert len(data) < 2**20
    with pytest.raises(LookTooLargeError, match="unpacked"):
        unpacked(tmp_path, data)
    size = sum((tmp_path / one).stat().st_size for one in written(tmp_path))
    assert size <= archive.MAX_RATIO * len(data) + 17 * 2**20


def test_a_file_that_lies_about_its_size_is_counted(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.json": bytes(20 * 2**20)}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    with pytest.raises(LookError):
        unpacked(tmp_path, bytes(data))


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    data = zipped({f"{number}.json": b"{}" for number in range(archive.MOST_ENTRIES + 1)})
    with pytest.raises(LookTooLargeError, match="2000"):
        unpacked(tmp_path, data)
    assert written(tmp_path) == []


def test_a_list_that_counts_too_few_is_refused(tmp_path: Path) -> None:
    """The number of entries at the archive's end may be a lie, too."""
    data = bytearray(zipped({f"{number}.json": b"{}" for number in range(2500)}))
    end = data.rindex(b"PK\x05\x06")
    data[end + 8 : end + 12] = struct_two(5)
    with pytest.raises(LookTooLargeError):
        unpacked(tmp_path, bytes(data))


def struct_two(number: int) -> bytes:
    return number.to_bytes(2, "little") * 2


def test_what_is_locked_or_packed_strangely_is_refused(tmp_path: Path) -> None:
    locked = bytearray(zipped({"a.json": b"{}"}, zipfile.ZIP_STORED))
    locked[6] |= 1
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "1").mkdir()
    with pytest.raises(LookError, match="password"):
        unpacked(tmp_path / "1", bytes(locked))
    (tmp_path / "2").mkdir()
    with pytest.raises(LookError, match="unusual"):
        unpacked(tmp_path / "2", zipped({"a.json": b"{}"}, zipfile.ZIP_LZMA))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.97])
def test_what_is_cut_off_is_refused(tmp_path: Path, share: float) -> None:
    data = zipped(cat("joy"))
    with pytest.raises(LookError):
        unpacked(tmp_path, data[: int(len(data) * share)])


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.png": PICTURE * 50}, zipfile.ZIP_STORED))
    data[100] ^= 0xFF
    with pytest.raises(LookError, match="damaged"):
        unpacked(tmp_path, bytes(data))


def test_no_file_can_be_run(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        info = zipfile.ZipInfo("a.json")
        info.external_attr = 0o100777 << 16
        packed.writestr(info, "{}")
    unpacked(tmp_path, made.getvalue())
    mode = (tmp_path / "files" / "a.json").stat().st_mode
    assert not mode & (stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


@pytest.mark.parametrize(
    ("encoding", "name", "expression"),
    [
        ("cp932", "桃瀬ひより", "笑顔"),
        ("cp932", "表情ソース", "泣き"),
        ("gb18030", "小猫咪模型", "生气"),
        ("gb18030", "测试角色", "开心"),
        ("big5", "測試角色", "開心"),
        ("cp949", "한국어모델", "웃음"),
        ("utf-8", "Ελληνικά", "χαρά"),
    ],
)
def test_names_of_other_computers_are_read(
    tmp_path: Path, encoding: str, name: str, expression: str
) -> None:
    """The archive does not say in which encoding they are; the model in it, which does, helps."""
    files = {
        f"{name}/{name}.model3.json": model3(Textures=[f"{name}.png", f"{expression}.png"]),
        f"{name}/{name}.png": PICTURE,
        f"{name}/{expression}.png": PICTURE,
    }
    found = unpacked(tmp_path, zipped_as(files, encoding))
    assert sorted(found.files) == sorted(files)
    assert written(tmp_path) == sorted(f"files/{one}" for one in files)


@pytest.mark.parametrize(
    ("encoding", "name"), [("cp932", "ひよりのモデル"), ("gb18030", "可爱的小猫")]
)
def test_names_are_read_without_help(tmp_path: Path, encoding: str, name: str) -> None:
    found = unpacked(tmp_path, zipped_as({f"{name}.vrm": b"x", f"{name}.png": b"y"}, encoding))
    assert sorted(found.files) == [f"{name}.png", f"{name}.vrm"]


def test_a_path_that_hides_in_an_encoding_is_refused(tmp_path: Path) -> None:
    """A second byte of cp932 is the sign that Windows has for a slash."""
    found = unpacked(tmp_path, zipped_as({"表示ソ/能.png": b"x"}, "cp932"))
    assert found.files == ("表示ソ/能.png",)
