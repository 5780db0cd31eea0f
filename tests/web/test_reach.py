"""/api/reach where nothing is served by HTTPS: who can come in, and at which address."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from open_llm_vtuber.certificates import own_addresses
from tests.conftest import Serve
from tests.support.live import conf


def values(**system: Any) -> dict[str, Any]:
    found = conf(asr="tests.support.engines:MuteASR", vad=None)
    found["system_config"] |= system
    return found


def test_a_server_of_this_computer_alone_says_so(serve: Serve) -> None:
    server = serve(values())
    found = httpx.get(f"{server.url}/api/reach").json()
    assert found == {"by": "none", "urls": [], "trust": "", "fingerprint": ""}
    # As with the settings: no page of another site, and nobody who comes through a proxy, is told.
    for headers in ({"Origin": "https://example.org"}, {"X-Forwarded-For": "203.0.113.7"}):
        assert httpx.get(f"{server.url}/api/reach", headers=headers).status_code == 403


@pytest.mark.parametrize("token", ["Geheimnis-1", "none"])
def test_one_that_listens_everywhere_names_its_addresses(serve: Serve, token: str) -> None:
    server = serve(values(host="0.0.0.0", access_token=token))
    given = {} if token == "none" else {"token": token}
    base = server.url.partition("?")[0].rstrip("/")
    found = httpx.get(f"{base}/api/reach", params=given).json()
    hosts = [f"[{one}]" if one.version == 6 else f"{one}" for one in own_addresses().reachable]
    port = base.rpartition(":")[2]
    assert found["by"] == ("http" if hosts else "none")
    # Who knows the token has it in the address already; it is told to nobody once more.
    assert found["urls"] == [f"http://{host}:{port}/" for host in hosts]
    if given:
        assert httpx.get(f"{base}/api/reach").status_code == 401
