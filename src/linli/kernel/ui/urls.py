"""Addresses of display choices and of the page of components."""

from django.urls import path

from . import pages

app_name = "ui"
urlpatterns = [
    path("display/", pages.display, name="display"),
    path("display/language/", pages.language, name="language"),
    path("ui/components/", pages.components, name="components"),
]
