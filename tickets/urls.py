"""Doors of the chain."""

from django.urls import include, path

urlpatterns = [
    path("f/", include("tickets.views.follow_urls")),
    path("", include("tickets.views.urls")),
]
