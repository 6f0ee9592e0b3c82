"""Every verb of the table with a button has its door, and a whole matter walks through them."""

from typing import Any

import pytest
from django.urls import reverse

from tests.api.asking import V1, Program
from tests.files import photo, upload
from tests.world import ANSWER, World
from tickets import actions
from tickets.models import Ticket
from tickets.states import TRANSITIONS, State

NUMBER = "330102-20261123-00001"
GIVEN: list[tuple[str, str, str, dict[str, Any]]] = [
    # stage, who, verb, body
    ("reported", "desk", "confirm", {}),
    ("reported", "desk", "answer", {"answer": ANSWER}),
    ("reported", "desk", "decline", {"reason": "BEYOND", "answer": "请向市住建局反映此事"}),
    ("reported", "desk", "amend", {"category": "0103", "urgency": "HIGH", "text": "按现场更正"}),
    ("reported", "desk", "amend", {"address": "湖滨路 2 号", "building": "B1"}),
    ("reported", "desk", "split", {"text": "还有路灯不亮"}),
    ("dispatched", "desk", "redirect", {"unit": "XF", "text": "消防通道"}),
    ("dispatched", "head", "assign", {"handler": "handler"}),
    ("handled", "handler", "hand_over", {"handler": "other_handler", "text": "换班"}),
    ("handled", "handler", "release", {"text": "临时出勤"}),
    ("handled", "handler", "contact", {"is_reached": True, "note": "约明早上门"}),
    ("handled", "desk", "inquire", {"question": "具体在几号楼"}),
    ("handled", "handler", "send_back", {"reason": "NOT_OURS", "text": "属消防"}),
    ("handled", "handler", "enlist", {"unit": "XF", "question": "看看消防通道"}),
    ("handled", "handler", "extend", {"days": 2, "reason": "MATERIAL", "text": "等灯杆"}),
    ("handled", "handler", "suspend",
     {"resume_on": "2026-12-10", "reason": "BUDGET", "text": "待拨款"}),
    ("handled", "handler", "void", {"reason": "DUPLICATE", "text": "重复"}),
    ("handled", "leader", "supervise", {"demand": "两日内说明", "due_on": "2026-11-26"}),
    ("handled", "desk", "urge", {"text": "居民又来电"}),
    ("resolved", "grid_worker", "rework", {"reason": "NOT_DONE", "text": "还有一堆"}),
    ("replied", "shift_leader", "rate", {"stars": 4, "is_solved": True, "comment": "电话代录"}),
    ("replied", "shift_leader", "follow_up", {"is_reached": False, "note": "无人接听"}),
]  # fmt: skip


def test_every_button_has_its_door() -> None:
    for move in TRANSITIONS:
        if move.button:
            there = reverse(f"api_{move.verb}", args=[NUMBER])
            assert there == f"{V1}tickets/{NUMBER}/{move.verb}/"


@pytest.mark.parametrize(("stage", "who", "verb", "body"), GIVEN)
def test_a_verb_is_done(
    world: World, stage: str, who: str, verb: str, body: dict[str, Any]
) -> None:
    ticket = getattr(world, stage)()
    answer = Program(world.people[who]).do(ticket.number, verb, body)
    assert answer.status_code == 200, answer.json()
    ticket.refresh_from_db()
    assert ticket.events.latest("seq").verb in (verb, "ask")
    assert answer.json()["is_requested"] == (ticket.events.latest("seq").verb == "ask")
    assert answer["ETag"] == f'"{ticket.version}"'


def test_a_matter_walks_from_report_to_answer(world: World) -> None:
    desk, handler = Program(world.desk), Program(world.handler)
    number = world.reported().number
    desk.do(number, "accept", {"category": "0101"})
    desk.do(number, "dispatch", {"unit": "CG-003"})
    handler.do(number, "claim")
    body = {"result": "DONE", "note": "已清运", "proposed_answer": ANSWER}
    handler.do(number, "resolve", body)
    Program(world.grid_worker).do(number, "verify", {"note_optional": "干净了"})
    answer = desk.do(number, "reply", {"final_answer": ANSWER})
    assert answer.json()["ticket"]["state"] == State.REPLIED


