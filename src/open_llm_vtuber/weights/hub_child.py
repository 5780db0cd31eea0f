"""Fetches files of the model hub, in a process of its own: `hub_child [URL PATH BYTES SHA256]...`.

Appends to each PATH from where an earlier run stopped. Ends with code 1 and a line of reason when
it cannot.
"""

from __future__ import annotations

import os
import re
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from ..http_errors import Service
from ..http_settings import proxy_for

PROBE_S = 10
CHUNK_BYTES = 1 << 20


def main() -> None:
    """Fetch what the arguments say."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        arguments = iter(sys.argv[1:])
        for url, path, size, sha256 in zip(*[arguments] * 4, strict=True):
            try:
                fetch(url, Path(path), int(size), sha256)
            except httpx2.TransportError as error:
                host = urlsplit(url).hostname or ""
                proxy = proxy_for(url)
                sys.exit(f"{host} {Service(host, url, proxy=proxy).reason(error)}")
    except Exception as error:  # noqa: BLE001 - the process ends here; its last line says why
        sys.exit(f"{type(error).__name__}: {' '.join(str(error).split())}")


def fetch(url: str, path: Path, size: int, sha256: str) -> None:
    """Bring `path` to its whole size. Errors of the network and of the hub pass through."""
    from huggingface_hub import constants, get_hf_file_metadata
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils._headers import build_hf_headers

    # The library's own download to a folder begins again after every interruption, so we use
    # the two steps below it: ask where the file is, then read it from where we stopped.
    metadata = get_hf_file_metadata(url, timeout=PROBE_S)
    # The ETag of a large file is its SHA-256: another file is noticed before it is fetched.
    etag = metadata.etag or ""
    if re.fullmatch("[0-9a-f]{64}", etag) and etag != sha256:
        sys.exit(f"the hub holds another version of it: expected SHA-256 {sha256}, found {etag}")
    if metadata.size not in (None, size):
        sys.exit(f"the hub holds another version of it: expected {size}, found {metadata.size}")
    # A token is for the hub, not for the server it may send us to.
    headers = build_hf_headers(token=None if metadata.location == url else False)
    # Small chunks: what is in a chunk is lost when the connection drops.
    constants.DOWNLOAD_CHUNK_SIZE = CHUNK_BYTES
    with path.open("ab") as file:
        http_get(
            metadata.location, file, resume_size=file.tell(), headers=headers, expected_size=size
        )


def _end_with_parent() -> None:
    """End this process when the one that started it is gone: then nobody guards the file."""
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
