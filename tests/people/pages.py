"""Every page of the house that a person looks at, and who looks at it."""

from dataclasses import dataclass

NOBODY = "nobody"


@dataclass(frozen=True)
class Sight:
    """A page: the URL's name, who of the cast opens it, which account of the demo does."""

    name: str
    who: str

    @property
    def account(self) -> str:
        return ACCOUNTS[self.who]


ACCOUNTS = {
    NOBODY: "",
    "grid_worker": "gw_003050001",
    "desk": "desk_003_1",
    "shift_leader": "shift_003_1",
    "handler": "cg_003_handler_1",
    "head": "cg_003_head",
    "leader": "leader_003",
    "admin": "admin",
}
OPENED_BY = {
    NOBODY: ("login", "login_phone", "link", "follow"),
    "grid_worker": (
        "field", "field_report", "field_tasks", "field_mine", "field_queue", "field_patrol",
        "field_offline",
    ),
    "desk": ("desk", "report", "search", "approvals", "inbox", "ticket", "queue"),
    "shift_leader": ("incidents",),
    "handler": ("unit", "unit_suspended", "ticket_deadlines", "preferences"),
    "head": ("standins",),
    "leader": (
        "figures", "figures_behind", "figures_late", "figures_repeat", "figures_map",
        "figures_report", "figures_cards", "figures_wall", "supervisions", "patrol",
    ),
    "admin": ("security", "profile"),
}  # fmt: skip
SIGHTS = tuple(Sight(name, who) for who, names in OPENED_BY.items() for name in names)
DEMO_ONLY = (Sight("tour", NOBODY),)
NO_PAGES = {
    "leads on": ("home", "next", "logout", "oidc", "oidc_callback", "login_code"),
    "is a form sent, or its answer": (
        "set_theme", "set_language", "desk_bulk", "unit_bulk", "filter_keep", "filter_drop",
        "desk_keys", "verb", "follow_verb", "decide", "reveal", "inbox_read", "incident_end",
        "standin_end", "export", "search_phone", "security_totp", "security_codes",
        "security_move", "security_off", "login_phone_code", "sms_reply",
        "sessions_end", "session_end",
    ),
    "is a piece of a page": (
        "desk_caller", "desk_list", "desk_because", "desk_preview", "unit_list", "inbox_count",
        "figures_wall_part", "ringing", "looking", "search_found",
    ),
    "is data or a file": (
        "healthz", "readyz", "healthz_sweeps", "metrics", "field_session", "field_kit",
        "field_where", "figures_points", "suggest_buildings", "suggest_people", "shapes",
        "attachment",
        "follow_attachment", "supervision_paper", "ticket_paper", "field_worker",
        "field_manifest",
    ),
    "stands in a demo only": tuple(sight.name for sight in DEMO_ONLY),
    "is opened where its ticket waits": ("field_ticket", "field_at", "field_visit"),
}  # fmt: skip
