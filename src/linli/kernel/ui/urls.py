"""Addresses of display choices."""

from django.urls import path

from . import pages

app_name = "ui"
urlpatterns = [
    path("display/", pages.display, name="display"),
    path("display/language/", pages.language, name="language"),
]
