"""Forms of a new report: what the grid worker saw, what a caller says, what I say myself."""

from datetime import datetime
from typing import Any

from django.forms import (
    BooleanField,
    BoundField,
    CharField,
    ChoiceField,
    FloatField,
    HiddenInput,
    RadioSelect,
    Textarea,
)
from django.utils.translation import gettext_lazy as _

from common.texts import visible
from grids.models import Person, PostKind
from tickets import standing
from tickets.actions._born import NOWHERE, Place
from tickets.actions.intake import FOUND
from tickets.attachments import Prepared
from tickets.checklists import PREFIX, lines_of
from tickets.forms import checklists
from tickets.forms.base import ChainForm, long_text
from tickets.forms.contact import (
    KeyField,
    NameField,
    PhoneField,
    anonymous_field,
    check_contact,
)
from tickets.forms.fields import BuildingField, CategoryField
from tickets.forms.files import FilesField
from tickets.models import Client, Reporter
from tickets.words import FileKind, Nature, Origin, Source, Urgency

GRID_POSTS = frozenset({PostKind.GRID_WORKER, PostKind.COMMUNITY_LEAD})
DESK_POSTS = frozenset({PostKind.DESK, PostKind.SHIFT_LEADER})
POINT = ("lat", "lng")
PLACE = (*POINT, "address", "building")
BY_CATEGORY = [("", _("按类别默认")), *Urgency.choices]


