"""Doors of getting in by telephone."""

from django.urls import path

from notices.views import phone

urlpatterns = [
    path("login/phone/", phone.ask, name="login_phone"),
    path("login/phone/code/", phone.code, name="login_phone_code"),
]
