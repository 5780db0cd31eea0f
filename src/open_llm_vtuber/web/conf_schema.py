"""GET /conf.schema.json: conf.yaml as a JSON Schema, with the engines that are installed here."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from ..config.json_schema import conf_schema as schema

router = APIRouter()


@router.get("/conf.schema.json")
def conf_schema() -> dict[str, Any]:
    """Return the schema; making it takes some milliseconds of a thread."""
    return schema()
