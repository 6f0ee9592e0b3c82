"""Ports on this machine's own address. Nothing here listens to the network."""

import http.client
import socket
from contextlib import suppress

from hubin.local.trouble import Trouble

HOST = "127.0.0.1"
USUAL_WEB_PORT = 8000


def is_free(port: int) -> bool:
    try:
        _bind(port)
    except OSError:
        return False
    return True


def _bind(port: int) -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, port))
        return int(probe.getsockname()[1])


def free_port() -> int:
    return _bind(0)


def keep_or_find(remembered: int | None) -> int:
    """The port of last time if it is still free, else another."""
    return remembered if remembered and is_free(remembered) else free_port()


def take_web_port(asked: int | None, remembered: int | None) -> socket.socket:
    """A listening socket, ours from now on; it is handed to every web process in turn.

    So nobody takes the port between the look and the start, and whoever calls while the web
    process is away waits a moment instead of being refused.
    """
    if asked is None:
        for port in (remembered, USUAL_WEB_PORT, 0):
            if port is not None:
                with suppress(OSError):
                    return _listen(port)
    try:
        return _listen(asked or 0)
    except PermissionError as error:
        raise Trouble(
            f"Port {asked} is reserved for the system; choose one from 1024 up with --port."
        ) from error
    except OSError as error:
        raise Trouble(
            f"Port {asked} on {HOST} is taken by another program; choose another with --port."
        ) from error


def _listen(port: int) -> socket.socket:
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((HOST, port))
        taken.listen(1024)
    except OSError:
        taken.close()
        raise
    return taken


def answers(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=1):
            return True
    except OSError:
        return False


def get_status(port: int, path: str) -> int | None:
    """The HTTP status of a page of ours, or None while nobody answers."""
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
