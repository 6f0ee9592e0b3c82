"""From which address somebody asks, also behind proxies of our own. Tries are counted by it."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

NEIGHBOURS = 64  # bits: one household has all addresses of such a network of IPv6


def address_of(request: HttpRequest) -> str:
    """来源地址: whom the outermost of our HUBIN_PROXIES heard; what stands before it is hearsay."""
    own = str(request.META.get("REMOTE_ADDR") or "")
    told = str(request.META.get("HTTP_X_FORWARDED_FOR") or "").split(",")
    chain = [*told, own]
    place = len(chain) - 1 - settings.HUBIN_PROXIES
    return _counted(chain[place]) or _counted(own) if place >= 0 else _counted(own)


def _counted(text: str) -> str:
    """One household, one address; empty for what is none."""
    try:
        address: IPv4Address | IPv6Address = ip_address(text.strip())
    except ValueError:
        return ""
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), NEIGHBOURS), strict=False).network_address)
