"""管理后台: law tables to edit, the record to read."""

from tickets.admin import external, law, record, telling

__all__ = ["external", "law", "record", "telling"]
