"""What /v1/chat/completions answers: a whole completion, or its chunks."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

FinishReason = Literal["stop", "length", "tool_calls"]


class FunctionCall(BaseModel):
    """Which function is to be called, and with what: a JSON object."""

    name: str
    arguments: str


class ToolCallAnswer(BaseModel):
    """A call that the client is asked for."""

    id: str
    type: Literal["function"] = "function"
    function: FunctionCall


class ToolCallDelta(ToolCallAnswer):
    """The same in a chunk."""

    index: int


class AnswerMessage(BaseModel):
    """What she said."""

    role: Literal["assistant"] = "assistant"
    content: str | None
    refusal: None = None
    tool_calls: list[ToolCallAnswer] | None = None


class Choice(BaseModel):
    """The answer; there is one."""

    index: Literal[0] = 0
    message: AnswerMessage
    logprobs: None = None
    finish_reason: FinishReason


class Completion(BaseModel):
    """The whole answer. No engine says how many tokens it was: there is no `usage`."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    """Seconds since 1970."""
    model: str
    choices: list[Choice]


class Delta(BaseModel):
    """What is new."""

    role: Literal["assistant"] | None = None
    content: str | None = None
    tool_calls: list[ToolCallDelta] | None = None


class ChunkChoice(BaseModel):
    """What is new of the answer."""

    index: Literal[0]
    delta: Delta
    finish_reason: FinishReason | None


class CompletionChunk(BaseModel):
    """A part of the answer."""

    id: str
    object: Literal["chat.completion.chunk"]
    created: int
    model: str
    choices: list[ChunkChoice]


class Model(BaseModel):
    """A character, as a model."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: Literal["open-llm-vtuber"] = "open-llm-vtuber"


class ModelList(BaseModel):
    """The characters."""

    object: Literal["list"] = "list"
    data: list[Model]


def chunk(
    uid: str, created: int, model: str, delta: Delta, finish: FinishReason | None = None
) -> CompletionChunk:
    """Return a chunk of which only what it has is written."""
    return CompletionChunk(
        id=uid,
        object="chat.completion.chunk",
        created=created,
        model=model,
        choices=[ChunkChoice(index=0, delta=delta, finish_reason=finish)],
    )
