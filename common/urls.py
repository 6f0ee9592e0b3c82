"""Doors that belong to no domain."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from common import views

urlpatterns = [
    path("admin/login/", views.admin_login),  # ahead of the admin's own
    path("language/", login_not_required(set_language), name="set_language"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
