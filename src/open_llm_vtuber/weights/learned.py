"""What the model hub says of files that no catalogue has: size and hash, held to from then on.

A large file has its SHA-256 there. A small one has the hash of git: it is read, compared with that,
and its SHA-256 taken of what was read.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import anyio
import httpx
from loguru import logger
from pydantic import ValidationError

from ..http_errors import Service
from ..http_settings import HttpSettingsError, client_settings
from . import hub
from .catalogue import Entry, HubSource, WeightFile
from .errors import SilentSourceError, SourceError

RECORD = ".hub.json"
"""In the folder of the files, what was learned of them."""
SMALL_BYTES = 1 << 24
"""What is larger has a SHA-256 at the hub."""
MOST_REDIRECTS = 3
_SIZE = re.compile("[1-9][0-9]{0,14}")
_SHA256, _GIT = re.compile("[0-9a-f]{64}"), re.compile("[0-9a-f]{40}")


async def learn(name: str, licence: str, source: HubSource, files: Sequence[str]) -> Entry:
    """Ask the hub what files are. Raises SourceError."""
    base = hub.address_of(source)
    host = urlsplit(base).hostname or ""
    try:
        settings = await asyncio.to_thread(client_settings, base, follow_redirects=False)
        async with httpx.AsyncClient(**settings) as client:
            known = [await _described(client, f"{base}/{quote(file)}", file) for file in files]
    except HttpSettingsError as error:
        raise SourceError(str(error)) from error
    except (TimeoutError, asyncio.TimeoutError, httpx.TimeoutException):
        text = f"{host} did not answer within {hub.ANSWER_S:.0f} s"
        raise SilentSourceError(text) from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        service = Service(host, base, proxy=settings["proxy"] or "")
        raise SilentSourceError(f"{host} {service.reason(error)}") from error
    return Entry(name=name, licence=licence, files=tuple(known), sources=(source,))


async def _described(client: httpx.AsyncClient, url: str, file: str) -> WeightFile:
    """Return the size and the SHA-256 of a file. Raises SourceError, and what httpx raises."""
    head = await _head(client, url)
    host = urlsplit(url).hostname
    if head.status_code >= httpx.codes.BAD_REQUEST:
        raise SourceError(f"{host} answered {head.status_code} {head.reason_phrase} for {file}")
    tag = head.headers.get("X-Linked-Etag") or head.headers.get("ETag") or ""
    tag = tag.removeprefix("W/").strip('"')
    size = head.headers.get("X-Linked-Size") or head.headers.get("Content-Length") or ""
    if not _SIZE.fullmatch(size):
        raise SourceError(f"{host} does not say how large {file} is")
    if _SHA256.fullmatch(tag):
        return WeightFile(name=file, bytes=int(size), sha256=tag)
    if not _GIT.fullmatch(tag) or int(size) > SMALL_BYTES:
        raise SourceError(f"{host} does not say which hash {file} has")
    content = await _content(client, url, int(size))
    if hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest() != tag:  # noqa: S324 - git's
        raise SourceError(f"{host} sent another {file} than it said")
    return WeightFile(name=file, bytes=len(content), sha256=hashlib.sha256(content).hexdigest())


async def _content(client: httpx.AsyncClient, url: str, most: int) -> bytes:
    """Return what a small file holds, as far as it is not larger than it should be."""
    content = bytearray()
    with anyio.fail_after(hub.ANSWER_S):
        async with client.stream("GET", url, follow_redirects=True, headers=_AS_IT_IS) as found:
            async for chunk in found.aiter_raw():
                content += chunk
                if len(content) > most:
                    break
    return bytes(content)


_AS_IT_IS = {"Accept-Encoding": "identity"}


async def _head(client: httpx.AsyncClient, url: str) -> httpx.Response:
    """Ask for the head of a file, also where the hub has it under another name of its own."""
    for _ in range(MOST_REDIRECTS):
        head = await asyncio.wait_for(client.head(url, headers=_AS_IT_IS), hub.ANSWER_S)
        there = urljoin(url, head.headers.get("Location", ""))
        elsewhere = urlsplit(there).netloc != urlsplit(url).netloc
        if not head.has_redirect_location or "X-Linked-Etag" in head.headers or elsewhere:
            break
        url = there
    return head


def recorded(folder: Path) -> Entry | None:
    """Return what was learned of the files of a folder before. It blocks."""
    file = folder / RECORD
    if not file.is_file():
        return None
    try:
        return Entry.model_validate_json(file.read_bytes())
    except ValidationError:
        logger.warning("{} is damaged; the hub is asked again", file)
        return None


def record(folder: Path, entry: Entry) -> None:
    """Keep what was learned of the files of a folder. It blocks."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{RECORD}.draft"
    draft.write_text(entry.model_dump_json(indent=2), encoding="utf-8")
    draft.replace(folder / RECORD)
