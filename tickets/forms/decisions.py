"""Forms of approvals and of the reveal of contacts."""

from datetime import datetime
from typing import Any

from django.forms import CharField, Textarea
from django.utils.translation import gettext_lazy as _

from grids.models import Person
from tickets.actions._approval import Heads, may_countersign, may_decide, still_needs_head
from tickets.forms.base import ChainForm, SeenForm, long_text
from tickets.models import Approval
from tickets.reveals import LONGEST

COUNTERSIGN, GRANT, REFUSE = "countersign", "grant", "refuse"


class DecisionForm(SeenForm):
    """决定: one of countersign, grant, refuse; only a refusal has to be explained."""

    decision = ""
    zh: Any = ""
    tone = "default"


class CountersignForm(DecisionForm):
    """会签."""

    decision, zh, tone = COUNTERSIGN, _("会签"), "primary"


class GrantForm(DecisionForm):
    """同意."""

    decision, zh, tone = GRANT, _("同意"), "primary"
    text = CharField(
        label=_("意见"), required=False, widget=Textarea(attrs={"rows": 2}), **long_text()
    )


class RefuseForm(DecisionForm):
    """驳回."""

    decision, zh, tone = REFUSE, _("驳回"), "danger"
    text = CharField(label=_("驳回理由"), widget=Textarea(attrs={"rows": 2}), **long_text())


FORMS: dict[str, type[DecisionForm]] = {
    form.decision: form for form in (CountersignForm, GrantForm, RefuseForm)
}


class RevealForm(ChainForm):
    """查看联系方式: the reason is logged before anything is shown."""

    reason = CharField(label=_("查看理由"), max_length=LONGEST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="reveal-%s", **kwargs)


def decision_forms(
    approval: Approval,
    person: Person,
    *,
    at: datetime,
    told: DecisionForm | None = None,
    heads: Heads | None = None,
) -> list[DecisionForm]:
    """可作的决定: exactly what this person may do with the request now; `told` keeps its words."""
    signs = may_countersign(person, approval, at=at)
    decides = may_decide(person, approval, at=at)
    is_signed = not approval.needs_countersign or approval.countersigned_at is not None
    is_signed = is_signed or not still_needs_head(approval, person, at=at, heads=heads)
    allowed = {COUNTERSIGN: signs, GRANT: decides and is_signed, REFUSE: signs or decides}
    forms = []
    for decision, form in FORMS.items():
        if not allowed[decision]:
            continue
        is_told = told is not None and told.decision == decision
        forms.append(told if is_told and told else _empty(form, approval))
    return forms


def signing(approval: Approval, person: Person, *, at: datetime, heads: Heads | None = None) -> str:
    """会签情况: signed, waiting, late or nobody; empty where none is asked for."""
    if not approval.needs_countersign:
        return ""
    if approval.countersigned_at is not None:
        return "signed"
    if at >= approval.due_at:
        return "late"
    is_waiting = may_countersign(person, approval, at=at)
    is_waiting = is_waiting or still_needs_head(approval, person, at=at, heads=heads)
    return "waiting" if is_waiting else "nobody"


def _empty(form: type[DecisionForm], approval: Approval) -> DecisionForm:
    ticket = approval.ticket
    return form(
        auto_id=f"{form.decision}-{approval.pk}-%s",
        initial={"seen": ticket.version, "since": ticket.seq},
    )
