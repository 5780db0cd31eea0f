"""A conversation as the API has it, into what a character's language model is told; pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..engines.llm.base import ChatMessage, Tool, ToolCall
from .chat_request import (
    ChatRequest,
    Content,
    FunctionTool,
    ImagePart,
    Message,
    NamedTool,
    OtherPart,
    RefusalPart,
    TextPart,
)
from .failures import ApiError


@dataclass(frozen=True)
class Asked:
    """A conversation that is to be answered."""

    instructions: str
    """What the caller's system messages say, all of them."""
    messages: list[ChatMessage]
    tools: tuple[Tool, ...]
    """What the client can do for her."""

    @property
    def last_words(self) -> str:
        """What the person said last."""
        said = (one.content for one in reversed(self.messages) if one.role == "user")
        return next(said, "")


def read(request: ChatRequest, most_images: int) -> Asked:
    """Return what a request asks. Raises ApiError for what she cannot be asked."""
    if request.n not in (None, 1):
        raise ApiError("There is one answer to a request: n can be 1 only.", param="n")
    if request.response_format and request.response_format.type != "text":
        text = "She answers in words of her own: response_format can be text only."
        raise ApiError(text, param="response_format")
    instructions: list[str] = []
    messages: list[ChatMessage] = []
    called: set[str] = set()
    for number, message in enumerate(request.messages):
        where = f"messages.{number}"
        text, images = _content(message.content, where)
        if message.role in ("system", "developer"):
            instructions.append(text)
            continue
        messages.append(_told(message, text, images, called, where))
        called |= {call.id for call in messages[-1].tool_calls}
    if not messages:
        raise ApiError("There is no message that could be answered.", param="messages")
    if sum(len(one.images) for one in messages) > most_images:
        text = f"There are more than {most_images} pictures (system_config.limits.max_images)."
        raise ApiError(text, param="messages")
    joined = "\n\n".join(one for one in instructions if one.strip())
    return Asked(joined, _joined(messages), _tools(request))


def _told(
    message: Message, text: str, images: tuple[str, ...], called: set[str], where: str
) -> ChatMessage:
    if message.role == "tool":
        if message.tool_call_id not in called:
            told = f"{where}.tool_call_id names no call of an assistant's message before it."
            raise ApiError(told, param=f"{where}.tool_call_id")
        return ChatMessage("tool", text, tool_call_id=message.tool_call_id or "")
    if message.role == "assistant":
        calls = tuple(
            ToolCall(call.id, call.function.name, call.function.arguments or "{}")
            for call in message.tool_calls or ()
        )
        return ChatMessage("assistant", text, tool_calls=calls)
    return ChatMessage("user", text, images)


def _content(content: Content | None, where: str) -> tuple[str, tuple[str, ...]]:
    """Return words and pictures of a message."""
    if content is None or isinstance(content, str):
        return content or "", ()
    words: list[str] = []
    images: list[str] = []
    for part in content:
        match part:
            case TextPart(text=text) | RefusalPart(refusal=text):
                words.append(text)
            case ImagePart(image_url=image):
                if not image.url.startswith("data:image/"):
                    told = "This server fetches no pictures: send them as data:image/... URLs."
                    raise ApiError(told, param=f"{where}.content")
                images.append(image.url)
            case OtherPart(type=kind):
                raise ApiError(f"She cannot be told {kind} here.", param=f"{where}.content")
    return "\n".join(words), tuple(images)


def _joined(messages: Sequence[ChatMessage]) -> list[ChatMessage]:
    """Return the messages, neighbours of one person as one: chat templates refuse two in a row."""
    joined: list[ChatMessage] = []
    for message in messages:
        last = joined[-1] if joined else None
        plain = message.role == "user" or not (message.tool_calls or message.role == "tool")
        if last and plain and last.role == message.role and not last.tool_calls:
            content = f"{last.content}\n{message.content}"
            joined[-1] = replace(last, content=content, images=last.images + message.images)
        else:
            joined.append(message)
    return joined


def _tools(request: ChatRequest) -> tuple[Tool, ...]:
    choice = request.tool_choice
    if choice == "none":
        return ()
    offered = tuple(_tool(one) for one in request.tools or ())
    if isinstance(choice, NamedTool):
        named = tuple(one for one in offered if one.name == choice.function.name)
        if not named:
            text = f"There is no tool {choice.function.name[:64]!r} among `tools`."
            raise ApiError(text, param="tool_choice")
        return named
    if len({one.name for one in offered}) < len(offered):
        raise ApiError("Two tools have the same name.", param="tools")
    return offered


def _tool(given: FunctionTool) -> Tool:
    function = given.function
    schema = function.parameters or {"type": "object", "properties": {}}
    return Tool(function.name, function.description or "", json.dumps(schema, ensure_ascii=False))
