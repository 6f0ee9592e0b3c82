"""The rule tables of the small district of the tests."""

from grids.models import Level, PostKind

LIMITS = (
    ("ACCEPT", "", 4, "WORK_HOUR", ""),
    ("ACCEPT", "URGENT", "0.5", "URGENT_HOUR", "always"),
    ("DISPATCH", "", "0.5", "WORK_HOUR", ""),
    ("DISPATCH", "URGENT", "0.25", "URGENT_HOUR", "always"),
    ("CLAIM", "", 2, "WORK_HOUR", ""),
    ("CLAIM", "URGENT", "0.25", "URGENT_HOUR", "always"),
    ("ARRIVE", "URGENT", "0.5", "URGENT_HOUR", "always"),
    ("RESOLVE", "", 5, "WORK_DAY", ""),
    ("RESOLVE", "URGENT", 24, "URGENT_HOUR", "always"),
    ("ASSIST", "", 2, "WORK_DAY", ""),
    ("VERIFY", "", 8, "WORK_HOUR", ""),
    ("REPLY", "", 1, "WORK_DAY", "office"),
    ("RATE", "", 7, "NATURAL_DAY", "always"),
    ("FOLLOW_UP", "", 1, "WORK_DAY", "office"),
    ("SUSPEND", "", 365, "NATURAL_DAY", "always"),
    ("SEND_BACK", "", 1, "WORK_DAY", ""),
    ("SEND_BACK", "URGENT", 2, "WORK_HOUR", ""),
    ("APPROVAL", "", 2, "WORK_HOUR", "office"),
    ("INQUIRE", "", 3, "NATURAL_DAY", "always"),
    ("REOPEN", "", 30, "NATURAL_DAY", "always"),
)
ESCALATION = {
    "": (
        ("SHARE", 50, "remind"), ("SHARE", 80, "warn"), ("SHARE", 100, "warn"),
        ("AFTER_HOURS", 24, "escalate"), ("EVERY_WORK_DAYS", 1, "escalate"),
    ),
    "RATE": (("SHARE", 50, "remind"), ("SHARE", 100, "lapse"), ("EVERY_HOURS", 24, "lapse")),
    "SUSPEND": (("SHARE", 80, "remind"), ("SHARE", 100, "lapse"), ("EVERY_HOURS", 24, "lapse")),
}  # fmt: skip
APPROVALS = (
    # kind, from_nth, after_claim, needs_countersign, decided_by, level, priority
    ("send_back", 1, False, True, PostKind.SHIFT_LEADER, Level.SUBDISTRICT, 0),
    ("send_back", 2, False, True, PostKind.SHIFT_LEADER, Level.DISTRICT, 1),
    ("extend", 1, False, True, PostKind.SHIFT_LEADER, Level.SUBDISTRICT, 0),
    ("extend", 2, False, True, PostKind.LEADER, Level.SUBDISTRICT, 1),
    ("suspend", 1, False, True, PostKind.LEADER, Level.SUBDISTRICT, 0),
    ("void", 1, False, True, PostKind.SHIFT_LEADER, Level.SUBDISTRICT, 0),
    ("void", 1, True, True, PostKind.LEADER, Level.SUBDISTRICT, 1),
    ("decline", 1, False, False, PostKind.SHIFT_LEADER, Level.SUBDISTRICT, 0),
)
