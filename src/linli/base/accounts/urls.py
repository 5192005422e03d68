"""Addresses of logging in and out, and of accounts on the desk."""

from django.urls import path

from . import pages_desk as desk
from . import pages_login as resident
from . import pages_staff as staff
from .pages_calendar import calendar, calendar_remove
from .pages_door import door
from .pages_keys import ring
from .pages_own import me, own
from .pages_units import units

app_name = "accounts"
urlpatterns = [
    path("login/", resident.phone, name="login"),
    path("login/code/", resident.code, name="code"),
    path("login/resend/", resident.resend, name="resend"),
    path("logout/", resident.leave, name="logout"),
    path("my/account/", own, name="own"),
    path("desk/door/", door, name="door"),
    path("desk/me/", me, name="me"),
    path("staff/login/", staff.password, name="staff"),
    path("staff/login/second/", staff.second, name="second"),
    path("staff/login/enrol/", staff.enrol, name="enrol"),
    path("desk/accounts/", desk.accounts, name="accounts"),
    path("desk/accounts/new/", desk.new, name="new"),
    path("desk/accounts/<int:account_id>/", desk.account, name="account"),
    path("desk/accounts/<int:account_id>/grant/", desk.grant, name="grant"),
    path("desk/accounts/<int:account_id>/move/", desk.move, name="move"),
    path("desk/accounts/<int:account_id>/password/", desk.password, name="password"),
    path("desk/accounts/<int:account_id>/<slug:to>/", desk.switch, name="switch"),
    path(
        "desk/accounts/<int:account_id>/grants/<int:grant_id>/end/",
        desk.end_grant,
        name="end_grant",
    ),
    path("desk/calendar/", calendar, name="calendar"),
    path("desk/calendar/<int:override_id>/remove/", calendar_remove, name="calendar_remove"),
    path("desk/keys/", ring, name="keys"),
    path("desk/units/", units, name="units"),
]
