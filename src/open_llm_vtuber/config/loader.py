"""From conf.yaml to a Config: every mistake named with its file, line and key."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from loguru import logger
from pydantic import BaseModel, ValidationError

from ..engines import registry
from ..engines.kinds import KINDS
from ..engines.registry import EngineChoice
from ..values import NO_EFFECT
from .explain import explain, nearest
from .languages import Chosen, filled
from .live import EXAMPLE_ROOM
from .models import Config
from .secrets import environment
from .section import Section
from .source import ConfigError, Location, Source, read
from .variables import substitute, unused_sections

_CHARACTER = "character_config"


@dataclass(frozen=True)
class LoadedConfig:
    """A configuration that can be used, and one line for each thing in it that looks wrong."""

    config: Config
    warnings: tuple[str, ...]


def load_config(path: Path, *, environ: Mapping[str, str] | None = None) -> LoadedConfig:
    """Read and check a conf.yaml.

    `environ` is where `${NAME}` is looked up: the environment and secrets.yaml beside it, unless it
    is given. Raises ConfigError, which lists every mistake found.
    """
    return checked(read(path), environ=_known(path, environ))


def checked(
    source: Source,
    *,
    environ: Mapping[str, str] = os.environ,
    chosen: Sequence[Chosen] = (),
) -> LoadedConfig:
    """Check what was read of a conf.yaml. Raises ConfigError, which lists every mistake found.

    `chosen` are the engines in it that the language of a character has chosen already.
    """
    source, others = _spoken(source, environ)
    chosen = [*chosen, *others]
    values, unset = substitute(source.values, environ)
    unused = unused_sections(values)
    problems: dict[Location, str] = {}
    try:
        config = Config.model_validate(values)
    except ValidationError as error:
        problems = {item["loc"]: explain(item, source, values) for item in error.errors()}
    for location, name in unset.items():
        if not any(location[: len(section)] == section for section in unused):
            text = f"the environment variable {name} is not set"
            problems[location] = source.say(location, text)
    if problems:
        ordered = {at: problems[at] for at in sorted(problems, key=source.line)}
        raise ConfigError(ordered.values(), places=ordered)
    found = dict([*_idle_keys(config), *_unavailable(config), *_unread(config)])
    lines = [source.say(location, found[location]) for location in sorted(found, key=source.line)]
    where = (_CHARACTER, "language")
    lines += [source.say(where, one.warning) for one in chosen if one.warning]
    for one in (some for some in chosen if some.reason):
        size = f", fetches {one.fetches_mb} MB once" if one.fetches_mb else ""
        logger.info("{}", source.say(where, f"{one.engine}: {one.reason}{size}"))
    if source.guess:
        lines.insert(0, _guessed(source))
    return LoadedConfig(config, tuple(lines))


def load_character(
    path: Path, character: Path, *, environ: Mapping[str, str] | None = None
) -> LoadedConfig:
    """Read and check a conf.yaml with the `character_config` of another file laid over its own.

    Raises ConfigError, which names the lines of the file where the mistakes are.
    """
    return checked_character(read(path), read(character), environ=_known(path, environ))


def _known(path: Path, environ: Mapping[str, str] | None) -> Mapping[str, str]:
    return environment(path.parent) if environ is None else environ


def checked_character(
    base: Source, over: Source, *, environ: Mapping[str, str] = os.environ
) -> LoadedConfig:
    """Check what was read of a conf.yaml, and of a character to be laid over it.

    Raises ConfigError.
    """
    others = [key for key in over.values if key != _CHARACTER]
    if not isinstance(over.values.get(_CHARACTER), Mapping):
        text = f"{over.name}:1: expected a section `{_CHARACTER}:` with the character"
        near = get_close_matches(_CHARACTER, others, n=1)
        hint = f'; did you mean it by "{near[0]}" on line {over.line((near[0],))}?' if near else ""
        raise ConfigError([text + hint])
    # Before it is laid over: its language counts more than the engines of conf.yaml.
    over, chosen = _spoken(_in_own_voice(over), environ)
    loaded = checked(base.overlaid(over, _CHARACTER), environ=environ, chosen=chosen)
    elsewhere = "has no effect in the file of a character; conf.yaml is where it is read"
    outside = [
        over.say((key,), elsewhere if key in Config.model_fields else "unknown key, ignored")
        for key in others
    ]
    guessed = [_guessed(over)] if over.guess else []
    return LoadedConfig(loaded.config, (*loaded.warnings, *guessed, *outside))


def _guessed(source: Source) -> str:
    return f"{source.name}: is not UTF-8 and was read as {source.guess}; save it as UTF-8"


def _in_own_voice(source: Source) -> Source:
    """Return a source whose character has what goes with a persona of its own, or nothing of it."""
    character = source.values.get(_CHARACTER)
    if not isinstance(character, Mapping) or "persona_prompt" not in character:
        return source
    own = {"example_dialogue": [], "greeting": "", "card": "", **character}
    return replace(source, values={**source.values, _CHARACTER: own})


def _spoken(source: Source, environ: Mapping[str, str]) -> tuple[Source, list[Chosen]]:
    """Return a source with the engines that its character's language chooses, and those."""
    character = source.values.get(_CHARACTER)
    if not isinstance(character, Mapping):
        return source, []
    if not (language := character.get("language")):
        return source, []
    plain, _ = substitute({"language": language}, environ)
    values, chosen = filled({**character, **plain})
    values["language"] = language
    return replace(source, values={**source.values, _CHARACTER: values}), chosen


