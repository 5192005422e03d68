"""Addresses of hot spots."""

from django.urls import path

from . import pages

app_name = "hotspots"
urlpatterns = [
    path("desk/hotspots/", pages.day, name="list"),
    path("desk/hotspots/map.geojson", pages.layer, name="layer"),
    path("desk/hotspots/<int:spot_id>/", pages.spot, name="spot"),
    path("desk/hotspots/<int:spot_id>/seen/", pages.seen, name="seen"),
]
