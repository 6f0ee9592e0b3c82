"""WSGI entry point."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hubin.settings.production")

import hubin.celery  # noqa: E402, F401
from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()
