"""All doors of the house."""

from django.contrib import admin
from django.urls import include, path

from common.api import Nowhere
from common.docs import docs, schema

urlpatterns = [
    path("", include("common.urls")),
    path("", include("grids.urls")),
    path("", include("notices.urls")),
    path("", include("tickets.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("tickets.api.urls")),
    path("api/schema/", schema, name="api_schema"),
    path("api/docs/", docs, name="api_docs"),
    path("api/", Nowhere.as_view(), name="api_root"),
    path("api/<path:url>", Nowhere.as_view(), name="api_nowhere"),
]

handler400 = "common.views.bad_request"
handler500 = "common.views.server_error"
