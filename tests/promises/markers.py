"""Markers planted in everything that is a reporter's or internal, and who may read each.

Readers are named here one by one and not computed: the rule itself is under test.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest

from grids.models import Person
from tests.files import OWNER, photo, upload
from tests.promises.doors import NOBODY, PEOPLE, House
from tests.world import World
from tickets import actions
from tickets.attachments import prepare
from tickets.models import Reporter, Ticket
from tickets.states import State

DESKS = frozenset({
    "desk", "other_desk", "district_desk", "shift_leader", "district_shift_leader", "inspector",
})  # fmt: skip
AREA = frozenset({"grid_worker", "community_lead"})
SQUAD = frozenset({"clerk", "handler", "other_handler", "head"})
OFFICE = frozenset({"office_handler", "office_head"})
LOOKERS = frozenset({"leader", "district_leader", "auditor"})
SIGHTED = DESKS | AREA | SQUAD | LOOKERS
"""Whoever sees an ordinary ticket of the street in the squad's hands."""
NEIGHBOUR = "neighbour"
"""A resident with an account whose own report was merged into the ordinary one."""
EVERYONE = (*PEOPLE, NEIGHBOUR)
FEW = (
    NOBODY, "grid_worker", "desk", "far_desk", "handler", "other_handler", "head", "leader",
    "inspector", "admin", "resident", NEIGHBOUR,
)  # fmt: skip
"""One of each kind; all others are asked too in a full run."""
OTHERS = tuple(who for who in EVERYONE if who not in FEW)
FULL = pytest.mark.full


@dataclass
class Planted:
    """种下: the tickets, each marker, and who may find it."""

    world: World
    tickets: list[Ticket] = field(default_factory=list)
    readers: dict[str, frozenset[str]] = field(default_factory=dict)

    def mark(self, marker: str, readers: frozenset[str]) -> str:
        """Remember who may read it; returns the marker, to be planted."""
        self.readers[marker] = readers
        return marker

    def reporter(self, name: str, phone: str, contact: frozenset[str], **more: Any) -> Reporter:
        """Somebody whose name and number only `contact` may learn."""
        return Reporter.build(
            name=self.mark(name, contact), phone=self.mark(phone, contact), **more
        )

    def found_in(self, text: str) -> set[str]:
        """Which markers stand in there."""
        return {marker for marker in self.readers if marker in text}

    def due_to(self, who: str) -> set[str]:
        """Which markers that person may find."""
        return {marker for marker, readers in self.readers.items() if who in readers}


def check_readers(
    planted: Planted, who: str, told: Iterable[str], heard: pytest.LogCaptureFixture
) -> None:
    """Whoever it is finds what is theirs to read and nothing else; the log holds nothing."""
    heard.set_level(logging.DEBUG)
    found: set[str] = set()
    for text in told:
        found |= planted.found_in(text)
    assert found == planted.due_to(who)
    assert planted.found_in(heard.text) == set()


def plant(world: World) -> Planted:
    """Everything at once."""
    planted = Planted(world)
    planted.tickets = [
        _ordinary(planted), _anonymous(planted), _on_site(planted), _sensitive(planted),
        _about_staff(planted),
    ]  # fmt: skip
    _merged(planted)
    _pressed(planted)
    world.admin.is_staff = world.admin.is_superuser = True
    world.admin.save(update_fields=["is_staff", "is_superuser"])
    return planted


@dataclass
class Scene:
    """Everything planted, beside the house whose doors lead to it."""

    planted: Planted
    house: House


def plant_and_furnish(world: World) -> Scene:
    """Both, for tests that search what the doors show."""
    return Scene(plant(world), House.furnish(world))


