"""Tests: the demo's settings with cheap password hashes and unhashed static names."""

from pathlib import Path

from .base import INSTALLED_APPS as ALL_APPS
from .base import STATIC_ROOT
from .demo import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "attachments": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "tests.storage.StrictStaticFiles"},
}
# the server of the tests serves files for the app of this very name only
INSTALLED_APPS = [
    "django.contrib.staticfiles" if app == "common.apps.StaticFiles" else app for app in ALL_APPS
]
HUBIN_POKES = False
HUBIN_SMS_FILE = ""
# nothing is collected for tests; a missing folder would be a warning in each of them
Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)
