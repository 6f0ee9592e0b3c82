"""Every door of the house, read off the URLconf, so that a new one cannot be forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RoutePattern

from tests.api.clients import System, connect
from tests.files import ready
from tests.world import CAST, World
from tickets import actions, links
from tickets.external import Theirs
from tickets.keys import make_key
from tickets.models import Approval, Attachment, Ticket
from tickets.models.approval import ApprovalState

NOBODY = "nobody"
"""A visitor who is not logged in."""
THEIRS = "HL-2026-00001"
LEADS_OUT = frozenset({"logout", "admin:logout"})
HOTLINE, OTHER_SYSTEM = SYSTEMS = ("hotline", "other_system")
"""Two systems with tokens of their own: the first handed the ticket in."""
PEOPLE = (NOBODY, "resident", *(name for name, _post, _where in CAST))


@dataclass(frozen=True)
class Door:
    """门: `name` is the URL's name with its namespace, or its route where it has none."""

    name: str
    route: str
    arguments: tuple[str, ...]
    is_named: bool

    @property
    def is_admin(self) -> bool:
        return self.route.startswith("admin/")

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api/")


def doors() -> list[Door]:
    """All of them, in the order of the URLconf."""
    return list(_walk(get_resolver(), "", ()))


def chain_doors() -> list[Door]:
    """What is for people, and not the admin's."""
    return [door for door in doors() if not door.is_admin and not door.is_api]


def api_doors() -> list[Door]:
    """What is for programs."""
    return [door for door in doors() if door.is_api]


def admin_doors() -> list[Door]:
    """What is the admin's."""
    return [door for door in doors() if door.is_admin]


def _walk(resolver: URLResolver, prefix: str, spaces: tuple[str, ...]) -> Iterator[Door]:
    for row in resolver.url_patterns:
        route = prefix + str(row.pattern)
        if isinstance(row, URLResolver):
            inner = (*spaces, row.namespace) if row.namespace else spaces
            yield from _walk(row, route, inner)
        else:
            yield _door(row, route, spaces)


def _door(row: URLPattern, route: str, spaces: tuple[str, ...]) -> Door:
    pattern: Any = row.pattern
    is_route = isinstance(pattern, RoutePattern)
    arguments = tuple(pattern.converters if is_route else pattern.regex.groupindex)
    name = ":".join((*spaces, row.name)) if row.name else route
    return Door(name, route, arguments, bool(row.name))


@dataclass
class House:
    """What the doors lead to: one ticket in the unit's hands with a request, and its key."""

    world: World
    ticket: Ticket
    approval: Approval
    token: str
    systems: dict[str, System]
    visitors: dict[str, Browser] = field(default_factory=dict)

    @classmethod
    def furnish(cls, world: World) -> "House":
        """The ticket, handled by the squad, which asks its reporter, and for more time."""
        systems = {name: connect(world, name) for name in SYSTEMS}
        theirs = {"by": systems[HOTLINE].client, "theirs": Theirs(THEIRS)}
        ticket = world.handled(files=[ready()], **theirs)
        actions.inquire(ticket, by=world.handler, at=world.at, question="是几号灯杆？")
        actions.extend(
            ticket, by=world.handler, at=world.at, days=2, reason="MATERIAL", text="等灯杆"
        )
        approval = Approval.objects.get(ticket=ticket, state=ApprovalState.PENDING)
        world.admin.is_staff = world.admin.is_superuser = True
        world.admin.save(update_fields=["is_staff", "is_superuser"])
        return cls(world, ticket, approval, make_key(ticket, at=world.at), systems)

    def visitor(self, who: str) -> Browser:
        """A browser of that person; what breaks is answered with 500, as in production."""
        if who in self.systems:
            return self.systems[who].visitor()
        client = Browser(raise_request_exception=False)
        if who != NOBODY:
            client.force_login(
                self.world.people[who], backend="django.contrib.auth.backends.ModelBackend"
            )
        return client

    def status(self, who: str, method: str, door: Door) -> int:
        """What the door answers that person; a form is sent empty."""
        if who not in self.visitors:
            self.visitors[who] = self.visitor(who)
        client = self.visitors[who]
        if door.name in LEADS_OUT:
            del self.visitors[who]
        kind = {"content_type": "application/json"} if door.is_api and method == "post" else {}
        return int(getattr(client, method)(self.address(door), **kind).status_code)

    def address(self, door: Door) -> str:
        """Where the door is; a new kind of argument must be given a value here."""
        return next(iter(self.addresses(door)))

    def addresses(self, door: Door) -> Iterator[str]:
        """The same, but the page of every row of the chain's tables; 0 where a table is empty."""
        if not door.is_named:
            yield "/" + door.route.replace("(?P<url>.*)$", "nowhere/")
            return
        for key in _keys(door) if "object_id" in door.arguments else ["0"]:
            known = self._known(door) | {"object_id": key}
            yield reverse(door.name, kwargs={name: known[name] for name in door.arguments})

    def _link(self) -> str:
        return links.make(links.Purpose.INFORM, self.ticket, at=self.world.at)

    def _photo(self) -> int:
        return Attachment.objects.filter(ticket=self.ticket).values_list("pk", flat=True)[0]

    def _id(self, door: Door) -> int:
        if not door.is_api:
            return self.world.admin.pk
        return self._photo() if "attachment" in door.name else self.approval.pk

    def _known(self, door: Door) -> dict[str, Any]:
        return {
            "token": self._link() if door.name == "link" else self.token,
            "theirs": THEIRS, "number": self.ticket.number,
            "pk": self._photo() if "attachment" in door.name else self.approval.pk,
            "verb": "inform" if door.name == "follow_verb" else "note", "decision": "grant",
            "content_type_id": ContentType.objects.get_for_model(Ticket).pk,
            "what": "tickets", "app_label": "grids", "id": self._id(door), "url": "nowhere/",
            "plate": "P1-0",
        }  # fmt: skip


def _keys(door: Door) -> list[str]:
    app, _separator, rest = door.name.removeprefix("admin:").partition("_")
    name = rest.partition("_")[0]
    if not any(model._meta.model_name == name for model in apps.get_models()):
        return ["0"]
    rows = apps.get_model(app, name)._default_manager.order_by("pk")
    shown = rows if app == "tickets" and door.name.endswith("_change") else rows[:1]
    return [str(pk) for pk in shown.values_list("pk", flat=True)] or ["0"]
