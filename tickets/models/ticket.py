"""The ticket itself."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.known import KnownForeignKey
from common.labels import Labelled
from grids.models import Building, Division, Unit
from tickets.states import OPEN, State
from tickets.words import Nature, Origin, Promise, Source, Turn, Urgency, VerifyBy

from .category import Category
from .guard import TICKET_TRIGGERS
from .queries import TicketQuerySet
from .relations import degrees, moment, to_somebody


class Ticket(Labelled):
    """工单: one matter, from report to closing. Only the one hand changes its state."""

    number = models.CharField(
        _("编号"), max_length=24, unique=True, help_text=_("区代码-日期-序号，不变。")
    )
    state = models.CharField(_("状态"), max_length=10, choices=State, help_text=_("走到哪一步。"))
    turn = models.CharField(_("轮到"), max_length=8, choices=Turn, help_text=_("下一步由谁做。"))
    turn_rises_at = moment(_("转交时间"), _("网格员或诉求人到此时仍未核查，轮到受理员。"))
    due_at = moment(_("到期"), _("最早的未到时限；结束的工单为空。"))
    soon_at = moment(_("临期"), _("最早的未到时限用去八成的时刻；结束的工单为空。"))
    due_promise = models.CharField(
        _("到期的时限"), max_length=12, choices=Promise, blank=True, db_default="",
        help_text=_("最早到期的是哪一种时限。"),
    )  # fmt: skip
    due_calendar = models.CharField(
        _("到期的日历"), max_length=12, blank=True, db_default="",
        help_text=_("剩余时间按哪个日历算；空为不看日历。"),
    )  # fmt: skip
    due_is_provisional = models.BooleanField(
        _("到期为临时"), default=False, db_default=False,
        help_text=_("放假安排尚未公布，公布后重算。"),
    )  # fmt: skip
    version = models.PositiveIntegerField(
        _("版本"), default=1, help_text=_("状态、单位、处置人、类别或到期变化时加一。")
    )
    seq = models.PositiveIntegerField(_("记录序号"), default=0, help_text=_("最后一条流转记录。"))
    head = models.CharField(_("链首"), max_length=64, help_text=_("最后一条流转记录的摘要。"))
    sealed_seq = models.PositiveIntegerField(
        _("已封存序号"), default=0, help_text=_("已进入封存的最后一条记录。")
    )

    nature = models.CharField(
        _("诉求类型"), max_length=12, choices=Nature, default=Nature.HELP, help_text=_("诉求性质。")
    )
    category = KnownForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("类别"),
        help_text=_("受理前可为空，受理时必填。"),
    )
    source = models.CharField(_("来源"), max_length=12, choices=Source, help_text=_("渠道。"))
    origin = models.CharField(
        _("由谁提出"), max_length=8, choices=Origin, help_text=_("只有诉求人的工单要答复和评价。")
    )
    is_on_behalf = models.BooleanField(
        _("代报"), default=False, help_text=_("由工作人员替一位诉求人记下。")
    )
    urgency = models.CharField(
        _("紧急程度"),
        max_length=8,
        choices=Urgency,
        default=Urgency.NORMAL,
        help_text=_("决定时限。"),
    )
    is_sensitive = models.BooleanField(_("敏感"), default=False, help_text=_("内容限定人员可见。"))
    is_anonymous = models.BooleanField(_("匿名"), default=False, help_text=_("不向承办单位透露。"))
    is_historic = models.BooleanField(_("历史"), default=False, help_text=_("迁入的旧单，不计率。"))
    is_settled = models.BooleanField(
        _("自行处置"), default=False, help_text=_("上报时已当场处置。")
    )
    is_sampled = models.BooleanField(
        _("抽中核查"), default=False, help_text=_("自行处置被抽中核查。")
    )
    about_unit = KnownForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("被反映单位"),
        help_text=_("反映工作人员的工单，被反映单位不可见。"),
    )
    about_person = to_somebody(_("被反映人"), _("被反映的人不可见。"))

    lat = degrees(_("纬度"), _("WGS-84，度。"))
    lng = degrees(_("经度"), _("WGS-84，度。"))
    datum = models.CharField(
        _("原坐标系"), max_length=8, default="WGS84", help_text=_("报来的坐标系，已换算。")
    )
    address = models.CharField(_("地址"), max_length=200, blank=True, help_text=_("文字地址。"))
    building = models.ForeignKey(
        Building,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("楼栋"),
        help_text=_("在楼内时填楼栋。"),
    )
    is_outside = models.BooleanField(
        _("区外坐标"), default=False, help_text=_("坐标落在区外，归入最近的网格。")
    )
    division = KnownForeignKey(
        Division,
        models.PROTECT,
        related_name="+",
        verbose_name=_("区划"),
        help_text=_("最细的所在区划，通常是网格。"),
    )
    community = KnownForeignKey(
        Division,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("社区"),
        help_text=_("所在社区。"),
    )
    subdistrict = KnownForeignKey(
        Division,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("街道"),
        help_text=_("所在街道；空为只知在区内。"),
    )

    reporter = models.ForeignKey(
        "tickets.Reporter",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("诉求人"),
        help_text=_("账号、留名或匿名的诉求人。"),
    )
    reporter_person = to_somebody(_("诉求人账号"), _("有账号的诉求人，与诉求人一致。"))
    reported_by = to_somebody(_("上报人员"), _("上报或代报的工作人员。"))
    client = models.ForeignKey(
        "tickets.Client", models.PROTECT, null=True, blank=True, related_name="tickets",
        db_index=False, verbose_name=_("来源系统"), help_text=_("由哪个系统交来；其余为空。"),
    )  # fmt: skip
    unit = KnownForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("承办单位"),
        help_text=_("当前主办单位。"),
    )
    handler = to_somebody(_("处置人员"), _("当前处置人员；办结后保留。"), related_name="handled")
    replied_by = to_somebody(_("答复人"), _("作出答复的受理员。"))
    rule = models.ForeignKey(
        "tickets.RoutingRule",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("派单规则"),
        help_text=_("本段按哪条规则派出；人工派单为空。"),
    )
    verify_by = models.CharField(
        _("核查方式"),
        max_length=8,
        choices=VerifyBy,
        default=VerifyBy.DESK,
        help_text=_("由谁核查。"),
    )
    confirmation = models.CharField(
        _("核实"), max_length=8, blank=True, help_text=_("ASKED、EXISTS、NOT 或 UNABLE。")
    )
    confirm_until = moment(_("核实截止"), _("受理时限过半即失效。"))
    cycle = models.PositiveSmallIntegerField(_("轮次"), default=1, help_text=_("重办加一。"))
    leg = models.PositiveSmallIntegerField(_("段"), default=0, help_text=_("每次派给单位加一。"))
    returns = models.PositiveSmallIntegerField(
        _("退单次数"), default=0, help_text=_("批准的退单。")
    )
    redirects = models.PositiveSmallIntegerField(
        _("转派次数"), default=0, help_text=_("签收前转派。")
    )
    reworks = models.PositiveSmallIntegerField(
        _("返工次数"), default=0, help_text=_("核查未通过。")
    )
    contests = models.PositiveSmallIntegerField(
        _("不满次数"), default=0, help_text=_("第二次由区级复核。")
    )
    extensions = models.PositiveSmallIntegerField(
        _("延期次数"), default=0, help_text=_("批准的延期。")
    )
    needs_hand = models.BooleanField(
        _("须人工派单"), default=False, help_text=_("退单或重办后不再按规则自动派。")
    )
    is_final = models.BooleanField(
        _("最终派单"), default=False, help_text=_("第二次退单后由区派出，不得再退。")
    )
    has_request = models.BooleanField(_("有待批"), default=False, help_text=_("有一项审批未决。"))
    open_assists = models.PositiveSmallIntegerField(
        _("未结协办"), default=0, help_text=_("未反馈。")
    )
    followers_count = models.PositiveSmallIntegerField(
        _("关注数"), default=0, help_text=_("关注人数。")
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=_("并入"),
        help_text=_("并入哪张工单。"),
    )
    objected_at = moment(_("异议时间"), _("只能一次。"))
    acknowledged_at = moment(_("知悉时间"), _("紧急工单响铃到受理员知悉为止。"))
    reported_at = models.DateTimeField(_("上报时间"), help_text=_("收到的时间；迁入的取原时间。"))
    dispatched_at = moment(_("派单时间"), _("本段派单时间，退单窗口由此起算。"))
    resolved_at = moment(_("办结时间"), _("最近一次办结；核查通过以此为准。"))
    replied_at = moment(_("答复时间"), _("最近一次。"))
    resume_at = moment(_("恢复时间"), _("挂账到何时。"))
    ended_at = moment(_("结束时间"), _("结束的时间。"))
    asked_until = moment(_("询问截止"), _("未答的询问到此时过期；空为没有未答的询问。"))
    risen_at = moment(_("转交提醒"), _("核查过半转交受理员的提醒是何时发的；每次核查一次。"))
    erased_at = moment(_("脱敏时间"), _("文字、地点已清空的时间；空为未脱敏。"))
    result_code = models.CharField(
        _("结果代码"), max_length=24, blank=True, help_text=_("办结结果。")
    )
    source_id = models.CharField(
        _("来源编号"), max_length=120, blank=True, help_text=_("迁入数据的原编号。")
    )
    source_profile = models.CharField(
        _("来源格式"), max_length=40, blank=True, help_text=_("按哪个格式迁入。")
    )

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("工单")
        verbose_name_plural = pgettext_lazy("plural", "工单")
        ordering = ["-id"]
        triggers = TICKET_TRIGGERS
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=OPEN, due_at__isnull=False, ended_at=None)
                | (~Q(state__in=OPEN) & Q(due_at=None, ended_at__isnull=False)),
                name="ticket_open_iff_due",
            ),
            models.CheckConstraint(
                condition=Q(due_at=None, soon_at=None, due_promise="")
                | Q(due_at__isnull=False, soon_at__lte=F("due_at")) & ~Q(due_promise=""),
                name="ticket_soon_iff_due",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.HANDLING) | Q(unit__isnull=False, handler__isnull=False),
                name="ticket_handling_has_handler",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.DISPATCHED) | Q(unit__isnull=False),
                name="ticket_dispatched_has_unit",
            ),
            models.CheckConstraint(
                condition=Q(state=State.MERGED) ^ Q(merged_into=None), name="ticket_merged_into"
            ),
            models.UniqueConstraint(
                fields=["source_profile", "source_id"],
                condition=~Q(source_id=""),
                name="ticket_source_once",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(ended_at=None), name="open_due"),
            models.Index(fields=["reported_at", "id"], name="ticket_reported"),
            models.Index(
                fields=["id"],
                include=[
                    "subdistrict",
                    "unit",
                    "category",
                    "division",
                    "about_person",
                    "about_unit",
                    "is_historic",
                ],
                condition=~Q(state__in=[State.MERGED, State.VOIDED]),
                name="ticket_figures",
            ),
            models.Index(
                fields=["subdistrict", "id"],
                condition=Q(urgency="URGENT", acknowledged_at=None, ended_at=None),
                name="urgent_unheard",
            ),
            models.Index(
                fields=["subdistrict", "due_at", "id"],
                condition=Q(ended_at=None),
                name="open_street_due",
            ),
            models.Index(
                fields=["unit", "due_at", "id"], condition=Q(ended_at=None), name="open_unit_due"
            ),
            models.Index(
                fields=["handler", "due_at", "id"],
                condition=Q(ended_at=None),
                name="open_handler_due",
            ),
            models.Index(
                fields=["division", "due_at", "id"],
                condition=Q(ended_at=None),
                name="open_grid_due",
            ),
            models.Index(
                fields=["community", "due_at", "id"],
                condition=Q(ended_at=None),
                name="open_community_due",
            ),
            models.Index(
                fields=["turn", "due_at", "id"], condition=Q(ended_at=None), name="open_turn_due"
            ),
            models.Index(
                fields=["subdistrict", "turn", "due_at", "id"],
                condition=Q(ended_at=None),
                name="open_street_turn",
            ),
            *(
                models.Index(
                    fields=[*whose, "-ended_at", "-id"],
                    condition=Q(ended_at__isnull=False),
                    name="_".join(("ended", *whose)),
                )
                for whose in ((), ("subdistrict",), ("community",), ("division",), ("unit",))
            ),
            models.Index(
                fields=["client", "due_at", "id"],
                condition=Q(client__isnull=False),
                name="client_due",
            ),
            models.Index(fields=["state", "id"], condition=Q(ended_at=None), name="open_state"),
            models.Index(
                fields=["category", "lat"],
                condition=Q(ended_at=None, lat__isnull=False, is_sensitive=False),
                name="open_place",
            ),
            models.Index(
                fields=["asked_until"], condition=Q(asked_until__isnull=False), name="asked_until"
            ),
            models.Index(
                fields=["turn_rises_at"],
                condition=Q(state=State.RESOLVED, risen_at=None),
                name="turn_unrisen",
            ),
            models.Index(
                fields=["ended_at", "id"],
                condition=Q(ended_at__isnull=False, erased_at=None),
                name="ended_unerased",
            ),
            models.Index(
                fields=["id"], condition=Q(seq__gt=models.F("sealed_seq")), name="unsealed"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """未结束."""
        return self.ended_at is None

    @property
    def is_urgent(self) -> bool:
        """紧急."""
        return self.urgency == Urgency.URGENT

    @property
    def must_answer(self) -> bool:
        """须答复: a resident asked, or residents follow it (DESIGN §3.1, §3.3)."""
        return self.origin == Origin.RESIDENT or self.followers_count > 0
