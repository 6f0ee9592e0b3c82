"""来电: earlier tickets of whoever is on the phone."""

from typing import Any

import pytest

from common.secrets import lookup_hash
from tests.tickets.desk import at_desk
from tests.tickets.english import english, left
from tests.tickets.pages import entered, text_of
from tests.world import World
from tickets import phones
from tickets.models import PhoneLookup

CALLER = "/desk/caller/"
NUMBER = "13900001234"


def call(client: Any, number: str = NUMBER) -> Any:
    return client.post(CALLER, {"phone": number})


def test_earlier_tickets_are_told_and_the_look_up_is_on_record(nine: World) -> None:
    ticket = nine.reported(text="楼道灯坏了")
    page = text_of(call(at_desk(nine), "139 0000 1234"))
    assert ticket.number in page
    assert "楼道灯坏了" in page
    assert "登记为关注" in page
    row = PhoneLookup.objects.get()
    assert (row.person, row.phone_hash, row.found) == (nine.desk, lookup_hash(NUMBER), 1)
    assert row.reason == "代报来电"


def test_a_number_nobody_called_from_is_said_to_be_new(nine: World) -> None:
    assert "此前没有工单" in text_of(call(at_desk(nine), "13900009999"))


@pytest.mark.parametrize("number", ["", "1390000", "139000012"])
def test_half_a_number_looks_nothing_up(nine: World, number: str) -> None:
    assert call(at_desk(nine), number).status_code == 204
    assert not PhoneLookup.objects.exists()


def test_elsewhere_is_not_told(nine: World) -> None:
    nine.reported(place=nine.far_spot, by=nine.far_desk)
    assert "此前没有工单" in text_of(call(at_desk(nine)))


def test_so_many_an_hour_and_then_when_again(nine: World, monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = phones.Allowance("intake_call", limit=2, window=phones.CALLS.window)
    monkeypatch.setattr(phones, "CALLS", fewer)
    client = at_desk(nine)
    answered = [call(client) for _nth in range(3)]
    assert [one.status_code for one in answered] == [200, 200, 429]
    assert answered[-1]["Retry-After"]
    assert "最多按电话查找 2 次" in text_of(answered[-1])


def test_it_is_for_desks_only(nine: World) -> None:
    assert call(entered(nine.again("inspector"))).status_code == 403


def test_the_form_of_the_desk_asks_for_it_and_no_other(nine: World) -> None:
    assert 'id="caller"' in text_of(at_desk(nine).get("/report/"))
    assert 'id="caller"' not in text_of(entered(nine.again("grid_worker")).get("/report/"))


def test_it_is_told_in_english(nine: World) -> None:
    nine.reported()
    assert left(call(english(nine.desk)), "楼下垃圾堆了三天没有人清运") == []
