"""管理后台: law tables are edited within reason, the record is read only and masked."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from common.models import LawStamp
from grids.models import Person
from tests.tickets.pages import entered, forms_in, text_of
from tests.world import World
from tickets import law
from tickets.admin.forms import RoutingRuleForm
from tickets.models import (
    ApprovalRule,
    Category,
    HollowPhrase,
    ReasonCode,
    RoutingRule,
    SourcePolicy,
    Ticket,
    TimeLimit,
    VerifyRule,
)

LAW = (Category, ReasonCode, HollowPhrase, SourcePolicy, RoutingRule, TimeLimit, ApprovalRule)
RECORD = (
    "ticket", "event", "clock", "approval", "assist", "supervision", "participation", "rating",
    "ticketlink", "reveal", "seal",
)  # fmt: skip
UNSEEN = ("numbercounter", "words", "reporter", "followkey", "follower", "pause")


@pytest.fixture
def chief(nine: World) -> Client:
    """A superuser, who holds no post that sees tickets."""
    Person.objects.filter(pk=nine.admin.pk).update(is_staff=True, is_superuser=True)
    return entered(nine.again("admin"))


def form_of(client: Client, address: str) -> dict[str, str]:
    return next(
        form for key, form in forms_in(client.get(address)).items() if key.endswith("_form")
    )


def save(client: Client, row: Any, **changes: Any) -> Any:
    """The row's form as a browser would send it, with some fields changed."""
    address = reverse(f"admin:tickets_{row._meta.model_name}_change", args=[row.pk])
    return client.post(address, form_of(client, address) | changes)


def stamp() -> int:
    return sum(LawStamp.objects.filter(name=law.STAMP).values_list("version", flat=True))


@pytest.mark.parametrize("model", LAW, ids=lambda model: model.__name__)
def test_a_law_table_is_saved_and_its_stamp_rises(chief: Client, model: Any) -> None:
    before = stamp()
    answer = save(chief, model.objects.order_by("-pk").first())
    assert answer.status_code == 302, text_of(answer)
    assert stamp() > before


def test_a_new_rule_is_added(chief: Client) -> None:
    address = reverse("admin:tickets_verifyrule_add")
    category = Category.objects.get(code="0101")
    typed = form_of(chief, address) | {
        "category": category.pk, "nature": "ENQUIRY", "verify_by": "NONE",
    }  # fmt: skip
    assert chief.post(address, typed).status_code == 302
    assert VerifyRule.objects.get(category=category).verify_by == "NONE"


def category(code: str) -> Category:
    return Category.objects.get(code=code)


def test_a_category_stays_on_two_levels(chief: Client, nine: World) -> None:
    answer = save(chief, category("0102"), parent=category("0101").pk)
    assert "类别只有两层" in text_of(answer)
    answer = save(chief, category("01"), parent=category("06").pk)
    assert "它下面还有小类" in text_of(answer)


def test_a_category_in_use_does_not_become_a_major_one(chief: Client, nine: World) -> None:
    nine.reported()
    assert "不能改成大类" in text_of(save(chief, category("0101"), parent=""))


def test_a_calendar_has_to_exist(chief: Client) -> None:
    assert save(chief, category("0101"), calendar="moon").status_code == 200
    assert category("0101").calendar == "street7"


def limit(promise: str) -> TimeLimit:
    return TimeLimit.objects.get(promise=promise, category=None, urgency="")


def test_days_counted_by_law_are_whole(chief: Client) -> None:
    answer = save(chief, limit("RESOLVE"), value="1.5", counting="CIVIL")
    assert "民法计日只能是整天" in text_of(answer)


@pytest.mark.parametrize("changes", [{"urgency": "HIGH"}, {"promise": "RATE"}])
def test_a_general_limit_stays_general(chief: Client, changes: dict[str, str]) -> None:
    assert "请另加一行" in text_of(save(chief, limit("RESOLVE"), **changes))


def test_a_general_limit_cannot_be_deleted(chief: Client) -> None:
    row = limit("RESOLVE")
    page = reverse("admin:tickets_timelimit_delete", args=[row.pk])
    assert chief.post(page, {"post": "yes"}).status_code == 403
    chief.post(
        reverse("admin:tickets_timelimit_changelist"),
        {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"},
    )
    assert TimeLimit.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"target": "COMMUNITY"},
        {"target": "UNIT", "unit": ""},
        {"valid_from": "2026-02-01", "valid_to": "2026-02-01"},
    ],
)
def test_a_routing_rule_has_to_lead_somewhere(chief: Client, changes: dict[str, str]) -> None:
    answer = save(chief, RoutingRule.objects.order_by("pk").first(), **changes)
    assert answer.status_code == 200
    assert "errorlist" in text_of(answer)


def test_a_request_is_decided_by_a_post_that_can(chief: Client) -> None:
    rule = ApprovalRule.objects.order_by("pk").first()
    assert save(chief, rule, decided_by="COURIER").status_code == 200
    assert save(chief, rule, level="GRID").status_code == 200


def test_a_reason_keeps_its_code(chief: Client) -> None:
    row = ReasonCode.objects.get(verb="void")
    save(chief, row, code="OTHER", text="重复登记")
    row.refresh_from_db()
    assert (row.code, row.text) == ("DUPLICATE", "重复登记")


