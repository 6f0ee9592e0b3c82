"""What load_demo does not do: touch another district, leave half a demo, run in production."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from grids.models import Division, Person
from tickets import demo

pytestmark = pytest.mark.django_db


def test_another_district_is_left_alone() -> None:
    Division.objects.create(code="330102000000", name="上城区", level="DISTRICT")
    call_command("load_demo", "--if-empty", stdout=StringIO())
    with pytest.raises(CommandError, match="另一个辖区"):
        call_command("load_demo", weeks=0, stdout=StringIO())
    assert Division.objects.count() == 1


def test_a_short_password_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUBIN_DEMO_PASSWORD", "short")
    with pytest.raises(CommandError, match="10"):
        call_command("load_demo", weeks=0, stdout=StringIO())
    assert not Division.objects.exists()


@pytest.mark.parametrize("command", ["load_demo", "demo_accounts"])
def test_nothing_of_it_outside_a_demo(settings: Any, command: str) -> None:
    settings.HUBIN_DEMO = False
    with pytest.raises(CommandError):
        call_command(command, stdout=StringIO())
    assert not Person.objects.exists()


def test_half_a_demo_never_stays_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(demo.ENDINGS, "merged", lambda _story: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        call_command("load_demo", weeks=0, stdout=StringIO())
    assert not Division.objects.exists()
