"""`${NAME}` in the values of conf.yaml becomes the environment variable of that name."""

from __future__ import annotations

from collections.abc import Mapping

from ..engines.kinds import KINDS
from .engines import selected
from .source import VARIABLE, Location, lookup


def substitute(
    values: Mapping[str, object], environ: Mapping[str, str]
) -> tuple[dict[str, object], dict[Location, str]]:
    """Return `values` with every known variable replaced, and the unknown ones by location.

    It works on values, not on the text of the file, so that a variable's content stays a value
    whatever characters it has.
    """
    unset: dict[Location, str] = {}

    def expand(value: object, location: Location) -> object:
        if isinstance(value, Mapping):
            return {key: expand(item, (*location, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [expand(item, (*location, i)) for i, item in enumerate(value)]
        if not isinstance(value, str):
            return value
        for name in VARIABLE.findall(value):
            if name not in environ:
                unset[location] = name
        return VARIABLE.sub(lambda match: environ.get(match[1], match[0]), value)

    return {key: expand(item, (key,)) for key, item in values.items()}, unset


def unused_sections(values: Mapping[str, object]) -> set[Location]:
    """Return the locations of the sections that set up what is not chosen."""
    unused: set[Location] = set()
    wanted = _wanted(values)
    for record in KINDS.values():
        sections = lookup(values, record.sections)
        if isinstance(sections, Mapping):
            unused |= {
                (*record.sections, key)
                for key, section in sections.items()
                if isinstance(section, Mapping) and (*record.sections, key) not in wanted
            }
    return unused


def _wanted(values: Mapping[str, object]) -> set[Location]:
    """Return where the sections are of the engines that are chosen, or used by those."""
    found: set[Location] = set()
    for kind, record in KINDS.items():
        if choice := selected(kind, values):
            name, engine = choice
            found.add((*record.sections, name))
            for key, other in (engine.uses if engine else {}).items():
                named = lookup(values, (*record.sections, name, key))
                if isinstance(named, str):
                    found.add((*KINDS[other].sections, named))
    return found
