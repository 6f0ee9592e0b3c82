"""A mail server on this machine: RFC 5321 as far as one letter goes, and what can go wrong in it.

`refuse` answers a step with a reply of its own; `act` drops, stays silent or drips there.
"""

import base64
import email.policy
import socketserver
import ssl
import threading
from email.message import EmailMessage
from email.parser import BytesParser

from tests.servers.plain import Beside

USER, PASSWORD, SENDER = "hubin", "p@ss word/1", "湖滨 <notice@hubin.example>"
SECRET = base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()


class Handler(socketserver.StreamRequestHandler):
    """One connection; the steps are connect, ehlo, login, sender, recipient, data, body, quit."""

    server: "MailServer"

    def handle(self) -> None:
        self.sender = self.recipient = ""
        self.is_known = self.is_encrypted = False
        if not self.go_on("connect", "220 mail.example ESMTP"):
            return
        while line := self.rfile.readline(1000):
            self.server.said.append(line.decode().strip())
            if not self.answer(line.decode().strip()):
                return

    def answer(self, line: str) -> bool:
        """False: the connection ends."""
        verb, _space, rest = line.partition(" ")
        match verb.upper():
            case "EHLO" | "HELO":
                return self.go_on("ehlo", "\r\n".join(self.abilities()))
            case "STARTTLS" if self.server.context and not self.is_encrypted:
                return self.encrypt()
            case "AUTH":
                self.is_known = rest == f"PLAIN {self.server.secret}"
                good = "235 2.7.0 Accepted"
                return self.go_on("login", good if self.is_known else "535 5.7.8 Bad credentials")
            case "MAIL":
                self.sender = rest
                ok = "250 2.1.0 Ok" if self.is_known else "530 5.7.0 Authentication required"
                return self.go_on("sender", ok)
            case "RCPT":
                self.recipient = rest.partition("<")[2].partition(">")[0]
                return self.go_on("recipient", "250 2.1.5 Ok")
            case "DATA":
                if not self.go_on("data", "354 End data with <CR><LF>.<CR><LF>"):
                    return False
                return "data" in self.server.refuse or self.body()
            case "RSET" | "NOOP":
                return self.say("250 2.0.0 Ok")
            case "QUIT":
                self.go_on("quit", "221 2.0.0 Bye")
                return False
        return self.say("502 5.5.2 Command not recognized")

    def abilities(self) -> list[str]:
        found = ["250-mail.example", "250-8BITMIME", "250-SMTPUTF8"]
        if self.server.context and not self.is_encrypted:
            found.append("250-STARTTLS")
        return [*found, "250 AUTH PLAIN"]

    def body(self) -> bool:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        parser = BytesParser(policy=email.policy.default)
        letter = parser.parsebytes(b"".join(lines))
        assert isinstance(letter, EmailMessage)
        if "body" not in self.server.refuse and self.server.act.get("body") in (None, "late"):
            self.server.take(self.recipient, letter)
        return self.go_on("body", "250 2.0.0 Ok: queued as 4Wm1")

    def encrypt(self) -> bool:
        assert self.server.context is not None
        self.say("220 2.0.0 Ready to start TLS")
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)
        self.is_encrypted = True
        return True

    def go_on(self, step: str, reply: str) -> bool:
        """The step's own reply, or what the test asked for instead."""
        match self.server.act.get(step):
            case "drop":
                return False
            case "silent" | "late":
                self.server.over.wait()
                return False
            case "drip":
                while not self.server.over.wait(0.02):
                    self.wfile.write(b"2")
                return False
        told = self.server.refuse.get(step)
        return self.say(told or reply)

    def say(self, reply: str) -> bool:
        self.wfile.write(f"{reply}\r\n".encode())
        return True


class MailServer(Beside, socketserver.ThreadingTCPServer):
    """It runs in a thread beside the test."""

    daemon_threads = True
    allow_reuse_address = True
    secret = SECRET

    def __init__(
        self, context: ssl.SSLContext | None = None, *, at_once: bool = False, port: int = 0
    ) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.context = context
        if context and at_once:
            self.socket = context.wrap_socket(self.socket, server_side=True)
            self.context = None
        self.taken: list[tuple[str, EmailMessage]] = []
        self.said: list[str] = []
        self.refuse: dict[str, str] = {}
        self.act: dict[str, str] = {}
        self.over = threading.Event()

    def take(self, recipient: str, letter: EmailMessage) -> None:
        """A letter that came whole."""
        self.taken.append((recipient, letter))

    def url(self, scheme: str = "smtp", *, host: str = "127.0.0.1", user: str = "") -> str:
        who = user or "hubin:p%40ss%20word%2F1"
        return f"{scheme}://{who}@{host}:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the middle is what is tried here."""
