"""Addresses of sheets on the desk."""

from django.urls import path

from . import pages, pages_burden, pages_parts, pages_progress, pages_templates
from .rosters import pages as rows

app_name = "sheets"
urlpatterns = [
    path("desk/sheets/", pages.sheets, name="sheets"),
    path("desk/sheets/new/", pages.edit, name="new"),
    path("desk/sheets/<int:sheet_id>/", pages.sheet, name="sheet"),
    path("desk/sheets/<int:sheet_id>/edit/", pages.edit, name="edit"),
    path("desk/sheets/<int:sheet_id>/columns/new/", pages.column, name="column_new"),
    path("desk/sheets/<int:sheet_id>/columns/<int:column_id>/", pages.column, name="column"),
    path(
        "desk/sheets/<int:sheet_id>/columns/<int:column_id>/remove/",
        pages.drop_column,
        name="drop_column",
    ),
    path("desk/sheets/<int:sheet_id>/steps/<slug:name>/", pages.step, name="step"),
    path("desk/sheets/<int:sheet_id>/template/", pages_templates.template, name="template"),
    path("desk/sheets/<int:sheet_id>/template/start/", pages_templates.start, name="starter"),
    path("desk/sheets/<int:sheet_id>/template/drop/", pages_templates.drop, name="drop_template"),
    path("desk/sheets/<int:sheet_id>/filled/", pages_templates.filled, name="filled"),
    path("desk/sheets/<int:sheet_id>/progress/", pages_progress.progress, name="progress"),
    path("desk/sheets/<int:sheet_id>/totals/", pages_progress.totals, name="totals"),
    path("desk/sheets/parts/<int:part_id>/", pages_progress.part, name="part"),
    path("desk/sheets/parts/<int:part_id>/<slug:name>/", pages_progress.judge, name="judge"),
    path("desk/sheets/burden/", pages_burden.burden, name="burden"),
    path("desk/sheets/tasks/", pages_parts.tasks, name="tasks"),
    path(
        "desk/sheets/tasks/<int:part_id>/filled/", pages_templates.filled_part, name="filled_part"
    ),
    path("desk/sheets/tasks/<int:part_id>/", pages_parts.fill, name="fill"),
    path("desk/sheets/tasks/<int:part_id>/read/", rows.read, name="read_again"),
]
