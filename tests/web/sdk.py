"""Archives as Live2D's SDK is one, and a server that hands them out, well or badly."""

from __future__ import annotations

import io
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SCRIPT = b"""/**
 * Live2D Cubism Core 5.0.0
 * A stand-in of the tests; the real one is not free software.
 */
var Live2DCubismCore;(function(e){e.Version={}})(Live2DCubismCore||(Live2DCubismCore={}));
"""
FOLDER = "CubismSdkForWeb-5-r.3"
CORE = f"{FOLDER}/Core/live2dcubismcore.min.js"


def archive(members: dict[str, bytes] | None = None) -> bytes:
    """Return a .zip; by default one that looks like the SDK."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in (members if members is not None else sdk()).items():
            file.writestr(name, content)
    return buffer.getvalue()


def sdk(script: bytes = SCRIPT) -> dict[str, bytes]:
    return {
        f"{FOLDER}/README.md": b"# Cubism SDK",
        f"{FOLDER}/Core/live2dcubismcore.js": b"/* not this one */" + script,
        CORE: script,
        f"{FOLDER}/Samples/index.html": b"<!doctype html>",
    }


class Vendor(ThreadingHTTPServer):
    """Answers every path with `body`, or as a test wants it."""

    daemon_threads = True

    def __init__(self, body: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.body = body
        self.status = 200
        self.redirects: dict[str, str] = {}
        self.cut_after: int | None = None
        self.chunked = False
        self.asked: list[str] = []
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,))
        self._thread.start()

    def url(self, host: str = "127.0.0.1", path: str = "/sdk.zip") -> str:
        return f"http://{host}:{self.server_port}{path}"

    def close(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Vendor
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        vendor = self.server
        vendor.asked.append(self.path)
        if location := vendor.redirects.get(self.path):
            self.send_response(302)
            self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(vendor.status)
        self.send_header("Connection", "close")
        self.close_connection = True
        if not vendor.chunked:
            self.send_header("Content-Length", str(len(vendor.body)))
        self.end_headers()
        self.wfile.write(vendor.body[: vendor.cut_after])

    def log_message(self, *args: object) -> None:
        return
