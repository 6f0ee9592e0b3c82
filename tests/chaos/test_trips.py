"""The ways of the load: each comes to its end, with the acts that it is named after."""

from typing import Any

import pytest

from tests.chaos.trips import AIMS, PATIENCE, Act, Cast, Trip, next_act

CAST = Cast({"CG": "handler"}, {"CG": "head"}, ("walker",))
LEADS_TO = {
    "accept": "DISPATCHED", "claim": "HANDLING", "resolve": "RESOLVED", "rework": "HANDLING",
    "verify": "VERIFIED", "reply": "REPLIED", "rate": "CONTESTED", "reopen": "ACCEPTED",
    "dispatch": "DISPATCHED", "merge": "MERGED", "unmerge": "DISPATCHED",
}  # fmt: skip


def ticket() -> dict[str, Any]:
    return {
        "state": "REPORTED", "urgency": "NORMAL", "unit": {"code": "CG"}, "approval": None,
        "now": "2026-11-23T01:00:00+00:00",
    }  # fmt: skip


def obey(found: dict[str, Any], act: Act) -> None:
    """As the chain would."""
    found["state"] = LEADS_TO.get(act.verb, found["state"])
    if act.verb in ("extend", "suspend"):
        found["approval"] = {"id": 7}
    if act.verb in ("grant", "refuse"):
        found["approval"] = None


def walked(aim: str, *, refuses: str = "") -> list[str]:
    trip, found = Trip(1, aim, "0501", target="X"), ticket()
    done: list[str] = []
    for _turn in range(40):
        act = next_act(trip, found, CAST)
        if act is True:
            return done
        assert isinstance(act, Act)
        if act.verb == refuses:
            trip.refused[act.verb] += 1
            continue
        done.append(act.verb)
        trip.done[act.verb] += 1
        obey(found, act)
    raise AssertionError(f"{aim} comes to no end: {done}")


@pytest.mark.parametrize("aim", AIMS)
def test_every_way_comes_to_its_end(aim: str) -> None:
    assert len(walked(aim)) < 20


@pytest.mark.parametrize(
    ("aim", "acts"),
    [
        ("grant", ["extend", "countersign", "grant"]), ("refuse", ["suspend", "refuse"]),
        ("suspend", ["suspend", "countersign", "grant"]), ("ask", ["extend"]),
        ("rework", ["resolve", "rework"]), ("unmerge", ["merge", "unmerge", "claim"]),
        ("reopen", ["reply", "rate", "reopen", "dispatch", "claim"]), ("amend", ["amend", "claim"]),
    ],
)  # fmt: skip
def test_a_way_ends_with_what_it_is_named_after(aim: str, acts: list[str]) -> None:
    assert walked(aim)[-len(acts) :] == acts


@pytest.mark.parametrize("state", ["SUSPENDED", "HANDLING", "RESOLVED", "VERIFIED"])
def test_whoever_has_rested_is_answered(state: str) -> None:
    trip, found = Trip(1, "suspend", "0501"), ticket() | {"state": state}
    trip.end()
    assert isinstance(next_act(trip, found, CAST), Act)


@pytest.mark.parametrize(("aim", "verb"), [("grant", "extend"), ("merge", "merge")])
def test_what_is_refused_for_good_is_left_undone(aim: str, verb: str) -> None:
    assert verb not in walked(aim, refuses=verb)


def test_what_waits_for_others_asks_for_nothing() -> None:
    trip = Trip(1, "reply", "0501")
    assert next_act(trip, ticket() | {"urgency": "URGENT"}, CAST) is None
    assert next_act(trip, ticket() | {"state": "ACCEPTED"}, CAST) is None


def test_a_merge_waits_a_while_for_somewhere_to_go() -> None:
    trip, found = Trip(1, "merge", "0501"), ticket() | {"state": "DISPATCHED"}
    waits = [next_act(trip, found, CAST) for _turn in range(PATIENCE * 8)]
    assert waits[0] is None
    assert isinstance(waits[-1], Act)


def test_who_did_not_rate_in_time_has_it_reopened_all_the_same() -> None:
    act = next_act(Trip(1, "reopen", "0501"), ticket() | {"state": "CLOSED"}, CAST)
    assert isinstance(act, Act)
    assert act.verb == "reopen"
