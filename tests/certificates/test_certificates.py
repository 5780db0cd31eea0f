"""The authority of this computer: what it signs, what it may not, and what is kept."""

from __future__ import annotations

import socket
import ssl
import stat
import sys
import threading
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address
from pathlib import Path

import pytest

from open_llm_vtuber.certificates import (
    Addresses,
    Authority,
    CertificateError,
    Certificates,
    named,
    own_addresses,
    tls,
)

HOME = Addresses(
    ("localhost", "den", "den.local"), (ip_address("192.168.1.7"), ip_address("127.0.0.1"))
)
NOW = datetime.now(timezone.utc)


def handshake(server: ssl.SSLContext, trusts: bytes, name: str) -> str:
    """Return "" if a client that trusts an authority believes `server` to be `name`, or why not."""
    client = ssl.create_default_context(cadata=trusts.decode())
    here, there = socket.socketpair()

    def serve() -> None:
        with there:
            try:
                server.wrap_socket(there, server_side=True).close()
            except (ssl.SSLError, OSError):
                return  # the client tells why

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with here:
            client.wrap_socket(here, server_hostname=name).close()
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    finally:
        thread.join(10)
    return ""


def kept(folder: Path, wanted: Addresses = HOME) -> tuple[Certificates, ssl.SSLContext]:
    certificates = Certificates(folder / "certificates")
    return certificates, tls(certificates.file(wanted))


@pytest.mark.parametrize("name", ["localhost", "den", "den.local", "192.168.1.7", "127.0.0.1"])
def test_who_trusts_the_authority_believes_this_computer(tmp_path: Path, name: str) -> None:
    certificates, context = kept(tmp_path)
    assert certificates.authority
    assert handshake(context, certificates.authority.pem, name) == ""
    assert handshake(context, Authority.make(HOME).pem, name)


def test_what_it_signs_for_others_is_believed_by_nobody(tmp_path: Path) -> None:
    """Its key may be stolen: then it can still not speak for a site of the internet."""
    authority = Authority.make(HOME)
    wide = Authority.make(Addresses(("example.org",), (ip_address("203.0.113.7"),)))
    stolen = Authority.read(authority.pem, authority.key)
    stolen.signable = wide.signable  # type: ignore[method-assign]
    made = stolen.issue(Addresses(("example.org",), (ip_address("203.0.113.7"),)))
    file = tmp_path / "stolen.pem"
    file.write_bytes(made.chain + made.key)
    assert "permitted subtree violation" in handshake(tls(file), authority.pem, "example.org")
    assert "permitted subtree violation" in handshake(tls(file), authority.pem, "203.0.113.7")


def test_it_signs_for_nothing_else() -> None:
    authority = Authority.make(HOME)
    wanted = Addresses(
        ("localhost", "example.org"), (ip_address("10.1.2.3"), ip_address("8.8.8.8"))
    )
    assert authority.signable(wanted) == Addresses(("localhost",), (ip_address("10.1.2.3"),))
    assert named(authority.issue(wanted).chain) == ["localhost", "10.1.2.3"]


def test_an_address_of_its_own_is_signed_for_wherever_it_is() -> None:
    campus = Addresses(("localhost",), (ip_address("203.0.113.7"),))
    assert Authority.make(campus).signable(campus) == campus


