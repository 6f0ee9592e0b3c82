"""What the doors of a unit answer: rows of the matrix."""

from tests.promises.doors import NOBODY
from tests.world import CAST
from tickets.models.ways import SEES_UNIT

IN_A_UNIT = frozenset(name for name, post, _where in CAST if post in SEES_UNIT)
REST: frozenset[str] = frozenset()
LOGIN = {frozenset({NOBODY}): 302}
NOT_SO = {**LOGIN, REST: 405}

OUTSIDE = frozenset({
    "resident", "admin", "other_grid_worker", "far_desk", "far_handler", "fire_handler",
    "office_handler", "office_head", "far_office_handler",
})  # fmt: skip
"""For them the ticket does not exist."""

ROWS: dict[str, tuple[dict[frozenset[str], int], dict[frozenset[str], int]]] = {
    "unit": ({**LOGIN, IN_A_UNIT: 200, REST: 403}, NOT_SO),
    "unit_bulk": (NOT_SO, {**LOGIN, IN_A_UNIT: 422, REST: 403}),
    "filter_keep": (NOT_SO, {**LOGIN, IN_A_UNIT: 422, REST: 403}),
    "looking": ({frozenset({NOBODY}): 286, OUTSIDE: 404, REST: 200}, {REST: 405}),
    "ticket_paper": ({**LOGIN, OUTSIDE: 404, REST: 200}, NOT_SO),
    # nobody kept one
    "filter_drop": (NOT_SO, {**LOGIN, REST: 404}),
    # whoever was logged out is told so, in a form that htmx asks for no more
    "unit_list": ({frozenset({NOBODY}): 286, IN_A_UNIT: 200, REST: 403}, {REST: 405}),
    "unit_suspended": ({**LOGIN, IN_A_UNIT: 200, REST: 403}, NOT_SO),
}
