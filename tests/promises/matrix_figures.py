"""Who gets in at the doors of the figures."""

from tests.promises.doors import NOBODY

WATCHERS = frozenset({
    "leader", "district_leader", "inspector", "auditor", "shift_leader", "district_shift_leader",
})  # fmt: skip
OVERSEERS = WATCHERS | {"community_lead"}
REST: frozenset[str] = frozenset()
LOGIN = {frozenset({NOBODY}): 302}
PAGE = ({**LOGIN, WATCHERS: 200, REST: 403}, {**LOGIN, REST: 405})
ROWS = {
    "figures": PAGE,
    "patrol": ({**LOGIN, OVERSEERS: 200, REST: 403}, {**LOGIN, REST: 405}),
    "figures_behind": PAGE,
    "figures_late": PAGE,
    "figures_repeat": PAGE,
    "figures_report": PAGE,
    "figures_cards": PAGE,
    "figures_map": PAGE,
    "figures_points": PAGE,
    "figures_wall": PAGE,
    # whoever was logged out is told so, in a form that htmx asks for no more
    "figures_wall_part": ({frozenset({NOBODY}): 286, WATCHERS: 200, REST: 403}, {REST: 405}),
}
