"""/characters: made, copied, changed, deleted and had back; cards imported and exported.

Only who may change the server's settings is answered: what a character says of itself is private.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import quote

from fastapi import APIRouter, Depends, File, Request, UploadFile
from loguru import logger
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from ..cards.card import CardError
from ..cards.files import MAX_FILE_BYTES
from ..config import ConfigError
from ..config.rewriting import ChangedMeanwhileError
from ..engines.errors import EngineError
from ..server.character_files import CharacterFiles
from ..server.character_texts import CharacterFields
from ..server.server import Server
from .errors import ProblemsError, RefusedError, fault_of, problems_of, responses
from .security import may_configure

FORBIDDEN = (
    "Characters are changed by who is on the server's own computer, or knows its access token."
)

T = TypeVar("T")


def permitted(request: Request) -> CharacterFiles:
    """Return the characters' owner to who may change them. Raises HTTPException."""
    if not may_configure(request):
        raise HTTPException(403, FORBIDDEN)
    server: Server = request.app.state.server
    return server.character_files


Owner = Annotated[CharacterFiles, Depends(permitted)]
router = APIRouter(tags=["characters"])


class Listed(BaseModel):
    """A character in the list."""

    file: str
    name: str
    avatar: str | None = None
    error: str | None = Field(description="Why it cannot be used.")


class Details(BaseModel):
    """A character as its file has it, and conf.yaml where that says nothing."""

    file: str
    etag: str = Field(description="Tells this text of the file from others.")
    fields: dict[str, Any]
    has_card: bool
    most_bytes: int = Field(description="What a request that changes it may have.")


class New(BaseModel):
    """A character to be made."""

    fields: CharacterFields = CharacterFields()
    copy_of: str | None = Field(default=None, description="The file of one to be copied.")


class Change(BaseModel):
    """What is to be changed of a character."""

    fields: CharacterFields
    etag: str | None = Field(default=None, description="Of the file the change was made for.")


class Made(BaseModel):
    """Where a character is."""

    file: str


class Gone(BaseModel):
    """What a deleted character is had back by."""

    id: str


class DeletedCharacter(Gone):
    """A character that can be had back."""

    file: str
    name: str


class Imported(BaseModel):
    """What becomes of a card."""

    file: str | None = Field(description="Where the character is; null for a preview.")
    name: str
    fields: dict[str, Any]
    notes: list[str] = Field(description="A line for each thing that is lost or stands elsewhere.")
    creator: str
    creator_notes: str
    tags: list[str]
    lorebook_entries: int
    has_picture: bool


_FAILURES = responses(
    s400="it cannot be done; the text says what to do",
    s404="there is no such character",
    s409="the file was changed meanwhile, or another is in its place",
)


@router.get("/characters")
async def listed(owner: Owner) -> list[Listed]:
    """List conf.yaml's character and those of the files."""
    return [
        Listed(file=one.filename, name=one.name, avatar=one.avatar, error=one.error)
        for one in await owner.listed()
    ]


@router.post("/characters", status_code=201, responses=_FAILURES)
async def create(owner: Owner, body: New) -> Made:
    """Make a character, or a copy of one."""
    return Made(file=await told(owner.create(body.fields, body.copy_of)))


@router.get("/characters/{file:path}", responses=_FAILURES)
async def details(owner: Owner, file: str) -> Details:
    """Tell what a character's file says."""
    found = await told(owner.details(file))
    known = CharacterFields.model_fields
    fields = {key: value for key, value in found.values.items() if key in known}
    return Details(
        file=file,
        etag=found.etag,
        fields=fields,
        has_card=bool(found.values.get("card")),
        most_bytes=found.most_bytes,
    )


@router.patch("/characters/{file:path}", responses=_FAILURES)
async def change(owner: Owner, file: str, body: Change) -> Details:
    """Change a character; who talks with it has the changed one from then on."""
    await told(owner.edit(file, body.fields, body.etag))
    return await details(owner, file)


@router.delete("/characters/{file:path}", responses=_FAILURES)
async def delete(owner: Owner, file: str) -> Gone:
    """Delete a character; who talks with it goes on."""
    return Gone(id=await told(owner.delete(file)))


@router.get("/deleted-characters")
async def deleted(owner: Owner) -> list[DeletedCharacter]:
    """List the characters that can be had back, the latest first."""
    found = await owner.deleted()
    return [DeletedCharacter(id=one.id, file=one.file, name=one.name) for one in found]


@router.post("/deleted-characters/{uid}", responses=_FAILURES)
async def restore(owner: Owner, uid: str) -> Made:
    """Have a deleted character back."""
    return Made(file=await told(owner.restore(uid)))


@router.post("/character-pictures/{file:path}", responses=_FAILURES)
async def picture(
    owner: Owner, file: str, upload: Annotated[UploadFile, File(description="A PNG or JPEG.")]
) -> Details:
    """Give a character a picture."""
    await told(owner.set_picture(file, await _read(upload)))
    return await details(owner, file)


@router.post("/character-cards", responses=_FAILURES)
async def import_card(
    owner: Owner,
    upload: Annotated[UploadFile, File(description="A card as PNG, JSON or CHARX.")],
    save: bool = False,
) -> Imported:
    """Tell what becomes of a card; with `save`, make a character of it."""
    data = await _read(upload)
    found = await told(owner.preview(data))
    file = await told(owner.import_card(data)) if save else None
    return Imported(
        file=file,
        name=found.name,
        fields=dict(found.values),
        notes=list(found.notes),
        creator=found.creator,
        creator_notes=found.creator_notes,
        tags=list(found.tags),
        lorebook_entries=found.lorebook_entries,
        has_picture=found.has_picture,
    )


@router.get(
    "/character-cards/{file:path}",
    response_class=Response,
    responses={**_FAILURES, 200: {"content": {"image/png": {}, "application/json": {}}}},
)
async def export(owner: Owner, file: str, form: Literal["png", "json"] = "png") -> Response:
    """Return a character as a card of version 3."""
    name, data = await told(owner.export(file, form))
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    kind = "image/png" if form == "png" else "application/json"
    return Response(data, media_type=kind, headers=headers)


async def _read(upload: UploadFile) -> bytes:
    """Return an uploaded file. Raises HTTPException where it is too large."""
    data = await upload.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise HTTPException(413, f"The file is larger than {MAX_FILE_BYTES // 2**20} MiB.")
    return data


async def told(work: Awaitable[T]) -> T:
    """Return what comes of some work. Raises HTTPException, which says why nothing does."""
    try:
        return await work
    except (CardError, EngineError) as error:
        raise RefusedError(400, error) from None
    except ChangedMeanwhileError as error:
        raise RefusedError(409, error) from None
    except ConfigError as error:
        status = 404 if error.fault.code == "character-unknown" else 400
        raise ProblemsError(status, str(error), problems_of(error), fault_of(error)) from None
    except OSError as error:
        logger.warning("a character was not written: {}", error)
        reason = error.strerror or "the disk refused it"
        raise HTTPException(500, f"It could not be written: {reason}.") from None
