"""Write the pages' types of messages from the server's models: `python -m tools.typescript`."""

from __future__ import annotations

import inspect
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from open_llm_vtuber import faults
from open_llm_vtuber.protocol import (
    conversations,
    extensions,
    extra,
    memory,
    message_actions,
    presence,
    resuming,
)
from open_llm_vtuber.web.asyncapi import received, sent

FILE = Path(__file__).parents[1] / "web_shared" / "src" / "protocol" / "messages.ts"
COMMAND = "uv run python -m tools.typescript"

HEAD = f"""// Every message of /client-ws as a type. Written by `{COMMAND}`; do not edit.
"""
NAMES = {str: "string", int: "number", float: "number", bool: "boolean", Any: "number[]"}
"""Any is the type that the samples of a sound have in the models."""
WIDTH = 100

Model = type[BaseModel]


def module() -> str:
    """Return the whole file."""
    unions = {"ClientMessage": received(), "ServerMessage": sent()}
    roots = [*unions["ClientMessage"], *unions["ServerMessage"]]
    parts = [HEAD]
    for name, alias in _aliases().items():
        parts.append(f"export type {name} = {_literal(alias)};\n")
    client = set(_reachable(unions["ClientMessage"])) - set(_reachable(unions["ServerMessage"]))
    written: dict[str, Model] = {}
    for model in _reachable(roots):
        if written.setdefault(model.__name__, model) is not model:
            raise ValueError(f"two models are called {model.__name__}")
        parts.append(_interface(model, sent_by_client=model in client))
    for name, models in unions.items():
        members = "".join(f"\n  | {model.__name__}" for model in models)
        whose = "client" if name == "ClientMessage" else "server"
        parts.append(f"{_comment(f'What the {whose} sends.')}export type {name} ={members};\n")
    return "\n".join(parts)


def _aliases() -> dict[str, Any]:
    """Return the literal types that have a name of their own."""
    return {
        name: value
        for source in (
            *(conversations, extensions, extra, memory, message_actions, presence, resuming),
            faults,
        )
        for name, value in vars(source).items()
        if get_origin(value) is Literal
    }


def _reachable(models: list[Model]) -> Iterator[Model]:
    """Yield the models and those they are made of, each once; a part comes before the whole."""
    seen: set[Model] = set()

    def visit(model: Model) -> Iterator[Model]:
        if model in seen:
            return
        seen.add(model)
        for field in model.model_fields.values():
            for part in _parts(field.annotation):
                yield from visit(part)
        yield model

    for model in models:
        yield from visit(model)


def _parts(kind: Any) -> Iterator[Model]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for inside in get_args(kind):
        yield from _parts(inside)


def _interface(model: Model, *, sent_by_client: bool) -> str:
    lines = [_comment(inspect.getdoc(model) or ""), f"export interface {model.__name__} {{\n"]
    for name, field in model.model_fields.items():
        if field.description:
            lines.append(_comment(field.description, "  "))
        absent = field.exclude_if is not None
        if sent_by_client:  # what has a default need not be said; but `type` says which it is
            absent = name != "type" and not field.is_required()
        kind = _field(field, nullable=sent_by_client or not absent)
        line = f"  {name}{'?' if absent else ''}: {kind};\n"
        if len(line) > WIDTH:
            line = line.replace(": ", ":\n    | ", 1).replace(' | "', '\n    | "')
        lines.append(line)
    return "".join([*lines, "}\n"])


def _field(field: FieldInfo, *, nullable: bool) -> str:
    text = _type(field.annotation)
    return text if nullable else text.removesuffix(" | null")


def _type(kind: Any) -> str:
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _type(inside[0])
    if origin is Literal:
        named = [name for name, alias in _aliases().items() if alias == kind]
        return named[0] if named else _literal(kind)
    if origin in (Union, types.UnionType):
        return " | ".join("null" if one is types.NoneType else _type(one) for one in inside)
    if origin is list:
        item = _type(inside[0])
        return f"({item})[]" if " " in item else f"{item}[]"
    if origin is dict:
        return "Record<string, unknown>"
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind.__name__
    return NAMES[kind]


def _literal(kind: Any) -> str:
    return " | ".join(f'"{value}"' for value in get_args(kind))


def _comment(text: str, indent: str = "") -> str:
    """Return a doc comment, in one line where it fits."""
    lines = text.strip().splitlines()
    if len(lines) == 1 and len(indent) + len(lines[0]) + len("/**  */") <= WIDTH:
        return f"{indent}/** {lines[0]} */\n"
    body = "".join(f"{indent} * {line}".rstrip() + "\n" for line in lines)
    return f"{indent}/**\n{body}{indent} */\n"


def main() -> int:
    """Write the file; with --check, say whether it is stale and what mends that."""
    fresh = module()
    if "--check" in sys.argv:
        stale = not FILE.is_file() or FILE.read_text("utf-8") != fresh
        if stale:
            print(f"{FILE.name} is stale: run `{COMMAND}`", file=sys.stderr)
        return int(stale)
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(fresh, "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
