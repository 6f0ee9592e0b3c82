"""管理后台: law tables to edit, the record to read."""

from tickets.admin import law, record

__all__ = ["law", "record"]
