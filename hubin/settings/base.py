"""What demo, tests and production share. Secrets and addresses come from the environment."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from .api import *  # noqa: F403
from .delivery import *  # noqa: F403
from .desk import *  # noqa: F403
from .exports import *  # noqa: F403
from .field import *  # noqa: F403
from .figures import *  # noqa: F403
from .files import *  # noqa: F403
from .health import *  # noqa: F403
from .inbox import *  # noqa: F403
from .login import *  # noqa: F403
from .notices import *  # noqa: F403

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parents[2]

HUBIN_APPS = ["common", "grids", "notices", "tickets"]
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "common.apps.StaticFiles",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pgtrigger",
    "axes",
    "allauth",
    "allauth.account",  # the next one asks for it; its own pages are not served
    "allauth.mfa",
    "csp",
    *HUBIN_APPS,
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "common.pages.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "common.pages.RefusalMiddleware",
    "grids.login.gate.SecondFactorMiddleware",
    "grids.views.devices.DeviceMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

# what each request costs, told in its answer: for measuring, refused in production
HUBIN_METER = env.bool("HUBIN_METER", default=False)
if HUBIN_METER:
    MIDDLEWARE.insert(0, "common.meter.MeterMiddleware")

ROOT_URLCONF = "hubin.urls"
FORM_RENDERER = "common.widgets.Quick"
WSGI_APPLICATION = "hubin.wsgi.application"
AUTH_USER_MODEL = "grids.Person"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS: list[str] = []

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "common.pages.context",
                "grids.pages.context",
            ],
        },
    },
]

DATABASES = {
    "default": {
        **env.db("DATABASE_URL", default="postgres://hubin_app@127.0.0.1:5432/hubin"),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
# compiling a statement takes longer than any of ours may run
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
# who may make databases and tables: only commands given by hand know it
DATABASE_OWNER_URL = env("DATABASE_OWNER_URL", default="")
REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
CSRF_FAILURE_VIEW = "common.views.csrf_failure"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "common/locked_out.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
# a source map is asked for by whoever looks into a script, and takes longest to compress
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.path("HUBIN_STATIC_ROOT", default=str(BASE_DIR / "var" / "static"))

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

# personal data: the field key is salted by SALT_KEY, look-ups use a keyed hash
SECRET_KEY = env("HUBIN_SECRET_KEY", default="")
SALT_KEY = env.list("HUBIN_SALT_KEY", default=[""])
HUBIN_LOOKUP_KEY = env("HUBIN_LOOKUP_KEY", default="")

HUBIN_DISTRICT = env("HUBIN_DISTRICT", default="330102000000")
HUBIN_SEAL_FILE = env("HUBIN_SEAL_FILE", default=str(BASE_DIR / "var" / "seals.jsonl"))
HUBIN_CLOCK_FILE = env("HUBIN_CLOCK_FILE", default="")
HUBIN_DEMO = False
HUBIN_POKES = True  # tests and replay wake nobody

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_throttle": 1,
    "unacked_restore_interval": 10,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "filters": {
        "hide_keys": {"()": "common.logs.HideKeys"},
        "hide_rows": {"()": "common.logs.HideRows"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["hide_keys", "hide_rows"],
        },
    },
    # these write addresses: hidden at the source, for whichever handler comes
    "loggers": {
        "django.request": {"filters": ["hide_keys", "hide_rows"]},
        "django.security.csrf": {"filters": ["hide_keys"]},
        "axes": {"level": "WARNING"},  # each login is several lines otherwise
        # it writes down every tag of a photo: whose phone, and where
        "PIL": {"level": "INFO"},
        # a line for each object that is not where a paper says: a hundred thousand of one upload
        "pypdf": {"level": "ERROR"},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
}
