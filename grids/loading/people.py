"""people.csv and posts.csv: who, and what they are."""

import re
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from grids.loading.sheets import Row, Sheet, unique
from grids.loading.upsert import BATCH, Tally, upsert
from grids.models import Division, Person, Post, PostKind, Unit
from grids.people import misfit
from grids.pinyin import sound

SHEET = Sheet("people.csv", ("username", "name", "email"), ("active",))
POSTS = Sheet(
    "posts.csv", ("username", "kind", "unit", "division"), ("active", "valid_from", "valid_to")
)
USERNAME = re.compile(r"[A-Za-z0-9_]{1,60}")
PostKey = tuple[str, str, str, str]


def keyed(rows: list[Row]) -> dict[str, Row]:
    return unique(rows, "username")


def usernames(rows: dict[str, Row]) -> set[str]:
    """Of the table and the file."""
    return set(Person.objects.values_list("username", flat=True)) | set(rows)


def check(rows: dict[str, Row]) -> dict[str, dict[str, Any]]:
    return {username: _values(username, row) for username, row in rows.items()}


def _values(username: str, row: Row) -> dict[str, Any]:
    if not USERNAME.fullmatch(username):
        row.wrong("username", _("只能用字母、数字和下划线，最多 60 个。"))
    email = row.text("email", 254, blank=True)
    try:
        validate_email(email or "nobody@hubin.example")
    except ValidationError:
        row.wrong("email", _("“%(value)s”不是邮箱地址。") % {"value": email})
    name = row.text("name", 40)
    values: dict[str, Any] = {"name": name, "pinyin": sound(name, 120), "email": email}
    return values | ({"is_active": row.flag("active")} if row.has("active") else {})


def check_posts(
    rows: list[Row], people: set[str], units: dict[str, str], levels: dict[str, str]
) -> dict[PostKey, dict[str, Any]]:
    found: dict[PostKey, dict[str, Any]] = {}
    for row in rows:
        cells = row.cells
        key = (cells["username"], cells["kind"], cells["unit"], cells["division"])
        if key in found:
            row.wrong("", _("同一个岗位出现了两次，请删去其一。"))
        found[key] = _post_values(row, people, units, levels)
    return found


def _post_values(
    row: Row, people: set[str], units: dict[str, str], levels: dict[str, str]
) -> dict[str, Any]:
    unit, division = row.cells["unit"], row.cells["division"]
    kind = row.choice("kind", PostKind)
    if row.cells["username"] not in people:
        row.wrong("username", _("没有这个登录名的人员，请先在 people.csv 加上。"))
    if unit and unit not in units:
        row.wrong("unit", _("没有代码为“%(code)s”的单位，请改正或先加上它。") % {"code": unit})
    elif division and division not in levels:
        row.wrong(
            "division", _("没有代码为“%(code)s”的区划，请改正或先加上它。") % {"code": division}
        )
    elif kind in PostKind.values:
        level = levels[division] if division else None
        complaint = misfit(kind, level=level, has_unit=bool(unit))
        if complaint:
            row.wrong("division" if division else "unit", complaint)
    begins, ends = row.period()
    values: dict[str, Any] = {"is_active": row.flag("active")} if row.has("active") else {}
    values |= {"valid_from": begins} if row.has("valid_from") else {}
    return values | ({"valid_to": ends} if row.has("valid_to") else {})


def write(values: dict[str, dict[str, Any]]) -> Tally:
    """New people get an unusable password: an administrator hands them their first link."""
    tally = Tally(_("人员"))
    new = set(values) - set(
        Person.objects.filter(username__in=values).values_list("username", flat=True)
    )
    Person.objects.bulk_create(
        [
            Person(username=username, password=make_password(None), **row)
            for username, row in values.items()
            if username in new
        ],
        batch_size=BATCH,
    )
    tally.created |= new
    upsert(Person, "username", values, tally)
    return tally


def write_posts(values: dict[PostKey, dict[str, Any]]) -> Tally:
    tally = Tally(_("岗位"))
    people = dict(
        Person.objects.filter(username__in={key[0] for key in values}).values_list("username", "pk")
    )
    units = dict(Unit.objects.values_list("code", "pk"))
    divisions = dict(Division.objects.values_list("code", "pk"))
    wanted = {
        (people[username], kind, units.get(unit), divisions.get(division)): row
        for (username, kind, unit, division), row in values.items()
    }
    _upsert_posts(wanted, tally)
    return tally


def _upsert_posts(wanted: dict[Any, dict[str, Any]], tally: Tally) -> None:
    known = {
        (post.person_id, post.kind, post.unit_id, post.division_id): post
        for post in Post.objects.filter(person__in={key[0] for key in wanted})
    }
    fields = ("person_id", "kind", "unit_id", "division_id")
    new = {
        key: Post(**dict(zip(fields, key, strict=True)), **row)
        for key, row in wanted.items()
        if key not in known
    }
    changed = {
        key: known[key]
        for key, row in wanted.items()
        if key in known and any(getattr(known[key], name) != row[name] for name in row)
    }
    for key, post in changed.items():
        for name, value in wanted[key].items():
            setattr(post, name, value)
    Post.objects.bulk_create(list(new.values()), batch_size=BATCH)
    if changed:
        names = sorted({name for key in changed for name in wanted[key]})
        Post.objects.bulk_update(list(changed.values()), names, batch_size=BATCH)
    tally.created |= set(new)
    tally.changed |= set(changed)
    tally.seen |= set(wanted)
