"""The administration of what tells people: refusals with a cure, a test, a preview, once more."""

from typing import Any

import pytest
from django.test import Client as Browser

from notices.models import Delivery, Endpoint, Preference
from tests.notices.mailing import mail, wishes
from tests.notices.posting import S, announced, deliver, group, outlet, states, system
from tests.servers import dingtalk
from tests.servers.dingtalk import DingTalkServer
from tests.servers.smtp import MailServer
from tests.servers.webhook import WebhookServer
from tests.tickets.pages import entered
from tests.world import World

__all__ = ["group", "mail", "system"]
FORM = "/admin/notices/endpoint/add/"


@pytest.fixture
def office(world: World) -> Browser:
    """The administrator."""
    world.admin.is_staff = world.admin.is_superuser = True
    world.admin.save(update_fields=["is_staff", "is_superuser"])
    browser = Browser()
    browser.force_login(world.admin, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def filled(**more: Any) -> dict[str, Any]:
    return {
        "kind": "DINGTALK", "name": "值班群", "url": "https://oapi.dingtalk.com/robot/send?a=1",
        "secret": "SEC000000", "verbs": ["dispatch"], "rate_per_minute": "20", "is_active": "on",
    } | more  # fmt: skip


def test_what_is_written_is_kept_encrypted(office: Browser) -> None:
    assert office.post(FORM, filled()).status_code == 302
    row = Endpoint.objects.get()
    assert (row.url, row.secret, row.verbs) == (filled()["url"], "SEC000000", ["dispatch"])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"url": "oapi.dingtalk.com/robot"}, "这不是完整的网址"),
        ({"url": "https://li:x@oapi.dingtalk.com/"}, "这不是完整的网址"),
        ({"url": "http://oapi.dingtalk.com/robot"}, "外网地址须用 https"),
        ({"url": "https://10.0.0.7/robot"}, "内网地址"),
        ({"url": "https://localhost/robot"}, "内网地址"),
        ({"url": ""}, "请填写网址"),
        ({"kind": "WEBHOOK", "secret": "short"}, "至少 16 位的签名密钥"),
        ({"rate_per_minute": "0"}, "每分钟至少 1 条"),
        ({"verbs": ["note"]}, "note"),
    ],
)
def test_what_could_never_work_is_refused(
    office: Browser, given: dict[str, Any], said: str
) -> None:
    answer = office.post(FORM, filled(**given))
    assert (answer.status_code, Endpoint.objects.count()) == (200, 0)
    assert said in answer.content.decode()


def test_a_host_of_the_inside_is_taken_where_it_is_named(office: Browser, settings: Any) -> None:
    settings.HUBIN_EGRESS_ALLOW = ["10.0.0.0/8", "robots.internal"]
    for nth, url in enumerate(("http://10.0.0.7/robot", "http://robots.internal/send")):
        assert office.post(FORM, filled(url=url, name=str(nth))).status_code == 302


def test_neither_address_nor_key_is_shown_again(office: Browser, group: DingTalkServer) -> None:
    row = outlet(group)
    for page in ("/admin/notices/endpoint/", f"/admin/notices/endpoint/{row.pk}/change/"):
        shown = office.get(page).content.decode()
        assert dingtalk.SECRET not in shown
        assert dingtalk.TOKEN not in shown
        assert "http://127.0.0.1" in shown


def test_left_empty_they_stay(office: Browser, group: DingTalkServer) -> None:
    row = outlet(group)
    page = f"/admin/notices/endpoint/{row.pk}/change/"
    assert office.post(page, filled(url="", secret="", name="新名")).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.url, row.secret) == ("新名", group.address, dingtalk.SECRET)


def tried(office: Browser, row: Endpoint) -> str:
    action = {"action": "send_test", "_selected_action": [str(row.pk)]}
    return office.post("/admin/notices/endpoint/", action, follow=True).content.decode()


def test_a_test_goes_the_real_way(office: Browser, group: DingTalkServer) -> None:
    assert "对方收下了。" in tried(office, outlet(group))
    assert group.taken[0].text.startswith("湖滨 测试消息\n收到这条消息")


def test_a_test_that_fails_says_why(office: Browser, group: DingTalkServer) -> None:
    said = tried(office, outlet(group, secret="SEC-of-another"))
    assert "加签密钥不对" in said
    assert group.taken == []


def test_what_is_previewed_is_what_is_sent(
    world: World, office: Browser, system: WebhookServer, mail: MailServer
) -> None:
    outlet(system)
    wishes(world.clerk, "EMAIL", address="clerk@unit.example", verbs=["dispatch"])
    rows = {row.channel: row for row in announced(world)}
    shown = {
        kind: office.get(f"/admin/notices/delivery/{row.pk}/preview/").context["message"]
        for kind, row in rows.items()
    }
    deliver(world)
    taken = system.taken[rows["WEBHOOK"].dedupe_key]
    assert (taken["title"], taken["text"], taken["data"]) == (
        shown["WEBHOOK"].title, shown["WEBHOOK"].text, shown["WEBHOOK"].params,
    )  # fmt: skip
    ((_to, letter),) = mail.taken
    plain = letter.get_body(["plain"])
    assert plain is not None
    assert letter["Subject"].strip() == shown["EMAIL"].title
    # a letter travels with the line ends of its protocol
    assert plain.get_content().strip().splitlines() == shown["EMAIL"].text.splitlines()


def test_a_preview_masks_whom_it_goes_to(world: World, office: Browser, mail: MailServer) -> None:
    wishes(world.clerk, "EMAIL", address="clerk@unit.example", verbs=["dispatch"])
    (row,) = announced(world)
    page = office.get(f"/admin/notices/delivery/{row.pk}/preview/").content.decode()
    assert "clerk@unit.example" not in page
    assert "派单 → 待签收" in page


def test_what_is_sensitive_is_not_the_administrators(
    world: World, office: Browser, mail: MailServer
) -> None:
    wishes(world.office_handler, "EMAIL", address="a@unit.example", verbs=["dispatch"])
    world.dispatched(category=world.categories["alone"])
    rows = announced(world, 0)
    assert rows
    for row in rows:
        assert office.get(f"/admin/notices/delivery/{row.pk}/preview/").status_code == 404


def test_only_who_keeps_the_house_sees_a_preview(world: World, group: DingTalkServer) -> None:
    outlet(group)
    (row,) = announced(world)
    page = f"/admin/notices/delivery/{row.pk}/preview/"
    assert entered(world.desk).get(page).status_code == 302


def test_a_dead_one_is_resent_from_the_list(
    world: World, office: Browser, system: WebhookServer
) -> None:
    outlet(system, secret="whsec-of-another")
    (row,) = announced(world)
    deliver(world)
    assert states() == [S.DEAD]
    action = {"action": "resend", "_selected_action": [str(row.pk)]}
    said = office.post("/admin/notices/delivery/", action, follow=True).content.decode()
    assert f"#{row.pk} 已排队重发。" in said
    assert Delivery.objects.get().state == S.WAITING


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"channel": "SMS", "address": "12345"}, "11 位手机号码"),
        ({"channel": "EMAIL", "address": "li"}, "邮"),
        ({"quiet_from": "600"}, "一起填"),
    ],
)
def test_a_preference_that_makes_no_sense_is_refused(
    world: World, office: Browser, given: dict[str, Any], said: str
) -> None:
    values = {"person": world.clerk.pk, "channel": "SMS", "is_on": "on", **given}
    answer = office.post("/admin/notices/preference/add/", values)
    assert (answer.status_code, Preference.objects.count()) == (200, 0)
    assert said in answer.content.decode()
