"""统一身份认证: OpenID Connect, code flow with state, nonce and PKCE (DESIGN §6).

Whatever the provider sends is taken for a stranger's until its signature, issuer, audience,
times and nonce are checked. All calls go through common.outgoing.
"""

import base64
import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any
from urllib.parse import quote, urlencode

import jwt
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common import outgoing
from common.outgoing import Unreachable

log = logging.getLogger(__name__)
HELD = "oidc"  # in the session: what the answer has to bring back
PATIENCE = timedelta(minutes=10)
LEEWAY = 60  # seconds two clocks may be apart
KEPT = 600  # seconds the provider's own description is believed
PAUSE = 15  # seconds: or everybody who asks would wait for a time-out of their own
SILENT = "silent"
ALGORITHMS = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC"}
LONGEST = 2000
BENT = (jwt.PyJWTError, KeyError, TypeError, ValueError, AttributeError, ArithmeticError)
"""What comes of taking apart a token that somebody bent."""
Claims = dict[str, Any]


class Untrue(Exception):
    """没有通过核对: what came back is not what was asked for; the text is for the log."""


class Declined(Exception):
    """没有完成: the provider or the person said no."""


@dataclass(frozen=True)
class Provider:
    """认证方: as the settings name it."""

    issuer: str
    client_id: str
    secret: str
    name: str
    scope: str
    claim: str
    is_mfa: bool


def provider() -> Provider | None:
    """认证方: None where none is set up."""
    if not (settings.HUBIN_OIDC_ISSUER and settings.HUBIN_OIDC_CLIENT_ID):
        return None
    return Provider(
        settings.HUBIN_OIDC_ISSUER, settings.HUBIN_OIDC_CLIENT_ID,
        settings.HUBIN_OIDC_CLIENT_SECRET, settings.HUBIN_OIDC_NAME or str(_("统一身份认证")),
        settings.HUBIN_OIDC_SCOPE, settings.HUBIN_OIDC_CLAIM, settings.HUBIN_OIDC_IS_MFA,
    )  # fmt: skip


def start(request: HttpRequest, known: Provider, *, back: str, goes_to: str, at: datetime) -> str:
    """出发: where to send the browser; what has to come back is kept in its session."""
    endpoint = _endpoint(described(known), "authorization_endpoint")
    state, nonce, verifier = (secrets.token_urlsafe(32) for _turn in range(3))
    request.session[HELD] = {
        "state": state, "nonce": nonce, "verifier": verifier, "goes_to": goes_to,
        "at": at.timestamp(),
    }  # fmt: skip
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    asked = {
        "response_type": "code", "client_id": known.client_id, "redirect_uri": back,
        "scope": known.scope, "state": state, "nonce": nonce,
        "code_challenge": digest.decode().rstrip("="), "code_challenge_method": "S256",
    }  # fmt: skip
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"


def finish(request: HttpRequest, known: Provider, *, back: str, at: datetime) -> tuple[Claims, str]:
    """归来: who it is, and where to go. Each answer counts once.

    Raises Untrue, Declined, Unreachable.
    """
    held = request.session.pop(HELD, None)
    given = request.GET
    if held is None or at.timestamp() - held["at"] > PATIENCE.total_seconds():
        raise Untrue("nobody set out from here")
    if not compare_digest(held["state"].encode(), given.get("state", "").encode()):
        raise Untrue("state")
    if given.get("iss", known.issuer) != known.issuer:
        raise Untrue("issuer of the answer")
    if "error" in given:
        raise Declined(given["error"][:60])
    code = given.get("code", "")
    if not 0 < len(code) <= LONGEST:
        raise Untrue("no code")
    about = described(known)
    token = _token(known, about, code, held["verifier"], back)
    claims = verified(known, token.get("id_token"), _keys(about), held["nonce"], at=at)
    if known.claim and known.claim not in claims and "userinfo_endpoint" in about:
        claims = _more(about, token, claims)
    return claims, str(held["goes_to"])


def described(known: Provider) -> dict[str, Any]:
    """认证方的自述: read anew every ten minutes; who did not tell it is let alone for a while."""
    key = f"oidc:{hashlib.sha256(known.issuer.encode()).hexdigest()}"
    found = cache.get(key)
    if found == SILENT:
        raise Unreachable("silent a moment ago")
    if found is None:
        try:
            found = _description(known)
        except (Unreachable, Untrue):
            cache.set(key, SILENT, PAUSE)
            raise
        cache.set(key, found, KEPT)
    return dict(found)


