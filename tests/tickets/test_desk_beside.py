"""What lies beside a ticket at the desk: similar ones nearby, earlier ones of its reporter."""

from datetime import timedelta
from typing import Any

import pytest

from tests.tickets.desk import at_desk, before, moved, near, pane, window
from tests.tickets.pages import text_of
from tests.world import World
from tickets import actions, desks
from tickets.models import Reporter, Ticket
from tickets.words import Nature


def test_the_nearest_comes_first(nine: World) -> None:
    far, here, close = (nine.reported(place=moved(nine, steps)) for steps in (3, 0, 1))
    assert near(nine, here) == [close, far]


def test_however_many_are_around_the_nearest_are_looked_at(
    nine: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _far, here, close = (nine.reported(place=moved(nine, steps)) for steps in (3, 0, 1))
    monkeypatch.setattr(desks, "LOOKED_AT", 1)
    assert near(nine, here) == [close]


@pytest.mark.parametrize(("steps", "is_near"), [(4, True), (5, False)])
def test_the_radius_is_the_categorys(nine: World, steps: int, is_near: bool) -> None:
    ticket, other = nine.reported(), nine.reported(place=moved(nine, steps))
    assert near(nine, ticket) == ([other] if is_near else [])
    window(nine, metres=100)
    assert near(nine, ticket) == [other]


@pytest.mark.parametrize(("hours", "is_near"), [(24, True), (25, False)])
def test_the_window_is_the_categorys(nine: World, hours: int, is_near: bool) -> None:
    old = nine.reported()
    ticket = nine.reported(at=nine.at + timedelta(hours=hours))
    assert near(nine, ticket) == ([old] if is_near else [])
    assert near(nine, old) == ([ticket] if is_near else [])


@pytest.mark.parametrize("given", [{"metres": 0}, {"hours": 0}])
def test_a_category_without_a_window_has_none(nine: World, given: Any) -> None:
    ticket, _other = nine.reported(), nine.reported()
    window(nine, **given)
    assert near(nine, ticket) == []


def test_another_category_is_not_similar(nine: World) -> None:
    ticket, _other = nine.reported(), nine.reported(category=nine.categories["manhole"])
    assert near(nine, ticket) == []


def test_what_has_ended_is_not_offered(nine: World) -> None:
    ticket, other = nine.reported(), nine.reported()
    elsewhere = nine.reported(category=nine.categories["manhole"])
    actions.merge(other, by=nine.desk, at=nine.at, target=elsewhere)
    assert near(nine, ticket) == []


def test_nothing_sensitive_is_near_nor_has_anything_near(nine: World) -> None:
    ticket, hidden = nine.reported(), nine.reported(nature=Nature.COMPLAINT)
    Ticket.objects.filter(pk=hidden.pk).update(is_sensitive=True)
    assert near(nine, ticket) == []
    assert near(nine, hidden) == []


def test_nothing_about_staff_is_near(nine: World) -> None:
    ticket, about = nine.reported(), nine.reported()
    Ticket.objects.filter(pk=about.pk).update(about_unit=nine.units["squad"])
    assert near(nine, ticket) == []


def test_what_cannot_be_seen_is_not_near(nine: World) -> None:
    ticket, other = (nine.reported(place=nine.far_spot, by=nine.far_desk) for _nth in range(2))
    assert near(nine, ticket) == []
    assert near(nine, ticket, "far_desk") == [other]


def test_no_more_are_offered_than_fit(nine: World) -> None:
    ticket = nine.reported()
    for _nth in range(desks.MOST_SIMILAR + 1):
        nine.reported()
    assert len(near(nine, ticket)) == desks.MOST_SIMILAR


def test_the_pane_offers_to_merge_and_to_link(nine: World) -> None:
    ticket, other = nine.reported(), nine.reported(place=moved(nine, 1))
    page = text_of(pane(at_desk(nine), ticket))
    assert f'data-fill="merge" data-target="{other.number}"' in page
    assert f'data-fill="link" data-target="{other.number}"' in page
    assert "11 米" in page


def test_earlier_reports_are_those_of_the_same_number(nine: World) -> None:
    old = nine.reported()
    stranger = Reporter.build(name="孙远", phone="13900009999")
    other, ticket = nine.reported(reporter=stranger), nine.reported()
    assert before(nine, ticket) == [old]
    assert before(nine, other) == []


def test_earlier_reports_are_those_of_the_same_account(nine: World) -> None:
    one, other = (Reporter.build(person=nine.resident) for _nth in range(2))
    old = nine.reported(by=nine.resident, reporter=one, is_on_behalf=False)
    ticket = nine.reported(by=nine.resident, reporter=other, is_on_behalf=False)
    assert before(nine, ticket) == [old]


def test_the_anonymous_have_no_earlier_reports_and_are_none(nine: World) -> None:
    plain, hidden = nine.reported(), nine.reported(is_anonymous=True)
    assert before(nine, hidden) == []
    assert before(nine, plain) == []


def test_earlier_reports_elsewhere_are_not_told(nine: World) -> None:
    nine.reported(place=nine.far_spot, by=nine.far_desk)
    ticket = nine.reported()
    assert before(nine, ticket) == []
    assert len(before(nine, ticket, "district_desk")) == 1


def test_whoever_may_not_know_the_reporter_gets_no_earlier_ones(nine: World) -> None:
    nine.reported()
    assert before(nine, nine.reported(), "leader") == []


def test_more_than_fit_are_said_to_be_there(nine: World) -> None:
    for _nth in range(desks.MOST_EARLIER + 1):
        nine.reported()
    assert "还有更早的" in text_of(pane(at_desk(nine), nine.reported()))


def test_what_was_said_earlier_is_shown(nine: World) -> None:
    nine.reported(text="楼道灯坏了一周", category=nine.categories["manhole"])
    assert "楼道灯坏了一周" in text_of(pane(at_desk(nine), nine.reported()))
