"""/v1/models and /v1/chat/completions: the characters, as OpenAI's API has models."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import cast

from fastapi import APIRouter, Request
from loguru import logger
from starlette.responses import Response

from ..closing import close_each
from ..config import ConfigError
from ..engines.base import EngineError
from ..engines.llm.base import AnyLLM, ToolCall
from ..openai_api.chat_answer import (
    AnswerMessage,
    Choice,
    Completion,
    Delta,
    FinishReason,
    FunctionCall,
    Model,
    ModelList,
    ToolCallAnswer,
    ToolCallDelta,
    chunk,
)
from ..openai_api.chat_prompt import Asked, read
from ..openai_api.chat_reply import Finished, ReplyPart, reply
from ..openai_api.chat_request import ChatRequest
from ..openai_api.failures import ApiError
from ..openai_api.server_sent import DONE, event
from ..server.lending import ListedCharacter
from ..server.server import Server
from .config_api import while_wanted
from .openai_door import FAILURES, body_of, body_schema, server_of, turns_of
from .openai_streams import streamed

router = APIRouter(prefix="/v1", tags=["openai"], responses=FAILURES)
MOST_STOPS = 16


@router.get("/models")
async def models(request: Request) -> ModelList:
    """List the characters, that of conf.yaml first."""
    return ModelList(data=[_model(one) for one in await _ids(server_of(request))])


@router.get("/models/{model:path}")
async def model(request: Request, model: str) -> Model:
    """Tell of one character."""
    return _model((await _found(server_of(request), model), model))


async def _ids(server: Server) -> list[tuple[ListedCharacter, str]]:
    """Return the characters, each with its name, or with its uid where another has that name."""
    listed = await server.lending.listed()
    names = [one.name.casefold() for one in listed]
    return [
        (one, one.name if one.name and names.index(one.name.casefold()) == at else one.uid)
        for at, one in enumerate(listed)
    ]


def _model(listed: tuple[ListedCharacter, str]) -> Model:
    return Model(id=listed[1])


async def _found(server: Server, name: str) -> ListedCharacter:
    if found := await server.lending.find(name):
        return found
    ids = ", ".join(uid for _, uid in (await _ids(server))[:40])
    raise ApiError(
        f"There is no character {name[:100]!r}; there are: {ids}.",
        status=404,
        param="model",
        code="model_not_found",
    )


@router.post(
    "/chat/completions",
    response_model=Completion,
    openapi_extra=body_schema(ChatRequest),
    responses={
        200: {
            "description": "The answer, or its chunks with `stream`.",
            "content": {"text/event-stream": {}},
        }
    },
)
async def chat_completions(request: Request) -> Response:
    """Have a character answer a conversation that is sent whole; nothing of it is remembered."""
    asked = await body_of(request, ChatRequest)
    server = server_of(request)
    conversation = read(asked, server.config.system_config.limits.max_images)
    stops = [asked.stop] if isinstance(asked.stop, str) else asked.stop or []
    if len(stops) > MOST_STOPS:
        raise ApiError(f"At most {MOST_STOPS} texts can end an answer.", param="stop")
    found = await _found(server, asked.model)
    parts = _answered(request, found, asked, conversation, stops)
    uid, created = f"chatcmpl-{secrets.token_hex(12)}", int(time.time())
    if asked.stream:
        chunks = _chunks(parts, uid, created, asked.model)
        return await streamed(request, chunks, "text/event-stream")
    whole = await while_wanted(request, _whole(parts, uid, created, asked.model))
    return Response(whole.model_dump_json(exclude_none=True), media_type="application/json")


async def _answered(
    request: Request,
    found: ListedCharacter,
    asked: ChatRequest,
    conversation: Asked,
    stops: list[str],
) -> AsyncGenerator[ReplyPart, None]:
    """Yield what the character answers. Raises ApiError."""
    server = server_of(request)
    with turns_of(request).place():
        try:
            context = await server.character(found.filename)
        except ConfigError as error:
            raise ApiError.of(error) from None
        most = asked.max_completion_tokens or asked.max_tokens
        changes = {"temperature": asked.temperature, "max_tokens": most}
        given = {key: value for key, value in changes.items() if value is not None}
        try:
            choice = context.character.engine("llm")
            async with server.lending.engine(choice, given) as llm:
                answer = reply(context, cast("AnyLLM", llm), conversation, stops, most)
                async with aclosing(answer) as parts:
                    async for part in parts:
                        yield part
        except LookupError:
            text = f"{found.name} thinks with a service that is no language model of ours."
            raise ApiError(text, param="model") from None
        except EngineError as error:
            logger.warning("/v1/chat/completions: {}", error)
            raise ApiError.of(error) from None
        finally:
            await close_each({"the agent": context.memory.close, "the engines": context.close})


async def _whole(
    parts: AsyncGenerator[ReplyPart, None], uid: str, created: int, model: str
) -> Completion:
    text = ""
    reason: FinishReason = "stop"
    calls: list[ToolCallAnswer] = []
    async with aclosing(parts):
        async for part in parts:
            match part:
                case str():
                    text += part
                case ToolCall():
                    calls.append(ToolCallAnswer(id=part.id, function=_function(part)))
                case Finished(reason=why):
                    reason = why
    text = text.strip()
    message = AnswerMessage(content=text or (None if calls else ""), tool_calls=calls or None)
    choice = Choice(message=message, finish_reason=reason)
    return Completion(id=uid, created=created, model=model, choices=[choice])


async def _chunks(
    parts: AsyncGenerator[ReplyPart, None], uid: str, created: int, model: str
) -> AsyncGenerator[bytes, None]:
    begun, calls = False, 0
    try:
        async with aclosing(parts):
            async for part in parts:
                finish: FinishReason | None = None
                match part:
                    case str():
                        delta = Delta(content=part if begun else part.lstrip())
                    case ToolCall():
                        called = ToolCallDelta(index=calls, id=part.id, function=_function(part))
                        called.type = "function"  # set, so that it is written
                        delta = Delta(tool_calls=[called])
                        calls += 1
                    case Finished(reason=finish):
                        delta = Delta()
                if not begun:
                    delta.role, begun = "assistant", True
                yield event(chunk(uid, created, model, delta, finish))
    except ApiError as error:
        if not begun:
            raise
        yield error.event()
        return
    yield DONE


def _function(call: ToolCall) -> FunctionCall:
    return FunctionCall(name=call.name, arguments=call.arguments)
