"""Serving: the port, the start of uvicorn, and a clean stop."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import suppress
from typing import Any

import uvicorn
from loguru import logger

from ..config import Config
from ..server.server import Server
from ..web.app import create_app
from ..web.binding import bind
from ..web.doorkeeper import BACKLOG
from ..web.http_protocol import ServerConfig
from ..web.https import TwoDoorServer
from ..web.oversize import OversizeProtocol
from ..web.security import Access, Doors
from .doors import open_secure, tell

ENDINGS = ("SIGTERM", "SIGBREAK")
"""Of these Windows has the second: Ctrl+Break, and what a supervisor sends there."""
NATIVE_CALL_S = 2.0
"""How long a native call may still take when everything else has ended."""


def serve(server: Server) -> int:
    """Serve until somebody ends it; return the exit code. Raises BindError, CertificateError."""
    system = server.config.system_config
    sockets = bind(system.host, system.port)  # before anything is started, or another disturbed
    own = Access(system)
    secure, doors = None, Doors(own)
    if system.https:
        secure = open_secure(system, server.folder)
        others = Access.of_others(system, own.token)
        doors = Doors(own, others, secure.authority, secure.hosts)
    app = create_app(server, doors)
    tell(doors, secure)
    # As Ctrl+C does: uvicorn raises the signal once more after a clean stop, which is no failure.
    for name in ENDINGS:
        if known := getattr(signal, name, None):
            signal.signal(known, signal.default_int_handler)
    configured = server_config(app, server.config)
    if secure:
        uvicorn_server: uvicorn.Server = TwoDoorServer(
            configured, secure.sockets, secure.context, secure.follow
        )
    else:
        uvicorn_server = uvicorn.Server(configured)
    with suppress(KeyboardInterrupt):  # uvicorn raises it once more after a clean stop
        uvicorn_server.run(sockets)
    code = 0 if uvicorn_server.started else 1
    _leave_what_hangs(code)
    return code


def _leave_what_hangs(code: int) -> None:
    """End at once if a native call does not: nobody can stop it, and Python would wait for it."""
    until = time.monotonic() + NATIVE_CALL_S
    others = [thread for thread in threading.enumerate() if thread is not threading.main_thread()]
    for thread in others:
        if not thread.daemon:
            thread.join(max(0.0, until - time.monotonic()))
            if thread.is_alive():
                logger.warning("{} does not end; the server ends without it", thread.name)
                logger.complete()
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)


def server_config(app: Any, config: Config) -> ServerConfig:
    """Return how uvicorn serves us.

    Without compression: it costs 7 to 9 ms of the event loop for each sentence of sound, and up to
    90 KiB a connection. With the sans-I/O implementation behind the filter for large messages.
    """
    system = config.system_config
    return ServerConfig(
        app,
        system.limits,
        host=system.host,
        port=system.port,
        backlog=BACKLOG,
        timeout_keep_alive=system.limits.idle_timeout_s,
        ws=OversizeProtocol,
        ws_max_size=system.limits.max_message_bytes,
        ws_ping_timeout=system.limits.pong_timeout_s,
        ws_per_message_deflate=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,  # web/peers.py reads them, and knows of whom
        timeout_graceful_shutdown=3,
    )
