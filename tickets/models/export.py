"""Who took what out of the house."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .guard import EXPORT_TRIGGERS
from .relations import to_somebody


class ExportOf(models.TextChoices):
    """导出了什么: one list, or the whole record of one ticket."""

    TICKETS = "TICKETS", _("工单列表")
    SEARCH = "SEARCH", _("查找结果")
    APPROVALS = "APPROVALS", _("审批列表")
    ASSISTS = "ASSISTS", _("协办列表")
    INBOX = "INBOX", _("消息列表")
    INCIDENTS = "INCIDENTS", _("异常列表")
    FIGURES = "FIGURES", _("数据")
    BEHIND = "BEHIND", _("数据明细")
    SUSPENDED = "SUSPENDED", _("挂账台账")
    SUPERVISED = "SUPERVISED", _("督办列表")
    REPORT = "REPORT", _("数据报告")
    CARDS = "CARDS", _("评分卡")
    PATROL = "PATROL", _("巡查情况")
    PAPER = "PAPER", _("工单纸质件")
    RECORD = "RECORD", _("审计包")


class ExportForm(models.TextChoices):
    """导出格式."""

    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"
    ZIP = "zip", "ZIP"
    PDF = "pdf", "PDF"


class Export(models.Model):
    """导出记录: who took which list out, by which filter, how much; kept like reveals."""

    person = to_somebody(_("导出人"), _("谁导出的；空为在服务器上用命令导出。"))
    what = models.CharField(
        _("内容"), max_length=10, choices=ExportOf, help_text=_("哪个列表，或审计包。")
    )
    form = models.CharField(
        _("格式"), max_length=4, choices=ExportForm, help_text=_("文件的格式。")
    )
    asked = models.JSONField(
        _("条件"), default=dict, help_text=_("当时的筛选条件；审计包为工单编号和清单摘要。")
    )
    rows = models.PositiveIntegerField(_("行数"), help_text=_("交出的数据行数，不含表头。"))
    is_capped = models.BooleanField(
        _("已截断"), default=False, help_text=_("还有更多，超过上限的没有导出。")
    )
    at = models.DateTimeField(_("时间"), help_text=_("何时导出的。"))

    class Meta:
        verbose_name = _("导出记录")
        verbose_name_plural = _("导出记录")
        triggers = EXPORT_TRIGGERS
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.what} {self.rows} {self.at:%F %T}"
