"""Tests: the demo's settings with cheap password hashes and unhashed static names."""

from pathlib import Path

from .base import STATIC_ROOT
from .demo import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "attachments": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
HUBIN_POKES = False
HUBIN_SMS_FILE = ""
# nothing is collected for tests; a missing folder would be a warning in each of them
Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)
