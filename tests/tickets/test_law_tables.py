"""Law tables out and in again through the administration: all or nothing, after a look."""

import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.models import LawStamp
from grids.loading import tables
from grids.models import Person, Unit, UnitKind
from tests.factories import DivisionFactory, WorkCalendarFactory
from tests.tickets.pages import entered, forms_in, text_of
from tests.world import MONDAY_NINE
from tickets import law
from tickets.admin.law import ChainLawAdmin
from tickets.lawtables import LawTable
from tickets.loading import FOLDER, Built, Codes, load_law
from tickets.models import (
    Category,
    CodeMap,
    HollowPhrase,
    PatrolPoint,
    ReasonCode,
    StandardAnswer,
)
from tickets.models import Client as System

pytestmark = pytest.mark.django_db
TABLES = ("category", "verifyrule", "timelimit", "escalationplan", "routingrule", "reasoncode",
          "approvalrule", "hollowphrase", "sourcepolicy", "retentionrule", "standardanswer",
          "figurerule", "checklistline")  # fmt: skip
STEPS = "promise,category,urgency,ignores_quiet,nth,at_kind,at_value,verb"
HEAD = "verb,code,text,where_to_turn,is_emergency_transfer,order"


@pytest.fixture
def first(db: None) -> Client:
    """Somebody who looks after the tables, of which nothing is there yet."""
    return entered(Person.objects.create_superuser("chief", name="管理员"))


@pytest.fixture
def chief(first: Client, tmp_path: Path) -> Client:
    """The same, and the tables are as they come with the house."""
    rules = (FOLDER / "rules.csv").read_text(encoding="utf-8").splitlines()[1:]
    codes = {line.split(",")[5] for line in rules} - {""}
    Unit.objects.bulk_create(
        Unit(code=code, name=code, kind=UnitKind.BUREAU, duty_phone="0571-87000000")
        for code in sorted(codes)
    )
    for code in ("office", "street7", "always"):
        WorkCalendarFactory(code=code)
    load_law(Path(shutil.copytree(FOLDER, tmp_path / "law")))
    return first


def address(model: str, door: str = "in") -> str:
    return reverse(f"admin:tickets_{model}_table_{door}")


def out(client: Client, model: str) -> str:
    return client.get(address(model, "out")).content.decode("utf-8-sig")


def offer(client: Client, model: str, text: str | bytes) -> Any:
    """The file is chosen; what comes is the preview."""
    raw = text if isinstance(text, bytes) else text.encode()
    return client.post(address(model), {"file": SimpleUploadedFile("a.csv", raw)})


def confirm(client: Client, model: str, preview: Any) -> Any:
    """As a browser sends it: on its way each line of what is typed ends in CR LF."""
    typed = forms_in(preview)["confirm"]
    sent = {name: re.sub("\r?\n", "\r\n", value) for name, value in typed.items()}
    form = "application/x-www-form-urlencoded"
    return client.post(address(model), urlencode(sent), content_type=form)


def stamp() -> int:
    return sum(LawStamp.objects.filter(name=law.STAMP).values_list("version", flat=True))


@pytest.mark.parametrize("model", TABLES)
def test_what_was_exported_changes_nothing_when_it_comes_back(chief: Client, model: str) -> None:
    text = out(chief, model)
    before = stamp()
    assert len(text.splitlines()) > 1
    preview = offer(chief, model, text)
    assert preview.status_code == 200, text_of(preview)
    assert (preview.context["outcome"].changes, "没有变化" in text_of(preview)) == ([], True)
    assert stamp() == before
    assert out(chief, model) == text


def test_every_table_of_the_law_is_there() -> None:
    found = {
        model._meta.model_name
        for model, known in admin.site._registry.items()
        if isinstance(known, ChainLawAdmin)
    }
    assert found == set(TABLES)


def test_a_change_is_shown_then_made_and_the_stamp_rises_once(chief: Client) -> None:
    text = out(chief, "reasoncode").replace("属于紧急警情", "属于警情")
    text += "decline,NEW,超出职责,请拨打 12345,0,9,1\r\n"
    before = stamp()
    preview = offer(chief, "reasoncode", text)
    assert "text: 属于紧急警情 → 属于警情" in text_of(preview)
    assert (stamp(), ReasonCode.objects.filter(code="NEW").exists()) == (before, False)
    assert confirm(chief, "reasoncode", preview).status_code == 302
    assert stamp() == before + 1
    assert ReasonCode.objects.get(code="EMERGENCY", verb="decline").text == "属于警情"
    assert ReasonCode.objects.get(code="NEW").where_to_turn == "请拨打 12345"
    assert "新增 1 行，更新 1 行" in LogEntry.objects.get().change_message