@pytest.mark.parametrize("name", RECORD)
def test_the_record_is_read_only(chief: Client, nine: World, name: str) -> None:
    listed = chief.get(reverse(f"admin:tickets_{name}_changelist"))
    assert listed.status_code == 200
    assert chief.get(reverse(f"admin:tickets_{name}_add")).status_code == 403


def test_a_ticket_is_shown_masked_and_not_changed(chief: Client, nine: World) -> None:
    ticket = nine.handled()
    address = reverse("admin:tickets_ticket_change", args=[ticket.pk])
    page = text_of(chief.get(address))
    assert "赵* 139****1234" in page
    for hidden in ("赵见诚", "13900001234", "湖滨路 1 号", "楼下垃圾", "30.245"):
        assert hidden not in page
    assert chief.post(address, {"state": "CLOSED"}).status_code == 403


def test_an_event_tells_codes_only(chief: Client, nine: World) -> None:
    event = nine.reported().events.get()
    page = text_of(chief.get(reverse("admin:tickets_event_change", args=[event.pk])))
    assert event.hash in page
    for hidden in ("楼下垃圾", "赵见诚", "湖滨路", "about_unit_id"):
        assert hidden not in page


def test_the_account_of_an_anonymous_asker_is_nowhere(chief: Client, nine: World) -> None:
    asker = nine.again("resident")
    Person.objects.filter(pk=asker.pk).update(name="孙不二", username="sunbuer")
    ticket = nine.reported(
        by=asker, is_anonymous=True, is_on_behalf=False, reporter=None, source="PAGE"
    )
    for kind, pk in (("ticket", ticket.pk), ("event", ticket.events.get().pk)):
        page = text_of(chief.get(reverse(f"admin:tickets_{kind}_change", args=[pk])))
        page += text_of(chief.get(reverse(f"admin:tickets_{kind}_changelist")))
        assert ticket.number in page
        for hidden in ("孙不二", "sunbuer", f"person:{asker.pk}"):
            assert hidden not in page


def test_staff_who_wrote_it_down_are_named(chief: Client, nine: World) -> None:
    ticket = nine.reported()
    page = text_of(chief.get(reverse("admin:tickets_ticket_change", args=[ticket.pk])))
    assert nine.desk.name in page
    event = text_of(chief.get(reverse("admin:tickets_event_changelist")))
    assert f"person:{nine.desk.pk}" in event


@pytest.mark.parametrize("name", UNSEEN)
def test_what_is_no_business_of_the_admin_is_not_there(chief: Client, name: str) -> None:
    assert chief.get(f"/admin/tickets/{name}/").status_code == 404


def found(client: Client) -> list[str]:
    answer = client.get(reverse("admin:tickets_ticket_changelist"))
    return [row.number for row in answer.context["cl"].result_list]


def test_a_superuser_is_no_standing(chief: Client, nine: World) -> None:
    plain = nine.reported()
    nine.reported(category=nine.categories["conduct"])
    assert found(chief) == [plain.number]


def test_staff_see_in_the_admin_what_their_posts_show(nine: World) -> None:
    right = Permission.objects.get(codename="view_ticket")
    for person in (nine.desk, nine.far_desk):
        Person.objects.filter(pk=person.pk).update(is_staff=True)
        person.user_permissions.add(right)
    ticket = nine.reported(category=nine.categories["conduct"])
    assert found(entered(nine.again("desk"))) == [ticket.number]
    assert found(entered(nine.again("far_desk"))) == []


def test_a_ticket_about_oneself_stays_hidden(chief: Client, nine: World) -> None:
    ticket = nine.reported()
    Ticket.objects.filter(pk=ticket.pk).update(about_person=nine.admin)
    assert found(chief) == []


@pytest.mark.parametrize(
    "asked",
    [
        "tickets/ticket/?address__startswith=湖", "tickets/ticket/?lat__gt=30",
        "tickets/ticket/?reporter__phone_last4=1234", "tickets/ticket/?about_person=1",
        "tickets/ticket/?due_at__year=99999", "tickets/event/?data__icontains=1",
        "tickets/ticket/?state=%00", "tickets/ticket/?number=%00",
        "grids/person/?posts__kind=%00",
        "autocomplete/?term=%00&app_label=tickets&model_name=routingrule&field_name=unit",
    ],
)  # fmt: skip
def test_the_address_asks_for_nothing_the_page_does_not_offer(chief: Client, asked: str) -> None:
    assert chief.get(f"/admin/{asked}").status_code == 400


@pytest.mark.parametrize(
    "asked",
    ["ticket/?state__exact=CLOSED", "ticket/?q=H-1", "clock/?breached_at__isempty=1"],
)
def test_the_filters_of_a_list_still_work(chief: Client, asked: str) -> None:
    assert chief.get(f"/admin/tickets/{asked}").status_code == 200


def test_a_rule_edited_while_it_is_used_loses_no_count(
    chief: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = RoutingRule.objects.order_by("pk").first()
    assert rule is not None
    clean = RoutingRuleForm.clean

    def meanwhile(form: RoutingRuleForm) -> Any:
        RoutingRule.objects.filter(pk=rule.pk).update(dispatched=7, wrong=2)
        return clean(form)

    monkeypatch.setattr(RoutingRuleForm, "clean", meanwhile)
    assert save(chief, rule, priority="3").status_code == 302
    rule.refresh_from_db()
    assert (rule.priority, rule.dispatched, rule.wrong) == (3, 7, 2)
