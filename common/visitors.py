"""From which address somebody asks, also behind proxies of our own. Tries are counted by it."""

from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

NEIGHBOURS = 64  # bits: one household has all addresses of such a network of IPv6


def address_of(request: HttpRequest) -> str:
    """来源地址: whom the outermost of our HUBIN_PROXIES heard; what stands before it is hearsay."""
    heard, own = _heard(request)
    return _counted(heard) or _counted(own)


def stays_here(request: HttpRequest, address: str) -> bool:
    """本站地址: whether a page that was asked for by its address is one of this house."""
    return url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def is_from(request: HttpRequest, networks: Iterable[IPv4Network | IPv6Network]) -> bool:
    """来自: whether the very address is one of these; who is handed on by strangers is not."""
    heard, own = _heard(request)
    told = request.META.get("HTTP_X_FORWARDED_FOR")
    if told and (not settings.HUBIN_PROXIES or not heard):
        return False
    address = _address(heard or own)
    return address is not None and any(address in network for network in networks)


def _heard(request: HttpRequest) -> tuple[str, str]:
    """Whom our outermost proxy names, and who is at the door."""
    own = str(request.META.get("REMOTE_ADDR") or "")
    told = str(request.META.get("HTTP_X_FORWARDED_FOR") or "").split(",")
    chain = [*told, own]
    place = len(chain) - 1 - settings.HUBIN_PROXIES
    return (chain[place] if place >= 0 else ""), own


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _counted(text: str) -> str:
    """One household, one address; empty for what is none."""
    address = _address(text)
    if address is None:
        return ""
    if isinstance(address, IPv4Address):
        return str(address)
    return str(ip_network((int(address), NEIGHBOURS), strict=False).network_address)
