"""被反映: whom a report is about is named by the desk, and sees nothing of it from then on."""

from typing import Any

import pytest
from django.urls import reverse

from grids.models import Person, Post, PostKind
from tests.tickets.pages import do, entered, forms_in, text_of
from tests.tickets.steps import fresh, invalid, last
from tests.world import World
from tickets import actions
from tickets.models import Ticket


def page(world: World, who: str, ticket: Ticket) -> Any:
    return entered(world.again(who)).get(reverse("ticket", args=[ticket.number]))


def suggested(world: World, text: str, who: str = "desk") -> Any:
    return entered(world.again(who)).get(reverse("suggest_people"), {"q": text})


def amended(world: World, ticket: Ticket, **typed: str) -> Any:
    return do(entered(world.desk), ticket.number, "amend", **typed)


# --- accept 受理


def test_accepting_names_a_person(nine: World) -> None:
    ticket = nine.reported()
    typed = {"category": "1007", "about_person": f"{nine.handler.pk} {nine.handler}"}
    assert do(entered(nine.desk), ticket.number, "accept", **typed).status_code == 302
    assert fresh(ticket).about_person == nine.handler


def test_a_report_about_staff_names_somebody(nine: World) -> None:
    ticket = nine.reported()
    answer = do(entered(nine.desk), ticket.number, "accept", category="1007")
    assert answer.status_code == 422
    assert 'id="accept-about_unit_error"' in text_of(answer)


# --- amend 更正


def test_the_desk_names_unit_and_person_afterwards(nine: World) -> None:
    ticket = nine.reported()
    amended(nine, ticket, about_unit="XF", about_person=str(nine.fire_handler))
    found = fresh(ticket)
    assert (found.about_unit, found.about_person) == (nine.units["fire"], nine.fire_handler)
    shown = text_of(page(nine, "desk", ticket))
    assert f"被反映人员：{nine.fire_handler}" in shown
    assert "被反映单位：" in shown


def test_left_empty_whom_it_is_about_stays(nine: World) -> None:
    ticket = nine.reported()
    amended(nine, ticket, about_unit="XF")
    amended(nine, ticket, amend_urgency="HIGH")
    assert fresh(ticket).about_unit == nine.units["fire"]


def test_a_unit_is_not_asked_whom_it_is_about(nine: World) -> None:
    form = forms_in(page(nine, "handler", nine.handled()))["verb-amend"]
    assert not {"about_unit", "about_person"} & set(form)


def test_a_unit_that_sends_the_field_names_nobody(nine: World) -> None:
    ticket = nine.handled()
    do(entered(nine.handler), ticket.number, "amend", amend_urgency="HIGH", about_unit="XF")
    assert fresh(ticket).about_unit is None


@pytest.mark.parametrize("who", ["clerk", "handler", "head"])
def test_the_unit_concerned_loses_sight(nine: World, who: str) -> None:
    ticket = nine.dispatched()
    actions.redirect(ticket, by=nine.desk, at=nine.at, unit=nine.units["office"], text="回避")
    assert page(nine, who, ticket).status_code == 200
    amended(nine, ticket, about_unit="CG-003")
    assert page(nine, who, ticket).status_code == 404
    assert ticket.number not in text_of(entered(nine.again(who)).get("/?tab=open"))


def test_the_person_concerned_loses_sight_and_the_unit_does_not(nine: World) -> None:
    ticket = nine.handled()
    amended(nine, ticket, about_person=str(nine.head))
    codes = {who: page(nine, who, ticket).status_code for who in ("head", "handler", "desk")}
    assert codes == {"head": 404, "handler": 200, "desk": 200}


def test_whom_it_is_about_is_told_to_nobody_who_may_not_read(nine: World) -> None:
    ticket = nine.accepted(category=nine.categories["conduct"])
    amended(nine, ticket, about_person=str(nine.office_handler))
    shown = text_of(page(nine, "grid_worker", ticket))
    assert not any(word in shown for word in ("被反映", str(nine.office_handler), "XF"))


