"""The client speaks to a real server: kept and new connections, lengths and pieces."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from benchmarks.client import Wire, request
from benchmarks.crowd import Crowd


class Handler(BaseHTTPRequestHandler):
    """Answers with the number of the connection it came by."""

    protocol_version = "HTTP/1.1"
    connections = 0

    def setup(self) -> None:
        super().setup()
        Handler.connections += 1

    def do_GET(self) -> None:
        self.send_response(404 if self.path == "/none/" else 200)
        if self.path == "/pieces/":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"3\r\none\r\n4\r\n two\r\n0\r\n\r\n")
            return
        body = b"x" * 200_000
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[str]:
    """Its address."""
    Handler.connections = 0
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        made.daemon_threads = True
        Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{made.server_port}"
        made.shutdown()


@pytest.mark.parametrize(("is_fresh", "connections"), [(False, 1), (True, 3)])
def test_a_connection_is_kept_or_made_anew(server: str, is_fresh: bool, connections: int) -> None:
    wire = Wire(server, is_fresh=is_fresh)
    answers = [wire.ask(request("GET", "/")) for _time in range(3)]
    wire.close()
    assert {len(answer.body) for answer in answers} == {200_000}
    assert Handler.connections == connections


def test_an_answer_in_pieces_is_put_together(server: str) -> None:
    wire = Wire(server)
    assert wire.ask(request("GET", "/pieces/")).body == b"one two"
    wire.close()


def test_a_crowd_counts_answers_and_refusals_apart(server: str) -> None:
    def asks(nth: int) -> Iterator[bytes]:
        return iter([request("GET", "/none/" if nth else "/")] * 5)

    run = Crowd(server, clients=2, seconds=30, asks=asks, warm=1).run()
    assert (len(run.took), run.refused[404]) == (4, 4)


def test_a_crowd_ends_where_nobody_answers(server: str) -> None:
    gone = "http://127.0.0.1:9"
    run = Crowd(gone, clients=3, seconds=1, asks=lambda _nth: iter([b"x"] * 9)).run()
    assert (run.took, run.refused[0] >= 3) == ([], True)
