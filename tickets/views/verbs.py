"""动作: POST of one verb on one ticket; a refusal brings the page back with everything typed."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import clock
from common.errors import Invalid, NotVisible, Refused, Stale
from common.pages import stands_at
from grids.models import Person
from tickets import actions, deeds, permits
from tickets.forms.verbs import VerbForm, come_back, verb_form
from tickets.models import Ticket
from tickets.states import MOVES
from tickets.views.desk import pane
from tickets.views.doors import find, person_of, posting
from tickets.views.link import link_of
from tickets.views.ticket import Told, nav

SAID = {
    "confirm": gettext_lazy("已请网格员核实。"),
    "object": gettext_lazy("已提出异议。"),
    "enlist": gettext_lazy("已请 %(unit)s 协办。"),
    "answer_assist": gettext_lazy("已反馈协办情况。"),
    "waive_assist": gettext_lazy("已免除 %(unit)s 的协办。"),
    "answer_supervision": gettext_lazy("已反馈督办情况。"),
}
"""Deeds whose button, put after 已, would make no sentence."""


@posting
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """做: not visible 404, not yours 403, impossible 409, stale 412 (428), needs 422."""
    person, at = person_of(request), clock.now()
    ticket = find(person, number, at=at)
    if verb not in actions.ON_TICKET or not MOVES[verb].button:
        raise NotVisible(_("没有这个动作，请从工单页面的按钮操作。"))
    form = verb_form(verb, ticket, person, at=at, data=request.POST, files=request.FILES)
    try:
        result = _perform(form, ticket, person, at)
    except Refused as refused:
        return _come_back(request, form, number, person, at, refused)
    if isinstance(result, tuple):
        return _receipt(request, ticket, result[1], person, at)
    messages.success(request, _done(form, ticket, result))
    if pane.is_asked(request, person, at=at):
        return pane.onward(request, ticket, person, at=at)
    return _onward(ticket, person, at)


def _perform(form: VerbForm, ticket: Ticket, person: Person, at: datetime) -> object:
    verb = form.move.verb
    permits.require(person, ticket, verb, at=at)
    seen = form.seen_version()
    if seen != ticket.version:
        raise Stale(
            _("工单 %(number)s 在您打开之后有了变化，请看过变化再决定。")
            % {"number": ticket.number}
        )
    if not form.is_valid():
        raise Invalid(_("有内容需要修改，还没有提交。"))
    return actions.ON_TICKET[verb](ticket, by=person, at=at, seen=seen, **form.arguments())


def _come_back(
    request: HttpRequest, form: VerbForm, number: str, person: Person, at: datetime,
    refused: Refused,
) -> HttpResponse:  # fmt: skip
    ticket = find(person, number, at=at)  # as it is now: somebody may have been faster
    again = come_back(form.move.verb, ticket, person, at=at, sent=request.POST)
    if isinstance(refused, Invalid):
        again.keep(form)
        if form.is_valid():
            again.refuse(refused)
    is_stale = isinstance(refused, Stale)
    told = Told(refused=refused, form=again, since=form.seen_seq(), is_stale=is_stale)
    return pane.answer(request, ticket, person, at=at, told=told)


def _done(form: VerbForm, ticket: Ticket, result: object) -> str:
    verb = form.move.verb
    said = {"number": ticket.number, "verb": deeds.done(verb), "state": ticket.get_state_display()}
    if isinstance(result, Ticket) and result.pk != ticket.pk:
        return _("已%(verb)s：新工单 %(new)s。") % {**said, "new": result.number}
    if form.move.approval and ticket.has_request:
        return _("已提出“%(verb)s”，等待审批。") % {"verb": deeds.asked(verb)}
    if verb in SAID and "confirm_result" not in form.fields:
        unit = form.cleaned_data.get("unit") or getattr(form.cleaned_data.get("assist"), "unit", "")
        return str(SAID[verb]) % {"unit": unit} + _stands(ticket)
    return _("已%(verb)s。工单 %(number)s 现在是“%(state)s”。") % said


def _stands(ticket: Ticket) -> str:
    return _("工单 %(number)s 现在是“%(state)s”。") % {
        "number": ticket.number, "state": ticket.get_state_display()
    }  # fmt: skip


def _receipt(
    request: HttpRequest, ticket: Ticket, token: str, person: Person, at: datetime
) -> HttpResponse:
    stands_at(request, reverse("ticket", args=[ticket.number]))
    words = {"ticket": ticket, **link_of(request, token)}
    if pane.is_asked(request, person, at=at):
        return render(request, "tickets/followed.html", {**words, "frame": pane.BARE})
    return render(request, "tickets/followed.html", {**words, **nav(person, at)})


def _onward(ticket: Ticket, person: Person, at: datetime) -> HttpResponseRedirect:
    # after a change of place or unit it may no longer be this person's to see
    if Ticket.objects.visible_to(person, at).filter(pk=ticket.pk).exists():
        return redirect("ticket", number=ticket.number)
    return redirect(reverse("queue"))
