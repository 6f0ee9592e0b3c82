"""A server on this machine: what it is asked is kept, what it answers is the test's."""

import socket
import socketserver
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar


@dataclass
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Reply:
    """What is answered; `cut` closes the connection in the middle, `silent` never answers.

    `reset` slams it shut with a RST before a byte was answered.
    """

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    silent: bool = False
    reset: bool = False
    drip: bool = False


Answering = Callable[[Asked], Reply]


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: "Server"
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, self.path, headers, self.rfile.read(length))
        self.server.asked.append(asked)
        reply = self.server.answering(asked)
        self.close_connection = True
        if reply.silent:
            self.server.over.wait()
            return
        if reply.reset:
            # closing with nothing to linger for is a reset
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            return
        self.send_response(reply.status)
        given = {"Content-Length": str(len(reply.body))} | reply.headers
        for name, value in given.items():
            self.send_header(name, value)
        self.end_headers()
        if reply.drip:
            self.drip()
        elif self.command != "HEAD":
            self.wfile.write(reply.body[: len(reply.body) // 2] if reply.cut else reply.body)

    def drip(self) -> None:
        """A byte now and then, for ever."""
        while not self.server.over.wait(0.02):
            self.wfile.write(b".")

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = answer

    def log_message(self, format: str, *args: Any) -> None:
        """Keeps quiet."""


class Beside(socketserver.BaseServer):
    """A server of this process; what it does for ever ends with `over`."""

    over: threading.Event


class Server(Beside, ThreadingHTTPServer):
    """It runs in a thread beside the test."""

    daemon_threads = True

    def __init__(self, answering: Answering) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answering = answering
        self.asked: list[Asked] = []
        self.over = threading.Event()
        self.scheme = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is what is tried here."""

    def protect(self, certificate: str, key: str) -> None:
        """TLS from here on."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.socket: socket.socket = context.wrap_socket(self.socket, server_side=True)
        self.scheme = "https"


Running = TypeVar("Running", bound=Beside)


@contextmanager
def running(server: Running) -> Iterator[Running]:
    """Until the test is over."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
