"""Which proxy leads to an address, and which certificates are trusted."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from open_llm_vtuber.http_settings import (
    HttpSettingsError,
    client_settings,
    environment,
    proxy_for,
)

FAR = "https://api.example.com/v1"


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(
    ("environ", "url", "proxy"),
    [
        ({}, FAR, ""),
        ({"https_proxy": "http://proxy:3128"}, FAR, "http://proxy:3128"),
        ({"HTTPS_PROXY": "proxy:3128"}, FAR, "http://proxy:3128"),
        ({"https_proxy": "http://proxy:3128"}, "http://api.example.com", ""),
        ({"https_proxy": "http://proxy:3128"}, "wss://api.example.com", "http://proxy:3128"),
        ({"all_proxy": "http://proxy:1", "https_proxy": "http://proxy:2"}, FAR, "http://proxy:2"),
        ({"all_proxy": "http://proxy:1"}, "http://10.1.2.3:11434/v1", "http://proxy:1"),
        ({"all_proxy": "http://proxy:1", "no_proxy": "10.0.0.0/8"}, "http://10.1.2.3:11434/v1", ""),
        ({"all_proxy": "http://proxy:1", "no_proxy": "a, .example.com"}, FAR, ""),
        ({"all_proxy": "http://proxy:1", "no_proxy": "ample.com"}, FAR, "http://proxy:1"),
        ({"all_proxy": "http://proxy:1", "no_proxy": "*"}, FAR, ""),
        ({"all_proxy": "http://proxy:1"}, "http://127.0.0.1:11434/v1", ""),
        ({"all_proxy": "http://proxy:1"}, "http://127.9.9.9:11434/v1", ""),
        ({"all_proxy": "http://proxy:1"}, "http://localhost:11434/v1", ""),
        ({"all_proxy": "http://proxy:1"}, "http://[::1]:11434/v1", ""),
        ({"all_proxy": "http://proxy:1"}, "http://ollama.localhost/v1", ""),
    ],
)
def test_the_way_to_an_address(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], url: str, proxy: str
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert proxy_for(url) == proxy


@pytest.mark.parametrize("proxy", ["socks5://ann:pass-word@h:1", "http://h:port", "http://:1"])
def test_what_is_no_proxy_is_told_without_its_password(
    monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("all_proxy", proxy)
    with pytest.raises(HttpSettingsError, match=r"https_proxy or all_proxy names, is no") as told:
        client_settings(FAR)
    assert "pass-word" not in str(told.value)
    assert client_settings("http://127.0.0.1:1")["proxy"] is None


def test_certificates_that_cannot_be_read_are_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "absent.pem"))
    with pytest.raises(HttpSettingsError, match=r"SSL_CERT_FILE .*absent\.pem.* cannot be read"):
        client_settings(FAR)


@pytest.mark.anyio
async def test_a_client_has_them() -> None:
    async with httpx.AsyncClient(**client_settings(FAR, connect_s=1.5, silence_s=7)) as client:
        assert client.timeout == httpx.Timeout(7, connect=1.5, pool=1.5)
        assert client.follow_redirects


def test_a_child_is_told_that_this_computer_has_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no_proxy" not in environment()  # else the settings of the system would not hold
    monkeypatch.setenv("https_proxy", "http://proxy:1")
    monkeypatch.setenv("NO_PROXY", "example.com")
    assert environment()["no_proxy"] == "example.com,127.0.0.1,localhost,::1"
