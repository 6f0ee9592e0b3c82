"""身份关联: whom a provider's subject is here. Nobody is made anew, nobody found by name twice."""

import logging
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common.errors import NotYours
from grids.login.factors import note
from grids.login.office import is_office
from grids.login.oidc import Claims, Provider, is_name
from grids.models import AccessEventKind, Identity, Person

log = logging.getLogger(__name__)


def person_of(claims: Claims, known: Provider, *, at: datetime) -> Person:
    """认人: an active member of staff whom this subject is linked to; else `NotYours`.

    The first time a claim may say who it is, if the settings name one; from then on only the
    subject counts, which a provider never gives to another.
    """
    row = Identity.objects.select_related("person").filter(
        issuer=known.issuer, subject=claims["sub"]
    )
    found = row.first()
    person = found.person if found else _first_time(claims, known, at)
    if person is None or not person.is_active or not is_office(person, at=at):
        log.warning("oidc: nobody here is subject %s", claims["sub"][:12])
        raise NotYours(
            _("您的%(provider)s账号在本系统没有对应的工作人员，请联系系统管理员关联。")
            % {"provider": known.name}
        )
    return person


def link(person: Person, *, issuer: str, subject: str, by: str, at: datetime) -> Identity:
    """关联: noted. Raises IntegrityError where either is linked already."""
    with transaction.atomic():
        row = Identity.objects.create(person=person, issuer=issuer, subject=subject, linked_at=at)
        note(person, AccessEventKind.LINKED, by=by, at=at)
    return row


def _first_time(claims: Claims, known: Provider, at: datetime) -> Person | None:
    value = claims.get(known.claim) if known.claim else None
    if not is_name(value):
        return None
    person = Person.objects.filter(username=value, is_active=True).first()
    if person is None or not is_office(person, at=at):
        return None
    try:
        link(person, issuer=known.issuer, subject=claims["sub"], by=known.name[:80], at=at)
    except IntegrityError:
        return None  # this person is another subject already
    return person
