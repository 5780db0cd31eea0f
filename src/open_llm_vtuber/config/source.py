"""A YAML file as plain values that remember the lines they were written on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from yaml import MappingNode, Node, SafeLoader, ScalarNode, SequenceNode, YAMLError
from yaml.constructor import SafeConstructor
from yaml.error import MarkedYAMLError
from yaml.reader import ReaderError

Location = tuple[str | int, ...]
"""The keys and list positions that lead from the top of the file to a value."""

_ENCODINGS = ("utf-8-sig", "gb18030")  # gb18030 contains gbk and gb2312
_TAG = "tag:yaml.org,2002:"
_TYPED = frozenset(_TAG + name for name in ("null", "bool", "int", "float"))
_SECRET = re.compile("key|secret|token|password|sessdata", re.IGNORECASE)
_HINTS = {
    r"'\t' that cannot start": "indent with spaces, not with tabs",
    "mapping values are not allowed": 'put text that holds ": " in quotes',
    "could not find expected ':'": "a key needs a colon after it",
}
VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class ConfigError(Exception):
    """The configuration can not be used. `problems` has one readable line for each mistake."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True)
class Source:
    """What a file holds, and where."""

    name: str
    values: Mapping[str, object]
    nodes: Mapping[Location, Node]
    lines: Mapping[Location, int]
    files: Mapping[Location, str] = field(default_factory=dict)
    """The names of other files, for what was written there."""

    def known(self, location: Location) -> Location:
        """Return the longest part of `location` that was written in the file."""
        while location not in self.lines:
            location = location[:-1]
        return location

    def line(self, location: Location) -> int:
        """Return the line of `location`, or of the section it is missing from; the first is 1."""
        return self.lines[self.known(location)]

    def say(self, location: Location, text: str) -> str:
        """Return `text` as a message about `location`: `conf.yaml:12: system_config.port: text`."""
        place = self.known(location)
        where = f"{self.files.get(place, self.name)}:{self.lines[place]}: "
        return where + (f"{dotted(location)}: {text}" if location else text)

    def found(self, location: Location) -> str:
        """Return what is written at `location`, short enough for a message and without secrets."""
        node = self.nodes[self.known(location)]
        if isinstance(node, MappingNode):
            return "a section"
        if isinstance(node, SequenceNode):
            return "a list"
        text = str(node.value)
        if VARIABLE.search(text):
            return f"the value of {text}"
        if any(isinstance(key, str) and _SECRET.search(key) for key in location):
            return "something else"
        if node.tag == _TAG + "null":
            return "nothing"
        if node.tag in _TYPED:
            return text
        return json.dumps(text if len(text) <= 40 else text[:39] + "…", ensure_ascii=False)

    def overlaid(self, over: Source, section: str) -> Source:
        """Return this source with one section of another laid over its own.

        Sections are merged key by key, everything else is replaced.
        """
        replaced: list[Location] = []
        location: Location = (section,)
        own, other = lookup(self.values, location), lookup(over.values, location)
        values = {**self.values, section: _merged(own, other, location, replaced)}
        kept = [
            place
            for place in self.nodes
            if not any(place[: len(above)] == above for above in replaced)
        ]
        nodes, lines = {at: self.nodes[at] for at in kept}, {at: self.lines[at] for at in kept}
        added = [at for at in over.nodes if at[:1] == location and at not in nodes]
        nodes.update({at: over.nodes[at] for at in added})
        lines.update({at: over.lines[at] for at in added})
        return Source(self.name, values, nodes, lines, dict.fromkeys(added, over.name))

    def is_bare(self, location: Location) -> bool:
        """Return whether YAML reads the value as a number, true or false for want of quotes."""
        node = self.nodes[self.known(location)]
        return node.tag in _TYPED and node.tag != _TAG + "null"


def read(path: Path) -> Source:
    """Read a YAML file whose top is a mapping. Raises ConfigError."""
    text = read_text(path)
    try:
        loader = SafeLoader(text)
        root = loader.get_single_node() or MappingNode(_TAG + "map", [])
        builder = _Builder(path.name)
        values = builder.value(root, ())
    except RecursionError:
        raise ConfigError([f"{path.name}:1: sections are nested too deeply"]) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        code = f"U+{ord(text[error.position]):04X}"
        raise ConfigError([f"{path.name}:{line}: the character {code} is not allowed"]) from None
    except YAMLError as error:
        raise ConfigError([_syntax_error(path.name, error)]) from None
    if not isinstance(values, dict):
        line = builder.lines[()]
        raise ConfigError([f"{path.name}:{line}: expected sections such as `system_config:`"])
    if builder.problems:
        raise ConfigError(builder.problems)
    return Source(path.name, values, builder.nodes, builder.lines)


