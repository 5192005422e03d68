"""Addresses of messages."""

from django.urls import path

from . import pages

app_name = "messages"
urlpatterns = [
    path("my/messages/", pages.inbox, name="inbox"),
    path("my/messages/read/", pages.read_all, name="read_all"),
    path("my/messages/sms/", pages.choose_sms, name="sms"),
    path("my/messages/<int:message_id>/open/", pages.open_message, name="open"),
    path("desk/inbox/", pages.desk_inbox, name="desk_inbox"),
    path("desk/inbox/unread/", pages.unread, name="unread"),
    path("desk/inbox/read/", pages.desk_read_all, name="desk_read_all"),
    path("desk/inbox/<int:message_id>/open/", pages.desk_open, name="desk_open"),
    path("desk/messages/", pages.log, name="log"),
    path("demo/messages/", pages.demo, name="demo"),
]
