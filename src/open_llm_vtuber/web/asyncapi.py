"""GET /asyncapi.json: the sockets, described for machines; made from the message models."""

from __future__ import annotations

from typing import Any, get_args

from fastapi import APIRouter, Request
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from .. import __version__
from ..conversation.spectators import SHOWN
from ..protocol import (
    conversations,
    extra,
    incoming,
    memory,
    message_actions,
    outgoing,
    presence,
    resuming,
    tts,
)
from ..server.server import Server

router = APIRouter(tags=["server"])

Document = dict[str, Any]
_MODULES = (outgoing, extra, memory, conversations, message_actions, presence, resuming)
Models = list[type[BaseModel]]


def sent() -> list[type[BaseModel]]:
    """Return every message that the server sends on /client-ws."""
    return [
        item
        for module in _MODULES
        for item in vars(module).values()
        if isinstance(item, type)
        and issubclass(item, outgoing.Outgoing)
        and item.__module__ == module.__name__
    ]


def received() -> list[type[BaseModel]]:
    """Return every message that the server takes on /client-ws."""
    return list(get_args(incoming.AnyIncoming))


def document(*, proxy: bool) -> Document:
    """Return the AsyncAPI 3.0 document of the sockets."""
    channels: dict[str, tuple[str, Models, Models]] = {
        "client-ws": ("The conversation.", received(), sent()),
        "tts-ws": (
            "Text in, sentences as sound files out.",
            [tts.TTSRequest],
            [tts.TTSPartial, tts.TTSComplete, tts.TTSError],
        ),
    }
    channels["watch-ws"] = (
        "Looking on at a conversation, without taking part.",
        [incoming.Heartbeat],
        [one for one in sent() if one.model_fields["type"].default in {*SHOWN, "heartbeat-ack"}],
    )
    if proxy:
        channels["proxy-ws"] = ("Many clients, one conversation.", received(), sent())
    models = {model for _, ins, outs in channels.values() for model in (*ins, *outs)}
    ordered = sorted(models, key=lambda model: model.__name__)
    _, schemas = models_json_schema(
        [(model, "validation") for model in ordered],
        ref_template="#/components/schemas/{model}",
    )
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Open-LLM-VTuber",
            "version": __version__,
            "description": "JSON objects in text frames, told apart by `type` (on /tts-ws, by "
            "`status`). Binary frames on /client-ws are microphone sound after mic-stream-start.",
        },
        "channels": {name: _channel(name, *parts) for name, parts in channels.items()},
        "operations": {
            f"{action}-{name}": {
                "action": action,
                "channel": {"$ref": f"#/channels/{name}"},
                "messages": [
                    {"$ref": f"#/channels/{name}/messages/{model.__name__}"} for model in models_of
                ],
            }
            for name, (_, ins, outs) in channels.items()
            for action, models_of in (("receive", ins), ("send", outs))
        },
        "components": {
            "messages": {model.__name__: _message(model) for model in ordered},
            "schemas": schemas.get("$defs", {}),
        },
    }


def _channel(name: str, title: str, ins: Models, outs: Models) -> Document:
    return {
        "address": f"/{name}",
        "title": title,
        "messages": {
            model.__name__: {"$ref": f"#/components/messages/{model.__name__}"}
            for model in (*ins, *outs)
        },
    }


def _message(model: type[BaseModel]) -> Document:
    tag = model.model_fields.get("type") or model.model_fields.get("status")
    return {
        "name": str(tag.default) if tag else model.__name__,
        "summary": " ".join((model.__doc__ or "").split("\n\n", maxsplit=1)[0].split()),
        "contentType": "application/json",
        "payload": {"$ref": f"#/components/schemas/{model.__name__}"},
    }


@router.get("/asyncapi.json")
async def asyncapi(request: Request) -> dict[str, Any]:
    """Return the description of the sockets."""
    server: Server = request.app.state.server
    return document(proxy=server.config.system_config.enable_proxy)
