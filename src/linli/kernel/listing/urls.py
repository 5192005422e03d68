"""Addresses of saved views."""

from django.urls import path

from . import pages

app_name = "listing"
urlpatterns = [
    path("lists/ask/", pages.ask, name="ask"),
    path("lists/views/save/", pages.save, name="save"),
    path("lists/views/<int:pk>/forget/", pages.forget, name="forget"),
]
