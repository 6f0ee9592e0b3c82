"""Numbers and seals: deleted tickets and recomputed chains are found, the latter with the file."""

import fcntl
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.promises.conftest import Story
from tests.promises.forging import cut, delete, forge, forge_event, forge_ticket, recompute, reseal
from tests.promises.proof import breaches
from tests.races import start
from tickets import seals
from tickets.models import NumberCounter, Seal
from tickets.proof.seal_file import SealFile, settled

Line = dict[str, object]


def edit(story: Story, change: Callable[[list[str]], list[str]]) -> None:
    lines = story.file.read_text().splitlines()
    story.file.write_text("".join(f"{line}\n" for line in change(lines)))


def with_value(line: str, **values: object) -> str:
    return json.dumps({**json.loads(line), **values})


def test_a_deleted_ticket_leaves_a_gap_in_the_numbers(story: Story) -> None:
    delete(story.erased)
    assert f"{story.erased.number}: 编号已发出，工单不见了：被删除" in breaches()


def test_the_last_ticket_of_a_day_leaves_a_gap_too(story: Story) -> None:
    delete(story.replied)
    assert f"{story.replied.number}: 编号已发出，工单不见了：被删除" in breaches()


def test_a_counter_set_back_is_found(story: Story) -> None:
    NumberCounter.objects.update(last=3)
    assert breaches() == [f"{story.replied.number}: 编号大于当日计数 3，计数被改小"]


def test_a_number_made_up_is_found(story: Story) -> None:
    forge_ticket(story.replied, number="H-1")
    assert "H-1: 编号不是“区代码-日期-序号”" in breaches()


def test_a_deleted_ticket_is_missed_by_its_seal_although_the_counter_was_set_back(
    story: Story,
) -> None:
    delete(story.replied)
    NumberCounter.objects.update(last=3)
    assert any("封存过这张工单，现在没有了" in line for line in breaches())


def test_a_deleted_ticket_is_missed_by_the_count_of_the_seal(story: Story) -> None:
    seal = Seal.objects.latest("pk")
    delete(story.replied)
    assert f"seal {seal.pk}: 封存时有 4 张工单，现在只有 3 张：工单被删除" in breaches()


def test_a_cut_tail_is_missed_by_its_seal_although_the_ticket_was_set_back(story: Story) -> None:
    ticket, seq = story.moved, story.moved.events.count()
    cut(ticket, seq)
    last = ticket.events.get(seq=seq - 1)
    forge_ticket(ticket, seq=seq - 1, head=last.hash, sealed_seq=seq - 1)
    assert any(
        line.startswith(f"{ticket.number} #{seq}: ") and "链尾被截断" in line
        for line in breaches()
    )  # fmt: skip


def test_an_altered_seal_is_found(story: Story) -> None:
    seal = Seal.objects.earliest("pk")
    forge("UPDATE tickets_seal SET ticket_count = 0 WHERE id = %s", seal.pk)
    assert breaches() == [f"seal {seal.pk}: 封存内容与摘要不符"]


def test_a_seal_cut_out_breaks_the_chain(story: Story) -> None:
    first, last = Seal.objects.order_by("pk")
    forge("DELETE FROM tickets_seal WHERE id = %s", first.pk)
    assert f"seal {last.pk}: 前摘要与上一封存不符：封存链断开" in breaches()


def test_the_last_seal_cut_off_is_missed_by_its_tickets(story: Story) -> None:
    forge("DELETE FROM tickets_seal WHERE id = %s", Seal.objects.latest("pk").pk)
    assert any(line.startswith(f"{story.replied.number}: 工单称已封存到") for line in breaches())


def test_heads_that_are_no_heads_are_found(story: Story) -> None:
    seal = Seal.objects.latest("pk")
    forge("UPDATE tickets_seal SET heads = 'nothing' WHERE id = %s", seal.pk)
    assert f"seal {seal.pk}: 链首的写法不对，应为“编号 序号 摘要”" in breaches()


def recompute_everything(story: Story) -> None:
    forge_event(story.replied, 2, by="person:999")
    recompute(story.replied)
    reseal()


def test_without_the_outside_file_a_recomputed_chain_passes(story: Story) -> None:
    recompute_everything(story)
    assert breaches() == []


