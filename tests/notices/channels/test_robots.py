"""Group robots: HTTP 200 is no success, a signature is made as the platform checks it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from notices.channels.messages import Message, Target, Way
from notices.channels.ways import way
from tests.notices.channels.sending import AT, MESSAGE, beside, failure, hurry, later
from tests.servers import dingtalk, feishu
from tests.servers.dingtalk import DingTalkServer
from tests.servers.feishu import FeishuServer
from tests.servers.plain import Reply
from tests.servers.robots import MOODS, RobotServer
from tests.servers.wecom import WeComServer

ROBOTS: dict[str, tuple[type[RobotServer], str]] = {
    "DINGTALK": (DingTalkServer, dingtalk.SECRET),
    "WECOM": (WeComServer, ""),
    "FEISHU": (FeishuServer, feishu.SECRET),
}


class Robot:
    """One robot's server, its client and its address."""

    def __init__(self, name: str, server: Any, client: Way) -> None:
        self.name, self.server, self.client = name, server, client
        self.target = Target(server.address, ROBOTS[name][1])

    def fails(self, **changed: Any) -> tuple[str, bool, timedelta | None]:
        return later(failure(self.client, self.target, **changed))

    def send(self, message: Message = MESSAGE) -> None:
        self.client.send(message, self.target, at=AT)


@contextmanager
def standing(name: str, settings: Any) -> Iterator[Robot]:
    client = way(name)
    assert client is not None
    with beside(ROBOTS[name][0](), settings) as server:
        yield Robot(name, server, client)


@pytest.fixture(params=ROBOTS)
def robot(request: Any, settings: Any, monday: None) -> Iterator[Robot]:
    with standing(request.param, settings) as found:
        yield found


def test_what_is_sent_is_read_in_the_group(robot: Robot) -> None:
    robot.send()
    (taken,) = robot.server.taken
    assert taken.text == f"{MESSAGE.title}\n{MESSAGE.text}\n{MESSAGE.url}"


def test_a_message_without_a_link_ends_with_its_text(robot: Robot) -> None:
    robot.send(Message("标题", "正文"))
    assert robot.server.taken[0].text == "标题\n正文"


@pytest.mark.parametrize("mood", MOODS)
def test_trouble_on_the_way_asks_for_later(robot: Robot, settings: Any, mood: str) -> None:
    robot.server.mood, code = MOODS[mood]
    hurry(settings, code)
    wait = timedelta(seconds=7) if mood == "busy" else None
    assert robot.fails() == (code, False, wait)


def test_a_429_waits_as_long_as_it_is_told(robot: Robot) -> None:
    robot.server.mood = Reply(429, b"slow down", {"Retry-After": "90"})
    assert robot.fails() == ("status 429", False, timedelta(seconds=90))


def test_a_429_may_name_a_date(robot: Robot) -> None:
    robot.server.mood = Reply(429, headers={"Retry-After": "Mon, 23 Nov 2026 01:02:00 GMT"})
    assert robot.fails() == ("status 429", False, timedelta(minutes=2))


@pytest.mark.parametrize("told", ["soon", "-5", "", "Mon, 23 Nov 2026 00:02:00 GMT", "１２"])
def test_a_wait_that_is_none_is_left_to_us(robot: Robot, told: str) -> None:
    robot.server.mood = Reply(429, headers={"Retry-After": told.encode().decode("latin-1")})
    assert robot.fails() == ("status 429", False, None)


@pytest.mark.parametrize(("status", "code"), [(302, "status 302"), (404, "status 404")])
def test_a_wrong_address_is_final(robot: Robot, status: int, code: str) -> None:
    robot.server.mood = Reply(status, headers={"Location": "/elsewhere"})
    assert robot.fails() == (code, True, None)
    assert len(robot.server.asked) == 1


def test_an_unknown_code_asks_for_later(robot: Robot) -> None:
    robot.server.code = 987654
    assert robot.fails() == ("987654", False, None)


def test_an_address_of_the_inside_is_reached_only_where_allowed(
    robot: Robot, settings: Any
) -> None:
    settings.HUBIN_EGRESS_ALLOW = []
    assert robot.fails() == ("address", False, None)
    assert robot.server.asked == []


