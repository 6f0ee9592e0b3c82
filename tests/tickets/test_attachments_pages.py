"""Photos come with a report and are shown to whoever may see them, by door and by page."""

import re
from typing import Any

from tests.files import photo, ready, upload
from tests.tickets.pages import entered, forms_in, text_of
from tests.world import World
from tickets import actions
from tickets.models import Attachment, Ticket


def send_report(world: World, *files: Any) -> Any:
    client = entered(world.desk)
    form = forms_in(client.get("/report/"))["report"]
    typed = {"text": "楼下垃圾堆了三天", "name": "赵见诚", "address": "湖滨路 1 号"}
    return client.post("/report/", form | typed | {"near_photos": list(files)})


def test_photos_come_with_a_report(nine: World) -> None:
    send_report(nine, upload(photo()), upload(photo(shade=200)))
    kept = Attachment.objects.filter(ticket=Ticket.objects.get())
    assert [(row.kind, row.event.verb) for row in kept] == [("NEAR", "report")] * 2


def test_a_photo_of_a_report_is_shown_on_the_page_of_its_ticket(nine: World) -> None:
    ticket = nine.reported(files=[ready()])
    page = text_of(entered(nine.desk).get(f"/t/{ticket.number}/"))
    row = Attachment.objects.get()
    assert f'href="/tickets/{ticket.number}/attachments/{row.pk}/" data-photo' in page


def test_the_picture_of_a_page_can_be_fetched(nine: World) -> None:
    ticket = nine.reported(files=[ready()])
    client = entered(nine.desk)
    page = text_of(client.get(f"/t/{ticket.number}/"))
    found = re.search(r'<img src="([^"]+/attachments/[^"]+)"', page)
    assert found
    answer = client.get(found[1])
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(answer.streaming_content)[:3] == b"\xff\xd8\xff"  # type: ignore[attr-defined]


def hint(world: World, who: str, ticket: Ticket) -> str:
    """What is said of earlier uses of a photo, without its markup."""
    page = text_of(entered(world.again(who)).get(f"/t/{ticket.number}/"))
    found = re.search(r'<span class="shot-used">(.*?)</span>', page)
    return re.sub(r"<[^>]+>", "", found[1]) if found else ""


def test_a_photo_of_another_ticket_is_told_to_who_may_see_that_one(nine: World) -> None:
    first = nine.reported(files=[ready()])
    later = nine.dispatched()
    actions.attach(later, by=nine.desk, at=nine.at, files=[ready()])
    assert hint(nine, "desk", later) == f"此照片曾用于 {first.number}"
    assert hint(nine, "clerk", later) == ""
    assert hint(nine, "desk", first) == ""


def test_a_photo_handed_in_again_is_told(nine: World) -> None:
    ticket = nine.reported(files=[ready()])
    actions.attach(ticket, by=nine.desk, at=nine.at, files=[ready(), ready(shade=3)])
    assert hint(nine, "desk", ticket) == "此照片曾用于 本工单"
