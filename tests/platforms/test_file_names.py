"""By the rules of Windows no path from outside means anything but a file below its folder."""

from __future__ import annotations

import ntpath
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from open_llm_vtuber.file_names import is_plain

HOME = r"C:\Users\Ann\chat\characters"
ELSEWHERE = {
    "a drive": "D:/secret.yaml",
    "the present folder of a drive": "D:secret.yaml",
    "the root of this drive": "/secret.yaml",
    "the same with a backslash": "\\secret.yaml",
    "another computer": "//attacker/share/x.yaml",
    "the same with backslashes": "\\\\attacker\\share\\x.yaml",
    "a path without rules": "\\\\?\\C:\\secret.yaml",
    "a device's path": "//./pipe/x",
}
ANOTHER = {
    "a second content": "wren.yaml:secret",
    "the first content, said at length": "wren.png::$DATA",
    "a dot that is dropped": "secret.json.",
    "blanks that are dropped": "secret.json  ",
    "dots dropped from a folder": "node_modules./x.js",
    "a short name": "NODE_M~1/x.js",
    "a short name with an end": "CONFIG~2.YAM",
    "a device": "nul",
    "a device in capitals, in a folder": "sub/CON",
    "a device with an end": "com1.png",
    "a device with two": "Aux.tar.gz",
    "a device with a blank": "lpt9 .txt",
    "a device with a raised number": "COM¹.log",
    "a console": "CONIN$",
    "a star": "*.yaml",
    "a question mark": "x?.png",
    "a line of a pipe": "a|b",
    "an end of line": "a\nb",
}
PLAIN = [
    "wren.yaml",
    "sub/wren.yaml",
    "sub\\wren.yaml",
    "小鹤.yaml",
    "console.log",
    "com.png",
    "com10.png",
    "nullable.yaml",
    "about me.png",
    "v1.2.png",
    "~notes.txt",
    "../characters/wren.yaml",
    "./wren.yaml",
    "",
]


@pytest.mark.parametrize("name", [*ELSEWHERE, *ANOTHER])
def test_what_windows_would_take_for_something_else_is_not_plain(name: str) -> None:
    assert not is_plain({**ELSEWHERE, **ANOTHER}[name], PureWindowsPath)


@pytest.mark.parametrize("path", PLAIN)
def test_the_names_of_files_are(path: str) -> None:
    assert is_plain(path, PureWindowsPath)


def test_elsewhere_only_a_root_leads_away() -> None:
    assert is_plain("12:30.png", PurePosixPath)
    assert is_plain("con", PurePosixPath)
    assert is_plain("what?", PurePosixPath)
    assert is_plain("\\secret.yaml", PurePosixPath)
    assert not is_plain("/secret.yaml", PurePosixPath)


@given(st.text(st.sampled_from("aC:~1/\\. *cCoOnNuUlL$¹é"), max_size=12))
def test_a_plain_path_stays_below_its_folder_under_its_own_name(path: str) -> None:
    if is_plain(path, PureWindowsPath):
        whole = PureWindowsPath(HOME, path)
        assert whole.drive == "C:"
        assert not whole.is_reserved()
        assert ntpath.isabs(whole)
        if ".." not in whole.parts:
            assert whole.is_relative_to(HOME)
            assert all(part == part.rstrip(". ") for part in whole.parts[1:])
