"""The keys of `system_config`: the server itself, whichever character talks."""

from __future__ import annotations

from ipaddress import ip_network
from typing import ClassVar

from pydantic import Field, field_validator

from ..values import DANGEROUS, idle
from .cluster import ClusterConfig
from .limits import Limits
from .section import Group, Section, section


class SystemConfig(Section):
    """The server itself."""

    group: ClassVar[Group] = "server"
    conf_version: str = idle("files of every version are read", default="")
    host: str = "localhost"
    port: int = Field(default=12393, ge=1, le=65535, json_schema_extra=DANGEROUS)
    https: bool = Field(
        default=False,
        json_schema_extra=DANGEROUS,
        description="Serve other devices too, by HTTPS, so that their microphones work; on this "
        "computer the page stays at host and port. The certificate is made and kept here.",
    )
    https_port: int = Field(
        default=12394, ge=1, le=65535, json_schema_extra=DANGEROUS, description="Where it does."
    )
    https_certificate: str = Field(
        default="",
        json_schema_extra=DANGEROUS,
        description="A certificate of your own, with its chain: a PEM file, counted from the "
        "folder of conf.yaml. Empty: an authority that is made and kept in certificates/ signs.",
    )
    https_key: str = Field(
        default="",
        json_schema_extra=DANGEROUS,
        description="The key of that certificate as PEM; empty: it is in the same file.",
    )
    config_alts_dir: str = Field(
        default="characters", description="The folder of the alternative characters."
    )
    tool_prompts: dict[str, str] = Field(
        default={}, description="Purpose and name of the files in prompts/utils added to a prompt."
    )
    group_rounds: int = Field(
        default=3, ge=1, description="How often each character of a group speaks before it ends."
    )
    enable_proxy: bool = Field(
        default=False, json_schema_extra=DANGEROUS, description="Whether /proxy-ws is served."
    )
    proxy_url: str = Field(
        default="",
        description="The server that /proxy-ws shares, ws://host:port/client-ws; empty: this one.",
    )
    access_token: str = Field(
        default="",
        repr=False,
        json_schema_extra=DANGEROUS,
        description="What clients must know when other computers can connect: a secret of yours; "
        "empty: made anew at every start; none: anybody may connect.",
    )
    allowed_origins: list[str] = Field(
        default=[],
        description="Origins whose pages may connect besides the server's own, as "
        "http://localhost:3000; their names are names of the server too. null: any page.",
    )
    trusted_proxies: list[str] = Field(
        default=[],
        json_schema_extra=DANGEROUS,
        description="Addresses or networks of reverse proxies, as 127.0.0.1 or 10.0.0.0/24, whose "
        "X-Forwarded-For tells who somebody is. Of all others it is not believed.",
    )
    live2d_core_url: str = Field(
        default="https://cubism.live2d.com/sdk-web/bin/CubismSdkForWeb-5-r.3.zip",
        description="Where Live2D's SDK for Web is fetched, once somebody has accepted its licence "
        "on the page. The Core of later ones keeps the drawing order elsewhere.",
    )
    frontend_dir: str = Field(default="frontend", description="The folder of the page at /.")
    cache_ttl_s: float = Field(
        default=3600, gt=0, description="How long the sound that /tts-ws made is kept."
    )
    history_url: str = Field(
        default="sqlite:///chat_history/history.db",
        description="The database of conversations: a file, counted from the folder of conf.yaml, "
        "or postgresql+asyncpg://user:password@host/database.",
    )
    import_history: str = Field(
        default="chat_history",
        description="A folder of conversations as JSON files, taken in once; empty for none.",
    )
    cluster: ClusterConfig = section()
    limits: Limits = section()

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, written: list[str]) -> list[str]:
        """Take addresses and networks alone: a name could come to mean somebody else."""
        for one in written:
            try:
                ip_network(one)
            except ValueError as error:
                raise ValueError(
                    f"{one!r} is no IP address or network; write it as 127.0.0.1 or 10.0.0.0/24"
                ) from error
        return written
