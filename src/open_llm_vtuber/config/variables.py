"""`${NAME}` in the values of conf.yaml becomes the environment variable of that name."""

from __future__ import annotations

from collections.abc import Mapping

from ..engines.kinds import KINDS
from .engines import selected
from .source import VARIABLE, Location, lookup

_TRANSLATOR: Location = ("character_config", "tts_preprocessor_config", "translator_config")


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
    translator = lookup(values, _TRANSLATOR)
    if isinstance(translator, Mapping):
        provider = translator.get("translate_provider") or "deeplx"
        active = provider if translator.get("translate_audio") else None
        unused |= {(*_TRANSLATOR, name) for name in ("deeplx", "tencent") if name != active}
    for kind, record in KINDS.items():
        location = record.sections
        sections = lookup(values, location)
        if isinstance(sections, Mapping):
            choice = selected(kind, values)
            unused |= {
                (*location, key)
                for key, section in sections.items()
                if isinstance(section, Mapping) and not (choice and choice[0] == key)
            }
    return unused