def test_the_outside_file_finds_a_recomputed_chain(story: Story) -> None:
    seal = Seal.objects.latest("pk")
    recompute_everything(story)
    found = breaches(story.file)
    head = f"{story.replied.number} #{story.replied.seq}"
    assert f"seals.jsonl:2: 与数据库的封存 {seal.pk} 不同：封存被改写" in found
    assert f"{head}: seals.jsonl:2 封存的摘要与现在的不同：链被重算过" in found


def test_the_outside_file_misses_a_seal_that_was_deleted(story: Story) -> None:
    seal = Seal.objects.latest("pk")
    forge("DELETE FROM tickets_seal WHERE id = %s", seal.pk)
    forge("UPDATE tickets_ticket SET sealed_seq = 0 WHERE id = %s", story.replied.pk)
    assert f"seals.jsonl:2: 数据库里没有封存 {seal.pk}：被删除" in breaches(story.file)


@pytest.mark.parametrize("number", [0, 1])
def test_a_seal_that_is_not_in_the_file_is_found(story: Story, number: int) -> None:
    seal = Seal.objects.order_by("pk")[number]
    edit(story, lambda lines: lines[:number] + lines[number + 1 :])
    assert f"seal {seal.pk}: 封存文件里没有这一封存：文件不全，或封存是后补的" in breaches(
        story.file
    )


def test_a_line_that_is_no_seal_is_found(story: Story) -> None:
    edit(story, lambda lines: [*lines, "[1]"])
    assert breaches(story.file) == ["seals.jsonl:3: 这一行不是封存行，文件被改过"]


def test_an_altered_line_of_the_file_is_found(story: Story) -> None:
    seal = Seal.objects.latest("pk")
    edit(story, lambda lines: [lines[0], with_value(lines[1], tickets=1)])
    assert breaches(story.file) == [
        f"seals.jsonl:2: 与数据库的封存 {seal.pk} 不同：封存被改写",
        "seals.jsonl:2: 封存内容与摘要不符",
    ]


def test_what_has_happened_since_the_last_seal_is_no_breach(story: Story) -> None:
    story.world.replied()
    assert breaches(story.file) == []


def test_a_seal_appended_while_we_look_is_no_breach(story: Story) -> None:
    story.world.replied()
    text = story.file.read_text()
    seals.seal(at=story.world.at + timedelta(hours=2))
    whole = story.file.read_text()
    story.file.write_text(text)
    file = SealFile(story.file)
    assert list(file.check()) == []
    story.file.write_text(whole)
    assert list(file.check_tail()) == []


@pytest.mark.parametrize("left", [1, 40, -1])
def test_a_line_torn_by_a_crash_is_written_anew(story: Story, left: int) -> None:
    whole = story.file.read_bytes()
    first = whole.index(b"\n") + 1
    story.file.write_bytes(whole[: first + left] if left > 0 else whole[:left])
    seals.write_missing(story.file)
    assert story.file.read_bytes() == whole
    assert breaches(story.file) == []


def test_a_line_made_unreadable_stops_no_sealing_and_stays_found(story: Story) -> None:
    edit(story, lambda lines: [lines[0], lines[1][:50]])
    story.world.replied()
    assert seals.seal(at=story.world.at + timedelta(hours=2)) == 1
    assert "seals.jsonl:2: 这一行不是封存行，文件被改过" in breaches(story.file)


def test_the_last_seal_is_found_across_blocks(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seals, "BLOCK", 7)
    whole = story.file.read_bytes()
    assert seals.write_missing(story.file) == 0
    assert story.file.read_bytes() == whole


LOCKS = Path("/proc/locks")


def somebody_waits_for_a_file() -> bool:
    return any("-> FLOCK" in line for line in LOCKS.read_text().splitlines())


@pytest.mark.skipif(not LOCKS.exists(), reason="this system does not say who waits for a file")
def test_no_line_is_read_while_it_is_being_appended(tmp_path: Path) -> None:
    path = tmp_path / "seals.jsonl"
    with path.open("ab") as writer, path.open("rb") as reader:
        fcntl.flock(writer, fcntl.LOCK_EX)
        writer.write(b'{"seal": ')
        writer.flush()
        length = start(lambda: settled(reader))
        assert any(somebody_waits_for_a_file() for _try in range(100_000))
        writer.write(b"1}\n")
        writer.flush()
        fcntl.flock(writer, fcntl.LOCK_UN)
        assert length.result() == len(b'{"seal": 1}\n')
