"""Addresses of the registers."""

from django.urls import path

from . import (
    pages_bodies,
    pages_consents,
    pages_erasure,
    pages_homes,
    pages_ledgers,
    pages_people,
    pages_retention,
    pages_rights,
)

app_name = "people"
urlpatterns = [
    path("desk/people/", pages_people.residents, name="residents"),
    path("desk/people/new/", pages_people.new_resident, name="new_resident"),
    path("desk/people/requests/", pages_rights.requests, name="requests"),
    path("desk/people/requests/<int:pk>/", pages_rights.request_page, name="request"),
    path("desk/people/requests/<int:pk>/<slug:step>/", pages_rights.decide, name="decide"),
    path("desk/people/imports/", pages_ledgers.imports, name="imports"),
    path("desk/people/imports/<int:pk>/", pages_ledgers.ledger, name="ledger"),
    path("desk/people/imports/<int:pk>/columns/", pages_ledgers.columns, name="ledger_columns"),
    path("desk/people/imports/<int:pk>/progress/", pages_ledgers.progress, name="ledger_progress"),
    path("desk/people/imports/<int:pk>/mend/", pages_ledgers.mend, name="ledger_mend"),
    path("desk/people/imports/<int:pk>/start/", pages_ledgers.start, name="ledger_start"),
    path("desk/people/imports/<int:pk>/undo/", pages_ledgers.undo, name="ledger_undo"),
    path(
        "desk/people/imports/<int:pk>/likely/<int:likely_id>/", pages_ledgers.decide_likely,
        name="ledger_likely",
    ),
    path("desk/people/looks/", pages_rights.looks, name="looks"),
    path("desk/people/<int:pk>/", pages_people.resident, name="resident"),
    path("desk/people/<int:pk>/sections/", pages_people.sections, name="sections"),
    path("desk/people/<int:pk>/history/", pages_people.history, name="history"),
    path("desk/people/<int:pk>/edit/", pages_people.edit_resident, name="edit_resident"),
    path("desk/people/<int:pk>/reveal/", pages_people.reveal, name="reveal"),
    path("desk/people/<int:pk>/leave/", pages_people.leave, name="leave"),
    path("desk/people/<int:pk>/home/", pages_people.move_in, name="move_in"),
    path("desk/people/<int:pk>/tags/", pages_people.tag, name="tag"),
    path("desk/people/<int:pk>/tags/<int:tag_id>/end/", pages_people.untag, name="untag"),
    path("desk/people/<int:pk>/consents/", pages_consents.consents, name="consents"),
    path("desk/people/<int:pk>/erasure/", pages_erasure.new_erasure, name="new_erasure"),
    path("desk/people/erasures/", pages_erasure.erasures, name="erasures"),
    path("desk/people/erasures/<int:pk>/", pages_erasure.erasure, name="erasure"),
    path(
        "desk/people/erasures/<int:pk>/<slug:step>/", pages_erasure.decide_erasure,
        name="decide_erasure",
    ),
    path("desk/people/holds/", pages_erasure.holds, name="holds"),
    path("desk/people/holds/<int:pk>/end/", pages_erasure.end_hold, name="end_hold"),
    path("desk/people/retention/", pages_retention.retention, name="retention"),
    path(
        "desk/people/retention/<str:key>/", pages_retention.rule, name="retention_rule"
    ),
    path("my/record/erasure/", pages_erasure.own_erasure, name="own_erasure"),
    path(
        "my/record/erasure/<int:pk>/withdraw/", pages_erasure.withdraw_erasure,
        name="withdraw_erasure",
    ),
    path("erasure/<str:token>/", pages_erasure.certificate, name="certificate"),
    path("desk/buildings/", pages_homes.buildings, name="buildings"),
    path("desk/buildings/new/", pages_homes.new_building, name="new_building"),
    path("desk/buildings/<int:pk>/", pages_homes.building, name="building"),
    path("desk/buildings/<int:pk>/edit/", pages_homes.edit_building, name="edit_building"),
    path("desk/buildings/<int:pk>/dwellings/", pages_homes.new_dwelling, name="new_dwelling"),
    path("desk/dwellings/<int:pk>/", pages_homes.dwelling, name="dwelling"),
    path("desk/dwellings/<int:pk>/edit/", pages_homes.edit_dwelling, name="edit_dwelling"),
    path("desk/dwellings/<int:pk>/tenures/", pages_homes.tenure, name="tenure"),
    path(
        "desk/dwellings/<int:pk>/tenures/<int:tenure_id>/end/", pages_homes.end_tenure,
        name="end_tenure",
    ),
    path("desk/organisations/", pages_bodies.organisations, name="organisations"),
    path("desk/organisations/new/", pages_bodies.new_organisation, name="new_organisation"),
    path("desk/organisations/<int:pk>/", pages_bodies.organisation, name="organisation"),
    path(
        "desk/organisations/<int:pk>/edit/", pages_bodies.edit_organisation,
        name="edit_organisation",
    ),
    path(
        "desk/organisations/<int:pk>/close/", pages_bodies.close_organisation,
        name="close_organisation",
    ),
    path("my/record/", pages_rights.own, name="own"),
    path("my/record/ask/", pages_rights.ask, name="ask"),
    path("my/record/<int:pk>/withdraw/", pages_rights.withdraw, name="withdraw"),
    path(
        "my/record/consents/<slug:purpose>/", pages_consents.own_consent, name="own_consent"
    ),
    path("my/record/take-away/", pages_rights.take_away, name="take_away"),
]  # fmt: skip
