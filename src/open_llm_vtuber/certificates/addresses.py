"""By which names and addresses others in the network reach this computer."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

import ifaddr

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

PRIVATE = tuple(
    ip_network(one)
    for one in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
        "100.64.0.0/10",  # of Tailscale and the like, RFC 6598
        *("::1/128", "fc00::/7", "fe80::/10"),
    )
)
"""Networks whose addresses mean something else to everybody (RFC 1918, 3927, 4193, 4291)."""
_HOME = ip_network("192.168.0.0/16")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True)
class Addresses:
    """Names and addresses, each once; the likeliest to be reached from another device first."""

    names: tuple[str, ...]
    addresses: tuple[Address, ...]

    @property
    def reachable(self) -> list[Address]:
        """The addresses that lead here from another device, without those of one cable only."""
        return [one for one in self.addresses if not (one.is_loopback or one.is_link_local)]


def own_addresses() -> Addresses:
    """Return how this computer can be called. Asks the system, not the network.

    Of IPv6 only in private networks: the others change daily, and are the whole world's.
    """
    found = {_address(one.ip) for adapter in ifaddr.get_adapters() for one in adapter.ips}
    kept = {one for one in found if one.version == 4 or is_private(one)}
    kept |= {ip_address("127.0.0.1"), ip_address("::1")}
    names = ["localhost"]
    host = socket.gethostname().lower().partition(".")[0]
    if _LABEL.fullmatch(host) and host != "localhost":
        names += [host, f"{host}.local"]
    return Addresses(tuple(names), tuple(sorted(kept, key=_order)))


def is_private(address: Address) -> bool:
    """Whether an address is of one of the networks of `PRIVATE`."""
    return any(within(address, network) for network in PRIVATE)


def within(address: Address, network: Network) -> bool:
    """Whether an address is of a network."""
    return address.version == network.version and address in network


def _address(found: str | tuple[str, int, int]) -> Address:
    """Return the address that the system knows; of IPv6 it adds flow and scope."""
    return ip_address(found if isinstance(found, str) else found[0].partition("%")[0])


def _order(address: Address) -> tuple[bool, bool, int, bool, Address]:
    home = within(address, _HOME)
    return (
        address.is_loopback,
        address.is_link_local,
        address.version,
        not home,
        address,
    )