def _unavailable(config: Config) -> Iterator[tuple[Location, str]]:
    fallback = config.character_config.tts_config.fallback_choice
    for choice in config.character_config.all_engines():
        if not choice.available:
            record = KINDS[choice.kind]
            named = (*record.sections, "fallback") if choice is fallback else record.selector
            yield named, _absent(choice)
        for key, used in choice.uses.items():
            if not used.available:
                yield (*KINDS[choice.kind].sections, choice.section, key), _absent(used)
    asked = config.character_config.agent_config.conversation_agent_choice
    taken = config.character_config.engine("agent").name
    if asked != taken:
        text = registry.broken("agent").get(asked, f'"{asked}" is not part of this version')
        yield KINDS["agent"].selector, f"{text}; {taken} takes its place"


def _unread(config: Config) -> Iterator[tuple[Location, str]]:
    """Yield that the example of the original's conf.yaml is none of the person's rooms."""
    bilibili = config.live_config.bilibili_live
    if EXAMPLE_ROOM in bilibili.room_ids and EXAMPLE_ROOM not in bilibili.rooms:
        yield (
            ("live_config", "bilibili_live", "room_ids"),
            f"room {EXAMPLE_ROOM} is an example, and its chat is not read; write the number of "
            "your own room, or []",
        )


def _absent(choice: EngineChoice) -> str:
    names = ", ".join(sorted(registry.engines(choice.kind)))
    absent = f'"{choice.name}" is not part of this version; there are {names}'
    return registry.broken(choice.kind).get(choice.name, absent)


def _idle_keys(config: Config) -> Iterator[tuple[Location, str]]:
    yield from _idle_in(config, ())
    for choice in config.character_config.all_engines():
        if choice.available:
            location = (*KINDS[choice.kind].sections, choice.section)
            yield from _idle_in(choice.config, location)


def _idle_in(model: BaseModel, location: Location) -> Iterator[tuple[Location, str]]:
    """Yield the keys of `model` and of the models in it that do nothing, and why.

    A key that holds what is done without it is none of them.
    """
    leftovers = model.leftovers if isinstance(model, Section) else ()
    fields = type(model).model_fields
    for key in model.model_extra or ():
        if key not in leftovers:
            yield (*location, key), "unknown key, ignored" + nearest(key, [*fields, *leftovers])
    for key, field in fields.items():
        value = getattr(model, key)
        extra = field.json_schema_extra
        why = extra.get(NO_EFFECT) if isinstance(extra, dict) else None
        if why and _fields(value) != _fields(field.get_default(call_default_factory=True), value):
            yield (*location, key), f"has no effect: {why}"
        if isinstance(value, BaseModel):
            yield from _idle_in(value, (*location, key))


def _fields(value: object, like: object = None) -> object:
    """Return a value so that it can be compared: of a section what its known keys hold.

    `like` is a section of the kind that `value` describes.
    """
    if isinstance(like, BaseModel):
        value = type(like).model_validate(value)
    if isinstance(value, BaseModel):
        return {key: getattr(value, key) for key in type(value).model_fields}
    return value
