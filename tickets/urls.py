"""Doors of the chain."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
