"""Retention: what ended long ago loses its words, by the rule that fits best."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from tests.races import race
from tests.tickets.steps import DAY, last, said
from tests.world import World
from tickets import actions, retention, sweeps
from tickets.models import Event, RetentionRule, Supervision, Ticket
from tickets.sweeps import erasing
from tickets.words import Origin, WordsKind

YEARS = timedelta(days=730)


@pytest.fixture
def general(db: None) -> RetentionRule:
    return RetentionRule.objects.create(code="general", days=730)


def withdrawn(world: World) -> Ticket:
    """Ended on the world's Monday."""
    ticket, token = world.reported_with_key()
    return actions.withdraw(ticket, by=world.key_of(token), at=world.at, text="已好")


@pytest.mark.usefixtures("general")
def test_it_is_erased_when_its_time_is_over_and_once(world: World) -> None:
    ticket = withdrawn(world)
    assert sweeps.run("erase", at=world.at + YEARS - DAY) == 0
    assert [sweeps.run("erase", at=world.at + YEARS) for _turn in range(2)] == [1, 0]
    assert last(ticket).data["rule"] == "general"
    assert said(ticket, WordsKind.REPORT) == [""]


def test_without_a_rule_everything_is_kept(world: World) -> None:
    withdrawn(world)
    assert sweeps.run("erase", at=world.at + 10 * YEARS) == 0


@pytest.mark.usefixtures("general")
def test_what_is_open_is_kept(world: World) -> None:
    world.handled()
    assert sweeps.run("erase", at=world.at + YEARS) == 0


@pytest.mark.usefixtures("general")
def test_what_is_under_supervision_is_kept_until_it_is_lifted(world: World) -> None:
    ticket = withdrawn(world)
    row = Supervision.objects.create(
        ticket=ticket, opened_by=world.leader, opened_at=world.at, opened_seq=1, due_at=world.at
    )
    assert sweeps.run("erase", at=world.at + YEARS) == 0
    Supervision.objects.filter(pk=row.pk).update(state="LIFTED", lifted_at=world.at)
    assert sweeps.run("erase", at=world.at + YEARS) == 1


@pytest.mark.usefixtures("general")
def test_what_was_merged_is_kept_while_the_other_is_open(world: World) -> None:
    lead = world.handled()
    actions.merge(world.reported(), by=world.desk, at=world.at, target=lead)
    assert sweeps.run("erase", at=world.at + YEARS) == 0


@pytest.mark.usefixtures("general")
def test_a_round_is_bounded_and_the_next_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "MOST", 2)
    for _turn in range(3):
        withdrawn(world)
    assert [sweeps.run("erase", at=world.at + YEARS) for _turn in range(3)] == [2, 1, 0]


@pytest.mark.parametrize(
    ("category", "origin", "code"),
    [
        ("litter", Origin.RESIDENT, "litter"), ("litter", Origin.PATROL, "litter"),
        ("manhole", Origin.PATROL, "patrol"), ("manhole", Origin.RESIDENT, "street"),
        ("leak", Origin.RESIDENT, "general"), ("", Origin.RESIDENT, "general"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("general")
def test_the_most_specific_rule_wins(
    world: World, category: str, origin: Origin, code: str
) -> None:
    of = world.categories
    for name, where, whence in (
        ("litter", of["litter"], ""), ("street", of["street_order"], ""),
        ("patrol", of["street_order"], Origin.PATROL),
    ):  # fmt: skip
        RetentionRule.objects.create(code=name, category=where, origin=whence, days=1)
    rule = retention.rule_for(of[category].pk if category else None, origin)
    assert rule
    assert rule.code == code


@pytest.mark.usefixtures("general")
def test_each_ticket_falls_under_one_rule(world: World) -> None:
    litter = world.categories["litter"]
    RetentionRule.objects.create(code="litter", category=litter, days=30)
    tickets = [withdrawn(world), world.reported(category=None), world.handled(origin="PATROL")]
    found = [
        (ticket.pk, rule.code)
        for rule, those in retention.by_rule()
        for ticket in Ticket.objects.filter(those)
    ]
    assert sorted(pk for pk, _code in found) == [ticket.pk for ticket in tickets]
    assert dict(found)[tickets[1].pk] == "general"


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_erase_once(committed_world: World) -> None:
    RetentionRule.objects.create(code="general", days=730)
    ticket, at = withdrawn(committed_world), committed_world.at + YEARS
    race(*[lambda: sweeps.run("erase", at=at)] * 2)
    assert Event.objects.filter(ticket=ticket, verb="erase").count() == 1


def test_what_was_erased_and_is_opened_again_speaks_again(world: World) -> None:
    RetentionRule.objects.create(code="soon", days=1)
    ticket = world.reported()
    actions.decline(ticket, by=world.desk, at=world.at, reason="BEYOND", answer="请找市级平台")
    request = ticket.approvals.get()
    actions.grant(request, by=world.shift_leader, at=world.at)
    sweeps.run("erase", at=world.at + 2 * DAY)
    ticket.refresh_from_db()
    assert ticket.erased_at == world.at + 2 * DAY
    actions.reopen(
        ticket, by=world.desk, at=world.at + 3 * DAY, reason="NOT_SOLVED", text="再看看",
        category=world.categories["litter"],
    )  # fmt: skip
    assert ticket.erased_at is None


def test_zero_days_and_two_rules_for_the_same_are_refused(general: RetentionRule) -> None:
    with pytest.raises(ValidationError):
        RetentionRule(code="none", days=0).full_clean()
    with pytest.raises(ValidationError):
        RetentionRule(code="again", days=9).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        RetentionRule.objects.create(code="again", days=9)


def test_due_ones_are_found_by_their_index(world: World) -> None:
    with connection.cursor() as cursor:
        # few lie there: what is asked is whether that index finds them in their order
        for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    due = Ticket.objects.filter(erased_at=None, ended_at__isnull=False, ended_at__lte=world.at)
    assert "ended_unerased" in due.order_by("ended_at", "id")[:100].explain()
