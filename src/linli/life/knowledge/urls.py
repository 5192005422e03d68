"""Addresses of the knowledge base."""

from django.urls import path

from . import pages_desk as desk

app_name = "knowledge"
urlpatterns = [
    path("desk/knowledge/", desk.articles, name="list"),
    path("desk/knowledge/new/", desk.new, name="new"),
    path("desk/knowledge/<int:article_id>/", desk.article, name="article"),
    path("desk/knowledge/<int:article_id>/edit/", desk.edit, name="edit"),
    path("desk/knowledge/<int:article_id>/mark/", desk.mark, name="mark"),
    path("desk/knowledge/versions/<int:version_id>/", desk.version, name="version"),
    path("desk/knowledge/versions/<int:version_id>/steps/<slug:name>/", desk.step, name="step"),
]
