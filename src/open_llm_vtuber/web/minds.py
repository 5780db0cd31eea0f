"""/api/minds: who can think for her: models that this computer runs, services that take a key.

Only what is in the catalogue can be chosen here: no path, address or command comes from the page.
"""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from ..engines.base import EngineError
from ..faults import ErrorCode, Param
from ..server.model_switch import Stage, Switch, SwitchBusyError
from ..server.services import services
from .config_api import Owner
from .errors import RefusedError, coded, responses


class OwnModel(BaseModel):
    """A language model that this program could run on its computer."""

    name: str
    total_bytes: int = Field(description="Of what is fetched for it.")
    licence: str
    here: bool = Field(description="Whether it need not be fetched.")
    tokens_per_s: float = Field(description="How fast it would write, about; 10 suffice to talk.")
    has_room: bool = Field(description="Whether there is the memory for it now.")
    best: bool = Field(description="Whether it is the one that would be chosen by itself.")


class Service(BaseModel):
    """A service that thinks for who has a key."""

    engine: str
    account: str = Field(description="Whose key it needs.")
    host: str = Field(description="Where the key and what is said are sent.")
    model: str = Field(description="The model that is asked for unless another is named.")
    missing: str = Field(description="The package that this installation lacks for it.")


class Minds(BaseModel):
    """Who could think."""

    models: list[OwnModel] = Field(description="The best first.")
    services: list[Service]


class MindChoice(BaseModel):
    """A language model of this computer is to think."""

    character: str = Field(
        default="conf.yaml", max_length=200, description="Her file, as `config-files` has it."
    )
    model: str = Field(max_length=200, description="One of those that are told.")


class MindSwitch(BaseModel):
    """How far that is."""

    model: str
    stage: Stage
    done_bytes: int
    total_bytes: int = Field(description="0 where nothing is fetched, or not yet.")
    error: str = Field(description="Why it failed, and how to mend it.")
    code: ErrorCode | None = Field(None, description="What that is, for programs.")
    about: str | None = None
    params: dict[str, Param] | None = None


router = APIRouter(prefix="/api/minds", tags=["settings"])
_FAILURES = responses(
    s400="it cannot be done; the text says what to do",
    s403="this client may not change settings",
    s409="another model is on its way",
)


@router.get("", responses=_FAILURES)
async def minds(server: Owner) -> Minds:
    """Tell which language models this computer could run, and which services take a key."""
    found = await server.model_switch.models()
    return Minds(
        models=[
            OwnModel(
                name=one.entry.name,
                total_bytes=one.entry.total_bytes,
                licence=one.entry.licence,
                here=one.here,
                tokens_per_s=round(one.tokens_per_s, 1),
                has_room=one.has_room,
                best=one.best,
            )
            for one in found
            if one.here or not one.entry.stand_in
        ],
        services=[Service(**vars(one)) for one in services(server.config)],
    )


@router.get("/choice", responses=_FAILURES)
async def mind(server: Owner) -> MindSwitch | None:
    """Tell how far the last choice of a language model is."""
    return _switch(server.model_switch.now)


@router.post("/choice", status_code=202, responses=_FAILURES)
async def choose_mind(server: Owner, body: MindChoice) -> MindSwitch | None:
    """Fetch a language model if it is not here, try it, and have it think from then on."""
    try:
        server.model_switch.begin(body.character, body.model)
    except SwitchBusyError as error:
        raise RefusedError(409, error) from None
    except EngineError as error:
        raise RefusedError(400, error, "llm") from None
    return _switch(server.model_switch.now)


@router.delete("/choice", responses=_FAILURES)
async def cancel_mind(server: Owner) -> MindSwitch | None:
    """Stop that; she thinks as before, and what has arrived is kept."""
    await server.model_switch.cancel()
    return _switch(server.model_switch.now)


def _switch(now: Switch | None) -> MindSwitch | None:
    if now is None:
        return None
    fields = {name: value for name, value in vars(now).items() if name != "fault"}
    return MindSwitch(**fields, **coded(now.fault))
