"""Doors of a unit."""

from django.urls import path

from tickets.views.unit import bulk, filters, ledger, page

urlpatterns = [
    path("", page.index, name="unit"),
    path("bulk/", bulk.perform, name="unit_bulk"),
    path("filters/", filters.keep, name="filter_keep"),
    path("filters/<int:pk>/delete/", filters.drop, name="filter_drop"),
    path("list/", page.rows, name="unit_list"),
    path("suspended/", ledger.show, name="unit_suspended"),
]
