"""通知的写法: facts of an event put into the templates of its verb and channel. No queries.

`templates/tickets/notices/<verb>/<channel>.{txt,html}`, else those of `_default`; the three robots
share `robot.txt`. A variable that no letter has is a mistake of the template and raises.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, NoReturn

from django.conf import settings
from django.template import Context, Engine
from django.template.base import Template
from django.template.exceptions import TemplateDoesNotExist
from django.utils import translation

from common.logs import MASK, hide
from notices.channels.messages import Message
from notices.models import ROBOTS, Channel
from tickets import textings

FOLDER, DEFAULT, DIGEST = "tickets/notices", "_default", "_digest"
WRITTEN = (Channel.EMAIL, Channel.ZHEDING, *ROBOTS, Channel.WEBHOOK)
"""Channels that take free text; a text message is an approved template and parameters."""


class UnknownVariable(Exception):
    """没有的变量: a template asks for what no letter has."""


class _Refuse(str):
    """Django's own answer to an unknown variable is silence."""

    __slots__ = ()

    def __contains__(self, text: object) -> bool:
        return text == "%s"

    def __mod__(self, name: Any) -> NoReturn:
        raise UnknownVariable(str(name))


class _Strict(Context):
    """As in a condition: what is asked for is there."""

    def __getitem__(self, key: Any) -> Any:
        try:
            return super().__getitem__(key)
        except KeyError:
            raise UnknownVariable(key) from None


@dataclass(frozen=True)
class Facts:
    """事实: all that may be said of an event outside of the house; nothing of it is personal."""

    verb: str
    title: str = ""
    number: str = ""
    category: str = ""
    street: str = ""
    due: str = ""
    state: str = ""
    role: str = ""
    is_urgent: bool = False
    promise: str = ""
    is_overdue: bool = False
    count: int = 0
    details: list[str] = field(default_factory=list)
    url: str = ""
    key: str = ""


def write(channel: str, facts: Facts, *, language: str, to: str, key: str, data: Any) -> Message:
    """写成: the message of one addressee; `data` is what another system gets."""
    folder = DIGEST if facts.count else facts.verb
    with translation.override(language or settings.LANGUAGE_CODE):
        words: dict[str, Any] = {**vars(facts), "language": translation.get_language()}
        if channel == Channel.SMS:
            params = textings.params(facts.verb, words)
            return Message("", "", to=to, dedupe_key=key, template=facts.verb, params=params)
        title, text = _titled(_filled(folder, channel, "txt", words))
        html = _filled(folder, channel, "html", words) if channel == Channel.EMAIL else ""
    is_data = channel == Channel.WEBHOOK
    return Message(
        title, text, html, to, facts.url, key, facts.verb if is_data else "",
        data if is_data else {},
    )  # fmt: skip


def without_key(message: Message) -> Message:
    """去链接: as whoever may look, but not act in the reporter's place, may see it."""
    params = {name: MASK if name == textings.KEY else one for name, one in message.params.items()}
    texts = {name: hide(getattr(message, name)) for name in ("text", "html", "url")}
    return replace(message, params=params, **texts)


def forget() -> None:
    """重读模板: they were changed."""
    _engine.cache_clear()
    _template.cache_clear()


def _titled(text: str) -> tuple[str, str]:
    """The first line is the title."""
    title, _newline, rest = text.strip().partition("\n")
    return title.strip(), rest.strip()


def _filled(folder: str, channel: str, kind: str, words: Mapping[str, Any]) -> str:
    context = _Strict(dict(words), autoescape=kind == "html")
    return str(_template(folder, channel, kind).render(context))


@cache
def _engine() -> Engine:
    # as the pages' own, but strict
    return Engine(
        dirs=[str(settings.BASE_DIR / "templates")], string_if_invalid=_Refuse("%s"),
        libraries={"i18n": "django.templatetags.i18n"}, builtins=["django.templatetags.i18n"],
    )  # fmt: skip


@cache
def _template(folder: str, channel: str, kind: str) -> Template:
    shared = "robot" if channel in (*ROBOTS, Channel.WEBHOOK) else channel.lower()
    names = [
        f"{FOLDER}/{where}/{name}.{kind}"
        for where in (folder, DEFAULT)
        for name in dict.fromkeys((channel.lower(), shared))
    ]
    for name in names:
        try:
            return _engine().get_template(name)
        except TemplateDoesNotExist:
            continue
    raise TemplateDoesNotExist(names[-1])