@pytest.mark.parametrize(
    ("field", "typed"), [("about_unit", "CG-003"), ("about_person", "handler")]
)
def test_who_holds_the_ticket_lets_go_first(nine: World, field: str, typed: str) -> None:
    ticket = nine.handled()
    text = str(nine.people[typed]) if typed in nine.people else typed
    answer = amended(nine, ticket, **{field: text})
    assert answer.status_code == 422
    assert f'id="amend-{field}_error"' in text_of(answer)
    assert "请先释放" in text_of(answer)
    assert last(ticket).verb == "claim"


def test_a_handler_with_a_second_post_in_that_unit_lets_go_first(nine: World) -> None:
    ticket = nine.handled()
    Post.objects.create(person=nine.handler, kind=PostKind.HANDLER, unit=nine.units["fire"])
    with invalid("about_unit"):
        actions.amend(ticket, by=nine.desk, at=nine.at, about_unit=nine.units["fire"])
    assert fresh(ticket).about_unit is None


def test_a_helping_unit_is_let_off_first(nine: World) -> None:
    ticket = nine.handled()
    office = nine.units["office"]
    actions.enlist(ticket, by=nine.handler, at=nine.at, unit=office, question="请协助")
    answer = amended(nine, ticket, about_unit="JD-003")
    assert answer.status_code == 422
    assert "请先免于协办" in text_of(answer)


def test_the_person_concerned_is_not_offered_as_handler(nine: World) -> None:
    ticket = nine.dispatched()
    amended(nine, ticket, about_person=str(nine.handler))
    shown = text_of(page(nine, "desk", ticket))
    assert f'<option value="{nine.handler.pk}">' not in shown
    assert f'<option value="{nine.other_handler.pk}">' in shown


# --- whom a text means


@pytest.mark.parametrize("typed", ["人 消防", "nobody", "0", "9" * 30, "%", "人0\x00"])
def test_an_unknown_person_is_refused(nine: World, typed: str) -> None:
    answer = amended(nine, nine.reported(), about_person=typed)
    assert answer.status_code == 422
    assert 'id="amend-about_person_error"' in text_of(answer)


def test_two_of_one_name_are_told_apart_by_unit_and_number(nine: World) -> None:
    Person.objects.filter(username__in=("handler", "fire_handler")).update(name="王伟")
    ticket = nine.reported()
    answer = text_of(amended(nine, ticket, about_person="王伟"))
    for who, unit in (("handler", "squad"), ("fire_handler", "fire")):
        assert f"{nine.people[who].pk} 王伟（{nine.units[unit]} 处置人员）" in answer
    amended(nine, ticket, about_person=f"{nine.fire_handler.pk} 王伟")
    assert fresh(ticket).about_person == nine.fire_handler


def test_who_holds_no_post_of_staff_cannot_be_named(nine: World) -> None:
    Post.objects.create(person=nine.resident, kind=PostKind.HOST, division=nine.places["community"])
    assert amended(nine, nine.reported(), about_person=str(nine.resident)).status_code == 422


# --- suggestions


def test_people_of_a_unit_are_suggested_with_their_posts(nine: World) -> None:
    found = suggested(nine, "JD-003").json()["options"]
    assert found == [
        {"value": f"{person.pk} {person}", "note": f"{nine.units['office']} {post}"}
        for person, post in ((nine.office_handler, "处置人员"), (nine.office_head, "单位负责人"))
    ]


def test_a_person_is_suggested_by_name_and_by_sound(nine: World) -> None:
    Person.objects.filter(username="clerk").update(name="王伟", pinyin="wangwei ww")
    for text in ("王伟", "wangw", "ww CG-003"):
        found = suggested(nine, text).json()["options"]
        assert [row["value"] for row in found] == [f"{nine.clerk.pk} 王伟"], text


def test_nothing_else_of_a_person_is_told(nine: World) -> None:
    Person.objects.filter(username="clerk").update(email="ww@example.org")
    answer = text_of(suggested(nine, str(nine.clerk)))
    assert not any(word in answer for word in ("clerk", "example.org"))


@pytest.mark.parametrize("text", ["", " ", "x" * 5000, "%_", "\\"])
def test_nobody_is_suggested_for_nothing(nine: World, text: str) -> None:
    assert suggested(nine, text).json() == {"options": []}


@pytest.mark.parametrize("who", ["resident", "grid_worker", "handler", "head", "inspector"])
def test_only_the_desk_is_told_who_works_where(nine: World, who: str) -> None:
    assert suggested(nine, "JD-003", who).status_code == 403
