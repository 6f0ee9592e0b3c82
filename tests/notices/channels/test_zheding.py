"""Work notices of 浙政钉: signed over the plain values, refused twice in HTTP 200."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from notices.channels.messages import NotSent
from notices.channels.ways import way
from notices.channels.zheding import ZheDing, signature
from tests.notices.channels.sending import AT, MESSAGE, beside, failure, hurry, later
from tests.servers import zheding
from tests.servers.plain import Reply
from tests.servers.robots import MOODS
from tests.servers.zheding import ACCOUNTS, ZheDingServer

BUSY = timedelta(minutes=1)


@pytest.fixture
def server(settings: Any, monday: None) -> Iterator[ZheDingServer]:
    with beside(ZheDingServer(), settings) as found:
        zheding.configure(settings, found)
        yield found


def client() -> ZheDing:
    found = way("ZHEDING")
    assert isinstance(found, ZheDing)
    return found


def send(**changed: Any) -> str:
    given = {name: getattr(MESSAGE, name) for name in ("title", "text", "url", "dedupe_key")}
    message = type(MESSAGE)(**{**given, "to": ACCOUNTS[0], **changed})
    return client().send(message, at=AT).provider_id


def fails(**changed: Any) -> NotSent:
    return failure(client(), **{"to": ACCOUNTS[0], **changed})


def test_it_is_off_without_a_host(settings: Any) -> None:
    assert way("ZHEDING") is None


@pytest.mark.parametrize("is_text", [False, True])
def test_what_is_sent_arrives_and_has_a_number(server: ZheDingServer, is_text: bool) -> None:
    server.is_text = is_text
    assert send() == "m1"
    (taken,) = server.taken
    assert (taken.account, taken.key) == (ACCOUNTS[0], MESSAGE.dedupe_key)
    card = taken.msg["action_card"]
    assert (card["title"], card["markdown"]) == (MESSAGE.title, MESSAGE.text)
    assert card["single_url"] == card["single_pc_url"] == MESSAGE.url


def test_without_a_link_it_is_a_text(server: ZheDingServer) -> None:
    send(url="")
    assert server.taken[0].msg["text"]["content"] == f"{MESSAGE.title}\n{MESSAGE.text}"


def test_signs_in_a_text_do_not_break_the_signature(server: ZheDingServer) -> None:
    send(text='a&b=c%20d + “引号” "\\\n\t100%')
    assert server.taken[0].msg["action_card"]["markdown"].startswith("a&b=c%20d +")


def test_each_request_has_a_number_of_its_own(server: ZheDingServer) -> None:
    send()
    send(to=ACCOUNTS[1])
    assert len(server.nonces) == 2


@pytest.mark.parametrize(
    ("name", "code"),
    [("HUBIN_ZHEDING_SECRET", "SignatureDoesNotMatch"), ("HUBIN_ZHEDING_KEY", "InvalidApiKey"),
     ("HUBIN_ZHEDING_TENANT", "TenantForbidden")],
)  # fmt: skip
def test_a_wrong_setting_is_final(
    server: ZheDingServer, settings: Any, name: str, code: str
) -> None:
    setattr(settings, name, "wrong")
    assert later(fails()) == (code, True, None)
    assert server.taken == []


@pytest.mark.parametrize("is_text", [False, True])
def test_an_unknown_account_is_its_own_trouble(server: ZheDingServer, is_text: bool) -> None:
    server.is_text = is_text
    told = fails(to="GE_99999")
    assert (told.code, told.is_final, told.is_addressees) == ("ReceiverNotExist", True, True)


def test_somebody_without_an_account_is_not_asked_for(server: ZheDingServer) -> None:
    told = fails(to="")
    assert (told.code, told.is_final, told.is_addressees) == ("no_account", True, True)
    assert server.asked == []


@pytest.mark.parametrize("where", ["outer", "inner"])
@pytest.mark.parametrize(
    ("code", "is_final", "wait"),
    [("FLOW_LIMIT", False, BUSY), ("Throttling.User", False, BUSY), ("OPF-S005", False, None),
     ("no.permission", True, None)],
)  # fmt: skip
def test_codes_of_both_are_told_apart(
    server: ZheDingServer, where: str, code: str, is_final: bool, wait: timedelta | None
) -> None:
    setattr(server, where, code)
    assert later(fails()) == (code, is_final, wait)


@pytest.mark.parametrize("mood", MOODS)
def test_trouble_on_the_way_asks_for_later(server: ZheDingServer, settings: Any, mood: str) -> None:
    server.mood, code = MOODS[mood]
    hurry(settings, code)
    wait = timedelta(seconds=7) if mood == "busy" else None
    assert later(fails()) == (code, False, wait)


@pytest.mark.parametrize(
    "body", [b'{"success": "true"}', b'{"success": 1}', b'{"success": false}',
             b'{"success": true, "content": {"success": false}}'],
)  # fmt: skip
def test_an_answer_that_says_nothing_is_no_success(server: ZheDingServer, body: bytes) -> None:
    server.mood = Reply(200, body)
    assert later(fails()) == ("garbage", False, None)


def test_the_order_of_the_names_ignores_their_case() -> None:
    form = {"b": "2", "A": "1", "c": "3"}
    known = signature("s", "t", "n", "/p", form)
    assert known == signature("s", "t", "n", "/p", dict(reversed(form.items())))
    assert known != signature("s", "t", "n", "/p", {**form, "c": "4"})
