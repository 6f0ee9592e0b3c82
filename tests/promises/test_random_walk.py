"""Whatever people do, and whenever: the record proves it and no ticket is lost."""

from random import Random

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.promises.proof import all_is_well
from tests.promises.walk import Walk
from tests.world import World
from tickets import sweeps
from tickets.models import Event
from tickets.states import State

STEPS = 80
ERASED = 0.01
OFTEN = (
    *[Walk.do_what_is_allowed] * 18, *[Walk.try_what_is_not_allowed] * 5, *[Walk.decide] * 3,
    *[Walk.wait] * 3, *[Walk.report] * 2, Walk.settle, Walk.bring_in, Walk.follow, Walk.come_or_go,
    Walk.change_checklist,
)  # fmt: skip
BRIEFLY = settings(
    max_examples=9, deadline=None, derandomize=True, database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


FAR = {State.HANDLING, State.RESOLVED, State.VERIFIED, State.REPLIED, State.CLOSED, State.MERGED}
ONES_WORK = {"resolve", "verify", "rework", "reply"}
"""Done by people with all that is asked of them, not passed by itself."""


class Undone(Exception):
    """Rolls one walk back."""


def stroll(world: World, random: Random) -> set[str]:
    """One walk, forgotten afterwards; the states its tickets came to and what people did."""
    walk = Walk(world, random)
    try:
        with transaction.atomic():
            walk.report()
            for _step in range(STEPS):
                random.choice(OFTEN)(walk)
                if random.random() < ERASED:
                    walk.erase()
            arrive_home(walk)
            seen = set(Event.objects.values_list("to_state", flat=True))
            work = Event.objects.filter(by__startswith="person:")
            seen |= set(work.values_list("verb", flat=True))
            seen |= {"checks"} if work.filter(data__has_key="checks").exists() else set()
            raise Undone
    except Undone:
        return seen


def arrive_home(walk: Walk) -> None:
    for name in sweeps.SWEEPS:
        sweeps.run(name, at=walk.at)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what a commit does
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    all_is_well(walk.at)


def test_random_walks_end_with_both_audits_clean(world: World) -> None:
    seen: set[str] = set()

    @BRIEFLY
    @given(random=st.randoms(use_true_random=True))
    def walks(random: Random) -> None:
        seen.update(stroll(world, random))

    walks()
    assert seen >= FAR | ONES_WORK | {"checks"}, "nobody got far, so this has shown little"


@pytest.mark.full
@settings(BRIEFLY, max_examples=300, derandomize=False)
@given(random=st.randoms(use_true_random=True))
def test_many_random_walks_end_with_both_audits_clean(world: World, random: Random) -> None:
    stroll(world, random)
