"""通知偏好, read for many people at once: by which channels each is told of what, and from when."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from grids.models import Person, PhoneNumber
from notices import quiet
from notices.channels.ways import way
from notices.models import PERSONAL, Channel, Preference


@dataclass(frozen=True)
class Wish:
    """偏好: one row of `Preference`, without the address itself."""

    is_on: bool = True
    verbs: tuple[str, ...] = ()
    hours: quiet.Hours | None = None
    has_address: bool = False


@dataclass(frozen=True)
class Wishes:
    """偏好: of these people, for the channels that are set up."""

    open: frozenset[str]
    hours: quiet.Hours
    of: dict[tuple[int, str], Wish] = field(default_factory=dict)
    reachable: dict[str, frozenset[int]] = field(default_factory=dict)

    def channels(self, person_id: int | None, verb: str, default: frozenset[str]) -> frozenset[str]:
        """渠道: those that are set up and have an address; who is no person takes the default."""
        if person_id is None:
            return default
        return frozenset(
            channel for channel in self.open if self._wants(person_id, channel, verb, default)
        )

    def not_before(
        self, person_id: int | None, channel: str, at: datetime, *, wakes: bool
    ) -> datetime:
        """不早于: the end of the quiet hours; emergencies and programs know none."""
        if wakes or channel == Channel.WEBHOOK:
            return at
        wish = self.of.get((person_id, channel)) if person_id is not None else None
        return quiet.until(at, self.hours if wish is None or wish.hours is None else wish.hours)

    def _wants(self, person_id: int, channel: str, verb: str, default: frozenset[str]) -> bool:
        wish = self.of.get((person_id, channel), Wish())
        if not (wish.has_address or person_id in self.reachable.get(channel, ())):
            return False
        return wish.is_on and (verb in wish.verbs if wish.verbs else channel in default)


def of(people: Collection[int]) -> Wishes:
    """偏好: two statements for any number of people; none where no channel to people is set up."""
    hours = quiet.read(settings.HUBIN_QUIET_HOURS)
    channels = frozenset(channel for channel in PERSONAL if way(channel) is not None)
    if not (people and channels):
        return Wishes(channels, hours)
    return Wishes(channels, hours, _read(people, channels), _reachable(people))


def _read(people: Collection[int], channels: Collection[str]) -> dict[tuple[int, str], Wish]:
    rows = Preference.objects.filter(person__in=people, channel__in=channels)
    told = rows.annotate(has_address=Q(address__isnull=False)).values_list(
        "person", "channel", "is_on", "verbs", "quiet_from", "quiet_to", "has_address"
    )
    return {
        (person, channel): Wish(
            is_on,
            tuple(verbs),
            None if begins is None or ends is None else (begins, ends),
            has_address,
        )
        for person, channel, is_on, verbs, begins, ends, has_address in told
    }


def _reachable(people: Collection[int]) -> dict[str, frozenset[int]]:
    """有地址: by what is known of a person beside the preferences."""
    phones = PhoneNumber.objects.filter(person=OuterRef("pk"))
    rows = Person.objects.filter(pk__in=people).annotate(has_phone=Exists(phones))
    told = list(rows.values_list("pk", "email", "has_phone"))
    return {
        Channel.EMAIL: frozenset(pk for pk, email, _phone in told if email),
        Channel.SMS: frozenset(pk for pk, _email, has_phone in told if has_phone),
    }
