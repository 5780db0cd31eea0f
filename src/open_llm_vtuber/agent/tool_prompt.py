"""Tools, calls and results as plain text, for models and services that have no other way."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..engines.llm.base import ChatMessage, Tool

PLACE = "[<insert_mcp_servers_with_tools>]"
"""Where the documented prompt wants the list of tools."""
NO_MORE = "(You can use no more tools now. Answer with what you have.)"


def described(text: str, servers: Mapping[str, tuple[Tool, ...]]) -> str:
    """Return the prompt `text` with the tools in their place, or at its end."""
    lines = []
    for server, tools in servers.items():
        lines.append(f"Server: {server}")
        for tool in tools:
            lines.append(f"  Tool: {tool.name}")
            lines.append(f"    Purpose: {' '.join(tool.description.split())}")
            lines.append(f"    Schema of the arguments: {tool.parameters}")
    listed = "\n".join(lines)
    return text.replace(PLACE, listed) if PLACE in text else f"{text}\n\n{listed}".strip()


def in_words(
    messages: Sequence[ChatMessage],
    servers: Mapping[str, tuple[Tool, ...]],
    instruction: str = "",
    *,
    keep_tools: bool = False,
) -> list[ChatMessage]:
    """Return the prompt without calls and results of the API.

    `instruction` joins the system message. The tools go too, unless the model, which has them,
    only writes its calls into the text.
    """
    homes = {tool.name: server for server, tools in servers.items() for tool in tools}
    names: dict[str, str] = {}
    told: list[ChatMessage] = []
    for message in messages:
        content = message.content
        if message.role == "system" and instruction:
            content, instruction = f"{content}\n\n{instruction}".strip(), ""
        for call in message.tool_calls:
            names[call.id] = call.name
            asked = {"mcp_server": homes.get(call.name, ""), "tool": call.name}
            written = json.dumps(asked, ensure_ascii=False)[:-1]
            content = f'{content}\n{written}, "arguments": {call.arguments}}}'.strip()
        tools = message.tools if keep_tools else ()
        plain = replace(message, content=content, tools=tools, tool_calls=(), tool_call_id="")
        if message.role == "tool":
            content = f"(Result of the tool {names[message.tool_call_id]}:)\n{content}"
            plain = ChatMessage("user", content)
        if told and told[-1].role == plain.role:
            last = told.pop()
            joined = f"{last.content}\n{plain.content}"
            plain = replace(plain, content=joined, images=last.images + plain.images)
        told.append(plain)
    return told
