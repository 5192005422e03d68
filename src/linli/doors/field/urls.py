"""Addresses of the grid worker's phone."""

from django.urls import path

from . import pages, pages_app, pages_day, pages_queue, pages_rounds, pages_sheets

app_name = "field"
urlpatterns = [
    path("field/", pages.today, name="today"),
    path("field/manifest.webmanifest", pages_app.manifest, name="manifest"),
    path("field/worker.js", pages_app.worker, name="worker"),
    path("field/offline/", pages_app.offline, name="offline"),
    path("field/state/", pages_queue.state, name="state"),
    path("field/queue/", pages_queue.queue, name="queue"),
    path("field/send/event/", pages_queue.event, name="send_event"),
    path("field/send/cases/<slug:number>/steps/<slug:name>/", pages_queue.step, name="send_step"),
    path("field/send/rounds/<int:round_id>/", pages_rounds.send_round, name="send_round"),
    path("field/rounds/", pages_rounds.rounds, name="rounds"),
    path("field/rounds/<int:round_id>/", pages_rounds.one_round, name="round"),
    path("field/sheets/", pages_sheets.sheets, name="sheets"),
    path("field/sheets/<int:part_id>/", pages_sheets.sheet, name="sheet"),
    path("field/day/", pages_day.day, name="day"),
    path("field/day/<int:account_id>/", pages_day.day, name="day_of"),
    path("desk/days/", pages_day.workers, name="days"),
    path("field/new/", pages.new, name="new"),
    path("field/cases/<slug:number>/", pages.case, name="case"),
    path("field/cases/<slug:number>/call/", pages.call, name="call"),
    path("field/cases/<slug:number>/steps/<slug:name>/", pages.step, name="step"),
]
