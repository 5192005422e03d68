"""Addresses of publishing on the desk, and of the files of stories."""

from django.urls import path

from . import pages_columns as columns
from . import pages_desk as desk
from . import pages_files as files

app_name = "publishing"
urlpatterns = [
    path("desk/stories/", desk.stories, name="list"),
    path("desk/stories/new/", desk.new, name="new"),
    path("desk/stories/columns/", columns.columns, name="columns"),
    path("desk/stories/columns/<int:section_id>/", columns.column, name="column"),
    path("desk/stories/<int:story_id>/", desk.story, name="story"),
    path("desk/stories/<int:story_id>/edit/", desk.edit, name="edit"),
    path("desk/stories/<int:story_id>/files/", files.add, name="add_file"),
    path("desk/stories/<int:story_id>/files/<int:file_id>/drop/", files.drop, name="drop_file"),
    path("desk/stories/editions/<int:edition_id>/", desk.edition, name="edition"),
    path("desk/stories/editions/<int:edition_id>/steps/<slug:name>/", desk.step, name="step"),
    path("stories/files/<int:file_id>/", files.file, name="file"),
    path("stories/files/<int:file_id>/small/", files.file, {"small": True}, name="thumbnail"),
]
