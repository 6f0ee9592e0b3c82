"""手机验证码登录: for residents, later hosts and couriers; who has the telephone has the account.

The answer is the same whether a number is known here or not. Limits are rows in PostgreSQL,
counted before anything is looked at.
"""

import re
import secrets
from datetime import datetime, timedelta
from hmac import compare_digest
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from common.attempts import Allowance
from common.errors import Gone, Invalid, NotYours
from common.secrets import lookup_hash
from common.secrets import phone as plain_phone
from grids.login import factors, tries
from grids.login.office import was_office
from grids.models import Person, PhoneCode, PhoneNumber

NAME = "居民"  # kept as it is, whatever the language of the page
MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
CODE = re.compile(r"\d{6}", re.ASCII)
VALID = timedelta(minutes=5)
MOST_TRIES = 5
KEPT = timedelta(days=1)
BY_ADDRESS = Allowance("phone_address", limit=20, window=timedelta(hours=1))
A_MINUTE = Allowance("phone_minute", limit=1, window=timedelta(minutes=1))
A_DAY = Allowance("phone_day", limit=5, window=timedelta(days=1))
WRONG = Allowance("phone_wrong", limit=20, window=timedelta(hours=1))


def ask(number: str, *, address: str, at: datetime) -> PhoneCode:
    """索取验证码: a row that waits to be sent. Raises Invalid, TooMany."""
    plain = plain_phone(number)
    if not MOBILE.fullmatch(plain):
        raise Invalid(_("请填写 11 位手机号码，如 13900001234。"), field="phone")
    tries.count(BY_ADDRESS, address, at=at)
    tries.count(A_MINUTE, plain, at=at)
    tries.count(A_DAY, plain, at=at)
    code = f"{secrets.randbelow(10**6):06}"
    number_hash = lookup_hash(plain)
    return PhoneCode.objects.create(
        number_hash=number_hash, number=plain, code_hash=_hash(number_hash, code), code=code,
        asked_at=at, expires_at=at + VALID,
    )  # fmt: skip


def check(pk: int, code: str, *, address: str, at: datetime) -> Person:
    """核对: whose number it is; a resident's account is made the first time.

    A try is counted before the code is looked at, so that guesses side by side are counted,
    too. Raises Invalid, Gone, TooMany, NotYours.
    """
    tries.require_left(WRONG, address, at=at)
    living = PhoneCode.objects.filter(pk=pk, used_at=None, expires_at__gt=at)
    if not living.filter(tries__lt=MOST_TRIES).update(tries=F("tries") + 1):
        raise Gone(_("验证码已失效或试错太多，请重新获取。"))
    row = PhoneCode.objects.get(pk=pk)
    given = factors.plain(code)
    if not (CODE.fullmatch(given) and compare_digest(_hash(row.number_hash, given), row.code_hash)):
        tries.count(WRONG, address, at=at)
        raise Invalid(_("验证码不对，请核对最近一条短信。"), field="code")
    number = row.number or ""
    if not living.update(used_at=at, number=None, code=None):
        raise Gone(_("验证码已失效或试错太多，请重新获取。"))
    return _person(number, at)


def forget(*, at: datetime) -> int:
    """清理: codes of yesterday, with the numbers that asked for them."""
    return PhoneCode.objects.filter(asked_at__lt=at - KEPT).delete()[0]


def _person(number: str, at: datetime) -> Person:
    person = _known(number) or _made(number, at)
    if was_office(person):
        raise NotYours(_("这个号码属于工作人员，请用登录名和密码登录。"))
    if not person.is_active:
        raise NotYours(_("这个账号已停用，请到街道或社区咨询。"))
    return person


def _known(number: str) -> Person | None:
    rows = PhoneNumber.objects.select_related("person")
    found = rows.filter(number_hash=lookup_hash(number)).first()
    return found.person if found else None


def _made(number: str, at: datetime) -> Person:
    """A resident's account: a name that says nothing, no password, no post."""
    try:
        with transaction.atomic():
            person = Person(username=f"r{uuid4().hex}", name=NAME, date_joined=at)
            person.set_unusable_password()
            person.save()
            PhoneNumber.objects.create(
                person=person, number=number, number_hash=lookup_hash(number), confirmed_at=at
            )
    except IntegrityError:
        return PhoneNumber.objects.get(number_hash=lookup_hash(number)).person
    return person


def _hash(number_hash: str, code: str) -> str:
    return lookup_hash(f"{number_hash}:{code}")
