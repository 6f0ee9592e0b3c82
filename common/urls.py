"""Doors that belong to no domain."""

from django.urls import path

from common import views
from common.theme import set_theme

urlpatterns = [
    path("admin/login/", views.admin_login),  # ahead of the admin's own
    path("theme/", set_theme, name="set_theme"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
