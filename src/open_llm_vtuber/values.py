"""What no section of conf.yaml takes for a value, an engine's included."""

from __future__ import annotations

from typing import get_args

from pydantic import BaseModel, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError


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
