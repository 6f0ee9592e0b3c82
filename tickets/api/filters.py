"""Filters of the lists: those of the pages, and what programs ask for besides."""

from datetime import date, datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.forms import CharField, ChoiceField, DateField, Field, IntegerField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.request import Request

from common.api import Unfit, errors_of
from common.openapi import Query, Schema
from grids.models import Person
from tickets import boards, choices
from tickets import search as searching
from tickets.api.needs import choices_of, kind_of
from tickets.forms.base import ChainForm
from tickets.forms.filters import FilterForm, in_reason
from tickets.models import Client, ExternalRef, Ticket, ways
from tickets.standing import Reader
from tickets.walks import Walk

F = TypeVar("F", bound=ChainForm)
MOST = 100
FLAGS = [("", ""), ("true", "true"), ("false", "false")]
LISTS = [("", ""), (boards.OPEN, gettext_lazy("未结束")), (boards.ENDED, gettext_lazy("已结束"))]


class PageFilter(ChainForm):
    """翻页: how many rows, and from where."""

    limit = IntegerField(
        label=gettext_lazy("行数"), required=False, min_value=1, max_value=MOST,
        help_text=gettext_lazy("一页多少行，默认 25，最多 100。"),
        error_messages=dict.fromkeys(
            ("min_value", "max_value"), gettext_lazy("一页请要 1 到 100 行。")
        ),
    )  # fmt: skip
    after = CharField(
        label=gettext_lazy("位置"), required=False, max_length=60,
        help_text=gettext_lazy("下一页的位置，取自 next。"),
    )  # fmt: skip
    before = CharField(
        label=gettext_lazy("位置"), required=False, max_length=60,
        help_text=gettext_lazy("上一页的位置，取自 previous。"),
    )  # fmt: skip

    def paging(self) -> dict[str, Any]:
        """What `boards.page` takes."""
        given = self.cleaned_data
        return {
            "after": given["after"], "before": given["before"],
            "size": given["limit"] or boards.PAGE,
        }  # fmt: skip


