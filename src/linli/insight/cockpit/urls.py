"""Addresses of the cockpit."""

from django.urls import path

from . import pages_desk as desk

app_name = "cockpit"
urlpatterns = [
    path("desk/cockpit/", desk.page, name="page"),
    path("desk/cockpit/wall/", desk.wall, name="wall"),
    path("desk/cockpit/map.geojson", desk.layer, name="layer"),
    path("desk/cockpit/rows/", desk.rows, name="rows"),
    path("desk/cockpit/refresh/", desk.refresh, name="refresh"),
]
