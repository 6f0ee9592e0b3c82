"""Who asks: a person, or another system with a token of its own (DESIGN §6)."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from common import clock
from common.errors import NotYours
from grids.api import TokenAuthentication, TokenScheme
from tickets.external import BEGIN, open_token
from tickets.models import Client
from tickets.standing import Reader
from tickets.views.doors import person_of


class ClientAuthentication(TokenAuthentication):
    """来源系统的令牌: `Authorization: Bearer hbc_…`."""

    begin = BEGIN

    def open(self, text: str) -> tuple[Any, Any] | None:
        """The system and its token, if it is good now."""
        token = open_token(text, at=clock.now())
        return (token.client, token) if token is not None else None


class ClientScheme(TokenScheme):
    """How the schema tells of them."""

    target_class = ClientAuthentication
    name = "client_token"


class IsForClients(BasePermission):
    """对系统开放: most addresses are for people; a system comes in where the view says so."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if isinstance(_asker(request), Client) and not getattr(view, "is_for_clients", False):
            raise NotYours(_("这个地址只对人员开放，来源系统的令牌不能用。"))
        return True


def reader_of(request: Request) -> Reader:
    """谁在问."""
    who = _asker(request)
    return who if isinstance(who, Client) else person_of(request._request)


def _asker(request: Request) -> Any:
    return request.user
