"""进门: between the password and the page there may be a second factor to show."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import constant_time_compare

from common.visitors import stays_here
from grids.login import devices, factors
from grids.models import Person

BACKEND = "django.contrib.auth.backends.ModelBackend"
PENDING = "login_pending"  # who has shown the first factor; not logged in
FACTOR = "login_factor"
ENTERED = "login_at"
SPEAKS = "speaks"
"""On the request: the language of who has just come in."""
PATIENCE = timedelta(minutes=10)
FRESH = timedelta(minutes=15)
PASSWORD, OIDC, PROVIDER, PHONE = "password", "oidc", "provider", "phone"
ENOUGH = frozenset({factors.APP, factors.RECOVERY, PROVIDER})


def wanted(request: HttpRequest) -> str:
    """去处: the page that was asked for, if it is one of this house; else the first."""
    asked = request.POST.get("next", request.GET.get("next", ""))
    return asked if stays_here(request, asked) else resolve_url(settings.LOGIN_REDIRECT_URL)


def begin(request: HttpRequest, person: Person, *, by: str, goes_to: str, at: datetime) -> str:
    """第一步已过: in, or still to show a code. Returns where to go."""
    if by == PROVIDER or not factors.is_on(person):
        enter(request, person, factor=by, at=at)
        return goes_to
    request.session.cycle_key()
    request.session[PENDING] = {
        "person": person.pk, "proof": person.get_session_auth_hash(), "goes_to": goes_to,
        "at": at.timestamp(),
    }  # fmt: skip
    return reverse("login_code")


def pending(request: HttpRequest, *, at: datetime) -> Person | None:
    """待验证: who still has to show a code; ten minutes, and not after a change of password."""
    held = request.session.get(PENDING)
    if not held or at.timestamp() - held["at"] > PATIENCE.total_seconds():
        return None
    person = Person.objects.filter(pk=held["person"], is_active=True).first()
    if person is None or not constant_time_compare(held["proof"], person.get_session_auth_hash()):
        return None
    return person


def show_code(request: HttpRequest, person: Person, code: str, *, at: datetime) -> str:
    """第二步: in, if the code is right; returns where to go. Raises Invalid, TooMany."""
    factor = factors.check(person, code, at=at)
    goes_to = str(request.session[PENDING]["goes_to"])
    enter(request, person, factor=factor, at=at)
    return goes_to


def give_up(request: HttpRequest) -> None:
    """放弃: the password has to be shown again."""
    request.session.pop(PENDING, None)


def enter(request: HttpRequest, person: Person, *, factor: str, at: datetime) -> None:
    """进门."""
    give_up(request)
    login(request, person, backend=BACKEND)
    raise_to(request, factor)
    request.session[ENTERED] = at.timestamp()
    devices.begin(request, person, at=at)
    if person.language:
        setattr(request, SPEAKS, person.language)
        translation.activate(person.language)


def raise_to(request: HttpRequest, factor: str) -> None:
    """这次登录验证过什么."""
    request.session[FACTOR] = factor


def is_fresh(request: HttpRequest, *, at: datetime) -> bool:
    """刚登录: within a quarter of an hour."""
    return is_recent(request.session.get(ENTERED), at=at)


def is_recent(moment: float | None, *, at: datetime) -> bool:
    """刚才: a quarter of an hour ago at most."""
    return at.timestamp() - (moment or 0.0) <= FRESH.total_seconds()


def lacks_factor(request: HttpRequest) -> bool:
    """缺第二步: in by a password alone, where that is not enough; asks the session only."""
    if not settings.HUBIN_MFA_REQUIRED:
        return False
    shown = request.session.get(FACTOR)
    is_office = request.user.is_staff or request.user.is_superuser
    return shown not in ENOUGH and (shown != PHONE or is_office)
