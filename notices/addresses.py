"""去处的网址: refused before it is kept where nothing could ever be sent to it; asks no network."""

from ipaddress import ip_address

from django.conf import settings
from django.utils.translation import gettext as _

from common import outgoing
from common.outgoing import Target, Unreachable


def refusal(url: str) -> str:
    """毛病: a sentence; empty where the guarded client may go there."""
    try:
        target = outgoing.split(url)
    except Unreachable:
        return _("这不是完整的网址，请填 https:// 开头的地址，不带用户名、空格和中文。")
    is_named = target.host in {entry.lower().rstrip(".") for entry in settings.HUBIN_EGRESS_ALLOW}
    if _is_inside(target) and not is_named:
        return _("这是内网地址，请先把它写进 HUBIN_EGRESS_ALLOW。")
    if target.scheme != "https" and not (is_named or _is_allowed(target)):
        return _("外网地址须用 https；http 只用于写进 HUBIN_EGRESS_ALLOW 的内网主机。")
    return ""


def shown(url: str) -> str:
    """主机: all that is shown of an address, whose rest may be a key."""
    try:
        target = outgoing.split(url)
    except Unreachable:
        return "—"
    return f"{target.scheme}://{target.shown}/…"


def _is_inside(target: Target) -> bool:
    try:
        ip_address(target.host)
    except ValueError:
        return "." not in target.host or target.host.endswith((".local", ".internal"))
    return not (outgoing.is_public(target.host) or _is_allowed(target))


def _is_allowed(target: Target) -> bool:
    try:
        return outgoing.is_allowed(target.host, target.host)
    except ValueError:
        return False
