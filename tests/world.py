"""A small district with a named cast: two streets, a squad, an office, and the rule tables.

def test_one(world: World) -> None:
    ticket = world.reported()
    actions.accept(ticket, by=world.desk, at=world.at)
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from common import clock
from common.actors import Actor
from grids.models import (
    Building,
    BuildingUse,
    CalendarSlot,
    Division,
    Level,
    Person,
    Post,
    PostKind,
    Unit,
    UnitKind,
    WorkCalendar,
)
from grids.territory import derive
from tests.factories import DISTRICT, square
from tests.rules import APPROVALS, ESCALATION, LIMITS
from tickets import actions
from tickets.actions._born import Place
from tickets.keys import ReporterKey, open_key
from tickets.models import (
    ApprovalRule,
    Category,
    EscalationPlan,
    EscalationStep,
    HollowPhrase,
    ReasonCode,
    Reporter,
    RoutingRule,
    SourcePolicy,
    Ticket,
    TimeLimit,
)
from tickets.models.rule import Target
from tickets.words import Nature, Origin, Source

MONDAY_NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in the district
ANSWER = "经现场核实, 堆放的垃圾已于今日上午清运完毕, 并已约谈物业增加清运次数。"
REASONS = {
    "decline": ("EMERGENCY", "BEYOND"),
    "send_back": ("NOT_OURS", "NOT_HERE"),
    "extend": ("MATERIAL",),
    "suspend": ("BUDGET",),
    "void": ("DUPLICATE",),
    "resolve": ("DONE", "NOT_FOUND"),
    "rework": ("NOT_DONE",),
    "reopen": ("NOT_SOLVED",),
    "rate": ("SLOW", "KIND"),
}


@dataclass
class World:
    """People by role, places and units by name; `at` is a Monday, nine o'clock."""

    at: datetime = MONDAY_NINE
    people: dict[str, Person] = field(default_factory=dict)
    places: dict[str, Division] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None

    @cached_property
    def spot(self) -> Place:
        """A point inside the first grid of the first street."""
        return Place(lat=30.245, lng=120.155, address="湖滨路 1 号")

    @cached_property
    def far_spot(self) -> Place:
        """A point inside the first grid of the other street."""
        return Place(lat=30.245, lng=120.205, address="望江路 9 号")

    def again(self, name: str) -> Person:
        """The same person freshly loaded (posts are cached on the object)."""
        return Person.objects.get(pk=self.people[name].pk)

    def reported(self, **given: Any) -> Ticket:
        """A resident's report taken down by the desk, in the first grid."""
        return self.reported_with_key(**given)[0]

    def reported_with_key(self, *, by: Actor | None = None, **given: Any) -> tuple[Ticket, str]:
        """The same, with its follow key."""
        values: dict[str, Any] = {
            "text": "楼下垃圾堆了三天没有人清运", "place": self.spot, "source": Source.PHONE,
            "origin": Origin.RESIDENT, "nature": Nature.COMPLAINT,
            "category": self.categories["litter"], "at": self.at,
        } | given  # fmt: skip
        if values["origin"] == Origin.RESIDENT and "reporter" not in values:
            values["reporter"] = Reporter.build(name="赵见诚", phone="13900001234")
            values["is_on_behalf"] = True
        return actions.report(by=by or self.desk, **values)

    def key_of(self, token: str) -> ReporterKey:
        """The actor behind a follow key."""
        return open_key(token, at=self.at)[0]

    def accepted(self, **given: Any) -> Ticket:
        """Accepted, not yet dispatched."""
        ticket = self.reported(**given)
        is_about_staff = ticket.category is not None and ticket.category.is_about_staff
        about = self.units["fire"] if is_about_staff else None
        return actions.accept(ticket, by=self.desk, at=self.at, about_unit=about)

    def dispatched(self, **given: Any) -> Ticket:
        """Dispatched by the rules to the squad."""
        return actions.route(self.accepted(**given), at=self.at)

    def handled(self, **given: Any) -> Ticket:
        """Claimed by the squad's handler."""
        return actions.claim(self.dispatched(**given), by=self.handler, at=self.at)

    def resolved(self, **given: Any) -> Ticket:
        """Resolved by the handler; the grid worker's turn."""
        return actions.resolve(
            self.handled(**given), by=self.handler, at=self.at, result="DONE",
            note="已清运", proposed_answer=ANSWER,
        )  # fmt: skip

    def verified(self, **given: Any) -> Ticket:
        """Verified on site; the desk's turn to answer."""
        return actions.verify(self.resolved(**given), by=self.grid_worker, at=self.at)

    def replied(self, **given: Any) -> Ticket:
        """Answered by the second desk person."""
        return actions.reply(
            self.verified(**given), by=self.other_desk, at=self.at, final_answer=ANSWER
        )


