"""How a ticket comes to be: place, number, first event (used by report, settle, split, import)."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import clock
from common.actors import Actor
from common.errors import Invalid
from common.texts import visible
from grids.datum import Datum, to_wgs84
from grids.locate import locate
from grids.models import Building, Division, Person, PostKind
from tickets import law, record
from tickets.actions._move import Hand
from tickets.attachments.storing import Kept
from tickets.models import Category, Ticket
from tickets.states import State
from tickets.texts import check_storable
from tickets.words import Origin, Urgency, VerifyBy, WordsKind

ADDRESS_LIMIT = 200
NOWHERE = gettext_lazy("请在地图上点出位置，或写明地址，或选一栋楼。")

TAKES_DOWN = frozenset(
    {PostKind.DESK, PostKind.SHIFT_LEADER, PostKind.GRID_WORKER, PostKind.COMMUNITY_LEAD}
)


@dataclass(frozen=True)
class Place:
    """地点: a point in any datum, an address, a building, or (for staff) a division."""

    lat: float | None = None
    lng: float | None = None
    datum: str = "WGS84"
    address: str = ""
    building: Building | None = None
    division: Division | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "address", visible(self.address).strip())


def settle_place(ticket: Ticket, place: Place, *, at: datetime) -> None:
    """落点: point → grid → community → subdistrict; the given datum is kept beside it.

    Without a point the building's point or the named division is taken; a bare address lies
    where the post of whoever took it down is, else in the district. Raises `Invalid` when
    nothing at all was given.
    """
    if (place.lat is None) != (place.lng is None):
        raise Invalid(_("坐标要同时有纬度和经度。"), field="point")
    lat, lng, datum = place.lat, place.lng, place.datum
    if lat is None and place.building is not None:
        lat, lng, datum = place.building.lat, place.building.lng, "WGS84"
    given = place.address or (place.building.address if place.building else "")
    ticket.address = _check_address(given)
    ticket.building = place.building
    ticket.datum = Datum.WGS84
    ticket.is_outside = False
    if lat is not None and lng is not None:
        ticket.lat, ticket.lng = to_wgs84(lat, lng, datum)
        ticket.datum = datum
        found = locate(ticket.lat, ticket.lng, at=at)
        ticket.division_id = found.division_id
        ticket.community_id = found.community_id
        ticket.subdistrict_id = found.subdistrict_id
        ticket.is_outside = found.is_outside
        return
    ticket.lat = ticket.lng = None
    division = place.division
    if division is None and ticket.address:
        division = _home(ticket.reported_by, at)
    if division is None:
        raise Invalid(str(NOWHERE), field="address")
    ticket.division = division
    ticket.community_id = division.community_id
    ticket.subdistrict_id = division.subdistrict_id


def move_place(ticket: Ticket, place: Place, *, at: datetime) -> None:
    """更正落点: what was not given stays; only a new point or building finds a new division."""
    if not place.address and (place.lat is not None or place.division is not None):
        place = replace(place, address=ticket.address)
    if place.lat is not None and place.building is None:
        place = replace(place, building=ticket.building)
    if place.lat is not None or place.building is not None or place.division is not None:
        settle_place(ticket, place, at=at)
    elif place.address:
        ticket.address = _check_address(place.address)
    else:
        raise Invalid(_("请填写新地址，或选一栋楼，或给出坐标。"), field="address")


def _home(person: Person | None, at: datetime) -> Division:
    for post in person.posts_at(at) if person else ():
        if post.division is not None and post.kind in TAKES_DOWN:
            return post.division
    return Division.objects.get(code=settings.HUBIN_DISTRICT)


def _check_address(address: str) -> str:
    if len(address) > ADDRESS_LIMIT:
        raise Invalid(
            _("地址有 %(count)s 字，最多 %(most)s 字。")
            % {"count": len(address), "most": ADDRESS_LIMIT},
            field="address",
        )
    check_storable(address, field="address")
    return address


def categorise(ticket: Ticket, category: Category | None) -> None:
    """定类: category with what follows from it (urgency, verification, sensitivity)."""
    if category is None:
        return
    if not category.is_active and not ticket.is_historic:
        raise Invalid(
            _("类别“%(name)s”已停用，请选择其他类别。") % {"name": category.name}, field="category"
        )
    if category.parent_id is None:
        raise Invalid(
            _("“%(name)s”是大类，请选择其中的小类。") % {"name": category.name}, field="category"
        )
    ticket.category = category
    ticket.is_sensitive = ticket.is_sensitive or category.is_sensitive
    ticket.verify_by = verify_by(ticket)


def verify_by(ticket: Ticket) -> str:
    """核查方式: by category and nature. Sensitive matters are the desk's, since a grid worker may
    not read them; dangerous ones, since nobody of the grid is sent there; and what only a
    reporter could confirm where there is none.
    """
    category = law.categories().get(ticket.category_id or 0)
    if category is None:
        raise Invalid(_("工单没有类别，请先更正类别。"), field="category")
    rules = law.verify_rules()
    chain = (category.pk, category.parent_id, None)
    own = (rules[pk, ticket.nature] for pk in chain if (pk, ticket.nature) in rules)
    wanted = next(own, category.verify_by)
    is_unasked = wanted == VerifyBy.REPORTER and ticket.origin != Origin.RESIDENT
    is_barred = wanted == VerifyBy.SITE and category.is_dangerous
    return VerifyBy.DESK if ticket.is_sensitive or is_unasked or is_barred else wanted


def bear(
    ticket: Ticket, verb: str, *, by: Actor, at: datetime, state: State, text: str,
    also: list[tuple[WordsKind, str]] | None = None, data: dict[str, object] | None = None,
    ended_at: datetime | None = None, files: list[Kept] | None = None,
) -> Ticket:  # fmt: skip
    """立单: number, first event, clocks. Inside the caller's transaction."""
    ticket.head = ""
    h = Hand(ticket, verb, by, at)
    h.frm = None
    h.before = dict.fromkeys(h.before) | {"cycle": ticket.cycle}
    h.to(state)
    ticket.ended_at = ended_at or ticket.ended_at
    h.data.update(data or {})
    h.say(WordsKind.REPORT, text)
    h.say(WordsKind.PLACE, place_words(ticket))
    for kind, words in also or []:
        h.say(kind, words)
    h.attach(files or [])
    ticket.number = _next_number(at if not ticket.is_historic else ticket.reported_at)
    h.finish(is_new=True)
    return ticket


def place_words(ticket: Ticket) -> str:
    """地点文本: what the record keeps of the place beside its codes."""
    return record.place_text(ticket.lat, ticket.lng, ticket.address)


def new_cycle(ticket: Ticket) -> None:
    """新一轮: cycle + 1, legs counted afresh."""
    ticket.cycle += 1
    ticket.leg = 0
    ticket.confirmation = ""
    ticket.confirm_until = None
    ticket.extensions = 0


def default_urgency(category: Category | None) -> str:
    """默认紧急程度."""
    return category.urgency if category else Urgency.NORMAL


def active_category(category_id: int) -> Category:
    """启用的类别: by id, else `Invalid`."""
    category = law.categories().get(category_id)
    if category is None or not category.is_active:
        raise Invalid(_("没有这个类别，请从列表中选择。"), field="category")
    return category


def _next_number(at: datetime) -> str:
    # one row a day; the lock is held from here to the commit, so this comes last
    day = clock.local(at).date()
    district = settings.HUBIN_DISTRICT[:6]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_numbercounter AS c (district, day, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (district, day) DO UPDATE SET last = c.last + 1 RETURNING last",
            [district, day],
        )
        row = cursor.fetchone()
    return f"{district}-{day:%Y%m%d}-{row[0]:05d}"
