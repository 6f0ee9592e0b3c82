"""Tables of rules, cached with a stamp."""

from collections.abc import Callable

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries, Settings

from common import law
from common.models import IdempotencyKey, LawStamp
from common.snapshot import snapshot
from tests.races import start

pytestmark = pytest.mark.django_db(transaction=True)
Reader = Callable[[], int]


@pytest.fixture(autouse=True)
def _as_in_life(stamps_only: None) -> None: ...


def rows() -> int:
    """Any table will do as a table of rules."""
    return IdempotencyKey.objects.count()


def read() -> int:
    return law.cache.get("rules", rows)


def change(key: str = "one") -> None:
    with transaction.atomic():
        IdempotencyKey.objects.create(caller="c", key=key, body_hash="", at="2026-03-02T00:00Z")
        law.bump("rules")


def test_a_second_look_asks_no_database(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    read()
    with django_assert_num_queries(0):
        read()


def test_an_own_change_is_seen_at_once() -> None:
    read()
    change()
    assert read() == 1


def test_a_change_elsewhere_is_not_looked_for_within_the_second() -> None:
    read()
    start(change).result(20)
    law.cache._checked = law.time.monotonic()
    assert read() == 0


def test_a_change_elsewhere_is_seen_after_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    read()
    start(change).result(20)
    monkeypatch.setattr(law, "CHECK_SECONDS", 0.0)
    assert read() == 1


def test_rows_changed_without_a_stamp_stay_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(law, "CHECK_SECONDS", 0.0)
    read()
    IdempotencyKey.objects.create(caller="c", key="k", body_hash="", at="2026-03-02T00:00Z")
    assert read() == 0


def test_inside_its_transaction_a_change_is_seen() -> None:
    read()
    with transaction.atomic():
        change()
        assert read() == 1


def test_a_change_taken_back_leaves_nothing() -> None:
    read()
    with transaction.atomic():
        change()
        read()
        transaction.set_rollback(True)
    assert read() == 0


def test_a_savepoint_taken_back_leaves_nothing() -> None:
    with transaction.atomic():
        change("kept")
        with transaction.atomic():
            change("lost")
            read()
            transaction.set_rollback(True)
        assert read() == 1
    assert read() == 1


def test_the_same_version_with_other_rows_is_not_mistaken() -> None:
    with transaction.atomic():
        change("lost")
        read()
        transaction.set_rollback(True)
    change("first")
    assert read() == 1


def test_what_a_transaction_changed_it_reads_once(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with transaction.atomic():
        change("first")
        assert read() == 1
        with django_assert_num_queries(0):
            assert read() == 1
        change("second")
        assert read() == 2


def test_what_is_taken_back_within_a_transaction_is_read_no_more() -> None:
    with transaction.atomic():
        change("first")
        with transaction.atomic():
            change("lost")
            assert read() == 2
            transaction.set_rollback(True)
        assert read() == 1


def test_what_a_transaction_read_is_nobody_elses() -> None:
    with transaction.atomic():
        change("first")
        assert read() == 1
        assert start(read).result(20) == 0
        assert read() == 1


def test_stamps_rise() -> None:
    change("one")
    change("two")
    assert LawStamp.objects.get(name="rules").version == 2


def test_two_values_may_hang_on_one_stamp() -> None:
    law.cache.get("doubled", lambda: 2 * rows(), stamp="rules")
    change()
    assert law.cache.get("doubled", lambda: 2 * rows(), stamp="rules") == 2


def test_other_stamps_do_not_disturb() -> None:
    read()
    IdempotencyKey.objects.create(caller="c", key="k", body_hash="", at="2026-03-02T00:00Z")
    law.bump("other rules")
    assert read() == 0


def test_switched_off_every_look_reads(settings: Settings) -> None:
    settings.HUBIN_LAW_CACHE = False
    read()
    IdempotencyKey.objects.create(caller="c", key="k", body_hash="", at="2026-03-02T00:00Z")
    assert read() == 1


def test_an_older_view_of_the_tables_is_kept_for_nobody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(law, "CHECK_SECONDS", 60.0)
    with snapshot():
        assert rows() == 0
        start(change).result(20)
        start(lambda: law.cache.get("others", rows)).result(20)
        assert read() == 0
    assert read() == 1


def test_an_older_view_reads_a_table_once(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with snapshot():
        read()
        with django_assert_num_queries(0):
            read()