@pytest.fixture
def monday(settings: Any, tmp_path: Path) -> None:
    """The clock of every door shows the world's Monday, whatever the day of the machine."""
    file = tmp_path / "clock"
    file.write_text(str((MONDAY_NINE - clock.now()).total_seconds()), encoding="ascii")
    settings.HUBIN_CLOCK_FILE = str(file)


@pytest.fixture
def committed_world(transactional_db: None, monday: None) -> World:
    """The small district, committed: for tests with several connections."""
    return build()


def build() -> World:
    """Places, units, people and rules of the small district."""
    world = World()
    _places(world)
    _calendars()
    _units(world)
    _people(world)
    _law(world)
    return world


def _places(world: World) -> None:
    rows: dict[str, list[Division]] = {level: [] for level in Level.values}

    def place(name: str, code: str, level: str, parent: str = "", shape: Any = None) -> None:
        above = world.places.get(parent)
        world.places[name] = row = Division(
            code=code, name=name, level=level, parent=above, shape=shape, is_synthetic=True
        )
        rows[level].append(row)

    place("district", DISTRICT, Level.DISTRICT)
    for street, number, west in (("street", "003", 120.15), ("other_street", "004", 120.20)):
        prefix = "" if street == "street" else "other_"
        place(street, f"330102{number}000", Level.SUBDISTRICT, "district")
        place(f"{prefix}community", f"330102{number}050", Level.COMMUNITY, street)
        for turn, grid in enumerate((f"{prefix}grid", f"{prefix}second_grid")):
            place(
                grid, f"330102{number}05000{turn + 1}", Level.GRID, f"{prefix}community",
                square(west + turn * 0.01, 30.24),
            )  # fmt: skip
    for level in Level.values:
        _keep(rows[level], "parent")
    derive()
    known = Division.objects.in_bulk(field_name="code")
    world.places = {name: known[row.code] for name, row in world.places.items()}
    Building.objects.create(
        code="B1", name="湖滨公寓 1 幢", address="湖滨路 1 号", division=world.places["grid"],
        lat=30.246, lng=120.156, floors=9, use=BuildingUse.RESIDENTIAL,
    )  # fmt: skip


def _keep(rows: list[Any], above: str) -> None:
    """All at once; what they hang on was kept before."""
    for row in rows:
        setattr(row, above, getattr(row, above))
    type(rows[0]).objects.bulk_create(rows)


def _calendars() -> None:
    weeks = {
        "office": dict.fromkeys(range(5), (510, 1050)),
        "street7": dict.fromkeys(range(7), (420, 1320)),
        "always": dict.fromkeys(range(7), (0, 1440)),
    }
    calendars = WorkCalendar.objects.bulk_create(
        WorkCalendar(code=code, name=code) for code in weeks
    )
    CalendarSlot.objects.bulk_create(
        CalendarSlot(calendar=calendar, weekday=day, opens_min=opens, closes_min=closes)
        for calendar in calendars
        for day, (opens, closes) in weeks[calendar.code].items()
    )


def _units(world: World) -> None:
    serves: dict[str, str] = {}

    def unit(name: str, code: str, kind: str, parent: str = "", place: str = "") -> None:
        world.units[name] = Unit(
            code=code, name=name, kind=kind, parent=world.units.get(parent),
            duty_phone=f"0571-8700{len(world.units):04d}",
        )  # fmt: skip
        if place:
            serves[name] = place

    unit("bureau", "CG", UnitKind.BUREAU)
    unit("squad", "CG-003", UnitKind.SQUAD, "bureau", "street")
    unit("other_squad", "CG-004", UnitKind.SQUAD, "bureau", "other_street")
    unit("fire", "XF", UnitKind.BUREAU)
    unit("office", "JD-003", UnitKind.SUBDISTRICT_OFFICE, "", "street")
    unit("other_office", "JD-004", UnitKind.SUBDISTRICT_OFFICE, "", "other_street")
    unit("community_unit", "SQ-003050", UnitKind.COMMUNITY, "office", "community")
    unit("centre", "ZW", UnitKind.CENTRE)
    units = list(world.units.values())
    _keep([row for row in units if row.parent is None], "parent")
    _keep([row for row in units if row.parent is not None], "parent")
    Unit.divisions.through.objects.bulk_create(
        Unit.divisions.through(unit=world.units[name], division=world.places[place])
        for name, place in serves.items()
    )


