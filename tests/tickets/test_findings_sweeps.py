"""An incident of a sweep is over when the ticket gets on."""

import pytest

from notices.models import Incident
from tests.world import World
from tickets import actions, sweeps


def test_a_later_success_ends_the_incident(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = world.accepted()

    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("no unit")

    with monkeypatch.context() as patch:
        patch.setattr(actions, "route", broken)
        sweeps.run("route", at=world.at)
    incident = Incident.objects.get(kind="sweep:route", subject=ticket.number)
    assert incident.ended_at is None
    assert sweeps.run("route", at=world.at) == 1
    incident.refresh_from_db()
    assert incident.ended_at == world.at
