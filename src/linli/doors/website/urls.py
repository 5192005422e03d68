"""Addresses of the public site."""

from django.urls import path

from . import (
    pages,
    pages_ask,
    pages_my,
    pages_news,
    pages_places,
    pages_rate,
    pages_report,
    pages_same,
    pages_track,
)

app_name = "website"
urlpatterns = [
    path("", pages.home, name="home"),
    path("help/", pages.help_page, name="help"),
    path("news/", pages_news.news, name="news"),
    path("news/feed.xml", pages_news.News(), name="feed"),
    path("news/<int:story_id>/", pages_news.article, name="article"),
    path("places/", pages_places.choose, name="places"),
    path("places/here/", pages_places.here, name="here"),
    path("places/<str:code>/", pages_places.place, name="place"),
    path("places/<str:code>/home/", pages_places.at_home, name="at_home"),
    path("places/<str:code>/news/", pages_news.news, name="place_news"),
    path("places/<str:code>/feed.xml", pages_news.News(), name="place_feed"),
    path("sitemap.xml", pages_news.sitemap, name="sitemap"),
    path("robots.txt", pages_news.robots, name="robots"),
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
