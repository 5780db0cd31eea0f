"""The settings as a page shows them: a JSON Schema with hints, and values without secrets; pure.

All hints come from the models. The page may set by itself what is declared harmless: numbers,
switches, choices, fields that are `per_call` or HARMLESS, and secrets. Any other text could be
a path, an address or a command, so it is dangerous until its field says otherwise.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from ..engines import registry
from ..engines.kinds import KINDS
from ..masking import PLACEHOLDERS, is_secret, masked
from ..values import DANGER, ENGINE
from .editing import Change
from .engines import known_names
from .json_schema import DIALECT, Schema, described
from .models import Config
from .section import Section
from .source import VARIABLE, ConfigError, Location, dotted

_OPENS = re.compile(r"(?:^|_)(?:path|dir|file|wav|url|uri|host|endpoint|proxy|command|args)(?:_|$)")
"""In the name of a key: what it holds is opened or asked, whatever else is said of it."""
_PRIVATE = re.compile("key|secret|token|password|credential|auth|cookie|sessdata", re.IGNORECASE)
"""In the name of a key that nobody knows: what it holds is shown to nobody."""
_NO_KEY = PLACEHOLDERS | {"", "none"}
_Placed = tuple[tuple[str, ...], type[Section]]
_VOICE_KEYS = ("voice", "voice_id", "default_voice", "speaker", "speaker_id", "sid", "speaker_wav")
"""How engines call whom they speak as; what comes first is meant where there are several."""
_RESTART = ("system_config", "live_config")


def settings_schema() -> Schema:
    """Return the schema. Each key has, where it applies:

    `group`: voice, ears, mind, character or server; a section's holds for what is in it.
    `secret`: its value is never told; a text sets it, null forgets it.
    `danger`: it is changed only with a confirmation on the server's console.
    `restart`: the section takes effect when the server is started anew.
    `no_effect`: why it does nothing.
    `enum` and `labels`: the engines it can name, and a line for each; `engine`: their kind.
    `engines`: the kind of those whose sections are in this section, by their names.
    `voice`: it names one of the voices that its engine may list.
    """
    conf = described()
    for kind in KINDS.values():
        *section, key = kind.selector
        _name_engines(conf.section(section)["properties"][key], kind.name)
        conf.section(kind.sections)["engines"] = kind.name
        for engine in registry.engines(kind.name).values():
            for key, other in engine.uses.items():
                _name_engines(conf.of(engine.Config)["properties"][key], other)
    for engine in registry.engines("tts").values():
        if named := voice_key(engine.Config.model_fields):
            conf.of(engine.Config)["properties"][named]["voice"] = True
    for definition in conf.root["$defs"].values():
        for name, schema in definition.get("properties", {}).items():
            if ENGINE in schema:
                _name_engines(schema, schema[ENGINE], others=[""])
            if is_secret(name) and _takes_text(schema):
                schema["secret"] = True
            if _is_dangerous(name, schema):
                schema[DANGER] = True
            else:
                schema.pop(DANGER, None)
            schema.pop("per_call", None)
    for place, section_of in _sections(Config):
        if section_of.group:
            conf.section(place)["group"] = section_of.group
    for name in _RESTART:
        conf.section([name])["restart"] = True
    return {"$schema": DIALECT, "title": "conf.yaml", **conf.root}


def voice_key(names: Collection[str]) -> str | None:
    """Return which of a voice engine's keys names whom it speaks as, if one does."""
    return next((one for one in _VOICE_KEYS if one in names), None)


