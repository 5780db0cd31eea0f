"""What all sections of conf.yaml have in common."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Literal

from pydantic import ConfigDict, Field, model_validator

from ..values import Values

Group = Literal["", "voice", "ears", "mind", "character", "server"]
"""Under what a person looks for a setting."""


class Section(Values):
    """A section of conf.yaml. A key without a value has its default; unknown keys are kept."""

    model_config = ConfigDict(extra="allow", frozen=True)
    group: ClassVar[Group] = ""
    """That of its keys; empty: that of the section around it."""

    @property
    def leftovers(self) -> Collection[str]:
        """The keys without a field that the section may nevertheless hold."""
        return ()

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, values: object) -> object:
        if not isinstance(values, Mapping):
            return values
        fields = cls.model_fields
        return {key: one for key, one in values.items() if one is not None or key not in fields}


def section() -> Any:
    """Return the default of a section: as if it was there and empty, errors included."""
    return Field(default_factory=dict, validate_default=True)
