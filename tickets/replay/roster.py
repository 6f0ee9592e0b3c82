"""Who holds which post: everybody of the district, loaded once, picked by chance."""

import random
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from grids.models import Level, Person, Post, PostKind, Unit
from tickets.models import Ticket

STAFF = (PostKind.UNIT_CLERK, PostKind.HANDLER)


class Roster:
    """花名册: people by post and place or unit."""

    def __init__(self, day: date, luck: random.Random) -> None:
        self._luck = luck
        self._held: dict[tuple[str, int | None, int | None], list[Person]] = defaultdict(list)
        self._people: dict[int, Person] = {}
        for post in Post.objects.in_force(day).select_related("person", "division").order_by("pk"):
            person = self._people.setdefault(post.person_id, post.person)
            self._held[post.kind, post.division_id, post.unit_id].append(person)
            if post.division is not None and post.division.level == Level.DISTRICT:
                self._district_id = post.division_id
        self.offices = {
            unit.divisions.all()[0].pk: unit
            for unit in Unit.objects.filter(kind="SUBDISTRICT_OFFICE").prefetch_related("divisions")
        }
        manned = {unit_id for kind, _place, unit_id in self._held if kind in STAFF and unit_id}
        self.units = list(Unit.objects.filter(pk__in=manned, is_active=True).order_by("pk"))

    def handler(self, ticket: Ticket) -> Person:
        """处置人员: whoever the ticket names, with the posts known already."""
        assert ticket.handler_id is not None, ticket.number
        return self._people[ticket.handler_id]

    def at_place(self, kind: str, division_id: int | None) -> list[Person]:
        """Holders of a post of that division."""
        return self._held[kind, division_id, None]

    def of_district(self, kind: str) -> list[Person]:
        """Holders of a post of the district."""
        return self.at_place(kind, self._district_id)

    def in_unit(self, unit_id: int | None, *kinds: str) -> list[Person]:
        """Holders of those posts in a unit."""
        return [person for kind in kinds for person in self._held[kind, None, unit_id]]

    def pick(self, people: Iterable[Person], *, but: Iterable[int | None] = ()) -> Person | None:
        """Any of them except those."""
        fit = [person for person in people if person.pk not in set(but)]
        return self._luck.choice(fit) if fit else None

    def desk(self, ticket: Ticket, *, but: Iterable[int | None] = ()) -> Person:
        """受理员 of the street; of the district where nobody else is left."""
        street = self.at_place(PostKind.DESK, ticket.subdistrict_id)
        return self.pick(street, but=but) or self.district_desk(but=but)

    def district_desk(self, *, but: Iterable[int | None] = ()) -> Person:
        """区级受理员."""
        found = self.pick(self.of_district(PostKind.DESK), but=but)
        if found is None:
            raise LookupError("the district has no desk left: load posts (load_district)")
        return found

    def staff(self, ticket: Ticket, *, but: Iterable[int | None] = ()) -> Person | None:
        """签收的人 of the present unit."""
        return self.pick(self.in_unit(ticket.unit_id, *STAFF), but=but)

    def head(self, ticket: Ticket, *, but: Iterable[int | None] = ()) -> Person | None:
        """单位负责人 of the present unit."""
        return self.pick(self.in_unit(ticket.unit_id, PostKind.UNIT_HEAD), but=but)

    def other_unit(self, ticket: Ticket) -> Unit:
        """Another unit that could take it: any manned one but the present."""
        fit = [unit for unit in self.units if unit.pk not in (ticket.unit_id, ticket.about_unit_id)]
        return self._luck.choice(fit)
