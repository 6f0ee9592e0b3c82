"""The rule tables: what an edit of a clerk does."""

from decimal import Decimal

import pytest

from common.law import bump
from tests.tickets.steps import clock, invalid
from tests.world import World
from tickets import law, limits
from tickets.models import Category, ReasonCode, TimeLimit, VerifyRule
from tickets.words import Promise


def test_a_reason_out_of_use_is_not_taken_but_still_told(world: World) -> None:
    ReasonCode.objects.filter(verb="void", code="DUPLICATE").update(
        is_active=False, text="重复录入"
    )
    with invalid("reason"):
        law.reason("void", "DUPLICATE")
    assert law.find_reason("void", "DUPLICATE") is None
    assert law.reason_text("void", "DUPLICATE") == "重复录入"
    assert law.reasons("void") == []


def test_a_reason_is_known_for_its_own_verb_only(world: World) -> None:
    assert law.reason("void", "DUPLICATE").code == "DUPLICATE"
    with invalid("reason"):
        law.reason("decline", "DUPLICATE")


def test_a_code_nobody_knows_shows_itself(world: World) -> None:
    assert law.reason_text("void", "MOON") == "MOON"


def test_the_longest_hollow_phrase_comes_first(world: World) -> None:
    lengths = [len(phrase) for phrase in law.hollow_phrases()]
    assert lengths == sorted(lengths, reverse=True)


def test_without_its_limit_nothing_is_promised(world: World) -> None:
    TimeLimit.objects.filter(promise=Promise.ACCEPT).delete()
    with pytest.raises(LookupError, match="load_law"):
        world.reported()


def test_a_ticket_keeps_a_snapshot_of_what_was_promised(world: World) -> None:
    ticket = world.reported()
    TimeLimit.objects.filter(promise=Promise.ACCEPT).update(value=Decimal(1))
    assert clock(ticket, Promise.ACCEPT).value == 4
    assert limits.of(Promise.ACCEPT, ticket).value == 1


@pytest.mark.parametrize(("value", "kind", "wanted"), [(4, "WORK_HOUR", 4), (3, "WORK_DAY", 24)])
def test_a_raised_urgency_never_gives_more_time(
    world: World, value: int, kind: str, wanted: int
) -> None:
    own = {"promise": "RESOLVE", "category": world.categories["litter"]}
    TimeLimit.objects.create(**own, value=Decimal(value), kind=kind)
    ticket = world.handled(urgency="URGENT")
    assert clock(ticket, Promise.RESOLVE).value == wanted
    assert clock(world.handled(), Promise.RESOLVE).value == value


def test_an_urgent_category_keeps_its_own_limit(world: World) -> None:
    own = {"promise": "RESOLVE", "category": world.categories["manhole"]}
    TimeLimit.objects.create(**own, value=Decimal(48), kind="URGENT_HOUR")
    ticket = world.handled(category=world.categories["manhole"])
    assert clock(ticket, Promise.RESOLVE).value == 48


def test_a_limit_without_calendar_runs_on_the_categorys(world: World) -> None:
    ticket = world.reported()
    limit = limits.of(Promise.ACCEPT, ticket)
    assert limits.calendar(limit, ticket) == "street7"
    ticket.category = None
    assert limits.calendar(limit, ticket) == "office"


def test_the_total_is_the_sum_of_the_norms(world: World) -> None:
    ticket = world.reported()
    moment = world.at
    for promise in limits.TOTAL_PARTS:
        moment = limits.window_end(promise, ticket, moment)
    assert clock(ticket, Promise.TOTAL).due_at == moment


def test_an_edit_is_seen_once_its_stamp_is_raised(world: World, stamps_only: None) -> None:
    before = law.categories()
    Category.objects.filter(code="0101").update(name="暴露垃圾")
    assert law.categories() is before
    bump(law.STAMP)
    names = {row.name for row in law.categories().values()}
    assert "暴露垃圾" in names


def test_a_verification_by_nature_is_a_row(world: World) -> None:
    VerifyRule.objects.create(nature="PRAISE", verify_by="NONE")
    assert law.verify_rules() == {(None, "PRAISE"): "NONE"}
