"""Values of a YAML file changed in its text: whatever else is written there stays, to the byte.

A library that writes the whole file anew changes what nobody asked for: `True` becomes `true`, an
empty line moves, and `no`, which is Norwegian, is read as false. So only what changes is written,
and what comes of it is read once more: a text that means anything else than it should, or has lost
a comment, is refused.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from yaml import YAMLError

from . import yaml_edits as edits
from .source import VARIABLE, ConfigError, Location, dotted, lookup, parse

Value = str | bool | int | float | list["Value"] | dict[str, "Value"]
"""What can be written. A list or a section takes the place of the whole one that is there; of that
only what differs is written."""


@dataclass(frozen=True)
class Variable:
    """The value is that of an environment variable, `${name}`; a text cannot say so."""

    name: str


@dataclass(frozen=True)
class _Removed:
    """The key goes, so that what holds is its default."""


REMOVED: Final = _Removed()

Change = Value | Variable | _Removed
Changes = Mapping[Location, Change]


def edited(name: str, text: str, changes: Changes) -> str:
    """Return the text of the file `name` with other values; missing keys and sections are added.

    Raises ConfigError where the file cannot be read, or where the place is written in a way that
    only a person can change.
    """
    before, values = text, parse(name, text).values
    for location, change in changes.items():
        wanted = _wanted(name, location, change)
        try:
            for step in _steps(location, _found(values, location), wanted):
                text = step.done(text)
        except (edits.UneditableError, YAMLError):
            raise _by_hand(name, location, change) from None
        values = _with(values, location, wanted)
    try:
        same = _form(parse(name, text).values) == _form(values)
        same = same and Counter(edits.comments(text)) == Counter(edits.comments(before))
    except (ConfigError, YAMLError):
        same = False
    if not same:
        raise _by_hand(name, *next(iter(changes.items())))
    return text


def shown(change: Change) -> str:
    """Return a value as a person would write it."""
    match change:
        case Variable(name=name):
            return f"${{{name}}}"
        case _Removed():
            return "nothing"
        case str():
            return change
        case _:
            return json.dumps(change, ensure_ascii=False)


def _by_hand(name: str, location: Location, change: Change) -> ConfigError:
    place = f"{name}: {dotted(location)} is written there in a way that is not changed by a program"
    if isinstance(change, _Removed):
        return ConfigError([f"{place}; take it out by hand"])
    return ConfigError([f"{place}; set it by hand to {shown(change)}"])


def _wanted(name: str, location: Location, change: Change) -> object:
    """Return what is to be read. Raises ConfigError where a text would be more than a text."""
    if isinstance(change, Variable):
        return shown(change)
    if not all(map(math.isfinite, _numbers(change))):
        raise ConfigError([f"{name}: {dotted(location)}: expected a number"], places=[location])
    if any(VARIABLE.search(text) or not _is_text(text) for text in _texts(change)):
        raise ConfigError(
            [
                f"{name}: {dotted(location)}: what refers to an environment variable, as "
                "${NAME} does, or is no text is written by hand only"
            ]
        )
    return change


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield name
            yield from _texts(one)


def _numbers(value: object) -> Iterator[float]:
    if isinstance(value, float):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _numbers(one)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _numbers(one)


def _is_text(text: str) -> bool:
    """Whether it has no half of a character."""
    return not any("\ud800" <= char <= "\udfff" for char in text)


@dataclass(frozen=True)
class _Put:
    location: Location
    value: object

    def done(self, text: str) -> str:
        return edits.put(text, self.location, self.value)


@dataclass(frozen=True)
class _Insert(_Put):
    def done(self, text: str) -> str:
        return edits.insert(text, self.location, self.value)


@dataclass(frozen=True)
class _Remove:
    location: Location

    def done(self, text: str) -> str:
        return edits.remove(text, self.location)


_MISSING: Final = object()


def _steps(location: Location, old: object, new: object) -> Iterator[_Put | _Remove]:
    """Yield what makes `new` of `old`, each as small as can be."""
    if isinstance(new, _Removed):
        if old is not _MISSING:
            yield _Remove(location)
    elif old is _MISSING or _form(old) != _form(new):
        if isinstance(old, dict) and isinstance(new, dict) and old and new:
            for key in [key for key in old if key not in new]:
                yield _Remove((*location, key))
            for key, value in new.items():
                yield from _steps((*location, key), old.get(key, _MISSING), value)
        elif isinstance(old, list) and isinstance(new, list) and old and new:
            yield from _items(location, old, new)
        else:
            yield _Put(location, new)


def _items(location: Location, old: list[object], new: list[object]) -> Iterator[_Put | _Remove]:
    """Yield what makes a list of another, from its end, so that places stay what they were."""
    before, after = ([_form(one) for one in items] for items in (old, new))
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for code, at, end, other, other_end in reversed(codes):
        if code == "equal":
            continue
        both = min(end - at, other_end - other)
        for value in reversed(new[other + both : other_end]):
            yield _Insert((*location, at + both), value)
        for gone in reversed(range(at + both, end)):
            yield _Remove((*location, gone))
        for one in reversed(range(both)):
            yield from _steps((*location, at + one), old[at + one], new[other + one])


def _found(values: object, location: Location) -> object:
    *home, name = location
    section = lookup(values, tuple(home))
    return section.get(name, _MISSING) if isinstance(section, Mapping) else _MISSING


def _with(values: Mapping[str, object], location: Location, value: object) -> dict[str, object]:
    key, *rest = location
    own = values.get(str(key))
    if rest:
        section = own if isinstance(own, Mapping) else {}
        if value is REMOVED and not section:
            return dict(values)
        return {**values, str(key): _with(section, tuple(rest), value)}
    if value is REMOVED:
        return {name: one for name, one in values.items() if name != key}
    return {**values, str(key): value}


def _form(value: object) -> str:
    """Return a value so that it can be compared: true is not 1, an empty section is nothing."""
    return json.dumps(_plain(value), sort_keys=True)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()} or None
    return [_plain(one) for one in value] if isinstance(value, list) else value
