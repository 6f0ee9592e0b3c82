"""两步验证: a code from one's telephone after the password (RFC 6238), and recovery codes.

Secrets and recovery codes are django-allauth's; the time is handed in and a used code is
remembered in the row itself, so that every process knows of it.
"""

import hmac
import logging
from datetime import datetime, timedelta
from math import ceil

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import attempts
from common.attempts import Allowance
from common.errors import Impossible, Invalid, TooMany
from common.secrets import unseal
from common.texts import narrow
from grids.login import sessions
from grids.models import AccessEvent, AccessEventKind, Person

log = logging.getLogger(__name__)
STEP = 30  # seconds a code is shown
DRIFT = 1  # steps a telephone's clock may be off
DIGITS = 6
TRIES = Allowance("second_factor", limit=5, window=timedelta(minutes=15))
APP, RECOVERY = "totp", "recovery"


def is_on(person: Person) -> bool:
    """已启用: one statement."""
    return rows_of(person).filter(type=Authenticator.Type.TOTP).exists()


def new_secret() -> str:
    """新密钥: 160 random bits, not yet anybody's."""
    return str(generate_totp_secret())


def address(person: Person, secret: str) -> str:
    """密钥地址: what the QR code says to the app."""
    return str(get_adapter().build_totp_url(person, secret))


def step_of(secret: str, code: str, *, at: datetime, after: int = 0) -> int | None:
    """第几步: the step this code belongs to, if it is later than `after`; pure."""
    now = int(at.timestamp()) // STEP
    found = None
    for step in range(now - DRIFT, now + DRIFT + 1):
        expected = format_hotp_value(hotp_value(secret, step))
        if hmac.compare_digest(expected.encode(), plain(code).encode()) and step > after:
            found = step
    return found


def plain(code: str) -> str:
    """验证码: as it was meant, however it was typed."""
    return "".join(narrow(code).replace("-", "").split())


def check(person: Person, code: str, *, at: datetime) -> str:
    """核对验证码: of the app or a recovery code; says which. Each opens once.

    Raises Invalid (wrong) and TooMany (locked); counted first, so that guesses side by side
    are counted, too.
    """
    count(person, at=at)
    found = _used(person, plain(code), at)
    if not found:
        raise Invalid(
            _("验证码不对、已过期或已用过，请输入手机上当前显示的六位数字。"), field="code"
        )
    attempts.clear(TRIES, person.actor_ref)
    if found == RECOVERY:
        note(person, AccessEventKind.CODE_USED, at=at)
    return found


def activate(
    person: Person, secret: str, code: str, *, at: datetime, moves: bool = False
) -> list[str]:
    """启用: once a code shows that the telephone has the secret; returns the recovery codes.

    `moves`: to another telephone; what was there before ends in the same moment. So do all
    logins, which nobody knows to be this person's: the caller takes its own one up again.
    """
    count(person, at=at)
    step = step_of(secret, code, at=at)
    if step is None:
        raise Invalid(_("验证码不对，请核对手机时间，输入当前显示的六位数字。"), field="code")
    attempts.clear(TRIES, person.actor_ref)
    try:
        with transaction.atomic():
            if moves:
                rows_of(person).delete()
            row = TOTP.activate(person, secret).instance
            row.data["last"] = step
            row.created_at = at
            row.save(update_fields=["data", "created_at"])
            codes = _new_codes(person, at)
            sessions.end_all(person)
            kind = AccessEventKind.FACTOR_MOVED if moves else AccessEventKind.FACTOR_ON
            note(person, kind, at=at)
    except IntegrityError:
        raise Impossible(_("两步验证已经启用，不能再启用一次。")) from None
    return codes


def renew_codes(person: Person, code: str, *, at: datetime) -> list[str]:
    """换恢复码: the old ones end; demands a code of now."""
    require_on(person)
    check(person, code, at=at)
    with transaction.atomic():
        codes = _new_codes(person, at)
        note(person, AccessEventKind.CODES_NEW, at=at)
    return codes


def deactivate(person: Person, code: str, *, at: datetime) -> None:
    """停用: demands a code of now; refused where everybody has to have one."""
    require_on(person)
    if settings.HUBIN_MFA_REQUIRED:
        raise Impossible(_("本系统要求两步验证，不能停用；换手机请用“换手机”。"))
    check(person, code, at=at)
    with transaction.atomic():
        rows_of(person).delete()
        note(person, AccessEventKind.FACTOR_OFF, at=at)


def reset(person: Person, *, by: str, at: datetime) -> bool:
    """重置: for a lost telephone; False when there was nothing to reset."""
    with transaction.atomic():
        removed, _kinds = rows_of(person).delete()
        attempts.clear(TRIES, person.actor_ref)
        if removed:
            note(person, AccessEventKind.FACTOR_RESET, at=at, by=by)
            log.warning("second factor of %s reset by %s", person.actor_ref, by)
    return bool(removed)


def require_on(person: Person) -> None:
    """须已启用, else `Impossible`."""
    if not is_on(person):
        raise Impossible(_("还没有启用两步验证，请先在“安全设置”里启用。"))


def count(person: Person, *, at: datetime) -> None:
    """计一次: one more try; `TooMany` when they are used up."""
    since, count = attempts.add(TRIES, person.actor_ref, 1, at=at)
    if count == TRIES.limit + 1:
        note(person, AccessEventKind.LOCKED, at=at)
    if count > TRIES.limit:
        wait = since + TRIES.window - at
        minutes = ceil(wait.total_seconds() / 60)
        said = ngettext(
            "验证码错误次数过多，请 %(minutes)s 分钟后重新登录再试。",
            "验证码错误次数过多，请 %(minutes)s 分钟后重新登录再试。",
            minutes,
        )
        raise TooMany(said % {"minutes": minutes}, wait=wait)


def codes_left(person: Person) -> int:
    """剩余恢复码."""
    row = rows_of(person).filter(type=Authenticator.Type.RECOVERY_CODES).first()
    return len(RecoveryCodes(row).get_unused_codes()) if row else 0


def rows_of(person: Person) -> models.QuerySet[Authenticator]:
    """验证器: the telephone's secret and the recovery codes."""
    return Authenticator.objects.filter(user=person)


def note(person: Person, kind: str, *, at: datetime, by: str = "") -> None:
    """记账号记录."""
    AccessEvent.objects.create(person=person, kind=kind, by=by, at=at)


@transaction.atomic
def _used(person: Person, code: str, at: datetime) -> str:
    """Which kind of code this was, and from now on used; empty when it is none."""
    row = rows_of(person).select_for_update().filter(type=Authenticator.Type.TOTP).first()
    if row is None:
        return ""
    if len(code) == DIGITS:
        after = row.data.get("last", 0)
        step = step_of(unseal(row.data["secret"]), code, at=at, after=after)
        if step is None:
            return ""
        row.data["last"], row.last_used_at = step, at
        row.save(update_fields=["data", "last_used_at"])
        return APP
    codes = rows_of(person).filter(type=Authenticator.Type.RECOVERY_CODES).first()
    if codes is None or not RecoveryCodes(codes).validate_code(code):
        return ""
    rows_of(person).filter(pk=codes.pk).update(last_used_at=at)
    return RECOVERY


def _new_codes(person: Person, at: datetime) -> list[str]:
    rows_of(person).filter(type=Authenticator.Type.RECOVERY_CODES).delete()
    made = RecoveryCodes.activate(person)
    rows_of(person).filter(pk=made.instance.pk).update(created_at=at)
    return [str(code) for code in made.generate_codes()]