def test_each_bad_cell_is_named_and_a_half_bad_file_changes_nothing(chief: Client) -> None:
    rows = ["decline,GOOD,可以,,0,1", "decline,BAD,坏,,perhaps,1", "decline,WORSE,更坏,,0,first"]
    before = (stamp(), ReasonCode.objects.count())
    preview = offer(
        chief, "reasoncode", "\n".join([HEAD, *rows, f"decline,LONG,{'长' * 121},,0,1"])
    )
    page = text_of(preview)
    assert preview.status_code == 422
    assert "reasons.csv 第 3 行 is_emergency_transfer 列" in page
    assert "reasons.csv 第 4 行 order 列" in page
    assert "reasons.csv 第 5 行 text 列" in page
    assert "第 2 行" not in page
    assert 'name="seen"' not in page
    forced = {"packed": preview.context["packed"], "seen": preview.context["seen"]}
    assert chief.post(address("reasoncode"), forced).status_code == 422
    assert (stamp(), ReasonCode.objects.count()) == before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("verb,code\ndecline,A", "缺少这一列"),
        (HEAD + ",colour\n", "不认识这一列"),
        (HEAD + "\ndecline,A,甲,,0,1\ndecline,A,乙,,0,1", "与第 2 行是同一条"),
        (HEAD, "文件里没有一行内容"),
        (b"\xff\xfe\x00a", "读不了这个文件"),
    ],
    ids=["a column short", "one too many", "twice", "nothing", "no text"],
)
def test_what_is_no_such_table_is_refused(chief: Client, text: str | bytes, told: str) -> None:
    answer = offer(chief, "reasoncode", text)
    assert answer.status_code == 422
    assert told in text_of(answer)


def test_what_others_changed_meanwhile_is_not_written_over(chief: Client) -> None:
    preview = offer(chief, "reasoncode", out(chief, "reasoncode").replace("属于紧急", "属于"))
    ReasonCode.objects.filter(verb="decline", code="EMERGENCY").update(text="别人改的")
    answer = confirm(chief, "reasoncode", preview)
    assert answer.status_code == 409
    assert "您预览之后有人改了这张表" in text_of(answer)
    assert "别人改的 → " in text_of(answer)
    assert ReasonCode.objects.get(verb="decline", code="EMERGENCY").text == "别人改的"
    assert confirm(chief, "reasoncode", answer).status_code == 302


def test_no_file_gets_past_the_checks_of_the_administration(chief: Client) -> None:
    text = out(chief, "category").replace("\r\n0101,", "\r\n010,", 1)
    assert "第 3 行 code 列: 大类代码两位数字，小类四位" in text_of(offer(chief, "category", text))
    limits = out(chief, "timelimit").replace(",4,WORK_HOUR,", ",-4,WORK_HOUR,", 1)
    assert "limits.csv 第 2 行 value 列: 时限要大于 0" in text_of(offer(chief, "timelimit", limits))


def test_steps_must_lead_somewhere_together(chief: Client) -> None:
    text = out(chief, "escalationplan")
    worse = text.replace(",SHARE,80,", ",SHARE,40,", 1)
    assert "百分数要一步比一步大" in text_of(offer(chief, "escalationplan", worse))
    louder = text.replace(",,,0,1,", ",,,1,1,", 1)
    told = text_of(offer(chief, "escalationplan", louder))
    assert "escalation.csv 第 2 行 ignores_quiet 列" in told


def test_a_plan_for_what_there_is_not_is_refused(first: Client) -> None:
    plans = ("RESOLV,,", "RESOLVE_EARLY,,", ",,URGNT", ",,VERYURGENT")
    rows = [f"{plan},0,1,EVERY_HOURS,24,escalate" for plan in plans]
    answer = offer(first, "escalationplan", "\n".join([STEPS, *rows]))
    told = [(one.line, one.column) for one in answer.context["problems"]]
    assert told == [(2, "promise"), (3, "promise"), (4, "urgency"), (5, "urgency")]


def test_the_lines_of_a_new_plan_agree_on_quiet_hours(first: Client) -> None:
    rows = ["ARRIVE,,,1,1,SHARE,100,warn", "ARRIVE,,,0,2,EVERY_HOURS,24,escalate"]
    answer = offer(first, "escalationplan", "\n".join([STEPS, *rows]))
    told = [(one.line, one.column) for one in answer.context["problems"]]
    assert told == [(3, "ignores_quiet")]


def test_what_only_the_database_finds_too_long_is_told_by_its_line() -> None:
    def careless(row: dict[str, str], _codes: Codes) -> Built:
        HollowPhrase.objects.create(text=row["text"] * 999)
        return HollowPhrase, {"text": row["text"]}, {}

    table = LawTable("hollow_phrases", HollowPhrase, build=careless)
    outcome, _seen = tables.looked_at(table, "text\n已转办\n", ())
    assert [(one.line, "太长" in one.sentence) for one in outcome.problems] == [(2, True)]


def test_lines_inside_a_cell_are_kept_as_they_were_shown(first: Client) -> None:
    head = "code,verb,category,nature,title,text,order"
    preview = offer(first, "standardanswer", f'{head}\ntwo,reply,,,两行,"第一行\n第二行",1\n')
    assert confirm(first, "standardanswer", preview).status_code == 302
    assert StandardAnswer.objects.get(code="two").text == "第一行\n第二行"


