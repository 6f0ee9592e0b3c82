"""Nothing that opens a door or names a reporter may stand in a log."""

import logging
import re

KEYS = re.compile(r"(?<=/f/)[\w-]+")
MASK = "…"


class HideKeys(logging.Filter):
    """隐去钥匙: the follow key in an address (`/f/<key>/`) is replaced before anybody writes it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record pass, without keys in its text and arguments."""
        record.msg = _hidden(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(_hidden(value) for value in record.args)
        return True


def _hidden(value: object) -> object:
    """Only what holds a key becomes text; numbers stay numbers for `%d`."""
    if isinstance(value, int | float):
        return value
    text = str(value)
    return KEYS.sub(MASK, text) if KEYS.search(text) else value