class TurnFilter(PageFilter, FilterForm):
    """待办筛选: all optional, all of them must hold."""

    mine = ChoiceField(
        label=gettext_lazy("与我有关"), required=False, choices=FLAGS,
        help_text=gettext_lazy("我提出的、我上报的、我处置或处置过的。"),
    )  # fmt: skip
    text = CharField(
        label=gettext_lazy("文字"), required=False, max_length=200,
        help_text=gettext_lazy("查找诉求、补充、答复、地址和编号；按相关程度排列，只能往后翻。"),
    )  # fmt: skip
    order = boards.BY_DUE
    is_capped = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Programs may also filter by a grid; a page offers streets and communities."""
        super().__init__(*args, **kwargs)
        chosen = choices.place(self.data.get("division", ""))
        field = self.fields["division"]
        assert isinstance(field, ChoiceField)
        if chosen is not None:
            field.choices = [(chosen.code, chosen.name)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("text") and cleaned.get("before"):
            self.add_error("before", _("按文字查找时只能往后翻，请用 after。"))
        after = cleaned.get("after", "")
        if cleaned.get("text") and after and not (after.isascii() and after.isdecimal()):
            self.add_error("after", _("翻页的位置读不出来，请从第一页重新翻。"))
        return cleaned

    def rows(self, person: Reader, at: datetime) -> boards.Listed:
        """工单: those this person may see and asked for."""
        assert isinstance(person, Person)
        rows = self.listed(person, at)
        mine = self.cleaned_data["mine"]
        if mine:
            related = ways.related(person)
            rows = rows.filter(related) if mine == "true" else rows.exclude(related)
        rows = boards.filtered(rows, self.cleaned_data, at)
        rows, self.is_capped = searching.within(rows, person, self.question, at=at)
        return rows

    def listed(self, person: Person, at: datetime) -> Walk:
        """哪个列表."""
        return boards.tickets_of(person, boards.MINE, at)


class TicketFilter(TurnFilter):
    """工单筛选: of all that this person may see."""

    status = ChoiceField(
        label=gettext_lazy("列表"), required=False, choices=LISTS,
        help_text=gettext_lazy("未结束（按到期排列，默认）或已结束（按结束时间倒排）。"),
    )  # fmt: skip
    external = CharField(
        label=gettext_lazy("外部编号"), required=False, max_length=64,
        help_text=gettext_lazy("另一个系统里的编号，如 12345 热线的。"),
    )  # fmt: skip
    my_turn = ChoiceField(label=gettext_lazy("轮到我"), required=False, choices=FLAGS)
    ended_since = DateField(label=gettext_lazy("结束自"), required=False)
    ended_until = DateField(label=gettext_lazy("结束至"), required=False)

    def clean_ended_since(self) -> date | None:
        return in_reason(self.cleaned_data["ended_since"])

    def clean_ended_until(self) -> date | None:
        return in_reason(self.cleaned_data["ended_until"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        is_ended = cleaned.get("status") == boards.ENDED
        if cleaned.get("my_turn") == "true" and is_ended:
            self.add_error("my_turn", _("已结束的工单不再轮到谁，请去掉其中一个条件。"))
        if (cleaned.get("ended_since") or cleaned.get("ended_until")) and not is_ended:
            self.add_error("status", _("按结束日期筛选时，请加上 status=ended。"))
        if is_ended:
            self.order = boards.BY_END
        return cleaned

    def listed(self, person: Person, at: datetime) -> Walk:
        """哪个列表."""
        wanted = self.cleaned_data
        if wanted["my_turn"] == "true":
            return with_number(super().listed(person, at), wanted["external"])
        rows = boards.tickets_of(person, wanted["status"] or boards.OPEN, at)
        rows = with_number(rows, wanted["external"])
        if wanted["my_turn"] == "false":
            turns = Ticket.objects.my_turn(person, at)
            rows = rows.exclude(pk__in=turns.values("pk"))
        return rows


class ClientFilter(TicketFilter):
    """工单筛选: of what another system handed in."""

    mine = my_turn = text = None  # type: ignore[assignment]

    def clean_q(self) -> str:
        text = str(self.cleaned_data["q"])
        if text and not boards.PIECE.fullmatch(text):
            raise ValidationError(_("编号只有数字和短横，填其中一段即可。"))
        return text

    def rows(self, person: Reader, at: datetime) -> boards.Listed:
        """工单: those it handed in itself."""
        assert isinstance(person, Client)
        wanted = self.cleaned_data
        is_ended = wanted["status"] == boards.ENDED
        rows = Ticket.objects.visible_to(person, at).handed_in_by(person)
        rows = rows.filter(ended_at__isnull=not is_ended)
        return boards.filtered(with_number(rows, wanted["external"], person), wanted, at)


def with_number(
    rows: boards.Rows, theirs: str, client: Client | None = None, *, kind: str = ""
) -> boards.Rows:
    """外部编号: those that another system knows by this number; empty means any."""
    if not theirs:
        return rows
    refs = ExternalRef.objects.filter(theirs=theirs)
    refs = refs.filter(client=client) if client is not None else refs
    refs = refs.filter(kind=kind) if kind else refs
    return rows.filter(pk__in=refs.values("ticket"))


class AssistFilter(PageFilter):
    """协办筛选."""

    status = ChoiceField(label=gettext_lazy("列表"), required=False, choices=LISTS)
    mine = ChoiceField(
        label=gettext_lazy("本单位"), required=False, choices=FLAGS,
        help_text=gettext_lazy("请我所在单位协办的。"),
    )  # fmt: skip


class ApprovalFilter(PageFilter):
    """审批筛选."""

    role = ChoiceField(
        label=gettext_lazy("我的角色"), required=False,
        choices=[
            ("", ""), ("decider", gettext_lazy("待我审批")), ("asker", gettext_lazy("我提出的")),
        ],
    )  # fmt: skip


class EventFilter(ChainForm):
    """记录筛选."""

    after = IntegerField(
        label=gettext_lazy("序号"), required=False, min_value=0, max_value=2**31 - 1,
        help_text=gettext_lazy("只要这个序号以后的记录。"),
    )  # fmt: skip


class IncidentFilter(PageFilter):
    """异常筛选."""

    status = ChoiceField(label=gettext_lazy("列表"), required=False, choices=LISTS)


def read(shape: type[F], request: Request) -> F:
    """读取: the filters of the address; what is unknown or wrong is refused, field by field."""
    return fit(shape(request.query_params), request)


def fit(form: F, request: Request) -> F:
    """须合要求: a form made of the address already."""
    errors = {} if form.is_valid() else errors_of(form)
    for name in set(request.query_params) - set(form.fields):
        known = {"name": name, "known": "、".join(form.fields)}
        errors[name] = [_("没有筛选条件“%(name)s”，可用：%(known)s。") % known]
    if errors:
        raise Unfit(errors, _("筛选条件不对，请改正后再查。"))
    return form


def queries(shape: type[ChainForm]) -> tuple[Query, ...]:
    """查询参数, for the schema."""
    return tuple(Query(name, _About(one), _schema(one)) for name, one in shape.base_fields.items())


class _About:
    """Label and help of a field, in the language of whoever reads the schema."""

    def __init__(self, field: Field) -> None:
        self._field = field

    def __str__(self) -> str:
        return " ".join(str(one) for one in (self._field.label, self._field.help_text) if one)


def _schema(field: Field) -> Schema:
    match kind_of(field):
        case "integer":
            assert isinstance(field, IntegerField)
            return {"type": "integer", "minimum": field.min_value, "maximum": field.max_value}
        case "date":
            return {"type": "string", "format": "date"}
        case "choice":
            assert isinstance(field, ChoiceField)
            listed = [key for key, _label in choices_of(field)]
            return {"type": "string", "enum": listed} if listed else {"type": "string"}
        case _:
            most = getattr(field, "max_length", None)
            return {"type": "string"} | ({"maxLength": most} if most else {})
