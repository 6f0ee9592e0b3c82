"""审批: what I may countersign or decide, and what I asked for."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from common import clock
from common.errors import Invalid, NotVisible, Refused, Stale
from grids.models import Person
from tickets import actions, boards, deeds, law, lights, standing
from tickets.actions._approval import Heads, heads_of
from tickets.forms.decisions import COUNTERSIGN, FORMS, DecisionForm, decision_forms, signing
from tickets.lights import Light
from tickets.models import Approval, Ticket
from tickets.models.approval import ApprovalState
from tickets.standing import Group
from tickets.views.desk import pane
from tickets.views.doors import find, person_of, posting, reading
from tickets.views.ticket import Told, nav

LIST = "approvals"


@dataclass(frozen=True)
class Request:
    """一项申请, with words and report where `sees` allows and what may be decided."""

    approval: Approval
    reason: str
    words: str
    summary: str
    signing: str
    light: Light
    forms: list[DecisionForm]


@reading
def approvals(request: HttpRequest) -> HttpResponse:
    """审批列表: those waiting for me, oldest due first, and my own."""
    person, at = person_of(request), clock.now()
    page = boards.page(
        boards.with_request(boards.to_decide(person, at)), boards.BY_DUE,
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    mine = boards.with_request(boards.asked_by(person, at)).order_by("-asked_at", "-id")
    words = {
        "waiting": requests_for(person, page.rows, at),
        "mine": requests_for(person, list(mine[: boards.PAGE]), at),
        "previous_url": f"?before={page.previous}" if page.previous else "",
        "next_url": f"?after={page.next}" if page.next else "",
        **nav(person, at),
    }
    return render(request, "tickets/approvals.html", words)


@posting
def decide(request: HttpRequest, pk: int, decision: str) -> HttpResponse:
    """决定: countersign, grant or refuse; a refusal of ours comes back on the ticket's page."""
    person, at = person_of(request), clock.now()
    if decision not in FORMS:
        raise NotVisible(_("没有这个决定，请从审批页面的按钮操作。"))
    visible = Ticket.objects.visible_to(person, at)
    approval = Approval.objects.filter(pk=pk, ticket__in=visible).select_related("ticket").first()
    if approval is None:
        raise NotVisible(_("没有这项申请，请从审批列表进入。"))
    form = FORMS[decision](request.POST, auto_id=f"{decision}-{pk}-%s")
    try:
        done = _decide(approval, form, person, at)
    except Refused as refused:
        return _come_back(request, form, approval, person, at, refused)
    said = {"kind": done.get_kind_display(), "number": done.ticket.number}
    said["verb"] = deeds.done(decision)
    messages.success(request, _("已%(verb)s工单 %(number)s 的“%(kind)s”申请。") % said)
    if pane.is_asked(request, person, at=at):
        return pane.onward(request, done.ticket, person, at=at)
    if request.POST.get("back") == LIST or not visible.filter(pk=done.ticket.pk).exists():
        return redirect("approvals")
    return redirect("ticket", number=done.ticket.number)


def _come_back(
    request: HttpRequest, form: DecisionForm, approval: Approval, person: Person, at: datetime,
    refused: Refused,
) -> HttpResponse:  # fmt: skip
    ticket = find(
        person, approval.ticket.number, at=at
    )  # as it is now: somebody may have been faster
    data = request.POST.copy()
    data["seen"], data["since"] = str(ticket.version), str(ticket.seq)
    again = FORMS[form.decision](data, auto_id=form.auto_id)
    if isinstance(refused, Invalid) and again.is_valid():
        again.refuse(refused)
    is_stale = isinstance(refused, Stale)
    told = Told(refused=refused, decision=again, since=form.seen_seq(), is_stale=is_stale)
    return pane.answer(request, ticket, person, at=at, told=told)


def requests_for(person: Person, rows: list[Approval], at: datetime) -> list[Request]:
    """申请: each with its reason, words, light and forms."""
    standing.remember(person, [row.ticket for row in rows], at=at)
    heads = heads_of([row.ticket.unit_id for row in rows], at=at)
    return [_request(row, person, at, heads) for row in rows]


def _request(row: Approval, person: Person, at: datetime, heads: Heads) -> Request:
    can_read = Group.WORDS in standing.sees(person, row.ticket, at=at)
    is_pending = row.state == ApprovalState.PENDING
    return Request(
        approval=row,
        reason=law.reason_text(row.kind, row.asks.get("reason", "")),
        words=getattr(row, "words", "") or "" if can_read else "",
        summary=getattr(row, "summary", "") or "" if can_read else "",
        signing=signing(row, person, at=at, heads=heads),
        light=lights.of_span(row.asked_at, row.due_at, at=at),
        forms=decision_forms(row, person, at=at, heads=heads) if is_pending else [],
    )


def _decide(approval: Approval, form: DecisionForm, person: Person, at: datetime) -> Approval:
    offered = {one.decision for one in decision_forms(approval, person, at=at)}
    if form.decision not in offered:
        with transaction.atomic():
            _perform(approval, form, person, at, seen=None)  # says why not
            raise Stale(_("这项申请在您打开之后有了变化，请看过变化再决定。"))
    seen = form.seen_version()
    if not form.is_valid():
        raise Invalid(_("有内容需要修改，还没有提交。"))
    return _perform(approval, form, person, at, seen=seen)


def _perform(
    approval: Approval, form: DecisionForm, person: Person, at: datetime, *, seen: int | None
) -> Approval:
    if form.decision == COUNTERSIGN:
        return actions.countersign(approval, by=person, at=at, seen=seen)
    act = {"grant": actions.grant, "refuse": actions.refuse}[form.decision]
    text = form.cleaned_data.get("text", "") if form.is_valid() else ""
    return act(approval, by=person, at=at, seen=seen, text=text)
