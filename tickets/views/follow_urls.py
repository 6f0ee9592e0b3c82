"""Doors behind a follow key."""

from django.urls import path

from tickets.views import follow

urlpatterns = [
    path("<slug:token>/", follow.page, name="follow"),
    path("<slug:token>/<slug:verb>/", follow.act, name="follow_verb"),
]
