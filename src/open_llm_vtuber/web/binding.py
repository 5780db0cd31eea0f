"""The sockets that the server listens on: taken before anything is started, or refused in words."""

from __future__ import annotations

import errno
import os
import socket


class BindError(Exception):
    """The server cannot be reached where it should be; the text says how to mend it."""


def bind(host: str, port: int, setting: str = "--port") -> list[socket.socket]:
    """Return sockets bound to all addresses of `host`, which do not listen yet.

    `setting` is how another port is chosen. Raises BindError, which says so.
    """
    try:
        found = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except OSError as error:
        raise BindError(
            f"system_config.host: {host!r} is no name or address of this computer; write "
            "localhost, or 0.0.0.0 for all its addresses."
        ) from error
    bound: list[socket.socket] = []
    failure: OSError | None = None
    for family, kind, protocol, _, address in dict.fromkeys(found):
        try:
            bound.append(_bound(family, kind, protocol, address))
        except OSError as error:
            failure = error
            if error.errno == errno.EADDRINUSE:
                break
            # Else a computer without IPv6 for instance: another address of the host may do.
    if failure and (failure.errno == errno.EADDRINUSE or not bound):
        for one in bound:
            one.close()
        raise BindError(explain(failure, host, port, setting)) from failure
    return bound


def explain(error: OSError, host: str, port: int, setting: str = "--port") -> str:
    """Return why a port cannot be had, and what to do."""
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is in use already. Is this server running twice? Stop the other program, "
            f"or choose another port: {setting} {port + 1 if port < 65535 else port - 1}."
        )
    if error.errno == errno.EACCES and port >= 1024:
        return (
            f"The system keeps port {port} for something else; choose another, as {setting} "
            f"{port + 1000 if port < 64000 else port - 1000}. On Windows it may be reserved: "
            "`netsh interface ipv4 show excludedportrange tcp` lists which are."
        )
    if error.errno == errno.EACCES:
        return f"This user may not open port {port}; choose one from 1024 on, as {setting} 12393."
    return f"The server cannot listen on {host}, port {port}: {os.strerror(error.errno or 0)}."


def _bound(family: int, kind: int, protocol: int, address: object) -> socket.socket:
    one = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":  # elsewhere it would let two programs have one port
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        elif hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # or another program could take it over
            one.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        if family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        one.bind(address)  # type: ignore[arg-type]
    except OSError:
        one.close()
        raise
    return one
