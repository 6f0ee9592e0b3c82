"""What `./hubinctl up` runs: everything real, but on this machine and with invented people."""

from .base import *  # noqa: F403
from .base import ATTACHMENTS, BASE_DIR, env

DEBUG = False
HUBIN_DEMO = True
# no gateway here: what would be sent is a line in this file
HUBIN_SMS_FILE = env("HUBIN_SMS_FILE", default=str(BASE_DIR / "var" / "sms.jsonl"))
ALLOWED_HOSTS = env.list("HUBIN_ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("HUBIN_TRUSTED_ORIGINS", default=[])
SECRET_KEY = env("HUBIN_SECRET_KEY", default="only-for-a-demo-on-this-machine-0123456789abcdef")
SALT_KEY = env.list("HUBIN_SALT_KEY", default=["only-for-a-demo-salt"])
HUBIN_LOOKUP_KEY = env("HUBIN_LOOKUP_KEY", default="only-for-a-demo-lookup")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "attachments": ATTACHMENTS,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
