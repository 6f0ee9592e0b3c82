"""WSGI entry point."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hubin.settings.production")

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

import hubin.celery  # noqa: F401

application = get_wsgi_application()
# before anybody asks: the first visitor of a fresh process does not wait for all pages to load
PAGES = len(get_resolver().url_patterns)
