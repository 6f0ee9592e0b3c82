"""What an event's codes and ids mean, in a few words each."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import clock
from common.listing import listed, sentences
from tickets import checklists, law, observing
from tickets.models import Event
from tickets.models.assist import AssistState
from tickets.words import Nature, Promise, Urgency

if TYPE_CHECKING:
    from tickets.timeline import Names

PUNCTUAL = timedelta(minutes=5)
"""A step that came within this of its time needs no word about it."""
CONFIRMED = {
    "ASKED": gettext_lazy("已请网格员核实"),
    "EXISTS": gettext_lazy("情况存在"),
    "NOT": gettext_lazy("情况不存在"),
    "UNABLE": gettext_lazy("无法核实"),
}
MATCHED = {
    "category": gettext_lazy("类别"),
    "division": gettext_lazy("区划"),
    "nature": gettext_lazy("诉求类型"),
    "source": gettext_lazy("来源"),
}
CHANGED = {
    "category_id": gettext_lazy("类别"),
    "urgency": gettext_lazy("紧急程度"),
    "nature": gettext_lazy("诉求类型"),
}
OTHERS = {
    "ticket": gettext_lazy("拆出工单"),
    "merged": gettext_lazy("并入了工单"),
    "unmerged": gettext_lazy("取消了并单"),
    "other": gettext_lazy("关联工单"),
    "from": gettext_lazy("拆自工单"),
}


def details(event: Event, names: "Names") -> list[str]:
    """说明: everything the event's data says, a short sentence each."""
    told = [*_changes(event, names), *_others(event, names)]
    for key, tell in FACTS.items():
        if key in event.data:
            told.append(tell(event, names))
    return [sentence for sentence in told if sentence]


def _changes(event: Event, names: "Names") -> Iterator[str]:
    changed, before = event.data.get("set", {}), event.data.get("was", {})
    if not event.from_state:
        return
    if changed.get("unit_id"):
        yield _("承办单位：%(unit)s") % {"unit": names.units.get(changed["unit_id"], "—")}
    if changed.get("handler_id"):
        yield _("处置人员：%(name)s") % {"name": names.people.get(changed["handler_id"], "—")}
    if names.tells_concerned and changed.get("about_person_id"):
        name = names.people.get(changed["about_person_id"], "—")
        yield _("被反映人员：%(name)s") % {"name": name}
    if names.tells_concerned and changed.get("about_unit_id"):
        yield _("被反映单位：%(unit)s") % {"unit": names.units.get(changed["about_unit_id"], "—")}
    for name, label in CHANGED.items():
        if name in changed and event.seq > 1:
            was, now = _value(name, before.get(name)), _value(name, changed[name])
            yield _("%(label)s：%(was)s → %(now)s") % {"label": label, "was": was, "now": now}
    if "division_id" in changed:
        yield _("地点已更正")
    if changed.get("merged_into_id"):
        number = names.tickets.get(changed["merged_into_id"], _("另一张工单"))
        yield _("并入 %(number)s") % {"number": number}


def _value(name: str, value: Any) -> str:
    if value is None or value == "":
        return "—"
    if name == "category_id":
        return str(law.categories().get(value, "—"))
    return str({"urgency": Urgency, "nature": Nature}[name](value).label)


def _others(event: Event, names: "Names") -> Iterator[str]:
    for key, label in OTHERS.items():
        if key in event.data:
            yield f"{label} {names.tickets.get(event.data[key], _('（您无权查看）'))}"


def _reason(event: Event, names: "Names") -> str:
    verb = event.data.get("kind", event.verb)
    return _("理由：%(text)s") % {"text": law.reason_text(verb, event.data["reason"])}


def _result(event: Event, names: "Names") -> str:
    code = event.data["result"]
    if event.verb in ("answer_assist", "waive_assist"):
        return str(AssistState(code).label)
    return _("结果：%(text)s") % {"text": law.reason_text("resolve", code)}


def _because(event: Event, names: "Names") -> str:
    because = event.data["because"]
    if because.get("by_hand"):
        return _("人工派单")
    parts = list(_rules(because, names))
    if because.get("last_resort"):
        parts.append(_("由属地兜底"))
    return sentences(parts)