def test_a_second_start_makes_nothing_anew(tmp_path: Path) -> None:
    kept(tmp_path)
    before = {one.name: one.read_bytes() for one in (tmp_path / "certificates").iterdir()}
    kept(tmp_path)
    assert before == {one.name: one.read_bytes() for one in (tmp_path / "certificates").iterdir()}
    assert set(before) == {"authority.crt", "authority.key", "server.pem"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a user's folder to them")
def test_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    kept(tmp_path)
    for name in ("authority.key", "server.pem"):
        mode = stat.S_IMODE((tmp_path / "certificates" / name).stat().st_mode)
        assert mode == 0o600, name


def test_another_address_is_another_certificate_of_the_same_authority(tmp_path: Path) -> None:
    certificates, _ = kept(tmp_path)
    moved = Addresses(HOME.names, (ip_address("10.0.0.9"),))
    later, context = kept(tmp_path, moved)
    assert certificates.authority
    assert later.authority
    assert certificates.authority.pem == later.authority.pem
    assert handshake(context, later.authority.pem, "10.0.0.9") == ""
    assert handshake(context, later.authority.pem, "192.168.1.7")


def test_what_is_about_to_end_is_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "certificates"
    kept(tmp_path)
    authority = Authority.read(
        (folder / "authority.crt").read_bytes(), (folder / "authority.key").read_bytes()
    )
    old = authority.issue(HOME, NOW - timedelta(days=370))
    (folder / "server.pem").write_bytes(old.chain + old.key)
    kept(tmp_path)
    assert (folder / "server.pem").read_bytes() != old.chain + old.key
    ends = Authority.make(HOME, NOW - timedelta(days=3630))
    (folder / "authority.crt").write_bytes(ends.pem)
    (folder / "authority.key").write_bytes(ends.key)
    certificates, context = kept(tmp_path)
    assert certificates.authority
    assert certificates.authority.pem != ends.pem
    assert handshake(context, certificates.authority.pem, "den") == ""


@pytest.mark.parametrize("damaged", ["authority.crt", "authority.key"])
def test_an_authority_that_is_damaged_is_told_and_kept(tmp_path: Path, damaged: str) -> None:
    kept(tmp_path)
    file = tmp_path / "certificates" / damaged
    file.write_bytes(b"nothing")
    with pytest.raises(CertificateError, match="Delete that folder"):
        kept(tmp_path)
    assert file.read_bytes() == b"nothing"


def test_a_key_of_another_authority_is_told(tmp_path: Path) -> None:
    kept(tmp_path)
    (tmp_path / "certificates" / "authority.key").write_bytes(Authority.make(HOME).key)
    with pytest.raises(CertificateError, match="not that of the certificate"):
        kept(tmp_path)


def test_a_certificate_that_is_damaged_is_made_anew(tmp_path: Path) -> None:
    kept(tmp_path)
    (tmp_path / "certificates" / "server.pem").write_bytes(b"nothing")
    certificates, context = kept(tmp_path)
    assert certificates.authority
    assert handshake(context, certificates.authority.pem, "den") == ""


def test_where_nothing_can_be_kept_that_is_told(tmp_path: Path) -> None:
    (tmp_path / "certificates").write_text("a file")
    with pytest.raises(CertificateError, match="certificates"):
        kept(tmp_path)


def test_a_certificate_of_ones_own(tmp_path: Path) -> None:
    authority = Authority.make(HOME)
    made = authority.issue(HOME)
    (tmp_path / "mine.crt").write_bytes(made.chain)
    (tmp_path / "mine.key").write_bytes(made.key)
    context = tls(tmp_path / "mine.crt", tmp_path / "mine.key")
    assert handshake(context, authority.pem, "den.local") == ""
    (tmp_path / "other.key").write_bytes(authority.issue(HOME).key)
    with pytest.raises(CertificateError, match="belong together"):
        tls(tmp_path / "mine.crt", tmp_path / "other.key")
    with pytest.raises(CertificateError, match=r"none\.crt cannot be read"):
        tls(tmp_path / "none.crt")
    with pytest.raises(CertificateError, match=r"none\.key cannot be read"):
        tls(tmp_path / "mine.crt", tmp_path / "none.key")


def test_this_computer_has_an_address() -> None:
    found = own_addresses()
    assert ip_address("127.0.0.1") in found.addresses
    assert found.names[0] == "localhost"
    assert not any(one.is_loopback or one.is_link_local for one in found.reachable)
    assert found.addresses[-2:] == (ip_address("127.0.0.1"), ip_address("::1"))
