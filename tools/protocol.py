"""Write the tables of messages in docs/protocol.md from the models: `python -m tools.protocol`."""

from __future__ import annotations

import re
import sys
import types
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from open_llm_vtuber.faults import MEANINGS, ErrorCode
from open_llm_vtuber.protocol.parts import Outgoing
from open_llm_vtuber.web.asyncapi import received, sent

FILE = Path(__file__).parents[1] / "docs" / "protocol.md"
NAMES = {str: "text", int: "integer", float: "number", bool: "true or false", Any: "samples"}


def messages() -> dict[str, list[type[Any]]]:
    """Return the message models of each direction, in the order in which they are written."""
    return {"received": received(), "sent": sent()}


def table(models: list[type[Any]]) -> str:
    """Return a Markdown table: type, fields, meaning."""
    rows = ["| type | fields | what |", "|---|---|---|"]
    for model in models:
        fields = ", ".join(
            f"`{name}`: {_words(field)}" + (" (may be left out)" if _optional(model, field) else "")
            for name, field in model.model_fields.items()
            if name != "type"
        )
        first = " ".join((model.__doc__ or "").split("\n\n", maxsplit=1)[0].split())
        rows.append(f"| `{model.model_fields['type'].default}` | {fields} | {first} |")
    return "\n".join(rows)


def rendered(text: str) -> str:
    """Return `text` with its tables as the models have them now."""
    tables = {direction: table(models) for direction, models in messages().items()}
    for name, rows in {**tables, "codes": codes()}.items():
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        pattern = re.compile(f"{begin}.*?{end}", re.DOTALL)
        block = f"{begin}\n{rows}\n{end}"
        text = pattern.sub(block.replace("\\", r"\\"), text)
    return text


def codes() -> str:
    """Return a Markdown table of the codes of errors."""
    rows = [f"| `{code}` | {meaning} |" for code, meaning in MEANINGS.items()]
    return "\n".join(["| code | what it means |", "|---|---|", *rows])


def _optional(model: type[Any], field: FieldInfo) -> bool:
    """Return whether the sender may leave it out: the server sends also what has its default."""
    if issubclass(model, Outgoing):
        return field.exclude_if is not None
    return not field.is_required()


def _words(field: FieldInfo) -> str:
    text = _type(field.annotation)
    return text.removesuffix(" or null") if field.exclude_if else text


def _type(kind: Any) -> str:
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _type(inside[0])
    if kind == ErrorCode:  # they have a table of their own
        return "a code of an error"
    if origin is Literal:
        return " or ".join(f"`{value}`" for value in inside)
    if origin in (Union, types.UnionType):
        return " or ".join("null" if one is types.NoneType else _type(one) for one in inside)
    if origin is list:
        return f"list of {_type(inside[0])}"
    if origin is dict:
        return "object"
    return NAMES.get(kind) or str(getattr(kind, "__name__", kind))


def main() -> int:
    """Write the file; with --check, only say whether it is stale."""
    text = FILE.read_text("utf-8")
    fresh = rendered(text)
    if "--check" in sys.argv:
        return int(fresh != text)
    FILE.write_text(fresh, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
