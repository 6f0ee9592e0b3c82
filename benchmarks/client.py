"""A client as small as can be: what it costs must not be what is measured."""

import socket
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

BLOCK = 1 << 16
PATIENCE = 30.0


@dataclass(frozen=True)
class Answer:
    """回答: how long it took, and what the server says it cost."""

    seconds: float
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Cost:
    """花费: as the meter tells it; milliseconds."""

    total: float
    cpu: float
    db: float
    statements: int


class Wire:
    """连接: one that stays, or (`is_fresh`) a new one for each request."""

    def __init__(self, url: str, *, is_fresh: bool = False) -> None:
        parts = urlsplit(url)
        self.address = parts.hostname or "127.0.0.1", parts.port or 80
        self.is_fresh = is_fresh
        self._socket: socket.socket | None = None

    def ask(self, request: bytes) -> Answer:
        """Sends a whole request and reads the whole answer."""
        begun = time.perf_counter()
        known = self._socket
        try:
            answer = self._ask(request, begun)
        except ConnectionError:
            self.close()
            if known is None or self.is_fresh:
                raise
            answer = self._ask(request, begun)  # it had been idle for too long
        if self.is_fresh or answer.headers.get("connection", "").lower() == "close":
            self.close()
        return answer

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _ask(self, request: bytes, begun: float) -> Answer:
        if self._socket is None:
            self._socket = socket.create_connection(self.address, timeout=PATIENCE)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        head, rest = self._until(b"", b"\r\n\r\n")
        status, headers = _head(head)
        body = self._body(headers, rest, status)
        return Answer(time.perf_counter() - begun, status, headers, body)

    def _until(self, held: bytes, mark: bytes) -> tuple[bytes, bytes]:
        while mark not in held:
            held += self._more()
        found, _mark, rest = held.partition(mark)
        return found, rest

    def _body(self, headers: dict[str, str], held: bytes, status: int) -> bytes:
        if status in (204, 304):
            return b""
        if headers.get("transfer-encoding") == "chunked":
            return self._chunks(held)
        size = int(headers.get("content-length", "0"))
        while len(held) < size:
            held += self._more()
        return held

    def _chunks(self, held: bytes) -> bytes:
        found = b""
        while True:
            line, held = self._until(held, b"\r\n")
            size = int(line, 16)
            while len(held) < size + 2:
                held += self._more()
            found, held = found + held[:size], held[size + 2 :]
            if size == 0:
                return found

    def _more(self) -> bytes:
        assert self._socket is not None
        more = self._socket.recv(BLOCK)
        if not more:
            raise ConnectionResetError("closed in the middle of an answer")
        return more


def request(
    method: str, path: str, *, headers: dict[str, str] | None = None, body: bytes = b""
) -> bytes:
    """请求: as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Language: zh-hans"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    elif method != "GET":
        lines.append("Content-Length: 0")
    return "\r\n".join([*lines, "", ""]).encode() + body


def cost(answer: Answer) -> Cost | None:
    """花费 of an answer; None where the server has no meter."""
    told = answer.headers.get("server-timing", "")
    found: dict[str, str] = {}
    for part in told.split(","):
        name, *marks = (piece.strip() for piece in part.split(";"))
        for mark in marks:
            key, _sep, value = mark.partition("=")
            found[f"{name}.{key}"] = value.strip('"')
    try:
        return Cost(
            float(found["total.dur"]), float(found["cpu.dur"]), float(found["db.dur"]),
            int(found["db.desc"]),
        )  # fmt: skip
    except KeyError:
        return None


def _head(head: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return int(first.split()[1]), {name.lower(): value.strip() for name, _sep, value in pairs}
