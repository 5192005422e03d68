"""Addresses of patrols on the desk."""

from django.urls import path

from . import pages

app_name = "patrols"
urlpatterns = [
    path("desk/patrols/", pages.rounds, name="rounds"),
    path("desk/patrols/rounds/<int:round_id>/", pages.one_round, name="round"),
    path("desk/patrols/routes/", pages.routes, name="routes"),
    path("desk/patrols/routes/new/", pages.route, name="route_new"),
    path("desk/patrols/routes/<int:route_id>/", pages.route, name="route"),
]