def test_merging_names_the_other_by_number(world: World) -> None:
    lead, ticket = world.handled(), world.reported()
    answer = Program(world.desk).do(ticket.number, "merge", {"target": lead.number})
    shown = Program(world.desk).get(f"tickets/{ticket.number}/").json()
    assert (answer.json()["ticket"]["state"], shown["merged_into"]) == ("MERGED", lead.number)
    back = Program(world.desk).get(f"tickets/{lead.number}/").json()
    assert back["merged"] == [ticket.number]


def test_splitting_names_the_new_one(world: World) -> None:
    ticket = world.handled()
    answer = Program(world.desk).do(ticket.number, "split", {"text": "还有路灯不亮"})
    assert Ticket.objects.filter(number=answer.json()["new"]).exists()


def test_what_is_no_longer_ones_to_see_is_not_shown(world: World) -> None:
    ticket = world.reported()
    far = {"position": {"lat": 30.245, "lng": 120.205}, "address": "望江路 9 号"}
    answer = Program(world.desk).do(ticket.number, "amend", far)
    assert (answer.status_code, answer.json()["ticket"]) == (200, None)


def test_arriving_sends_a_position_and_a_photo(world: World) -> None:
    ticket = world.handled()
    answer = Program(world.handler).client.post(
        f"{V1}tickets/{ticket.number}/arrive/",
        {"position": "30.245, 120.155", "before_photos": upload(photo())},
        headers={"if-match": f'"{ticket.version}"'},
    )
    assert answer.status_code == 200, answer.json()
    listed = Program(world.desk).get(f"tickets/{ticket.number}/attachments/").json()["results"]
    assert [one["kind"] for one in listed] == ["BEFORE"]


def test_a_reporter_needs_no_version(world: World) -> None:
    resident = Program(world.resident)
    made = resident.post("tickets/", {"text": "灯不亮", "address": "湖滨路 1 号"}).json()
    number = made["ticket"]["number"]
    assert resident.post(f"tickets/{number}/inform/", {"text": "在二单元"}).status_code == 200
    assert resident.post(f"tickets/{number}/withdraw/", {"text": "好了"}).status_code == 200


def test_an_attachment_is_served_to_who_may_see_it(world: World) -> None:
    ticket = world.handled()
    handler = Program(world.handler)
    handler.client.post(
        f"{V1}tickets/{ticket.number}/attachments/", {"files": upload(photo())},
        headers={"if-match": f'"{ticket.version}"'},
    )  # fmt: skip
    href = handler.get(f"tickets/{ticket.number}/attachments/").json()["results"][0]["href"]
    assert handler.client.get(href)["Content-Type"] == "image/jpeg"
    assert Program(world.far_handler).client.get(href).status_code == 404


def test_needs_that_are_not_asked_here_are_refused(world: World) -> None:
    ticket = world.handled(origin="PATROL", by=world.grid_worker)
    body = {"result": "DONE", "note": "已清运", "proposed_answer": ANSWER}
    answer = Program(world.handler).do(ticket.number, "resolve", body)
    assert list(answer.json()["errors"]) == ["proposed_answer"]


def test_null_is_as_good_as_nothing(world: World) -> None:
    ticket = world.reported()
    body = {"category": "0101", "about_unit": None}
    assert Program(world.desk).do(ticket.number, "accept", body).status_code == 200


def test_the_reporters_own_answer_over_a_session(world: World) -> None:
    resident = Program(world.resident)
    made = resident.post("tickets/", {"text": "灯不亮", "address": "湖滨路 1 号"}).json()
    ticket = Ticket.objects.get(number=made["ticket"]["number"])
    actions.answer(ticket, by=world.district_desk, at=world.at, answer=ANSWER)
    body = {"stars": 5, "is_solved": True, "wants_call": False}
    answer = resident.post(f"tickets/{ticket.number}/rate/", body)
    assert (answer.status_code, answer.json()["ticket"]["state"]) == (200, "CLOSED")


def test_the_desk_adds_a_follower(world: World) -> None:
    ticket = world.reported()
    body = {"name": "钱知非", "phone": "13900005678"}
    answer = Program(world.desk).do(ticket.number, "follow", body)
    assert (answer.status_code, ticket.followers.count()) == (200, 1)
