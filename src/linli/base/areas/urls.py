"""Addresses of areas."""

from django.urls import path

from . import pages, pages_map
from .changes import pages as changes
from .duties import pages as duties
from .layout import pages as layouts
from .resources import pages as resources

app_name = "areas"
urlpatterns = [
    path("desk/areas/", pages.tree, name="tree"),
    path("desk/areas/import/", pages.importing, name="import"),
    path("desk/areas/coverage/", pages_map.coverage_report, name="coverage_report"),
    path("desk/areas/<slug:code>/map/", pages_map.edit, name="edit"),
    path("areas/<slug:code>/grids.geojson", pages_map.grids_file, name="grids_file"),
    path("desk/areas/layouts/", layouts.plans, name="layouts"),
    path("desk/areas/layouts/<int:plan_id>/", layouts.plan, name="layout"),
    path("desk/areas/layouts/<int:plan_id>/progress/", layouts.progress, name="layout_progress"),
    path("desk/areas/layouts/<int:plan_id>/adopt/", layouts.adopt, name="layout_adopt"),
    path("desk/areas/layouts/<int:plan_id>/reject/", layouts.reject, name="layout_reject"),
    path(
        "desk/areas/layouts/<int:plan_id>/<slug:side>.geojson",
        layouts.layer,
        name="layout_layer",
    ),
    path("desk/areas/duties/", duties.index, name="duties"),
    path("desk/areas/duties/vacant/", duties.vacant, name="vacant"),
    path("desk/areas/duties/<int:duty_id>/hand-over/", duties.over, name="duty_over"),
    path("desk/areas/duties/<int:duty_id>/end/", duties.end, name="duty_end"),
    path("desk/areas/<slug:code>/duties/", duties.duties_of, name="duties_of"),
    path("desk/areas/<slug:code>/duties/new/", duties.new, name="duty_new"),
    path("desk/areas/resources/", resources.index, name="resources"),
    path("desk/areas/resources/new/", resources.new, name="resource_new"),
    path("desk/areas/resources/<int:resource_id>/", resources.resource, name="resource"),
    path("desk/areas/resources/<int:resource_id>/check/", resources.check, name="resource_check"),
    path("desk/areas/resources/<int:resource_id>/close/", resources.close, name="resource_close"),
    path("desk/areas/changes/", changes.index, name="changes"),
    path("desk/areas/changes/new/", changes.choose, name="change_choose"),
    path("desk/areas/changes/<uuid:act>/", changes.changed, name="changed"),
    path("desk/areas/<slug:code>/change/<slug:kind>/", changes.change, name="change"),
    path("desk/areas/<slug:code>/", pages.detail, name="detail"),
    path("areas/outline.geojson", pages.outline, name="outline"),
    path("areas/suggest/", pages.suggest, name="suggest"),
    path("areas/<slug:code>/below.geojson", pages.below, name="below"),
    path("areas/<slug:code>/boundary.geojson", pages.boundary, name="boundary"),
    path("areas/<slug:code>/coverage.geojson", pages.coverage_layers, name="coverage"),
]
