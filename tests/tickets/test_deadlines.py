"""Which clock starts, pauses and ends when; when it is due. Pure first, then rows."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from grids import hours
from tickets import deadlines
from tickets.deadlines import ALL, LEG, Plan, plan
from tickets.states import ENDED, STATE_CLOCK, TRANSITIONS, State
from tickets.words import Promise

P, S = Promise, State
ZONE = ZoneInfo("Asia/Shanghai")
OFFICE = hours.CalendarSpec("office", ZONE, dict.fromkeys(range(5), ((510, 1050),)))
DAY, ONE = date(2026, 11, 27), timedelta(days=1)
FRIDAY_FIVE = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)  # 17:00 in the district


@dataclass
class Limit:
    """A row of the table of limits."""

    value: Decimal
    kind: str
    counting: str = "RUNNING"
    calendar: str = "office"


@dataclass
class Version:
    """A version of a row, with the days on which it holds."""

    name: str
    valid_from: date | None = None
    valid_to: date | None = None
    value: Decimal = Decimal(1)
    kind: str = "WORK_HOUR"
    counting: str = "RUNNING"
    calendar: str = "office"


def planned(verb: str, frm: State | None, to: State, *, is_urgent: bool = False) -> Plan:
    return plan(verb, frm, to, is_urgent=is_urgent)


def these(*promises: Promise) -> frozenset[Promise]:
    return frozenset(promises)


def local(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%a %H:%M}"


CHANGES = [
    (move.verb, frm, to) for move in TRANSITIONS for frm in move.frm for to in move.to if frm != to
]


@pytest.mark.parametrize(("verb", "frm", "to"), [c for c in CHANGES if c[1] in STATE_CLOCK])
def test_leaving_a_state_ends_its_clock(verb: str, frm: State, to: State) -> None:
    done = planned(verb, frm, to)
    assert STATE_CLOCK[frm] in done.meet | done.cancel


@pytest.mark.parametrize(("verb", "frm", "to"), [c for c in CHANGES if c[2] in STATE_CLOCK])
def test_entering_an_open_state_starts_its_clock(verb: str, frm: State, to: State) -> None:
    assert STATE_CLOCK[to] in planned(verb, frm, to).start


@pytest.mark.parametrize(("verb", "frm", "to"), [c for c in CHANGES if c[2] in ENDED])
def test_nothing_runs_on_after_the_end(verb: str, frm: State, to: State) -> None:
    done = planned(verb, frm, to)
    assert (done.meet | done.cancel, done.start) == (ALL, frozenset())


def test_a_report_starts_accept_and_total() -> None:
    assert planned("report", None, S.REPORTED).start == these(P.ACCEPT, P.TOTAL)


def test_a_historic_import_has_no_clocks() -> None:
    assert planned("import", None, S.CLOSED) == Plan()


def test_a_dispatch_starts_claim_and_resolve() -> None:
    done = planned("dispatch", S.ACCEPTED, S.DISPATCHED)
    assert (done.start, done.meet) == (these(P.CLAIM, P.RESOLVE), these(P.DISPATCH))


def test_an_urgent_dispatch_starts_arrive_too() -> None:
    assert planned("dispatch", S.ACCEPTED, S.DISPATCHED, is_urgent=True).start == LEG


@pytest.mark.parametrize("verb", ["claim", "assign"])
def test_signing_meets_claim_and_lets_resolve_run(verb: str) -> None:
    assert planned(verb, S.DISPATCHED, S.HANDLING) == Plan(meet=these(P.CLAIM))


def test_a_redirect_cancels_the_leg_and_starts_a_full_one() -> None:
    done = planned("redirect", S.DISPATCHED, S.DISPATCHED)
    assert (done.cancel, done.start) == (LEG, these(P.CLAIM, P.RESOLVE))


def test_a_granted_return_cancels_the_leg() -> None:
    done = planned("send_back", S.HANDLING, S.ACCEPTED)
    assert (done.cancel, done.start) == (LEG, these(P.DISPATCH))


def test_a_release_lets_resolve_run_and_starts_claim_anew() -> None:
    assert planned("release", S.HANDLING, S.DISPATCHED) == Plan(start=these(P.CLAIM))


def test_an_arrival_meets_arrive_only() -> None:
    assert planned("arrive", S.HANDLING, S.HANDLING) == Plan(meet=these(P.ARRIVE))


def test_resolve_pauses_resolve_until_the_outcome_is_verified() -> None:
    done = planned("resolve", S.HANDLING, S.RESOLVED)
    assert (done.pause, done.start) == (these(P.RESOLVE), these(P.VERIFY))


def test_rework_lets_the_same_clock_run_on() -> None:
    done = planned("rework", S.RESOLVED, S.HANDLING)
    assert (done.run, done.start) == (these(P.RESOLVE), these())


def test_verification_meets_resolve_as_of_the_outcome() -> None:
    assert planned("verify", S.RESOLVED, S.VERIFIED).meet_as_resolved == these(P.RESOLVE)


@pytest.mark.parametrize(("verb", "frm"), [("reply", S.VERIFIED), ("answer", S.REPORTED)])
def test_an_answer_meets_total(verb: str, frm: State) -> None:
    assert P.TOTAL in planned(verb, frm, S.REPLIED).meet


def test_a_suspension_pauses_resolve_total_and_assists() -> None:
    assert planned("suspend", S.HANDLING, S.SUSPENDED).pause >= these(P.RESOLVE, P.TOTAL, P.ASSIST)


def test_a_resumption_runs_what_a_suspension_paused() -> None:
    paused = planned("suspend", S.HANDLING, S.SUSPENDED).pause
    assert planned("resume", S.SUSPENDED, S.HANDLING).run == paused


@pytest.mark.parametrize(
    ("verb", "frm", "to"),
    [
        ("object", S.DECLINED, S.REPORTED),
        ("unmerge", S.MERGED, S.ACCEPTED),
        ("reopen", S.CONTESTED, S.ACCEPTED),
    ],
)
def test_a_new_cycle_starts_total_anew(verb: str, frm: State, to: State) -> None:
    assert P.TOTAL in planned(verb, frm, to).start


@pytest.mark.parametrize(
    ("verb", "frm", "to"), [c for c in CHANGES if c[0] not in deadlines.NEW_CYCLE]
)
def test_within_a_cycle_total_never_starts_again(verb: str, frm: State, to: State) -> None:
    assert P.TOTAL not in planned(verb, frm, to).start


@pytest.mark.parametrize("verb", ["withdraw", "void", "merge", "send_back"])
def test_who_gives_up_has_not_kept_the_promise(verb: str) -> None:
    move = next(move for move in TRANSITIONS if move.verb == verb)
    done = planned(verb, S.DISPATCHED, move.to[0])
    assert P.CLAIM in done.cancel - done.meet


@pytest.mark.parametrize(
    ("known", "wanted"),
    [
        ({(P.ACCEPT, None, ""): "any"}, "any"),
        ({(P.ACCEPT, None, ""): "any", (P.ACCEPT, None, "URGENT"): "urgent"}, "urgent"),
        ({(P.ACCEPT, None, "URGENT"): "urgent", (P.ACCEPT, 1, ""): "major"}, "major"),
        ({(P.ACCEPT, 1, ""): "major", (P.ACCEPT, 2, ""): "minor"}, "minor"),
        ({(P.REPLY, None, ""): "another promise"}, None),
    ],
)
def test_the_most_specific_limit_wins(known: dict, wanted: str | None) -> None:
    rows = {key: (Version(name),) for key, name in known.items()}
    found = deadlines.limit_for(rows, P.ACCEPT, (2, 1), "URGENT", day=DAY)
    assert (found and found.name) == wanted


@pytest.mark.parametrize(
    ("versions", "wanted"),
    [
        ((Version("new", DAY), Version("old")), "new"),
        ((Version("later", DAY + ONE), Version("old")), "old"),
        ((Version("over", None, DAY),), None),
        ((Version("gone", DAY - ONE, DAY), Version("old")), None),
        ((Version("still", DAY - ONE, DAY + ONE),), "still"),
    ],
)
def test_the_version_of_the_day_on_which_a_clock_starts_holds(
    versions: tuple[Version, ...], wanted: str | None
) -> None:
    found = deadlines.in_force(versions, DAY)
    assert (found and found.name) == wanted


def test_a_limit_ends_in_the_working_time_of_its_calendar() -> None:
    due = deadlines.due(FRIDAY_FIVE, Limit(Decimal(2), "WORK_HOUR"), OFFICE)
    assert local(due) == "Mon 10:00"


def test_an_urgent_limit_ignores_the_calendar() -> None:
    due = deadlines.due(FRIDAY_FIVE, Limit(Decimal(2), "URGENT_HOUR"), OFFICE)
    assert local(due) == "Fri 19:00"


def test_half_a_limit_is_half_of_its_working_time() -> None:
    assert local(deadlines.half(FRIDAY_FIVE, Limit(Decimal(2), "WORK_HOUR"), OFFICE)) == "Mon 09:00"


def test_half_of_whole_civil_days_is_allowed() -> None:
    limit = Limit(Decimal(1), "WORK_DAY", "CIVIL")
    assert local(deadlines.half(FRIDAY_FIVE, limit, OFFICE)) == "Mon 12:30"


@pytest.mark.parametrize(
    ("kind", "wanted"), [("WORK_HOUR", "Mon 09:00"), ("URGENT_HOUR", "Sun 01:30")]
)
def test_half_of_what_is_left_is_counted_in_the_limits_own_time(kind: str, wanted: str) -> None:
    monday_ten = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
    limit = Limit(Decimal(2), kind)
    assert local(deadlines.between(FRIDAY_FIVE, monday_ten, limit, OFFICE)) == wanted
