"""Certificates of this computer, so that other devices reach it by HTTPS."""

from .addresses import Addresses, own_addresses
from .authority import Authority, Certificate, named
from .kept import CertificateError, Certificates, tls

__all__ = [
    "Addresses",
    "Authority",
    "Certificate",
    "CertificateError",
    "Certificates",
    "named",
    "own_addresses",
    "tls",
]
