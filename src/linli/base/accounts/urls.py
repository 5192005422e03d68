"""Addresses of logging in and out."""

from django.urls import path

from . import pages_login as resident
from . import pages_staff as staff

app_name = "accounts"
urlpatterns = [
    path("login/", resident.phone, name="login"),
    path("login/code/", resident.code, name="code"),
    path("logout/", resident.leave, name="logout"),
    path("staff/login/", staff.password, name="staff"),
    path("staff/login/second/", staff.second, name="second"),
    path("staff/login/enrol/", staff.enrol, name="enrol"),
]
