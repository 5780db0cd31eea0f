"""A server on loopback that speaks the part of the model hub's HTTP API a download needs."""

from __future__ import annotations

import hashlib
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LARGE_BYTES = 1 << 20


class HubServer(ThreadingHTTPServer):
    """Serves `files` as `/<repository>/resolve/<revision>/<name>`.

    As on the hub, a large file is a redirect to a store of blobs, which understands ranges.
    """

    daemon_threads = True

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = files
        self.blobs = {hashlib.sha256(content).hexdigest(): content for content in files.values()}
        self.gets: list[tuple[str, int]] = []
        """Name of what was read, and the byte it was read from."""
        self.folder = ""
        """Where in the repository the files are, with a slash at its end."""
        self.repository = ""
        """The only repository there is; empty: any."""
        self.status = 200
        self.silent = False
        self.lies = False
        """Whether it sends of small files something else than it says."""
        self.floods = False
        """Whether it sends far more of them."""
        self.flooded_bytes = 0
        self.drop_after: int | None = None
        """The next blob breaks off after so many bytes."""
        self.hold_after: int | None = None
        """Blobs stand still after so many bytes, until `released`."""
        self.released = threading.Event()
        self.asked = threading.Event()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,))
        self._thread.start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def close(self) -> None:
        self.released.set()
        self.shutdown()
        self._thread.join()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    server: HubServer
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        self.server.asked.set()
        if self.server.silent:
            self.server.released.wait()
            self.close_connection = True
            return
        path = unquote(urlsplit(self.path).path)
        if self.server.status != 200:
            self.head(self.server.status, {"Content-Length": "0"})
        elif self.server.repository not in path and "/resolve/" in path:
            self.head(404, {"X-Error-Code": "RepoNotFound", "Content-Length": "0"})
        elif match := re.fullmatch(f"/[^/]+/[^/]+/resolve/[^/]+/{self.server.folder}([^/]+)", path):
            self.resolve(match[1])
        elif match := re.fullmatch(r"/blobs/(\w+)", path):
            self.blob(match[1])
        else:
            self.head(404, {"Content-Length": "0"})

    def resolve(self, name: str) -> None:
        content = self.server.files.get(name)
        if content is None:
            missing = {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": COMMIT}
            self.head(404, {**missing, "Content-Length": "0"})
        elif len(content) >= LARGE_BYTES:
            sha256 = hashlib.sha256(content).hexdigest()
            self.head(
                302,
                {
                    # Another host, as on the hub, so that nobody follows it to ask for the head.
                    "Location": f"http://localhost:{self.server.server_port}/blobs/{sha256}",
                    "X-Repo-Commit": COMMIT,
                    "X-Linked-Etag": f'"{sha256}"',
                    "X-Linked-Size": str(len(content)),
                    "Content-Length": "0",
                },
            )
        else:
            if self.command == "GET" and self.server.floods:
                self.flood()
                return
            # Small files are kept in git and have its kind of hash.
            etag = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
            self.head(
                200,
                {
                    "X-Repo-Commit": COMMIT,
                    "ETag": f'"{etag}"',
                    "Content-Length": str(len(content)),
                },
            )
            if self.command == "GET":
                self.server.gets.append((name, 0))
                self.wfile.write(content.swapcase() if self.server.lies else content)

    def flood(self) -> None:
        self.head(200, {"Content-Length": str(200 << 20)})
        try:
            for _ in range(200):
                self.wfile.write(bytes(1 << 20))
                self.server.flooded_bytes += 1 << 20
        except ConnectionError:
            self.close_connection = True

    def blob(self, sha256: str) -> None:
        content = self.server.blobs[sha256]
        match = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        first = int(match[1]) if match else 0
        if self.command == "GET":
            self.server.gets.append((sha256, first))
        headers = {"Content-Length": str(len(content) - first), "Accept-Ranges": "bytes"}
        if match:
            headers["Content-Range"] = f"bytes {first}-{len(content) - 1}/{len(content)}"
        self.head(206 if match else 200, headers)
        if self.command == "GET":
            self.send(content[first:])

    def send(self, content: bytes) -> None:
        try:
            if (cut := self.server.drop_after) is not None:
                self.server.drop_after = None
                self.wfile.write(content[:cut])
                self.close_connection = True
                return
            if (hold := self.server.hold_after) is not None:
                self.wfile.write(content[:hold])
                self.server.released.wait()
                content = content[hold:]
            self.wfile.write(content)
        except ConnectionError:
            self.close_connection = True  # the client left, as some tests make it

    def head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep the tests' output quiet."""
