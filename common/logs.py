"""Nothing that opens a door or names a reporter may stand in a log."""

import logging
import re
import traceback

# PostgreSQL quotes whole rows there: "DETAIL:  Failing row contains (…)"
DETAIL = re.compile(r"DETAIL:.*", re.DOTALL)
# a value may hold line breaks; the trace goes on where the next error is told
DETAIL_IN_TRACEBACK = re.compile(r"DETAIL:.*?(?=\n\n(?:The above|During)|\Z)", re.DOTALL)
KEYS = re.compile(r"(?<=/[fl]/)[\w.-]+")
MASK = "…"


def told(error: Exception) -> str:
    """错误说明: of which sort and what it says, without the row that PostgreSQL quotes."""
    return DETAIL.sub(f"DETAIL: {MASK}", repr(error))[:400]


def hide(text: str) -> str:
    """隐去钥匙: in a text, also one that somebody looks at in somebody else's place."""
    return KEYS.sub(MASK, text)


class HideKeys(logging.Filter):
    """隐去钥匙: a key in an address (`/f/<key>/`, `/l/<link>/`) goes before anybody writes it."""

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


class HideRows(logging.Filter):
    """隐去数据: what a database error quotes of a row is dropped, in texts and tracebacks."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record pass, its text and traceback cut after `DETAIL:`."""
        text = record.getMessage()
        if DETAIL.search(text):
            record.msg, record.args = DETAIL.sub(f"DETAIL: {MASK}", text), ()
        if record.exc_info and record.exc_info[0] is not None:
            told = "".join(traceback.format_exception(*record.exc_info))
            if DETAIL.search(told):
                record.exc_info = None
                record.exc_text = DETAIL_IN_TRACEBACK.sub(f"DETAIL: {MASK}", told)
        return True
