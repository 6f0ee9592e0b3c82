"""How programs come in: by a token in the header, for what it was made for (DESIGN §6)."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from common import clock
from common.errors import NoFactor, NotYours
from common.wire import Session
from grids.login import entering
from grids.models import Token
from grids.tokens import open_token


class TokenAuthentication(BaseAuthentication):
    """令牌登录: `Authorization: Bearer hbn_…`; no cookie, so no CSRF."""

    begin = ""
    """How the tokens of this kind begin; others are not asked about."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        kind, _space, text = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not text.strip().startswith(self.begin):
            return None
        found = self.open(text.strip())
        if found is None:
            raise AuthenticationFailed(_("令牌无效、已到期或已吊销，请换一个有效的令牌。"))
        return found

    def open(self, text: str) -> tuple[Any, Any] | None:
        """The person and the token, if it is good now."""
        token = open_token(text, at=clock.now())
        return (token.person, token) if token is not None else None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="hubin"'


class SessionAuthentication(Session):
    """会话: of a browser that has shown what this system demands."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        found = super().authenticate(request)
        if found is not None and entering.lacks_factor(request._request):
            raise NoFactor(_("本系统要求两步验证，请先在页面“安全设置”里启用，再使用接口。"))
        return found


class HasScope(BasePermission):
    """权限范围: a token is good for what it was made for; a session for all its person may."""

    def has_permission(self, request: Request, view: Any) -> bool:
        token = request.auth
        needed = getattr(view, "needed_scope", str)()
        if isinstance(token, Token) and needed not in token.scopes:
            raise NotYours(
                _("令牌没有权限范围 %(scope)s，请换一个有它的令牌。") % {"scope": needed or "—"}
            )
        return True


class TokenScheme(OpenApiAuthenticationExtension):
    """How the schema tells of tokens."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer"}
