"""导览: whose account shows what, one stop for each of the four promises and who watches them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from grids.demo import demo_accounts
from grids.models import Person
from tickets.demo import PASSWORD


@dataclass(frozen=True)
class Stop:
    """一站: an account, the page it begins on and what to try there, in order."""

    username: str
    page: str
    title: Any
    tries: Sequence[Any]


STOPS = (
    Stop("gw_003050001", "field", _("有报必接：网格员"), (
        _("点“上报问题”，拍照、定位、选类别，发送；没有信号也可以。"),
        _("打开“任务”，核查一张已办结的工单。"),
        _("打开“今日巡查”，到一处打卡，或发现问题连同打卡一起上报。"),
    )),
    Stop("desk_003_1", "desk", _("有接必处：受理员"), (
        _("受理一张新上报的工单，看它按规则派给谁、为什么。"),
        _("把同一处的几张工单并成一张，或直接答复一个咨询。"),
        _("批准承办单位拟的答复：有处必果，有果必复。"),
    )),
    Stop("cg_003_handler_1", "unit", _("有处必果：处置人员"), (
        _("在“承办”里从最急的一张开始：签收，上传处置后的照片，办结。"),
        _("来不及时申请延期，或请别的单位协办。"),
    )),
    Stop("cg_003_head", "unit", _("承办单位负责人"), (
        _("在“承办”里看谁手上有几张、几张超期，把工单指派给手下的人。"),
        _("会签本单位的申请；看挂账台账里哪些快要恢复。"),
    )),
    Stop("shift_003_1", "approvals", _("值班长"), (
        _("审批退单、延期和不予受理；看未处理的异常。"),
    )),
    Stop("leader_003", "figures", _("领导"), (
        _("看超期的工单在谁手里，督办其中一张，打印督办单。"),
        _("在“巡查情况”（/patrol/）里看近七天哪个网格去了、漏了哪些地方。"),
    )),
    Stop("admin", "admin:index", _("系统管理员"), (
        _("在“管理”里改一条时限或派单规则，看它在一秒之内生效。"),
    )),
)  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """一张卡片: the stop and who stands there."""

    stop: Stop
    name: str
    post: str


def shown() -> list[Shown]:
    """导览各站: those whose account is there."""
    known = {row["username"]: row for row in demo_accounts()}
    return [
        Shown(stop, known[stop.username]["name"], known[stop.username]["post"])
        for stop in STOPS
        if stop.username in known
    ]


def password_of_all() -> str:
    """演示密码: the well-known one while it opens the door; else whoever set another knows it."""
    first = Person.objects.filter(username=STOPS[0].username, is_demo=True).first()
    return PASSWORD if first is not None and first.check_password(PASSWORD) else ""
