"""Devices with a token of their own: let in, renamed, and shut out at once."""

from __future__ import annotations

import asyncio
import hmac
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timezone
from hashlib import sha256
from pathlib import Path

from loguru import logger

from ..shielded import to_the_end
from .confirmation import Confirmation, subject_of
from .device_file import MOST, Device, DeviceFileError, read, write

NOTE_EVERY_S = 3600.0
"""How often it is written that devices were used."""


class NoSuchDeviceError(LookupError):
    """There is no such device; it may be shut out already."""


class DeviceRefusedError(ValueError):
    """No device is let in; says why."""


class CodeNeededError(Exception):
    """To let one in needs the code that is now on the server's console."""


@dataclass(eq=False, frozen=True)
class _Open:
    """Something of a device that ends when it is shut out."""

    end: Callable[[], object]
    is_here: bool


class Devices:
    """The one owner of devices.json. Belongs to one event loop."""

    def __init__(
        self,
        folder: Path,
        console: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`console` writes what only who runs the server is to see; `clock` is in seconds."""
        self._folder = folder
        self._clock = clock
        self._confirmation = Confirmation(console)
        self._devices: list[Device] = []
        self._shut_out: set[str] = set()
        """Who is to go, though the file may say otherwise yet."""
        self._broken: DeviceFileError | None = None
        self._writing = asyncio.Lock()
        self._noted_at = -NOTE_EVERY_S
        self._is_noted = True
        self._noting: asyncio.Task[None] | None = None
        self._open: dict[str, set[_Open]] = {}

    async def start(self) -> None:
        """Read who was let in; where that cannot be, nobody is."""
        try:
            self._devices = await asyncio.to_thread(read, self._folder)
        except DeviceFileError as error:
            self._broken = error
            logger.error("{}", error)

    async def close(self) -> None:
        """Write down who came."""
        if self._noting:
            await asyncio.wait([self._noting])
        if not self._is_noted:
            await self._note()

    def all(self) -> list[Device]:
        """Return who was let in, in that order."""
        return list(self._devices)

    def connections(self, device_id: str) -> int:
        """Return how many requests and sockets of a device there are now."""
        return sum(one.is_here for one in self._open.get(device_id, ()))

    def find(self, tokens: Iterable[str]) -> Device | None:
        """Return whose token is one of these. It takes as long for a wrong one as for a right."""
        hashes = [_hashed(token) for token in tokens]
        found = None
        for device in self._devices:
            for one in hashes:
                if hmac.compare_digest(device.sha256, one) and device.id not in self._shut_out:
                    found = device
        if found:
            self._used(found)
        return found

    def watch(
        self, device_id: str, end: Callable[[], object], *, is_here: bool = True
    ) -> Callable[[], None]:
        """Have `end` called when a device is shut out, at once if it is; return what undoes that.

        It is a request or a socket if it `is_here`; else it may outlast them.
        """
        open_ones, one = self._open.setdefault(device_id, set()), _Open(end, is_here)
        open_ones.add(one)
        if device_id in self._shut_out or all(known.id != device_id for known in self._devices):
            end()

        def leave() -> None:
            open_ones.discard(one)
            if not open_ones and self._open.get(device_id) is open_ones:
                del self._open[device_id]

        return leave

    async def let_in(self, name: str, code: str, *, may_configure: bool) -> tuple[Device, str]:
        """Let a device in; return it and its token, which is told this once.

        Raises CodeNeededError, DeviceRefusedError, DeviceFileError.
        """
        self._check()
        self._check_room()
        subject = subject_of(name, may_configure)
        if not (code and self._confirmation.holds(subject, code)):
            shown = {"let a device in": name, "it may change the server's settings": may_configure}
            if not self._confirmation.ask(subject, shown):
                raise DeviceRefusedError(
                    "Too many codes were asked for and not typed in; try again in an hour."
                )
            raise CodeNeededError(
                "That is not the code on the server's console." if code else "It needs the code."
            )
        token = secrets.token_urlsafe(32)
        device = Device(
            id=secrets.token_hex(8),
            name=name,
            sha256=_hashed(token),
            made=_today(),
            may_configure=may_configure,
        )
        async with self._writing:
            self._check_room()  # others may have come in meanwhile
            await self._write([*self._devices, device])
        return device, token

    async def give_name(self, device_id: str, name: str) -> Device:
        """Give a device another name. Raises NoSuchDeviceError, DeviceFileError."""
        self._check()
        async with self._writing:
            renamed = self._known(device_id).model_copy(update={"name": name})
            await self._write([renamed if one.id == device_id else one for one in self._devices])
        return renamed

    async def shut_out(self, device_id: str) -> None:
        """Take a device's access back, at once, and end what it has open.

        Where that cannot be written it stays shut out until the server ends, and for good if
        anything else can be written before. Raises NoSuchDeviceError, DeviceFileError.
        """
        self._check()
        self._known(device_id)
        self._shut_out.add(device_id)
        for one in list(self._open.get(device_id, ())):
            one.end()
        async with self._writing:
            try:
                await self._write(list(self._devices))
            except DeviceFileError as error:
                raise DeviceFileError(
                    f"{error} The device is shut out until the server is started anew; mend that "
                    "and take its access back once more."
                ) from error
        self._shut_out.discard(device_id)

    def _check(self) -> None:
        if self._broken:
            raise self._broken

    def _check_room(self) -> None:
        if len(self._devices) >= MOST:
            raise DeviceRefusedError(f"{MOST} devices are let in already; take one out first.")

    def _known(self, device_id: str) -> Device:
        for one in self._devices:
            if one.id == device_id:
                return one
        raise NoSuchDeviceError("There is no such device any more.")

    async def _write(self, devices: list[Device]) -> None:
        """Write devices, but for those that are shut out. The lock must be held."""
        devices = [one for one in devices if one.id not in self._shut_out]
        await to_the_end(lambda: write(self._folder, devices))
        used = {one.id: one.last_used for one in self._devices}  # it may have come meanwhile
        for one in devices:
            one.last_used = used.get(one.id, one.last_used)
        self._devices = devices

    def _used(self, device: Device) -> None:
        if device.last_used == (today := _today()):
            return
        device.last_used = today
        self._is_noted = False
        if self._noting is None and self._clock() - self._noted_at >= NOTE_EVERY_S:
            self._noting = asyncio.create_task(self._note())
            self._noting.add_done_callback(self._has_noted)

    def _has_noted(self, _: asyncio.Task[None]) -> None:
        self._noting = None

    async def _note(self) -> None:
        self._noted_at, self._is_noted = self._clock(), True
        async with self._writing:
            try:
                await self._write(list(self._devices))
            except DeviceFileError as error:
                logger.warning("when devices came is not noted: {}", error)


def _hashed(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _today() -> date:
    return datetime.now(timezone.utc).date()
