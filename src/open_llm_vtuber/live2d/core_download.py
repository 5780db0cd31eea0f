"""Live2D's SDK, from Live2D: to a file, within a size, and from no other host."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import anyio

from ..http_errors import Service
from ..http_settings import HttpSettingsError, client_settings
from .core_archive import CoreError, TooLargeError

if TYPE_CHECKING:
    import httpx

MAX_REDIRECTS = 3
STALL_S = 30.0
"""How long the vendor's server may be silent."""
WHOLE_S = 1800.0
"""How long the whole download may take."""


async def download(url: str, target: Path, max_bytes: int) -> None:
    """Write what is at `url` to `target`. Raises CoreError."""
    import httpx  # here, so that a start does not wait for it

    vendor = Service(_host(url), url)
    try:
        # Where we are sent is looked at before we go there.
        ours = partial(client_settings, url, silence_s=STALL_S, follow_redirects=False)
        settings = await anyio.to_thread.run_sync(ours)
        vendor = replace(vendor, proxy=settings["proxy"] or "")
        with anyio.fail_after(WHOLE_S):
            async with httpx.AsyncClient(**settings) as client:
                await _follow(client, url, target, max_bytes)
    except HttpSettingsError as error:
        raise CoreError(str(error)) from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        begun = await anyio.to_thread.run_sync(target.exists)
        raise CoreError(vendor.failed(error, answering=begun).text) from None
    except TimeoutError:
        raise CoreError(f"{_host(url)} took longer than {WHOLE_S / 60:.0f} minutes.") from None


async def _follow(client: httpx.AsyncClient, url: str, target: Path, max_bytes: int) -> None:
    here = url
    for _ in range(MAX_REDIRECTS + 1):
        # Not compressed on the way: a small answer that unfolds is not the archive.
        async with client.stream("GET", here, headers={"Accept-Encoding": "identity"}) as answer:
            if not answer.is_redirect:
                await _receive(answer, target, max_bytes)
                return
            here = urljoin(here, answer.headers.get("location", ""))
        if _place(here) != _place(url):
            # Whoever could send us elsewhere could have us ask any address in this network, and
            # run any script in our page.
            raise CoreError(f"{_host(url)} leads to another server ({_host(here)}).")
    raise CoreError(f"{_host(url)} leads round in circles.")


async def _receive(answer: httpx.Response, target: Path, max_bytes: int) -> None:
    if answer.status_code != HTTPStatus.OK:
        raise CoreError(f"{answer.url.host} answered {answer.status_code} {answer.reason_phrase}.")
    length = answer.headers.get("content-length", "")
    if length.isdecimal() and int(length) > max_bytes:
        raise _too_large(max_bytes)
    size = 0
    with target.open("wb") as file:
        async for chunk in answer.aiter_raw():
            size += len(chunk)
            if size > max_bytes:
                raise _too_large(max_bytes)
            await anyio.to_thread.run_sync(_write, file, chunk)


def _write(file: IO[bytes], chunk: bytes) -> None:
    file.write(chunk)


def _too_large(max_bytes: int) -> TooLargeError:
    return TooLargeError(
        f"What is there is over {max_bytes / 2**20:.0f} MiB (system_config.limits.max_sdk_bytes)."
    )


def _place(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port


def _host(url: str) -> str:
    return urlsplit(url).hostname or url
