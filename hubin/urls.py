"""All doors of the house."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("common.urls")),
    path("", include("tickets.urls")),
    path("admin/", admin.site.urls),
]

handler500 = "common.views.server_error"
