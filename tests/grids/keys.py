"""People with a password and a telephone, for the tests of getting in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from grids.login import factors
from grids.models import Person

PASSWORD = "lake-water-2026"
NEXT = timedelta(seconds=factors.STEP)


@dataclass
class Phone:
    """A telephone with the app on it, and the recovery codes on paper."""

    secret: str
    codes: list[str]

    def code(self, at: datetime) -> str:
        """What it shows at that moment."""
        return str(format_hotp_value(hotp_value(self.secret, int(at.timestamp()) // factors.STEP)))

    def wrong(self, at: datetime) -> str:
        """Six digits that it shows neither now nor just before or after."""
        near = {self.code(at + turn * NEXT) for turn in (-2, -1, 0, 1, 2)}
        return next(f"{n:06}" for n in range(10) if f"{n:06}" not in near)


def named(username: str = "limin", **more: Any) -> Person:
    """Somebody with a password."""
    return Person.objects.create_user(username, password=PASSWORD, name="李敏", **more)


def with_phone(person: Person, at: datetime) -> Phone:
    """The second factor is on since half a minute."""
    secret = factors.new_secret()
    phone = Phone(secret, [])
    phone.codes = factors.activate(person, secret, phone.code(at - NEXT), at=at - NEXT)
    return phone


def sign_in(client: Client, username: str = "limin", next_page: str = "") -> Any:
    """Name and password, rightly."""
    words = {"username": username, "password": PASSWORD, "next": next_page}
    return client.post("/login/", words)


def is_in(client: Client) -> bool:
    """Logged in."""
    return "_auth_user_id" in client.session
