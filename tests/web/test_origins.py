"""The headers Host and Origin: what is read of them, and what is not exactly one is none."""

from __future__ import annotations

import pytest

from open_llm_vtuber.web.origins import Host, Origin, read_host, read_origin

UNREADABLE = (
    *("evil.example@localhost", "localhost@evil.example", "user:pw@localhost", "localhost:80@x"),
    *("localhost.", "localhost..", ".localhost", "evil.example..localhost", "localhost:", "a b"),
    *("localhost:0", "localhost:65536", "localhost:+1", "localhost:1e3", "localhost:80:80", ":1"),
    *("[localhost]", "[::1", "::1", "[::1]evil.example", "[::1%25lo]", "[127.0.0.1]", "[]", ""),
    *("localhost/", "localhost#a", "localhost?a", "localhost\\@evil.example", "localhost%00", "*"),
)


@pytest.mark.parametrize("text", UNREADABLE)
def test_a_host_is_read_strictly(text: str) -> None:
    assert read_host(text) is None
    assert read_origin(f"http://{text}") is None


@pytest.mark.parametrize(
    ("text", "name", "port"),
    [
        ("localhost", "localhost", None),
        ("localhost:1", "localhost", 1),
        ("localhost:65535", "localhost", 65535),
        ("My-PC_2.lan:12393", "my-pc_2.lan", 12393),
        ("[0:0:0:0:0:0:0:1]:5", "::1", 5),
        ("[::1]", "::1", None),
        ("192.168.1.2:80", "192.168.1.2", 80),
        ("xn--bcher-kva.example", "xn--bcher-kva.example", None),
    ],
)
def test_a_host_is_read(text: str, name: str, port: int | None) -> None:
    assert read_host(text) == Host(name, port)


@pytest.mark.parametrize(
    ("name", "loopback"),
    [
        ("localhost", True),
        ("a.localhost", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("notlocalhost", False),
        ("localhost.example", False),
        ("192.168.1.2", False),
        ("::2", False),
    ],
)
def test_what_leads_to_this_computer_alone(name: str, loopback: bool) -> None:
    assert Host(name, None).is_loopback is loopback


def test_only_an_address_is_one() -> None:
    assert str(Host("::1", 5).address) == "::1"
    assert str(Host("10.0.0.1", None).address) == "10.0.0.1"
    assert Host("localhost", None).address is None


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        ("http://a.example", "a.example:80", True),
        ("https://a.example", "A.example", True),
        ("https://a.example", "a.example:443", True),
        ("https://a.example:443", "a.example", True),
        ("http://[::1]:5", "[0::1]:5", True),
        ("https://a.example", "a.example:80", False),
        ("http://a.example", "a.example:443", False),
        ("http://a.example", "b.a.example", False),
        ("http://a.example", "b.example", False),
        ("http://a.example:5", "a.example", False),
        ("x://a.example:5", "a.example:5", False),
    ],
)
def test_an_origin_is_compared_by_name_and_port(origin: str, host: str, same: bool) -> None:
    found, called = read_origin(origin), read_host(host)
    assert found
    assert called
    assert found.serves(called) is same


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("http://A.example:80", "http://a.example"),
        ("http://a.example:443", "http://a.example:443"),
        ("https://a.example:443", "https://a.example"),
        ("https://a.example:5", "https://a.example:5"),
        ("http://[0::1]:5", "http://[::1]:5"),
        ("http://[::1]", "http://[::1]"),
    ],
)
def test_an_origin_is_written_as_a_browser_writes_it(text: str, written: str) -> None:
    assert str(read_origin(text)) == written


@pytest.mark.parametrize(
    "text", ["null", "file://", "a.example", "://a.example", "1x://a", "a_://b"]
)
def test_what_is_no_origin(text: str) -> None:
    assert read_origin(text) is None


def test_an_origin_is_read() -> None:
    assert read_origin("HTTPS://A.example:5") == Origin("https", Host("a.example", 5))


def test_origins_are_told_apart_in_a_set() -> None:
    texts = ("http://A.example", "http://a.example", "http://a.example:1", "https://a.example")
    assert len({read_origin(text) for text in texts}) == 3