def _rules(because: dict[str, Any], names: "Names") -> Iterator[str]:
    if because.get("concerned") and not names.tells_concerned:
        return  # the rule would name whom the report is about
    if because.get("rule") is None:
        yield _("没有适用的规则")
        return
    yield _("按规则派单“%(rule)s”") % {"rule": _rule(because["rule"], names)}
    matched = listed(str(MATCHED.get(name, name)) for name in because.get("matched", ()))
    yield _("依据%(matched)s") % {"matched": matched or _("通用规则")}
    if because.get("second"):
        yield _("其次是“%(rule)s”") % {"rule": _rule(because["second"], names)}
    if because.get("concerned"):
        yield _("这条规则所指的是被反映的单位，已经避开")
    elif because.get("last_resort"):
        yield _("这条规则在当地没有可用的单位")


def _rule(pk: int, names: "Names") -> str:
    return names.rules.get(pk) or _("已删除的规则 %(pk)s") % {"pk": pk}


def _stars(event: Event, names: "Names") -> str:
    stars, solved = event.data["stars"], event.data.get("solved")
    words = _("已解决") if solved else _("没有解决")
    return _("%(stars)s 星，%(solved)s") % {"stars": stars, "solved": words}


def _unit(event: Event, names: "Names") -> str:
    return _("协办单位：%(unit)s") % {"unit": names.units.get(event.data["unit"], "—")}


def _resume_at(event: Event, names: "Names") -> str:
    day = clock.local(datetime.fromisoformat(event.data["resume_at"]))
    return _("恢复日期：%(day)s") % {"day": day.strftime("%Y-%m-%d")}


def _supervision(event: Event, names: "Names") -> str:
    if event.verb == "supervise":
        due_at = clock.local(datetime.fromisoformat(event.data["until"]))
        return _("反馈期限：%(due)s") % {"due": due_at.strftime("%Y-%m-%d %H:%M")}
    return _("督办到期仍未反馈") if event.verb == "remind" else ""


def _step(event: Event, names: "Names") -> str:
    """时限的一步: which limit, how it stood, and when it should have been where it came late."""
    if "step_due" not in event.data:
        return ""
    name = Promise(event.data["promise"]).label
    if event.data.get("legal"):
        told = _("%(promise)s时限：已超过法定期限")
    elif event.data.get("overdue"):
        told = _("%(promise)s时限：已超期")
    else:
        told = _("%(promise)s时限：将到期")
    due_at = datetime.fromisoformat(event.data["step_due"])
    if event.at - due_at < PUNCTUAL:
        return told % {"promise": name}
    due = clock.local(due_at).strftime("%m-%d %H:%M")
    return _("%(told)s（应于 %(due)s）") % {"told": told % {"promise": name}, "due": due}


def _observed(event: Event, names: "Names") -> str:
    moment = clock.local(datetime.fromisoformat(event.data[observing.FIELD]))
    at = moment.strftime("%m-%d %H:%M")
    return _("现场时间 %(at)s（手机记录，未核实）") % {"at": at}


FACTS: dict[str, Callable[[Event, "Names"], str]] = {
    "reason": _reason,
    "result": _result,
    "because": _because,
    "unit": _unit,
    "stars": _stars,
    "call": lambda event, names: _("请回电话") if event.data["call"] else "",
    "days": lambda event, names: _("%(days)s 个工作日") % {"days": event.data["days"]},
    "resume_at": _resume_at,
    "supervision": _supervision,
    "promise": _step,
    "overdue": lambda event, names: _("超期反馈") if event.verb == "answer_supervision" else "",
    "reached": lambda event, names: _("已联系上") if event.data["reached"] else _("没有联系上"),
    "confirmation": lambda event, names: str(CONFIRMED.get(event.data["confirmation"], "")),
    "hollow_override": lambda event, names: _("值班长放行"),
    "lapsed": lambda event, names: _("询问没有答复，已过期；办理照常进行"),
    "rises": lambda event, names: _("核查时限过半，受理员也可以核查"),
    "checks": lambda event, names: sentences(checklists.told(event.data["checks"])),
    observing.FIELD: _observed,
    "sampled": lambda event, names: _("抽中核查") if event.data["sampled"] else "",
}
