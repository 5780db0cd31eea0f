"""What a validation error means, in the words of someone who edits conf.yaml."""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from pydantic_core import ErrorDetails

from ..engines.kinds import KINDS
from .engines import selected
from .models import Config
from .source import Location, Source, lookup

Schema = Mapping[str, Any]

_NOUNS = {
    "integer": "an integer",
    "number": "a number",
    "string": "text",
    "boolean": "true or false",
    "array": "a list",
    "object": "a section with keys of its own",
}
_MISMATCHES = ("_type", "_parsing", "_from_float", "_than", "_equal", "literal_error")


def explain(error: ErrorDetails, source: Source, values: Mapping[str, object]) -> str:
    """Return the message for one validation error of `values`, which were read from `source`."""
    location = error["loc"]
    if error["type"] == "missing":
        return source.say(location, "is missing" + _misspelt(location, source, values))
    if error["type"] == "string_too_short":
        return source.say(location, "must not be empty")
    if "error" in error.get("ctx", {}):  # raised by a validator of an engine's config
        return source.say(location, str(error["ctx"]["error"]))
    place = source.known(location)
    schema = _schema(place, values)
    expected = _words(schema) if error["type"].endswith(_MISMATCHES) else ""
    if not expected:
        return source.say(place, error["msg"])
    text = f"expected {expected}, found {source.found(place)}"
    if expected == "text" and source.is_bare(place):
        text += "; put it in quotes"
    near = get_close_matches(str(error["input"]), [str(name) for name in schema.get("enum", ())])
    if near:
        text += f'; did you mean "{near[0]}"?'
    return source.say(place, text)


def nearest(key: str, candidates: list[str]) -> str:
    """Return `; did you mean ...?` for the candidate most like `key`, "" if none is."""
    near = get_close_matches(key, candidates, n=1)
    return f'; did you mean "{near[0]}"?' if near else ""


def _misspelt(location: Location, source: Source, values: Mapping[str, object]) -> str:
    """Return the hint at a key that stands where the missing one belongs and means nothing."""
    *parent, key = location
    section = lookup(values, tuple(parent))
    valid = _schema(tuple(parent), values).get("properties", {})
    if not isinstance(section, Mapping):
        return ""
    near = get_close_matches(str(key), [name for name in section if name not in valid], n=1)
    if not near:
        return ""
    return f'; did you mean it by "{near[0]}" on line {source.line((*parent, near[0]))}?'


def _schema(location: Location, values: Mapping[str, object]) -> Schema:
    """Return the JSON Schema of what may stand at `location`, {} if that is not known."""
    root: Schema = Config.model_json_schema()
    for kind, record in KINDS.items():
        sections = record.sections
        choice = selected(kind, values)
        if choice and choice[1] and location[: len(sections) + 1] == (*sections, choice[0]):
            root = choice[1].Config.model_json_schema()
            location = location[len(sections) + 1 :]
            break
    schema = _resolve(root, root)
    for key in location:
        if isinstance(key, int):
            inner = schema.get("items")
        else:
            inner = schema.get("properties", {}).get(key) or schema.get("additionalProperties")
        if not isinstance(inner, Mapping):
            return {}
        schema = _resolve(inner, root)
    return schema


def _resolve(schema: Schema, root: Schema) -> Schema:
    """Return `schema` with its reference followed, and without the choice to be null."""
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    parts = [part for part in schema.get("anyOf", ()) if part.get("type") != "null"]
    return _resolve(parts[0], root) if len(parts) == 1 else {**schema, "anyOf": parts}


def _words(schema: Schema) -> str:
    if schema.get("anyOf"):
        return " or ".join(filter(None, map(_words, schema["anyOf"])))
    if "enum" in schema or "const" in schema:
        names = [json.dumps(item) for item in schema.get("enum", [schema.get("const")])]
        return f"one of {', '.join(names)}" if len(names) > 1 else names[0]
    noun = _NOUNS.get(schema.get("type", ""), "")
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"{noun} between {low} and {high}"
    bounds = {
        "of at least": low,
        "of at most": high,
        "above": schema.get("exclusiveMinimum"),
        "below": schema.get("exclusiveMaximum"),
    }
    limits = [f"{word} {bound:g}" for word, bound in bounds.items() if bound is not None]
    return " ".join([noun, " and ".join(limits)]).strip()
