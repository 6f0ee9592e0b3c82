"""Doors of the chain."""

from django.urls import include, path

from tickets.views import links, sms

urlpatterns = [
    path("notices/sms/reply/", sms.reply, name="sms_reply"),
    path("l/<str:token>/", links.link, name="link"),
    path("f/", include("tickets.views.follow_urls")),
    path("", include("tickets.views.urls")),
]
