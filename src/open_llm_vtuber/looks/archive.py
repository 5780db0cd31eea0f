"""A ZIP, unpacked into an empty folder within bounds: what a look is made of, and nothing else."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from ..text_encoding import UnknownEncodingError, decode
from .entry_names import checked, decoded, refuse_odd
from .errors import LookError, LookTooLargeError
from .json_values import read_json

TAKEN = frozenset(
    {".json", ".moc3", ".png", ".jpg", ".jpeg", ".webp", ".wav", ".mp3", ".ogg", ".vrm"}
)
"""What a model is made of. All else stays in the archive, and all that a browser runs."""
MOST_ENTRIES = 2000
MAX_DIRECTORY_BYTES = 2 * 2**20
"""Of the archive's list of files, which is read into memory whole."""
MAX_UNPACKED_BYTES = 600 * 2**20
MAX_RATIO = 100
"""How many bytes may come of one, of the whole archive; 16 MiB are always allowed."""
MAX_JSON_BYTES = 32 * 2**20
MAX_TEXT_BYTES = 64 * 2**10
MOST_ASKED = 12
"""Models that are asked which names there must be."""

_END = struct.Struct("<4s4H2LH")
"""End of central directory record, APPNOTE.TXT 4.3.16."""
_UTF_8 = 0x800
_LOCKED = 0x1
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_TEXTS = frozenset({".txt", ".md"})
_LICENCE = (
    *("licen", "terms", "copyright", "eula", "readme", "read me", "notice"),
    *("利用", "規約", "规约", "使用", "须知", "授权", "許諾", "许可", "说明", "注意", "はじめ"),
)
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError),
    *(OSError, EOFError, ValueError),
)


@dataclass(frozen=True)
class Unpacked:
    """What was in an archive."""

    files: tuple[str, ...]
    """Paths of what was written, below the folder."""
    left_out: tuple[str, ...]
    """Paths of what was not."""
    licence: str
    """The texts that look like terms of use, "" without any."""


def unpack(archive: Path, folder: Path) -> Unpacked:
    """Unpack an archive into `folder`, which is empty. It blocks. Raises LookError and OSError."""
    with archive.open("rb") as file:
        _check_directory(file)
        try:
            with zipfile.ZipFile(file) as packed:
                return _unpacked(packed, folder, _allowance(archive))
        except LookError:
            raise
        except _DAMAGE as error:
            if isinstance(error, OSError) and error.errno:  # the disk's, not the archive's
                raise
            raise LookError(
                "The archive is damaged or not complete: get it once more, or pack it anew."
            ) from None


def _allowance(archive: Path) -> int:
    return min(MAX_UNPACKED_BYTES, MAX_RATIO * archive.stat().st_size + 16 * 2**20)


def _check_directory(file: IO[bytes]) -> None:
    """Refuse an archive whose list of files is too long, before it is read."""
    size = file.seek(0, 2)
    file.seek(max(size - _END.size - 0xFFFF - 20, 0))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise LookError("The archive is not complete: its end is missing. Get it once more.")
    fields = _END.unpack_from(tail, at)
    zip64 = tail[max(at - 20, 0) : at].startswith(b"PK\x06\x07")
    if fields[4] > MOST_ENTRIES or fields[5] > MAX_DIRECTORY_BYTES or zip64:
        raise LookTooLargeError(
            f"The archive holds more than {MOST_ENTRIES} files: pack only the model's own."
        )
    file.seek(0)


def _unpacked(packed: zipfile.ZipFile, folder: Path, allowed: int) -> Unpacked:
    infos = packed.infolist()
    if len(infos) > MOST_ENTRIES:
        raise LookTooLargeError(f"The archive holds more than {MOST_ENTRIES} files.")
    for info in infos:
        _refuse_special(info)
    names = [checked(name) for name in _names(packed, infos)]
    files, left_out, texts = [], [], []
    taken: dict[str, str] = {}
    for info, name in zip(infos, names, strict=True):
        parts = PurePosixPath(name).parts
        if info.is_dir() or not parts or "__MACOSX" in parts or parts[-1].startswith("."):
            continue
        suffix = PurePosixPath(name).suffix.lower()
        if suffix in _TEXTS and info.file_size <= MAX_TEXT_BYTES and _is_licence(name):
            texts.append((info, name))
        elif suffix not in TAKEN or any(part.startswith(".") for part in parts):
            left_out.append(name)
        else:
            refuse_odd(name)
            if (other := taken.setdefault(name.casefold(), name)) is not name:
                raise LookError(f'The archive holds two files of one name ("{other[:80]}").')
            files.append((info, name))
    for info, name in files:
        allowed -= _write(packed, info, folder / name, allowed)
    licence = "\n\n".join(_text(packed, info) for info, _ in texts[:3]).strip()
    return Unpacked(tuple(name for _, name in files), tuple(left_out), licence)


def _refuse_special(info: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind and kind not in (stat.S_IFREG, stat.S_IFDIR):
        raise LookError(
            "The archive holds a link, which would lead out of it. Pack the files themselves."
        )
    if info.flag_bits & _LOCKED:
        raise LookError("The archive is locked with a password: unpack it, and give the folder.")
    if info.compress_type not in _PACKINGS:
        raise LookError(
            "The archive is packed in an unusual way: unpack it, and give the folder, "
            "or pack it anew as a plain ZIP."
        )


def _names(packed: zipfile.ZipFile, infos: Sequence[zipfile.ZipInfo]) -> list[str]:
    """Return the names as they were meant: most archives do not say in which encoding they are."""
    unknown = [info for info in infos if not info.flag_bits & _UTF_8]
    raw = [info.orig_filename.encode("cp437") for info in unknown]
    if all(one.isascii() for one in raw):
        return [info.orig_filename for info in infos]
    named: set[str] = set()
    models = [info for info in infos if info.orig_filename.lower().endswith(".model3.json")]
    for info in models[:MOST_ASKED]:
        named |= _texts_in(_json(packed, info))
    meant = dict(zip(map(id, unknown), decoded(raw, named), strict=True))
    return [meant.get(id(info), info.orig_filename) for info in infos]


def _json(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> object:
    with packed.open(info) as member:
        data = member.read(2**20)
    try:
        return read_json(data)
    except ValueError:
        return None


def _texts_in(value: object) -> set[str]:
    if isinstance(value, str):
        return {value}
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return set().union(*map(_texts_in, inner))


def _write(packed: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, allowed: int) -> int:
    """Write a file of an archive; return its size. What its list says of the size may be a lie."""
    most = min(allowed, MAX_JSON_BYTES) if path.suffix.lower() == ".json" else allowed
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        written = 0
        with packed.open(info) as member, path.open("xb") as file:
            while part := member.read(2**18):
                written += len(part)
                if written > most:
                    raise LookTooLargeError(
                        "The archive holds far more than a model does once it is unpacked. "
                        "Nothing was taken."
                    )
                file.write(part)
    except (FileExistsError, NotADirectoryError):
        raise LookError("The archive holds a file and a folder of one name.") from None
    return written


def _is_licence(name: str) -> bool:
    last = PurePosixPath(name).name.lower()
    return any(word in last for word in _LICENCE)


def _text(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> str:
    with packed.open(info) as member:
        data = member.read(MAX_TEXT_BYTES)
    try:
        text = decode(data).text
    except UnknownEncodingError:
        text = data.decode("utf-8", "replace")
    return "".join(char for char in text if char.isprintable() or char in "\n\t")
