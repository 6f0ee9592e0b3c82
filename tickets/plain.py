"""The state of a matter in plain words, for whoever reported or follows it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.progress import Progress
from tickets.states import State
from tickets.words import VerifyBy


@dataclass(frozen=True)
class Headline:
    """标题: what is so, and what comes next."""

    title: str
    words: str
    tone: str


S = State
PLAIN: dict[State, tuple[object, object, str]] = {
    S.REPORTED: (
        gettext_lazy("已收到，等待受理"),
        gettext_lazy("受理员会尽快审看您的诉求，决定交给哪个单位办理。"),
        "info",
    ),
    S.ACCEPTED: (
        gettext_lazy("已受理，正在安排承办单位"),
        gettext_lazy("您的诉求已受理，马上会派给负责的单位。"),
        "info",
    ),
    S.DISPATCHED: (
        gettext_lazy("已派给承办单位，等待签收"),
        gettext_lazy("承办单位签收后就会开始办理。"),
        "info",
    ),
    S.HANDLING: (
        gettext_lazy("正在办理"),
        gettext_lazy("承办单位正在处理，完成后会有人核查，再给您答复。"),
        "info",
    ),
    S.SUSPENDED: (
        gettext_lazy("暂缓办理"),
        gettext_lazy("眼下不具备办理条件，到期会自动恢复办理，不会不了了之。"),
        "warn",
    ),
    S.RESOLVED: (
        gettext_lazy("处置完成，正在核查"),
        gettext_lazy("承办单位报告已处置完成，核查属实后给您答复。"),
        "info",
    ),
    S.VERIFIED: (
        gettext_lazy("已核查，正在准备答复"),
        gettext_lazy("核查已通过，受理员正在准备给您的答复。"),
        "info",
    ),
    S.REPLIED: (
        gettext_lazy("已答复，请您评价"),
        gettext_lazy("请看下面的答复，并告诉我们问题是否解决。"),
        "good",
    ),
    S.CONTESTED: (
        gettext_lazy("有人不满意，正在复核"),
        gettext_lazy("受理员会复核办理结果：重新办理，或者说明维持的理由。"),
        "warn",
    ),
    S.DECLINED: (
        gettext_lazy("不予受理"),
        gettext_lazy("理由和可以去哪里反映，请看下面的答复。"),
        "bad",
    ),
    S.MERGED: (gettext_lazy("已并入同样的诉求"), gettext_lazy("与同样的诉求一起办理。"), "info"),
    S.WITHDRAWN: (
        gettext_lazy("诉求已撤回"),
        gettext_lazy("诉求人已撤回，不再办理。问题仍在的话请重新反映。"),
        "neutral",
    ),
    S.VOIDED: (
        gettext_lazy("已作废，不再办理"),
        gettext_lazy("作废的理由见下面的经过。如有不同意见，请拨打 12345。"),
        "bad",
    ),
    S.CLOSED: (gettext_lazy("已结案"), gettext_lazy("这件诉求已经办完。"), "neutral"),
}


def headline(progress: Progress) -> Headline:
    """标题: of the matter as this key stands to it."""
    state = State(progress.lead.state)
    special = _special(progress, state)
    if special is not None:
        return special
    title, words, tone = PLAIN[state]
    return Headline(str(title), str(words), tone)


def _special(progress: Progress, state: State) -> Headline | None:
    rating = progress.rating
    if state == S.RESOLVED and progress.may("verify"):
        return Headline(
            _("承办单位说已处置完成，请您确认"),
            _("解决了请点“已经解决”，没有解决请点“还没有解决”。"),
            "good",
        )
    if state == S.RESOLVED and progress.lead.verify_by == VerifyBy.REPORTER:
        return Headline(_("处置完成，等待诉求人确认"), _("诉求人或受理员确认后给出答复。"), "info")
    if state == S.REPLIED and rating is not None:
        return Headline(
            _("已答复，您已评价"), _("谢谢您的评价。其他关注人评价或评价期满后结案。"), "good"
        )
    if state == S.CONTESTED and rating is not None:
        return Headline(_("收到您的评价，正在复核"), str(PLAIN[S.CONTESTED][1]), "warn")
    if state == S.CLOSED and progress.is_upheld and not (rating and rating.is_content):
        return Headline(
            _("经复核，维持原办理结果"),
            _("理由请看下面的答复。如仍有不同意见，请拨打 12345，报编号 %(number)s。")
            % {"number": progress.lead.number},
            "neutral",
        )
    if state == S.CLOSED and rating is not None:
        return Headline(_("已结案"), _("谢谢您的评价，这件诉求已经办完。"), "good")
    return None
