"""Production: nothing has a default that could be guessed; a missing value stops the start."""

from django.core.exceptions import ImproperlyConfigured

from notices.channels.configured import troubles

from .base import *  # noqa: F403
from .base import ATTACHMENTS, HUBIN_CLOCK_FILE, HUBIN_METER, env

DEBUG = False
SECRET_KEY = env("HUBIN_SECRET_KEY")
SALT_KEY = env.list("HUBIN_SALT_KEY")
HUBIN_LOOKUP_KEY = env("HUBIN_LOOKUP_KEY")
ALLOWED_HOSTS = env.list("HUBIN_ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.list("HUBIN_TRUSTED_ORIGINS", default=[])
HUBIN_MFA_REQUIRED = env.bool("HUBIN_MFA_REQUIRED", default=True)
if HUBIN_CLOCK_FILE:
    raise ImproperlyConfigured("HUBIN_CLOCK_FILE moves time and is refused in production.")
if HUBIN_METER:
    raise ImproperlyConfigured("HUBIN_METER tells what requests cost and is refused in production.")
for said in troubles(globals()):
    raise ImproperlyConfigured(said)

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "attachments": ATTACHMENTS,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
