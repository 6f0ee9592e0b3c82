"""管理后台: law tables to edit, the record to read."""

from tickets.admin import escalation, external, law, patrol, record, telling

__all__ = ["escalation", "external", "law", "patrol", "record", "telling"]
