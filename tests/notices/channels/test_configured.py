"""A channel is whole or off; what is wrong is told with the name of the variable."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings as configured

from notices.channels.configured import pairs, troubles
from notices.checks import channels

MAIL = {"HUBIN_EMAIL_URL": "smtps://u:p@mail.example", "HUBIN_EMAIL_FROM": "湖滨 <a@hubin.example>",
        "HUBIN_SITE_URL": "https://hubin.example"}  # fmt: skip
NAMES = (
    "HUBIN_SITE_URL", "HUBIN_EMAIL_URL", "HUBIN_EMAIL_FROM", "HUBIN_SMS_TEMPLATES",
    "HUBIN_SMS_REPLY_KEY", "HUBIN_ZHEDING_HOST", "HUBIN_ZHEDING_KEY", "HUBIN_ZHEDING_SECRET",
    "HUBIN_ZHEDING_TENANT", "HUBIN_LINK_DAYS", "HUBIN_SMS_URL", "HUBIN_SMS_KEY_ID",
    "HUBIN_SMS_KEY", "HUBIN_SMS_APP", "HUBIN_SMS_SIGN", "HUBIN_SMS_FILE",
)  # fmt: skip


def told(**changed: Any) -> list[str]:
    return troubles({name: getattr(configured, name) for name in NAMES} | changed)


def test_nothing_set_is_all_right() -> None:
    assert told() == []


def test_all_of_it_set_is_all_right() -> None:
    assert told(**MAIL) == []


@pytest.mark.parametrize("missing", MAIL)
def test_half_of_it_is_named(missing: str) -> None:
    (said,) = told(**{**MAIL, missing: ""})
    assert missing in said


@pytest.mark.parametrize(
    ("name", "value"),
    [("HUBIN_EMAIL_URL", "mail.example"), ("HUBIN_EMAIL_URL", "smtp://mail.example:x"),
     ("HUBIN_EMAIL_FROM", "nobody"), ("HUBIN_SITE_URL", "hubin.example"),
     ("HUBIN_SITE_URL", "https://hubin.example/path"), ("HUBIN_LINK_DAYS", 0),
     ("HUBIN_LINK_DAYS", 91), ("HUBIN_SMS_REPLY_KEY", "short")],
)  # fmt: skip
def test_a_value_that_is_none_is_named(name: str, value: Any) -> None:
    (said,) = told(**{**MAIL, name: value})
    assert name in said


def test_templates_are_pairs_and_need_a_gateway() -> None:
    assert pairs(" reply=1001, decline = 1002,") == {"reply": "1001", "decline": "1002"}
    site = {"HUBIN_SITE_URL": "https://hubin.example"}
    (gateway,) = told(HUBIN_SMS_TEMPLATES={"reply": "1001"}, **site)
    assert "HUBIN_SMS_URL" in gateway
    (pair,) = told(HUBIN_SMS_TEMPLATES=pairs("reply"), HUBIN_SMS_FILE="x", **site)
    assert "reply" in pair


def test_the_check_of_the_house_tells_it(settings: Any) -> None:
    settings.HUBIN_ZHEDING_HOST = "https://openplatform.example"
    settings.HUBIN_SITE_URL = "https://hubin.example"
    (said,) = channels()
    assert "HUBIN_ZHEDING_SECRET" in said.msg


def test_production_does_not_start_with_half_a_channel() -> None:
    around = {**os.environ, "DJANGO_SETTINGS_MODULE": "hubin.settings.production",
              "HUBIN_SECRET_KEY": "k" * 50, "HUBIN_SALT_KEY": "s", "HUBIN_LOOKUP_KEY": "l",
              "HUBIN_ALLOWED_HOSTS": "hubin.example",
              "HUBIN_EMAIL_FROM": "a@b.example"}  # fmt: skip
    run = subprocess.run(
        [sys.executable, "-c", "import hubin.settings.production"], env=around,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 1
    last = run.stderr.strip().splitlines()[-1]
    assert "ImproperlyConfigured" in last
    assert "HUBIN_EMAIL_URL" in last
