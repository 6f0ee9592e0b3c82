"""What a verb needs → form fields. The one place where `Move.needs` becomes something to fill in.

A need is required when the action has no default for it; some needs are asked of some people or
about some tickets only, and are left out elsewhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Any

from django.conf import settings
from django.forms import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    Field,
    IntegerField,
    RadioSelect,
    Textarea,
    TypedChoiceField,
)
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import clock
from common.listing import listed
from grids.models import Unit
from tickets import dossier, law, standing
from tickets.actions._evidence import has_after
from tickets.actions.outcome import asks_after_photo
from tickets.forms import checklists
from tickets.forms.base import date_input, long_text
from tickets.forms.contact import contact_fields
from tickets.forms.fields import (
    AssistField,
    BuildingField,
    CategoryField,
    ColleagueField,
    PositionField,
    ReasonField,
    TicketField,
    UnitField,
    people_of,
)
from tickets.forms.files import FilesField
from tickets.forms.people import PersonField
from tickets.models import Assist, Ticket
from tickets.models.assist import AssistState
from tickets.standing import Reader
from tickets.states import Move, Who
from tickets.words import PHOTOS, FileKind, Nature, Urgency, WordsKind

Fields = dict[str, Field]
MAX_DAYS = 60
YEAR = timedelta(days=366)
STARS = (
    (5, _("非常满意")),
    (4, _("满意")),
    (3, _("基本满意")),
    (2, _("不满意")),
    (1, _("非常不满意")),
)
CONFIRM_RESULTS = (("EXISTS", _("情况存在")), ("NOT", _("情况不存在")), ("UNABLE", _("无法核实")))
ASSIST_RESULTS = (("DONE", _("已完成")), ("NOT_OURS", _("不是本单位职责")))
TEXT_LABELS = {
    "confirm": _("说明"), "object": _("遗漏了什么"), "unmerge": _("理由"),
    "split": _("另一件事的内容"), "withdraw": _("撤回原因"), "amend": _("更正原因"),
    "dispatch": _("给单位的话"), "redirect": _("转派理由"), "hand_over": _("交接说明"),
    "release": _("释放理由"), "note": _("备注内容"), "inform": _("补充内容"),
    "send_back": _("退单说明"), "answer_assist": _("协办情况"), "waive_assist": _("理由"),
    "extend": _("延期说明"), "suspend": _("挂账说明"), "resume": _("说明"),
    "rework": _("哪里不到位"), "reopen": _("重办要求"), "void": _("作废说明"),
    "urge": _("催办内容"), "answer_supervision": _("反馈内容"), "lift_supervision": _("销号意见"),
}  # fmt: skip
MIRROR: dict[str, Any] = {"show_hidden_initial": True}
"""Of fields that begin with what the ticket says: `VerbForm.renew` tells offered from typed."""
TEXT_REQUIRED = frozenset({"release"})
"""Verbs whose text may only be left out by the system."""


@dataclass
class Asked:
    """语境: which move is asked of whom about which ticket."""

    move: Move
    ticket: Ticket
    person: Reader
    at: datetime
    required: frozenset[str]

    @cached_property
    def standings(self) -> frozenset[Who]:
        """What the person is to the ticket."""
        return standing.of(self.person, self.ticket, at=self.at)

    def words(self, kind: WordsKind) -> str:
        """最近的文字: the latest words of that kind."""
        return dossier.latest(self.ticket, kind)


def fields_of(need: str, asked: Asked) -> Fields:
    """字段: what one need looks like on the form."""
    return NEEDS[need](asked, need in asked.required)


def _area(label: Any, required: bool, **more: Any) -> CharField:
    return CharField(label=label, required=required, widget=Textarea, **long_text(), **more)


def _yes_no(label: Any, yes: Any, no: Any) -> TypedChoiceField:
    return TypedChoiceField(
        label=label, choices=(("yes", yes), ("no", no)), widget=RadioSelect,
        coerce=lambda value: value == "yes",
    )  # fmt: skip


def _text(asked: Asked, required: bool) -> Fields:
    verb = asked.move.verb
    label = TEXT_LABELS.get(verb, _("说明"))
    return {"text": _area(label, required or verb in TEXT_REQUIRED)}


def _confirm_result(asked: Asked, required: bool) -> Fields:
    if not standing.is_confirmer(asked.standings, asked.ticket, asked.at):
        return {}  # the desk asks, it does not answer
    field = ChoiceField(label=_("核实结果"), choices=CONFIRM_RESULTS, widget=RadioSelect)
    return {"confirm_result": field}


def _category(asked: Asked, required: bool) -> Fields:
    def known() -> Any:
        return law.categories().get(asked.ticket.category_id or 0)

    field = CategoryField(label=_("类别"), required=True, initial=known, **MIRROR)
    return {"category": field}


def _about_unit(asked: Asked, required: bool) -> Fields:
    now = asked.ticket.about_unit
    hint = _("只在反映工作人员时填；这个单位将看不到这张工单。")
    return _about(asked, "about_unit", UnitField, label=_("被反映单位"), hint=hint, now=now)


def _about_person(asked: Asked, required: bool) -> Fields:
    now = asked.ticket.about_person
    field = partial(PersonField, at=asked.at)
    hint = _("可填姓名、单位或编号，从建议中选；这个人将看不到这张工单。")
    return _about(asked, "about_person", field, label=_("被反映人员"), hint=hint, now=now)


def _about(
    asked: Asked, name: str, field: Callable[..., Field], *, label: Any, hint: Any, now: Any
) -> Fields:
    if Who.DESK not in asked.standings:  # only the desk names whom a report is about
        return {}
    if asked.move.verb == "accept":
        offered = field(label=label, required=False, help_text=hint, initial=now, **MIRROR)
        return {name: offered}
    kept = gettext("现在是%(now)s，留空不变。") % {"now": now} if now else ""
    return {name: field(label=label, required=False, help_text=f"{hint}{kept}")}


def _answer(asked: Asked, required: bool) -> Fields:
    start = {"uphold": _("经复核，")}.get(asked.move.verb, "")
    hint = _("诉求人会看到这段话。写明查到了什么、做了什么、结果如何。")
    return {"answer": _area(_("答复内容"), required, initial=start, help_text=hint)}


def _final_answer(asked: Asked, required: bool) -> Fields:
    hint = _("诉求人会看到这段话。下面是承办单位的拟答复，可直接采用或修改；Ctrl+Enter 提交。")

    def start() -> str:
        return asked.words(WordsKind.PROPOSED)

    field = _area(_("答复内容"), required, initial=start, help_text=hint, **MIRROR)
    return {"final_answer": field}


def _override(asked: Asked, required: bool) -> Fields:
    if Who.SHIFT not in asked.standings:
        return {}
    hint = _("答复被认为没有实际内容时，值班长写明理由可以放行；平时留空。")
    return {
        "override": CharField(label=_("放行理由"), required=False, max_length=200, help_text=hint)
    }


def _proposed_answer(asked: Asked, required: bool) -> Fields:
    if not asked.ticket.must_answer:
        return {}
    hint = _("给诉求人的答复，由受理员审定后发出。")
    return {"proposed_answer": _area(_("拟答复"), required=True, help_text=hint)}


def _reason(asked: Asked, required: bool) -> Fields:
    return {"reason": ReasonField(asked.move.verb, label=_("理由"), required=required)}


def _result(asked: Asked, required: bool) -> Fields:
    return {"result": ReasonField("resolve", label=_("办理结果"), required=required)}


def _rate_reason(asked: Asked, required: bool) -> Fields:
    return {"rate_reason": ReasonField("rate", label=_("主要原因"), required=False)}


def _target(asked: Asked, required: bool) -> Fields:
    hint = {"merge": _("并入哪张未办结的工单。")}.get(asked.move.verb, _("与哪张工单有关。"))
    district = settings.HUBIN_DISTRICT[:6]
    field = TicketField(
        person=asked.person, at=asked.at, district=district, label=_("工单编号"), required=required,
        help_text=hint,
    )  # fmt: skip
    return {"target": field}


def _unit(asked: Asked, required: bool) -> Fields:
    former = asked.ticket.unit if asked.move.verb == "dispatch" else None
    hint: Any = _("输入代码、名称或拼音首字母。")
    if asked.move.verb in {"dispatch", "redirect"} and (units := _returned_by(asked.ticket)):
        told = gettext("%(units)s退回过这张工单，再派给它以前请先看退单理由。") % {"units": units}
        hint = format_html("<strong>{}</strong> {}", told, hint)
    return {"unit": UnitField(label=_("单位"), required=required, initial=former, help_text=hint)}


def _returned_by(ticket: Ticket) -> str:
    """退回过的单位: told, not barred; the desk may know better."""
    if not ticket.returns:
        return ""
    data = ticket.events.filter(verb="send_back").order_by("seq").values_list("data", flat=True)
    units = dict.fromkeys(row.get("was", {}).get("unit_id") for row in data)
    names = dict(Unit.objects.filter(pk__in=[pk for pk in units if pk]).values_list("pk", "name"))
    return listed(names[pk] for pk in units if pk in names)


def _handler(asked: Asked, required: bool) -> Fields:
    people, at = people_of(asked.ticket, asked.at), asked.at
    field = ColleagueField(label=_("处置人员"), queryset=people, empty_label="—", at=at)
    return {"handler": field}


def _assist(asked: Asked, required: bool) -> Fields:
    rows = Assist.objects.filter(ticket=asked.ticket, state=AssistState.OPEN)
    return {"assist": AssistField(label=_("协办单位"), queryset=rows)}


def _assist_result(asked: Asked, required: bool) -> Fields:
    return {
        "assist_result": ChoiceField(
            label=_("协办结果"), choices=ASSIST_RESULTS, widget=RadioSelect
        )
    }


def _days(asked: Asked, required: bool) -> Fields:
    said = {
        "min_value": _("延期请填 1 到 60 个工作日。"), "max_value": _("延期请填 1 到 60 个工作日。")
    }  # fmt: skip
    field = IntegerField(
        label=_("延期工作日"), min_value=1, max_value=MAX_DAYS, error_messages=said
    )
    return {"days": field}


def _date(name: str, label: Any) -> Callable[[Asked, bool], Fields]:
    def make(asked: Asked, required: bool) -> Fields:
        today = clock.local(asked.at).date()
        widget = date_input(min=today.isoformat(), max=(today + YEAR).isoformat())
        return {name: DateField(label=label, required=required, widget=widget)}

    return make


def _reached(asked: Asked, required: bool) -> Fields:
    return {"is_reached": _yes_no(_("是否联系上"), _("联系上"), _("没有联系上"))}


def _note(asked: Asked, required: bool) -> Fields:
    label = _("处置情况") if asked.move.verb == "resolve" else _("通话情况")
    hint = _("内部留存，诉求人看不到。")
    return {"note": _area(label, required, help_text=hint)}


def _stars(asked: Asked, required: bool) -> Fields:
    field = TypedChoiceField(label=_("满意度"), choices=STARS, coerce=int, widget=RadioSelect)
    return {"stars": field}


def _amend_place(asked: Asked, required: bool) -> Fields:
    return {
        "amend_place": CharField(label=_("新地址"), required=False, max_length=200),
        "amend_building": BuildingField(label=_("新楼栋"), required=False),
        "amend_position": PositionField(label=_("新坐标"), required=False),
    }


def _unchanged(now: Any) -> str:
    return gettext("不变（%(now)s）") % {"now": now or "—"}


def _amend_category(asked: Asked, required: bool) -> Fields:
    def now() -> str:
        return _unchanged(law.categories().get(asked.ticket.category_id or 0))

    return {"amend_category": CategoryField(label=_("类别"), required=False, empty=now)}


def _amend_urgency(asked: Asked, required: bool) -> Fields:
    offered = [("", _unchanged(asked.ticket.get_urgency_display())), *Urgency.choices]
    return {"amend_urgency": ChoiceField(label=_("紧急程度"), required=False, choices=offered)}


def _amend_nature(asked: Asked, required: bool) -> Fields:
    offered = [("", _unchanged(asked.ticket.get_nature_display())), *Nature.choices]
    return {"amend_nature": ChoiceField(label=_("诉求类型"), required=False, choices=offered)}


def _files(asked: Asked, required: bool) -> Fields:
    hint = _("照片、录音（60 秒内）、视频（15 秒内）或 PDF，可以一次选几个。")
    return {"files": FilesField(label=_("文件"), required=True, help_text=hint)}


def _photo_kind(asked: Asked, required: bool) -> Fields:
    offered = [(kind.value, kind.label) for kind in FileKind if kind in PHOTOS]
    return {"photo_kind": ChoiceField(label=_("照片是"), choices=offered, required=False)}


def _before_photos(asked: Asked, required: bool) -> Fields:
    field = FilesField(kind=FileKind.BEFORE, label=_("到场照片"), on_site=True)
    return {"before_photos": field}


def _after_photos(asked: Asked, required: bool) -> Fields:
    is_asked = asks_after_photo(asked.ticket) and not has_after(asked.ticket)
    field = FilesField(kind=FileKind.AFTER, label=_("处置后照片"), required=is_asked)
    return {"after_photos": field}


def _as(name: str, field: Callable[[bool], Field]) -> Callable[[Asked, bool], Fields]:
    return lambda asked, required: {name: field(required)}


def _follower(asked: Asked, required: bool) -> Fields:
    return contact_fields()


NEEDS: dict[str, Callable[[Asked, bool], Fields]] = {
    "text": _text,
    "confirm_result": _confirm_result,
    "category": _category,
    "follower": _follower,
    "about_unit": _about_unit,
    "about_person": _about_person,
    "answer": _answer,
    "final_answer": _final_answer,
    "override": _override,
    "reason": _reason,
    "result": _result,
    "target": _target,
    "unit": _unit,
    "handler": _handler,
    "assist": _assist,
    "assist_result": _assist_result,
    "days": _days,
    "resume_on": _date("resume_on", _("恢复日期")),
    "due_on": _date("due_on", _("反馈期限")),
    "is_reached": _reached,
    "note": _note,
    "checks": lambda asked, _r: checklists.fields(asked.move.verb, asked.ticket, asked.person),
    "proposed_answer": _proposed_answer,
    "stars": _stars,
    "is_solved": _as(
        "is_solved", lambda _required: _yes_no(_("问题是否解决"), _("已解决"), _("没有解决"))
    ),
    "rate_reason": _rate_reason,
    "comment": _as("comment", lambda required: _area(_("评价意见"), required)),
    "wants_call": _as("wants_call", lambda _r: BooleanField(label=_("请回电话"), required=False)),
    "note_optional": _as("note_optional", lambda required: _area(_("核查意见"), required)),
    "question": _as("question", lambda required: _area(_("要问的事"), required)),
    "demand": _as("demand", lambda required: _area(_("督办要求"), required)),
    "spoken_to": _as(
        "spoken_to",
        lambda required: CharField(label=_("与谁通话"), required=required, max_length=200),
    ),
    "position": _as("position", lambda _required: PositionField(label=_("到场位置"))),
    "files": _files,
    "photo_kind": _photo_kind,
    "before_photos": _before_photos,
    "after_photos": _after_photos,
    "amend_category": _amend_category,
    "amend_urgency": _amend_urgency,
    "amend_nature": _amend_nature,
    "amend_place": _amend_place,
}
