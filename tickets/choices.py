"""What forms offer: units, places and categories, read once per process and version."""

from operator import attrgetter

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common import known
from common.law import cache
from grids.models import Division, Level, Unit
from tickets import law
from tickets.models import Category

Group = tuple[str, list[tuple[str, str]]]
NAMED = frozenset({Level.SUBDISTRICT, Level.COMMUNITY})
by_code = attrgetter("code")


def units() -> list[Unit]:
    """在用单位: every active unit by code."""
    return sorted((row for row in known.rows(Unit).values() if row.is_active), key=by_code)


def unit_options() -> SafeString:
    """单位建议: what a list of suggestions holds; pages show it whole and alike."""
    return cache.get("units.options", _unit_options, stamp=Unit.STAMP)


def _unit_options() -> SafeString:
    line = '<option value="{} {}" data-keys="{}"></option>'
    return format_html_join("", line, ((row.code, row.name, row.pinyin) for row in units()))


def places() -> dict[str, Division]:
    """街道和社区: by code, without their outlines."""
    named = (row for row in known.rows(Division).values() if row.level in NAMED)
    return {row.code: row for row in sorted(named, key=by_code)}


def place(code: str) -> Division | None:
    """区划: any, by its code."""
    return next((row for row in known.rows(Division).values() if row.code == code), None)


def place_groups() -> list[Group]:
    """街道 → 社区, for a select: the street itself comes first."""
    found: dict[int, Group] = {}
    for row in places().values():
        if row.level == Level.SUBDISTRICT:
            found[row.pk] = (row.name, [(row.code, _("%(place)s全部") % {"place": row.name})])
        elif row.subdistrict_id in found:
            found[row.subdistrict_id][1].append((row.code, row.name))
    return list(found.values())


def category_groups(*, with_majors: bool = False) -> list[Group]:
    """大类 → 启用的小类, for a select by code."""
    rows = sorted(law.categories().values(), key=by_code)
    found: dict[int, Group] = {}
    for row in rows:
        if row.parent_id is None:
            whole = [(row.code, _("%(category)s全部") % {"category": row.name})]
            found[row.pk] = (row.name, whole if with_majors else [])
    for row in rows:
        if row.parent_id in found and (row.is_active or with_majors):
            found[row.parent_id][1].append((row.code, row.name))
    return [group for group in found.values() if group[1]]


def category(code: str) -> Category | None:
    """类别: by its code."""
    return next((row for row in law.categories().values() if row.code == code), None)


def category_ids(code: str) -> list[int]:
    """类别及其小类: ids, for a filter by a major or a minor one."""
    chosen = category(code)
    if chosen is None:
        return []
    return [row.pk for row in law.categories().values() if chosen.pk in (row.pk, row.parent_id)]
