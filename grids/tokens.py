"""Tokens: made once, opened by hash, never told again (DESIGN §6)."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.errors import Invalid
from common.listing import listed
from grids.models import ApiToken, Person, Scope, Token

T = TypeVar("T", bound=Token)
BEGIN = "hbn_"
SHOWN = 12
LONGEST = 200
MOST_DAYS = 366
USED_EVERY = timedelta(hours=1)


def make_token(
    person: Person, name: str, scopes: list[str], *, at: datetime, days: int = 90
) -> tuple[ApiToken, str]:
    """发令牌: the row and the text, which is shown once and never kept.

    A revoked token's name may be used again. Raises `Invalid` naming name, scopes or days.
    """
    return issue(ApiToken, BEGIN, name, scopes, among=Scope.values, at=at, days=days, person=person)


def open_token(text: str, *, at: datetime) -> ApiToken | None:
    """用令牌: the token this text is, if it is good now; one statement, hourly a second."""
    return find(ApiToken, BEGIN, text, owner="person", at=at)


def issue(
    kind: type[T], begin: str, name: str, scopes: list[str], *, among: Iterable[str],
    at: datetime, days: int, **owner: Any,
) -> tuple[T, str]:  # fmt: skip
    """发令牌 of any kind: its text begins with `begin`, its scopes are some of `among`."""
    rows: Any = kind._default_manager
    if not name.strip() or len(name) > 60:
        raise Invalid(_("请给令牌起一个名称，最多 60 字。"), field="name")
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(_("有效期请填 1 到 366 天。"), field="days")
    if not scopes or set(scopes) - set(among):
        raise Invalid(
            _("权限范围请从这些里选：%(scopes)s。") % {"scopes": listed(among)}, field="scopes"
        )
    if rows.filter(name=name, **owner).exists():
        raise Invalid(_("已有同名的令牌，请换个名称，或先吊销它。"), field="name")
    text = begin + secrets.token_urlsafe(32)
    row = rows.create(
        name=name, prefix=text[:SHOWN], key_hash=_hash(text), scopes=sorted(set(scopes)),
        made_at=at, expires_at=at + timedelta(days=days), **owner,
    )  # fmt: skip
    return row, text


def find(kind: type[T], begin: str, text: str, *, owner: str, at: datetime) -> T | None:
    """找令牌 of any kind, with its owner."""
    if not text.startswith(begin) or len(text) > LONGEST:
        return None
    rows: Any = kind._default_manager
    row: T | None = rows.select_related(owner).filter(key_hash=_hash(text)).first()
    if row is None or not row.is_good(at):
        return None
    if row.used_at is None or at - row.used_at >= USED_EVERY:
        rows.filter(pk=row.pk).update(used_at=at)
    return row


def revoke(token: Token, *, at: datetime) -> bool:
    """吊销: at once and for good; False when it was revoked before."""
    free = f"{token.name[:40]} #{token.pk}"
    living = type(token)._default_manager.filter(pk=token.pk, revoked_at=None)
    return living.update(revoked_at=at, name=free) == 1


def revoke_each(chosen: Iterable[Token], *, at: datetime) -> str:
    """逐个吊销: says how many it were."""
    count = sum(revoke(token, at=at) for token in chosen)
    said = ngettext("已吊销 %(count)s 个令牌。", "已吊销 %(count)s 个令牌。", count)
    return said % {"count": count}


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
