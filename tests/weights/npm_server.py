"""A server on loopback that speaks the part of the npm registry's HTTP API a download needs."""

from __future__ import annotations

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class NpmServer(ThreadingHTTPServer):
    """Gives the same tarball for every path, from where it is asked for."""

    daemon_threads = True

    def __init__(self, tarball: bytes) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.tarball = tarball
        self.asked: list[tuple[str, int]] = []
        """The path of what was read, and the byte it was read from."""
        self.status = 200
        self.ranges = True
        self.drop_after: int | None = None
        """The connection breaks off after so many bytes."""
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,))
        self._thread.start()

    def close(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    server: NpmServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        server = self.server
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(asked[1]) if asked and server.ranges else 0
        server.asked.append((self.path, start))
        content = server.tarball[start:] if server.status == 200 else b""
        self.send_response(206 if start else server.status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if server.drop_after is not None:
            content = content[: server.drop_after]
            self.close_connection = True
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        pass
