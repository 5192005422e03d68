"""Addresses of the self-service terminal."""

from django.urls import path

from . import pages_rate

app_name = "kiosk"
urlpatterns = [
    path("kiosk/rate/", pages_rate.code, name="code"),
    path("kiosk/rate/solved/", pages_rate.solved, name="solved"),
    path("kiosk/rate/grade/", pages_rate.grade, name="grade"),
    path("kiosk/rate/thanks/", pages_rate.thanks, name="thanks"),
]
