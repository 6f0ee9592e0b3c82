"""WSGI entry point."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hubin.settings.production")

from django.core.wsgi import get_wsgi_application

import hubin.celery  # noqa: F401

application = get_wsgi_application()