def _ordinary(planted: Planted) -> Ticket:
    world, mark = planted.world, planted.mark
    contact = DESKS | {"handler", "head"}
    mark(OWNER, frozenset())  # the phone wrote it into the photo: nobody reads it
    shot = prepare(upload(photo(spot=(30.245, 120.155))))
    ticket = world.handled(
        text=mark("甲单正文", SIGHTED),
        files=[shot],
        reporter=planted.reporter("司徒甲名", "17755550101", contact),
    )
    actions.note(ticket, by=world.handler, at=world.at, text=mark("甲单备注", SIGHTED))
    question = mark("甲单询问", SIGHTED)
    actions.inquire(ticket, by=world.handler, at=world.at, question=question)
    actions.urge(ticket, by=world.desk, at=world.at, text=mark("甲单催办", SIGHTED))
    return ticket


def _anonymous(planted: Planted) -> Ticket:
    return planted.world.handled(
        text=planted.mark("乙单正文", SIGHTED), is_anonymous=True,
        reporter=planted.reporter("欧阳乙名", "17755550102", DESKS),
    )  # fmt: skip


def _on_site(planted: Planted) -> Ticket:
    """The grid worker's turn: they may call the reporter."""
    contact = DESKS | AREA | {"handler", "head"}
    ticket = planted.world.resolved(
        text=planted.mark("丙单正文", SIGHTED),
        reporter=planted.reporter("端木丙名", "17755550103", contact),
    )
    assert ticket.state == State.RESOLVED
    return ticket


def _sensitive(planted: Planted) -> Ticket:
    """In the hands of the street's office, with a request its leader is to decide."""
    world, mark = planted.world, planted.mark
    readers = DESKS | OFFICE
    ticket = world.dispatched(
        category=world.categories["alone"], text=mark("丁单正文", readers),
        place=type(world.spot)(lat=30.245, lng=120.155, address=mark("丁单地址", readers)),
        reporter=planted.reporter("宇文丁名", "17755550104", readers),
    )  # fmt: skip
    handler = world.office_handler
    actions.claim(ticket, by=handler, at=world.at)
    actions.suspend(
        ticket, by=handler, at=world.at, resume_on=world.at.date().replace(month=12),
        reason="BUDGET", text=mark("丁单理由", readers),
    )  # fmt: skip
    return ticket


def _about_staff(planted: Planted) -> Ticket:
    """About the squad, at the district's centre, which nobody of the cast serves."""
    world = planted.world
    readers = DESKS
    ticket = world.reported(
        category=world.categories["conduct"], text=planted.mark("戊单正文", readers),
        reporter=planted.reporter("诸葛戊名", "17755550105", readers),
    )  # fmt: skip
    return actions.accept(ticket, by=world.desk, at=world.at, about_unit=world.units["squad"])


def _pressed(planted: Planted) -> None:
    """Under supervision, and urgent, so that they ring at the desk."""
    world = planted.world
    ordinary, sensitive, about_staff = (planted.tickets[nth] for nth in (0, 3, 4))
    for ticket, word, readers in (
        (ordinary, "甲单督办", SIGHTED), (sensitive, "丁单督办", DESKS | OFFICE),
        (about_staff, "戊单督办", DESKS),
    ):  # fmt: skip
        demand = planted.mark(word, readers)
        due_on = world.at.date().replace(day=25)
        actions.supervise(ticket, by=world.inspector, at=world.at, demand=demand, due_on=due_on)
        actions.amend(ticket, by=world.desk, at=world.at, urgency="URGENT", text="有危险")


def _merged(planted: Planted) -> None:
    world = planted.world
    world.people[NEIGHBOUR] = Person.objects.create(username=NEIGHBOUR, name="邻居", password="!")
    ticket = world.reported(
        text=planted.mark("己单正文", DESKS | AREA | LOOKERS | {NEIGHBOUR}),
        reporter=planted.reporter(
            "百里己名", "17755550106", DESKS | {NEIGHBOUR}, person=world.people[NEIGHBOUR]
        ),
    )
    actions.merge(ticket, by=world.desk, at=world.at, target=planted.tickets[0])
    planted.tickets.append(ticket)
