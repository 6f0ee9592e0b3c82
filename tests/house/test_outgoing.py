"""Nobody but common/outgoing.py, and common/mailing.py by its rules, speaks to the outside."""

import ast

import pytest

from tests.house import source

CLIENTS = ("requests", "urllib3", "httpx", "aiohttp", "http.client", "urllib.request", "socket",
           "smtplib", "django.core.mail", "ftplib", "xmlrpc", "websocket")  # fmt: skip
GUARDED = {"common/outgoing.py", "common/mailing.py"}
APART = ("hubin/local/", "benchmarks/")
"""The launcher and what measures ask nobody but the processes they started."""


def clients(module: ast.Module) -> set[str]:
    """What it imports that could reach another machine."""
    named = {
        alias.name
        for node in ast.walk(module)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {
        f"{node.module}.{alias.name}"
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    return {name for name in named for client in CLIENTS if f"{name}.".startswith(f"{client}.")}


def test_only_the_guarded_clients_reach_out() -> None:
    found = {source.name(path): clients(source.tree(path)) for path in source.modules()}
    outside = {name for name, used in found.items() if used and not name.startswith(APART)}
    assert outside == GUARDED


@pytest.mark.parametrize(
    "text",
    [
        "import requests",
        "from urllib import request",
        "from urllib.request import urlopen",
        "import http.client",
        "from django.core.mail import send_mail",
    ],
)
def test_every_way_out_is_known(text: str) -> None:
    assert clients(ast.parse(text))


def test_taking_an_address_apart_is_no_way_out() -> None:
    assert not clients(ast.parse("from urllib.parse import urlsplit"))
