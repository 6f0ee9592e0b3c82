"""What a reporter sees and does with their follow key; no account, no script needed."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from axes.helpers import get_client_ip_address
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from common import clock
from common.attempts import Allowance, failed, wait
from common.errors import Gone, Impossible, Invalid, NotVisible, NotYours, Refused, TooMany
from tickets import actions, progress
from tickets.attachments import showing
from tickets.forms.public import FORMS, PublicForm
from tickets.keys import ReporterKey, open_key
from tickets.models import Ticket
from tickets.plain import headline
from tickets.progress import Progress
from tickets.states import State
from tickets.views.doors import only, outside
from tickets.views.link import link_of

WRONG_KEYS = Allowance("follow_key", limit=20, window=timedelta(minutes=10))
A_DAY = {
    "urge": Allowance("urge", limit=3, window=timedelta(days=1)),
    "inform": Allowance("inform", limit=20, window=timedelta(days=1)),
    "attach": Allowance("attach", limit=10, window=timedelta(days=1)),
    "follow": Allowance("follow", limit=5, window=timedelta(days=1)),
}
"""What may be done again and again stays in the record for ever: so often a day, per matter."""
NEIGHBOURS = Allowance("neighbours", limit=50, window=timedelta(days=1))
AT_ONCE = ("rate", "verify", "rework")
"""Verbs whose form stands on the page itself: it is the reporter's turn."""


class Enough(TooMany):
    """今天够了: the key is right, tomorrow it can be done again."""


class Late(Gone):
    """来晚了: the key is right, but this can no longer be done with it."""


def _refusal(request: HttpRequest, token: str, refused: Refused) -> HttpResponse:
    # a key that opens leads back to its page
    words = {"refused": refused, "token": token if isinstance(refused, Late | Enough) else ""}
    answer = render(request, "tickets/follow/refused.html", words, status=refused.status)
    for name, value in refused.headers.items():
        answer[name] = value
    return answer


door = outside(_refusal)


@door
@only("GET", "HEAD")
def page(request: HttpRequest, token: str) -> HttpResponse:
    """进度: state in plain words, promise, answer, what can be done, what happened."""
    known = _known(request, token, at=clock.now())
    forms = [form_of(verb) for verb in AT_ONCE if known.may(verb)]
    return render(request, "tickets/follow/page.html", _words(token, known) | {"forms": forms})


@door
@only("GET", "HEAD", "POST")
def act(request: HttpRequest, token: str, verb: str) -> HttpResponse:
    """动作: the form of one verb, and what it does; too late or used is 410."""
    if verb not in FORMS:
        raise NotVisible(_("没有这个页面，请从查询页面的按钮进入。"))
    at = clock.now()
    known = _known(request, token, at=at)
    if not known.may(verb):
        raise Late(too_late(known, verb))
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = form_of(verb, *sent)
    given = done(known, verb, form, at=at) if form.is_valid() else None
    if isinstance(given, tuple):
        words = {"token": token, "query": _query(known), **link_of(request, given[1])}
        return render(request, "tickets/follow/followed.html", words)
    if given is not None:
        messages.success(request, thanks(verb, known))
        there = reverse("follow", args=[token]) + _query(known)
        return HttpResponseRedirect(there, status=HTTPStatus.SEE_OTHER)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    words = _words(token, known) | {"form": form}
    return render(request, "tickets/follow/act.html", words, status=status)


def _known(request: HttpRequest, token: str, *, at: datetime) -> Progress:
    """What `?t=` names, where the report was split into several matters; else the report."""
    key, ticket = known_key(request, token, at=at)
    number = request.GET.get("t", ticket.number)
    if number != ticket.number:
        mine = progress.matters(key)
        if number not in mine:
            raise NotVisible(_("没有这件诉求，请从查询页面的链接进入。"))
        ticket = mine[number]
    return progress.of(key, ticket, at=at)


def _query(known: Progress) -> str:
    is_first = known.ticket.pk == known.key.ticket_id
    return "" if is_first else f"?t={known.ticket.number}"


def known_key(request: HttpRequest, token: str, *, at: datetime) -> tuple[ReporterKey, Ticket]:
    """Whoever has a right key always gets in; only guessing is slowed down."""
    try:
        return open_key(token, at=at)
    except NotVisible:
        who = get_client_ip_address(request) or ""
        if failed(WRONG_KEYS, who, at=at):
            said = _("试错的查询链接太多，请十分钟后再试，或拨打 12345 查询。")
            raise TooMany(said, wait=wait(WRONG_KEYS, who, at=at)) from None
        raise


def done(known: Progress, verb: str, form: PublicForm, *, at: datetime) -> object:
    """办: what the action gave; None when a need is wrong: the form then says which."""
    act = actions.ON_TICKET[verb]
    if _is_too_often(known, verb, at=at):
        raise Enough(
            _("今天已经“%(verb)s”多次，办理人员都看得到。请明天再试，急事请拨打 12345。")
            % {"verb": FORMS[verb].title},
            wait=A_DAY["urge"].window,
        )
    try:
        return act(known.lead, by=known.key, at=at, **form.arguments())
    except Invalid as refused:
        form.refuse(refused)
        return None
    except (Impossible, NotYours):
        # somebody was faster than this form
        raise Late(too_late(known, verb)) from None


def _is_too_often(known: Progress, verb: str, *, at: datetime) -> bool:
    who = f"{known.key.actor_ref}:{known.ticket.pk}"
    # keys come from keys: those of one ticket are counted together, too
    return (verb in A_DAY and failed(A_DAY[verb], who, at=at)) or (
        verb == "follow" and failed(NEIGHBOURS, str(known.lead.pk), at=at)
    )


def form_of(verb: str, *sent: Any) -> PublicForm:
    """表单: of one verb, filled in with what was sent."""
    return FORMS[verb](*sent, auto_id=f"{verb}-%s")


def _words(token: str, known: Progress) -> dict[str, Any]:
    others = [form_of(move.verb) for move in known.moves if move.verb not in AT_ONCE]
    return {
        "token": token, "known": known, "lead": known.lead, "ticket": known.ticket,
        "files": showing.outside(known.ticket, known.key, token),
        "headline": headline(known), "others": others, "query": _query(known),
        "matters": list(progress.matters(known.key)) if known.key.split_ids else [],
    }  # fmt: skip


def too_late(known: Progress, verb: str) -> str:
    """来晚了: why that verb cannot be done now."""
    if verb == "rate" and known.rating is not None:
        return _("您已经评价过，每次办理只评价一次。还有问题请拨打 12345，报编号 %(number)s。") % {
            "number": known.lead.number
        }
    return _(
        "现在不能“%(verb)s”：这件诉求的状态是“%(state)s”。有疑问请拨打 12345，报编号 %(number)s。"
    ) % {
        "verb": FORMS[verb].title,
        "state": headline(known).title,
        "number": known.lead.number,
    }


def thanks(verb: str, known: Progress) -> str:
    """致谢: what becomes of it."""
    if verb == "rate":
        known.lead.refresh_from_db(fields=["state"])
        if known.lead.state == State.CONTESTED:
            return _("已收到您的评价。问题没有解决，我们会复核后再答复您。")
        return _("谢谢您的评价。")
    return {
        "inform": _("已补充，办理人员会看到。"),
        "attach": _("已上传，办理人员会看到。"),
        "urge": _("已催办，办理人员会看到。"),
        "withdraw": _("诉求已撤回。"),
        "object": _("已收到您的异议，会重新审看。"),
        "verify": _("谢谢您的确认，接下来会给您答复。"),
        "rework": _("已退回承办单位重新处置。"),
    }[verb]
