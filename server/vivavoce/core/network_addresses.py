"""Which addresses a request on a stranger's behalf may reach: the public internet, nothing else.

A URL that somebody typed must not let them talk to what only this machine can see: its own ports,
the network around it, or the cloud's metadata service.
"""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

# Beyond what Python of any version calls private: protocol assignments (with Oracle's metadata),
# the retired relays into IPv6, and the server that hands credentials to machines of Azure.
_SPECIAL_V4 = tuple(
    IPv4Network(text) for text in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32")
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
# Within global unicast, but leading into IPv4 (Teredo, 6to4), or nowhere (documentation).
_SPECIAL_V6 = tuple(
    IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
_LOCAL_SUFFIXES = (".localhost", ".local", ".internal", ".home.arpa")
# Readers of addresses take "0x7f.1" and "2130706433" for 127.0.0.1.
_NUMERIC_LABEL = re.compile(r"\d+|0x[0-9a-f]*")


def is_public(address: str) -> bool:
    """Whether a numeric address belongs to the public internet; False for what is no address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    match parsed:
        case IPv4Address():
            return _is_public_v4(parsed)
        case IPv6Address():
            return _is_public_v6(parsed)


def is_reachable_name(host: str) -> bool:
    """False for a host that is certainly not public, before any look-up."""
    name = host.lower().rstrip(".")
    if ":" in name or _NUMERIC_LABEL.fullmatch(name.rpartition(".")[2]):
        return is_public(name)
    return "." in name and not name.endswith(_LOCAL_SUFFIXES)


def _is_public_v4(address: IPv4Address) -> bool:
    special = address.is_multicast or address.is_reserved or address.is_unspecified
    return (
        address.is_global and not special and not any(address in network for network in _SPECIAL_V4)
    )


def _is_public_v6(address: IPv6Address) -> bool:
    if address in _NAT64:  # some networks reach all of IPv4 through it
        return _is_public_v4(IPv4Address(int(address) & 0xFFFFFFFF))
    if address not in _GLOBAL_UNICAST or address.scope_id is not None:
        return False
    return not any(address in network for network in _SPECIAL_V6)
