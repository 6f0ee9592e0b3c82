"""Refusals and failures are sentences with the right status."""

import pytest
from django.test import Client
from pytest_django import Settings


@pytest.fixture(autouse=True)
def gallery(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.common.gallery_urls"


def test_refusal_is_a_page_with_its_sentence(client: Client) -> None:
    answer = client.get("/impossible/")
    assert answer.status_code == 409
    assert "工单已由李敏签收" in answer.content.decode()


def test_used_up_link_is_gone(client: Client) -> None:
    answer = client.get("/gone/")
    assert answer.status_code == 410
    assert "链接已失效" in answer.content.decode()


def test_refusal_under_htmx_is_a_fragment_for_the_message_area(client: Client) -> None:
    answer = client.get("/impossible/", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert answer["HX-Retarget"] == "#notice"
    assert "<html" not in answer.content.decode()


def test_lost_database_answers_503_and_when_to_come_back(client: Client) -> None:
    client.raise_request_exception = False
    answer = client.get("/lost/")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert "数据库正在恢复" in answer.content.decode()


def test_unforeseen_exception_answers_500_without_telling_the_inside(client: Client) -> None:
    client.raise_request_exception = False
    answer = client.get("/broken/")
    assert answer.status_code == 500
    assert "出错了" in answer.content.decode()
    assert "ZeroDivisionError" not in answer.content.decode()


def test_unforeseen_exception_is_not_swallowed(client: Client) -> None:
    with pytest.raises(ZeroDivisionError):
        client.get("/broken/")


@pytest.mark.django_db
def test_unknown_page_says_where_to_go(client: Client) -> None:
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()


def test_expired_form_says_what_to_do() -> None:
    answer = Client(enforce_csrf_checks=True).post("/language/", {"language": "en"})
    assert answer.status_code == 403
    assert "这张表单已过期" in answer.content.decode()


def test_refusal_speaks_english_to_english_readers(client: Client) -> None:
    answer = client.get("/gone/", headers={"Accept-Language": "en"})
    assert "This link is no longer valid" in answer.content.decode()
