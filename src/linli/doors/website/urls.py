"""Addresses of the public site."""

from django.urls import path

from . import pages, pages_ask, pages_my, pages_rate, pages_report, pages_same, pages_track

app_name = "website"
urlpatterns = [
    path("", pages.home, name="home"),
    path("help/", pages.help_page, name="help"),
    path("ask/", pages_ask.ask, name="ask"),
    path("ask/<int:article_id>/", pages_ask.answer, name="answer"),
    path("ask/<int:article_id>/mark/", pages_ask.mark, name="answer_mark"),
    path("report/", pages_report.report, name="report"),
    path("report/similar/", pages_same.similar, name="similar"),
    path("report/join/", pages_same.join, name="join"),
    path("report/same/", pages_same.claim, name="claim"),
    path("matters/<str:token>/", pages_same.matter, name="matter"),
    path("report/done/<slug:number>/", pages_report.done, name="done"),
    path("track/", pages_track.track, name="track"),
    path("track/<slug:number>/", pages_track.tracked, name="tracked"),
    path("track/<slug:number>/rate/", pages_track.tracked_rate, name="tracked_rate"),
    path("track/files/<int:attachment_id>/", pages_track.tracked_file, name="tracked_file"),
    path(
        "track/files/<int:attachment_id>/small/",
        pages_track.tracked_file,
        {"small": True},
        name="tracked_thumbnail",
    ),
    path("rate/<str:token>/", pages_rate.rate, name="rate_link"),
    path("my/cases/", pages_my.cases, name="my"),
    path("my/cases/<slug:number>/", pages_my.case, name="case"),
    path("my/cases/<slug:number>/rate/", pages_my.rate, name="rate"),
]
