"""A small town at random: people do what they may, time passes, sweeps run (test_random_walk)."""

import inspect
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from hypothesis import note

from common.actors import SYSTEM, Actor
from common.errors import Gone, Refused
from grids import workdays
from grids.models import Person, Post
from tests.files import settled
from tests.world import ANSWER, REASONS, World
from tickets import actions, checklists, permits, sweeps
from tickets.actions import Place
from tickets.keys import open_key
from tickets.models import Approval, Assist, ChecklistLine, Ticket
from tickets.models.approval import ApprovalState
from tickets.models.checklist import CheckAnswer, CheckedAt
from tickets.states import ENDED, State
from tickets.words import Nature, Origin, Source, Urgency

TOWN = 4
"""So many tickets at most are reported; splitting makes more."""
LOOKING = 10
NOT_NEEDED = frozenset(
    {"ticket", "by", "at", "seen", "rule", "because", "reporter", "idempotency_key"}
)
PAUSES = (timedelta(minutes=1), timedelta(minutes=40), timedelta(hours=5), timedelta(days=1),
          timedelta(days=8))  # fmt: skip


@dataclass
class Walk:
    """One walk through the town."""

    world: World
    random: Random
    at: datetime = field(init=False)
    people: dict[str, Person] = field(init=False)
    tokens: dict[int, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.at = self.world.at
        self.people = {person.username: person for person in Person.objects.order_by("pk")}

    def one_of(self, *values: Any) -> Any:
        return self.random.choice(values)

    def ticket(self) -> Ticket | None:
        found = list(Ticket.objects.order_by("-id"))
        return self.one_of(*found) if found else None

    def actors(self, ticket: Ticket) -> list[Actor]:
        """The whole cast in any order, but first its unit and everybody with a key of it."""
        people = list(self.people.values())
        self.random.shuffle(people)
        people.sort(key=lambda person: not _is_of(person, ticket.unit_id, self.at))
        keys = []
        for token in self.tokens.get(ticket.pk, []):
            with suppress(Gone):  # it ended long ago
                keys.append(open_key(token, at=self.at)[0])
        return [*keys[-3:], *people]

    # what can happen

    def report(self) -> None:
        """上报, by a resident on the phone, on patrol, or by a machine."""
        if Ticket.objects.count() >= TOWN:
            return
        category = self.one_of(None, *MINOR)
        ticket, token = self.world.reported_with_key(
            at=self.at, origin=self.one_of(*Origin.values), nature=self.one_of(*Nature.values),
            source=self.one_of(Source.PHONE, Source.SENSOR), place=self.place(),
            category=category and self.world.categories[category],
        )  # fmt: skip
        self.tokens.setdefault(ticket.pk, []).extend([token] if token else [])
        note(f"{self.at} {ticket.pk} report {ticket.origin} {category}")

    def bring_in(self) -> None:
        """迁入 of an open row and of one that was closed long ago."""
        if Ticket.objects.count() < TOWN:
            past = self.at - timedelta(days=90)
            ticket = actions.bring_in(
                at=self.at, text="旧系统里的一条", place=self.place(), profile="old",
                source_id=str(Ticket.objects.count()), reported_at=past,
                category=self.world.categories[self.one_of(*MINOR)],
                ended_at=self.one_of(None, past + timedelta(days=9)),
            )  # fmt: skip
            note(f"{self.at} {ticket} is brought in")

    def settle(self) -> None:
        """自行处置."""
        if Ticket.objects.count() < TOWN:
            category = self.world.categories[self.one_of(*MINOR)]
            asked = checklists.lines_of("resolve", category.pk)
            ticket = actions.settle(
                by=self.world.grid_worker, at=self.at, text="绿化带里有积水", place=self.world.spot,
                category=category, result="已疏通", files=settled(),
                checks={line.code: CheckAnswer.YES for line in asked},
            )  # fmt: skip
            note(f"{self.at} {ticket.pk} settle")

    def follow(self) -> None:
        """关注, taken down by the desk."""
        ticket = self.ticket()
        if ticket is None:
            return
        try:
            token = actions.follow(ticket, by=self.world.desk, at=self.at)[1]
        except Refused:
            return
        self.tokens.setdefault(ticket.pk, []).append(token)
        note(f"{self.at} {ticket.pk} follow")

    def do_what_is_allowed(self) -> None:
        """A few people look at a ticket; one of them does what the table lets them."""
        ticket = self.ticket()
        if ticket is None:
            return
        found = [
            (actor, move.verb)
            for actor in self.actors(ticket)[:LOOKING]
            for move in permits.allowed(actor, ticket, at=self.at)
        ]
        if found:
            weights = [WEIGHTS.get(verb, 2) for _actor, verb in found]
            actor, verb = self.random.choices(found, weights)[0]
            self._call(verb, ticket, actor)

    def try_what_is_not_allowed(self) -> None:
        """A verb without a button: refused, and nothing has changed."""
        ticket = self.ticket()
        if ticket is None or ticket.state == State.MERGED:  # a key of it acts on the lead
            return
        actor = self.one_of(*self.actors(ticket))
        buttons = {move.verb for move in permits.allowed(actor, ticket, at=self.at)}
        verb = self.one_of(*sorted(set(actions.ON_TICKET) - buttons))
        before = _marks()
        is_done = self._call(verb, ticket, actor)
        assert not is_done, f"{verb} has no button for {actor.actor_ref}, yet it was done"
        assert _marks() == before

    def decide(self) -> None:
        """Somebody countersigns, grants or refuses a request, if they may."""
        pending = list(Approval.objects.filter(state=ApprovalState.PENDING))
        if not pending:
            return
        approval = self.one_of(*pending)
        is_signed = not approval.needs_countersign or approval.countersigned_at
        verb: Any = actions.grant if is_signed else actions.countersign
        verb, needs = self.one_of((verb, {}), (verb, {}), (actions.refuse, {"text": "再想想"}))
        for name in self.random.sample(DECIDERS, k=len(DECIDERS)):
            try:
                verb(approval, by=self.people[name], at=self.at, **needs)
            except Refused:
                continue
            note(f"{self.at} {approval.ticket_id} {verb.__name__} {approval.kind} by {name}")
            return

    def erase(self) -> None:
        """脱敏 of whatever has ended."""
        ended = list(Ticket.objects.filter(state__in=ENDED))
        if ended:
            ticket = self.one_of(*ended)
            actions.erase(ticket, by=SYSTEM, at=self.at, rule="test")
            note(f"{self.at} {ticket.pk} erase")

    def come_or_go(self) -> None:
        """A handler leaves the post, or comes back; the route sweep finds orphans."""
        post = Post.objects.get(person=self.world.handler)
        Post.objects.filter(pk=post.pk).update(is_active=not post.is_active)
        self.people["handler"] = Person.objects.get(username="handler")
        note(f"{self.at} handler is {'gone' if post.is_active else 'back'}")
        sweeps.run("route", at=self.at)

    def change_checklist(self) -> None:
        """A clerk asks for one more thing to be looked at, or for one less."""
        name, verb = self.one_of(*MINOR, "street_order"), self.one_of(*CheckedAt.values)
        line, is_new = ChecklistLine.objects.get_or_create(
            code=f"{name}-{verb}", category=self.world.categories[name], verb=verb,
            defaults={"text": "现场已看过", "is_required": self.one_of(True, False)},
        )  # fmt: skip
        ChecklistLine.objects.filter(pk=line.pk).update(is_active=is_new or not line.is_active)
        note(f"{self.at} checklist {line.code}")

    def wait(self) -> None:
        """Time passes, and a sweep or two come by."""
        self.at += self.one_of(*PAUSES)
        for name in self.random.sample(sorted(sweeps.SWEEPS), k=2):
            note(f"{self.at} sweep {name}: {sweeps.run(name, at=self.at)}")

    # plausible needs

    def place(self) -> Place:
        return self.one_of(
            self.world.spot, Place(lat=30.245, lng=120.165), Place(address="只知道街名的地方")
        )

    def _call(self, verb: str, ticket: Ticket, actor: Actor) -> bool:
        function = actions.ON_TICKET[verb]
        needs = {
            name: self._need(name, verb, ticket)
            for name in inspect.signature(function).parameters
            if name not in NOT_NEEDED
        }
        said = f"{self.at} {ticket.pk} {ticket.state} {verb} by {actor.actor_ref}"
        try:
            function(Ticket.objects.get(pk=ticket.pk), by=actor, at=self.at, **needs)
        except Refused as refused:
            note(f"{said}: {refused.sentence}")
            return False
        note(said)
        return True

    def _need(self, name: str, verb: str, ticket: Ticket) -> Any:
        if name in CHOICES:
            return self.one_of(*CHOICES[name])
        if name == "checks":
            return self._checks(verb, ticket)
        if name in ("answer", "final_answer", "proposed_answer"):
            return ANSWER
        if name == "reason":
            return self.one_of(*REASONS.get(verb, ("DONE",)))
        found = getattr(self, f"_{name}", None)
        return found(ticket) if found else "已经看过，情况属实"

    def _checks(self, verb: str, ticket: Ticket) -> dict[str, str]:
        """Mostly all of them; now and then one is forgotten."""
        asked = [line.code for line in checklists.lines(verb, ticket)]
        forgotten = self.one_of(*asked, "", "", "")
        return {
            code: self.one_of(*CheckAnswer.values, CheckAnswer.YES)
            for code in asked
            if code != forgotten
        }

    def _observed_at(self, ticket: Ticket) -> Any:
        return self.one_of(None, self.at - timedelta(hours=3), self.at - timedelta(days=2))

    def _files(self, ticket: Ticket) -> Any:
        return self.one_of(settled(), settled(), [])

    def _category(self, ticket: Ticket) -> Any:
        name = self.one_of(None, *MINOR)
        return name and self.world.categories[name]

    def _unit(self, ticket: Ticket) -> Any:
        return self.world.units[self.one_of(*MANNED * 4, *self.world.units)]

    def _about_unit(self, ticket: Ticket) -> Any:
        return self.one_of(None, None, None, *self.world.units.values())

    def _about_person(self, ticket: Ticket) -> Any:
        return self.one_of(None, None, None, *self.people.values())

    def _handler(self, ticket: Ticket) -> Any:
        names = ("handler", "other_handler", "clerk", "head", "fire_handler", "office_handler")
        return self.world.people[self.one_of(*names)]

    def _target(self, ticket: Ticket) -> Any:
        return self.ticket()

    def _assist(self, ticket: Ticket) -> Any:
        found = list(Assist.objects.filter(ticket=ticket)) or [Assist(ticket=ticket)]
        return self.one_of(*found)

    def _place(self, ticket: Ticket) -> Any:
        return self.place() if self.one_of(True, False) else None

    def _resume_on(self, ticket: Ticket) -> Any:
        return (self.at + timedelta(days=self.one_of(2, 20))).date()

    def _due_on(self, ticket: Ticket) -> Any:
        return workdays.of_office((self.at + timedelta(days=3)).date())


ONWARD = ("accept", "dispatch", "claim", "enlist", "answer_assist", "resolve", "verify", "reply",
          "rate", "resume", "reopen")  # fmt: skip
ASIDE = ("merge", "withdraw", "answer", "redirect", "supervise", "note", "urge", "split", "link",
         "void", "unmerge", "inquire", "lift_supervision", "answer_supervision",
         "follow_up")  # fmt: skip
WEIGHTS = dict.fromkeys(ONWARD, 24) | dict.fromkeys(ASIDE, 1)
"""So that many a walk comes to an end of the chain."""
MANNED = ("squad", "fire", "office")
MINOR = ("litter", "advice", "manhole", "own_word", "leak", "alone", "conduct")
DECIDERS = ("head", "office_head", "shift_leader", "leader", "district_shift_leader",
            "district_leader", "district_desk", "desk")  # fmt: skip
CHOICES: dict[str, tuple[Any, ...]] = {
    "urgency": ("", *Urgency.values),
    "nature": ("", *Nature.values),
    "confirm_result": ("EXISTS", "NOT", "UNABLE", ""),
    "assist_result": ("DONE", "NOT_OURS"),
    "is_reached": (True, False),
    "is_solved": (True, True, False),
    "wants_call": (False, True),
    "rate_reason": ("", "SLOW"),
    "override": ("",),
    "stars": (5, 4, 3, 2, 1),
    "days": (1, 5),
    "result": ("DONE", "NOT_FOUND"),
    "position": ((30.2451, 120.1551), None),
}


def _is_of(person: Person, unit_id: int | None, at: datetime) -> bool:
    return any(post.unit_id == unit_id for post in person.posts_at(at) if post.unit_id)


def _marks() -> list[tuple[int, int, int]]:
    return list(Ticket.objects.order_by("pk").values_list("pk", "version", "seq"))