class SettingsSchema:
    """That schema, asked for single keys."""

    def __init__(self) -> None:
        self.schema = settings_schema()

    def field(self, location: Location) -> Schema:
        """Return what is known of the key at a place. Raises ConfigError.

        There is none where a section with keys of its own is: those are set one by one.
        """
        found: Schema | None = self.schema
        for key in location:
            properties = self._definition(found).get("properties", {}) if found else {}
            found = properties.get(key)
        if found is None or not location:
            raise _refused(location, "there is no such setting")
        if "properties" in self._definition(found):
            raise _refused(location, "this is a section: set its keys one by one")
        return found

    def is_secret(self, location: Location) -> bool:
        """Whether a key holds a secret. Raises ConfigError."""
        return bool(self.field(location).get("secret"))

    def is_dangerous(self, location: Location, change: Change) -> bool:
        """Whether a change needs the confirmation. Raises ConfigError."""
        schema = self.field(location)
        if isinstance(change, str) and "labels" in schema and change not in schema["enum"]:
            return True  # package.module:Class
        return bool(schema.get(DANGER))

    def told(self, values: Mapping[str, object], environ: Mapping[str, str]) -> dict[str, object]:
        """Return the values of a conf.yaml with `{"set": ...}` in the place of each secret."""
        return {key: self._told(key, one, self.schema, environ) for key, one in values.items()}

    def _told(
        self, key: str, value: object, above: Schema | None, environ: Mapping[str, str]
    ) -> object:
        home = self._definition(above) if above is not None else {}
        is_table = above is not None and "properties" not in home  # its keys are free
        schema: Schema | None = {} if is_table else home.get("properties", {}).get(key)
        if isinstance(value, Mapping):
            return {name: self._told(name, one, schema, environ) for name, one in value.items()}
        if isinstance(value, list):
            return [self._told(key, one, above, environ) for one in value]
        hidden = is_secret(key) or (schema is None and bool(_PRIVATE.search(key)))
        if isinstance(value, str) and (hidden or masked(value) != value):
            real = VARIABLE.sub(lambda match: environ.get(match[1], ""), value)
            return {"set": real.strip().lower() not in _NO_KEY}
        if isinstance(value, float) and not math.isfinite(value):
            return str(value)  # JSON has no such number
        return value

    def _definition(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            schema = self.schema["$defs"][schema["$ref"].rpartition("/")[2]]
        return schema


def takes_effect_later(locations: Collection[Location]) -> list[str]:
    """Return which of these keys count only when the server is started anew."""
    return [dotted(one) for one in locations if one[0] in _RESTART]


def _refused(location: Location, why: str) -> ConfigError:
    return ConfigError([f"{dotted(location) or 'conf.yaml'}: {why}"], places=[location])


def _sections(model: type[Section], at: Sequence[str] = ()) -> Iterator[_Placed]:
    """Yield the sections in a section, and where they are."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, Section):
            yield (*at, name), inner
            yield from _sections(inner, (*at, name))


def _name_engines(schema: Schema, kind: str, others: Collection[str] = ()) -> None:
    """Have a key name one of the engines of a kind."""
    for word in ("type", "anyOf"):
        schema.pop(word, None)
    classes = registry.engines(kind)
    schema[ENGINE] = kind
    schema["enum"] = [*others, *sorted(known_names(kind))]
    schema["labels"] = {
        name: (classes[name].__doc__ or "").strip().partition("\n")[0]
        for name in schema["enum"]
        if name in classes
    }


def _is_dangerous(name: str, schema: Schema) -> bool:
    declared = schema.get(DANGER)
    if declared is not None:
        return bool(declared)
    if schema.get("secret") or not _takes_text(schema):
        return False
    return not schema.get("per_call") or bool(_OPENS.search(name))


def _takes_text(schema: Schema, *, within: bool = False) -> bool:
    """Whether any text can be in it: not where there is a choice of some.

    A section is none of it, as its keys are set one by one; one `within` a value is set with that.
    """
    if "$ref" in schema:
        return within
    if "enum" in schema or "const" in schema:
        return False
    if parts := schema.get("anyOf"):
        return any(_takes_text(one, within=True) for one in parts)
    if schema.get("type") == "array":
        return _takes_text(schema.get("items", {}), within=True)
    return schema.get("type") not in ("integer", "number", "boolean", "null")
