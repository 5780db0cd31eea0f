"""/character-trials and /character-voices: characters heard and asked before they are saved."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Annotated, Literal, TypeVar

from fastapi import APIRouter, Depends, Request
from loguru import logger
from pydantic import BaseModel, Field

from ..engines.errors import EngineError
from ..server.character_texts import CharacterFields
from ..server.character_trials import CharacterTrials
from ..server.server import Server
from ..server.trials import TrialBusyError
from .characters import permitted, told
from .config_api import Trial, VoiceList, told_of, voice_list, while_wanted
from .errors import RefusedError, responses

T = TypeVar("T")


async def owner(request: Request) -> CharacterTrials:
    """Return the owner of trials to who may change characters. Raises HTTPException."""
    permitted(request)
    server: Server = request.app.state.server
    return server.character_trials


Owner = Annotated[CharacterTrials, Depends(owner)]
router = APIRouter(tags=["characters"])


class Drafted(BaseModel):
    """A character with changes that are not saved."""

    file: str | None = Field(default=None, description="null for a new one.")
    fields: CharacterFields = CharacterFields()


class Attempt(Drafted):
    """What is to be tried of it."""

    kind: Literal["voice", "mind"]
    text: str = Field(
        default="", max_length=500, description="What is said, or asked; empty for a usual one."
    )


class VoiceEngine(BaseModel):
    """An engine that can speak."""

    name: str
    about: str
    has_voices: bool = Field(description="Whether the field `voice` can be set with it.")


_FAILURES = responses(
    s400="a field is wrong",
    s404="there is no such character",
    s409="something else is being tried",
    s502="it does not work like that; the text says how to mend it",
)


@router.get("/character-voices")
async def engines(owner: Owner) -> list[VoiceEngine]:
    """List the engines that can speak for a character."""
    return [
        VoiceEngine(name=one.name, about=one.about, has_voices=one.has_voices)
        for one in await owner.voice_engines()
    ]


@router.post("/character-voices", responses=_FAILURES)
async def voices(request: Request, owner: Owner, body: Drafted) -> VoiceList:
    """List whom the engine of a character speaks as; none where it does not say. It is loaded."""
    work = owner.voices(body.file, body.fields)
    return voice_list(await while_wanted(request, _tried(work)))


@router.post("/character-trials", responses=_FAILURES)
async def attempt(request: Request, owner: Owner, body: Attempt) -> Trial:
    """Hear a character, or ask it something, as it would be with the changes; nothing is saved."""
    what = owner.hear if body.kind == "voice" else owner.ask
    work = what(body.file, body.fields, body.text)
    return told_of(await while_wanted(request, _tried(work)))


async def _tried(work: Awaitable[T]) -> T:
    """Return what comes of some work. Raises HTTPException, which says why nothing does."""

    async def done() -> T:
        try:
            return await work
        except TrialBusyError as error:
            raise RefusedError(409, error) from None
        except EngineError as error:
            logger.info("tried on the page: {}", error)
            raise RefusedError(502, error) from None

    return await told(done())
