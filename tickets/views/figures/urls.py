"""Doors of the figures."""

from django.urls import path

from tickets.views.figures import cards, overview, places, report, wall
from tickets.views.figures import map as big_map

urlpatterns = [
    path("", overview.overview, name="figures"),
    path("behind/", overview.behind, name="figures_behind"),
    path("late/", places.late, name="figures_late"),
    path("map/", big_map.show, name="figures_map"),
    path("map.json", big_map.points, name="figures_points"),
    path("repeat/", places.repeated, name="figures_repeat"),
    path("report/", report.report, name="figures_report"),
    path("cards/", cards.show, name="figures_cards"),
    path("wall/", wall.show, name="figures_wall"),
    path("wall/part/", wall.part, name="figures_wall_part"),
]
