"""An OpenID Connect provider on this machine: strict as a good one, bent on request.

Discovery, authorize, token (PKCE, single-use codes, client authentication), keys, userinfo.
`bend` changes what it says; `replies` answers a path with something else altogether.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from common import clock
from tests.servers.plain import Asked, Reply, Server

CLIENT, SECRET = "hubin", "s3cret:with colon"
BACK = "http://testserver/login/oidc/callback/"


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    """Made once a run."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Bend:
    """What it says otherwise than it should."""

    claims: dict[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    about: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    signed_by: str = "ours"
    algorithm: str = "RS256"
    keys: list[dict[str, Any]] | None = None
    refuses: str = ""


class OidcServer(Server):
    """Whoever comes is `sub`, whom it knows by `username`."""

    def __init__(self) -> None:
        super().__init__(self.serve)
        self.bend = Bend()
        self.replies: dict[str, Reply] = {}
        self.sub, self.username = "8a3e-0001", "desk"
        self.codes: dict[str, dict[str, str]] = {}
        self.access: set[str] = set()

    def serve(self, asked: Asked) -> Reply:
        path = urlsplit(asked.path).path
        if path in self.replies:
            return self.replies[path]
        doors: dict[str, Callable[[Asked], Reply]] = {
            "/.well-known/openid-configuration": self.about, "/authorize": self.authorize,
            "/token": self.token, "/keys": self.published, "/userinfo": self.userinfo,
        }  # fmt: skip
        return doors[path](asked) if path in doors else Reply(404)

    def about(self, _asked: Asked) -> Reply:
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token",
                 "jwks_uri": "keys", "userinfo_endpoint": "userinfo"}  # fmt: skip
        said = {name: f"{self.url}/{path}" for name, path in names.items()}
        return told({"issuer": self.url, **said, **self.bend.about})

    def authorize(self, asked: Asked) -> Reply:
        given = {name: values[0] for name, values in parse_qs(urlsplit(asked.path).query).items()}
        is_right = (
            given.get("client_id") == CLIENT and given.get("redirect_uri") == BACK
            and given.get("response_type") == "code" and "openid" in given["scope"].split()
            and given.get("code_challenge_method") == "S256" and len(given["nonce"]) >= 32
        )  # fmt: skip
        if not is_right:
            return Reply(400)
        if self.bend.refuses:
            back = {"error": self.bend.refuses, "state": given["state"]}
        else:
            code = secrets.token_urlsafe(16)
            self.codes[code] = given
            back = {"code": code, "state": given["state"], "iss": self.url}
        return Reply(302, headers={"Location": f"{BACK}?{urlencode(back)}"})

    def token(self, asked: Asked) -> Reply:
        given = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        if not self.is_client(asked, given):
            return told({"error": "invalid_client"}, 401)
        begun = self.codes.pop(given.get("code", ""), None)
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        shown = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if begun is None or begun["code_challenge"] != shown or given["redirect_uri"] != BACK:
            return told({"error": "invalid_grant"}, 400)
        access = secrets.token_urlsafe(16)
        self.access.add(access)
        identity = self.identity(begun["nonce"])
        return told({"access_token": access, "token_type": "Bearer", "id_token": identity})

    def is_client(self, asked: Asked, given: dict[str, str]) -> bool:
        kind, _space, pair = asked.headers.get("authorization", "").partition(" ")
        if kind != "Basic":
            return (given.get("client_id"), given.get("client_secret")) == (CLIENT, SECRET)
        name, _colon, secret = base64.b64decode(pair).decode().partition(":")
        return (unquote(name), unquote(secret)) == (CLIENT, SECRET)

    def identity(self, nonce: str) -> str:
        now = int(clock.now().timestamp())
        claims = {"iss": self.url, "aud": CLIENT, "sub": self.sub, "iat": now, "exp": now + 300,
                  "nonce": nonce}  # fmt: skip
        said = {**claims, **self.bend.claims}
        said = {name: value for name, value in said.items() if name not in self.bend.without}
        header = {"kid": "one", **self.bend.header}
        signed_with: Any = key(self.bend.signed_by)
        if self.bend.algorithm == "none":
            signed_with = None
        if self.bend.algorithm == "HS256":
            signed_with = secrets.token_bytes(64)
        return jwt.encode(said, signed_with, algorithm=self.bend.algorithm, headers=header)

    def published(self, _asked: Asked) -> Reply:
        return told({"keys": self.bend.keys if self.bend.keys is not None else [public("one")]})

    def userinfo(self, asked: Asked) -> Reply:
        shown = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if shown not in self.access:
            return Reply(401)
        return told({"sub": self.sub, "employee": self.username, **self.bend.userinfo})


def public(kid: str, name: str = "ours") -> dict[str, Any]:
    """A key as it is published."""
    shown = json.loads(RSAAlgorithm.to_jwk(key(name).public_key()))
    return {**shown, "kid": kid, "use": "sig", "alg": "RS256"}


def told(what: dict[str, Any], status: int = 200) -> Reply:
    """JSON."""
    return Reply(status, json.dumps(what).encode(), {"Content-Type": "application/json"})
