"""The canonical form of an event and its hash (DESIGN §3.4). Pure; no ORM.

Version 1: the byte 0x01, then sorted-key JSON without white space of number, seq, verb, by, at
(UTC, microseconds since 1970), from, to, data and the hash before. Data holds the digests of
the event's words; floats are refused, since their text form is not one.
"""

import hashlib
import hmac
import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

VERSION = b"\x01"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def event_hash(
    *, number: str, seq: int, verb: str, by: str, at: datetime, frm: str, to: str,
    data: dict[str, Any], prev: str,
) -> str:  # fmt: skip
    """摘要: SHA-256 over the canonical form, as hex. Raises TypeError on a float in data."""
    _refuse_floats(data)
    form = {
        "at": microseconds(at),
        "by": by,
        "data": data,
        "from": frm,
        "number": number,
        "prev": prev,
        "seq": seq,
        "to": to,
        "verb": verb,
    }
    return hashlib.sha256(VERSION + _canonical(form)).hexdigest()


def salt() -> str:
    """盐: 128 random bits as hex."""
    return secrets.token_hex(16)


def words_digest(salt: str, text: str) -> str:
    """文本摘要: HMAC-SHA256(salt, text), as hex."""
    return hmac.new(bytes.fromhex(salt), text.encode(), hashlib.sha256).hexdigest()


def facts_digest(salt: str, facts: dict[str, Any]) -> str:
    """附件摘要: HMAC-SHA256(salt, canonical facts), as hex; no floats, as in an event."""
    _refuse_floats(facts)
    return hmac.new(bytes.fromhex(salt), _canonical(facts), hashlib.sha256).hexdigest()


def seal_hash(*, prev: str, at: datetime, count: int, heads: str) -> str:
    """封存摘要: SHA-256 over the seal before, the time, the count and the changed heads."""
    form = {"at": microseconds(at), "count": count, "heads": heads, "prev": prev}
    return hashlib.sha256(VERSION + _canonical(form)).hexdigest()


def microseconds(at: datetime) -> int:
    """时刻: microseconds since 1970, the same in every zone."""
    return (at - EPOCH) // MICROSECOND


def place_text(lat: float | None, lng: float | None, address: str) -> str:
    """地点文本: what the record keeps of a place beside its codes; six decimals, 0.1 m."""
    if lat is None or lng is None:
        return f"-|{address}"
    return f"{lat:.6f},{lng:.6f}|{address}"


def plain(value: Any) -> Any:
    """平值: a birth fact as data keeps it; a time as ISO text in UTC."""
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def _canonical(form: Any) -> bytes:
    return json.dumps(form, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("no floats in the record: their text form is not unique")
    if isinstance(value, dict):
        for inner in value.values():
            _refuse_floats(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_floats(inner)