def _description(known: Provider) -> dict[str, Any]:
    found = _json("GET", f"{known.issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != known.issuer:
        raise Untrue("issuer of the description")
    return found


def verified(known: Provider, token: Any, keys: list[Any], nonce: str, *, at: datetime) -> Claims:
    """核对身份令牌: signature, issuer, audience, times, nonce; pure. Raises Untrue."""
    try:
        header = jwt.get_unverified_header(token)
        key = _key(keys, header)
        claims: Claims = jwt.decode(
            token, key.key, algorithms=[header["alg"]], audience=known.client_id,
            issuer=known.issuer,
            options={
                "require": ["iss", "sub", "aud", "exp", "iat"],
                # by the clock that is handed in, below
                "verify_exp": False, "verify_iat": False, "verify_nbf": False,
            },
        )  # fmt: skip
        _check_times(claims, at)
        _check_party(claims, known)
        is_answer = compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode())
    except BENT as wrong:
        raise Untrue(f"token: {type(wrong).__name__}") from None
    if not is_answer:
        raise Untrue("nonce")
    return claims


def _check_times(claims: Claims, at: datetime) -> None:
    now = at.timestamp()
    if not now - LEEWAY < float(claims["exp"]):
        raise Untrue("expired")
    if float(claims["iat"]) > now + LEEWAY or float(claims.get("nbf", 0)) > now + LEEWAY:
        raise Untrue("not yet")


def _check_party(claims: Claims, known: Provider) -> None:
    is_shared = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    party = claims.get("azp", None if is_shared else known.client_id)
    if party != known.client_id:
        raise Untrue("authorised party")
    if not is_name(claims["sub"]):
        raise Untrue("subject")


def is_name(value: Any) -> bool:
    """名字: a text that somebody can be looked up by."""
    return isinstance(value, str) and 0 < len(value) <= 255 and value.isprintable()


def _key(keys: list[Any], header: dict[str, Any]) -> jwt.PyJWK:
    """The one public key this token names; never a shared secret, never none."""
    kind = ALGORITHMS[header["alg"]]
    fit = [
        key for key in keys
        if key.get("kty") == kind and key.get("use", "sig") == "sig"
        and ("kid" not in header or key.get("kid") == header["kid"])
    ]  # fmt: skip
    if len(fit) != 1:
        raise Untrue("no such key")
    return jwt.PyJWK(fit[0], algorithm=header["alg"])


def _keys(about: dict[str, Any]) -> list[Any]:
    """Read each time: a login is rare, and a changed key must work at once."""
    found = _json("GET", _endpoint(about, "jwks_uri")).get("keys")
    if not isinstance(found, list):
        raise Untrue("keys")
    return found


def _token(
    known: Provider, about: dict[str, Any], code: str, verifier: str, back: str
) -> dict[str, Any]:
    given = {"grant_type": "authorization_code", "code": code, "redirect_uri": back,
             "code_verifier": verifier}  # fmt: skip
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    ways = about.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    if "client_secret_basic" in ways:
        pair = f"{quote(known.client_id, safe='')}:{quote(known.secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        given |= {"client_id": known.client_id, "client_secret": known.secret}
    body = urlencode(given).encode()
    return _json("POST", _endpoint(about, "token_endpoint"), headers=headers, body=body)


def _more(about: dict[str, Any], token: dict[str, Any], claims: Claims) -> Claims:
    """What the provider tells of this person besides; of nobody else."""
    access = token.get("access_token")
    if not isinstance(access, str) or not access.isascii() or not access.isprintable():
        raise Untrue("access token")
    headers = {"Authorization": f"Bearer {access}", "Accept": "application/json"}
    told = _json("GET", _endpoint(about, "userinfo_endpoint"), headers=headers)
    if told.get("sub") != claims["sub"]:
        raise Untrue("subject of userinfo")
    return told | claims


def _endpoint(about: dict[str, Any], name: str) -> str:
    found = about.get(name)
    if not isinstance(found, str) or not found.startswith(("https://", "http://")):
        raise Untrue(f"{name} is missing")
    return found


def _json(method: str, url: str, **more: Any) -> dict[str, Any]:
    answer = outgoing.call(method, url, **more)
    if answer.status >= 500:
        raise Unreachable(f"status {answer.status}", answer.host)
    if answer.status != 200:
        raise Untrue(f"status {answer.status} of {method}")
    found = answer.json()
    if not isinstance(found, dict):
        raise Unreachable("garbage", answer.host)
    return found
