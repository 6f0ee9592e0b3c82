"""代班: who may arrange that somebody acts for an absent colleague, and on what terms."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from common import clock, law
from common.errors import Impossible, Invalid, NotVisible, NotYours
from grids.models import Level, Person, Post, PostKind, StandIn, Unit
from grids.models.absence import STAMP
from grids.models.people import OWN_ONLY

LONGEST = timedelta(days=180)
DESKS = (PostKind.DESK, PostKind.SHIFT_LEADER)
SHOWN_AFTER = timedelta(days=30)
"""How long what is over stays on the page."""


def require(by: Person, *, at: datetime) -> None:
    """须有可代的岗位, else `NotYours`."""
    if not may_use(by, at=at):
        raise NotYours(_("代班只对在岗的工作人员开放：您没有可以由人代的岗位。"))


def may_use(by: Person, *, at: datetime) -> bool:
    """可安排: holds a post that somebody could stand in for."""
    return any(post.passes_on for post in by.posts_at(at))


def people_for(by: Person, *, at: datetime) -> QuerySet[Person]:
    """可为谁安排: oneself; a head for the unit; a shift leader for the desk."""
    return Person.objects.filter(is_active=True, pk__in=_ids_for(by, at)).order_by("pinyin", "name")


def colleagues(people: QuerySet[Person], *, at: datetime) -> QuerySet[Person]:
    """可请谁代: of the same units and those around them; of the same street, the district."""
    posts = _held(at).filter(person__in=people.values("pk"))
    near = _held(at).filter(_near(list(posts)))
    return Person.objects.filter(pk__in=near.values("person")).order_by("pinyin", "name")


def shown(by: Person, *, at: datetime) -> QuerySet[StandIn]:
    """代班表: one's own, those one stands in for, and those one may arrange; old ones go."""
    mine = Q(person__in=_ids_for(by, at)) | Q(stand_in=by)
    recent = StandIn.objects.filter(mine, until__gte=_day(at - SHOWN_AFTER))
    return recent.select_related("person", "stand_in", "made_by").order_by("-until", "-id")


def arrange(
    person: Person, *, by: Person, stand_in: Person, since: date, until: date, at: datetime,
    reason: str = "",
) -> StandIn:  # fmt: skip
    """安排代班: takes effect with its first day."""
    if person.pk not in _ids_for(by, at):
        raise NotYours(_("只能为自己、本单位人员（单位负责人）或本受理台人员（值班长）安排代班。"))
    if since < _day(at):
        raise Invalid(_("起日不能早于今天。"), field="since")
    if not colleagues(Person.objects.filter(pk=person.pk), at=at).filter(pk=stand_in.pk).exists():
        raise Invalid(
            _("%(name)s与离岗人员不在同一单位或街道，请从列表中选择代班人。")
            % {"name": stand_in.name},
            field="stand_in",
        )
    with transaction.atomic():
        # two at once could otherwise each make the other the stand-in
        list(Person.objects.select_for_update().filter(pk__in=[person.pk, stand_in.pk]))
        check(person, stand_in, since, until)
        row = StandIn.objects.create(
            person=person, stand_in=stand_in, since=since, until=until, reason=reason.strip(),
            made_by=by, made_at=at,
        )  # fmt: skip
        law.bump(STAMP)
    return row


def check(
    person: Person, stand_in: Person, since: date, until: date, *, known: int | None = None
) -> None:
    """须说得通, else `Invalid`; `known`: the row itself, when it is changed."""
    if until < since:
        raise Invalid(_("止日不能早于起日。"), field="until")
    if until - since > LONGEST:
        raise Invalid(
            _("一次最多安排 %(days)s 天，更久的请分次安排。") % {"days": LONGEST.days},
            field="until",
        )
    if person.pk == stand_in.pk:
        raise Invalid(_("代班人不能是离岗人员本人。"), field="stand_in")
    if not stand_in.is_active:
        raise Invalid(
            _("%(name)s的账号已停用，请另选一人。") % {"name": stand_in.name}, field="stand_in"
        )
    rows = StandIn.objects.filter(ended_at=None, since__lte=until, until__gte=since)
    rows = rows.exclude(pk=known or 0).select_related("stand_in")
    if (other := rows.filter(person=person).first()) is not None:
        said = {"name": person.name, "stand_in": other.stand_in.name} | _span(other)
        raise Invalid(
            _("%(name)s %(since)s 至 %(until)s 已由%(stand_in)s代班，请先结束原来的，或改日期。")
            % said,
            field="since",
        )
    if (away := rows.filter(person=stand_in).first()) is not None:
        raise Invalid(
            _("%(name)s %(since)s 至 %(until)s 自己也不在岗，请另选一人。")
            % ({"name": stand_in.name} | _span(away)),
            field="stand_in",
        )


def end(pk: int, *, by: Person, at: datetime) -> StandIn:
    """结束代班: at once; by whoever may arrange it, or by the stand-in."""
    with transaction.atomic():
        row = StandIn.objects.select_for_update().filter(pk=pk).first()
        if row is None or not (row.stand_in_id == by.pk or row.person_id in _ids_for(by, at)):
            raise NotVisible(_("没有这条代班，请回到列表核对。"))
        if row.ended_at is not None or row.until < _day(at):
            raise Impossible(_("这条代班已经结束。"))
        row.ended_at, row.ended_by = at, by
        row.save(update_fields=["ended_at", "ended_by"])
        law.bump(STAMP)
    return row


def _span(row: StandIn) -> dict[str, str]:
    return {"since": row.since.isoformat(), "until": row.until.isoformat()}


def _day(at: datetime) -> date:
    return clock.local(at).date()


def _held(at: datetime) -> QuerySet[Post]:
    return Post.objects.held(_day(at)).exclude(kind__in=OWN_ONLY)


def _ids_for(by: Person, at: datetime) -> set[int]:
    theirs = Q(pk__in=())
    posts = by.posts_at(at)
    for post in posts:
        if post.kind == PostKind.UNIT_HEAD:
            theirs |= Q(unit=post.unit_id)
        elif post.kind == PostKind.SHIFT_LEADER and post.division is not None:
            is_top = post.division.level == Level.DISTRICT
            theirs |= Q(kind__in=DESKS) & (Q() if is_top else Q(division=post.division_id))
    own = {by.pk} if any(post.passes_on and not post.for_person_id for post in posts) else set()
    return own | set(_held(at).filter(theirs).values_list("person_id", flat=True))


def _near(posts: Iterable[Post]) -> Q:
    units = {post.unit_id for post in posts if post.unit_id}
    above = {post.unit.parent_id for post in posts if post.unit and post.unit.parent_id}
    family = Unit.objects.filter(Q(pk__in=units | above) | Q(parent__in=units | above))
    places = [post.division for post in posts if post.division]
    streets = {place.subdistrict_id for place in places if place.subdistrict_id}
    found = Q(unit__in=family.values("pk")) | Q(division__subdistrict__in=streets)
    return found | Q(division__level=Level.DISTRICT) if places else found
