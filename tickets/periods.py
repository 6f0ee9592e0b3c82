"""How often each sweep runs, and why: one table for beat, `sweep --loop` and health.

Imports nothing of the application, since beat reads it before there is one.
"""

from datetime import timedelta

PERIODS: dict[str, timedelta] = {
    # accepted tickets whose poke was lost, or that no rule could place the first time
    "route": timedelta(seconds=20),
    # reminders, warnings and reports upward come when they are due
    "timers": timedelta(seconds=20),
    # dates follow a calendar that was changed, or a year that was published
    "recompute": timedelta(minutes=1),
    # whether every date is what it computes to, and every running clock is armed
    "reconcile": timedelta(hours=1),
    # events whose poke was lost become notices, never twice
    "announce": timedelta(seconds=20),
    # what goes to telephones, mailboxes, groups and other systems, again where it did not get there
    "deliver": timedelta(seconds=20),
    # codes for logging in by telephone whose poke was lost or whose gateway did not answer
    "codes": timedelta(seconds=60),
    # suspended tickets come back on the promised day, with or without anybody remembering
    "resume": timedelta(seconds=60),
    # nobody has to look at what needs no look, and samples not drawn pass after a day
    "pass": timedelta(minutes=5),
    # a request nobody decided in time is the district's, too: it has to hear of it
    "approvals": timedelta(seconds=60),
    # a question nobody answered: whoever asked has to go on without
    "inquiries": timedelta(minutes=5),
    # nobody has looked at an outcome for half the limit: the desk may
    "turns": timedelta(minutes=5),
    # a rating window ends for everyone, also for those who said nothing
    "close": timedelta(minutes=5),
    # whoever put a case under supervision hears that nobody answered in time
    "supervisions": timedelta(minutes=1),
    # files whose row never came, and erased ones that a store did not give up at once
    "files": timedelta(hours=1),
    # what ended years ago loses its words, place and contacts, a hundred a round
    "erase": timedelta(minutes=10),
    # an inbox is for what is going on: what was read months ago only fills the table
    "notices": timedelta(hours=1),
    # a month's figures are kept as they stood when its report was due
    "months": timedelta(hours=1),
}
SLOW = frozenset(
    {"codes", "deliver", "erase", "files", "months", "notices", "recompute", "reconcile"}
)
"""What asks other machines or looks through a store: in a loop of its own, it delays no clock."""
GROUPS: dict[str, frozenset[str]] = {"quick": frozenset(PERIODS) - SLOW, "slow": SLOW}
