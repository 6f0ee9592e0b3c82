"""The record of one ticket: every forged row is found and named."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.promises.conftest import Story
from tests.promises.forging import cut, forge, forge_event, forge_ticket, recompute, unhook
from tests.promises.proof import breaches, unkept
from tickets import actions
from tickets.models import Event
from tickets.states import State

Plant = Callable[[Story], None]


def row(story: Story, seq: int) -> str:
    return f"{story.replied.number} #{seq}: "


def test_a_true_record_has_no_breach(story: Story) -> None:
    assert breaches(story.file) == []


def test_a_true_record_keeps_its_promises(story: Story) -> None:
    assert unkept(story.world.at) == []


@pytest.mark.parametrize(
    "forged",
    [
        {"by": "person:999"},
        {"verb": "route"},
        {"at": "2026-11-23T01:00:00.000001Z"},
        {"data": {"set": {"category_id": 1}}},
        {"data": {"because": 0.5}},
        {"data": []},
    ],
    ids=str,
)
def test_an_altered_event_is_found(story: Story, forged: dict[str, Any]) -> None:
    forge_event(story.replied, 2, **forged)
    assert row(story, 2) + "记录内容与摘要不符，记录被改过" in breaches()


def test_a_cut_tail_is_found(story: Story) -> None:
    cut(story.replied, story.replied.seq)
    assert any("链尾被截断" in line for line in breaches())


def test_a_missing_link_is_found(story: Story) -> None:
    cut(story.replied, 3)
    assert row(story, 4) + "序号不连续，应为 3" in breaches()


def test_a_ticket_without_any_event_is_found(story: Story) -> None:
    for seq in range(1, story.replied.seq + 1):
        cut(story.replied, seq)
    assert f"{story.replied.number}: 没有任何流转记录" in breaches()


def test_a_broken_link_is_found(story: Story) -> None:
    forge_event(story.replied, 2, prev_hash="0" * 64)
    assert row(story, 2) + "前摘要与前一条记录不符" in breaches()


def test_a_move_outside_the_table_is_found_although_recomputed(story: Story) -> None:
    forge_event(story.replied, 2, verb="close")
    recompute(story.replied)
    assert row(story, 2) + "流转表不允许 close 从 REPORTED 到 ACCEPTED" in breaches()


def test_a_birth_outside_the_table_is_found(story: Story) -> None:
    forge_event(story.replied, 1, verb="settle")
    recompute(story.replied)
    assert row(story, 1) + "流转表不允许 settle 从 - 到 REPORTED" in breaches()


def test_a_state_that_does_not_follow_is_found(story: Story) -> None:
    forge_event(story.replied, 3, from_state="REPORTED")
    recompute(story.replied)
    assert row(story, 3) + "原状态 REPORTED 与前一条的新状态 ACCEPTED 不符" in breaches()


def test_a_state_that_is_not_its_events_result_is_found(story: Story) -> None:
    forge_ticket(story.replied, state=State.CONTESTED)
    assert breaches() == [f"{story.replied.number}: 工单状态 CONTESTED 不是记录的结果 REPLIED"]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("unit_id", lambda s: s.world.units["fire"].pk),
        ("handler_id", lambda s: s.world.other_handler.pk),
        ("category_id", lambda s: s.world.categories["advice"].pk),
        ("division_id", lambda s: s.world.places["second_grid"].pk),
        ("about_person_id", lambda s: s.world.head.pk),
        ("urgency", lambda s: "URGENT"),
        ("nature", lambda s: "PRAISE"),
        ("is_sensitive", lambda s: True),
    ],
)
def test_what_events_say_of_the_ticket_is_replayed(
    story: Story, column: str, value: Callable[[Story], Any]
) -> None:
    forge_ticket(story.replied, **{column: value(story)})
    found = breaches()
    assert len(found) == 1
    assert found[0].startswith(f"{story.replied.number}: {column} 是 {value(story)}")


@pytest.mark.parametrize("forged", [{"lat": 30.25}, {"address": "别处"}, {"lat": None}], ids=str)
def test_a_moved_place_is_found(story: Story, forged: dict[str, Any]) -> None:
    forge_ticket(story.moved, **forged)
    assert breaches() == [f"{story.moved.number}: 坐标或地址与最后一次落点的记录不符"]


def test_a_place_put_back_after_its_erasure_is_found(story: Story) -> None:
    forge_ticket(story.erased, address="湖滨路 1 号")
    assert breaches() == [f"{story.erased.number}: 坐标或地址与最后一次落点的记录不符"]


def test_a_change_without_record_is_found_although_later_changed_again(story: Story) -> None:
    ticket = story.world.dispatched()
    forge_ticket(ticket, unit_id=story.world.units["fire"].pk)
    actions.redirect(
        ticket,
        by=story.world.desk,
        at=story.world.at,
        unit=story.world.units["office"],
        text="改派",
    )
    assert any("没有记录" in line for line in breaches())


def test_events_whose_ticket_is_gone_are_found(story: Story) -> None:
    unhook()
    forge("DELETE FROM tickets_ticket WHERE id = %s", story.merged.pk)
    assert any(line.startswith(f"ticket id {story.merged.pk}: ") for line in breaches())


def test_the_command_says_what_it_looked_at(story: Story) -> None:
    said = StringIO()
    call_command("verify_chain", seals=story.file, stdout=said)
    count = Event.objects.count()
    assert f"工单 4，流转记录 {count}，" in said.getvalue()


def test_the_command_names_the_row_and_fails(story: Story) -> None:
    forge_event(story.replied, 2, by="person:999")
    said = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("verify_chain", stdout=said)
    assert (error.value.returncode, said.getvalue().count(row(story, 2))) == (1, 1)


def test_the_command_needs_a_file_that_is_there(story: Story) -> None:
    with pytest.raises(CommandError, match="没有封存文件"):
        call_command("verify_chain", seals=story.file.with_name("nowhere"), stdout=StringIO())


def test_more_tickets_do_not_take_more_statements(story: Story) -> None:
    with CaptureQueriesContext(connection) as few:
        breaches()
    story.world.replied()
    with CaptureQueriesContext(connection) as more:
        breaches()
    assert len(more) == len(few)
