"""What a device with a token of its own has open ends as soon as its access is taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import anyio
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from ..server.device_file import Device
from ..server.devices import Devices
from .close_codes import TAKEN_BACK
from .http_protocol import TRANSPORT

DEVICE = "open_llm_vtuber.device"
"""Set in the `state` of what a device with a token of its own asks."""
REASON = "This device's access was taken back."
CLOSE_S = 1.0
"""How long it may take to hear that."""


def device_of(scope: Scope) -> Device | None:
    """Return the device that asks, where it came by a token of its own."""
    device: Device | None = scope.get("state", {}).get(DEVICE)
    return device


async def serve_device(
    app: ASGIApp, devices: Devices, device: Device, scope: Scope, receive: Receive, send: Send
) -> None:
    """Serve one request or socket of a device, as long as it may come in."""
    scope["state"] = {**scope.get("state", {}), DEVICE: device}
    transport: asyncio.Transport | None = scope["state"].get(TRANSPORT)
    abort = transport.abort if transport else _nothing
    if scope["type"] == "http":
        leave = devices.watch(device.id, abort)
        try:
            await app(scope, receive, send)
        finally:
            leave()
        return
    socket = _Socket(receive, send, abort)
    leave = devices.watch(device.id, socket.end)
    try:
        await app(scope, socket.receive, socket.send)
    except WebSocketDisconnect:
        if not socket.ended:
            raise
    finally:
        leave()
        await socket.closed()


def _nothing() -> None:
    return


class _Socket:
    """A WebSocket between the server and an application, which can be ended from elsewhere."""

    def __init__(self, receive: Receive, send: Send, abort: Callable[[], None]) -> None:
        self._receive = receive
        self._send = send
        self._abort = abort
        self._closing: asyncio.Task[None] | None = None
        self.ended = False

    async def receive(self) -> Message:
        """Hand on what comes; once it has ended that is nothing more."""
        message = await self._receive()
        return {"type": "websocket.disconnect", "code": TAKEN_BACK} if self.ended else message

    async def send(self, message: Message) -> None:
        """Hand on what goes. Raises OSError once it has ended, as a connection that is gone."""
        if self.ended:
            raise OSError(REASON)
        await self._send(message)

    def end(self) -> None:
        """Close it: say why, and cut it off if that is not taken."""
        if not self.ended:
            self.ended = True
            self._closing = asyncio.create_task(self._close())

    async def closed(self) -> None:
        """Wait until it is closed, if it is to be."""
        if self._closing:
            await asyncio.wait([self._closing])

    async def _close(self) -> None:
        message = {"type": "websocket.close", "code": TAKEN_BACK, "reason": REASON}
        try:
            with anyio.move_on_after(CLOSE_S):
                await self._send(message)
                await asyncio.sleep(CLOSE_S)
        except (OSError, RuntimeError):
            pass  # it is gone
        self._abort()
