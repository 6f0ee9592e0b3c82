"""新上报: by post; once; with the link for the caller."""

import re
from typing import Any

import pytest
from django.urls import reverse

from tests.files import photo, upload
from tests.tickets.pages import entered, forms_in, text_of
from tests.world import World
from tickets.models import Category, Ticket
from tickets.states import State
from tickets.words import Nature, Origin, Source

SPOT = {"lat": "30.245", "lng": "120.155"}
CALLER = {"name": "赵见诚", "phone": "13900001234"}


def send(world: World, who: str, **typed: Any) -> Any:
    """The form of this person, filled in and sent."""
    client = entered(world.again(who))
    form = forms_in(client.get(reverse("report")))["report"]
    return client.post(reverse("report"), form | {"text": "楼道灯坏了"} | typed)


def test_a_desk_takes_down_what_a_caller_says(nine: World) -> None:
    answer = send(nine, "desk", category="0101", **SPOT, **CALLER)
    ticket = Ticket.objects.get()
    assert answer.status_code == 200
    assert (ticket.origin, ticket.source, ticket.is_on_behalf) == (
        Origin.RESIDENT, Source.PHONE, True,
    )  # fmt: skip
    assert ticket.reporter is not None
    assert ticket.reporter.phone == CALLER["phone"]


def test_the_caller_gets_a_link_and_its_picture(nine: World) -> None:
    page = text_of(send(nine, "desk", **SPOT, **CALLER))
    link = page.split('id="follow-link" href="http://testserver')[1].split('"')[0]
    assert link.startswith("/f/")
    assert 'src="data:image/png;base64,' in page
    assert entered(nine.resident).get(link).status_code == 200


def test_the_same_form_twice_is_one_ticket_and_the_link_is_shown_once(nine: World) -> None:
    client = entered(nine.desk)
    form = forms_in(client.get(reverse("report")))["report"]
    typed = form | {"text": "楼道灯坏了"} | SPOT | CALLER
    first, second = (client.post(reverse("report"), typed) for _turn in "12")
    number = Ticket.objects.get().number
    assert "follow-link" in text_of(first)
    assert "follow-link" not in text_of(second)
    assert number in text_of(second)


def test_the_same_key_for_something_else_is_refused(nine: World) -> None:
    client = entered(nine.desk)
    form = forms_in(client.get(reverse("report")))["report"] | SPOT | CALLER
    client.post(reverse("report"), form | {"text": "楼道灯坏了"})
    answer = client.post(reverse("report"), form | {"text": "电梯坏了"})
    assert answer.status_code == 422
    assert Ticket.objects.count() == 1


def test_a_caller_without_name_must_be_anonymous(nine: World) -> None:
    assert "勾选匿名" in text_of(send(nine, "desk", **SPOT))
    assert not Ticket.objects.exists()
    send(nine, "desk", is_anonymous="on", **SPOT)
    assert Ticket.objects.get().is_anonymous


def test_a_grid_worker_reports_what_they_found(nine: World) -> None:
    answer = send(nine, "grid_worker", **SPOT)
    ticket = Ticket.objects.get()
    assert answer["Location"] == reverse("ticket", args=[ticket.number])
    assert (ticket.origin, ticket.source, ticket.state) == (
        Origin.PATROL, Source.GRID_APP, State.REPORTED,
    )  # fmt: skip


def shots() -> dict[str, Any]:
    return {"before_photos": upload(photo()), "after_photos": upload(photo(shade=200))}


def test_a_grid_worker_settles_on_the_spot(nine: World) -> None:
    send(nine, "grid_worker", category="0101", is_settled="on", result="已清走", **SPOT, **shots())
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.is_settled) == (State.RESOLVED, True)
    assert ticket.words.get(kind="RESULT").text == "已清走"


@pytest.mark.parametrize("how", [{}, {"is_settled": "on", "result": "已清走"}])
def test_what_is_found_is_of_one_nature_settled_or_not(nine: World, how: dict[str, str]) -> None:
    send(nine, "grid_worker", category="0101", **how, **SPOT, **shots())
    assert Ticket.objects.get().nature == Nature.TIP


@pytest.mark.parametrize(
    ("who", "nature", "about"),
    [("grid_worker", "TIP", "发现的情况"), ("handler", "TIP", "发现的情况"),
     ("desk", "HELP", "诉求"), ("resident", "HELP", "诉求")],
)  # fmt: skip
def test_the_form_begins_with_what_its_user_mostly_brings(
    nine: World, who: str, nature: str, about: str
) -> None:
    page = entered(nine.again(who)).get(reverse("report"))
    assert forms_in(page)["report"]["nature"] == nature
    assert re.search(rf'<h2 class="card-title">.*?</svg>{about}</h2>', text_of(page))


def test_settling_needs_result_and_category(nine: World) -> None:
    page = text_of(send(nine, "grid_worker", is_settled="on", **SPOT))
    assert "请写明处置结果" in page
    assert "当场处置的，请选择类别" in page
    assert "请附上“处置前照片”" in page
    assert not Ticket.objects.exists()


def test_settling_elsewhere_is_refused_with_everything_typed(nine: World) -> None:
    answer = send(
        nine, "grid_worker", category="0101", is_settled="on", result="已清走", lat="30.245",
        lng="120.205", **shots(),
    )  # fmt: skip
    assert answer.status_code == 403
    assert forms_in(answer)["report"]["result"] == "已清走"


