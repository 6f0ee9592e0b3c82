"""What leaves the house: written from the event, for its addressee, when it is sent."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notices.channels.messages import Message
from notices.models import Delivery
from tests.notices.mailing import at_work, mail, texts, wishes, work
from tests.notices.posting import S, announced, deliver, group, outlet, states, system, written
from tests.promises.test_announcing import urged
from tests.servers.dingtalk import DingTalkServer
from tests.servers.sms import SmsServer
from tests.servers.smtp import MailServer
from tests.servers.webhook import WebhookServer
from tests.servers.zheding import ZheDingServer
from tests.world import World
from tickets import letters, proofreading, rendering, sweeps
from tickets.letters import UnknownVariable
from tickets.models import Ticket

__all__ = ["group", "mail", "system", "texts", "work"]


@pytest.fixture
def templates(settings: Any, tmp_path: Path) -> Any:
    """A folder of templates of the test's own."""
    folder = tmp_path / "templates" / letters.FOLDER
    real = settings.BASE_DIR / "templates" / letters.FOLDER
    for path in real.glob("*/*"):
        there = folder / path.relative_to(real)
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    settings.BASE_DIR = tmp_path
    letters.forget()
    yield folder
    letters.forget()


def clerks_mail(world: World, **more: Any) -> None:
    wishes(world.clerk, "EMAIL", address="clerk@unit.example", verbs=["dispatch"], **more)


def letter(world: World) -> Message:
    """The one that a dispatch makes."""
    (message,) = written(announced(world), world)
    return message


def test_a_group_reads_number_category_street_and_deadline(
    world: World, group: DingTalkServer
) -> None:
    outlet(group)
    announced(world)
    deliver(world)
    ticket = Ticket.objects.get()
    assert group.taken[0].text.splitlines()[:5] == [
        "湖滨 派单 → 待签收", f"编号: {ticket.number}", f"类别: {ticket.category}",
        f"街道: {ticket.subdistrict}", "时限: 2026-11-23 11:00",
    ]  # fmt: skip


def test_another_system_gets_codes(world: World, system: WebhookServer) -> None:
    outlet(system)
    (row,) = announced(world)
    deliver(world)
    data = system.taken[row.dedupe_key]["data"]
    assert data == data | {
        "verb": "dispatch", "from": "ACCEPTED", "to": "DISPATCHED", "category": "0101",
        "division": "330102003050001", "unit": "CG-003", "urgency": "NORMAL",
    }  # fmt: skip


def test_a_letter_says_what_happened_and_leads_behind_the_login(
    world: World, mail: MailServer
) -> None:
    clerks_mail(world)
    message = letter(world)
    ticket = Ticket.objects.get()
    assert message.title == f"派单 → 待签收 · {ticket.number}"
    assert message.url == f"https://hubin.example/t/{ticket.number}/"
    assert "类别: litter" in message.text
    assert f'<a href="{message.url}">' in message.html


def test_a_letter_is_in_the_language_of_whom_it_is_for(world: World, mail: MailServer) -> None:
    clerks_mail(world, language="en")
    message = letter(world)
    assert message.title.startswith("Dispatched → ")
    assert "Category: litter" in message.text


def test_a_letter_tells_the_event_and_not_what_came_after(world: World, mail: MailServer) -> None:
    clerks_mail(world)
    ticket = world.handled()
    sweeps.run("announce", at=world.at)
    row = Delivery.objects.get()
    assert ticket.state == "HANDLING"
    assert "状态: 待签收" in written([row], world)[0].text


def test_who_may_not_see_it_any_more_gets_nothing(world: World, mail: MailServer) -> None:
    clerks_mail(world)
    announced(world)
    world.clerk.is_active = False
    world.clerk.save(update_fields=["is_active"])
    assert (deliver(world), states(), mail.taken) == (1, [S.SKIPPED], [])


@pytest.mark.parametrize("times", [1, 12])
def test_a_round_takes_so_many_statements(
    world: World, mail: MailServer, texts: SmsServer, work: ZheDingServer, system: WebhookServer,
    times: int,
) -> None:  # fmt: skip
    outlet(system, verbs=[])
    for name in ("handler", "head", "clerk"):
        at_work(world.people[name])
        wishes(world.people[name], "EMAIL", address="a@unit.example", verbs=["urge", "dispatch"])
    urged([world.handled() for _time in range(times)], 3, world.at)
    sweeps.run("announce", at=world.at)
    rows = list(Delivery.objects.all())
    assert len(rows) > 10 * times
    with CaptureQueriesContext(connection) as counted:
        assert len(rendering.render(rows, at=world.at)) == len(rows)
    assert len(counted) <= 12


def test_one_that_cannot_be_written_holds_up_no_other(
    world: World, group: DingTalkServer, system: WebhookServer, templates: Path
) -> None:
    outlet(group)
    outlet(system)
    announced(world)
    (templates / "_default" / "dingtalk.txt").write_text("{{ nobody }}", encoding="utf-8")
    assert deliver(world) == 2
    assert (len(group.taken), len(system.taken)) == (0, 1)
    row = Delivery.objects.get(channel="DINGTALK")
    assert (row.state, row.fault) == (S.FAILED, "unwritten")


def test_every_letter_can_be_written() -> None:
    assert proofreading.problems() == []


@pytest.mark.parametrize(
    "text",
    ["{{ nobody }}\ntext", "{{ title }}\n{% if nobody %}x{% endif %}", "{{ number.nobody }}\nx",
     "{% blocktranslate %}{{ nobody }}{% endblocktranslate %}\nx"],
)  # fmt: skip
def test_an_unknown_variable_is_refused(templates: Path, text: str) -> None:
    (templates / "warn" / "robot.txt").write_text(text, encoding="utf-8")
    with pytest.raises(UnknownVariable, match="nobody"):
        letters.write(
            "WECOM", replace(proofreading.SAMPLE, verb="warn"), language="", to="", key="", data={}
        )


@pytest.mark.parametrize(
    ("text", "said"),
    [("{{ nobody }}\nx", "没有变量 nobody"), ("{% if %}", "模板读不出来"),
     ("只有标题", "第一行是标题")],
)  # fmt: skip
def test_proofreading_names_what_is_wrong(templates: Path, text: str, said: str) -> None:
    (templates / "warn" / "robot.txt").write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=f"warn/FEISHU：{said}"):
        call_command("check_notices")


def test_proofreading_finds_what_is_no_action(templates: Path, settings: Any) -> None:
    (templates / "wran").mkdir()
    settings.HUBIN_SMS_TEMPLATES = {"replied": "1"}
    with pytest.raises(CommandError, match=r"文件夹 wran 不是任何动作.*\n.*replied"):
        call_command("check_notices")
