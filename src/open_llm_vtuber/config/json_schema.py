"""conf.yaml as a JSON Schema: what editors complete and underline while it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from ..engines import registry
from ..engines.kinds import KINDS
from ..values import DANGER, ENGINE
from .engines import known_names
from .models import Config

Schema = dict[str, Any]

DIALECT = GenerateJsonSchema.schema_dialect
_ABOUT = ("title", "description", "default", DANGER, ENGINE)
"""What a schema says of a value besides what it may be."""
_VARIABLE: Schema = {"type": "string", "pattern": r"\$\{\w+\}"}
"""The value of an environment variable may stand for a number, or for true and false."""
_QUOTED: Mapping[str, Schema] = {
    "number": {"type": "string", "pattern": r"^\s*[+-]?\d+(\.\d+)?\s*$"},
    "boolean": {"enum": ["true", "True", "false", "False"]},
}
"""What the original's file has between quotation marks is read as what it means."""
_ELSEWHERE: Schema = {"type": "string", "pattern": "^[^:]+:[^:]+$"}
"""An engine that is not installed as one: `package.module:Class`."""


@dataclass(frozen=True)
class ConfSchema:
    """conf.yaml as pydantic describes it, with the sections of every engine that is installed."""

    root: Schema
    models: list[type[BaseModel]]
    refs: Mapping[Any, Schema]
    """By model and mode."""

    def section(self, path: Iterable[str]) -> Schema:
        """Return the definition of the section at `path`."""
        return _section(self.root, path)

    def of(self, model: type[BaseModel]) -> Schema:
        """Return the definition of a model."""
        return _definition(self.refs[model, "validation"], self.root)


def described() -> ConfSchema:
    """Return the schema of conf.yaml; its keys that name an engine take any text."""
    engines = [
        (kind, name, engine.Config)
        for kind in KINDS.values()
        for name, engine in sorted(registry.engines(kind.name).items())
    ]
    models: list[type[BaseModel]] = [Config, *dict.fromkeys(model for _, _, model in engines)]
    refs, schema = models_json_schema([(model, "validation") for model in models])
    definitions: dict[str, Schema] = schema["$defs"]
    root: Schema = {**refs[Config, "validation"], "$defs": definitions}
    for kind, name, model in engines:
        place = _section(root, kind.sections)
        place["properties"] = {**place.get("properties", {}), name: refs[model, "validation"]}
    return ConfSchema(root, models, refs)


def conf_schema() -> Schema:
    """Return the schema of conf.yaml for editors."""
    conf = described()
    root, definitions = conf.root, conf.root["$defs"]
    for kind in KINDS.values():
        *section, key = kind.selector
        names = {"enum": sorted(known_names(kind.name))}
        properties = _section(root, section)["properties"]
        properties[key] = {**_about(properties[key]), "anyOf": [names, _ELSEWHERE]}
    open_ends = [_section(root, kind.sections) for kind in KINDS.values()]
    unquoted = [
        conf.of(model) for model in conf.models if model.model_config.get("coerce_numbers_to_str")
    ]
    for definition in definitions.values():
        closed = all(definition is not one for one in open_ends)
        _loosen(definition, closed=closed, unquoted=any(definition is one for one in unquoted))
    return {"$schema": DIALECT, "title": "conf.yaml", **root}


def _section(root: Schema, path: Iterable[str]) -> Schema:
    """Return the definition of the section at `path`."""
    found = _definition(root, root)
    for key in path:
        found = _definition(found["properties"][key], root)
    return found


def _definition(schema: Schema, root: Schema) -> Schema:
    name = schema.get("$ref", "").rpartition("/")[2]
    definition: Schema = root["$defs"][name] if name else schema
    return definition


def _loosen(definition: Schema, *, closed: bool, unquoted: bool) -> None:
    """Allow what is read though it is no value of the model, and no key that is not read.

    `unquoted`: a number is read where a text is meant.
    """
    properties: dict[str, Schema] = definition.get("properties", {})
    for key, value in properties.items():
        others = [{"type": "null"}, *([] if "$ref" in value else [_VARIABLE])]
        itself = {word: one for word, one in value.items() if word not in _ABOUT}
        choices = value.get("anyOf", [itself])
        types = {one.get("type") for one in choices}
        if types & {"integer", "number"}:
            others.append(_QUOTED["number"])
        if "boolean" in types:
            others.append(_QUOTED["boolean"])
        if unquoted and any(_is_text(one) for one in choices):
            others.append({"type": "number"})
        properties[key] = {**_about(value), "anyOf": [*choices, *others]}
    if closed and definition.get("type") == "object":
        definition["additionalProperties"] = False


def _is_text(schema: Schema) -> bool:
    """Whether it takes any text."""
    return schema.get("type") == "string" and "enum" not in schema and "const" not in schema


def _about(schema: Mapping[str, Any]) -> Schema:
    return {word: schema[word] for word in ("description", "default") if word in schema}
