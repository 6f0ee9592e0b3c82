"""What was photographed, recorded or handed in, beside its event."""

from typing import Any

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from grids.datum import Datum
from tickets.record import microseconds
from tickets.words import PHOTOS, FileKind

from .relations import degrees, moment, to_event, to_ticket

PHONES_WRITE = (Datum.WGS84, Datum.GCJ02)
"""What phones write into a photo: what they measure, or what the map on them shows."""
TRIGGERS = [
    pgtrigger.Protect(name="attachment_kept", operation=pgtrigger.Delete),
    pgtrigger.Trigger(
        name="attachment_only_erased",
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        func="""
            IF NEW.salt <> '' OR NEW.erased_at IS NULL OR NEW.taken_at IS NOT NULL
               OR NEW.lat IS NOT NULL OR NEW.lng IS NOT NULL
               OR NEW.name NOT IN (OLD.name, '')
               OR to_jsonb(NEW) - '{name,salt,taken_at,lat,lng,erased_at}'::text[]
                  <> to_jsonb(OLD) - '{name,salt,taken_at,lat,lng,erased_at}'::text[] THEN
                RAISE EXCEPTION 'hubin: an attachment may only be erased';
            END IF;
            RETURN NEW;
        """,
    ),
]


class Attachment(models.Model):
    """附件: append-only like the record; the retention job may erase the file and where it was."""

    ticket = to_ticket("attachments", _("属于哪张工单。"))
    event = to_event("attachments", _("随哪条流转记录而来。"))
    kind = models.CharField(
        _("种类"),
        max_length=10,
        choices=FileKind,
        help_text=_("照片是哪一种，或是录音、视频、PDF。"),
    )
    media_type = models.CharField(
        _("格式"), max_length=40, help_text=_("清理后文件的格式，由内容判定。")
    )
    sha256 = models.CharField(_("原件摘要"), max_length=64, help_text=_("收到的原件的 SHA-256。"))
    size = models.PositiveIntegerField(_("原件字节数"), help_text=_("收到的原件有多大。"))
    width = models.PositiveIntegerField(
        _("宽"), null=True, blank=True, help_text=_("清理后的像素；录音和 PDF 为空。")
    )
    height = models.PositiveIntegerField(
        _("高"), null=True, blank=True, help_text=_("清理后的像素；录音和 PDF 为空。")
    )
    duration_ms = models.PositiveIntegerField(
        _("时长毫秒"), null=True, blank=True, help_text=_("录音和视频的长度。")
    )
    name = models.CharField(
        _("存储名"), max_length=60, blank=True, help_text=_("随机；删除文件后为空。")
    )
    copies = models.JSONField(
        _("副本"), default=dict, help_text=_("每个副本的 SHA-256：清理件、显示件、缩略图、公开件。")
    )
    salt = models.CharField(
        _("盐"), max_length=32, blank=True, help_text=_("记录里存各项的带盐摘要；脱敏后为空。")
    )
    taken_at = moment(_("拍摄时间"), _("照片里记的时间，未经核实；脱敏后为空。"))
    lat = degrees(_("拍摄纬度"), _("照片里记的位置，WGS-84；脱敏后为空。"))
    lng = degrees(_("拍摄经度"), _("照片里记的位置，WGS-84；脱敏后为空。"))
    datum = models.CharField(
        _("照片坐标系"),
        max_length=8,
        blank=True,
        choices=[(datum.value, datum.value) for datum in PHONES_WRITE],
        help_text=_("按哪种坐标系读，照片就在工单地点；都不在或没有位置为空。"),
    )
    is_far = models.BooleanField(
        _("异地拍摄"),
        default=False,
        help_text=_("拍摄位置按哪种坐标系读，离工单地点都超过 100 米。"),
    )
    by = models.CharField(_("操作者"), max_length=40, help_text=_("不透明的引用，如 person:12。"))
    at = models.DateTimeField(_("时间"), help_text=_("服务器收到的时间。"))
    erased_at = moment(_("脱敏时间"), _("按规则删除文件和位置的时间。"))

    class Meta:
        verbose_name = _("附件")
        verbose_name_plural = _("附件")
        ordering = ["id"]
        triggers = TRIGGERS
        indexes = [
            models.Index(fields=["ticket", "id"]),
            models.Index(fields=["sha256"], name="attachment_original"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=~models.Q(name=""), name="attachment_name_once"
            ),
            models.CheckConstraint(
                condition=models.Q(lat=None, lng=None)
                | models.Q(lat__isnull=False, lng__isnull=False),
                name="attachment_has_a_whole_position",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.kind} {self.sha256[:8]}"

    @property
    def is_photo(self) -> bool:
        return self.kind in PHOTOS

    @property
    def is_erased(self) -> bool:
        return self.erased_at is not None


def facts(row: Any) -> dict[str, Any]:
    """要点: what the record vouches for; of a row or of what the proof read of it."""
    point = None if row.lat is None else [f"{row.lat:.6f}", f"{row.lng:.6f}"]
    # what was written before datums were told apart is vouched for as it was
    datum = {"datum": str(row.datum)} if row.datum else {}
    return datum | {
        "kind": str(row.kind),
        "media_type": row.media_type,
        "sha256": row.sha256,
        "size": row.size,
        "shape": [row.width, row.height, row.duration_ms],
        "copies": row.copies,
        "taken_at": microseconds(row.taken_at) if row.taken_at else None,
        "point": point,
        "is_far": row.is_far,
        "by": row.by,
        "at": microseconds(row.at),
    }
