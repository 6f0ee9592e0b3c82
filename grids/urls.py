"""Doors of getting in."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from grids.login.gate import before_factor
from grids.views import devices, login, oidc, security, standins

urlpatterns = [
    path("login/", login.Login.as_view(), name="login"),
    path("login/code/", login.code, name="login_code"),
    path("login/oidc/", oidc.start, name="oidc"),
    path("login/oidc/callback/", oidc.callback, name="oidc_callback"),
    path("logout/", before_factor(LogoutView.as_view()), name="logout"),
    path("me/standins/", standins.standing_in, name="standins"),
    path("me/standins/<int:pk>/end/", standins.end, name="standin_end"),
    path("me/sessions/end/", devices.end_others, name="sessions_end"),
    path("me/sessions/<int:pk>/end/", devices.end, name="session_end"),
    path("language/", devices.speak, name="set_language"),
    path("security/", security.security, name="security"),
    path("security/totp/", security.totp, name="security_totp"),
    path("security/codes/", security.codes, name="security_codes"),
    path("security/move/", security.move, name="security_move"),
    path("security/off/", security.off, name="security_off"),
]