def test_a_large_chinese_file_that_was_shown_can_be_confirmed(first: Client) -> None:
    text = "text\n已转办\n" + ("\u3000" * 90_000 + "\n") * 5  # lines of wide blanks
    preview = offer(first, "hollowphrase", text.encode("gb18030"))
    assert confirm(first, "hollowphrase", preview).status_code == 302
    assert HollowPhrase.objects.filter(text="已转办").exists()


@pytest.mark.parametrize(
    ("packed", "told"),
    [
        (tables.packed(f"{HEAD}\ndecline,A,\x00,,0,1".encode()), "读不了这个文件"),
        ("长", "读不了这个文件"), ("x", "读不了这个文件"),
        (tables.packed(bytes(tables.MOST_BYTES + 1)), "文件太大"),
    ],
    ids=["a zero", "no ASCII", "cut short", "too large"],
)  # fmt: skip
def test_what_no_preview_can_have_sent_is_refused(first: Client, packed: str, told: str) -> None:
    answer = first.post(address("reasoncode"), {"packed": packed, "seen": "x"})
    assert (answer.status_code, told in text_of(answer)) == (422, True)


def test_a_file_as_excel_saves_it_in_china_is_read(chief: Client) -> None:
    preview = offer(chief, "hollowphrase", "text\n已转办\n".encode("gb18030"))
    assert "已转办" in text_of(preview)


def test_a_cell_that_looks_like_a_formula_comes_back_as_it_was(chief: Client) -> None:
    ReasonCode.objects.filter(verb="decline", code="EMERGENCY").update(text="=1+1")
    text = out(chief, "reasoncode")
    assert "'=1+1" in text
    assert offer(chief, "reasoncode", text).context["outcome"].changes == []


def test_switching_off_is_a_column(chief: Client) -> None:
    text = out(chief, "category")
    line = next(one for one in text.splitlines() if one.startswith("0101,"))
    preview = offer(chief, "category", text.replace(line, line[:-1] + "0"))
    confirm(chief, "category", preview)
    assert not Category.objects.get(code="0101").is_active


def test_whoever_may_only_look_takes_out_but_not_in(chief: Client) -> None:
    clerk = Person.objects.create_user("clerk", name="小周", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_reasoncode"))
    client = entered(clerk)
    assert client.get(address("reasoncode", "out")).status_code == 200
    assert client.get(address("reasoncode")).status_code == 403
    page = text_of(client.get(reverse("admin:tickets_reasoncode_changelist")))
    assert ("导出 CSV" in page, "导入 CSV" in page) == (True, False)


def test_codes_of_other_systems_come_by_the_name_of_the_system(chief: Client) -> None:
    theirs = System.objects.create(name="热线", source="HOTLINE", made_at=MONDAY_NINE)
    CodeMap.objects.create(client=theirs, kind="CATEGORY", theirs="A1", ours="0101")
    text = out(chief, "codemap")
    assert text.splitlines() == ["client,kind,theirs,ours", "热线,CATEGORY,A1,0101"]
    assert offer(chief, "codemap", text).context["outcome"].same == 1
    bad = offer(chief, "codemap", f"{text}别处,CATEGORY,B,0101\r\n热线,CATEGORY,C,9999\r\n")
    told = [(one.line, one.column) for one in bad.context["problems"]]
    assert told == [(3, "client"), (4, "ours")]


def test_the_hand_over_costs_the_same_for_each_row(chief: Client) -> None:
    """A file of many rows must not ask ever more."""
    counts = []
    for many in (1, 11):
        rows = [f"decline,X{n},理由,,0,{n}" for n in range(many)]
        with CaptureQueriesContext(connection) as counted:
            offer(chief, "reasoncode", "\n".join([HEAD, *rows]))
        counts.append(len(counted))
    assert (counts[1] - counts[0]) % 10 == 0
    assert counts[1] - counts[0] <= 50


def test_patrol_points_come_with_a_secret_of_their_own(chief: Client) -> None:
    grid = DivisionFactory()
    head = "code,name,division,building,lat,lng,radius_m,every_days,weekdays,valid_from,is_active"
    text = f"{head}\nP1,东门,{grid.code},,30.25,120.16,60,1,1111100,2026-11-23,1"
    confirm(chief, "patrolpoint", offer(chief, "patrolpoint", text))
    point = PatrolPoint.objects.get()
    assert (point.name, point.division, len(point.mark)) == ("东门", grid, 32)
    assert offer(chief, "patrolpoint", out(chief, "patrolpoint")).context["outcome"].same == 1
    bad = offer(chief, "patrolpoint", f"{text}\nP2,西门,{grid.code},,x,120.16,5,1,1,2026-13-01,1")
    assert [(one.line, one.column) for one in bad.context["problems"]] == [(3, "lat")]
