"""The one file that is wanted, out of Live2D's SDK or by itself; nothing else is written."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import IO

NAME = "live2dcubismcore.min.js"
MARK = b"Live2DCubismCore"
"""The name of the object that the Core's script makes."""

MAX_CORE_BYTES = 8 * 2**20
"""The Core is about 0.2 MB."""
MAX_DIRECTORY_BYTES = 4 * 2**20
"""Of the list of an archive's files; Live2D's is below 0.2 MB. It is read into memory whole."""

_END = struct.Struct("<4s4H2LH")
"""End of central directory record, APPNOTE.TXT 4.3.16."""


class CoreError(Exception):
    """What was given is not the Core, or it could not be had; the text says how to mend it."""


class TooLargeError(CoreError):
    """It is larger than the Core or the SDK can be."""


def core_of(file: IO[bytes]) -> bytes:
    """Return the Core's script from `file`: Live2D's SDK as .zip, or the script. Raises CoreError.

    It is looked at, not run.
    """
    file.seek(0)
    script = _from_zip(file) if file.read(4) == b"PK\x03\x04" else _whole(file)
    if MARK not in script or b"\0" in script or not _is_text(script):
        raise CoreError(
            f"This is not Live2D's Core. Choose {NAME}, or the .zip of the Cubism SDK for Web."
        )
    return script


def _whole(file: IO[bytes]) -> bytes:
    file.seek(0)
    script = file.read(MAX_CORE_BYTES + 1)
    if len(script) > MAX_CORE_BYTES:
        raise TooLargeError(
            f"A script of more than {MAX_CORE_BYTES // 2**20} MiB is not Live2D's Core."
        )
    return script


def _from_zip(file: IO[bytes]) -> bytes:
    try:
        _check_directory(file)
        with zipfile.ZipFile(file) as archive:
            found = [info for info in archive.infolist() if _is_core(info.filename)]
            if len(found) != 1:
                raise CoreError(
                    f"This archive does not hold Core/{NAME} as the Cubism SDK for Web does. "
                    "The SDK for Web is needed, not the one for Unity, Java or Native."
                )
            if found[0].compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise CoreError("This archive is compressed in a way that Live2D does not use.")
            # The size in the list may be a lie: what is read counts.
            with archive.open(found[0]) as member:
                script = member.read(MAX_CORE_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        # RuntimeError is a password, NotImplementedError an unusual compression.
        raise CoreError("This archive is damaged, or not complete: load it once more.") from None
    if len(script) > MAX_CORE_BYTES:
        raise TooLargeError(
            f"Core/{NAME} in this archive is more than {MAX_CORE_BYTES // 2**20} MiB; "
            "the real one is not."
        )
    return script


def _is_core(name: str) -> bool:
    """Return whether a member is the Core: below the folder of the SDK, or at the top."""
    parts = PurePosixPath(name).parts
    return parts[-2:] == ("Core", NAME) and len(parts) <= 3 and not {"..", "/"} & set(parts)


def _check_directory(file: IO[bytes]) -> None:
    """Refuse an archive whose list of files would fill the memory. Raises CoreError."""
    file.seek(0, 2)
    size = file.tell()
    start = max(size - _END.size - 0xFFFF - 20, 0)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise zipfile.BadZipFile
    directory_bytes = _END.unpack_from(tail, at)[5]
    zip64 = tail[max(at - 20, 0) : at].startswith(b"PK\x06\x07")
    if directory_bytes > MAX_DIRECTORY_BYTES or zip64:
        raise TooLargeError("This archive holds more files than the Cubism SDK for Web.")


def _is_text(script: bytes) -> bool:
    try:
        script.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
