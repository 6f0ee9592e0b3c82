"""Who is served which file, with which headers, and in which piece."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.actors import SYSTEM
from tests.files import film, paper, ready, upload
from tests.tickets import follow
from tests.tickets.pages import entered, text_of
from tests.tickets.steps import handled_with_key, replied_with_key
from tests.world import ANSWER, World
from tickets import actions
from tickets.attachments import prepare
from tickets.models import Attachment, Ticket

STREET = frozenset({
    "grid_worker", "community_lead", "desk", "other_desk", "district_desk", "shift_leader",
    "district_shift_leader", "leader", "district_leader", "inspector", "auditor", "clerk",
    "handler", "other_handler", "head",
})  # fmt: skip
SENSITIVE = frozenset({
    "desk", "other_desk", "district_desk", "shift_leader", "district_shift_leader", "inspector",
    "office_handler", "office_head",
})  # fmt: skip


def address(row: Attachment) -> str:
    return f"/tickets/{row.ticket.number}/attachments/{row.pk}/"


def attached(world: World, **given: Any) -> Attachment:
    world.dispatched(files=[ready()], **given)
    return Attachment.objects.select_related("ticket").get()


def who_gets(world: World, row: Attachment) -> set[str]:
    return {
        name
        for name in world.people
        if entered(world.again(name)).get(address(row)).status_code == 200
    }


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_whoever_sees_the_ticket_gets_its_photos(nine: World) -> None:
    assert who_gets(nine, attached(nine)) == STREET


def test_of_a_sensitive_ticket_few_get_them(nine: World) -> None:
    assert who_gets(nine, attached(nine, category=nine.categories["alone"])) == SENSITIVE


def test_of_a_report_about_staff_nobody_of_the_unit_gets_them(nine: World) -> None:
    ticket = nine.reported(category=nine.categories["conduct"], files=[ready()])
    actions.accept(ticket, by=nine.desk, at=nine.at, about_unit=nine.units["squad"])
    row = Attachment.objects.select_related("ticket").get()
    assert who_gets(nine, row) == SENSITIVE - {"office_handler", "office_head"}


def test_without_login_there_is_nothing(nine: World) -> None:
    assert Client().get(address(attached(nine))).status_code == 302


def test_a_photo_of_another_ticket_is_not_found_here(nine: World) -> None:
    row = attached(nine)
    other = nine.reported()
    wrong = f"/tickets/{other.number}/attachments/{row.pk}/"
    assert entered(nine.desk).get(wrong).status_code == 404


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; media-src 'self'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
    "Content-Type": "image/jpeg",
}


@pytest.mark.parametrize("header", HEADERS)
def test_a_file_comes_with_safe_headers(nine: World, header: str) -> None:
    assert entered(nine.desk).get(address(attached(nine)))[header] == HEADERS[header]


def test_a_pdf_is_saved_and_never_shown_in_our_pages(nine: World) -> None:
    nine.reported(files=[prepare(upload(paper()))])
    row = Attachment.objects.select_related("ticket").get()
    said = entered(nine.desk).get(address(row))["Content-Disposition"]
    assert said == f'attachment; filename="hubin-{row.pk}-kept.pdf"'


def test_a_known_file_is_not_sent_again(nine: World) -> None:
    client, row = entered(nine.desk), attached(nine)
    tag = client.get(address(row))["ETag"]
    again = client.get(address(row), headers={"if-none-match": tag})
    assert (again.status_code, again["ETag"], again.content) == (304, tag, b"")


def test_display_original_and_thumb_are_three_files(nine: World) -> None:
    client, row = entered(nine.desk), attached(nine)
    asked = ("", "?original=1", "?copy=thumb")
    found = {body(client.get(address(row) + query)) for query in asked}
    assert len(found) == 3


@pytest.mark.parametrize(
    ("asked", "status", "said", "length"),
    [("bytes=0-9", 206, "bytes 0-9/{}", 10), ("bytes=-5", 206, "bytes {last5}-{last}/{}", 5),
     ("bytes=10-", 206, "bytes 10-{last}/{}", None), ("bytes=0-", 200, None, None),
     ("pages=1-2", 200, None, None), ("bytes=99999999-", 416, "bytes */{}", 0)],
)  # fmt: skip
def test_a_film_is_sent_in_pieces(
    nine: World, asked: str, status: int, said: str | None, length: int | None
) -> None:
    nine.reported(files=[prepare(upload(film()))])
    row = Attachment.objects.select_related("ticket").get()
    client = entered(nine.desk)
    whole = body(client.get(address(row)))
    answer = client.get(address(row), headers={"range": asked})
    size = len(whole)
    wanted = said and said.format(size, last=size - 1, last5=size - 5)
    assert (answer.status_code, answer.headers.get("Content-Range")) == (status, wanted)
    got = body(answer) if answer.streaming else answer.content
    assert got in whole
    assert length is None or len(got) == length


def test_a_file_costs_the_same_however_many_there_are(nine: World) -> None:
    client, row = entered(nine.desk), attached(nine)
    few = statements(client, address(row))
    actions.attach(row.ticket, by=nine.desk, at=nine.at, files=[ready(), ready("FAR")])
    assert statements(client, address(row)) == few <= 5


def statements(client: Client, where: str) -> int:
    client.get(where)
    with CaptureQueriesContext(connection) as counted:
        body(client.get(where))
    return sum("common_lawstamp" not in row["sql"] for row in counted)


def test_an_erased_photo_is_gone(nine: World) -> None:
    ticket = nine.verified(origin="PATROL", by=nine.grid_worker, files=[ready()])
    actions.erase(ticket, by=SYSTEM, at=nine.at, rule="two-years")
    row = Attachment.objects.select_related("ticket").get()
    answer = entered(nine.desk).get(address(row))
    assert answer.status_code == 410
    assert "已按规定删除" in text_of(answer)


# behind a follow key


def of_key(token: str, row: Attachment, query: str = "") -> Any:
    return Client().get(f"/f/{token}/attachments/{row.pk}/{query}")


def test_a_reporter_attaches_with_the_key_and_sees_it(nine: World) -> None:
    _ticket, token = handled_with_key(nine)
    answer = follow.do(token, "attach", files=[upload(paper(), "a.pdf")])
    row = Attachment.objects.get()
    assert (answer.status_code, row.kind, row.by.partition(":")[0]) == (303, "PDF", "key")
    assert f"/attachments/{row.pk}/" in text_of(follow.look(token))
    assert of_key(token, row).status_code == 200


def test_a_bad_file_brings_the_form_back_and_leaves_nothing(nine: World) -> None:
    _ticket, token = handled_with_key(nine)
    answer = follow.do(token, "attach", files=[upload(b"nothing")])
    assert answer.status_code == 422
    assert "不能作为附件" in text_of(answer)
    assert not Attachment.objects.exists()


def test_an_album_full_of_photos_is_told_how_many_may_come(nine: World) -> None:
    _ticket, token = handled_with_key(nine)
    answer = follow.do(token, "attach", files=[upload(b"x")] * 60)
    assert answer.status_code == 422
    assert "选了 60 个文件，一次最多 9 个" in text_of(answer)


def test_what_came_with_the_report_is_the_reporters(nine: World) -> None:
    _ticket, token = handled_with_key(nine, files=[ready()])
    assert of_key(token, Attachment.objects.get()).status_code == 200


def test_what_staff_photographed_is_not_the_reporters(nine: World) -> None:
    ticket, token = handled_with_key(nine)
    actions.attach(ticket, by=nine.handler, at=nine.at, files=[ready(), ready("AFTER")])
    assert [of_key(token, row).status_code for row in Attachment.objects.all()] == [404, 404]
    assert "/attachments/" not in text_of(follow.look(token))


def finished(world: World) -> tuple[Ticket, str]:
    ticket, token = handled_with_key(world)
    actions.resolve(
        ticket, by=world.handler, at=world.at, result="DONE", note="已清运",
        proposed_answer=ANSWER, files=[ready("BEFORE"), ready("AFTER")],
    )  # fmt: skip
    actions.verify(ticket, by=world.grid_worker, at=world.at)
    return ticket, token


def test_the_after_photo_is_told_with_the_answer_not_before(nine: World) -> None:
    ticket, token = finished(nine)
    after = Attachment.objects.get(kind="AFTER")
    assert of_key(token, after).status_code == 404
    actions.reply(ticket, by=nine.other_desk, at=nine.at, final_answer=ANSWER)
    assert of_key(token, after).status_code == 200
    assert of_key(token, Attachment.objects.get(kind="BEFORE")).status_code == 404


@pytest.mark.parametrize("query", ["", "?original=1", "?copy=kept", "?copy=display"])
def test_the_public_never_gets_the_copy_with_a_name(nine: World, query: str) -> None:
    ticket, token = finished(nine)
    actions.reply(ticket, by=nine.other_desk, at=nine.at, final_answer=ANSWER)
    after = Attachment.objects.get(kind="AFTER")
    assert of_key(token, after, query)["ETag"] == f'"{after.copies["public"]}"'


def test_a_follower_sees_their_own_only(nine: World) -> None:
    replied_with_key(nine, files=[ready()])
    follower = actions.follow(nine.handled(files=[ready()]), by=nine.desk, at=nine.at)[1]
    assert [of_key(follower, row).status_code for row in Attachment.objects.all()] == [404, 404]


def test_another_key_opens_nothing(nine: World) -> None:
    handled_with_key(nine, files=[ready()])
    _other, token = nine.reported_with_key()
    assert of_key(token, Attachment.objects.get()).status_code == 404


def test_a_file_behind_a_key_tells_nobody_of_the_key(nine: World) -> None:
    _ticket, token = handled_with_key(nine, files=[ready()])
    answer = of_key(token, Attachment.objects.get())
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
