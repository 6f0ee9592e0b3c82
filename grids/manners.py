"""使用习惯: how somebody likes the pages to behave."""

from django.conf import settings
from django.http import HttpResponse

from grids.models import Person

YEAR = 365 * 24 * 3600


def use_single_keys(person: Person, *, is_on: bool) -> None:
    """单键操作: switched on or off for this person (WCAG 2.1.4)."""
    person.single_keys = is_on
    person.save(update_fields=["single_keys"])


def use_language(person: Person, language: str) -> None:
    """语言: of the pages, for this person on every device from the next login on."""
    person.language = language
    person.save(update_fields=["language"])


def speak(answer: HttpResponse, language: str) -> None:
    """语言 Cookie: what this browser is answered in, also while nobody is logged in."""
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR,
        path=settings.LANGUAGE_COOKIE_PATH, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