@pytest.mark.parametrize(
    "url", ["", "not an address", "ftp://robot.example/", "https://用户@机器人"]
)
def test_an_address_that_is_none_is_final(robot: Robot, url: str) -> None:
    told = failure(robot.client, Target(url, "secret"))
    assert (told.code, told.is_final) == ("bad_url" if url else "no_target", True)


@pytest.mark.parametrize(("name", "code"), [("DINGTALK", "310000"), ("FEISHU", "19021")])
def test_a_wrong_secret_is_final(monday: None, settings: Any, name: str, code: str) -> None:
    with standing(name, settings) as robot:
        told = failure(robot.client, Target(robot.server.address, "wrong"))
    assert later(told) == (code, True, None)
    assert robot.server.taken == []


@pytest.mark.parametrize("name", ["DINGTALK", "FEISHU"])
def test_without_a_secret_nothing_is_signed(monday: None, settings: Any, name: str) -> None:
    with standing(name, settings) as robot:
        robot.server.is_signing = False
        robot.client.send(MESSAGE, Target(robot.server.address), at=AT)
    (asked,) = robot.server.asked
    assert "sign" not in asked.path + asked.body.decode()


FINAL = [("DINGTALK", 300001), ("DINGTALK", 400102), ("DINGTALK", 310000), ("DINGTALK", 430102),
         ("WECOM", 93000), ("WECOM", 93004), ("FEISHU", 9499), ("FEISHU", 19001),
         ("FEISHU", 19022), ("FEISHU", 19024)]  # fmt: skip


@pytest.mark.parametrize(("name", "code"), FINAL)
def test_what_only_people_can_mend_is_final(
    monday: None, settings: Any, name: str, code: int
) -> None:
    with standing(name, settings) as robot:
        robot.server.code = code
        assert robot.fails() == (str(code), True, None)


FAST = [("DINGTALK", 130101, 600), ("DINGTALK", 410100, 600), ("DINGTALK", 90030, 3600),
        ("WECOM", 45009, 60), ("WECOM", 45033, 10), ("FEISHU", 11232, 60)]  # fmt: skip


@pytest.mark.parametrize(("name", "code", "wait"), FAST)
def test_too_fast_waits_as_long_as_the_platform_is_silent(
    monday: None, settings: Any, name: str, code: int, wait: int
) -> None:
    with standing(name, settings) as robot:
        robot.server.code = code
        assert robot.fails() == (str(code), False, timedelta(seconds=wait))


@pytest.mark.parametrize("name", ["DINGTALK", "WECOM"])
def test_the_twenty_first_in_a_minute_is_too_fast(monday: None, settings: Any, name: str) -> None:
    with standing(name, settings) as robot:
        for _nth in range(20):
            robot.send()
        _code, is_final, wait = robot.fails()
    assert (len(robot.server.taken), is_final, bool(wait)) == (20, False, True)


def test_feishu_says_too_fast_with_the_code_of_a_bad_body(monday: None, settings: Any) -> None:
    with standing("FEISHU", settings) as robot:
        robot.server.code, robot.server.said = 9499, "frequency limited psm[lark.oapi]"
        assert robot.fails() == ("11232", False, timedelta(minutes=1))


def test_a_keyword_of_the_group_has_to_stand_in_the_text(monday: None, settings: Any) -> None:
    with standing("DINGTALK", settings) as robot:
        robot.server.keyword = "天气"
        assert robot.fails() == ("310000", True, None)


def test_a_long_text_is_cut_and_its_link_kept(robot: Robot) -> None:
    robot.send(Message("标题", "长" * 9_000, url=MESSAGE.url))
    text = robot.server.taken[0].text
    assert "长…" in text
    assert text.endswith(MESSAGE.url)


def test_nobody_in_a_feishu_group_is_called_by_a_text(monday: None, settings: Any) -> None:
    with standing("FEISHU", settings) as robot:
        robot.send(Message("标题", '<at user_id="all">所有人</at>'))
    assert b'"tag": "at"' not in robot.server.asked[0].body
