"""Doors of the field."""

from django.urls import path

from tickets.views.field import pages, parts, patrol, shell

urlpatterns = [
    path("", pages.home, name="field"),
    path("report/", pages.report, name="field_report"),
    path("tasks/", pages.tasks, name="field_tasks"),
    path("mine/", pages.mine, name="field_mine"),
    path("patrol/", patrol.patrol, name="field_patrol"),
    path("patrol/visit/", patrol.visit, name="field_visit"),
    path("at/<slug:plate>/", patrol.at, name="field_at"),
    path("queue/", pages.queue, name="field_queue"),
    path("t/<str:number>/", pages.ticket, name="field_ticket"),
    path("session.json", parts.session, name="field_session"),
    path("where.json", parts.where, name="field_where"),
    path("kit.json", parts.kit, name="field_kit"),
    path("offline/", shell.offline, name="field_offline"),
    path("sw.js", shell.worker, name="field_worker"),
    path("manifest.webmanifest", shell.manifest, name="field_manifest"),
]