CAST: tuple[tuple[str, str, str], ...] = (
    # name, post, unit or place
    ("grid_worker", PostKind.GRID_WORKER, "grid"),
    ("other_grid_worker", PostKind.GRID_WORKER, "other_grid"),
    ("community_lead", PostKind.COMMUNITY_LEAD, "community"),
    ("desk", PostKind.DESK, "street"),
    ("other_desk", PostKind.DESK, "street"),
    ("far_desk", PostKind.DESK, "other_street"),
    ("district_desk", PostKind.DESK, "district"),
    ("shift_leader", PostKind.SHIFT_LEADER, "street"),
    ("district_shift_leader", PostKind.SHIFT_LEADER, "district"),
    ("leader", PostKind.LEADER, "street"),
    ("district_leader", PostKind.LEADER, "district"),
    ("inspector", PostKind.INSPECTOR, "district"),
    ("auditor", PostKind.AUDITOR, "district"),
    ("admin", PostKind.ADMIN, "district"),
    ("clerk", PostKind.UNIT_CLERK, "squad"),
    ("handler", PostKind.HANDLER, "squad"),
    ("other_handler", PostKind.HANDLER, "squad"),
    ("head", PostKind.UNIT_HEAD, "squad"),
    ("far_handler", PostKind.HANDLER, "other_squad"),
    ("fire_handler", PostKind.HANDLER, "fire"),
    ("office_handler", PostKind.HANDLER, "office"),
    ("office_head", PostKind.UNIT_HEAD, "office"),
    ("far_office_handler", PostKind.HANDLER, "other_office"),
)


def _people(world: World) -> None:
    names = [*(name for name, _kind, _where in CAST), "resident"]
    Person.objects.bulk_create(
        Person(username=name, name=f"人{number}", password="!") for number, name in enumerate(names)
    )
    world.people = {person.username: person for person in Person.objects.all()}
    Post.objects.bulk_create(
        Post(
            person=world.people[name], kind=kind, unit=world.units.get(where),
            division=world.places.get(where),
        )
        for name, kind, where in CAST
    )  # fmt: skip


def escalation() -> None:
    """The steps of every clock; a rating window has one reminder, and then it is over."""
    for promise, steps in ESCALATION.items():
        plan = EscalationPlan.objects.create(promise=promise)
        EscalationStep.objects.bulk_create(
            EscalationStep(plan=plan, nth=nth, at_kind=kind, at_value=Decimal(value), verb=verb)
            for nth, (kind, value, verb) in enumerate(steps, 1)
        )


def _law(world: World) -> None:
    def category(name: str, code: str, parent: str = "", **more: Any) -> None:
        world.categories[name] = Category(
            code=code, name=name, parent=world.categories.get(parent), **more
        )

    category("street_order", "01")
    category("litter", "0101", "street_order", calendar="street7", verify_by="SITE")
    category("advice", "0102", "street_order", verify_by="NONE")
    category(
        "manhole", "0103", "street_order", urgency="URGENT", calendar="always", verify_by="SITE"
    )
    category("own_word", "0104", "street_order", verify_by="REPORTER")
    category("gas", "06")
    category("leak", "0604", "gas", urgency="URGENT", is_dangerous=True, verify_by="DESK")
    category("care", "10")
    category("alone", "1001", "care", is_sensitive=True, verify_by="SITE")
    category("conduct", "1007", "care", is_sensitive=True, is_about_staff=True, verify_by="DESK")
    categories = list(world.categories.values())
    _keep([row for row in categories if row.parent is None], "parent")
    _keep([row for row in categories if row.parent is not None], "parent")
    escalation()
    TimeLimit.objects.bulk_create(
        TimeLimit(promise=promise, urgency=urgency, value=Decimal(value), kind=kind, calendar=cal)
        for promise, urgency, value, kind, cal in LIMITS
    )
    rules = (("street_order", Target.LOCAL, "bureau"), ("leak", Target.UNIT, "fire"))
    RoutingRule.objects.bulk_create(
        RoutingRule(category=world.categories[name], target=target, unit=world.units[unit])
        for name, target, unit in rules
    )
    ReasonCode.objects.bulk_create(
        ReasonCode(verb=verb, code=code, text=code, is_emergency_transfer=code == "EMERGENCY")
        for verb, codes in REASONS.items()
        for code in codes
    )
    ApprovalRule.objects.bulk_create(
        ApprovalRule(
            kind=kind, from_nth=nth, after_claim=claimed, needs_countersign=signed,
            decided_by=post, level=level, priority=priority,
        )
        for kind, nth, claimed, signed, post, level, priority in APPROVALS
    )  # fmt: skip
    HollowPhrase.objects.bulk_create(
        HollowPhrase(text=text) for text in ("已收悉", "已转交", "感谢您的留言", "正在处理")
    )
    SourcePolicy.objects.create(source=Source.SENSOR, is_trusted=True)
