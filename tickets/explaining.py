"""How a deadline came about, in sentences: start, limit, days skipped and why, pauses, extensions.

Made of the same arithmetic as the date itself (`reckoning`); the last line says whether the two
agree. No words of the ticket are in it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common import clock as the_clock
from grids import calendars, hours
from tickets import reckoning
from tickets.models import Clock
from tickets.models.clock import ClockState
from tickets.models.limit import LimitCounting, LimitKind

WEEKDAYS = (
    gettext_lazy("周一"), gettext_lazy("周二"), gettext_lazy("周三"), gettext_lazy("周四"),
    gettext_lazy("周五"), gettext_lazy("周六"), gettext_lazy("周日"),
)  # fmt: skip
ONE = timedelta(days=1)


def explain(clock: Clock, pauses: Sequence[hours.Pause], *, at: datetime) -> list[str]:
    """时限说明: of one clock, as it stands; plain sentences in the reader's language."""
    found = _open_until(pauses, at)
    dates = reckoning.of_clock(clock, found, calendars.spec)
    spec = calendars.spec(clock.calendar)
    return [
        *_promised(clock),
        *_begun(clock, spec),
        *_days(clock, dates.due, spec),
        *_paused(clock, pauses),
        *_extended(clock),
        *_graced(clock),
        *_due(clock, dates),
        *_by_law(clock, dates),
    ]


def _open_until(pauses: Sequence[hours.Pause], at: datetime) -> list[hours.Pause]:
    return [one if one.end else hours.Pause(one.start, max(at, one.start)) for one in pauses]


def _promised(clock: Clock) -> Iterator[str]:
    name = clock.get_promise_display()
    parts = reckoning.parts(clock)
    if not parts:
        yield _("%(name)s：说定的日期，只因暂停顺延。") % {"name": name}
        return
    told = " + ".join(_part(one) for one in parts)
    start = moment(clock.counted_from)
    yield _("%(name)s：%(limit)s，从 %(start)s 起算。") % {
        "name": name, "limit": told, "start": start,
    }  # fmt: skip
    if clock.counted_from != clock.started_at:
        yield _("时限更正过：按新时限从 %(start)s 起算已过期，所以从更正时起算。") % {
            "start": moment(clock.started_at)
        }


def _part(part: reckoning.Part) -> str:
    budget = part.budget
    return _("%(value)s %(kind)s（%(calendar)s，%(counting)s）") % {
        "value": f"{budget.value.normalize():f}",
        "kind": LimitKind(budget.kind).label,
        "calendar": calendars.name(part.calendar),
        "counting": LimitCounting(budget.counting).label,
    }


def _begun(clock: Clock, spec: hours.CalendarSpec) -> Iterator[str]:
    first = hours.begin(clock.counted_from, spec)
    if first != clock.counted_from and _follows(clock):
        yield _("在截止时刻以后或休息日开始，从 %(first)s 计入。") % {"first": moment(first)}


def _days(clock: Clock, due: datetime, spec: hours.CalendarSpec) -> Iterator[str]:
    if not _follows(clock):
        return
    skipped = hours.skipped(clock.counted_from, due, spec)
    named = [one for one in skipped if one.why]
    if named:
        yield _("不计：%(days)s。") % {"days": _("，").join(_spans(named))}
    plain = len(skipped) - len(named)
    if plain:
        yield ngettext("另有 %(n)d 个休息日不计。", "另有 %(n)d 个休息日不计。", plain) % {
            "n": plain
        }
    made_up = hours.made_up(clock.counted_from, due, spec)
    if made_up:
        yield _("计入：%(days)s。") % {"days": _("，").join(_spans(made_up))}


def _spans(days: Iterable[hours.Skipped]) -> Iterator[str]:
    """国庆节 10 月 1 日 – 7 日: neighbouring days of one name together."""
    numbered = enumerate(days)
    for (why, _gap), some in groupby(numbered, key=lambda n: (n[1].why, n[1].date - n[0] * ONE)):
        span = [one.date for _nth, one in some]
        told = day(span[0]) if len(span) == 1 else f"{day(span[0])} – {day(span[-1])}"
        yield f"{why} {told}" if why else told


def _paused(clock: Clock, pauses: Sequence[hours.Pause]) -> Iterator[str]:
    for pause in hours.merged(pauses):
        if pause.end is None:
            yield _("从 %(start)s 起暂停，仍未恢复；到期按此刻恢复算。") % {
                "start": moment(pause.start)
            }
        else:
            yield _("暂停：%(start)s 至 %(end)s 不计。") % {
                "start": moment(pause.start), "end": moment(pause.end),
            }  # fmt: skip


def _extended(clock: Clock) -> Iterator[str]:
    for one in reckoning.extensions(clock.extended):
        if one.since is None:
            yield _("批准延期 %(days)d 个工作日。") % {"days": one.days}
        else:
            yield _("批准延期 %(days)d 个工作日，到期后才批准，从 %(since)s 起算。") % {
                "days": one.days, "since": moment(one.since),
            }  # fmt: skip


def _graced(clock: Clock) -> Iterator[str]:
    if clock.grace_until is not None:
        yield _("日历改动后新日期已过，仍按此前承诺的 %(until)s。") % {
            "until": moment(clock.grace_until)
        }


def _due(clock: Clock, dates: reckoning.Dates) -> Iterator[str]:
    if clock.state == ClockState.PAUSED:
        return
    yield _("到期：%(due)s。") % {"due": moment(clock.due_at)}
    if clock.is_provisional:
        yield _("放假安排尚未公布的年份按周一至周五推算，公布后重算（临时）。")
    if clock.ended_at is None and dates.due != clock.due_at:
        yield _("按现在的日历应为 %(due)s，即将重算。") % {"due": moment(dates.due)}
    if clock.breached_at is not None:
        yield _("已于 %(at)s 超期。") % {"at": moment(clock.breached_at)}


def _by_law(clock: Clock, dates: reckoning.Dates) -> Iterator[str]:
    if clock.legal_value is None or clock.legal_due_at is None:
        return
    part = reckoning.Part(
        hours.Budget(
            clock.legal_value, hours.Kind(clock.legal_kind), hours.Counting(clock.legal_counting)
        ),
        clock.calendar,
    )
    yield _("法定时限 %(limit)s：%(due)s。") % {
        "limit": _part(part), "due": moment(clock.legal_due_at),
    }  # fmt: skip


def _follows(clock: Clock) -> bool:
    if clock.terms.startswith("@"):
        return False
    return any(
        reckoning.follows_calendar(part.budget.kind, part.budget.counting)
        for part in reckoning.parts(clock)
    )


def moment(at: datetime) -> str:
    """2026-10-09（周五）16:40, in the district's time."""
    here = the_clock.local(at)
    return f"{day(here.date())} {here:%H:%M}"


def day(one: date) -> str:
    """日期 with its weekday."""
    words = {"day": one.isoformat(), "weekday": WEEKDAYS[one.weekday()]}
    return _("%(day)s（%(weekday)s）") % words
