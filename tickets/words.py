"""The closed lists of the chain: what a ticket can be. No ORM."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Nature(TextChoices):
    """诉求类型: a dimension of its own, never part of the category."""

    ENQUIRY = "ENQUIRY", _("咨询")
    HELP = "HELP", _("求助")
    COMPLAINT = "COMPLAINT", _("投诉")
    TIP = "TIP", _("举报")
    SUGGESTION = "SUGGESTION", _("建议")
    PRAISE = "PRAISE", _("表扬")


class Source(TextChoices):
    """来源: the channel it came through."""

    PAGE = "PAGE", _("网页")
    QR = "QR", _("扫码")
    PHONE = "PHONE", _("电话")
    VISIT = "VISIT", _("来访")
    GRID_APP = "GRID_APP", _("网格巡查")
    OPEN311 = "OPEN311", _("开放接口")
    SENSOR = "SENSOR", _("物联感知")
    REGISTER = "REGISTER", _("登记系统")
    INSPECTION = "INSPECTION", _("联合检查")
    IMPORT = "IMPORT", _("历史迁入")
    HOTLINE = "HOTLINE", _("12345 热线")
    CITY = "CITY", _("数字城管")
    POLICE = "POLICE", _("110 非警务")
    PARTNER = "PARTNER", _("其他系统")


class CodeKind(TextChoices):
    """代码种类: what a code of another system stands for."""

    CATEGORY = "CATEGORY", _("类别")
    DIVISION = "DIVISION", _("区划")
    NATURE = "NATURE", _("诉求类型")
    URGENCY = "URGENCY", _("紧急程度")
    UNIT = "UNIT", _("承办单位")


class Origin(TextChoices):
    """由谁提出: only RESIDENT tickets are answered and rated (DESIGN §3.1)."""

    RESIDENT = "RESIDENT", _("诉求人")
    PATROL = "PATROL", _("主动发现")
    MACHINE = "MACHINE", _("物联")


class Urgency(TextChoices):
    """紧急程度."""

    LOW = "LOW", _("一般偏缓")
    NORMAL = "NORMAL", _("一般")
    HIGH = "HIGH", _("较急")
    URGENT = "URGENT", _("紧急")


class VerifyBy(TextChoices):
    """由谁核查."""

    SITE = "SITE", _("现场核查")
    DESK = "DESK", _("受理员核查")
    REPORTER = "REPORTER", _("诉求人确认")
    NONE = "NONE", _("免核查")


class Turn(TextChoices):
    """轮到谁."""

    DESK = "DESK", _("受理员")
    DISTRICT = "DISTRICT", _("区级受理员")
    UNIT = "UNIT", _("承办单位")
    HANDLER = "HANDLER", _("处置人员")
    GRID = "GRID", _("网格员")
    REPORTER = "REPORTER", _("诉求人")
    NOBODY = "NOBODY", _("无")


class Promise(TextChoices):
    """时限种类: what a clock promises."""

    ACCEPT = "ACCEPT", _("受理")
    DISPATCH = "DISPATCH", _("派单")
    CLAIM = "CLAIM", _("签收")
    ARRIVE = "ARRIVE", _("到场")
    RESOLVE = "RESOLVE", _("办结")
    ASSIST = "ASSIST", _("协办")
    VERIFY = "VERIFY", _("核查")
    REPLY = "REPLY", _("答复")
    RATE = "RATE", _("评价")
    FOLLOW_UP = "FOLLOW_UP", _("回访")
    SUSPEND = "SUSPEND", _("挂账")
    TOTAL = "TOTAL", _("全程")
    SEND_BACK = "SEND_BACK", _("退单窗口")
    APPROVAL = "APPROVAL", _("审批")
    INQUIRE = "INQUIRE", _("询问有效期")
    REOPEN = "REOPEN", _("重办窗口")


class WordsKind(TextChoices):
    """文本种类."""

    REPORT = "REPORT", _("诉求内容")
    PLACE = "PLACE", _("地点")
    REASON = "REASON", _("理由")
    NOTE = "NOTE", _("备注")
    RESULT = "RESULT", _("处置结果")
    PROPOSED = "PROPOSED", _("拟答复")
    ANSWER = "ANSWER", _("答复")
    QUESTION = "QUESTION", _("询问")
    FACTS = "FACTS", _("补充")
    COMMENT = "COMMENT", _("评价意见")
    DEMAND = "DEMAND", _("督办要求")


class FileKind(TextChoices):
    """附件种类: photos are typed, the rest says what it is."""

    NEAR = "NEAR", _("近景")
    FAR = "FAR", _("全景")
    REFERENCE = "REFERENCE", _("参照")
    BEFORE = "BEFORE", _("处置前")
    AFTER = "AFTER", _("处置后")
    AUDIO = "AUDIO", _("录音")
    VIDEO = "VIDEO", _("视频")
    PDF = "PDF", _("PDF 文件")


PHOTOS = frozenset(
    {FileKind.NEAR, FileKind.FAR, FileKind.REFERENCE, FileKind.BEFORE, FileKind.AFTER}
)
"""Kinds of attachment that are pictures."""

PUBLIC_WORDS = frozenset(
    {WordsKind.REPORT, WordsKind.ANSWER, WordsKind.QUESTION, WordsKind.FACTS, WordsKind.COMMENT}
)
"""What a reporter may read of their own ticket; all else is internal."""
