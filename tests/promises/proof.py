"""What the tests of this folder ask of the proof."""

from datetime import datetime
from pathlib import Path

from django.db.models import Q

from notices.models import Incident
from tickets.proof import chain, promises
from tickets.proof.facts import Tally


def breaches(seals: Path | None = None) -> list[str]:
    """What `verify_chain` would print."""
    return [str(breach) for breach in chain.verify(tally=Tally(), seals=seals)]


def unkept(at: datetime) -> list[str]:
    """What `audit_promises` would print."""
    return [str(breach) for breach in promises.audit(at=at)]


def all_is_well(at: datetime) -> None:
    """Both audits are clean and no sweep has stumbled."""
    stumbles = Incident.objects.filter(Q(kind__startswith="sweep:") | Q(kind="deadline"))
    assert list(stumbles.values_list("subject", "detail")) == []
    assert breaches() == []
    assert unkept(at) == []
