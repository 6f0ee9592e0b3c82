"""Which posts belong to which places."""

from django.utils.translation import gettext as _

from common.listing import listed
from grids.models import Level, PostKind

STREET_OR_DISTRICT = frozenset({Level.SUBDISTRICT, Level.DISTRICT})
LEVELS: dict[str, frozenset[Level]] = {
    PostKind.GRID_WORKER: frozenset({Level.GRID}),
    PostKind.COMMUNITY_LEAD: frozenset({Level.COMMUNITY}),
    PostKind.DESK: STREET_OR_DISTRICT,
    PostKind.SHIFT_LEADER: STREET_OR_DISTRICT,
    PostKind.LEADER: STREET_OR_DISTRICT,
    PostKind.INSPECTOR: STREET_OR_DISTRICT,
    PostKind.AUDITOR: STREET_OR_DISTRICT,
    PostKind.ADMIN: frozenset({Level.DISTRICT}),
}
OF_UNIT = frozenset({PostKind.UNIT_CLERK, PostKind.HANDLER, PostKind.UNIT_HEAD})


def misfit(kind: str, *, level: str | None, has_unit: bool) -> str:
    """岗位与范围不符: a sentence saying what that post needs, or nothing when it fits.

    `level` is that of the post's division; None without one.
    """
    if has_unit == (level is not None):
        return _("单位和区划请填且只填一个。")
    name = PostKind(kind).label
    if kind in OF_UNIT and not has_unit:
        return _("岗位“%(post)s”要填单位，不填区划。") % {"post": name}
    levels = LEVELS.get(kind)
    if levels is not None and level not in levels:
        known = listed(str(place.label) for place in Level if place in levels)
        return _("岗位“%(post)s”的区划应是%(levels)s。") % {"post": name, "levels": known}
    return ""
