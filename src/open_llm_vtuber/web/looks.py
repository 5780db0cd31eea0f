"""/looks: what characters look like, added with a preview, listed, deleted and had back.

Only who may change the server's settings is answered.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Annotated, Any, TypeVar
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from loguru import logger
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from ..looks import LookError, LookGoneError, Looks, LookTakenError, LookTooLargeError
from ..looks.drafts import FILES, Draft
from ..looks.entry import entry_of
from ..looks.faces import kind_of
from ..looks.found import Found, Kind
from ..looks.mapping import emotion_map
from ..looks.store import InstalledLook
from ..server.server import Server
from .characters import told
from .errors import RefusedError, responses
from .security import may_configure

PATH = "/looks"
FORBIDDEN = "Looks are changed by who is on the server's own computer, or knows its access token."

T = TypeVar("T")


def permitted(request: Request) -> Looks:
    """Return the looks' owner to who may change them. Raises HTTPException."""
    if not may_configure(request):
        raise HTTPException(403, FORBIDDEN)
    server: Server = request.app.state.server
    return server.looks


Owner = Annotated[Looks, Depends(permitted)]
router = APIRouter(tags=["looks"])


class LookExpression(BaseModel):
    """What a face can show."""

    name: str
    value: int | str = Field(description="As the emotion map names it.")


class Look(BaseModel):
    """A look that characters can have; its name is what `live2d_model_name` says."""

    name: str
    kind: Kind
    picture: str | None = Field(description="Its address below the server's.")
    removable: bool
    model: dict[str, Any] = Field(description="Its entry of model_dict.json.")


class LookModel(BaseModel):
    """A model in what was given, as it would be drawn and kept."""

    file: str
    kind: Kind
    name: str
    expressions: list[LookExpression]
    emotions: dict[str, int | str] = Field(description="Feeling -> expression, as its name tells.")
    missing: list[str] = Field(description="What it names and lacks; it is drawn without.")
    notes: list[str] = Field(description="What was mended.")
    licence: str
    model: dict[str, Any] = Field(description="An entry of model_dict.json, to be drawn from.")


class LookFaces(BaseModel):
    """What the face of a look can show, and which feelings it shows with that."""

    look: Look
    expressions: list[LookExpression]
    emotions: dict[str, int | str] = Field(description="Feeling -> expression.")


class FacesChange(BaseModel):
    """Which expression is to show which feeling; what is not named shows none."""

    emotions: dict[str, int | str] = Field(max_length=20)


class LookDraft(BaseModel):
    """What was given, and not kept yet."""

    id: str
    models: list[LookModel]
    notes: list[str]
    licence: str = Field(description='The terms that lay beside it; "" without any.')


class Wanted(BaseModel):
    """A model to be kept."""

    file: str = Field(max_length=400)
    name: str = Field(min_length=1, max_length=80)
    emotions: dict[str, int | str] = Field(max_length=20)


class GoneLook(BaseModel):
    """What a deleted look is had back by."""

    id: str


class DeletedLook(GoneLook):
    """A look that can be had back."""

    name: str


class HadBack(BaseModel):
    """The look that is there again."""

    name: str


_FAILURES = responses(
    s400="it cannot be done; the text says what to do",
    s404="there is no such look",
    s409="somebody looks so, or another is in its place",
    s413="it is larger than a look may be",
)


@router.get(PATH)
async def listed(owner: Owner) -> list[Look]:
    """List the looks, by name."""
    return [_look(one) for one in await owner.installed()]


@router.post(
    PATH,
    responses=_FAILURES,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string"}}},
        }
    },
)
async def add(
    owner: Owner,
    request: Request,
    name: Annotated[str, Query(max_length=200, description="What the file is called.")] = "look",
) -> LookDraft:
    """Take a ZIP of a Live2D model or an open rig, or a VRM, as the body; tell what is in it.

    Nothing is kept yet, but can be drawn from the addresses in the answer.
    """
    try:
        draft = await _told(owner.receive(request.stream(), name))
    except ClientDisconnect:
        raise HTTPException(400, "The upload was broken off.") from None
    return LookDraft(
        id=draft.id,
        models=[_model(draft, one) for one in draft.models],
        notes=list(draft.notes),
        licence=draft.licence,
    )


@router.post("/look-drafts/{uid}", status_code=201, responses=_FAILURES)
async def keep(owner: Owner, uid: str, wanted: Wanted) -> Look:
    """Keep a model of a draft: its folder in live2d-models/, its entry in model_dict.json."""
    return _look(await _told(owner.keep(uid, wanted.file, wanted.name, wanted.emotions)))


@router.delete("/look-drafts/{uid}", status_code=204)
async def drop(owner: Owner, uid: str) -> None:
    """Forget a draft."""
    await owner.drop(uid)


@router.get(PATH + "/{name}", responses=_FAILURES)
async def faces(owner: Owner, name: str) -> LookFaces:
    """Tell what the face of a look can show."""
    found = await _told(owner.faces(name))
    return LookFaces(
        look=_look(found.look),
        expressions=[LookExpression(name=one.name, value=one.value) for one in found.expressions],
        emotions=dict(found.emotions),
    )


@router.patch(PATH + "/{name}", responses=_FAILURES)
async def change(owner: Owner, request: Request, name: str, wanted: FacesChange) -> Look:
    """Have a look show other faces for feelings; who looks so does at once."""
    look = await _told(owner.set_faces(name, wanted.emotions))
    server: Server = request.app.state.server
    await told(server.reconfiguration.take_up())
    return _look(look)


@router.delete(PATH + "/{name}", responses=_FAILURES)
async def delete(owner: Owner, name: str) -> GoneLook:
    """Take a look away that nobody has."""
    return GoneLook(id=await _told(owner.delete(name)))


@router.get("/deleted-looks")
async def deleted(owner: Owner) -> list[DeletedLook]:
    """List the looks that can be had back, the latest first."""
    return [DeletedLook(id=one.id, name=one.name) for one in await owner.deleted()]


@router.post("/deleted-looks/{uid}", responses=_FAILURES)
async def restore(owner: Owner, uid: str) -> HadBack:
    """Have a look back."""
    return HadBack(name=await _told(owner.restore(uid)))


def _look(one: InstalledLook) -> Look:
    picture = one.info.get("picture")
    return Look(
        name=one.name,
        kind=kind_of(one.info),
        picture=picture if isinstance(picture, str) else None,
        removable=one.removable,
        model=one.info,
    )


def _model(draft: Draft, one: Found) -> LookModel:
    emotions = emotion_map(one)
    home = f"/look-drafts/{quote(draft.id)}/{FILES}"
    return LookModel(
        file=one.file,
        kind=one.kind,
        name=one.name,
        expressions=[LookExpression(name=each.name, value=each.value) for each in one.expressions],
        emotions=emotions,
        missing=list(one.missing),
        notes=list(one.notes),
        licence=one.licence,
        model=entry_of(one, one.name, home, emotions, draft.pictures.get(one.file)),
    )


async def _told(work: Awaitable[T]) -> T:
    """Return what comes of some work. Raises HTTPException, which says why nothing does."""
    try:
        return await work
    except LookGoneError as error:
        raise RefusedError(404, error) from None
    except LookTakenError as error:
        raise RefusedError(409, error) from None
    except LookTooLargeError as error:
        raise RefusedError(413, error) from None
    except LookError as error:
        raise RefusedError(400, error) from None
    except OSError as error:
        logger.warning("a look was not written: {}", error)
        reason = error.strerror or "the disk refused it"
        raise HTTPException(500, f"It could not be written: {reason}.") from None
