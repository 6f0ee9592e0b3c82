"""The whole chain in real browsers: each person sees their own pages and nothing is prepared."""

import pytest

from tests.walks import DONE, Crew, state_of, verbs_of
from tickets.states import State


def test_the_straight_way(crew: Crew) -> None:
    number, link = crew["desk"].report()
    resident = crew.resident(link)
    resident.reads("等待受理")
    crew["desk"].do(number, "accept")
    crew.system()
    crew["handler"].do(number, "claim")
    resident.reads("正在办理")
    crew["handler"].do(number, "resolve", **DONE)
    crew["grid_worker"].do(number, "verify")
    crew["desk"].do(number, "reply")
    resident.rate(5, True, rate_reason="KIND", comment="很快")
    resident.reads("已结案")
    assert verbs_of(number) == [
        "report", "accept", "dispatch", "claim", "resolve", "verify", "reply", "rate",
    ]  # fmt: skip


def send_back_and_dispatch_by_hand(crew: Crew, number: str) -> None:
    crew["handler"].do(number, "claim")
    crew["handler"].do(number, "send_back", reason="NOT_OURS", text="这段路由街道养护")
    crew["head"].decide(number, "countersign")
    crew["shift_leader"].decide(number, "grant")
    crew["desk"].do(number, "dispatch", unit="JD-003")


def assist_and_rework(crew: Crew, number: str) -> None:
    office = crew["office_handler"]
    office.do(number, "claim")
    office.do(number, "enlist", unit="XF", question="请确认消防通道是否畅通")
    crew["fire_handler"].do(number, "answer_assist", assist_result="DONE", text="通道已清理")
    office.do(number, "resolve", **DONE)
    crew["grid_worker"].do(number, "rework", reason="NOT_DONE", text="还剩一半")
    office.do(number, "resolve", **DONE)
    crew["grid_worker"].do(number, "verify")
    crew["other_desk"].do(number, "reply")


@pytest.mark.full
def test_every_detour_and_back(crew: Crew) -> None:
    number, link = crew["desk"].report()
    resident = crew.resident(link)
    crew["desk"].do(number, "accept")
    crew.system()
    send_back_and_dispatch_by_hand(crew, number)
    assist_and_rework(crew, number)
    resident.rate(1, False, rate_reason="SLOW", comment="又堆起来了")
    resident.reads("正在复核")
    crew["desk"].do(number, "reopen", reason="NOT_SOLVED", text="照片属实，请重新清运")
    crew["desk"].do(number, "dispatch")  # the former unit is proposed
    crew.handle(number, by="office_handler")
    resident.rate(4, True)
    assert state_of(number) == State.CLOSED
    assert verbs_of(number) == [
        "report", "accept", "dispatch", "claim", "ask", "countersign", "grant", "send_back",
        "dispatch", "claim", "enlist", "answer_assist", "resolve", "rework", "resolve", "verify",
        "reply", "rate", "reopen", "dispatch", "claim", "resolve", "verify", "reply", "rate",
    ]  # fmt: skip


def test_a_contest_that_is_upheld(crew: Crew) -> None:
    number, link = crew["desk"].report()
    crew["desk"].do(number, "accept")
    crew.system()
    crew.handle(number, by="handler")
    resident = crew.resident(link)
    resident.rate(2, True)
    answer = "经复核，垃圾已于当日清运完毕，两次抽查现场均保持整洁。"
    crew["desk"].do(number, "uphold", answer=answer)
    resident.reads("维持原办理结果")
    assert answer in resident.page.content()
    assert state_of(number) == State.CLOSED
