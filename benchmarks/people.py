"""Who asks: people of the district with a token for programs and a session for pages."""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from common import clock
from grids.models import Level, Person, Post, PostKind, Scope
from grids.tokens import make_token

BACKEND = "django.contrib.auth.backends.ModelBackend"
STAFF = (PostKind.UNIT_CLERK, PostKind.HANDLER)


@dataclass
class People:
    """人员: by post, with what opens the doors for them; made when first asked for."""

    at: datetime
    tokens: dict[int, str] = field(default_factory=dict)
    sessions: dict[int, str] = field(default_factory=dict)
    known: dict[int, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.desks: dict[int, list[Person]] = defaultdict(list)
        self.district: list[Person] = []
        self.staff: dict[int, list[Person]] = defaultdict(list)
        day = clock.local(self.at).date()
        rows = Post.objects.in_force(day).select_related("person", "division").order_by("pk")
        for post in rows:
            self.known[post.person_id] = post.person
            if post.kind == PostKind.DESK and post.division is not None:
                is_top = post.division.level == Level.DISTRICT
                (self.district if is_top else self.desks[post.division.pk]).append(post.person)
            elif post.kind in STAFF and post.unit_id:
                self.staff[post.unit_id].append(post.person)

    def token(self, person_id: int) -> dict[str, str]:
        """令牌: the header that a program sends."""
        if person_id not in self.tokens:
            name = f"bench {random.getrandbits(40):x}"
            scopes = list(Scope.values)
            self.tokens[person_id] = make_token(
                self.known[person_id], name, scopes, at=self.at, days=2
            )[1]
        return {"Authorization": f"Bearer {self.tokens[person_id]}"}

    def session(self, person_id: int) -> dict[str, str]:
        """会话: the cookie that a browser sends."""
        if person_id not in self.sessions:
            store: Any = import_module(settings.SESSION_ENGINE).SessionStore()
            person = self.known[person_id]
            store[SESSION_KEY] = str(person.pk)
            store[BACKEND_SESSION_KEY] = BACKEND
            store[HASH_SESSION_KEY] = person.get_session_auth_hash()
            store.save()
            self.sessions[person_id] = store.session_key
        return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={self.sessions[person_id]}"}
