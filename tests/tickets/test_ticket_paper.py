"""工单 as PDF: what the reader may read of it, and who took it."""

from io import BytesIO

from pypdf import PdfReader
from pytest_django import Settings

from common.actors import SYSTEM
from tests.files import OWNER, ready
from tests.tickets.pages import entered, statements, text_of
from tests.tickets.stages import own
from tests.world import ANSWER, World
from tickets import actions
from tickets.models import Export, Ticket


def read(world: World, who: str, ticket: Ticket) -> str:
    answer = entered(world.again(who)).get(f"/t/{ticket.number}/paper.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Cache-Control"] == "private, no-store"
    return "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)


def test_it_tells_what_the_ticket_is_and_what_happened(nine: World) -> None:
    ticket = nine.verified(text="井盖松动 <b>响</b>")
    told = read(nine, "desk", ticket)
    for words in (
        ticket.number,
        "待答复",
        "湖滨路 1 号",
        "井盖松动 <b>响</b>",
        "已清运",
        "核查通过",
    ):
        assert words.replace(" ", "") in told.replace(" ", "").replace("\n", "")
    assert f"{nine.desk.name} 于 2026-11-23 09:00 打印" in told


def test_no_reporter_stands_in_it_whoever_prints(nine: World) -> None:
    ticket = nine.handled()
    for who in ("desk", "handler", "head"):
        told = read(nine, who, ticket)
        assert "赵见诚" not in told
        assert "13900001234" not in told


def test_a_reporter_gets_what_a_reporter_may_read(nine: World) -> None:
    ticket = own(nine)
    actions.note(ticket, by=nine.desk, at=nine.at, text="内部备注一句")
    assert "内部备注一句" in read(nine, "desk", ticket)
    assert "内部备注一句" not in read(nine, "resident", ticket)


def paper(world: World, who: str, ticket: Ticket) -> bytes:
    return entered(world.again(who)).get(f"/t/{ticket.number}/paper.pdf").content


def test_small_photos_say_their_kind_and_time_and_nothing_else(nine: World) -> None:
    files = [ready("BEFORE"), *(ready("NEAR", shade) for shade in range(10, 211, 50))]
    ticket = actions.resolve(
        nine.handled(files=files), by=nine.handler, at=nine.at, result="DONE", note="已清运",
        proposed_answer=ANSWER, files=[ready("AFTER", 200)],
    )  # fmt: skip
    raw = paper(nine, "desk", ticket)
    pages = PdfReader(BytesIO(raw)).pages
    told = "".join(page.extract_text() for page in pages)
    pictures = [one.data for page in pages for one in page.images]
    assert (len(pictures), len(raw) < 300_000) == (6, True)
    for words in ("处置前 2026-11-23 09:00", "处置后 2026-11-23", "另有 1 张照片没有印出"):
        assert words in told
    assert not any(mark in one for one in pictures for mark in (b"Exif", OWNER.encode()))


def test_a_photo_that_was_erased_or_is_for_others_is_said_so(nine: World) -> None:
    ticket = nine.verified(origin="PATROL", by=nine.grid_worker, files=[ready()])
    actions.erase(ticket, by=SYSTEM, at=nine.at, rule="two-years")
    assert "没有图片" in read(nine, "desk", ticket)
    assert "近景 2026-11-23 09:00（已按规定脱敏）" in read(nine, "desk", ticket)


def test_who_took_it_is_kept(nine: World) -> None:
    ticket = nine.handled()
    read(nine, "head", ticket)
    row = Export.objects.get()
    assert (row.person, row.what, row.asked) == (nine.head, "PAPER", {"ticket": ticket.number})
    assert entered(nine.far_desk).get(f"/t/{ticket.number}/paper.pdf").status_code == 404


def test_after_so_many_an_hour_it_is_enough(nine: World, settings: Settings) -> None:
    settings.HUBIN_PAPERS_AN_HOUR = 1
    ticket = nine.handled()
    read(nine, "head", ticket)
    refused = entered(nine.head).get(f"/t/{ticket.number}/paper.pdf")
    assert refused.status_code == 429
    assert "一小时内最多导出 1 次" in text_of(refused)
    assert Export.objects.count() == 1


def test_a_long_record_costs_no_more_statements(nine: World, settings: Settings) -> None:
    settings.HUBIN_LAW_CACHE = True
    client = entered(nine.desk)
    few = statements(client, f"/t/{nine.handled().number}/paper.pdf")
    assert statements(client, f"/t/{nine.verified().number}/paper.pdf") <= few + 1 <= 18