def test_an_account_without_a_post_speaks_for_itself(nine: World) -> None:
    send(nine, "resident", phone="13900001234", **SPOT)
    ticket = Ticket.objects.get()
    assert (ticket.reporter_person, ticket.is_on_behalf) == (nine.resident, False)
    assert ticket.origin == Origin.RESIDENT


def test_other_staff_report_what_they_found(nine: World) -> None:
    send(nine, "handler", address="湖滨路 9 号")
    ticket = Ticket.objects.get()
    assert (ticket.origin, ticket.source) == (Origin.PATROL, Source.PAGE)


def test_a_building_is_a_place(nine: World) -> None:
    send(nine, "desk", building="B1", **CALLER)
    assert Ticket.objects.get().division == nine.places["grid"]


def test_an_address_is_a_place_in_the_street_of_the_desk(nine: World) -> None:
    send(nine, "desk", address="南山路口", **CALLER)
    assert Ticket.objects.get().division == nine.places["street"]


def test_somewhere_is_needed(nine: World) -> None:
    answer = send(nine, "desk", **CALLER)
    assert answer.status_code == 422
    assert 'id="id_address_error"' in text_of(answer)


@pytest.mark.parametrize("who", ["desk", "grid_worker", "resident"])
def test_an_empty_form_names_everything_that_is_missing_at_once(nine: World, who: str) -> None:
    page = text_of(send(nine, who, text=""))
    assert 'id="id_text_error"' in page
    assert 'id="id_address_error"' in page
    assert page.count("请在地图上点出位置，或写明地址，或选一栋楼。") == 2  # summary and field


def test_half_a_place_is_no_second_error(nine: World) -> None:
    page = text_of(send(nine, "desk", lat="x", **CALLER))
    assert "请在地图上点出位置，或写明地址" not in page


BAD = [
    {"text": ""}, {"text": "字" * 20_001}, {"text": "\x00"}, {"category": "01"},
    {"category": "9999"}, {"nature": "RANT"}, {"urgency": "NOW"}, {"lat": "nan"}, {"lat": "91"},
    {"lng": "1e999"}, {"lat": "x"}, {"building": "没有这栋"}, {"address": "路" * 201},
    {"phone": "请勿打扰"}, {"phone": "1" * 21}, {"name": "赵" * 41}, {"source": "OPEN311"},
    {"lat": ""}, {"lng": ""}, {"text": "\u202e"}, {"name": "\u200b", "phone": ""},
    {"key": ""}, {"key": "x"}, {"key": "k" * 65}, {"key": "k\x00" * 5}, {"name": "\x00"},
]  # fmt: skip


@pytest.mark.parametrize("typed", BAD, ids=lambda typed: str(typed)[:30])
def test_bad_input_is_refused_and_nothing_is_made(nine: World, typed: dict[str, str]) -> None:
    answer = send(nine, "desk", **(SPOT | CALLER | typed))
    assert answer.status_code == 422
    assert "error-summary" in text_of(answer)
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(("half", "lacking"), [("lat", "经度"), ("lng", "纬度")])
def test_half_a_point_is_told_with_what_is_missing(nine: World, half: str, lacking: str) -> None:
    typed = {half: SPOT[half], "address": "湖滨路 1 号"}
    answer = send(nine, "desk", **typed, **CALLER)
    assert (answer.status_code, Ticket.objects.exists()) == (422, False)
    assert f"坐标要同时有纬度和经度，请补上“{lacking}”。" in text_of(answer)


def test_nothing_turns_the_words_of_others_round(nine: World) -> None:
    turned = {"text": "楼下\u202e路灯坏了", "address": "湖滨路\u2067 1 号", "name": "赵\u202e见诚"}
    send(nine, "desk", **SPOT, **turned)
    ticket = Ticket.objects.get()
    assert ticket.reporter is not None
    assert (ticket.address, ticket.reporter.name) == ("湖滨路 1 号", "赵见诚")
    assert ticket.words.get(kind="REPORT").text == "楼下路灯坏了"


def test_a_callers_number_may_be_typed_in_full_width_digits(nine: World) -> None:
    send(nine, "desk", phone="１３９００００１２３４", **SPOT)
    ticket = Ticket.objects.get()
    assert ticket.reporter is not None
    assert ticket.reporter.phone == CALLER["phone"]


def test_a_long_name_can_be_stored(nine: World) -> None:
    send(nine, "desk", name="赵" * 40, **SPOT)
    ticket = Ticket.objects.get()
    assert ticket.reporter is not None
    assert ticket.reporter.name == "赵" * 40


def test_a_category_out_of_use_is_not_offered(nine: World) -> None:
    Category.objects.filter(code="0102").update(is_active=False)
    page = text_of(entered(nine.desk).get(reverse("report")))
    assert 'value="0101"' in page
    assert 'value="0102"' not in page


def test_danger_is_called_and_still_sent(nine: World) -> None:
    answer = send(nine, "desk", category="0604", **SPOT, **CALLER)
    assert Ticket.objects.get().category == nine.categories["leak"]
    for number in ("119", "110", "120", "96333"):
        assert f'class="btn btn-danger w-100" href="tel:{number}"' in text_of(answer)


def test_a_dangerous_category_is_marked_in_the_list(nine: World) -> None:
    page = text_of(entered(nine.desk).get(reverse("report")))
    marked = re.findall(r'value="([0-9]+)" data-danger', page)
    assert marked == ["0604"]


def test_only_reading_and_sending_are_possible(nine: World) -> None:
    assert entered(nine.desk).delete(reverse("report")).status_code == 405
