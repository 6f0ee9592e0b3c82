"""Words beside the record: altered, missing, extra and emptied ones are found."""

import pytest

from common.actors import SYSTEM
from tests.promises.conftest import Story
from tests.promises.forging import forge, recompute
from tests.promises.proof import breaches
from tickets import actions
from tickets.models import Ticket, Words
from tickets.proof import chain
from tickets.proof.facts import Tally
from tickets.record import salt


def words_of(ticket: Ticket, kind: str = "REPORT") -> Words:
    return Words.objects.filter(ticket=ticket, kind=kind).earliest("id")


@pytest.mark.parametrize(
    ("column", "value"), [("text", "别的话"), ("text", ""), ("salt", "0" * 32), ("salt", "no hex")]
)
def test_altered_words_are_found(story: Story, column: str, value: str) -> None:
    said = words_of(story.replied)
    forge(f"UPDATE tickets_words SET {column} = %s WHERE id = %s", value, said.pk)
    assert breaches() == [f"{story.replied.number} #1: 文本（REPORT）被改过"]


def test_missing_words_are_found(story: Story) -> None:
    said = words_of(story.replied, "ANSWER")
    forge("DELETE FROM tickets_words WHERE id = %s", said.pk)
    assert breaches() == [f"{story.replied.number} #{said.event.seq}: 缺少文本（ANSWER）"]


def test_words_nobody_said_are_found(story: Story) -> None:
    said = words_of(story.replied)
    Words.objects.create(
        ticket=story.replied, event=said.event, kind="NOTE", text="后来加的", salt=salt()
    )
    assert breaches() == [f"{story.replied.number} #1: 多出一段记录里没有的文本（NOTE）"]


def test_words_hung_on_another_event_are_found(story: Story) -> None:
    said, other = words_of(story.replied), words_of(story.moved)
    forge("UPDATE tickets_words SET event_id = %s WHERE id = %s", other.event_id, said.pk)
    assert breaches() == [
        f"{story.replied.number} #1: 缺少文本（REPORT）",
        f"{story.replied.number}: 文本 {said.pk} 不属于这张工单的任何记录",
    ]  # fmt: skip


def test_emptied_words_without_an_erasure_are_found(story: Story) -> None:
    said = words_of(story.replied)
    forge("UPDATE tickets_words SET text = '', salt = '' WHERE id = %s", said.pk)
    assert breaches() == [f"{story.replied.number} #1: 文本（REPORT）被清空，没有脱敏记录"]


def test_words_emptied_after_the_erasure_are_found(story: Story) -> None:
    ticket = story.erased
    actions.reopen(
        ticket, by=story.world.desk, at=story.world.at, reason="NOT_SOLVED", text="又堆了"
    )
    said = words_of(ticket, "REASON")
    forge("UPDATE tickets_words SET text = '', salt = '' WHERE id = %s", said.pk)
    assert breaches() == [
        f"{ticket.number} #{said.event.seq}: 文本（REASON）被清空，没有脱敏记录"
    ]  # fmt: skip


def test_words_erased_by_rule_are_no_breach(story: Story) -> None:
    tally = Tally()
    assert list(chain.verify(tally=tally)) == []
    assert tally.erased == Words.objects.filter(ticket=story.erased).count() > 0


def test_an_erasure_that_names_no_rule_excuses_nothing(story: Story) -> None:
    ticket = story.world.verified(origin="PATROL", by=story.world.grid_worker)
    actions.erase(ticket, by=SYSTEM, at=story.world.at, rule="")
    recompute(ticket)
    assert any("没有脱敏记录" in line for line in breaches())
