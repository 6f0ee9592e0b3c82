"""What a report may say of itself, whom it is about, and a system without its tables."""

from django.urls import reverse

from grids.models import Unit
from tests.tickets.pages import entered, forms_in
from tests.tickets.steps import invalid, now_impossible
from tests.world import World
from tickets import actions
from tickets.forms.report import BehalfForm, OwnForm
from tickets.models import TimeLimit
from tickets.states import State


def test_a_resident_does_not_grade_the_urgency(nine: World) -> None:
    typed = forms_in(entered(nine.again("resident")).get(reverse("report")))["report"]
    assert "text" in typed
    assert "urgency" not in typed
    assert "urgency" not in OwnForm.base_fields


def test_urgent_needs_a_category(world: World) -> None:
    typed = {
        "text": "井盖没了", "nature": "HELP", "urgency": "URGENT", "address": "湖滨路 1 号",
        "key": "0123456789", "source": "PHONE", "name": "赵见诚",
    }  # fmt: skip
    form = BehalfForm(typed)
    assert set(form.errors) == {"category"}
    assert BehalfForm(typed | {"urgency": "HIGH"}).is_valid()


def test_a_report_about_staff_names_the_unit(world: World) -> None:
    ticket = world.reported(category=world.categories["conduct"])
    with invalid("about_unit"):
        actions.accept(ticket, by=world.desk, at=world.at)
    actions.accept(ticket, by=world.desk, at=world.at, about_unit=world.units["squad"])
    assert ticket.state == State.ACCEPTED


def test_without_its_limits_the_system_says_what_is_missing(world: World) -> None:
    TimeLimit.objects.all().delete()
    with now_impossible("load_law"):
        world.reported()


def test_without_units_the_system_says_what_is_missing(world: World) -> None:
    ticket = world.accepted()
    Unit.objects.update(is_active=False)
    with now_impossible("load_district"):
        actions.route(ticket, at=world.at)
