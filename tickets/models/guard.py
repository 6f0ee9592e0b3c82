"""The database guard (DESIGN §3.4): what no code path and no psql may do by accident.

Derived from `states.TRANSITIONS`; a change of the table needs a migration, which
`makemigrations --check` asks for.
"""

import pgtrigger

from tickets.states import BORN, state_changes

_BORN = ", ".join(f"'{state}'" for state in sorted(BORN))

_ARMED = """
    IF EXISTS (
        SELECT FROM tickets_clock c
        LEFT JOIN tickets_timer t ON t.clock_id = c.id AND t.state = 'ARMED'
        WHERE c.id = {clock}
          AND ((c.state = 'RUNNING') <> (t.id IS NOT NULL) OR t.generation <> c.generation)
    ) THEN
        RAISE EXCEPTION 'hubin: clock % and its timer do not run together', {clock};
    END IF;
    RETURN NULL;
"""
"""没有悬着的时钟: a running clock has its armed timer, of its own generation; others have none."""

FIXED = (
    "number", "origin", "source", "source_profile", "source_id", "reporter", "reporter_person",
    "reported_by", "client", "reported_at", "is_on_behalf", "is_anonymous", "is_historic",
    "is_settled", "is_sampled",
)  # fmt: skip
"""出生事实: what no verb changes after a ticket's birth; its first event holds it, too."""

TICKET_TRIGGERS = [
    pgtrigger.FSM(
        name="ticket_states",
        field="state",
        transitions=[(str(frm), str(to)) for frm, to in sorted(state_changes())],
    ),
    pgtrigger.Trigger(
        name="ticket_born",
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        func=f"""
            IF NEW.state NOT IN ({_BORN}) THEN
                RAISE EXCEPTION 'hubin: a ticket cannot begin as %', NEW.state;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="ticket_fixed",
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        condition=pgtrigger.AnyChange(*FIXED),
        func="RAISE EXCEPTION 'hubin: how ticket % was born is never changed', OLD.number;",
    ),
    pgtrigger.Protect(name="ticket_kept", operation=pgtrigger.Delete),
    pgtrigger.Trigger(
        name="ticket_has_record",
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("state", "seq", "head"),
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        func="""
            IF NOT EXISTS (
                SELECT FROM tickets_event e
                WHERE e.ticket_id = NEW.id AND e.seq = NEW.seq
                  AND e.hash = NEW.head AND e.to_state = NEW.state
            ) THEN
                RAISE EXCEPTION 'hubin: ticket % changed without its record', NEW.number;
            END IF;
            RETURN NULL;
        """,
    ),
]

EVENT_TRIGGERS = [
    pgtrigger.Protect(name="event_kept", operation=pgtrigger.Delete),
    pgtrigger.ReadOnly(name="event_fixed", exclude=["announced_at"]),
    pgtrigger.Trigger(
        name="event_announced_once",
        operation=pgtrigger.UpdateOf("announced_at"),
        when=pgtrigger.Before,
        condition=pgtrigger.Q(old__announced_at__isnull=False)
        | pgtrigger.Q(new__announced_at__isnull=True),
        func="RAISE EXCEPTION 'hubin: an event is announced once';",
    ),
]

WORDS_TRIGGERS = [
    pgtrigger.Protect(name="words_kept", operation=pgtrigger.Delete),
    pgtrigger.Trigger(
        name="words_only_erased",
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        func="""
            IF NEW.event_id = OLD.event_id AND NEW.kind = OLD.kind
               AND NEW.ticket_id = OLD.ticket_id THEN
                IF NEW.text = '' AND NEW.salt = '' THEN
                    NEW.tokens = NULL; -- what is gone is not found either
                    RETURN NEW;
                END IF;
                IF NEW.text = OLD.text AND NEW.salt = OLD.salt AND OLD.salt <> '' THEN
                    RETURN NEW; -- found by something else, says the same
                END IF;
            END IF;
            RAISE EXCEPTION 'hubin: words may only be erased';
        """,
    ),
]

SEAL_TRIGGERS = [
    pgtrigger.Protect(name="seal_fixed", operation=pgtrigger.Delete | pgtrigger.Update),
]

REVEAL_TRIGGERS = [
    pgtrigger.Protect(name="reveal_kept", operation=pgtrigger.Delete | pgtrigger.Update),
]

EXTERNAL_REF_TRIGGERS = [
    pgtrigger.Protect(name="external_ref_kept", operation=pgtrigger.Delete | pgtrigger.Update),
]

PHONE_LOOKUP_TRIGGERS = [
    pgtrigger.Protect(name="phone_lookup_kept", operation=pgtrigger.Delete | pgtrigger.Update),
]

EXPORT_TRIGGERS = [
    pgtrigger.Protect(name="export_kept", operation=pgtrigger.Delete | pgtrigger.Update),
]

MONTH_TRIGGERS = [
    pgtrigger.Protect(name="month_figure_kept", operation=pgtrigger.Delete | pgtrigger.Update),
]

RATING_TRIGGERS = [
    pgtrigger.Protect(name="rating_kept", operation=pgtrigger.Delete | pgtrigger.Update),
]

CLOCK_TRIGGERS = [
    pgtrigger.Trigger(
        name="clock_breached_once",
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        condition=pgtrigger.Condition(
            "((OLD.breached_at IS NOT NULL AND NEW.breached_at IS DISTINCT FROM OLD.breached_at)"
            " OR (OLD.legal_breached_at IS NOT NULL"
            " AND NEW.legal_breached_at IS DISTINCT FROM OLD.legal_breached_at))"
        ),
        func="RAISE EXCEPTION 'hubin: a breach is written once and stays';",
    ),
    pgtrigger.Trigger(
        name="clock_over",
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        condition=pgtrigger.Condition(
            "OLD.ended_at IS NOT NULL AND (NEW.state, NEW.ended_at, NEW.due_at, NEW.breached_at,"
            " NEW.legal_due_at, NEW.legal_breached_at) IS DISTINCT FROM (OLD.state, OLD.ended_at,"
            " OLD.due_at, OLD.breached_at, OLD.legal_due_at, OLD.legal_breached_at)"
        ),
        func="RAISE EXCEPTION 'hubin: a clock that has ended is never changed';",
    ),
    pgtrigger.Protect(name="clock_kept", operation=pgtrigger.Delete),
    pgtrigger.Trigger(
        name="clock_is_armed",
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("state", "generation"),
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        func=_ARMED.format(clock="NEW.id"),
    ),
]

TIMER_TRIGGERS = [
    pgtrigger.Protect(name="timer_kept", operation=pgtrigger.Delete),
    pgtrigger.Protect(
        name="timer_fired",
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition("OLD.state = 'FIRED'"),
    ),
    pgtrigger.Trigger(
        name="timer_of_its_clock",
        operation=pgtrigger.UpdateOf("state", "generation"),
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        func=_ARMED.format(clock="NEW.clock_id"),
    ),
]