class ReportForm(ChainForm):
    """上报: what, where, how urgent. Subclasses say on whose behalf and through which channel."""

    title: Any = _("新上报")
    about: Any = _("发现的情况")
    origin: str = Origin.PATROL
    source_of: str = Source.PAGE
    is_on_behalf = False

    text = CharField(label=_("情况说明"), widget=Textarea(attrs={"rows": 5}), **long_text())
    category = CategoryField(label=_("类别"), required=False)
    nature = ChoiceField(
        label=_("诉求类型"), choices=Nature.choices, initial=FOUND, widget=RadioSelect
    )
    urgency = ChoiceField(label=_("紧急程度"), choices=BY_CATEGORY, required=False)
    address = CharField(label=_("地址"), required=False, max_length=200)
    building = BuildingField(label=_("楼栋"), required=False)
    lat = FloatField(
        label=_("纬度"), required=False, min_value=-90, max_value=90, widget=HiddenInput
    )
    lng = FloatField(
        label=_("经度"), required=False, min_value=-180, max_value=180, widget=HiddenInput
    )
    near_photos = FilesField(
        label=_("照片"), kind=FileKind.NEAR, required=False, help_text=_("可以一次选几张。")
    )
    key = KeyField()

    who: tuple[str, ...] = ()
    """Fields about the reporter, in the order one asks for them."""
    photos: tuple[str, ...] = ("near_photos",)
    """Fields with files."""
    places: tuple[str, ...] = PLACE
    """Fields of which one at least says where."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        is_bare = not cleaned.get("category") and "category" not in self.errors
        if cleaned.get("urgency") == Urgency.URGENT and is_bare:
            self.add_error("category", _("选“紧急”的，请同时选择类别，系统才能马上派单。"))
        if not any(visible(self.data.get(name, "")) for name in self.places):
            self.add_error("address", str(NOWHERE))
        self._check_point(cleaned)
        return cleaned

    def _check_point(self, cleaned: dict[str, Any]) -> None:
        lacking = [name for name in POINT if cleaned.get(name) is None]
        if len(lacking) != 1 or set(POINT) & set(self.errors):
            return
        said = _("坐标要同时有纬度和经度，请补上“%(label)s”。")
        self.add_error(lacking[0], said % {"label": self.fields[lacking[0]].label})

    def who_fields(self) -> list[BoundField]:
        """诉求人字段."""
        return [self[name] for name in self.who]

    def attachments(self) -> list[Prepared]:
        """附件: every file of the form."""
        return [one for name in self.photos for one in self.cleaned_data[name]]

    def place(self) -> Place:
        """地点: the point from the map, the building, the address; whichever were given."""
        given = self.cleaned_data
        return Place(**{name: given[name] for name in PLACE})

    def reporter(self, person: Person | Client) -> Reporter | None:
        """诉求人: whom the answer goes to; none for what staff found."""
        return None

    def arguments(self, person: Person | Client) -> dict[str, Any]:
        """What `actions.report` takes."""
        given = self.cleaned_data
        return {
            "text": given["text"], "place": self.place(), "category": given["category"],
            "nature": given["nature"], "urgency": given.get("urgency", ""), "origin": self.origin,
            "source": given.get("source") or self.source_of, "reporter": self.reporter(person),
            "is_on_behalf": self.is_on_behalf, "is_anonymous": given.get("is_anonymous", False),
            "idempotency_key": given["key"], "body": self.body(),
            "files": self.attachments(),
        }  # fmt: skip

    def body(self) -> dict[str, str]:
        """提交内容: as it was sent, for the idempotency key."""
        names = sorted(set(self.fields) - set(self.photos))
        given = [name for name in names if not name.startswith(PREFIX)]
        return {name: str(self.data.get(name, "")) for name in given}


class PatrolForm(ReportForm):
    """主动发现: of a grid worker; small things are settled on the spot."""

    title = _("上报发现的问题")
    source_of = Source.GRID_APP

    is_settled = BooleanField(label=_("已经当场处置"), required=False)
    result = CharField(
        label=_("处置结果"), required=False, widget=Textarea(attrs={"rows": 3}), **long_text(),
        help_text=_("当场处置的，写明做了什么、现在怎样，并选好类别。"),
    )  # fmt: skip
    far_photos = FilesField(label=_("全景照片"), kind=FileKind.FAR, required=False)
    before_photos = FilesField(label=_("处置前照片"), kind=FileKind.BEFORE, required=False)
    after_photos = FilesField(label=_("处置后照片"), kind=FileKind.AFTER, required=False)

    memo = FilesField(label=_("录音"), kind=FileKind.AUDIO, required=False)

    photos = ("near_photos", "far_photos", "before_photos", "after_photos", "memo")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= checklists.of_settling()

    def checks(self) -> list[BoundField]:
        """核对项 of the category that was chosen; before that there are none to show."""
        cleaned = getattr(self, "cleaned_data", {})
        category = cleaned.get("category") if cleaned.get("is_settled") else None
        asked = category and {line.code for line in lines_of("resolve", category.pk)}
        return [self[PREFIX + code] for code in asked or ()]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("is_settled"):
            if not cleaned.get("result") and "result" not in self.errors:
                self.add_error("result", _("当场处置的，请写明处置结果。"))
            if not cleaned.get("category") and "category" not in self.errors:
                self.add_error("category", _("当场处置的，请选择类别。"))
            for name in ("before_photos", "after_photos"):
                if not cleaned.get(name) and name not in self.errors:
                    said = _("当场处置的，请附上“%(label)s”。")
                    self.add_error(name, said % {"label": self.fields[name].label})
        return cleaned

    def settlement(self) -> dict[str, Any]:
        """What `actions.settle` takes."""
        given = self.cleaned_data
        said = {name: given[name] for name in ("text", "category", "nature", "result")}
        checks = {name: answer for name, answer in given.items() if name.startswith(PREFIX)}
        return said | {
            "checks": {name.removeprefix(PREFIX): one for name, one in checks.items() if one},
            "place": self.place(), "idempotency_key": given["key"], "files": self.attachments(),
        }  # fmt: skip


class ResidentForm(ReportForm):
    """诉求: somebody asked for something."""

    about = _("诉求")
    origin = Origin.RESIDENT

    nature = ChoiceField(
        label=_("诉求类型"), choices=Nature.choices, initial=Nature.HELP, widget=RadioSelect
    )
    phone = PhoneField(label=_("联系电话"))
    is_anonymous = anonymous_field()


class NamedForm(ResidentForm):
    """代报: for somebody who is named, or wants no name."""

    is_on_behalf = True
    name = NameField(label=_("诉求人姓名"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        check_contact(self, cleaned)
        return cleaned

    def reporter(self, person: Person | Client) -> Reporter | None:
        given = self.cleaned_data
        return Reporter.build(name=given["name"], phone=given["phone"])


class BehalfForm(NamedForm):
    """代报: taken down for somebody on the phone or at the counter."""

    title = _("代报诉求")
    source = ChoiceField(
        label=_("来源"), initial=Source.PHONE, widget=RadioSelect,
        choices=[(row.value, row.label) for row in (Source.PHONE, Source.VISIT)],
    )  # fmt: skip

    who = ("source", "name", "phone", "is_anonymous")


class OwnForm(ResidentForm):
    """诉求本人: an account without a post speaks for itself."""

    title = _("反映问题")
    urgency = None  # type: ignore[assignment]  # by category; a resident does not grade it
    who = ("phone", "is_anonymous")

    def reporter(self, person: Person | Client) -> Reporter | None:
        assert isinstance(person, Person)
        return Reporter.build(person=person, name=person.name, phone=self.cleaned_data["phone"])


def report_form(person: Person, *, at: datetime) -> type[ReportForm]:
    """表单: by the posts held; a desk takes reports down, a grid worker finds things."""
    kinds = {post.kind for post in person.posts_at(at)}
    if kinds & DESK_POSTS:
        return BehalfForm
    if kinds & GRID_POSTS:
        return PatrolForm
    return ReportForm if standing.is_staff(person, at=at) else OwnForm