def lookup(values: object, location: Location) -> object:
    """Return the value at `location`, None where there is none."""
    for key in location:
        if isinstance(values, Mapping):
            values = values.get(key)
        elif isinstance(values, list) and isinstance(key, int) and key < len(values):
            values = values[key]
        else:
            return None
    return values


def _merged(own: object, other: object, at: Location, replaced: list[Location]) -> object:
    """Return `other` laid over `own`; note the locations where `own` is replaced."""
    if not isinstance(own, Mapping) or not isinstance(other, Mapping):
        replaced.append(at)
        return other
    values = dict(own)
    for key, value in other.items():
        values[key] = _merged(own[key], value, (*at, key), replaced) if key in own else value
    return values


def dotted(location: Location) -> str:
    """Return `location` as it is written in messages: `live_config.bilibili_live.room_ids[0]`."""
    parts = (f"[{key}]" if isinstance(key, int) else f".{key}" for key in location)
    return "".join(parts).removeprefix(".")


def read_text(path: Path) -> str:
    """Return the text of a file in UTF-8 or, as on Chinese Windows, GB 18030.

    Raises ConfigError.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise ConfigError(
            [
                f"{path.name}: there is no such file. The folder of the project has a "
                "ready-made conf.yaml: start the server there, or copy that file here."
            ]
        ) from None
    except OSError as error:
        raise ConfigError([f"{path.name}: can not be read: {error.strerror}"]) from None
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ConfigError([f"{path.name}: is not UTF-8 text; save it as UTF-8 in your editor"])


def _syntax_error(name: str, error: YAMLError) -> str:
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return f"{name}: is not valid YAML: {error}"
    line = error.problem_mark.line + 1
    message = f"{name}:{line}: not valid YAML: {error.problem}"
    begin = error.context_mark.line + 1 if error.context_mark is not None else line
    if begin != line:
        message += f" ({error.context}, which began on line {begin})"
    hints = [hint for text, hint in _HINTS.items() if text in (error.problem or "")]
    return "; ".join([message, *hints])


class _Builder:
    """Turns nodes into values, and notes every location and every mistake on the way."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[str] = []
        self.nodes: dict[Location, Node] = {}
        self.lines: dict[Location, int] = {}
        self._scalars = SafeConstructor()
        self._open: set[Node] = set()

    def value(self, node: Node, location: Location) -> object:
        """Return what `node` holds."""
        self.nodes[location] = node
        self.lines.setdefault(location, _line(node))
        if isinstance(node, ScalarNode):
            return self._scalar(node)
        if node in self._open:
            self._complain(node, location, "the alias refers to the section it stands in")
            return None
        self._open.add(node)
        value: object
        if isinstance(node, MappingNode):
            value = self._mapping(node, location)
        else:
            value = [self.value(item, (*location, i)) for i, item in enumerate(node.value)]
        self._open.remove(node)
        return value

    def _mapping(self, node: MappingNode, location: Location) -> dict[str, object]:
        values: dict[str, object] = {}
        for key, value in node.value:
            if key.tag == _TAG + "merge":
                parts = value.value if isinstance(value, SequenceNode) else [value]
                for part in parts:
                    merged = self.value(part, location)
                    if isinstance(merged, dict):
                        values = {**merged, **values}
                    else:
                        self._complain(part, location, "`<<` takes the alias of a section")
        self.nodes[location] = node
        written: dict[str, int] = {}
        for key, value in node.value:
            if key.tag == _TAG + "merge":
                continue
            if not isinstance(key, ScalarNode):
                self._complain(key, location, "a key must be plain text")
                continue
            name = str(key.value)
            place = (*location, name)
            if name in written:
                self._complain(key, place, f"is here twice, first on line {written[name]}")
            written[name] = _line(key)
            self.lines[place] = _line(key)
            values[name] = self.value(value, place)
        return values

    def _scalar(self, node: ScalarNode) -> object:
        if node.tag in _TYPED:
            try:
                return self._scalars.construct_object(node)
            except (ValueError, KeyError, OverflowError):
                pass  # looks like a number and is none, as `0x_` does: it is text
        return str(node.value)

    def _complain(self, node: Node, location: Location, text: str) -> None:
        place = f"{dotted(location)}: " if location else ""
        self.problems.append(f"{self.name}:{_line(node)}: {place}{text}")


def _line(node: Node) -> int:
    return node.start_mark.line + 1 if node.start_mark is not None else 1
