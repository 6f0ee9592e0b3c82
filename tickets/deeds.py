"""What was done, in words: the record and the answers of pages speak of a verb as past.

In Chinese a deed is called as its button is; other languages need the participle.
"""

from collections.abc import Mapping

from django.utils.translation import pgettext_lazy

DONE: dict[str, object] = {
    # 有报必接
    "report": pgettext_lazy("done", "上报"),
    "settle": pgettext_lazy("done", "自行处置"),
    "import": pgettext_lazy("done", "迁入"),
    "confirm": pgettext_lazy("done", "核实"),
    "accept": pgettext_lazy("done", "受理"),
    "answer": pgettext_lazy("done", "直接答复"),
    "decline": pgettext_lazy("done", "不予受理"),
    "object": pgettext_lazy("done", "异议"),
    "merge": pgettext_lazy("done", "并单"),
    "unmerge": pgettext_lazy("done", "取消并单"),
    "split": pgettext_lazy("done", "拆单"),
    "link": pgettext_lazy("done", "关联"),
    "follow": pgettext_lazy("done", "关注"),
    "attach": pgettext_lazy("done", "附件"),
    "acknowledge": pgettext_lazy("done", "知悉"),
    "withdraw": pgettext_lazy("done", "撤回"),
    "amend": pgettext_lazy("done", "更正"),
    # 有接必处
    "dispatch": pgettext_lazy("done", "派单"),
    "redirect": pgettext_lazy("done", "转派"),
    "claim": pgettext_lazy("done", "签收"),
    "assign": pgettext_lazy("done", "指派"),
    "hand_over": pgettext_lazy("done", "移交"),
    "release": pgettext_lazy("done", "释放"),
    "contact": pgettext_lazy("done", "联系诉求人"),
    "arrive": pgettext_lazy("done", "到场"),
    "phone": pgettext_lazy("done", "电话通报"),
    "note": pgettext_lazy("done", "备注"),
    "inquire": pgettext_lazy("done", "询问"),
    "inform": pgettext_lazy("done", "补充"),
    "send_back": pgettext_lazy("done", "退单"),
    "enlist": pgettext_lazy("done", "协办"),
    "answer_assist": pgettext_lazy("done", "协办反馈"),
    "waive_assist": pgettext_lazy("done", "免于协办"),
    "extend": pgettext_lazy("done", "延期"),
    "suspend": pgettext_lazy("done", "挂账"),
    "resume": pgettext_lazy("done", "恢复"),
    # 有处必果
    "resolve": pgettext_lazy("done", "办结"),
    "verify": pgettext_lazy("done", "核查通过"),
    "rework": pgettext_lazy("done", "返工"),
    # 有果必复
    "reply": pgettext_lazy("done", "答复"),
    "rate": pgettext_lazy("done", "评价"),
    "follow_up": pgettext_lazy("done", "回访"),
    "reopen": pgettext_lazy("done", "重办"),
    "uphold": pgettext_lazy("done", "维持原办理结果"),
    "close": pgettext_lazy("done", "结案"),
    # 督办与审批
    "void": pgettext_lazy("done", "作废"),
    "urge": pgettext_lazy("done", "催办"),
    "supervise": pgettext_lazy("done", "督办"),
    "answer_supervision": pgettext_lazy("done", "督办反馈"),
    "lift_supervision": pgettext_lazy("done", "销号"),
    "ask": pgettext_lazy("done", "提出审批"),
    "countersign": pgettext_lazy("done", "会签"),
    "grant": pgettext_lazy("done", "同意"),
    "refuse": pgettext_lazy("done", "驳回"),
    "remind": pgettext_lazy("done", "提醒"),
    "warn": pgettext_lazy("done", "预警"),
    "escalate": pgettext_lazy("done", "逾期上报"),
    "recompute": pgettext_lazy("done", "重算"),
    "erase": pgettext_lazy("done", "脱敏"),
}
ASKED: dict[str, object] = {
    "send_back": pgettext_lazy("done", "申请退单"),
    "extend": pgettext_lazy("done", "申请延期"),
    "suspend": pgettext_lazy("done", "申请挂账"),
    "void": pgettext_lazy("done", "申请作废"),
    "decline": pgettext_lazy("done", "申请不予受理"),
}
"""Requests: the deed itself follows only when it is granted."""
LAPSED: dict[tuple[str, str], object] = {
    ("escalate", "approval"): pgettext_lazy("done", "审批到期未决，报区级"),
    ("remind", "lapsed"): pgettext_lazy("done", "询问到期未答"),
    ("remind", "rises"): pgettext_lazy("done", "核查时限过半，转请受理员"),
}
"""Of what ran out besides a clock, by verb and by what stands in the event's data."""


def done(verb: str) -> str:
    """已做: an unknown verb of an older record is shown as it is."""
    return str(DONE.get(verb, verb))


def lapsed(verb: str, data: Mapping[str, object]) -> str:
    """已到期: empty where it was a clock."""
    found = (words for (of, key), words in LAPSED.items() if of == verb and key in data)
    return str(next(found, ""))


def asked(verb: str) -> str:
    """已申请."""
    return str(ASKED.get(verb) or DONE["ask"])
