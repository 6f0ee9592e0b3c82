"""常用筛选: lists somebody keeps as tabs of their own (see `SavedFilter`)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import Impossible, Invalid, NotVisible
from grids.models import Person
from tickets.models import SavedFilter

MOST = 12
LONGEST_NAME, LONGEST_QUERY = 20, 500


def of(person: Person) -> list[SavedFilter]:
    """某人的, in the order in which they were kept."""
    return list(SavedFilter.objects.filter(person=person))


@transaction.atomic
def keep(person: Person, name: str, query: str, *, at: datetime) -> SavedFilter:
    """保存: under a name of its own; at most twelve a person."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid(_("请给这个筛选起个名字，最多 20 个字。"), field="name")
    if len(query) > LONGEST_QUERY:
        raise Invalid(_("条件太长，请少选几个。"), field="query")
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)  # one after the other
    known = {row.name for row in of(person)}
    if name in known:
        raise Impossible(_("已有叫“%(name)s”的筛选，请换个名字。") % {"name": name})
    if len(known) >= MOST:
        raise Impossible(_("最多保存 %(most)s 个筛选，请先删除不用的。") % {"most": MOST})
    return SavedFilter.objects.create(person=person, name=name, query=query, created_at=at)


def drop(person: Person, pk: int) -> None:
    """删除: one's own."""
    deleted, _rows = SavedFilter.objects.filter(person=person, pk=pk).delete()
    if not deleted:
        raise NotVisible(_("没有这个筛选，可能已经删除。"))
