"""登录的设备: where a person is logged in, and how one of these logins is ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import HASH_SESSION_KEY, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from common.errors import NotVisible
from grids.login import sessions
from grids.login.factors import note
from grids.models import AccessEventKind, LoginSession, Person

PAUSE = timedelta(minutes=10)
KEPT = timedelta(days=30)
LONGEST = 200
KNOWN = 10_000  # sessions a process remembers
BROWSERS = (
    ("MicroMessenger", "WeChat"), ("DingTalk", "DingTalk"), ("Edg/", "Edge"), ("EdgA/", "Edge"),
    ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("OpenHarmony", "HarmonyOS"), ("Android", "Android"),
    ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip
_seen: dict[str, float] = {}


@dataclass(frozen=True)
class Device:
    """一处登录: `pk` is 0 where it began before these were written down."""

    pk: int
    name: str
    began_at: datetime | None
    seen_at: datetime | None
    is_here: bool


def begin(request: HttpRequest, person: Person, *, at: datetime) -> None:
    """记下登录: and forget those of long ago."""
    person.login_sessions.filter(seen_at__lt=at - KEPT).delete()
    if not request.session.session_key:
        request.session.save()  # has no number yet where login() threw away somebody else's
    LoginSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "person": person, "agent": request.headers.get("User-Agent", "")[:LONGEST],
            "began_at": at, "seen_at": at, "ended_at": None,
        },
    )  # fmt: skip


def seen(key: str, *, at: datetime) -> None:
    """最近使用: written at most every ten minutes by each process."""
    moment = at.timestamp()
    if moment - _seen.get(key, 0.0) < PAUSE.total_seconds():
        return
    if len(_seen) >= KNOWN:
        _seen.clear()
    _seen[key] = moment
    LoginSession.objects.filter(session_key=key, seen_at__lt=at - PAUSE).update(seen_at=at)


def shown(request: HttpRequest, person: Person, *, at: datetime) -> list[Device]:
    """登录的设备: those that still open something, the one at hand first."""
    here = request.session.session_key
    rows = {row.session_key: row for row in person.login_sessions.filter(ended_at=None)}
    living = [key for key in _living(person, set(rows), at) if key != here]
    own = rows.get(here or "")
    agent = request.headers.get("User-Agent", "")
    first = Device(
        own.pk if own else 0, name_of(agent), own.began_at if own else None, at, is_here=True
    )
    others = (rows[key] for key in rows if key in living)
    return [
        first,
        *(Device(row.pk, name_of(row.agent), row.began_at, row.seen_at, False) for row in others),
    ]


def end(person: Person, pk: int, *, at: datetime) -> None:
    """结束登录: out at its next request, on pages and in the API. Raises `NotVisible`."""
    row = person.login_sessions.filter(pk=pk, ended_at=None).first()
    if row is None:
        raise NotVisible(_("没有这处登录，可能已经结束。请刷新“个人设置”再看。"))
    with transaction.atomic():
        Session.objects.filter(session_key=row.session_key).delete()
        person.login_sessions.filter(pk=pk).update(ended_at=at)
        note(person, AccessEventKind.ENDED, at=at)


def end_others(request: HttpRequest, person: Person, *, at: datetime) -> None:
    """结束其他登录: also those that are not written down here; the one at hand goes on."""
    with transaction.atomic():
        sessions.end_all(person)
        person.login_sessions.filter(ended_at=None).exclude(
            session_key=request.session.session_key or ""
        ).update(ended_at=at)
        note(person, AccessEventKind.ENDED, at=at)
        go_on(request, person)


def go_on(request: HttpRequest, person: Person) -> None:
    """继续登录: after all logins ended, this one is taken up again, under another number."""
    before = request.session.session_key or ""
    update_session_auth_hash(request, person)
    after = request.session.session_key or ""
    person.login_sessions.filter(session_key=before).update(session_key=after)


def name_of(agent: str) -> str:
    """设备名称: browser and system, as far as they can be told."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return " · ".join(filter(None, (browser, system))) or _("未知设备")


def _living(person: Person, keys: set[str], at: datetime) -> set[str]:
    """Which of them are still there, and of the present count and password."""
    proof = person.get_session_auth_hash()
    found = Session.objects.filter(session_key__in=keys, expire_date__gt=at)
    return {
        row.session_key
        for row in found
        if constant_time_compare(str(row.get_decoded().get(HASH_SESSION_KEY, "")), proof)
    }
