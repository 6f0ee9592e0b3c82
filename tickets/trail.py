"""面包屑: whereto a page belongs. What stands in the navigation belongs to nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

TOP = frozenset({
    "queue", "desk", "report", "search", "approvals", "inbox", "figures", "incidents", "unit",
    "tour", "figures_wall",
})  # fmt: skip
PARENTS = {
    "ticket": "queue", "verb": "queue", "reveal": "queue", "ticket_deadlines": "ticket",
    "supervisions": "queue", "patrol": "queue", "standins": "profile", "preferences": "profile",
    "security": "profile", "profile": "queue", "search_phone": "search", "decide": "approvals",
}  # fmt: skip
NAMES: dict[str, Promise] = {
    "queue": _("我的待办"), "desk": _("受理台"), "search": _("查找"), "unit": _("承办"),
    "approvals": pgettext_lazy("plural", "审批"), "figures": _("数据"), "ticket": _("工单"),
    "profile": _("个人设置"), "security": _("安全设置"), "patrol": _("巡查"),
}  # fmt: skip
"""What a page that others belong to is called there."""
TICKETS = frozenset({"ticket", "verb", "reveal"})
"""Pages of one ticket: they belong to the list it was opened from, which the browser remembers."""


@dataclass(frozen=True)
class Crumb:
    """一级: `is_list` where the list that one came from may take its place."""

    text: str
    url: str
    is_list: bool = False


def trail(name: str, arguments: Mapping[str, Any]) -> list[Crumb]:
    """上级页面: from the outermost to the one above, none for what stands in the navigation."""
    found: list[Crumb] = []
    while name not in TOP:
        parent = parent_of(name)
        if not parent:
            break
        url = _address(parent, arguments)
        if url:
            text = str(arguments.get("number") if parent == "ticket" else NAMES[parent])
            found.insert(0, Crumb(text, url, is_list=name in TICKETS))
        name = parent
    return found


def parent_of(name: str) -> str:
    """上级: as the table says, else what the name begins with (`figures_late` → figures)."""
    known = PARENTS.get(name, "")
    while not known and (name := name.rpartition("_")[0]):
        known = name if name in NAMES else ""
    return known


def _address(name: str, arguments: Mapping[str, Any]) -> str:
    kept = {"number": arguments["number"]} if name == "ticket" else None
    try:
        return reverse(name, kwargs=kept)
    except NoReverseMatch:
        return ""
