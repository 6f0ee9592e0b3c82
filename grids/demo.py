"""The demo district's people: found, marked and given one password."""

import csv
from datetime import datetime
from pathlib import Path

from django.contrib.auth.hashers import make_password

from grids.models import ApiToken, Person, Post, PostKind, Scope
from grids.tokens import make_token, revoke

TOKEN = "demo"
FOLDER = Path(__file__).parent / "seed" / "demo"
# people of one street (湖滨) and of the district who can walk a ticket through the whole chain
WALKERS = (
    "gw_003050001",
    "lead_003050",
    "desk_003_1",
    "desk_003_2",
    "shift_003_1",
    "cg_003_clerk",
    "cg_003_handler_1",
    "cg_003_handler_2",
    "cg_003_head",
    "jd_003_handler_1",
    "jd_003_head",
    "desk_000_1",
    "desk_000_2",
    "shift_000_1",
    "leader_003",
    "inspector_1",
    "auditor",
    "admin",
)


def demo_usernames() -> list[str]:
    """演示人员: everybody in the demo folder."""
    with (FOLDER / "people.csv").open(encoding="utf-8", newline="") as file:
        return [row["username"] for row in csv.DictReader(file)]


def set_demo_passwords(password: str) -> int:
    """设演示密码: one password for all demo people, who are marked as such; returns how many.

    They share one salted hash: hashing 700 times would take a minute and protect nothing, since
    the password is the same and is printed on the screen.
    """
    people = Person.objects.filter(username__in=demo_usernames())
    count = people.update(is_demo=True, password=make_password(password))
    admins = Post.objects.filter(kind=PostKind.ADMIN, person__in=people).values("person")
    Person.objects.filter(pk__in=admins).update(is_staff=True, is_superuser=True)
    return count


def demo_accounts() -> list[dict[str, str]]:
    """演示账号: post, name and username of those who walk a ticket through the chain."""
    posts = Post.objects.filter(person__username__in=WALKERS, person__is_demo=True)
    rows = {
        post.person.username: {
            "post": str(post),
            "name": post.person.name,
            "username": post.person.username,
        }
        for post in posts.select_related("person", "unit", "division")
    }
    return [rows[username] for username in WALKERS if username in rows]


def demo_tokens(usernames: list[str], *, at: datetime) -> dict[str, str]:
    """演示令牌: a fresh one for each, good for everything; those given before end."""
    people = Person.objects.filter(username__in=usernames, is_demo=True)
    for old in ApiToken.objects.filter(person__in=people, name=TOKEN, revoked_at=None):
        revoke(old, at=at)
    scopes = list(Scope.values)
    return {one.username: make_token(one, TOKEN, scopes, at=at, days=30)[1] for one in people}
