"""Members of staff, found by name, sound, unit or place; nothing more of them is told."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.forms import CharField, TextInput
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from common import clock
from common.listing import listed, noted
from grids.models import Person, Post
from tickets.forms.fields import only_one, suggesting
from tickets.standing import OUTSIDERS

WORDS = 4  # more of a text are not looked at


class PersonField(CharField):
    """人员: a member of staff by number, name or sound, as long as it is clear who is meant."""

    def __init__(self, *, at: datetime, **kwargs: Any) -> None:
        attrs = {
            "data-combo-url": reverse_lazy("suggest_people"), "spellcheck": "false", **suggesting()
        }  # fmt: skip
        super().__init__(max_length=120, widget=TextInput(attrs=attrs), **kwargs)
        self._at = at

    def prepare_value(self, value: Any) -> Any:
        return value_of(value) if isinstance(value, Person) else value

    def clean(self, value: Any) -> Person | None:
        text = super().clean(value)
        if not text:
            return None
        found = _people(text, self._at)
        shown = {person.pk: noted(value_of(person), _told(posts)) for person, posts in found}
        unknown = _("没有找到在岗人员“%(text)s”，请填姓名或单位，再从建议中选。")
        people = [person for person, _posts in found]
        person: Person = only_one(people, text, unknown, show=lambda row: shown[row.pk])
        return person


def options(text: str, at: datetime, most: int) -> list[dict[str, str]]:
    """建议: number and name, with the units and posts beside it."""
    return [
        {"value": value_of(person), "note": _told(posts)}
        for person, posts in _grouped(_staff_like(text, at))[:most]
    ]


def value_of(person: Person) -> str:
    """编号和姓名: the number of the account tells two of one name apart."""
    return f"{person.pk} {person.name}"


def _people(text: str, at: datetime) -> list[tuple[Person, list[Post]]]:
    number = text.split()[0]
    if number.isascii() and number.isdigit():
        return _grouped(_staff(at).filter(person__in=[int(number[:18])]))
    return _grouped(_staff(at).filter(person__name=text)) or _grouped(_staff_like(text, at))


def _staff(at: datetime) -> Any:
    posts = Post.objects.in_force(clock.local(at).date()).exclude(kind__in=OUTSIDERS)
    order = ("person__pinyin", "person__name", "person", "pk")
    return posts.select_related("person").order_by(*order)


def _staff_like(text: str, at: datetime) -> Any:
    found = _staff(at)
    for word in text.split()[:WORDS]:
        of_person = Q(person__name__icontains=word) | Q(person__pinyin__icontains=word)
        of_unit = Q(unit__code__istartswith=word) | Q(unit__name__icontains=word)
        found = found.filter(of_person | of_unit | Q(division__name__icontains=word))
    return found


def _grouped(posts: Any) -> list[tuple[Person, list[Post]]]:
    found: dict[int, tuple[Person, list[Post]]] = {}
    for post in posts:
        found.setdefault(post.person_id, (post.person, []))[1].append(post)
    return list(found.values())


def _told(posts: list[Post]) -> str:
    return listed(f"{post.unit or post.division} {post.get_kind_display()}" for post in posts)
