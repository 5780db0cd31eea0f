"""What /v1/chat/completions is asked: the fields that are read; others are ignored."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

MOST_MESSAGES = 2000
MOST_TOOLS = 128


class _Read(BaseModel):
    model_config = ConfigDict(extra="ignore")


class TextPart(_Read):
    """Words."""

    type: Literal["text", "input_text", "output_text"]
    text: str


class RefusalPart(_Read):
    """Words by which an assistant refused."""

    type: Literal["refusal"]
    refusal: str


class ImageUrl(_Read):
    """Where a picture is."""

    url: str


class ImagePart(_Read):
    """A picture, as a data URL."""

    type: Literal["image_url"]
    image_url: ImageUrl


class OtherPart(_Read):
    """What she cannot be told: a file, or sound."""

    type: Literal["input_audio", "file"]


Content = (
    str
    | list[Annotated[TextPart | RefusalPart | ImagePart | OtherPart, Field(discriminator="type")]]
)


class CalledFunction(_Read):
    """Which function was called, and with what."""

    name: str = Field(min_length=1, max_length=64)
    arguments: str = ""


class MessageToolCall(_Read):
    """A call of the assistant."""

    id: str = Field(min_length=1, max_length=200)
    type: Literal["function"] = "function"
    function: CalledFunction


class Message(_Read):
    """One message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: Content | None = None
    tool_calls: list[MessageToolCall] | None = None
    tool_call_id: str | None = None


class Function(_Read):
    """What a client can do."""

    name: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    description: str | None = None
    parameters: dict[str, Any] | None = None


class FunctionTool(_Read):
    """A function that the model may ask for."""

    type: Literal["function"]
    function: Function


class NamedFunction(_Read):
    """A function by its name."""

    name: str


class NamedTool(_Read):
    """The tool that should be called."""

    type: Literal["function"] = "function"
    function: NamedFunction


class StreamOptions(_Read):
    """How chunks are sent."""

    include_usage: bool | None = None


class AnswerForm(_Read):
    """What the answer should be."""

    type: Literal["text", "json_object", "json_schema"] = "text"


class ChatRequest(_Read):
    """A conversation to be answered."""

    model: str = Field(max_length=200, description="A character of /v1/models.")
    messages: list[Message] = Field(min_length=1, max_length=MOST_MESSAGES)
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    stop: str | list[str] | None = None
    max_tokens: int | None = Field(default=None, gt=0)
    max_completion_tokens: int | None = Field(default=None, gt=0)
    temperature: float | None = Field(default=None, ge=0, le=2)
    n: int | None = None
    tools: list[FunctionTool] | None = Field(default=None, max_length=MOST_TOOLS)
    tool_choice: Literal["none", "auto", "required"] | NamedTool | None = None
    response_format: AnswerForm | None = None
