"""/api/devices: who has a token of its own, let in and shut out on the page."""

from __future__ import annotations

from collections.abc import Coroutine
from datetime import date
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field, StringConstraints
from starlette.exceptions import HTTPException

from ..server.device_file import Device, DeviceFileError
from ..server.devices import CodeNeededError, DeviceRefusedError, Devices, NoSuchDeviceError
from .device_access import device_of
from .errors import responses
from .security import may_configure

router = APIRouter(prefix="/api/devices", tags=["devices"])
T = TypeVar("T")

_Name = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$"
    ),
]


class ListedDevice(BaseModel):
    """A device that was let in."""

    id: str
    name: str
    made: date = Field(description="When it was let in, in UTC.")
    last_used: date | None = Field(description="The day on which it came last, in UTC.")
    may_configure: bool = Field(description="Whether it may change the server's settings.")
    is_here: bool = Field(description="Whether it has a page open now.")
    is_asking: bool = Field(description="Whether it is the one that asks.")


class DeviceList(BaseModel):
    """Who was let in."""

    devices: list[ListedDevice]


class NewDevice(BaseModel):
    """A device that is to be let in."""

    name: _Name
    may_configure: bool = False
    code: str = Field(default="", max_length=20, description="The code on the server's console.")


class LetIn(BaseModel):
    """It may come in."""

    device: ListedDevice
    token: str = Field(description="For `?token=` in its address; it is told this once.")


class DeviceName(BaseModel):
    """Another name."""

    name: _Name


async def _owner(request: Request) -> Devices:
    """Return the devices, to whom may change what conf.yaml says."""
    if not may_configure(request):
        raise HTTPException(
            403,
            "Devices are let in on the server's own computer, or by who knows its access token.",
        )
    devices: Devices = request.app.state.server.devices
    return devices


Owner = Annotated[Devices, Depends(_owner)]
_FAILURES = responses(
    s403="this client may not change settings",
    s404="there is no such device",
    s500="devices.json cannot be read or written; the text says how to mend it",
)


@router.get("", responses=_FAILURES)
async def listed(request: Request, devices: Owner) -> DeviceList:
    """List the devices that were let in, in that order."""
    return DeviceList(devices=[_told(one, devices, request) for one in devices.all()])


@router.post(
    "",
    status_code=201,
    responses={
        **_FAILURES,
        **responses(
            s409="no more can be let in; the text says what to do",
            s428="it needs the code that the server has now written on its console",
        ),
    },
)
async def let_in(body: NewDevice, request: Request, devices: Owner) -> LetIn:
    """Let a device in; the answer holds its token."""
    work = devices.let_in(body.name, body.code, may_configure=body.may_configure)
    device, token = await _done(work)
    return LetIn(device=_told(device, devices, request), token=token)


@router.patch("/{device_id}", responses=_FAILURES)
async def rename(
    device_id: str, body: DeviceName, request: Request, devices: Owner
) -> ListedDevice:
    """Give a device another name."""
    return _told(await _done(devices.give_name(device_id, body.name)), devices, request)


@router.delete("/{device_id}", status_code=204, responses=_FAILURES)
async def shut_out(device_id: str, devices: Owner) -> Response:
    """Take a device's access back; what it has open ends at once."""
    await _done(devices.shut_out(device_id))
    return Response(status_code=204)


async def _done(work: Coroutine[Any, Any, T]) -> T:
    try:
        return await work
    except NoSuchDeviceError as error:
        raise HTTPException(404, str(error)) from None
    except DeviceRefusedError as error:
        raise HTTPException(409, str(error)) from None
    except CodeNeededError as error:
        raise HTTPException(428, str(error)) from None
    except DeviceFileError as error:
        raise HTTPException(500, str(error)) from None


def _told(device: Device, devices: Devices, request: Request) -> ListedDevice:
    asking = device_of(request.scope)
    return ListedDevice(
        id=device.id,
        name=device.name,
        made=device.made,
        last_used=device.last_used,
        may_configure=device.may_configure,
        is_here=devices.connections(device.id) > 0,
        is_asking=asking is not None and asking.id == device.id,
    )
