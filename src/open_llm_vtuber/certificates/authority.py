"""An authority of this computer alone, and the certificates that it makes. No files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from ipaddress import IPv4Network, IPv6Network, ip_network

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from .addresses import PRIVATE, Addresses, is_private, within

AUTHORITY_DAYS = 3650
CERTIFICATE_DAYS = 397
"""Of a certificate; Apple's devices take none that lasts longer than 825 days, browsers of public
authorities none of more than 398."""
EARLIER = timedelta(days=1)
"""Certificates begin so long ago: clocks differ."""


@dataclass(frozen=True)
class Certificate:
    """A certificate and its key, as PEM."""

    chain: bytes
    key: bytes


class Authority:
    """Signs for this computer and for private networks; for nothing else.

    Who trusts it trusts it for these alone (RFC 5280, section 4.2.1.10): whoever took its key could
    not read what is sent to any site of the internet.
    """

    def __init__(self, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        self._certificate = certificate
        self._key = key

    @classmethod
    def make(cls, own: Addresses, now: datetime | None = None) -> Authority:
        """Make one that may sign for what is `own`, and for addresses of private networks."""
        now = now or datetime.now(timezone.utc)
        key = ec.generate_private_key(ec.SECP256R1())
        title = x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Open-LLM-VTuber"),
                x509.NameAttribute(NameOID.COMMON_NAME, f"Open-LLM-VTuber on {own.names[-1]}"[:64]),
            ]
        )
        public = key.public_key()
        others = [ip_network(one) for one in own.addresses if not is_private(one)]
        networks = [x509.IPAddress(one) for one in (*PRIVATE, *others)]
        limits = x509.NameConstraints([*map(x509.DNSName, own.names), *networks], None)
        made = (
            x509.CertificateBuilder(title, title, public, x509.random_serial_number())
            .not_valid_before(now - EARLIER)
            .not_valid_after(now + timedelta(days=AUTHORITY_DAYS))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(limits, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .sign(key, hashes.SHA256())
        )
        return cls(made, key)

    @classmethod
    def read(cls, certificate: bytes, key: bytes) -> Authority:
        """Return one that was kept, as PEM. Raises ValueError."""
        found = serialization.load_pem_private_key(key, None)
        if not isinstance(found, ec.EllipticCurvePrivateKey):
            raise ValueError("the key is not of the kind that is made here")  # noqa: TRY004
        signed = x509.load_pem_x509_certificate(certificate)
        if signed.public_key() != found.public_key():
            raise ValueError("the key is not that of the certificate")
        return cls(signed, found)

    @property
    def pem(self) -> bytes:
        """The certificate that others are to trust."""
        return self._certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def der(self) -> bytes:
        """The same as devices want it that are to install it."""
        return self._certificate.public_bytes(serialization.Encoding.DER)

    @property
    def key(self) -> bytes:
        """Its key, as PEM: a secret."""
        return _pem(self._key)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the certificate, as devices show it."""
        return self._certificate.fingerprint(hashes.SHA256()).hex(":").upper()

    def holds(self, days: int) -> bool:
        """Whether it is valid now, and for `days` more."""
        return _holds(self._certificate, days)

    def signable(self, wanted: Addresses) -> Addresses:
        """Return those of what is wanted that it may sign for."""
        found = self._certificate.extensions.get_extension_for_class(x509.NameConstraints)
        permitted = found.value.permitted_subtrees or []
        names = {one.value for one in permitted if isinstance(one, x509.DNSName)}
        networks = [one.value for one in permitted if isinstance(one, x509.IPAddress)]
        nets = [one for one in networks if isinstance(one, (IPv4Network, IPv6Network))]
        return Addresses(
            tuple(one for one in wanted.names if one in names),
            tuple(one for one in wanted.addresses if any(within(one, net) for net in nets)),
        )

    def issue(self, wanted: Addresses, now: datetime | None = None) -> Certificate:
        """Make a certificate for those names and addresses that it may sign for."""
        now = now or datetime.now(timezone.utc)
        key = ec.generate_private_key(ec.SECP256R1())
        signed = self.signable(wanted)
        others = [*map(x509.DNSName, signed.names), *map(x509.IPAddress, signed.addresses)]
        made = (
            x509.CertificateBuilder(
                self._certificate.subject,
                x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, signed.names[-1][:64])]),
                key.public_key(),
                x509.random_serial_number(),
            )
            .not_valid_before(now - EARLIER)
            .not_valid_after(now + timedelta(days=CERTIFICATE_DAYS))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
            .add_extension(x509.SubjectAlternativeName(others), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), False
            )
            .sign(self._key, hashes.SHA256())
        )
        return Certificate(made.public_bytes(serialization.Encoding.PEM), _pem(key))

    def issued(self, chain: bytes, wanted: Addresses, days: int) -> bool:
        """Whether it made this certificate (PEM), for all that is wanted, valid for `days` more.

        Raises ValueError where it is none.
        """
        leaf = x509.load_pem_x509_certificate(chain)
        try:
            leaf.verify_directly_issued_by(self._certificate)
        except (ValueError, TypeError, InvalidSignature):
            return False
        said = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        signed = self.signable(wanted)
        return (
            set(signed.names) <= set(said.get_values_for_type(x509.DNSName))
            and set(signed.addresses) <= set(said.get_values_for_type(x509.IPAddress))
            and _holds(leaf, days)
        )


def _holds(certificate: x509.Certificate, days: int) -> bool:
    now = datetime.now(timezone.utc)
    ends = certificate.not_valid_after_utc
    return certificate.not_valid_before_utc <= now and now + timedelta(days=days) < ends


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def named(chain: bytes) -> list[str]:
    """Return the names and addresses that a certificate (PEM) is for. Raises ValueError."""
    leaf = x509.load_pem_x509_certificate(chain)
    try:
        said = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    names = [one for one in said.get_values_for_type(x509.DNSName) if "*" not in one]
    return [*names, *map(str, said.get_values_for_type(x509.IPAddress))]
