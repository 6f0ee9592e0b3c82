"""Doors of the desk."""

from django.urls import path

from tickets.views.desk import bulk, caller, foretelling, keys, page

urlpatterns = [
    path("", page.index, name="desk"),
    path("bulk/", bulk.perform, name="desk_bulk"),
    path("caller/", caller.earlier, name="desk_caller"),
    path("keys/", keys.switch, name="desk_keys"),
    path("list/", page.rows, name="desk_list"),
    path("t/<str:number>/because/", foretelling.reasons, name="desk_because"),
    path("t/<str:number>/preview/", foretelling.preview, name="desk_preview"),
]
