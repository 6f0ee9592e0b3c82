"""What is wrong with the settings of the channels; pure, so that settings may ask it, too.

A channel is whole or off: half of it would be found out by the first notice that is not sent.
"""

from collections.abc import Iterator, Mapping
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

MAIL = ("smtp", "smtps", "smtp+tls")
TOGETHER = (
    ("HUBIN_EMAIL_URL", "HUBIN_EMAIL_FROM"),
    ("HUBIN_ZHEDING_HOST", "HUBIN_ZHEDING_KEY", "HUBIN_ZHEDING_SECRET", "HUBIN_ZHEDING_TENANT"),
    ("HUBIN_SMS_URL", "HUBIN_SMS_KEY_ID", "HUBIN_SMS_KEY", "HUBIN_SMS_APP", "HUBIN_SMS_SIGN"),
)
CHANNELS = ("HUBIN_EMAIL_URL", "HUBIN_ZHEDING_HOST", "HUBIN_SMS_TEMPLATES")
SHORTEST_KEY = 32
MOST_DAYS = 90


def troubles(known: Mapping[str, Any]) -> list[str]:
    """毛病: a sentence each, naming the variable; empty where all is well."""
    found = [*_halves(known), *_addresses(known)]
    templates = known["HUBIN_SMS_TEMPLATES"]
    found += [
        f"HUBIN_SMS_TEMPLATES has {name or code}, which is no verb=code pair."
        for name, code in templates.items()
        if not (name and code)
    ]
    if templates and not (known["HUBIN_SMS_URL"] or known["HUBIN_SMS_FILE"]):
        found.append("HUBIN_SMS_TEMPLATES needs the gateway: set HUBIN_SMS_URL, too.")
    if 0 < len(known["HUBIN_SMS_REPLY_KEY"]) < SHORTEST_KEY:
        found.append(f"HUBIN_SMS_REPLY_KEY has to be {SHORTEST_KEY} characters or longer.")
    if not 1 <= known["HUBIN_LINK_DAYS"] <= MOST_DAYS:
        found.append(f"HUBIN_LINK_DAYS has to be 1 to {MOST_DAYS}.")
    return found


def pairs(text: str) -> dict[str, str]:
    """成对: "reply=1001,decline=1002"; what is none keeps an empty side, for `troubles`."""
    rows = (row.partition("=") for row in text.split(",") if row.strip())
    return {name.strip(): code.strip() for name, _equals, code in rows}


def _halves(known: Mapping[str, Any]) -> Iterator[str]:
    for names in TOGETHER:
        missing = [name for name in names if not known[name]]
        if missing and len(missing) < len(names):
            there = next(name for name in names if known[name])
            yield f"{there} is set, but {', '.join(missing)} is missing: set all or none of them."
    on = next((name for name in CHANNELS if known[name]), "")
    if on and not known["HUBIN_SITE_URL"]:
        yield f"{on} is set, but HUBIN_SITE_URL is missing: notices need links that open."


def _addresses(known: Mapping[str, Any]) -> Iterator[str]:
    site, host = known["HUBIN_SITE_URL"], known["HUBIN_ZHEDING_HOST"]
    if site and not _is_url(site, "https", "http"):
        yield "HUBIN_SITE_URL is no address like https://hubin.example."
    if host and not _is_url(host, "https", "http"):
        yield "HUBIN_ZHEDING_HOST is no address like https://openplatform.example."
    if known["HUBIN_EMAIL_URL"] and not _is_url(known["HUBIN_EMAIL_URL"], *MAIL):
        yield "HUBIN_EMAIL_URL is no address like smtps://user:password@mail.example:465."
    sender = known["HUBIN_EMAIL_FROM"]
    if sender and "@" not in parseaddr(sender)[1]:
        yield "HUBIN_EMAIL_FROM is no e-mail address."


def _is_url(text: str, *schemes: str) -> bool:
    try:
        parts = urlsplit(text)
        _port = parts.port
    except ValueError:
        return False
    is_bare = parts.path in ("", "/") and not parts.query and not parts.fragment
    return parts.scheme in schemes and bool(parts.hostname) and is_bare
