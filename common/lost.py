"""When the database goes away under us."""

from django.db import InterfaceError, OperationalError

RETRY_AFTER = "10"


def is_database_lost(exception: BaseException | None) -> bool:
    """数据库失联: the connection broke or was refused (not a mistake of ours in a statement)."""
    return isinstance(exception, OperationalError | InterfaceError)
