"""A YAML file as plain values that remember the lines they were written on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from yaml import MappingNode, Node, SafeLoader, ScalarNode, SequenceNode, YAMLError
from yaml.constructor import SafeConstructor
from yaml.error import MarkedYAMLError
from yaml.reader import ReaderError

from ..faults import ErrorCode, Fault, FaultError
from ..text_encoding import Decoded, UnknownEncodingError, decode

Location = tuple[str | int, ...]
"""The keys and list positions that lead from the top of the file to a value."""

MAX_YAML_BYTES = 2**20
MAX_TEXT_BYTES = 16 * 2**20
"""How large a file of the user may be that is read as a whole."""
MAX_NODES = 10_000
"""Keys and values a YAML file may have, those counted again that an alias repeats; a conf.yaml with
every documented key has 800."""
_TAG = "tag:yaml.org,2002:"
_TYPED = frozenset(_TAG + name for name in ("null", "bool", "int", "float"))
_SECRET = re.compile("key|secret|token|password|sessdata", re.IGNORECASE)
_WINDOWS_PATH = "put a Windows path in single quotes, or write / in it instead of \\"
_HINTS = {
    r"'\t' that cannot start": "indent with spaces, not with tabs",
    "mapping values are not allowed": 'put text that holds ": " in quotes',
    "could not find expected ':'": "a key needs a colon after it",
    "unknown escape character": _WINDOWS_PATH,
    "expected escape sequence": _WINDOWS_PATH,
    "expected <block end>": "indent it as the lines beside it, and close every quote and bracket",
}
_PATH = re.compile(r'"([A-Za-z]:\\(?!\\).*|[\w.-]+(\\[\w.-]+)+\.\w{2,5})"', re.DOTALL)
"""A text in double quotes whose backslashes were meant as they are."""
_HALF = "\ufffd"
"""What stands for half of a character."""
VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class ConfigError(FaultError):
    """The configuration can not be used. `problems` has one readable line for each mistake."""

    code: ClassVar[ErrorCode] = "character-unreadable"

    def __init__(
        self, problems: Iterable[str], fault: Fault | None = None, places: Iterable[Location] = ()
    ) -> None:
        self.problems = tuple(problems)
        self.places = tuple(places)
        """Where each of the problems is, if that is known."""
        super().__init__("\n".join(self.problems), fault)


@dataclass(frozen=True)
class Source:
    """What a file holds, and where."""

    name: str
    values: Mapping[str, object]
    nodes: Mapping[Location, Node]
    lines: Mapping[Location, int]
    files: Mapping[Location, str] = field(default_factory=dict)
    """The names of other files, for what was written there."""
    guess: str = ""
    """What was taken for its encoding, where that is not UTF-8 and the file does not tell."""

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
        text = _whole(str(node.value))
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
        files = dict.fromkeys(added, over.name)
        return Source(self.name, values, nodes, lines, files, self.guess)

    def is_bare(self, location: Location) -> bool:
        """Return whether YAML reads the value as a number, true or false for want of quotes."""
        node = self.nodes[self.known(location)]
        return node.tag in _TYPED and node.tag != _TAG + "null"


def read(path: Path) -> Source:
    """Read a YAML file whose top is a mapping. Raises ConfigError."""
    found = decoded(path.name, read_bytes(path))
    return parse(path.name, found.text, found.guess)


def parse(name: str, text: str, guess: str = "") -> Source:
    """Return what the text of the file `name` holds, whose top is a mapping. Raises ConfigError."""
    builder = Builder(name, text)
    try:
        loader = _Loader(text)
        root = loader.get_single_node() or MappingNode(_TAG + "map", [])
        values = builder.value(root, ())
    except TooManyNodesError as error:
        text = f"{name}:{error.line}: has more than {MAX_NODES:,} keys and values"
        raise ConfigError([text + "; an alias (*) counts as all that it repeats"]) from None
    except RecursionError:
        raise ConfigError([f"{name}:1: sections are nested too deeply"]) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        code = f"U+{ord(text[error.position]):04X}"
        raise ConfigError([f"{name}:{line}: the character {code} is not allowed"]) from None
    except YAMLError as error:
        raise ConfigError([_syntax_error(name, error)]) from None
    if not isinstance(values, dict):
        line = builder.lines[()]
        raise ConfigError([f"{name}:{line}: expected sections such as `system_config:`"])
    if builder.problems:
        raise ConfigError(builder.problems)
    return Source(name, values, builder.nodes, builder.lines, guess=guess)


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
    """Return the text of a file, whatever encoding it plainly has. Raises ConfigError."""
    return decoded(path.name, read_bytes(path, MAX_TEXT_BYTES)).text


def read_bytes(path: Path, max_bytes: int = MAX_YAML_BYTES) -> bytes:
    """Return what a file of the user holds. Raises ConfigError."""
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except FileNotFoundError:
        raise ConfigError(
            [
                f"{path.name}: there is no such file in {path.absolute().parent}. The folder of "
                "the project has a ready-made conf.yaml: start the server there, or copy that "
                "file here."
            ]
        ) from None
    except OSError as error:
        raise ConfigError([f"{path.name}: can not be read: {error.strerror}"]) from None
    if len(data) > max_bytes:
        raise ConfigError([f"{path.name}: is larger than {max_bytes // 2**20} MiB"])
    return data


def decoded(name: str, data: bytes) -> Decoded:
    """Return the text of the file `name`, whatever encoding it plainly has. Raises ConfigError."""
    try:
        return decode(data)
    except UnknownEncodingError as error:
        text = "is not UTF-8 text; save the file as UTF-8 in your editor"
        raise ConfigError([f"{name}:{error.line}: {text}"]) from None


class TooManyNodesError(Exception):
    """A file has more than MAX_NODES; `line` is where that shows."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class _Loader(SafeLoader):
    """Composes no more than MAX_NODES."""

    _count = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        self._count += 1
        if self._count > MAX_NODES:
            raise TooManyNodesError(self.line + 1)
        node: Node | None = super().compose_node(parent, index)
        return node


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


