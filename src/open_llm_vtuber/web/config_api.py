"""/api/config: everything in conf.yaml, read, changed, taken back and tried on the page."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from loguru import logger
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from ..config import ConfigError
from ..config.rewriting import ChangedMeanwhileError
from ..config.source import dotted
from ..engines.base import EngineError
from ..server.server import Server
from ..server.settings_editor import ConfirmationNeededError, Edit
from ..server.trials import Outcome, TrialBusyError, Voices
from .errors import Failure, Problem, RefusedError, coded, fault_of, problems_of, responses
from .security import may_configure

MAX_EDITS = 200
"""Keys that are changed at once."""
T = TypeVar("T")


class SettingsEdit(BaseModel):
    """One key gets another value."""

    path: list[Annotated[str, Field(max_length=100)]] = Field(
        min_length=1, max_length=12, examples=[["character_config", "language"]]
    )
    value: Any = Field(
        default=None,
        description="null: the key goes, and its default holds; a secret is forgotten.",
    )


Edits = Annotated[list[SettingsEdit], Field(min_length=1, max_length=MAX_EDITS)]


class SettingsChange(BaseModel):
    """Edits of what conf.yaml was when it was read."""

    etag: str = Field(max_length=100)
    edits: Edits
    code: str = Field(
        default="", max_length=20, description="The code on the server's console, if it wants one."
    )


class SettingsUndo(BaseModel):
    """The last change is to be taken back."""

    etag: str = Field(max_length=100)


class SettingsValues(BaseModel):
    """What conf.yaml says; what is not in it has the default of the schema."""

    values: dict[str, Any] = Field(
        description='As written; a secret is `{"set": true}` or `{"set": false}`.'
    )
    etag: str
    can_undo: bool = Field(description="Whether the last change can be taken back.")
    engines: dict[str, str] = Field(
        description="By kind, the engine in use; where conf.yaml names none, its language does."
    )


class SettingsSaved(BaseModel):
    """A change is written, and holds from the next turn on."""

    etag: str
    restart: list[str] = Field(description="Keys that count once the server is started anew.")
    warnings: list[str] = Field(description="What in the file does nothing, by file and line.")


class SettingsFailure(Failure):
    """Why settings were not read or changed."""

    problems: list[Problem] = Field(default=[])


class ListedVoice(BaseModel):
    """One voice that an engine can speak with."""

    id: str = Field(description="What conf.yaml names it by.")
    name: str
    languages: list[str] = Field(description="BCP 47 tags; empty where they are not known.")
    gender: str = Field(description='"female", "male", or "" where that is not known.')


class VoiceList(BaseModel):
    """Whom the engine of the voice can speak as."""

    engine: str
    key: str = Field(description='The key of its section that names a voice; "" for none.')
    voices: list[ListedVoice] = Field(description="Empty where the engine lists none.")


class SettingsDraft(BaseModel):
    """Edits that are not saved."""

    edits: Annotated[list[SettingsEdit], Field(max_length=MAX_EDITS)] = []


class Trial(BaseModel):
    """What came of a trial: a sound of the voice, the text that was heard, or an answer."""

    sound: str | None = Field(description="A WAV file in Base64.")
    text: str
    took_s: float


async def _owner(request: Request) -> Server:
    """Return the server, to whom may change what conf.yaml says."""
    if not may_configure(request):
        raise HTTPException(
            403,
            "Settings are changed on the server's own computer, or by who knows its access token.",
        )
    server: Server = request.app.state.server
    return server


Owner = Annotated[Server, Depends(_owner)]
router = APIRouter(prefix="/api/config", tags=["settings"])
_FAILURES = responses(
    s400="what is to be written is wrong: each problem has its key",
    s403="this client may not change settings",
    s409="conf.yaml was changed by somebody else meanwhile, or there is nothing to take back",
    s500="the server failed",
)
_CHANGES: dict[int | str, dict[str, Any]] = {
    status: {**answer, "model": SettingsFailure} if status in (400, 409) else answer
    for status, answer in _FAILURES.items()
} | {
    428: {
        "model": SettingsFailure,
        "description": "These keys need the code that the server has now written on its console.",
    }
}


@router.get("/schema", responses=responses(s403="this client may not read settings"))
async def schema(server: Owner) -> dict[str, Any]:
    """Return the JSON Schema of conf.yaml, with hints for a page."""
    return await server.settings.schema()


@router.get(
    "",
    response_model=SettingsValues,
    responses={**_CHANGES, 304: {"description": "conf.yaml is what it was at this ETag."}},
)
async def read(request: Request, response: Response, server: Owner) -> Any:
    """Return what conf.yaml says; with If-None-Match only where it was changed since."""
    tag = request.headers.get("if-none-match", "").strip().removeprefix("W/").strip('"')
    try:
        if tag and tag == await server.settings.etag():
            return Response(status_code=304, headers=_tagged(tag))
        found = await server.settings.read()
    except ConfigError as error:
        return _refused(error)
    response.headers.update(_tagged(found.etag))
    return SettingsValues(
        values=found.values, etag=found.etag, can_undo=found.can_undo, engines=found.engines
    )


@router.patch("", response_model=SettingsSaved, responses=_CHANGES)
async def change(body: SettingsChange, server: Owner) -> Any:
    """Change keys; either all of them or none."""
    return await _saved(server.settings.save(_edits(body.edits), body.etag, body.code))


@router.post("/undo", response_model=SettingsSaved, responses=_CHANGES)
async def undo(body: SettingsUndo, server: Owner) -> Any:
    """Take the last change back; a secret that was forgotten is not known any more."""
    return await _saved(server.settings.undo(body.etag))


_TRIAL_FAILURES: dict[int | str, dict[str, Any]] = {
    **{status: answer for status, answer in _CHANGES.items() if status in (400, 403)},
    **responses(
        s409="something else is being tried",
        s502="it does not work like that; the text says how to mend it",
    ),
}


@router.post("/try", response_model=Trial, responses=_TRIAL_FAILURES)
async def attempt(
    request: Request,
    server: Owner,
    kind: Annotated[Literal["voice", "ears", "mind"], Form()],
    edits: Annotated[str, Form(description="Edits as in PATCH, as JSON; [] for none.")] = "[]",
    text: Annotated[
        str, Form(max_length=500, description="What is said, or asked; empty for a usual one.")
    ] = "",
    file: Annotated[
        UploadFile | None, File(description="A recording, for the ears: WAV, FLAC, OGG or MP3.")
    ] = None,
) -> Any:
    """Try the voice, the ears or the mind with other settings, without saving them."""
    try:
        found = TypeAdapter(Annotated[list[SettingsEdit], Field(max_length=MAX_EDITS)])
        wanted = _edits(found.validate_json(edits))
    except ValidationError:
        raise HTTPException(400, "edits are no JSON list of paths and values.") from None
    work = server.trials.run(kind, wanted, text, file.file if file else None)
    return await _tried(request, work, told_of)


@router.post("/voices", response_model=VoiceList, responses=_TRIAL_FAILURES)
async def voices(request: Request, body: SettingsDraft, server: Owner) -> Any:
    """List the voices that the engine has, with other settings where those are not saved yet."""
    return await _tried(request, server.trials.voices(_edits(body.edits)), voice_list)


async def _tried(request: Request, work: Coroutine[Any, Any, T], told: Callable[[T], Any]) -> Any:
    """Answer with what comes of a trial, or why nothing does."""
    try:
        return told(await while_wanted(request, work))
    except ConfigError as error:
        return _refused(error)
    except TrialBusyError as error:
        raise RefusedError(409, error) from None
    except ValueError as error:
        raise HTTPException(400, str(error)) from None
    except EngineError as error:
        logger.info("tried on the page: {}", error)
        raise RefusedError(502, error) from None


def told_of(outcome: Outcome) -> Trial:
    """Return what came of a trial as it is answered."""
    sound = base64.b64encode(outcome.sound).decode("ascii") if outcome.sound else None
    return Trial(sound=sound, text=outcome.text, took_s=outcome.took_s)


def voice_list(found: Voices) -> VoiceList:
    """Return the voices of an engine as they are answered."""
    listed = [
        ListedVoice(id=one.id, name=one.name, languages=list(one.languages), gender=one.gender)
        for one in found.voices
    ]
    return VoiceList(engine=found.engine, key=found.key, voices=listed)


def _edits(wanted: Sequence[SettingsEdit]) -> list[Edit]:
    return [Edit(tuple(one.path), one.value) for one in wanted]


async def while_wanted(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Return what comes of some work, which is cancelled when the client goes."""
    working, leaving = asyncio.create_task(work), asyncio.create_task(_gone(request))
    try:
        await asyncio.wait([working, leaving], return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise HTTPException(400, "The client has gone.")  # nobody reads it
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.wait([working, leaving])


async def _gone(request: Request) -> None:
    """Wait until the client goes."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _saved(work: Awaitable[Any]) -> Any:
    try:
        saved = await work
    except ConfigError as error:
        return _refused(error)
    except EngineError as error:
        raise RefusedError(400, error) from None
    return SettingsSaved(etag=saved.etag, restart=saved.restart, warnings=saved.warnings)


def _refused(error: ConfigError) -> JSONResponse:
    """Return the answer to what was refused, each problem with the key it is about."""
    problems = problems_of(error)
    status = 400
    if isinstance(error, ConfirmationNeededError):
        problems = [Problem(path=dotted(place), error=error.problems[0]) for place in error.places]
        status = 428
    elif isinstance(error, ChangedMeanwhileError):
        status = 409
    failure = SettingsFailure(error=str(error), problems=problems, **coded(fault_of(error)))
    return JSONResponse(failure.model_dump(exclude_none=True), status)


def _tagged(tag: str) -> dict[str, str]:
    return {"ETag": f'"{tag}"', "Cache-Control": "no-cache"}
