"""通知设置: what one may choose, what is refused, what is never shown again."""

from typing import Any

import pytest

from notices.models import Preference
from tests.browser import OpenPage
from tests.tickets.browsing import check, open_street, visit
from tests.tickets.pages import entered, text_of
from tests.world import World
from tickets.forms.preferences import GROUPS
from tickets.notices import PUBLIC, SILENT, TABLE

PAGE = "/me/notices/"


@pytest.fixture
def street(
    committed_world: World, settings: Any, tmp_path_factory: pytest.TempPathFactory
) -> World:
    return open_street(committed_world, settings, tmp_path_factory.mktemp("street"))


def filled(**more: Any) -> dict[str, Any]:
    return {"language": "zh-hans", "EMAIL-is_on": "on", "SMS-is_on": "on"} | more


def rows(world: World, name: str = "handler") -> dict[str, Preference]:
    return {row.channel: row for row in Preference.objects.filter(person=world.people[name])}


def test_what_was_chosen_is_kept(world: World) -> None:
    given = filled(**{
        "SMS-address": "139 0000 4321", "SMS-groups": ["time"], "EMAIL-quiet_from": "12:00",
        "EMAIL-quiet_to": "13:30", "language": "en",
    })  # fmt: skip
    assert entered(world.handler).post(PAGE, given).status_code == 302
    found = rows(world)
    assert found["SMS"].address == "13900004321"
    assert frozenset(found["SMS"].verbs) == GROUPS["time"][1]
    assert (found["EMAIL"].quiet_from, found["EMAIL"].quiet_to) == (720, 810)
    assert (found["ZHEDING"].is_on, found["EMAIL"].language) == (False, "en")


def test_saved_again_it_stays(world: World) -> None:
    client = entered(world.handler)
    client.post(PAGE, filled(**{"SMS-address": "13900004321", "SMS-groups": ["time", "work"]}))
    before = Preference.objects.values()
    shown = client.get(PAGE).context["forms"]
    again = filled(**{"SMS-groups": shown[1][0].initial["groups"]})
    assert client.post(PAGE, again).status_code == 302
    assert list(Preference.objects.values()) == list(before)


def test_an_address_is_shown_masked_and_can_be_deleted(world: World) -> None:
    client = entered(world.handler)
    client.post(PAGE, filled(**{"SMS-address": "13900004321"}))
    page = text_of(client.get(PAGE))
    assert ("139****4321" in page, "13900004321" in page) == (True, False)
    client.post(PAGE, filled(**{"SMS-forget": "on"}))
    assert rows(world)["SMS"].address is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"SMS-address": "12345"}, "11 位手机号码"),
        ({"EMAIL-address": "li@"}, "邮"),
        ({"EMAIL-quiet_from": "22:00"}, "起止要一起填"),
        ({"EMAIL-quiet_from": "25:00"}, "时间"),
        ({"EMAIL-groups": "everything"}, "everything"),
        ({"language": "fr"}, "fr"),
        ({"language": ""}, "请选择"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_kept(
    world: World, given: dict[str, Any], said: str
) -> None:
    answer = entered(world.handler).post(PAGE, filled(**given))
    assert (answer.status_code, Preference.objects.count()) == (422, 0)
    assert said in text_of(answer)


def test_every_action_one_is_told_of_can_be_chosen() -> None:
    assert frozenset().union(*(verbs for _label, verbs in GROUPS.values())) == set(TABLE) - SILENT


def test_residents_choose_among_what_residents_are_told(world: World) -> None:
    shown = entered(world.resident).get(PAGE).context["forms"]
    assert [name for name, _label in shown[0][0].fields["groups"].choices] == ["mine"]
    public = {
        verb for verb, told in TABLE.items() if any(set(row.told) & set(PUBLIC) for row in told)
    }
    assert public <= GROUPS["mine"][1]


def test_the_page_fits_and_is_accessible(street: World, open_page: OpenPage) -> None:
    Preference.objects.create(
        person=street.handler, channel="SMS", address="13900004321", verbs=["rate", "object"],
        quiet_from=720, quiet_to=810,
    )  # fmt: skip
    page = visit(open_page(width=390), "handler", PAGE)
    check(page, "preferences")


def test_the_page_is_english_too(street: World, open_page: OpenPage) -> None:
    page = visit(open_page(width=1440), "handler", PAGE)
    page.get_by_role("button", name="English").click()
    check(page, "preferences-english")
    assert "通知" not in page.locator("main").inner_text()
