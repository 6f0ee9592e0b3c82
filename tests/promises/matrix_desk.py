"""What the doors of the desk answer: rows of the matrix."""

from tests.promises.doors import NOBODY
from tests.world import CAST
from tickets.turns import DESKS

AT_A_DESK = frozenset(name for name, post, _where in CAST if post in DESKS)
FAR = frozenset({"far_desk"})
"""For them the ticket does not exist."""
REST: frozenset[str] = frozenset()
LOGIN = {frozenset({NOBODY}): 302}
NOT_SO = {**LOGIN, REST: 405}

ROWS: dict[str, tuple[dict[frozenset[str], int], dict[frozenset[str], int]]] = {
    "desk": ({**LOGIN, AT_A_DESK: 200, REST: 403}, NOT_SO),
    "desk_because": ({**LOGIN, FAR: 404, AT_A_DESK: 200, REST: 403}, NOT_SO),
    "desk_bulk": (NOT_SO, {**LOGIN, AT_A_DESK: 422, REST: 403}),
    # nothing was typed yet
    "desk_caller": (NOT_SO, {**LOGIN, AT_A_DESK: 204, REST: 403}),
    "desk_keys": (NOT_SO, {**LOGIN, REST: 422}),
    # whoever was logged out is told so, in a form that htmx asks for no more
    "desk_list": ({frozenset({NOBODY}): 286, AT_A_DESK: 200, REST: 403}, {REST: 405}),
    # an empty answer is shown as what it is
    "desk_preview": (NOT_SO, {**LOGIN, FAR: 404, AT_A_DESK: 200, REST: 403}),
}
