"""Addresses of the grid worker's phone."""

from django.urls import path

from . import pages

app_name = "field"
urlpatterns = [
    path("field/", pages.today, name="today"),
    path("field/new/", pages.new, name="new"),
    path("field/cases/<slug:number>/", pages.case, name="case"),
    path("field/cases/<slug:number>/steps/<slug:name>/", pages.step, name="step"),
]
