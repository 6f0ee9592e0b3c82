"""When health turns red, and who may read the figures."""

from ipaddress import IPv4Network, IPv6Network, ip_network

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()


def _networks(name: str, default: list[str]) -> list[IPv4Network | IPv6Network]:
    try:
        return [ip_network(one.strip()) for one in env.list(name, default=default) if one.strip()]
    except ValueError as wrong:
        raise ImproperlyConfigured(f"{name} is a list of addresses or networks: {wrong}") from None


HUBIN_SWEEP_LAG = env.int("HUBIN_SWEEP_LAG", default=300)  # seconds the oldest due row may wait
HUBIN_METRICS_ALLOW = _networks("HUBIN_METRICS_ALLOW", ["127.0.0.1", "::1"])
