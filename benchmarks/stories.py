"""Model tickets: invented matters of the last weeks, through the real actions, up to now.

A replay ends when everything has ended; here time stops at the present, so that some are waiting,
some under way and most are closed, as on any working day.
"""

import random
from datetime import datetime, timedelta

from benchmarks import said
from common import clock
from grids.models import Building, PostKind
from tickets import actions, announcing, law, seals
from tickets.actions import Place
from tickets.importing.mapping import Message
from tickets.importing.progress import Progress
from tickets.models import Category, Reporter
from tickets.replay import handling, intake, outcome, reply
from tickets.replay.simulation import Case, Simulation, Step
from tickets.words import Nature, Origin, Source, Urgency

DAYS = 45
PLANS = intake.PLANS | handling.PLANS | outcome.PLANS | reply.PLANS
RECENT = 0.35  # of the reports come in the last days: they are what is still open
NATURES = {
    Nature.HELP: 40, Nature.COMPLAINT: 34, Nature.ENQUIRY: 10, Nature.TIP: 6,
    Nature.SUGGESTION: 7, Nature.PRAISE: 3,
}  # fmt: skip
WANTED = (0, 1, 2, 3)
"""Steps a certain model has gone: reported, accepted, dispatched, claimed."""
ORIGINS = {Origin.RESIDENT: 72, Origin.PATROL: 24, Origin.MACHINE: 4}


class UntilNow(Simulation):
    """到此刻: what would happen later does not happen."""

    until: datetime

    def later(self, case: Case, step: Step, at: datetime) -> None:
        if at <= self.until:
            super().later(case, step, at)

    def at_sweep(self, name: str, case: Case, at: datetime) -> None:
        if at <= self.until - timedelta(minutes=2):
            super().at_sweep(name, case, at)

    def _take(self, case: Case, step: Step, number: int) -> None:
        try:
            super()._take(case, step, number)
        except LookupError:  # nobody is there who may: it waits, as it would in life
            case.step = -1


def tell(count: int, *, at: datetime, seed: int = 1) -> None:
    """演进: so many reports of the last weeks, up to `at`; everybody concerned is told."""
    luck = random.Random(seed)
    sim = UntilNow(
        seed=seed, day=clock.local(at).date(), born=intake.born, plans=PLANS, progress=Progress("")
    )
    sim.until = at
    sim.run(_messages(count, luck, at))
    _certain(sim, luck, at)
    announcing.sweep(at=at)
    seals.seal(at=at)


def _certain(sim: Simulation, luck: random.Random, at: datetime) -> None:
    """一定有的: a few of each kind that verbs are measured on, however few models there are."""
    messages = [one for one in _messages(200, luck, at) if one.origin == Origin.RESIDENT]
    plain = [one for one in messages if one.category and not _is_special(one.category)]
    for nth, message in enumerate(plain[: len(WANTED) * 4]):
        steps = WANTED[nth % len(WANTED)]
        desk = sim.roster.of_district(PostKind.DESK)[0]
        ticket, _token = actions.report(
            by=desk, at=at - timedelta(minutes=40), text=message.text, place=message.place,
            nature=Nature.COMPLAINT, source=Source.PHONE, origin=Origin.RESIDENT,
            category=message.category, is_on_behalf=True,
            reporter=Reporter.build(name="陈女士", phone=f"1390000{nth:04d}"),
        )  # fmt: skip
        if steps >= 1:
            actions.accept(ticket, by=sim.roster.desk(ticket), at=at - timedelta(minutes=30))
        if steps >= 2:
            actions.route(ticket, at=at - timedelta(minutes=29))
        person = sim.roster.staff(ticket) if steps >= 3 else None
        if person is not None:
            actions.claim(ticket, by=person, at=at - timedelta(minutes=20))


def _is_special(category: Category) -> bool:
    is_urgent = category.urgency == Urgency.URGENT
    is_hard = category.is_about_staff or category.is_sensitive or category.needs_after_photo
    return is_urgent or is_hard


def _messages(count: int, luck: random.Random, at: datetime) -> list[Message]:
    minor = [row for row in law.categories().values() if row.parent_id and row.is_active]
    minor.sort(key=lambda row: row.code)
    buildings = list(Building.objects.order_by("code"))
    moments = sorted(_moment(luck, at) for _ in range(count))
    return [
        Message(
            source_id=f"bench-{nth}",
            text=said.report(luck),
            category=luck.choice(minor),
            nature=luck.choices(list(NATURES), list(NATURES.values()))[0],
            origin=luck.choices(list(ORIGINS), list(ORIGINS.values()))[0],
            reported_at=moment,
            closed_at=None,
            place=Place(building=luck.choice(buildings)),
        )
        for nth, moment in enumerate(moments)
    ]


def _moment(luck: random.Random, at: datetime) -> datetime:
    days = luck.uniform(0, 5) if luck.random() < RECENT else luck.uniform(0, DAYS)
    return at - timedelta(days=days, minutes=luck.randint(3, 600))
