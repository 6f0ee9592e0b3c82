"""The one guarded client: whatever leaves the house goes through here (DESIGN §6).

https only; every address is checked before the first byte, and the connection goes to the
address that was checked; no redirects; five seconds for everything, five megabytes.
Inside addresses are reached only where `HUBIN_EGRESS_ALLOW` names them, and only there may
the scheme be http.
"""

import http.client
import json
import logging
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

log = logging.getLogger(__name__)
PORTS = {"http": 80, "https": 443}
CHUNK = 65_536
Found = TypeVar("Found")
# in these an address of the inside can be wrapped
WRAPPING = tuple(map(ip_network, ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32",
                                  "2002::/16")))  # fmt: skip


class Unreachable(Exception):
    """未送达: `why` is a short code; neither address nor body nor key is told."""

    def __init__(self, why: str, host: str = "") -> None:
        super().__init__(f"{host}: {why}")
        self.why = why
        self.host = host


@dataclass(frozen=True)
class Answer:
    """应答: whatever its status; who asked decides what to make of it."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    host: str = ""

    def json(self) -> Any:
        """JSON: or `Unreachable` ("garbage")."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise Unreachable("garbage", self.host) from None


@dataclass(frozen=True)
class Target:
    """去处: an address taken apart."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def shown(self) -> str:
        """As it stands in the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def call(
    method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> Answer:
    """对外请求: one request, one answer. Raises `Unreachable`, after five seconds at the latest."""
    target = split(url)
    line = _Line(target, time.monotonic() + settings.HUBIN_EGRESS_SECONDS)
    sent = dict(headers or {})
    try:
        return within(lambda: line.run(method, sent, body), cut=line.cut, host=target.host)
    except Unreachable as told:
        log.warning("outgoing: %s %s", method, told)
        raise


def within(run: Callable[[], Found], *, cut: Callable[[], None], host: str) -> Found:
    """限时: what `run` returns or raises, in five seconds; then it is cut off.

    In a thread of its own: neither a name server nor a dripping answer holds up the asker.
    """
    answers: queue.Queue[tuple[Found] | Exception] = queue.Queue(1)

    def answer() -> None:
        try:
            answers.put((run(),))
        except Exception as error:
            answers.put(error)

    threading.Thread(target=answer, name="outgoing", daemon=True).start()
    try:
        found = answers.get(timeout=settings.HUBIN_EGRESS_SECONDS)
    except queue.Empty:
        cut()
        raise Unreachable("timeout", host) from None
    if isinstance(found, Exception):
        raise found
    return found[0]


def split(url: str) -> Target:
    """拆网址: or `Unreachable` ("bad_url")."""
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError:
        raise Unreachable("bad_url") from None
    is_clean = url.isascii() and url.isprintable() and " " not in url
    is_named = bool(host) and parts.username is None and parts.password is None
    if parts.scheme not in PORTS or not (is_clean and is_named):
        raise Unreachable("bad_url")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port or PORTS[parts.scheme], path)


def is_public(text: str) -> bool:
    """公网地址: neither private, loopback, link-local, multicast nor a wrapping of such."""
    address: IPv4Address | IPv6Address = ip_address(text)
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(str(address.ipv4_mapped))
        if any(address in net for net in WRAPPING):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def is_allowed(text: str, host: str) -> bool:
    """准许的内网地址: a host by its name or a range, in HUBIN_EGRESS_ALLOW."""
    address: IPv4Address | IPv6Address = ip_address(text)
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    for entry in settings.HUBIN_EGRESS_ALLOW:
        try:
            if address in ip_network(entry, strict=False):
                return True
        except ValueError:
            if entry.lower().rstrip(".") == host.rstrip("."):
                return True
    return False


def addresses(target: Target) -> list[str]:
    """解析: asked once. One forbidden address among them, and none is used."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("dns", target.host) from None
    texts = list(dict.fromkeys(str(row[4][0]) for row in found))
    for text in texts:
        allowed = is_allowed(text, target.host)
        if not allowed and (target.scheme != "https" or not is_public(text)):
            raise Unreachable("address", target.host)
    return texts


@dataclass
class _Line:
    """连接: from the name to the last byte, against one deadline."""

    target: Target
    deadline: float
    connection: HTTPConnection | None = None
    is_cut: bool = False
    tried: list[str] = field(default_factory=list)

    def run(self, method: str, headers: dict[str, str], body: bytes | None) -> Answer:
        """The answer, or Unreachable."""
        try:
            return self._ask(method, headers, body)
        except Unreachable:
            raise
        except Exception as error:
            raise Unreachable(why(error), self.target.host) from None
        finally:
            if self.connection is not None:
                self.connection.close()

    def cut(self) -> None:
        """Nobody waits any more."""
        self.is_cut = True
        sock = getattr(self.connection, "sock", None)
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                log.debug("outgoing: already closed")

    def _ask(self, method: str, headers: dict[str, str], body: bytes | None) -> Answer:
        self.connection = self._connect()
        sent = headers | {"Host": self.target.shown, "Accept-Encoding": "identity",
                          "Connection": "close", "User-Agent": "hubin"}  # fmt: skip
        self.connection.request(
            method, self.target.path, body=body, headers=sent, preload_content=False,
            decode_content=False,
        )  # fmt: skip
        response = self.connection.getresponse()
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise Unreachable("encoding", self.target.host)
        told = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, told, self._read(response), self.target.host)

    def _connect(self) -> HTTPConnection:
        failed: Exception = Unreachable("connection", self.target.host)
        for address in addresses(self.target):
            connection = self._to(address)
            try:
                connection.connect()
                return connection
            except ssl.SSLError:
                raise
            except (OSError, HTTPError) as error:
                failed = error
        raise failed

    def _to(self, address: str) -> HTTPConnection:
        """To the very address that was checked; the certificate has to be the host's."""
        left = self.deadline - time.monotonic()
        if self.is_cut or left <= 0:
            raise Unreachable("timeout", self.target.host)
        port, host = self.target.port, self.target.host
        if self.target.scheme == "http":
            return HTTPConnection(address, port, timeout=left)
        return HTTPSConnection(
            address, port, timeout=left, server_hostname=host, cert_reqs="CERT_REQUIRED",
            ssl_context=trust(),
        )  # fmt: skip

    def _read(self, response: Any) -> bytes:
        found, most = bytearray(), settings.HUBIN_EGRESS_BYTES
        if int(response.headers.get("Content-Length") or 0) > most:
            raise Unreachable("too_large", self.target.host)
        while chunk := response.read1(CHUNK, decode_content=False):
            found += chunk
            if len(found) > most:
                raise Unreachable("too_large", self.target.host)
            if self.is_cut:
                raise Unreachable("timeout", self.target.host)
        return bytes(found)


def trust() -> ssl.SSLContext:
    """信任: the machine's authorities, and the one of one's own that HUBIN_EGRESS_CA names."""
    context = ssl.create_default_context()
    if settings.HUBIN_EGRESS_CA:
        context.load_verify_locations(cafile=settings.HUBIN_EGRESS_CA)
    return context


def why(error: Exception) -> str:
    """原因: the short code of what went wrong on the way."""
    if isinstance(error, ssl.SSLError):
        return "tls"
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return "timeout"
    if isinstance(error, OSError | HTTPError | http.client.HTTPException):
        return "connection"
    return "broken"
