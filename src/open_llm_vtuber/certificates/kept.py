"""The authority and the certificate of this computer: made once, kept in a folder, renewed."""

from __future__ import annotations

import os
import ssl
from pathlib import Path

from loguru import logger

from ..whole_file import write_whole
from .addresses import Addresses
from .authority import Authority

RENEW_DAYS = 30
"""A certificate that lasts no longer than that is made anew."""


class CertificateError(Exception):
    """There is no certificate that can be used; the text says how to mend it."""


class Certificates:
    """Of one folder, which is made when it is needed. Methods block, and raise CertificateError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.authority: Authority | None = None
        """Whom other devices are to trust; None before `file`."""

    def file(self, wanted: Addresses) -> Path:
        """Return the PEM file with a certificate for these names and addresses, and its key.

        What is there is kept as long as it can be used.
        """
        try:
            self.authority = self._read_authority() or self._make_authority(wanted)
            return self._certificate(self.authority, wanted)
        except OSError as error:
            raise CertificateError(
                f"No certificate can be kept in {self._folder} ({error.strerror}): give this user "
                "the right to write there."
            ) from error

    def signable(self, wanted: Addresses) -> Addresses:
        """Return those of what is wanted that the authority may sign for."""
        return self.authority.signable(wanted) if self.authority else wanted

    def _read_authority(self) -> Authority | None:
        try:
            found = Authority.read(
                (self._folder / "authority.crt").read_bytes(),
                (self._folder / "authority.key").read_bytes(),
            )
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise CertificateError(
                f"The authority in {self._folder} cannot be read ({error}). Delete that folder to "
                "have another one made; devices that trusted the old one must trust the new one."
            ) from error
        if found.holds(RENEW_DAYS):
            return found
        logger.warning("the authority in {} has had its time; another one is made", self._folder)
        return None

    def _make_authority(self, wanted: Addresses) -> Authority:
        made = Authority.make(wanted)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._keep("authority.key", made.key)
        self._keep("authority.crt", made.pem)
        return made

    def _certificate(self, authority: Authority, wanted: Addresses) -> Path:
        path = self._folder / "server.pem"
        if not (path.is_file() and self._serves(path, authority, wanted)):
            made = authority.issue(wanted)
            self._keep(path.name, made.chain + made.key)
        return path

    def _serves(self, path: Path, authority: Authority, wanted: Addresses) -> bool:
        """Whether a certificate that was kept can still be used."""
        try:
            return authority.issued(path.read_bytes(), wanted, RENEW_DAYS)
        except ValueError:
            return False

    def _keep(self, name: str, data: bytes) -> None:
        path = self._folder / name
        if name.endswith((".key", ".pem")):  # before anything is in it
            os.close(os.open(path.with_name(f".{name}.draft"), os.O_CREAT | os.O_WRONLY, 0o600))
        write_whole(path, data)


def tls(certificate: Path, key: Path | None = None) -> ssl.SSLContext:
    """Return what serves HTTPS with a certificate and its key (PEM). Raises CertificateError.

    Without `key` that is in the same file.
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        made.load_cert_chain(certificate, key)
    except ssl.SSLError as error:
        raise CertificateError(
            f"{certificate} and {key or 'its key'} are no certificate and key as PEM that belong "
            f"together ({error.reason or error})."
        ) from error
    except OSError as error:
        there = certificate if key and certificate.is_file() else None
        raise CertificateError(
            f"{key if there else certificate} cannot be read ({error.strerror})."
        ) from error
    return made
