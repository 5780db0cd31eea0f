"""The model hub as a source: huggingface_hub in a child process, resumed and verified."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable
from urllib.parse import quote, urlsplit

from loguru import logger

from ..http_errors import Service
from ..http_settings import HttpSettingsError, client_settings, environment
from .catalogue import HubSource, WeightFile
from .children import run_child
from .errors import SilentSourceError, SourceError, WrongFileError, reason_from
from .files import off_loop, sha256_of, size_of
from .folder import EntryFolder

PUBLIC_HUB = "https://huggingface.co"
ANSWER_S = 4.0
"""How long the hub may take to say whether it has a file."""
STALL_S = 60.0
"""How long a download may stand still before it is given up."""
POLL_S = 0.2


def address_of(source: HubSource) -> str:
    """Return where its files are, without a slash at the end."""
    endpoint = (os.environ.get("HF_ENDPOINT") or PUBLIC_HUB).rstrip("/")
    path = f"{source.repository}/resolve/{source.revision}/{quote(source.folder)}"
    return f"{endpoint}/{path}".rstrip("/")


async def deliver(source: HubSource, folder: EntryFolder, report: Callable[[int], None]) -> None:
    """Bring the missing files into the folder, telling `report` the entry's bytes so far.

    What arrived stays when it is cancelled or the connection drops. Raises SourceError.
    """
    base = address_of(source)
    files = folder.missing()
    for file in files:
        if size_of(folder.partial(file)) > file.bytes:
            folder.partial(file).unlink()
    await _probe(f"{base}/{quote(files[0].name)}")
    await _download(base, folder, files, report)
    for file in files:
        growing = folder.partial(file)
        try:
            folder.accept(file, growing, await off_loop(sha256_of, growing))
        except WrongFileError:
            growing.unlink()
            raise


async def _probe(url: str) -> None:
    """Ask for the file's head, so that a network without a hub costs seconds, not minutes."""
    import httpx

    host = urlsplit(url).hostname
    try:
        settings = await asyncio.to_thread(client_settings, url, follow_redirects=False)
        async with httpx.AsyncClient(**settings) as client:
            response = await asyncio.wait_for(client.head(url), ANSWER_S)
    except HttpSettingsError as error:
        raise SourceError(str(error)) from error
    except (asyncio.TimeoutError, httpx.TimeoutException):
        raise SilentSourceError(f"{host} did not answer within {ANSWER_S:.0f} s") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        hub = Service(host or "", url, proxy=settings["proxy"] or "")
        raise SilentSourceError(f"{host} {hub.reason(error)}") from error
    if response.status_code >= httpx.codes.BAD_REQUEST:
        raise SourceError(f"{host} answered {response.status_code} {response.reason_phrase}")


async def _download(
    base: str, folder: EntryFolder, files: list[WeightFile], report: Callable[[int], None]
) -> None:
    """Bring the partial files to their whole size, with huggingface_hub in a child."""
    variables = {
        **environment(),
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    }
    arguments = [sys.executable, "-m", f"{__package__}.hub_child"]
    for file in files:
        url, growing = f"{base}/{quote(file.name)}", folder.partial(file)
        arguments += [url, str(growing), str(file.bytes), file.sha256]
    here = folder.entry.total_bytes - sum(file.bytes for file in files)
    arrived, grew_at = -1, time.monotonic()
    child = asyncio.ensure_future(run_child(arguments, variables, _log))
    try:
        while not (await asyncio.wait([child], timeout=POLL_S))[0]:
            found, now = sum(size_of(folder.partial(file)) for file in files), time.monotonic()
            if found != arrived:
                arrived, grew_at = found, now
                report(here + arrived)
            elif now - grew_at > STALL_S:
                raise SourceError(f"{urlsplit(base).hostname} stopped sending for {STALL_S:.0f} s")
    finally:
        child.cancel()
        await asyncio.wait([child])
    ended = child.result()
    if ended.code != 0:
        last = ended.lines[-1] if ended.lines else f"ended with code {ended.code}"
        raise SourceError(reason_from(last))


def _log(line: str) -> None:
    logger.debug("hub: {}", line)
