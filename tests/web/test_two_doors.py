"""HTTPS beside HTTP, as a real process: who comes in by which, and what is told to all."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from open_llm_vtuber.certificates import Authority, own_addresses
from tests.support.commands import run
from tests.support.live import conf
from tests.support.two_doors import TwoDoors, two_doors

MUTE: dict[str, Any] = {"asr": "tests.support.engines:MuteASR", "vad": None}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoDoors]:
    with two_doors(tmp_path_factory.mktemp("served"), conf(**MUTE)) as found:
        yield found


def trusting(served: TwoDoors) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(served.authority))


def test_a_device_that_trusts_comes_in_with_the_token(served: TwoDoors) -> None:
    with httpx.Client(base_url=served.others, verify=trusting(served)) as device:
        assert device.get("/health").status_code == 401
        assert device.get("/health", params={"token": served.token}).status_code == 200
        assert "<html" in device.get("/", params={"token": served.token}).text
    url = f"{served.others.replace('https', 'wss')}/client-ws"
    with pytest.raises(InvalidStatus, match="401"):
        connect(url, ssl=trusting(served), proxy=None, open_timeout=60)
    with connect(
        f"{url}?token={served.token}", ssl=trusting(served), proxy=None, open_timeout=60
    ) as socket:
        assert "group-update" in str(socket.recv())


def test_this_computer_needs_no_token_and_no_certificate(served: TwoDoors) -> None:
    assert httpx.get(f"{served.own}/health").status_code == 200
    rebound = httpx.get(f"{served.own}/health", headers={"Host": "example.org"})
    assert rebound.status_code == 403


def test_a_proxys_header_opens_no_other_door(served: TwoDoors) -> None:
    """Else one could come in by the rules of the other door."""
    told = {"X-Forwarded-Proto": "http", "X-Forwarded-For": "127.0.0.1", "Host": "localhost"}
    with httpx.Client(base_url=served.others, verify=trusting(served)) as device:
        assert device.get("/health", headers=told).status_code == 401
    told = {"X-Forwarded-Proto": "https", "Host": "example.org"}
    assert httpx.get(f"{served.own}/health", headers=told).status_code == 403


def test_a_device_that_does_not_trust_is_not_served_in_silence(served: TwoDoors) -> None:
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(f"{served.others}/trust")


def test_plain_http_at_the_port_of_https_ends(served: TwoDoors) -> None:
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{served.others.replace('https', 'http')}/health", timeout=20)
    assert httpx.get(f"{served.own}/health").status_code == 200


@pytest.mark.parametrize(("language", "words"), [("de, en", "Download"), ("zh-CN,zh", "下载证书")])
def test_how_to_trust_is_told_without_a_token(served: TwoDoors, language: str, words: str) -> None:
    with httpx.Client(base_url=served.others, verify=trusting(served)) as device:
        told = device.get("/trust", headers={"Accept-Language": language})
        assert told.status_code == 200
        assert words in told.text
        assert served.fingerprint in told.text.replace("<br>", ":")
        assert "default-src 'none'" in told.headers["content-security-policy"]
        given = device.get("/authority.crt")
        assert given.headers["content-type"] == "application/x-x509-ca-cert"
        found = x509.load_der_x509_certificate(given.content)
        assert found.fingerprint(hashes.SHA256()).hex(":").upper() == served.fingerprint


def test_the_page_is_told_where_other_devices_come_in(served: TwoDoors) -> None:
    """With the token they need on this computer alone, which is asked for none."""
    told = httpx.get(f"{served.own}/api/reach")
    assert told.headers["cache-control"] == "no-store"
    found = told.json()
    assert (found["by"], found["fingerprint"]) == ("https", served.fingerprint)
    assert found["urls"][0] == f"{served.others}/?token={served.token}"
    assert found["trust"] == f"{served.others}/trust"
    with httpx.Client(base_url=served.others, verify=trusting(served)) as device:
        assert device.get("/api/reach").status_code == 401
        seen = device.get("/api/reach", params={"token": served.token}).json()
        assert seen["urls"][0] == f"{served.others}/"
        assert served.token not in str(seen)


def test_a_certificate_of_ones_own_needs_no_authority(tmp_path: Path) -> None:
    own = own_addresses()
    authority = Authority.make(own)
    made = authority.issue(own)
    (tmp_path / "mine.crt").write_bytes(made.chain)
    (tmp_path / "mine.key").write_bytes(made.key)
    values = conf(**MUTE)
    values["system_config"] |= {"https_certificate": "mine.crt", "https_key": "mine.key"}
    with two_doors(tmp_path, values) as served:
        assert served.fingerprint == ""
        assert not (tmp_path / "certificates").exists()
        trusts = ssl.create_default_context(cadata=authority.pem.decode())
        with httpx.Client(base_url=served.others, verify=trusts) as device:
            token = {"token": served.token}
            assert device.get("/health", params=token).status_code == 200
            assert device.get("/trust").status_code == 401
            assert device.get("/trust", params=token).status_code == 404


def test_one_that_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    values = conf(**MUTE)
    values["system_config"] |= {"https": True, "https_certificate": "none.crt"}
    (tmp_path / "conf.yaml").write_text(yaml.safe_dump(values), "utf-8")
    done = run(folder=tmp_path)
    assert done.returncode == 1
    assert "none.crt cannot be read" in done.stderr
    assert "Traceback" not in done.stderr