class Builder:
    """Turns nodes into values, and notes every location and every mistake on the way."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self._text = text
        self._count = 0
        self.problems: list[str] = []
        self.nodes: dict[Location, Node] = {}
        self.lines: dict[Location, int] = {}
        self._scalars = SafeConstructor()
        self._open: set[Node] = set()

    def value(self, node: Node, location: Location) -> object:
        """Return what `node` holds. Raises TooManyNodesError."""
        self._count += 1
        if self._count > MAX_NODES:
            raise TooManyNodesError(_line(node))
        self.nodes[location] = node
        self.lines.setdefault(location, _line(node))
        if isinstance(node, ScalarNode):
            if node.style == '"' and _PATH.fullmatch(self._written(node)):
                self._complain(node, location, _WINDOWS_PATH)
            return self._scalar(node, location)
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
            name = self._text_of(key, location)
            place = (*location, name)
            if name in written:
                self._complain(key, place, f"is here twice, first on line {written[name]}")
            written[name] = _line(key)
            self.lines[place] = _line(key)
            values[name] = self.value(value, place)
        return values

    def _scalar(self, node: ScalarNode, location: Location) -> object:
        if node.tag in _TYPED:
            try:
                return self._scalars.construct_object(node)
            except (ValueError, KeyError, OverflowError):
                pass  # looks like a number and is none, as `0x_` does: it is text
        return self._text_of(node, location)

    def _text_of(self, node: ScalarNode, location: Location) -> str:
        text = _whole(str(node.value))
        if _HALF in text and _HALF not in str(node.value):
            self._complain(node, location, "holds half of a character: write the character itself")
        return text

    def _written(self, node: ScalarNode) -> str:
        """Return a text as it stands in the file, quotes included."""
        return self._text[node.start_mark.index : node.end_mark.index]

    def _complain(self, node: Node, location: Location, text: str) -> None:
        place = f"{dotted(location)}: " if location else ""
        self.problems.append(f"{self.name}:{_line(node)}: {place}{text}")


def _whole(text: str) -> str:
    r"""Return a text in which `\ud83d\ude00`, as JSON writes what is beyond 16 bits, is one sign.

    YAML makes two halves of it, which can neither be written nor sent. A half alone is U+FFFD.
    """
    if not any("\ud800" <= char <= "\udfff" for char in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _line(node: Node) -> int:
    return node.start_mark.line + 1 if node.start_mark is not None else 1
