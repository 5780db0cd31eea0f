"""What no section of conf.yaml takes for a value, an engine's included."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel, Field, ValidationInfo, field_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

NO_EFFECT = "no_effect"
"""In the `json_schema_extra` of a field: why what is written there does nothing."""


DANGER = "danger"
"""In the `json_schema_extra` of a field: whether who sets it could run a command, open a file or
have a key sent elsewhere; what the page may not change by itself."""
HARMLESS: JsonDict = {DANGER: False}
DANGEROUS: JsonDict = {DANGER: True}
ENGINE = "engine"
"""In the `json_schema_extra` of a field: the kind of engine that it names one of."""


class Values(BaseModel):
    """Takes numbers that are written as text, but not `true` for a number."""

    @field_validator("*", mode="before")
    @classmethod
    def _true_is_no_number(cls, value: object, info: ValidationInfo) -> object:
        if isinstance(value, bool) and info.field_name:
            annotation = cls.model_fields[info.field_name].annotation
            kinds = get_args(annotation) or (annotation,)
            if bool not in kinds and (int in kinds or float in kinds):
                raise PydanticCustomError("number_type", "Input should be a number")
        return value


def idle(why: str, **settings: Any) -> Any:
    """Return the field of a documented key that does nothing in this version."""
    return Field(
        description=f"Has no effect: {why}.", json_schema_extra={NO_EFFECT: why}, **settings
    )
