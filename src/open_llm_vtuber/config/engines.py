"""Which engine of each kind conf.yaml chooses, and the keys that it gives to it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import partial
from types import GenericAlias
from typing import Annotated, Any

from pydantic import AfterValidator, TypeAdapter
from pydantic_core import PydanticCustomError

from ..engines import registry
from ..engines.base import EngineConfig
from ..engines.kinds import KINDS, Kind
from ..engines.registry import AnyEngine, EngineChoice
from .source import lookup

_PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*")


def known_names(kind: Kind) -> frozenset[str]:
    """Return the name of every engine of `kind` that is installed, if broken, or documented."""
    return KINDS[kind].documented.union(registry.engines(kind), registry.broken(kind))


def installed(kind: Kind, name: str) -> AnyEngine | None:
    """Return the engine class that `name` chooses, None if this installation has none."""
    if ":" in name and not _PATH.fullmatch(name):
        return None
    try:
        return registry.find(kind, name)
    except registry.UnknownEngineError:
        return None


def selected(kind: Kind, values: Mapping[str, object]) -> tuple[str, AnyEngine | None] | None:
    """Return the section key and the class of the engine that the raw `values` choose, if any."""
    record = KINDS[kind]
    if record.switch:
        wanted = lookup(values, record.switch)
        if not (record.usual if wanted is None else wanted is True):
            return None
    name = lookup(values, record.selector) or record.default
    if not isinstance(name, str):
        return None
    engine = installed(kind, name)
    return (engine.name if engine else name), engine


def check_name(kind: Kind, name: str) -> str:
    """Return `name` if an engine of `kind` has it, installed or documented.

    Raises PydanticCustomError, whose text says why it cannot be had, or names the nearest ones.
    """
    if name in known_names(kind):
        return name
    if ":" in name:
        try:
            if _PATH.fullmatch(name) and registry.find(kind, name):
                return name
            reason = f'"{name}" is no path of the form package.module:Class'
        except registry.UnknownEngineError as error:
            reason = error.reason
        raise PydanticCustomError("unknown_engine", "{reason}", {"reason": reason})
    near = get_close_matches(name, sorted(known_names(kind)))
    hint = (
        f"did you mean {' or '.join(near)}?"
        if near
        else f"there are {', '.join(sorted(registry.engines(kind)))}"
    )
    reason = f'no {KINDS[kind].label} engine is called "{name}"; {hint}'
    raise PydanticCustomError("unknown_engine", "{reason}", {"reason": reason})


def choose(
    kind: Kind, name: str, sections: Mapping[str, object], within: Sequence[str] = ()
) -> EngineChoice:
    """Return the choice of the engine `name` with the keys of its section; none means defaults.

    Raises ValidationError, located in the section, which is `within` others; also where a key of it
    names an engine to be used that there is not.
    """
    engine = installed(kind, name)
    key = engine.name if engine else name
    section = sections.get(key)
    model = engine.Config if engine else EngineConfig
    config = _validated(model, {} if section is None else section, (*within, key))
    for used, other in (engine.uses if engine else {}).items():
        if named := getattr(config, used):
            known = Annotated[str, AfterValidator(partial(check_name, other))]
            _validated(known, named, (*within, key, used))
    return EngineChoice(kind, name, key, config, available=engine is not None)


def _validated(shape: Any, value: Any, location: Sequence[str]) -> Any:
    """Return what `shape` makes of a value. Raises ValidationError, whose location begins so."""
    for one in reversed(location):
        value, shape = {one: value}, GenericAlias(dict, (str, shape))
    value = TypeAdapter(shape).validate_python(value)
    for one in location:
        value = value[one]
    return value
