"""The keys of `system_config.cluster`: several processes of this server behind a balancer."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, model_validator

from ..values import DANGEROUS
from .section import Group, Section

LEAST_SECRET_CHARS = 16


class ClusterConfig(Section):
    """Several processes of this server that stand for one (docs/scaling.md)."""

    group: ClassVar[Group] = "server"
    redis_url: str = Field(
        default="",
        repr=False,
        json_schema_extra=DANGEROUS,
        description="The Redis or Valkey that all processes share, as redis://host:6379/0; empty: "
        "this process stands alone. Conversations must be in PostgreSQL then (history_url).",
    )
    own_url: str = Field(
        default="",
        json_schema_extra=DANGEROUS,
        description="Where the other processes reach this one, as http://10.0.0.5:12393; empty: at "
        "host and port.",
    )
    secret: str = Field(
        default="",
        repr=False,
        json_schema_extra=DANGEROUS,
        description="By what the processes know each other: the same for all, of 16 characters at "
        "least.",
    )

    @model_validator(mode="after")
    def _check(self) -> ClusterConfig:
        """Want a secret that cannot be guessed, where there are others."""
        if self.redis_url and len(self.secret) < LEAST_SECRET_CHARS:
            raise ValueError(
                f"cluster.secret is to have {LEAST_SECRET_CHARS} characters at least, the same for "
                "all processes"
            )
        return self
