"""Who gets in at the doors of the field (see `test_matrix`)."""

from tests.promises.doors import NOBODY

Answers = dict[frozenset[str], int]
LOGIN = {frozenset({NOBODY}): 302}
WALKERS = frozenset({"grid_worker", "other_grid_worker", "community_lead"})
ELSEWHERE = frozenset({"other_grid_worker"})
"""The ticket of the table is not in their grid."""
REST: frozenset[str] = frozenset()
PAGE = ({**LOGIN, WALKERS: 200, REST: 403}, {**LOGIN, REST: 405})
OPEN = ({**LOGIN, REST: 200}, {**LOGIN, REST: 405})
"""What was written down is there for whoever wrote it, whatever post they hold by now."""
ANYBODY = ({REST: 200}, {REST: 405})

ROWS: dict[str, tuple[Answers, Answers]] = {
    # name: what GET answers, what POST of an empty form answers
    "field": PAGE,
    "field_report": PAGE,
    "field_tasks": PAGE,
    "field_mine": PAGE,
    "field_patrol": PAGE,
    "field_visit": ({**LOGIN, REST: 405}, {**LOGIN, WALKERS: 422, REST: 403}),
    # no such place
    "field_at": ({**LOGIN, WALKERS: 404, REST: 403}, {**LOGIN, REST: 405}),
    "field_where": ({**LOGIN, WALKERS: 422, REST: 403}, {**LOGIN, REST: 405}),
    "field_kit": PAGE,
    "field_ticket": ({**LOGIN, ELSEWHERE: 404, WALKERS: 200, REST: 403}, {**LOGIN, REST: 405}),
    "field_queue": OPEN,
    "field_offline": ANYBODY,
    "field_worker": ANYBODY,
    "field_manifest": ANYBODY,
    # whose login is over is told so, and not sent to it
    "field_session": ANYBODY,
}
